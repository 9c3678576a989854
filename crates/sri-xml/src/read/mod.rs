//! Bytes as a tree, strictly.

mod error;
pub mod limits;
mod namespaces;
mod references;
mod start_tag;

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, Event};

use crate::chars;
use crate::tree::Element;
pub use error::{ReadError, ReadProblem};
use namespaces::Namespaces;

/// Reads a well-formed XML 1.0 document in UTF-8.
///
/// Refused: a document type, entities other than the five of XML, other
/// encodings and what exceeds the [`limits`]. A byte order mark, comments and
/// processing instructions are skipped; ends of lines and attribute values are
/// normalised. Time is linear in the length of the input, times the small limits.
pub fn read(bytes: &[u8]) -> Result<Element<'_>, ReadError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if bytes.len() > limits::BYTES_MAX {
        return Err(ReadError::new("", 0, ReadProblem::TooLarge));
    }
    let source = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let valid = std::str::from_utf8(valid).unwrap_or_default();
        ReadError::new(valid, valid.len(), ReadProblem::NotUtf8)
    })?;
    let mut builder = Builder::new(source);
    builder
        .run()
        .map_err(|problem| ReadError::new(source, builder.at, problem))
}

/// The document read so far.
struct Builder<'a> {
    source: &'a str,
    /// Where the event at hand starts, in bytes.
    at: usize,
    elements: usize,
    open: Vec<Element<'a>>,
    root: Option<Element<'a>>,
    namespaces: Namespaces<'a>,
}

impl<'a> Builder<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            source,
            at: 0,
            elements: 0,
            open: Vec::new(),
            root: None,
            namespaces: Namespaces::default(),
        }
    }

    fn run(&mut self) -> Result<Element<'a>, ReadProblem> {
        let mut reader = Reader::from_str(self.source);
        reader.config_mut().check_comments = true;
        loop {
            self.at = position(reader.buffer_position());
            let event = reader.read_event().map_err(|error| {
                self.at = position(reader.error_position());
                ReadProblem::of_parser(&error)
            })?;
            if let Event::Eof = event {
                break;
            }
            self.take(event)?;
        }
        match (self.open.is_empty(), self.root.take()) {
            (true, Some(root)) => Ok(root),
            _ => Err(ReadProblem::Unfinished),
        }
    }

    fn take(&mut self, event: Event<'a>) -> Result<(), ReadProblem> {
        match event {
            Event::Start(tag) => {
                let element = self.start(tag.len())?;
                self.open.push(element);
                Ok(())
            }
            Event::Empty(tag) => {
                let element = self.start(tag.len())?;
                self.close(element)
            }
            Event::End(_) => match self.open.pop() {
                Some(element) => self.close(element),
                None => Err(ReadProblem::Syntax),
            },
            Event::Text(text) if text.contains("]]>") => Err(ReadProblem::Syntax),
            Event::Text(text) => self.append_lines(text.into_inner()),
            Event::CData(text) if self.open.is_empty() => self.outside(&text),
            Event::CData(text) => self.append_lines(text.into_inner()),
            Event::GeneralRef(name) => {
                let c = references::resolve(&name)?;
                self.append(Cow::Owned(c.to_string()))
            }
            Event::Comment(text) => all_allowed(&text),
            Event::PI(instruction) => {
                all_allowed(&instruction)?;
                check_target(instruction.target())
            }
            Event::Decl(content) => self.declaration(&content),
            Event::DocType(_) => Err(ReadProblem::DocumentType),
            Event::Eof => Ok(()),
        }
    }

    /// A start tag, `len` bytes long without its angle brackets and slash.
    fn start(&mut self, len: usize) -> Result<Element<'a>, ReadProblem> {
        if self.root.is_some() {
            return Err(ReadProblem::SecondRoot);
        }
        self.elements += 1;
        if self.elements > limits::ELEMENTS_MAX {
            return Err(ReadProblem::TooManyElements);
        }
        if self.open.len() >= limits::DEPTH_MAX {
            return Err(ReadProblem::TooDeep);
        }
        let start = self.at + 1;
        let content = self.source.get(start..start + len);
        let tag = start_tag::parse(content.ok_or(ReadProblem::Syntax)?)?;
        self.namespaces.open(tag)
    }

    fn close(&mut self, mut element: Element<'a>) -> Result<(), ReadProblem> {
        self.namespaces.close();
        if !element.children.is_empty() && chars::is_blank(&element.text) {
            element.text = Cow::Borrowed("");
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn append_lines(&mut self, text: Cow<'a, str>) -> Result<(), ReadProblem> {
        all_allowed(&text)?;
        self.append(references::normalise_lines(text))
    }

    fn append(&mut self, text: Cow<'a, str>) -> Result<(), ReadProblem> {
        let Some(element) = self.open.last_mut() else {
            return self.outside(&text);
        };
        let between = !element.children.is_empty() && element.text.is_empty();
        if between && chars::is_blank(&text) {
            return Ok(());
        }
        if element.text.is_empty() {
            element.text = text;
        } else {
            element.text.to_mut().push_str(&text);
        }
        Ok(())
    }

    /// Literal blanks may stand outside the root; CDATA and references may not.
    fn outside(&self, text: &str) -> Result<(), ReadProblem> {
        let literal = self.source.as_bytes().get(self.at);
        match literal {
            Some(b'<' | b'&') | None => Err(ReadProblem::TextOutside),
            Some(_) if chars::is_blank(text) => Ok(()),
            Some(_) => Err(ReadProblem::TextOutside),
        }
    }

    fn declaration(&self, content: &BytesDecl<'_>) -> Result<(), ReadProblem> {
        if self.at != 0 {
            return Err(ReadProblem::Syntax);
        }
        let tag = start_tag::parse(content)?;
        let mut attributes = tag.attributes.into_iter().peekable();
        let version = attributes.next_if(|(name, _)| *name == "version");
        let encoding = attributes.next_if(|(name, _)| *name == "encoding");
        let standalone = attributes.next_if(|(name, _)| *name == "standalone");
        let standalone_is_right = standalone.is_none_or(|(_, v)| matches!(v, "yes" | "no"));
        if attributes.next().is_some() || !standalone_is_right {
            return Err(ReadProblem::Syntax);
        }
        if version.is_none_or(|(_, version)| version != "1.0") {
            return Err(ReadProblem::NotXml10);
        }
        match encoding {
            Some((_, name)) if !name.eq_ignore_ascii_case("utf-8") => Err(ReadProblem::NotUtf8),
            _ => Ok(()),
        }
    }
}

fn check_target(target: &str) -> Result<(), ReadProblem> {
    match chars::is_local_name(target) && !target.eq_ignore_ascii_case("xml") {
        true => Ok(()),
        false => Err(ReadProblem::Syntax),
    }
}

fn all_allowed(text: &str) -> Result<(), ReadProblem> {
    match chars::first_forbidden(text) {
        Some(c) => Err(ReadProblem::ForbiddenCharacter(c)),
        None => Ok(()),
    }
}

fn position(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
