//! In which order the documents of one series leave.
//!
//! SRI asks for none, people do: who looks at a day's invoices at SRI expects
//! the numbers in their order. Submissions of a series therefore begin one after
//! the other, and run side by side. One that cannot begin, or did, is waited for
//! by nobody.

use std::collections::HashMap;
use std::convert::Infallible;

use tagua_fiscal::{DocumentType, Environment, Series};
use tagua_store::{Document, IssuerId, Stage};
use tokio::sync::oneshot::{self, Receiver, Sender};

/// The last of each line of documents that wait to be sent by this node.
#[derive(Default)]
pub(crate) struct Lines(HashMap<Line, Receiver<Infallible>>);

type Line = (IssuerId, Environment, DocumentType, Series);

/// A document's place in its line. Dropped, it lets the next one begin.
pub(crate) struct Turn {
    before: Option<Receiver<Infallible>>,
    _mine: Sender<Infallible>,
}

impl Lines {
    /// Puts a document at the end of its line; `None` where it has been sent before.
    pub(crate) fn join(&mut self, document: &Document) -> Option<Turn> {
        (document.stage == Stage::Signed).then(|| {
            let (mine, next) = oneshot::channel();
            Turn {
                before: self.0.insert(line(document), next),
                _mine: mine,
            }
        })
    }

    /// Forgets lines in which nobody waits.
    pub(crate) fn forget_empty(&mut self) {
        self.0
            .retain(|_, last| last.try_recv() == Err(oneshot::error::TryRecvError::Empty));
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
    /// Waits until the one before has begun, or will not.
    pub(crate) async fn come(&mut self) {
        if let Some(before) = self.before.take() {
            let _gone = before.await;
        }
    }
}
