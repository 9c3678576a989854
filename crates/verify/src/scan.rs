//! One pass over the octets before any tree is built.
//!
//! Tree builders take seconds on documents with 200,000 attributes or thousands
//! of nested namespace declarations; this pass refuses those in milliseconds, and
//! also everything a signed SRI document never needs: a DTD, entities beyond the
//! five of XML, encodings other than UTF-8.

use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::{Error as QuickXmlError, Reader};

/// What a document may hold. A document at a limit is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanLimits {
    /// Octets of the file.
    pub bytes_max: usize,
    /// Elements open at the same time.
    pub depth_max: usize,
    /// Attributes of one element, namespace declarations not counted.
    pub attributes_max: usize,
    /// Namespace declarations of one element.
    pub namespaces_max: usize,
    /// Namespace declarations of the whole document: canonicalisation looks at
    /// all that are in scope, once for each element.
    pub namespaces_total_max: usize,
    /// Elements of the document.
    pub elements_max: usize,
}

impl Default for ScanLimits {
    /// 4 MiB, depth 32, 32 attributes, 16 namespaces (128 in all), 200,000 elements.
    fn default() -> Self {
        Self {
            bytes_max: 4 << 20,
            depth_max: 32,
            attributes_max: 32,
            namespaces_max: 16,
            namespaces_total_max: 128,
            elements_max: 200_000,
        }
    }
}

/// What the pass counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanFacts {
    /// Elements of the document.
    pub elements: usize,
    /// Deepest nesting; the root alone is 1.
    pub depth: usize,
    /// Namespace declarations of the whole document.
    pub namespaces: usize,
    /// Whether the file starts with a byte order mark.
    pub byte_order_mark: bool,
}

/// Why the octets are not worth a tree.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The file is larger than [`ScanLimits::bytes_max`].
    #[error("{found} octets, at most {limit} are read")]
    TooLarge {
        /// Octets of the file.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The octets are not UTF-8.
    #[error("not UTF-8 after octet {valid_up_to}")]
    NotUtf8 {
        /// Octets that are UTF-8.
        valid_up_to: usize,
    },
    /// The XML declaration is not of XML 1.0 in UTF-8, or is not in the first place.
    #[error("XML declaration: {0}")]
    Declaration(&'static str),
    /// A document type declaration.
    #[error("a DOCTYPE is not allowed")]
    Doctype,
    /// A reference to an entity other than the five of XML.
    #[error("the entity &{0}; is not allowed")]
    Entity(String),
    /// More elements open at the same time than [`ScanLimits::depth_max`].
    #[error("elements are nested more than {0} deep")]
    TooDeep(usize),
    /// More attributes in an element than [`ScanLimits::attributes_max`].
    #[error("an element has more than {0} attributes")]
    TooManyAttributes(usize),
    /// More namespace declarations in an element than [`ScanLimits::namespaces_max`].
    #[error("an element has more than {0} namespace declarations")]
    TooManyNamespaces(usize),
    /// More namespace declarations than [`ScanLimits::namespaces_total_max`].
    #[error("the document has more than {0} namespace declarations")]
    TooManyNamespacesInAll(usize),
    /// More elements than [`ScanLimits::elements_max`].
    #[error("the document has more than {0} elements")]
    TooManyElements(usize),
    /// A name of more than 1,024 octets.
    #[error("a name has {0} octets, at most {NAME_MAX} are read")]
    NameTooLong(usize),
    /// A namespace declaration that Namespaces in XML 1.0 forbids.
    #[error("the namespace declaration {0} is not allowed")]
    NamespaceDeclaration(String),
    /// No element, more than one root, or text outside of it.
    #[error("{0}")]
    NotOneRoot(&'static str),
    /// Not well-formed in another way.
    #[error("not well-formed near octet {position}")]
    Malformed {
        /// Octets read so far.
        position: u64,
        /// What the reader found.
        source: QuickXmlError,
    },
}

/// Octets of a name. The tree keeps the length of attribute names in 16 bits.
const NAME_MAX: usize = 1024;

/// Looks at the octets once and refuses what is not worth a tree.
///
/// The pass is no full check of well-formedness: names and characters are left to
/// the parser that builds the tree.
pub fn scan(bytes: &[u8], limits: &ScanLimits) -> Result<ScanFacts, ScanError> {
    if bytes.len() > limits.bytes_max {
        return Err(ScanError::TooLarge {
            found: bytes.len(),
            limit: limits.bytes_max,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| ScanError::NotUtf8 {
        valid_up_to: error.valid_up_to(),
    })?;
    let stripped = text.strip_prefix('\u{feff}');
    let mut pass = Pass {
        limits,
        facts: ScanFacts {
            byte_order_mark: stripped.is_some(),
            ..ScanFacts::default()
        },
        open: 0,
    };
    pass.run(stripped.unwrap_or(text))?;
    Ok(pass.facts)
}

struct Pass<'l> {
    limits: &'l ScanLimits,
    facts: ScanFacts,
    open: usize,
}

impl Pass<'_> {
    fn run(&mut self, text: &str) -> Result<(), ScanError> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        loop {
            let start = reader.buffer_position();
            let event = reader.read_event().map_err(|source| ScanError::Malformed {
                position: reader.buffer_position(),
                source,
            })?;
            if event == Event::Eof {
                return self.finish();
            }
            self.event(&event, start)?;
        }
    }

    fn event(&mut self, event: &Event<'_>, position: u64) -> Result<(), ScanError> {
        match event {
            Event::Start(tag) => {
                self.element(tag, position)?;
                self.open += 1;
            }
            Event::Empty(tag) => self.element(tag, position)?,
            Event::End(_) => self.open = self.open.saturating_sub(1),
            Event::Decl(declaration) => check_declaration(declaration, position)?,
            Event::DocType(_) => return Err(ScanError::Doctype),
            Event::GeneralRef(reference) => {
                self.inside_root()?;
                check_entity(reference)?;
            }
            Event::CData(_) => self.inside_root()?,
            Event::Text(text) if !text.chars().all(is_blank) => self.inside_root()?,
            Event::Text(_) | Event::Comment(_) | Event::PI(_) | Event::Eof => {}
        }
        Ok(())
    }

    fn element(&mut self, tag: &BytesStart<'_>, position: u64) -> Result<(), ScanError> {
        if self.open == 0 && self.facts.elements > 0 {
            return Err(ScanError::NotOneRoot("there is more than one root element"));
        }
        self.facts.elements += 1;
        self.facts.depth = self.facts.depth.max(self.open + 1);
        if self.facts.elements > self.limits.elements_max {
            return Err(ScanError::TooManyElements(self.limits.elements_max));
        }
        if self.open >= self.limits.depth_max {
            return Err(ScanError::TooDeep(self.limits.depth_max));
        }
        check_name(tag.name().as_ref())?;
        self.attributes(tag, position)
    }

    fn attributes(&mut self, tag: &BytesStart<'_>, position: u64) -> Result<(), ScanError> {
        let (mut attributes, mut namespaces) = (0, 0);
        // The iterator compares each name with the ones before: the limits below
        // keep that from becoming quadratic.
        for attribute in tag.attributes().with_checks(true) {
            let attribute = attribute.map_err(|error| ScanError::Malformed {
                position,
                source: QuickXmlError::InvalidAttr(error),
            })?;
            let value: &str = &attribute.value;
            check_name(attribute.key.as_ref())?;
            if is_namespace_declaration(attribute.key.as_ref(), value)? {
                namespaces += 1;
            } else {
                attributes += 1;
            }
            if attributes > self.limits.attributes_max {
                return Err(ScanError::TooManyAttributes(self.limits.attributes_max));
            }
            if namespaces > self.limits.namespaces_max {
                return Err(ScanError::TooManyNamespaces(self.limits.namespaces_max));
            }
            check_references(value)?;
        }
        self.facts.namespaces += namespaces;
        if self.facts.namespaces > self.limits.namespaces_total_max {
            return Err(ScanError::TooManyNamespacesInAll(
                self.limits.namespaces_total_max,
            ));
        }
        Ok(())
    }

    fn inside_root(&self) -> Result<(), ScanError> {
        match self.open {
            0 => Err(ScanError::NotOneRoot(
                "there is text outside the root element",
            )),
            _ => Ok(()),
        }
    }

    fn finish(&self) -> Result<(), ScanError> {
        if self.open > 0 {
            return Err(ScanError::NotOneRoot("an element is not closed"));
        }
        if self.facts.elements == 0 {
            return Err(ScanError::NotOneRoot("there is no element"));
        }
        Ok(())
    }
}

pub(crate) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn check_name(name: &str) -> Result<(), ScanError> {
    match name.len() {
        0..=NAME_MAX => Ok(()),
        length => Err(ScanError::NameTooLong(length)),
    }
}

fn check_declaration(declaration: &BytesDecl<'_>, position: u64) -> Result<(), ScanError> {
    if position != 0 {
        return Err(ScanError::Declaration("it is not in the first place"));
    }
    if !matches!(declaration.version().as_deref(), Ok("1.0")) {
        return Err(ScanError::Declaration("the version is not 1.0"));
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("UTF-8") => Ok(()),
        Some(_) => Err(ScanError::Declaration("the encoding is not UTF-8")),
    }
}

/// Counts `xmlns` and `xmlns:p`; refuses the declarations that tree builders
/// read in different ways (`p:xmlns`, `xmlns:xmlns`, a prefix bound to nothing).
fn is_namespace_declaration(name: &str, value: &str) -> Result<bool, ScanError> {
    let forbidden = || ScanError::NamespaceDeclaration(format!("{name}=\"{}\"", clip(value)));
    match name.split_once(':') {
        None => Ok(name == "xmlns"),
        Some((_, "xmlns")) => Err(forbidden()),
        Some(("xmlns", _)) if value.is_empty() => Err(forbidden()),
        Some((prefix, _)) => Ok(prefix == "xmlns"),
    }
}

fn check_references(value: &str) -> Result<(), ScanError> {
    for after in value.split('&').skip(1) {
        let name = after.split_once(';').map_or(after, |(name, _)| name);
        check_entity(name)?;
    }
    Ok(())
}

fn check_entity(name: &str) -> Result<(), ScanError> {
    match name {
        "amp" | "lt" | "gt" | "quot" | "apos" => Ok(()),
        _ if name.starts_with('#') => Ok(()),
        _ => Err(ScanError::Entity(clip(name))),
    }
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
