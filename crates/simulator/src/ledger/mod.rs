//! The ledger: every request seen and every answer given, in the order in which
//! they took effect.
//!
//! `ledger.jsonl` has one JSON object per line and is only ever appended to;
//! `documents.bin` holds the documents that were received, one after the other.
//! A line is complete when it ends in a line feed. Documents are flushed before
//! the lines that point to them; of what was not flushed a power cut may leave any
//! part, so a start looks at the documents of the lines that nobody knows durable.

mod reader;
mod writer;

use std::path::PathBuf;

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use crate::faults::Fault;
use crate::message::Message;

pub use reader::{Entries, authorizations, read};
pub(crate) use reader::{read_entry, recover};
pub(crate) use writer::{Durable, Writer, open_files};

/// Name of the ledger in the data directory.
pub const LEDGER_FILE: &str = "ledger.jsonl";
/// Name of the file of documents in the data directory.
pub const DOCUMENTS_FILE: &str = "documents.bin";

/// Which of the two services was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// `RecepcionComprobantesOffline`.
    Recepcion,
    /// `AutorizacionComprobantesOffline`.
    Autorizacion,
}

/// One line: a request and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Milliseconds since 1970-01-01 UTC, by the simulator's clock.
    pub at: i64,
    /// Which service was asked.
    pub service: Service,
    /// The key of the document or of the query, as far as it could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_key: Option<String>,
    /// SHA-256 of the document's bytes in hexadecimal; of the HTTP body when no
    /// document could be taken out of it. Queries have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// `RECIBIDA`, `DEVUELTA`, `AUTORIZADO`, `NO AUTORIZADO`; `SIN RESULTADO` for a
    /// query that finds nothing, `FAULT` for a SOAP fault, `PERDIDA` for a request
    /// that a fault swallowed before it was looked at.
    pub answer: String,
    /// Codes of the answer's messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<u16>,
    /// The fault on demand that this request met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// What was decided about a document that was registered with this request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// An entry as it is written.
#[derive(Serialize, Deserialize)]
struct Line<E> {
    /// How much of the ledger was durable when the line was made: what lies behind
    /// may be damaged after a power cut, what lies before may not.
    flushed: u64,
    #[serde(flatten)]
    entry: E,
}

/// The authority's final word about a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// `AUTORIZADO` or `NO AUTORIZADO`.
    pub state: DecisionState,
    /// When it takes effect and can be seen: `fechaAutorizacion`, in milliseconds
    /// since 1970-01-01 UTC.
    pub at: i64,
    /// The messages of the authorization.
    pub messages: Vec<Message>,
    /// Where the document's bytes are in [`DOCUMENTS_FILE`].
    pub document: Place,
}

/// Result of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DecisionState {
    /// Authorized, for ever.
    #[serde(rename = "AUTORIZADO")]
    Authorized,
    /// Refused; the same key may come again.
    #[serde(rename = "NO AUTORIZADO")]
    NotAuthorized,
}

impl DecisionState {
    /// The text on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Authorized => "AUTORIZADO",
            Self::NotAuthorized => "NO AUTORIZADO",
        }
    }
}

/// A run of bytes in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// First byte.
    pub offset: u64,
    /// Number of bytes.
    pub length: u32,
}

impl Place {
    /// The byte after the last one.
    pub fn end(self) -> u64 {
        self.offset.saturating_add(u64::from(self.length))
    }
}

/// An authorization as the ledger records it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// When it took effect, in milliseconds since 1970-01-01 UTC.
    pub at: i64,
    /// SHA-256 of the authorized bytes, in hexadecimal.
    pub sha256: String,
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().map(char::from);
    let digest = digest(&SHA256, bytes);
    let nibbles = digest
        .as_ref()
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.filter_map(digit).collect()
}

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The operating system refused an operation.
    #[error("{}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line in the middle cannot be read: nothing that a kill or a power cut leaves behind.
    #[error("line {line} of the ledger is damaged, and was durable once")]
    Damaged {
        /// Counted from 1.
        line: usize,
    },
    /// A line that was durable once points to bytes that are not in the file of
    /// documents.
    #[error("the document of line {line} of the ledger is missing")]
    DocumentMissing {
        /// Counted from 1.
        line: usize,
    },
}
