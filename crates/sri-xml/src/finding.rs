//! What is wrong with a document, and where.

use std::fmt;

/// One complaint about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructuralFinding {
    /// An XPath: `/factura/infoFactura/pagos/pago[2]/total`, `/factura/@version`.
    /// Elements that may repeat carry their position. Empty when the document
    /// could not be read as XML.
    pub path: String,
    /// For programs.
    pub kind: FindingKind,
    /// For people, in the manner of SRI's code 35.
    pub message_es: String,
}

impl fmt::Display for StructuralFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message_es)
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// An element or attribute that must be there is not.
    Missing,
    /// An element, attribute or text that is not allowed there.
    Unexpected,
    /// An element more often than allowed.
    Repeated,
    /// An element that is allowed, at another place.
    OutOfOrder,
    /// A value with no characters where there must be some.
    Empty,
    /// Too few or too many characters.
    Length,
    /// A text not of the form demanded.
    Pattern,
    /// A text not in the list of those allowed.
    Enumeration,
    /// A number with too many digits.
    Digits,
    /// A number below the least allowed.
    Range,
    /// Not a number, or not XML.
    Malformed,
    /// A character that XML 1.0 forbids.
    Characters,
    /// Not structural: a day that no calendar has.
    Date,
    /// Not structural: a value the schema accepts and that is wrong.
    Value,
    /// Not structural: a version there is no schema for.
    Version,
    /// A note: a number that will be written in another form.
    Lexical,
    /// A note: something without meaning for the document that will not be written again.
    NotKept,
}

impl FindingKind {
    /// Whether the schema itself refuses the document (code 35).
    pub const fn is_structural(self) -> bool {
        !matches!(
            self,
            Self::Date | Self::Value | Self::Version | Self::Lexical | Self::NotKept
        )
    }

    /// Whether the document could be read all the same.
    pub const fn is_note(self) -> bool {
        matches!(self, Self::Lexical | Self::NotKept)
    }
}

/// A list of findings that hostile documents cannot make long.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    list: Vec<StructuralFinding>,
    refusals: usize,
}

impl Findings {
    /// Findings beyond this number are counted and not kept.
    pub const KEPT_MAX: usize = 100;

    /// No findings.
    pub const fn new() -> Self {
        let list = Vec::new();
        Self { list, refusals: 0 }
    }

    /// Whether one more finding would be dropped.
    pub const fn is_full(&self) -> bool {
        self.list.len() >= Self::KEPT_MAX
    }

    /// How many findings are not notes, dropped ones included.
    pub const fn refusals(&self) -> usize {
        self.refusals
    }

    /// The findings kept, in document order.
    pub fn into_vec(self) -> Vec<StructuralFinding> {
        self.list
    }

    pub(crate) fn add(&mut self, place: &Place<'_>, kind: FindingKind, message: String) {
        self.refusals += usize::from(!kind.is_note());
        if !self.is_full() {
            let path = place.path();
            let message_es = message;
            self.list.push(StructuralFinding {
                path,
                kind,
                message_es,
            });
        }
    }
}

/// Where in the document: a step and the way to it. The path is only written
/// out when there is a finding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    pub(crate) name: &'p str,
    step: Step,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Element,
    /// Counted from 1 among the siblings of this name.
    Nth(usize),
    Attribute,
}

impl<'p> Place<'p> {
    pub(crate) const fn root(name: &'p str) -> Self {
        let (parent, step) = (None, Step::Element);
        Self { parent, name, step }
    }

    pub(crate) const fn child(&'p self, name: &'p str) -> Self {
        let (parent, step) = (Some(self), Step::Element);
        Self { parent, name, step }
    }

    pub(crate) const fn nth(&'p self, name: &'p str, position: usize) -> Self {
        let (parent, step) = (Some(self), Step::Nth(position));
        Self { parent, name, step }
    }

    pub(crate) const fn attribute(&'p self, name: &'p str) -> Self {
        let (parent, step) = (Some(self), Step::Attribute);
        Self { parent, name, step }
    }

    /// The element or attribute, as messages name it.
    pub(crate) fn described(&self) -> String {
        let name = shown(self.name);
        match (self.step, self.parent) {
            (Step::Attribute, Some(parent)) => {
                format!("el atributo '{name}' del elemento '{}'", shown(parent.name))
            }
            _ => format!("el elemento '{name}'"),
        }
    }

    /// The same after "de": "del elemento …".
    pub(crate) fn of(&self) -> String {
        format!("d{}", self.described())
    }

    fn path(&self) -> String {
        let mut path = self.parent.map(Self::path).unwrap_or_default();
        path.push('/');
        match self.step {
            Step::Attribute => path.push('@'),
            Step::Element | Step::Nth(_) => {}
        }
        path.push_str(&shown(self.name));
        if let Step::Nth(position) = self.step {
            path.push_str(&format!("[{position}]"));
        }
        path
    }
}

/// A foreign text short enough, and harmless enough, to be put in a message.
pub(crate) fn shown(text: &str) -> String {
    const CHARS_MAX: usize = 80;
    let plain = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    let mut short: String = text.chars().take(CHARS_MAX).map(plain).collect();
    if text.chars().nth(CHARS_MAX).is_some() {
        short.push('…');
    }
    short
}
