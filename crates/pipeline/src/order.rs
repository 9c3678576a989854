//! In which order the documents of one series leave.
//!
//! SRI asks for none, people do: who looks at a day's invoices at SRI expects
//! the numbers in their order. Submissions of a series therefore begin one after
//! the other, and run side by side. One that cannot begin, or did, is waited for
//! by nobody.

use std::collections::HashMap;

use tagua_fiscal::{DocumentType, Environment, Series};
use tagua_store::{Document, IssuerId, Stage};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::oneshot::{self, Receiver, Sender};

/// The last of each line of documents that wait to be sent by this node.
#[derive(Default)]
pub(crate) struct Lines(HashMap<Line, Before>);

type Line = (IssuerId, Environment, DocumentType, Series);

/// Hears when the one before begins: nothing, or whom that one was still waiting
/// for when it gave up.
struct Before(Receiver<Option<Before>>);

/// A document's place in its line. Dropped, it lets the next one go on, which
/// then waits for whomever this one had not seen begin.
pub(crate) struct Turn {
    before: Option<Before>,
    next: Option<Sender<Option<Before>>>,
}

impl Lines {
    /// Puts a document at the end of its line; `None` where it has been sent before.
    pub(crate) fn join(&mut self, document: &Document) -> Option<Turn> {
        (document.stage == Stage::Signed).then(|| {
            let (next, last) = oneshot::channel();
            Turn {
                before: self.0.insert(line(document), Before(last)),
                next: Some(next),
            }
        })
    }

    /// Forgets lines in which nobody waits.
    pub(crate) fn forget_empty(&mut self) {
        self.0.retain(|_, last| match last.0.try_recv() {
            Err(TryRecvError::Empty) => true,
            Ok(Some(before)) => {
                *last = before;
                true
            }
            Ok(None) | Err(TryRecvError::Closed) => false,
        });
    }
}

/// Whether both wait in one line.
pub(crate) fn same_line(one: &Document, other: &Document) -> bool {
    let unsent = one.stage == Stage::Signed && other.stage == Stage::Signed;
    unsent && line(one) == line(other)
}

fn line(document: &Document) -> Line {
    (
        document.issuer,
        document.environment,
        document.document_type,
        document.series,
    )
}

impl Turn {
    /// Waits until all before have begun, or never will.
    pub(crate) async fn come(&mut self) {
        while let Some(before) = &mut self.before {
            self.before = (&mut before.0).await.ok().flatten();
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(next) = self.next.take() {
            // Nobody may be next.
            let _ = next.send(self.before.take());
        }
    }
}
