//! Places where a test may stop the process to kill it from outside.
//!
//! With the environment variable `TAGUA_FAILPOINT` set to a name, or to
//! `name:n` for the n-th time the place is reached (from 1), the thread that
//! gets there writes `failpoint NAME` on standard error and parks for ever, so
//! that a harness can `SIGKILL` the process in exactly that state. Later hits
//! of the same place park as well. Without `debug_assertions` nothing of it is
//! compiled.
//!
//! Every place of every crate is declared here, so that a kill matrix can walk
//! [`Failpoint::ALL`].

macro_rules! failpoints {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A place where the process may be stopped.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Failpoint {
            $($(#[$doc])* $variant,)+
        }

        impl Failpoint {
            /// Every place, in the order of a document's journey.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name that `TAGUA_FAILPOINT` takes.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

failpoints! {
    /// The request was read and understood; nothing was signed.
    ServerParsed = "server.parsed",
    /// The document was signed; nothing was stored.
    ServerSigned = "server.signed",
    /// An acceptance has written its first row.
    StoreAcceptInside = "store.accept.inside",
    /// An acceptance is written, its transaction not committed.
    StoreAcceptBeforeCommit = "store.accept.before_commit",
    /// An acceptance is durable, its caller does not know yet.
    StoreAcceptAfterCommit = "store.accept.after_commit",
    /// The document is stored; the client has no answer.
    ServerStored = "server.stored",
    /// The answer is written; the connection does not have it yet.
    ServerAnswered = "server.answered",
    /// Leases are durable, the worker does not know yet.
    StoreClaimAfterCommit = "store.claim.after_commit",
    /// A worker holds the job; nothing was done.
    PipelineClaimed = "pipeline.claimed",
    /// A transition has changed its document row.
    StoreApplyInside = "store.apply.inside",
    /// A transition is written, its transaction not committed.
    StoreApplyBeforeCommit = "store.apply.before_commit",
    /// A transition is durable, the worker does not know yet.
    StoreApplyAfterCommit = "store.apply.after_commit",
    /// "Submission started" is durable; no byte has left.
    PipelineSubmissionMarked = "pipeline.submission_marked",
    /// Reception's answer was read; it is not stored.
    PipelineAnswerRead = "pipeline.answer_read",
    /// Reception's answer is stored.
    PipelineReceptionSettled = "pipeline.reception_settled",
    /// About to ask authorization.
    PipelineBeforeAsk = "pipeline.before_ask",
    /// Authorization's answer was read; it is not stored.
    PipelineAuthorizationRead = "pipeline.authorization_read",
    /// Authorization's answer is stored.
    PipelineAuthorizationSettled = "pipeline.authorization_settled",
}

/// Stops here for ever where the environment asks for it.
#[inline]
pub fn hit(point: Failpoint) {
    #[cfg(debug_assertions)]
    armed::hit(point);
    #[cfg(not(debug_assertions))]
    let _ = point;
}

#[cfg(debug_assertions)]
mod armed {
    use std::io::Write as _;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::Failpoint;

    static WANTED: OnceLock<Option<(Failpoint, u64)>> = OnceLock::new();
    static HITS: AtomicU64 = AtomicU64::new(0);

    pub(super) fn hit(point: Failpoint) {
        let Some((wanted, times)) = *WANTED.get_or_init(wanted) else {
            return;
        };
        if wanted == point && HITS.fetch_add(1, Ordering::SeqCst) + 1 >= times {
            say(&format!("failpoint {}\n", point.as_str()));
            loop {
                std::thread::park();
            }
        }
    }

    fn wanted() -> Option<(Failpoint, u64)> {
        let setting = std::env::var("TAGUA_FAILPOINT").ok()?;
        let wanted = parse(&setting);
        if wanted.is_none() {
            // A misspelt name would never fire and a harness would wait for ever.
            say(&format!("unknown failpoint {setting}\n"));
        }
        wanted
    }

    pub(super) fn parse(setting: &str) -> Option<(Failpoint, u64)> {
        let (name, times) = match setting.split_once(':') {
            Some((name, times)) => (name, times.parse().ok()?),
            None => (setting, 1),
        };
        let point = Failpoint::ALL.iter().find(|p| p.as_str() == name)?;
        Some((*point, times))
    }

    /// One write, so that a harness never sees half a line.
    fn say(line: &str) {
        let mut stderr = std::io::stderr().lock();
        // Nothing can be done for a harness that closed its pipe.
        let _ = stderr.write_all(line.as_bytes());
        let _ = stderr.flush();
    }
}

#[cfg(all(test, debug_assertions))]
mod tests {
    use std::collections::BTreeSet;

    use super::{Failpoint, armed::parse};

    #[test]
    fn every_name_is_unique_and_found_again() {
        let names: BTreeSet<_> = Failpoint::ALL.iter().map(|p| p.as_str()).collect();
        assert_eq!(names.len(), Failpoint::ALL.len());
        for point in Failpoint::ALL {
            assert_eq!(parse(point.as_str()), Some((*point, 1)));
        }
    }

    #[test]
    fn settings() {
        let inside = Failpoint::StoreAcceptInside;
        assert_eq!(parse("store.accept.inside:3"), Some((inside, 3)));
        assert_eq!(parse("store.accept.inside:"), None);
        assert_eq!(parse("store.accept"), None);
        assert_eq!(parse(""), None);
    }
}
