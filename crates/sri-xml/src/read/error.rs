//! Why bytes are not a document.

use quick_xml::errors::IllFormedError;

use super::limits;
use crate::finding::{FindingKind, StructuralFinding};

/// Why bytes could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct ReadError {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: ReadProblem,
}

/// What is wrong with the bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadProblem {
    /// Above [`limits::BYTES_MAX`].
    #[error("the document has more than {} bytes", limits::BYTES_MAX)]
    TooLarge,
    /// Above [`limits::ELEMENTS_MAX`].
    #[error("the document has more than {} elements", limits::ELEMENTS_MAX)]
    TooManyElements,
    /// Above [`limits::DEPTH_MAX`].
    #[error("elements are nested deeper than {}", limits::DEPTH_MAX)]
    TooDeep,
    /// Above [`limits::ATTRIBUTES_MAX`].
    #[error("an element has more than {} attributes", limits::ATTRIBUTES_MAX)]
    TooManyAttributes,
    /// Above [`limits::NAMESPACES_MAX`] or [`limits::NAMESPACE_BYTES_MAX`].
    #[error(
        "more than {} namespaces are declared, or a longer one than {} bytes",
        limits::NAMESPACES_MAX,
        limits::NAMESPACE_BYTES_MAX
    )]
    TooManyNamespaces,
    /// Other bytes than UTF-8, or another encoding declared.
    #[error("the document is not in UTF-8")]
    NotUtf8,
    /// Another version declared, or none.
    #[error("the document is not XML 1.0")]
    NotXml10,
    /// `<!DOCTYPE`.
    #[error("document types are not accepted")]
    DocumentType,
    /// A reference to anything but a character and the five entities of XML.
    #[error("the entity `{0}` is not defined")]
    UnknownEntity(String),
    /// A character that XML 1.0 forbids, literal or by reference.
    #[error("character U+{:04X} is not allowed in XML", u32::from(*.0))]
    ForbiddenCharacter(char),
    /// An attribute twice on one element.
    #[error("attribute `{0}` is repeated")]
    RepeatedAttribute(String),
    /// A prefix nobody declared, or a reserved one declared.
    #[error("the namespace prefix `{0}` is not declared, or must not be")]
    Prefix(String),
    /// An element after the root.
    #[error("there is a second root element")]
    SecondRoot,
    /// Text before or after the root.
    #[error("there is text outside the root element")]
    TextOutside,
    /// No root element, or one that is not closed.
    #[error("the document ends before its root element does")]
    Unfinished,
    /// An end tag that closes another element.
    #[error("the end tag `{found}` does not match the start tag `{expected}`")]
    EndTag {
        /// The element that is open.
        expected: String,
        /// The name written.
        found: String,
    },
    /// Anything else that XML does not allow.
    #[error("not well-formed")]
    Syntax,
}

impl ReadError {
    /// The error at byte `at` of `source`.
    pub(super) fn new(source: &str, at: usize, problem: ReadProblem) -> Self {
        let before = source.get(..at).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let in_line = before.get(line_start..).unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: in_line.chars().count() + 1,
            problem,
        }
    }

    /// The error as a finding, structural: SRI returns such a document with code 35.
    pub fn finding(&self) -> StructuralFinding {
        let (line, column, problem) = (self.line, self.column, self.problem.spanish());
        StructuralFinding {
            path: String::new(),
            kind: FindingKind::Malformed,
            message_es: format!(
                "El documento no es XML válido (línea {line}, columna {column}): {problem}."
            ),
        }
    }
}

impl ReadProblem {
    pub(super) fn of_parser(error: &quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                Self::EndTag {
                    expected: expected.clone(),
                    found: found.clone(),
                }
            }
            _ => Self::Syntax,
        }
    }

    fn spanish(&self) -> String {
        use crate::finding::shown;
        match self {
            Self::TooLarge => format!("tiene más de {} bytes", limits::BYTES_MAX),
            Self::TooManyElements => format!("tiene más de {} elementos", limits::ELEMENTS_MAX),
            Self::TooDeep => format!("tiene más de {} niveles", limits::DEPTH_MAX),
            Self::TooManyAttributes => {
                format!(
                    "un elemento tiene más de {} atributos",
                    limits::ATTRIBUTES_MAX
                )
            }
            Self::TooManyNamespaces => {
                format!(
                    "declara más de {} espacios de nombres, o uno demasiado largo",
                    limits::NAMESPACES_MAX
                )
            }
            Self::NotUtf8 => "no está codificado en UTF-8".to_owned(),
            Self::NotXml10 => "la versión de XML debe ser 1.0".to_owned(),
            Self::DocumentType => "no se acepta DOCTYPE".to_owned(),
            Self::UnknownEntity(name) => format!("la entidad '{}' no existe", shown(name)),
            Self::ForbiddenCharacter(c) => {
                format!("contiene el carácter no permitido U+{:04X}", u32::from(*c))
            }
            Self::RepeatedAttribute(name) => format!("el atributo '{}' se repite", shown(name)),
            Self::Prefix(prefix) => {
                format!(
                    "el prefijo '{}' no está declarado o es reservado",
                    shown(prefix)
                )
            }
            Self::SecondRoot => "hay más de un elemento raíz".to_owned(),
            Self::TextOutside => "hay texto fuera del elemento raíz".to_owned(),
            Self::Unfinished => "termina antes de cerrar su elemento raíz".to_owned(),
            Self::EndTag { expected, found } => format!(
                "se cierra '{}' donde debe cerrarse '{}'",
                shown(found),
                shown(expected)
            ),
            Self::Syntax => "error de sintaxis".to_owned(),
        }
    }
}
