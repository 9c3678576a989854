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
//! They are short, so that another runner soon takes over from one that died,
//! and renewed beside the work, whatever a call takes.
//!
//! Where the invariants of ARCHITECTURE.md are kept: L3, L4 and L5 by [`next`]
//! and [`authorization_verdict`]; L6 by sending nothing but the stored file; L12
//! by [`RunnerConfig`] and [`Pace`]; L13 by one transition, one event; L14 by
//! [`Pace::give_up_after`], `NeedsAttention` and [`watch_unsettled`].
//!
//! Who comes first: accounts take turns ([`tagua_store::Store::claim`]). Within
//! an account documents leave in the order of their acceptance, and those of one
//! series in that of their numbers as far as they are claimed together; a node
//! begins their submissions one after the other and lets them run side by side.
//! Several nodes keep no order among each other. One whose answer is missing
//! waits by itself and holds nobody up; one that reached nobody keeps its place.

mod advance;
mod authority;
mod breaker;
mod calls;
mod clock;
mod observer;
mod order;
mod pace;
mod renewal;
mod runner;
mod table;
mod unsettled;
mod verdict;
mod words;

pub use authority::{Authorities, Authority};
pub use breaker::{Breaker, BreakerState, Breakers, OPENS_AFTER, Readiness};
pub use clock::{Clock, Random};
pub use observer::{Call, CallOutcome, Observer};
pub use pace::Pace;
pub use runner::{Runner, RunnerConfig, Wake};
pub use table::{Action, Event, IllegalTransition, Refusal, action, next};
pub use unsettled::{OVERDUE_AFTER, Reminders, watch_unsettled};
pub use verdict::{
    AuthorizationVerdict, ReceptionVerdict, authorization_verdict, reception_verdict,
};
