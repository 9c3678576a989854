//! The protocol as a table (L3, L4, L5). Nothing here does anything; the runner asks it what
//! may follow what.
//!
//! The law of the house is "ask before you send again; ask before you call
//! anything final": from `Submitting` no refusal is final, and no way leads to a
//! second submission except through an answer of the authorization service that
//! does not know the key.

use tagua_store::Stage;

/// A refusal at the door that still has to be confirmed by asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The content or the issuer's status (35, 39, 52, 65, ...).
    Content,
    /// 45: the number is registered, perhaps under another key.
    SequentialTaken,
    /// 90: no more tries today.
    DailyLimit,
}

impl Refusal {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Content, Self::SequentialTaken, Self::DailyLimit];
}

/// What happened, as far as it decides anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// About to send; stored before the first byte leaves.
    SubmissionStarted,
    /// The send failed before any byte could leave, and none ever left before.
    NothingLeft,
    /// RECIBIDA.
    ReceptionConfirmed,
    /// 43 or 70: SRI has the key from an earlier submission.
    AlreadyThere,
    /// DEVUELTA for a reason that is not SRI's own trouble.
    Refused(Refusal),
    /// Anything that says nothing: timeout, reset, 5xx, HTML, code 50, unknown codes.
    NoAnswer,
    /// AUTORIZADO, naming this key, over our bytes.
    Authorized,
    /// AUTORIZADO, naming this key, over bytes that are not ours.
    AuthorizedOtherBytes,
    /// NO AUTORIZADO over our bytes.
    NotAuthorized,
    /// SRI knows the key and has not decided.
    InProcess,
    /// SRI does not know the key (or only an older revision under it).
    NotFound,
    /// The authorization service gave no usable answer.
    AskFailed,
    /// The limit of tries or of time is reached while SRI answers and decides nothing.
    GaveUp,
    /// The signed bytes cannot be read back.
    BytesMissing,
    /// Documents of this environment may not leave for now.
    EnvironmentDisabled,
    /// The service needed next is not called for now: its breaker is open.
    Unavailable,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 18] = [
        Self::SubmissionStarted,
        Self::NothingLeft,
        Self::ReceptionConfirmed,
        Self::AlreadyThere,
        Self::Refused(Refusal::Content),
        Self::Refused(Refusal::SequentialTaken),
        Self::Refused(Refusal::DailyLimit),
        Self::NoAnswer,
        Self::Authorized,
        Self::AuthorizedOtherBytes,
        Self::NotAuthorized,
        Self::InProcess,
        Self::NotFound,
        Self::AskFailed,
        Self::GaveUp,
        Self::BytesMissing,
        Self::EnvironmentDisabled,
        Self::Unavailable,
    ];

    /// The stable name stored with the event.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::SubmissionStarted => "submission_started",
            Self::NothingLeft => "not_sent",
            Self::ReceptionConfirmed => "reception_confirmed",
            Self::AlreadyThere => "already_registered",
            Self::Refused(Refusal::Content) => "refused",
            Self::Refused(Refusal::SequentialTaken) => "refused_sequential_taken",
            Self::Refused(Refusal::DailyLimit) => "refused_daily_limit",
            Self::NoAnswer => "no_answer",
            Self::Authorized => "authorized",
            Self::AuthorizedOtherBytes => "authorized_other_bytes",
            Self::NotAuthorized => "not_authorized",
            Self::InProcess => "in_process",
            Self::NotFound => "not_found",
            Self::AskFailed => "ask_failed",
            Self::GaveUp => "gave_up",
            Self::BytesMissing => "bytes_missing",
            Self::EnvironmentDisabled => "environment_disabled",
            Self::Unavailable => "service_unavailable",
        }
    }
}

/// What a worker does with a document that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Mark the submission, then send the stored bytes.
    Submit,
    /// Ask the authorization service.
    Ask,
    /// Nothing: the stage is final, or waits for a person.
    Rest,
}

/// A pair the protocol does not know: a defect, never a reason to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot happen in stage {stage:?}")]
pub struct IllegalTransition {
    /// The stage.
    pub stage: Stage,
    /// The event.
    pub event: Event,
}

/// What to do first with a document in `stage`. A document found in
/// `Submitting` was interrupted between its mark and its answer: ask.
pub const fn action(stage: Stage) -> Action {
    match stage {
        Stage::Signed => Action::Submit,
        Stage::Submitting | Stage::Unknown | Stage::Received => Action::Ask,
        Stage::Created
        | Stage::Returned
        | Stage::Authorized
        | Stage::NotAuthorized
        | Stage::NeedsAttention => Action::Rest,
    }
}

/// The stage that follows. `refusal` is the refusal of the last submission that
/// nobody has confirmed yet; it counts only in `Unknown`.
pub const fn next(
    stage: Stage,
    refusal: Option<Refusal>,
    event: Event,
) -> Result<Stage, IllegalTransition> {
    use Event as E;
    use Stage as S;
    Ok(match (stage, event) {
        // A refusal is waiting for its confirmation: nothing is sent over it.
        (S::Unknown, E::SubmissionStarted | E::GaveUp) if refusal.is_some() => {
            return Err(IllegalTransition { stage, event });
        }
        // From `Unknown` and `Received` this is a second submission of the same
        // bytes: harmless, SRI answers 43 or 70 when it has them.
        (S::Signed | S::Unknown | S::Received, E::SubmissionStarted) => S::Submitting,

        (S::Submitting, E::NothingLeft) => S::Signed,
        (S::Submitting, E::ReceptionConfirmed | E::AlreadyThere) => S::Received,
        (S::Submitting, E::Refused(_) | E::NoAnswer) => S::Unknown,

        (S::Submitting | S::Unknown | S::Received, E::Authorized) => S::Authorized,
        (S::Submitting | S::Unknown | S::Received, E::AuthorizedOtherBytes) => S::NeedsAttention,
        (S::Submitting | S::Unknown | S::Received, E::NotAuthorized) => S::NotAuthorized,
        (S::Submitting | S::Unknown | S::Received, E::InProcess) => S::Received,

        (S::Submitting, E::NotFound | E::AskFailed) => S::Unknown,
        (S::Received, E::NotFound | E::AskFailed) => S::Received,
        (S::Unknown, E::AskFailed) => S::Unknown,
        (S::Unknown, E::NotFound) => match refusal {
            None => S::Unknown,
            Some(Refusal::Content) => S::Returned,
            Some(Refusal::SequentialTaken | Refusal::DailyLimit) => S::NeedsAttention,
        },

        (S::Unknown | S::Received, E::GaveUp) => S::NeedsAttention,
        (S::Signed | S::Submitting | S::Unknown | S::Received, E::BytesMissing) => {
            S::NeedsAttention
        }
        (
            S::Signed | S::Submitting | S::Unknown | S::Received,
            E::EnvironmentDisabled | E::Unavailable,
        ) => stage,

        _ => return Err(IllegalTransition { stage, event }),
    })
}
