//! The signed files that were stored last, kept for whoever sends them.
//!
//! A stored part never changes, so what is kept is what would be read. It is
//! given out once: a worker reads a file when it begins with a document, which
//! is nearly always within a second of its acceptance.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;

use crate::{BlobPart, DocumentId, NewDocument};

/// Bytes that are kept; beyond it the oldest go.
const BYTES_MAX: usize = 8 << 20;

#[derive(Default)]
pub(super) struct Fresh(Mutex<State>);

#[derive(Default)]
struct State {
    files: HashMap<DocumentId, Vec<u8>>,
    /// Oldest first; those given out are still in it.
    order: VecDeque<(DocumentId, usize)>,
    /// Of all that is in `order`.
    bytes: usize,
}

impl Fresh {
    /// Keeps the signed file of a document that has just been stored.
    pub(super) fn keep(&self, document: &NewDocument) {
        let mut blobs = document.blobs.iter();
        if let Some((_, signed)) = blobs.find(|(part, _)| *part == BlobPart::Signed) {
            self.keep_file(document.id, signed);
        }
    }

    fn keep_file(&self, id: DocumentId, signed: &[u8]) {
        if signed.len() > BYTES_MAX {
            return;
        }
        let mut state = self.0.lock();
        state.bytes += signed.len();
        state.order.push_back((id, signed.len()));
        state.files.insert(id, signed.to_vec());
        while state.bytes > BYTES_MAX
            && let Some((id, length)) = state.order.pop_front()
        {
            state.bytes -= length;
            state.files.remove(&id);
        }
    }

    pub(super) fn forget(&self) {
        *self.0.lock() = State::default();
    }

    /// A signed file, if it is here. A document's first revision is 0.
    pub(super) fn take(&self, id: DocumentId, revision: u32, part: BlobPart) -> Option<Vec<u8>> {
        if revision != 0 || part != BlobPart::Signed {
            return None;
        }
        self.0.lock().files.remove(&id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> DocumentId {
        DocumentId([number; 16])
    }

    fn keep(fresh: &Fresh, number: u8, length: usize) {
        fresh.keep_file(id(number), &vec![number; length]);
    }

    #[test]
    fn a_file_is_given_out_once() {
        let fresh = Fresh::default();
        keep(&fresh, 1, 3);
        assert_eq!(fresh.take(id(1), 1, BlobPart::Signed), None);
        assert_eq!(fresh.take(id(1), 0, BlobPart::Authorization), None);
        assert_eq!(fresh.take(id(1), 0, BlobPart::Signed), Some(vec![1; 3]));
        assert_eq!(fresh.take(id(1), 0, BlobPart::Signed), None);
        keep(&fresh, 2, 3);
        fresh.forget();
        assert_eq!(fresh.take(id(2), 0, BlobPart::Signed), None);
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let fresh = Fresh::default();
        for number in 1..=4 {
            keep(&fresh, number, BYTES_MAX / 3);
        }
        assert_eq!(fresh.take(id(1), 0, BlobPart::Signed), None);
        assert!(fresh.take(id(4), 0, BlobPart::Signed).is_some());
        keep(&fresh, 5, BYTES_MAX + 1);
        assert_eq!(fresh.take(id(5), 0, BlobPart::Signed), None);
        let state = fresh.0.lock();
        assert!(state.bytes <= BYTES_MAX && state.order.len() == 3);
    }
}
