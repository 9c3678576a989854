//! Proof that bytes are the canonical form of a document without namespaces.
//!
//! The signature hashes the bytes that it is given. Were they not in canonical form, it
//! would agree with itself and with nobody else; the tax authority would answer 39
//! hours later. So the scan is strict: what it accepts, Canonical XML 1.0 maps to itself.

/// A canonical document element, still without its signature.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned<'a> {
    document: &'a [u8],
    /// Where the end tag of the document element starts.
    end_tag: usize,
}

/// Why bytes cannot be signed as they are. Positions count bytes from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsignedError {
    /// Canonical form is UTF-8.
    #[error("the document is not UTF-8")]
    NotUtf8,
    /// An XML declaration, document type, comment, CDATA section or processing
    /// instruction.
    #[error("the document has markup other than elements at byte {at}")]
    Markup {
        /// Position of its `<`.
        at: usize,
    },
    /// A namespace declaration or prefix: the signature could inherit it.
    #[error("the document uses namespaces at byte {at}")]
    Namespace {
        /// Position of the name.
        at: usize,
    },
    /// A byte that canonical form writes differently, or that XML does not allow.
    #[error("the document is not in canonical form at byte {at}")]
    NotCanonical {
        /// Position of the byte.
        at: usize,
    },
    /// An end tag that fits no start tag, a missing one, or bytes after the last.
    #[error("start and end tags do not match at byte {at}")]
    Unbalanced {
        /// Position where it shows.
        at: usize,
    },
    /// The document element lacks `id="comprobante"`, to which the signature refers.
    #[error("the document element has no id=\"comprobante\"")]
    NoId,
}

impl<'a> Unsigned<'a> {
    /// Takes the canonical bytes of a whole document element, such as
    /// `<factura id="comprobante" version="2.1.0">…</factura>`, without XML declaration.
    ///
    /// # Errors
    /// [`UnsignedError`] says what is not canonical and where.
    pub fn new(canonical: &'a [u8]) -> Result<Self, UnsignedError> {
        std::str::from_utf8(canonical).map_err(|_| UnsignedError::NotUtf8)?;
        let end_tag = Scanner::new(canonical).end_tag_of_root()?;
        Ok(Self {
            document: canonical,
            end_tag,
        })
    }

    /// The whole document element.
    pub(crate) fn document(&self) -> &'a [u8] {
        self.document
    }

    /// The document element around the place of the signature, its last child.
    pub(crate) fn around_signature(&self) -> (&'a [u8], &'a [u8]) {
        self.document
            .split_at_checked(self.end_tag)
            .unwrap_or((self.document, &[]))
    }
}

const ID: (&[u8], &[u8]) = (b"id", b"comprobante");
const TEXT_REFERENCES: [&[u8]; 4] = [b"&amp;", b"&lt;", b"&gt;", b"&#xD;"];
const VALUE_REFERENCES: [&[u8]; 6] = [b"&amp;", b"&lt;", b"&quot;", b"&#x9;", b"&#xA;", b"&#xD;"];

/// Sets of bytes as tables, which the scan of a long document reads fastest.
static IN_NAMES: [bool; 256] = table(Set::Names);
static PLAIN_IN_TEXTS: [bool; 256] = table(Set::Texts);
static PLAIN_IN_VALUES: [bool; 256] = table(Set::Values);

enum Set {
    Names,
    Texts,
    Values,
}

const fn table(set: Set) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match set {
            Set::Names => is_name_byte(byte as u8),
            Set::Texts => is_plain_in_text(byte as u8),
            Set::Values => is_plain_in_value(byte as u8),
        };
        byte += 1;
    }
    table
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<&'a [u8]>,
    has_id: bool,
}

impl<'a> Scanner<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            open: Vec::with_capacity(8),
            has_id: false,
        }
    }

    fn end_tag_of_root(mut self) -> Result<usize, UnsignedError> {
        loop {
            let at = self.at;
            match (self.peek(0), self.peek(1)) {
                (Some(b'<'), Some(b'?' | b'!')) => return Err(UnsignedError::Markup { at }),
                (Some(b'<'), Some(b'/')) => {
                    self.end_tag()?;
                    if self.open.is_empty() {
                        return self.finish(at);
                    }
                }
                (Some(b'<'), _) => self.start_tag()?,
                (Some(_), _) if !self.open.is_empty() => self.text()?,
                _ => return Err(UnsignedError::Unbalanced { at }),
            }
        }
    }

    fn finish(&self, end_tag: usize) -> Result<usize, UnsignedError> {
        if self.at != self.bytes.len() {
            return Err(UnsignedError::Unbalanced { at: self.at });
        }
        if !self.has_id {
            return Err(UnsignedError::NoId);
        }
        Ok(end_tag)
    }

    fn end_tag(&mut self) -> Result<(), UnsignedError> {
        let at = self.at;
        self.at += 2;
        let name = self.name()?;
        if self.open.pop() != Some(name) {
            return Err(UnsignedError::Unbalanced { at });
        }
        self.expect(b">")
    }

    fn start_tag(&mut self) -> Result<(), UnsignedError> {
        self.at += 1;
        let name = self.name()?;
        let mut previous: &[u8] = b"";
        while self.peek(0) == Some(b' ') {
            self.at += 1;
            let at = self.at;
            let (name, value) = self.attribute()?;
            // Canonical form sorts attributes by name; equal names are not XML.
            if name <= previous {
                return Err(UnsignedError::NotCanonical { at });
            }
            self.has_id |= self.open.is_empty() && (name, value) == ID;
            previous = name;
        }
        self.open.push(name);
        self.expect(b">")
    }

    fn attribute(&mut self) -> Result<(&'a [u8], &'a [u8]), UnsignedError> {
        let name = self.name()?;
        if name == b"xmlns" {
            return Err(UnsignedError::Namespace {
                at: self.at - name.len(),
            });
        }
        self.expect(b"=\"")?;
        let start = self.at;
        while let Some(byte) = self
            .past_plain(&PLAIN_IN_VALUES)
            .filter(|byte| *byte != b'"')
        {
            match byte {
                b'&' => self.reference(&VALUE_REFERENCES)?,
                0xef => self.character()?,
                _ => return self.not_canonical(),
            }
        }
        let value = self.bytes.get(start..self.at).unwrap_or_default();
        self.expect(b"\"")?;
        Ok((name, value))
    }

    fn text(&mut self) -> Result<(), UnsignedError> {
        while let Some(byte) = self
            .past_plain(&PLAIN_IN_TEXTS)
            .filter(|byte| *byte != b'<')
        {
            match byte {
                b'&' => self.reference(&TEXT_REFERENCES)?,
                0xef => self.character()?,
                _ => return self.not_canonical(),
            }
        }
        Ok(())
    }

    /// A name without prefix: the tax authority's documents have no other.
    fn name(&mut self) -> Result<&'a [u8], UnsignedError> {
        let start = self.at;
        self.past_plain(&IN_NAMES);
        let name = self.bytes.get(start..self.at).unwrap_or_default();
        match name.first() {
            _ if self.peek(0) == Some(b':') => Err(UnsignedError::Namespace { at: start }),
            Some(b'0'..=b'9' | b'-' | b'.') | None => self.not_canonical(),
            Some(_) => Ok(name),
        }
    }

    /// A reference in the one spelling of canonical form.
    fn reference(&mut self, spellings: &[&[u8]]) -> Result<(), UnsignedError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match spellings.iter().find(|spelling| rest.starts_with(spelling)) {
            Some(spelling) => self.at += spelling.len(),
            None => return self.not_canonical(),
        }
        Ok(())
    }

    /// A character that starts with 0xEF: all but U+FFFE and U+FFFF are XML.
    fn character(&mut self) -> Result<(), UnsignedError> {
        match (self.peek(1), self.peek(2)) {
            (Some(0xbf), Some(0xbe | 0xbf)) => self.not_canonical(),
            _ => {
                self.at += 3;
                Ok(())
            }
        }
    }

    /// Skips the bytes of a set; tells the next one.
    fn past_plain(&mut self, plain: &[bool; 256]) -> Option<u8> {
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().position(|byte| !plain[usize::from(*byte)]);
        self.at += length.unwrap_or(rest.len());
        self.peek(0)
    }

    fn expect(&mut self, wanted: &[u8]) -> Result<(), UnsignedError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(wanted) {
            return self.not_canonical();
        }
        self.at += wanted.len();
        Ok(())
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn not_canonical<T>(&self) -> Result<T, UnsignedError> {
        Err(UnsignedError::NotCanonical { at: self.at })
    }
}

const fn is_name_byte(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.')
}

/// Bytes that need no second look. 0xEF starts the characters that XML forbids.
const fn is_plain_in_text(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x20..) && !matches!(byte, b'&' | b'<' | b'>' | 0xef)
}

const fn is_plain_in_value(byte: u8) -> bool {
    byte >= 0x20 && !matches!(byte, b'&' | b'<' | b'"' | 0xef)
}
