//! Carries documents from "signed" to a final stage.
//!
//! Who acts: [`Runner`], any number of them on one store. What is promised: at
//! most one authorization per document, no final stage that SRI did not decide
//! after the last submission, and no document that waits for ever in silence.
//!
//! What carries the promise: [`next`] is the whole protocol as one pure table;
//! the record is written before the effect it allows; a submission always sends
//! the same stored bytes; and every step is a compare-and-set on the document's
//! version. Leases only save work: two workers that both believe they own a
//! document cannot both record, and sending the same bytes twice is harmless.

mod advance;
mod authority;
mod clock;
mod observer;
mod pace;
mod runner;
mod table;
mod verdict;
mod words;

pub use authority::{Authorities, Authority};
pub use clock::{Clock, Random};
pub use observer::{Call, CallOutcome, Observer};
pub use pace::Pace;
pub use runner::{Runner, RunnerConfig, Wake};
pub use table::{Action, Event, IllegalTransition, Refusal, action, next};
pub use verdict::{
    AuthorizationVerdict, ReceptionVerdict, authorization_verdict, reception_verdict,
};
