//! The index of the vectors, and their files.

use std::path::{Path, PathBuf};

use serde::Deserialize;

#[derive(Deserialize)]
struct Index {
    vectors: Vec<Vector>,
}

/// One line of the index.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) file: String,
    pub(crate) kind: Kind,
    pub(crate) origin: Origin,
    pub(crate) document_type: String,
    pub(crate) operation: Option<Operation>,
    pub(crate) expected: Option<Expected>,
    pub(crate) expected_strict: Option<Refusal>,
    /// What the strict profile finds in a document that is accepted.
    pub(crate) strict_findings: Option<Vec<StrictFinding>>,
    pub(crate) expected_xml: Option<String>,
    pub(crate) same_document_as: Option<String>,
    /// What the body is made of: `xml` where it is not the contract's JSON.
    pub(crate) body: Option<String>,
    /// Sent as it stands: no JSON, or JSON that only some readers take.
    #[serde(default)]
    pub(crate) raw: bool,
    pub(crate) content_type: Option<String>,
    /// Of a notification.
    pub(crate) event: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Request,
    Xml,
    Response,
    Webhook,
    Schema,
    Catalog,
    Scenarios,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Origin {
    Documented,
    Own,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
}

/// What a request must lead to.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Expected {
    pub(crate) http_status: Statuses,
    pub(crate) error: Option<Fault>,
    pub(crate) all_findings: Option<Vec<Fault>>,
    pub(crate) es_valida: Option<bool>,
    pub(crate) pipeline: Option<Pipeline>,
    pub(crate) clave_acceso: Option<String>,
    pub(crate) clave_acceso_day: Option<String>,
}

/// One status, or those that will do.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Statuses {
    One(u16),
    More(Vec<u16>),
}

impl Statuses {
    pub(crate) fn contains(&self, status: u16) -> bool {
        match self {
            Self::One(own) => *own == status,
            Self::More(all) => all.contains(&status),
        }
    }
}

/// Words for people, or a parameter.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum StrictFinding {
    Words(#[expect(dead_code, reason = "nothing to compare with")] String),
    Named { parameter: String, level: Level },
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    Reject,
    Warn,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) http_status: u16,
    pub(crate) error: Fault,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    pub(crate) parameter: Option<String>,
    pub(crate) code: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Pipeline {
    pub(crate) estado: String,
    pub(crate) envio_sri_identificador: String,
}

/// The folder of vectors with its index.
pub(crate) struct Vectors {
    pub(crate) folder: PathBuf,
    pub(crate) all: Vec<Vector>,
}

impl Vectors {
    pub(crate) fn read(shared: &Path) -> Self {
        let folder = shared.join("vectors");
        let index = std::fs::read(folder.join("index.json")).unwrap();
        let index: Index = serde_json::from_slice(&index).unwrap();
        Self {
            folder,
            all: index.vectors,
        }
    }

    #[track_caller]
    pub(crate) fn get(&self, id: &str) -> &Vector {
        let found = self.all.iter().find(|vector| vector.id == id);
        found.unwrap_or_else(|| panic!("no vector {id}"))
    }

    pub(crate) fn bytes(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(file)).unwrap()
    }

    pub(crate) fn text(&self, file: &str) -> String {
        String::from_utf8(self.bytes(file)).unwrap()
    }

    /// An own document of a type that is right in every respect.
    pub(crate) fn plain(&self, document_type: &str) -> &Vector {
        let wanted = |vector: &&Vector| {
            let expected = vector.expected.as_ref();
            vector.origin == Origin::Own
                && vector.kind == Kind::Request
                && vector.document_type == document_type
                && vector.expected_xml.is_some()
                && expected.is_some_and(|expected| expected.es_valida == Some(true))
        };
        self.all.iter().find(wanted).unwrap()
    }
}

impl Vector {
    /// Whether the body is XML, alone or in `{"xml": "..."}`.
    pub(crate) fn is_xml(&self) -> bool {
        self.kind == Kind::Xml || self.body.as_deref() == Some("xml")
    }

    /// Whether it belongs to Dátil's later API, which is another one.
    pub(crate) fn is_next(&self) -> bool {
        self.document_type == "next"
    }
}
