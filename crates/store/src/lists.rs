//! Lists of documents: what to look for, what a row shows, where a page ends.

use std::fmt;
use std::str::FromStr;

use tagua_fiscal::{AccessKey, DocumentType, Environment, Sequential, Series};

use crate::document::{DocumentId, Stage};
use crate::records::{IssuerId, UnixMillis};

/// Which documents of an account to list. What is `None` or empty does not
/// restrict; everything else must hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// `codDoc`.
    pub document_type: Option<DocumentType>,
    /// Schema version: tells the two kinds of withholdings apart.
    pub schema_version: Option<String>,
    /// `ambiente`.
    pub environment: Option<Environment>,
    /// Whose documents.
    pub issuer: Option<IssuerId>,
    /// Any of these stages; empty is any stage.
    pub stages: Vec<Stage>,
    /// First day of issue, `AAAA-MM-DD`.
    pub issued_from: Option<String>,
    /// Last day of issue, `AAAA-MM-DD`.
    pub issued_to: Option<String>,
    /// The receiver's identification, whole.
    pub receiver_id: Option<String>,
    /// Establishment and point.
    pub series: Option<Series>,
    /// Smallest number.
    pub sequential_from: Option<Sequential>,
    /// Greatest number.
    pub sequential_to: Option<Sequential>,
    /// The current access key.
    pub access_key: Option<AccessKey>,
    /// The client's own name for the document, whole.
    pub external_id: Option<String>,
    /// Words that must all begin some word of the receiver's name or
    /// identification, the number (`001-002-000000123` or `123`) or the
    /// external id. Case and accents make no difference.
    pub text: Option<String>,
    /// Goes on after this place.
    pub after: Option<Cursor>,
    /// At most so many documents.
    pub limit: usize,
}

/// A page of a list: newest day of issue first, within a day the document
/// accepted last first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage {
    /// The documents.
    pub documents: Vec<ListedDocument>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// A document as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDocument {
    /// Its id.
    pub id: DocumentId,
    /// Whose document.
    pub issuer: IssuerId,
    /// `codDoc`.
    pub document_type: DocumentType,
    /// Schema version the XML is written by.
    pub schema_version: String,
    /// `ambiente`.
    pub environment: Environment,
    /// Establishment and point.
    pub series: Series,
    /// Number within the series.
    pub sequential: Sequential,
    /// The current access key.
    pub access_key: AccessKey,
    /// Where it stands.
    pub stage: Stage,
    /// Whether the local checks found nothing.
    pub valid: bool,
    /// Day of issue, `AAAA-MM-DD`.
    pub issue_date: String,
    /// The receiver's identification.
    pub receiver_id: String,
    /// The receiver's name.
    pub receiver_name: String,
    /// The total as decimal text; empty where the type has none.
    pub total: String,
    /// The client's own name for it.
    pub external_id: Option<String>,
    /// When it was accepted.
    pub created_at: UnixMillis,
    /// When it was last changed.
    pub updated_at: UnixMillis,
}

/// A place in the order of lists. It stays where it is when documents are
/// added, and its text (hexadecimal digits) may go into a URL. What it holds
/// is the engine's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub(crate) i64);

impl Cursor {
    /// The cursor at a place of an engine's own order.
    pub const fn at(place: i64) -> Self {
        Self(place)
    }

    /// The place.
    pub const fn place(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a cursor has 16 lower-case hexadecimal digits")]
pub struct ParseCursorError;

impl FromStr for Cursor {
    type Err = ParseCursorError;

    fn from_str(text: &str) -> Result<Self, ParseCursorError> {
        let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() != 16 || !text.bytes().all(lower_hex) {
            return Err(ParseCursorError);
        }
        let place = u64::from_str_radix(text, 16).map_err(|_| ParseCursorError)?;
        Ok(Self(place.cast_signed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_read_back() {
        for place in [0, 1, i64::MAX, i64::MIN, -1, 20_000 << 40] {
            let text = Cursor(place).to_string();
            assert_eq!(text.parse(), Ok(Cursor(place)), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_cursors() {
        let others = ["", "0", "+00000000000000f", "000000000000000F"];
        for text in others
            .into_iter()
            .chain(["00000000000000000", "ñ00000000000000"])
        {
            assert_eq!(text.parse::<Cursor>(), Err(ParseCursorError), "{text}");
        }
    }
}
