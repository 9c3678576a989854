//! What a store holds, table by table, in a form that engines hand each other.
//!
//! [`TABLES`] is the whole list: what is not in it is an index that each engine
//! makes for itself. Rows are read in the order of the table's key, which makes
//! a [`Sum`] comparable between engines.

use sha2::{Digest, Sha256};

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Null,
    /// A number, or a flag as 0 or 1.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Cell {
    /// About how much memory its content takes, in bytes.
    pub fn size(&self) -> usize {
        match self {
            Self::Null | Self::Integer(_) => 8,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, where it is one.
    pub const fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

/// What a column holds. Any may be null where the schema lets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer,
    /// Yes or no.
    Flag,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// A table that every engine has.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Every column whose content is kept, in the order of rows.
    pub columns: &'static [(&'static str, Kind)],
    /// The columns that order it, each row differently.
    pub key: &'static [&'static str],
    /// The column whose numbers the engine gives out itself.
    pub numbered: Option<&'static str>,
}

impl Table {
    /// The place of a column in a row.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|(name, _)| *name == column)
    }

    /// What a column holds.
    pub fn kind(&self, column: &str) -> Option<Kind> {
        let found = self.columns.iter().find(|(name, _)| *name == column);
        found.map(|(_, kind)| *kind)
    }
}

/// Every table, those that others refer to first.
pub const TABLES: &[Table] = {
    use Kind::{Bytes, Flag, Integer, Text};
    &[
        Table {
            name: "account",
            columns: &[
                ("account_id", Integer),
                ("name", Text),
                ("sandbox", Flag),
                ("created_at", Integer),
            ],
            key: &["account_id"],
            numbered: Some("account_id"),
        },
        Table {
            name: "api_key",
            columns: &[
                ("sha256", Bytes),
                ("account", Integer),
                ("created_at", Integer),
            ],
            key: &["sha256"],
            numbered: None,
        },
        Table {
            name: "issuer",
            columns: &[
                ("issuer_id", Integer),
                ("account", Integer),
                ("ruc", Text),
                ("code_secret", Bytes),
                ("settings", Text),
                ("created_at", Integer),
            ],
            key: &["issuer_id"],
            numbered: Some("issuer_id"),
        },
        Table {
            name: "certificate",
            columns: &[
                ("certificate_id", Integer),
                ("issuer", Integer),
                ("sha256", Bytes),
                ("p12", Bytes),
                ("sandbox", Flag),
                ("not_after", Integer),
                ("created_at", Integer),
            ],
            key: &["certificate_id"],
            numbered: Some("certificate_id"),
        },
        Table {
            name: "document",
            columns: &[
                ("document_id", Integer),
                ("id", Bytes),
                ("account", Integer),
                ("issuer", Integer),
                ("environment", Integer),
                ("document_type", Text),
                ("establishment", Text),
                ("point", Text),
                ("sequential", Integer),
                ("access_key", Text),
                ("schema_version", Text),
                ("revision", Integer),
                ("stage", Integer),
                ("version", Integer),
                ("submissions", Integer),
                ("last_submission_at", Integer),
                ("valid", Flag),
                ("signature_error", Text),
                ("attention", Text),
                ("reception", Text),
                ("authorization", Text),
                ("issue_date", Text),
                ("receiver_id", Text),
                ("receiver_name", Text),
                ("total", Text),
                ("external_id", Text),
                ("position", Integer),
                ("events", Integer),
                ("created_at", Integer),
                ("updated_at", Integer),
            ],
            key: &["document_id"],
            numbered: None,
        },
        Table {
            name: "blob",
            columns: &[
                ("document", Integer),
                ("revision", Integer),
                ("part", Integer),
                ("codec", Integer),
                ("data", Bytes),
            ],
            key: &["document", "revision", "part"],
            numbered: None,
        },
        Table {
            name: "event",
            columns: &[
                ("document", Integer),
                ("ordinal", Integer),
                ("revision", Integer),
                ("stage", Integer),
                ("kind", Text),
                ("at", Integer),
                ("detail", Text),
                ("codec", Integer),
                ("evidence", Bytes),
                ("evidence_length", Integer),
            ],
            key: &["document", "ordinal"],
            numbered: None,
        },
        // Leases are not handed on: they end with the process that holds them.
        Table {
            name: "job",
            columns: &[
                ("document", Integer),
                ("run_at", Integer),
                ("attempt", Integer),
                ("queue", Integer),
            ],
            key: &["document"],
            numbered: None,
        },
        Table {
            name: "idempotency",
            columns: &[
                ("account", Integer),
                ("key", Text),
                ("fingerprint", Bytes),
                ("answer", Bytes),
                ("document", Integer),
                ("expires_at", Integer),
            ],
            key: &["account", "key"],
            numbered: None,
        },
        Table {
            name: "payment_reminder",
            columns: &[("document", Integer), ("due", Text)],
            key: &["document"],
            numbered: None,
        },
        Table {
            name: "series_counter",
            columns: &[
                ("issuer", Integer),
                ("environment", Integer),
                ("document_type", Text),
                ("establishment", Text),
                ("point", Text),
                ("last", Integer),
            ],
            key: &[
                "issuer",
                "environment",
                "document_type",
                "establishment",
                "point",
            ],
            numbered: None,
        },
        Table {
            name: "note",
            columns: &[("name", Text), ("data", Bytes)],
            key: &["name"],
            numbered: None,
        },
    ]
};

/// How many rows, and what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Rows.
    pub rows: u64,
    /// SHA-256 over every value with its type and length, row after row.
    pub sha256: [u8; 32],
}

/// Makes a [`Sum`].
#[derive(Clone, Default)]
pub struct Summing {
    rows: u64,
    hash: Sha256,
}

impl Summing {
    /// A row that both sides have read.
    pub fn row(&mut self, row: &[Cell]) {
        for cell in row {
            match cell {
                Cell::Null => self.null(),
                Cell::Integer(number) => self.integer(*number),
                Cell::Text(text) => self.text(text.as_bytes()),
                Cell::Bytes(bytes) => self.bytes(bytes),
            }
        }
        self.end_row();
    }

    pub(crate) fn null(&mut self) {
        self.hash.update([0]);
    }

    pub(crate) fn integer(&mut self, number: i64) {
        self.value(1, &number.to_le_bytes());
    }

    pub(crate) fn text(&mut self, text: &[u8]) {
        self.value(2, text);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.value(3, bytes);
    }

    pub(crate) fn real(&mut self, number: f64) {
        self.value(4, &number.to_le_bytes());
    }

    pub(crate) fn end_row(&mut self) {
        self.rows += 1;
        self.hash.update([0xFF]);
    }

    /// What was read.
    pub fn sum(self) -> Sum {
        Sum {
            rows: self.rows,
            sha256: self.hash.finalize().into(),
        }
    }

    fn value(&mut self, kind: u8, bytes: &[u8]) {
        self.hash.update([kind]);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.hash.update(length.to_le_bytes());
        self.hash.update(bytes);
    }
}
