//! Documents, their stages, events and bytes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tagua_fiscal::{AccessKey, DocumentType, Environment, Sequential, Series};

use crate::records::{AccountId, IssuerId, UnixMillis};

/// Names a document everywhere: 32 lower-case hexadecimal digits on the wire,
/// 128 random bits, because whoever knows it may download the document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(pub [u8; 16]);

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentId({self})")
    }
}

/// The text is not 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a document id has 32 lower-case hexadecimal digits")]
pub struct ParseDocumentIdError;

impl FromStr for DocumentId {
    type Err = ParseDocumentIdError;

    fn from_str(text: &str) -> Result<Self, ParseDocumentIdError> {
        let bytes = text.as_bytes();
        let lower_hex = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
        if bytes.len() != 32 || !bytes.iter().all(lower_hex) {
            return Err(ParseDocumentIdError);
        }
        let mut id = [0; 16];
        for (byte, pair) in id.iter_mut().zip(bytes.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| ParseDocumentIdError)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| ParseDocumentIdError)?;
        }
        Ok(Self(id))
    }
}

/// Where a document stands. Finer than the wire's `estado`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Stage {
    /// Stored; not to be issued yet, or could not be signed.
    Created = 0,
    /// Signed, waiting for its turn.
    Signed = 1,
    /// The mark "submission started" is durable; bytes may have left.
    Submitting = 2,
    /// Sent, and no usable answer is stored: ask before sending again.
    Unknown = 3,
    /// SRI has it.
    Received = 4,
    /// Refused at the door. Correct and reissue.
    Returned = 5,
    /// Final, with SRI's stored answer naming this key.
    Authorized = 6,
    /// Refused by the authorization service. Correct and reissue.
    NotAuthorized = 7,
    /// A person must decide.
    NeedsAttention = 8,
}

impl Stage {
    /// Every stage, in the order of its number.
    pub const ALL: [Self; 9] = [
        Self::Created,
        Self::Signed,
        Self::Submitting,
        Self::Unknown,
        Self::Received,
        Self::Returned,
        Self::Authorized,
        Self::NotAuthorized,
        Self::NeedsAttention,
    ];

    /// The stage of a stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// A message of SRI (REFERENCE of the reception and authorization services).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SriMessage {
    /// `identificador`.
    pub identifier: String,
    /// `mensaje`.
    pub message: String,
    /// `tipo`: ERROR, ADVERTENCIA or INFORMATIVO.
    pub kind: String,
    /// `informacionAdicional`.
    pub additional: Option<String>,
}

/// What the reception service said last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceptionResult {
    /// `RECIBIDA` or `DEVUELTA`.
    pub state: String,
    /// When the answer was stored, in Unix milliseconds.
    pub at: i64,
    /// Its messages.
    pub messages: Vec<SriMessage>,
}

/// What the authorization service said last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationResult {
    /// `AUTORIZADO`, `NO AUTORIZADO`, ...
    pub state: String,
    /// `numeroAutorizacion`.
    pub number: Option<String>,
    /// `fechaAutorizacion` as SRI wrote it.
    pub date: Option<String>,
    /// `ambiente` as SRI wrote it.
    pub environment: Option<String>,
    /// Its messages.
    pub messages: Vec<SriMessage>,
}

/// A stored document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Whose account.
    pub account: AccountId,
    /// Whose document.
    pub issuer: IssuerId,
    /// `ambiente`.
    pub environment: Environment,
    /// `codDoc`.
    pub document_type: DocumentType,
    /// Establishment and point.
    pub series: Series,
    /// Number within the series.
    pub sequential: Sequential,
    /// The current access key.
    pub access_key: AccessKey,
    /// Schema version the XML is written by.
    pub schema_version: String,
    /// 0 at acceptance, one more at each correction.
    pub revision: u32,
    /// Where it stands.
    pub stage: Stage,
    /// Compare-and-set counter: one more at each transition or revision.
    pub version: u32,
    /// Submissions of the current revision that are over and may have reached SRI.
    pub submissions: u32,
    /// When the last of them ended.
    pub last_submission_at: Option<UnixMillis>,
    /// Whether the local checks (arithmetic and schema) found nothing.
    pub valid: bool,
    /// Why it could not be signed, in words for the client.
    pub signature_error: Option<String>,
    /// Why a person must decide, in words for a person.
    pub attention: Option<String>,
    /// What the reception service said last.
    pub reception: Option<ReceptionResult>,
    /// What the authorization service said last.
    pub authorization: Option<AuthorizationResult>,
    /// The client's own name for it.
    pub external_id: Option<String>,
    /// When it was accepted.
    pub created_at: UnixMillis,
    /// When it was last changed.
    pub updated_at: UnixMillis,
}

/// Which bytes of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum BlobPart {
    /// The body as the client sent it.
    Request = 0,
    /// The canonical XML before signing.
    Unsigned = 1,
    /// The signed file. Written once per revision, never changed.
    Signed = 2,
    /// SRI's raw answer that authorized it.
    Authorization = 3,
}

/// Something that happened to a document, to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// A stable name in snake case, such as `submission_started`.
    pub kind: &'static str,
    /// When.
    pub at: UnixMillis,
    /// A short text for people; never a secret, never a body.
    pub detail: String,
    /// Raw evidence (SRI's answer), up to 64 KiB kept.
    pub evidence: Option<Vec<u8>>,
}

/// A stored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// 1 for the first event of the document.
    pub ordinal: u32,
    /// The revision it belongs to.
    pub revision: u32,
    /// The stage after it.
    pub stage: Stage,
    /// See [`NewEvent::kind`].
    pub kind: String,
    /// When.
    pub at: UnixMillis,
    /// See [`NewEvent::detail`].
    pub detail: String,
    /// See [`NewEvent::evidence`].
    pub evidence: Option<Vec<u8>>,
}

/// A document to accept.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// Its id, 128 random bits.
    pub id: DocumentId,
    /// Whose account.
    pub account: AccountId,
    /// Whose document; must belong to the account.
    pub issuer: IssuerId,
    /// `ambiente`.
    pub environment: Environment,
    /// `codDoc`.
    pub document_type: DocumentType,
    /// Establishment and point.
    pub series: Series,
    /// Number within the series.
    pub sequential: Sequential,
    /// The access key.
    pub access_key: AccessKey,
    /// Schema version the XML is written by.
    pub schema_version: String,
    /// Day of issue as `AAAA-MM-DD`, for lists.
    pub issue_date: String,
    /// The receiver's identification, for lists.
    pub receiver_id: String,
    /// The receiver's name, for lists.
    pub receiver_name: String,
    /// The total as decimal text, for lists.
    pub total: String,
    /// The client's own name for it; several documents may have the same.
    pub external_id: Option<String>,
    /// Day of payment as `AAAA-MM-DD`, where a reminder was asked for. A
    /// revision replaces it.
    pub payment_due: Option<String>,
    /// What makes a repeated request answer the same.
    pub idempotency: Option<NewIdempotency>,
    /// Whether the local checks found nothing.
    pub valid: bool,
    /// `Created`, `Signed` or `Returned` (a local structural finding).
    pub stage: Stage,
    /// Why it could not be signed.
    pub signature_error: Option<String>,
    /// A local structural refusal in the form SRI would give.
    pub reception: Option<ReceptionResult>,
    /// Bytes of the first revision.
    pub blobs: Vec<(BlobPart, Vec<u8>)>,
    /// What happened so far, in order.
    pub events: Vec<NewEvent>,
    /// Whether and when a worker takes it on.
    pub job: NextJob,
    /// When.
    pub at: UnixMillis,
}

/// A client's key for a request, stored with what the request made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIdempotency {
    /// The client's key, 1 to 255 bytes; unique within the account.
    pub key: String,
    /// SHA-256 of what the request said: tells a repetition from a misuse.
    pub fingerprint: [u8; 32],
    /// The answer to repeat, as the caller wants it back.
    pub answer: Vec<u8>,
    /// From when on the key is free again.
    pub expires_at: UnixMillis,
}

/// What was stored under a client's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotentAnswer {
    /// See [`NewIdempotency::fingerprint`].
    pub fingerprint: [u8; 32],
    /// See [`NewIdempotency::answer`].
    pub answer: Vec<u8>,
    /// The document that the first request made or corrected.
    pub document: DocumentId,
}

/// One more revision of a document that was not authorized.
#[derive(Clone, Debug)]
pub struct NewRevision {
    /// The version the caller saw.
    pub expected_version: u32,
    /// The corrected document: id, account and type are those of the stored
    /// one; `at` is the time of the correction.
    pub document: NewDocument,
}

/// What became of an acceptance or a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// Stored and durable.
    Stored,
    /// The account has the idempotency key already and it is not expired:
    /// nothing was stored. Looked at before everything else.
    Repeated(IdempotentAnswer),
    /// Another document of the issuer has this number in this series, type and environment.
    NumberTaken {
        /// That document.
        by: DocumentId,
    },
    /// Another document has this access key.
    AccessKeyTaken {
        /// That document.
        by: DocumentId,
    },
    /// The document changed since the caller looked (revisions only).
    Stale,
}

/// What to do with the document's job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextJob {
    /// Nothing more to do: the job row goes.
    Done,
    /// Due at this time; any lease ends.
    RunAt(UnixMillis),
    /// Due at the time of the event if the lease runs out, the lease stays: the
    /// worker goes on now. Without a lease it is simply due.
    KeepLease,
}

/// One step of a document.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Which document.
    pub id: DocumentId,
    /// The version the caller saw: the guard that keeps two workers apart.
    pub expected_version: u32,
    /// The stage after it.
    pub stage: Stage,
    /// What happened.
    pub event: NewEvent,
    /// Counts a submission at `event.at`: it is over and may have reached SRI.
    pub submission_over: bool,
    /// Replaces the signature error (`Some(None)` clears it).
    pub signature_error: Option<Option<String>>,
    /// Sets the words for a person.
    pub attention: Option<String>,
    /// Replaces what reception said.
    pub reception: Option<ReceptionResult>,
    /// Replaces what authorization said.
    pub authorization: Option<AuthorizationResult>,
    /// Bytes to add to the current revision. A part that is there already is
    /// never overwritten: the transition is then [`TransitionOutcome::Stale`].
    pub blobs: Vec<(BlobPart, Vec<u8>)>,
    /// What to do with the job.
    pub job: NextJob,
}

/// What became of a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransitionOutcome {
    /// Stored and durable; the document's version is now this.
    Applied {
        /// `expected_version + 1`.
        version: u32,
    },
    /// Somebody else moved the document first. Nothing was stored.
    Stale,
}
