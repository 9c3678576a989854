//! What the pipeline tells whoever counts.

use std::time::Duration;

use tagua_fiscal::Environment;
use tagua_store::{Service, Stage};

use crate::table::Event;

/// Told of everything the workers do, inside their steps: it must not block.
pub trait Observer: Send + Sync + 'static {
    /// A worker loop looked for work, which it does at least once a poll.
    fn looked_for_work(&self) {}
    /// A step of a document was stored.
    fn moved(&self, _event: Event, _to: Stage) {}
    /// A call to SRI came to its end.
    fn called(&self, _call: &Call<'_>) {}
}

/// Nobody counts.
impl Observer for () {}

/// A call to SRI that is over.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    /// Which SRI.
    pub environment: Environment,
    /// Which of its services.
    pub service: Service,
    /// From the first byte sent to the last one read.
    pub took: Duration,
    /// What came of it.
    pub outcome: CallOutcome<'a>,
}

/// What came of a call to SRI.
#[derive(Clone, Debug)]
pub enum CallOutcome<'a> {
    /// An answer that could be read.
    Answered {
        /// What it means for the document.
        event: Event,
        /// The `identificador` of its messages.
        codes: Vec<&'a str>,
        /// Its `Date` header.
        date: Option<&'a str>,
    },
    /// None; why, by [`tagua_sri::CallError::code`].
    Failed(&'static str),
}
