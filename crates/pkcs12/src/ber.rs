//! Reader of BER: DER plus indefinite lengths and constructed strings.
//!
//! Nothing here recurses on foreign input without a depth limit, and every
//! access is checked. Tag numbers above 30 are refused: neither PKCS#12 nor
//! X.509 uses them.

use std::borrow::Cow;

use crate::OpenError;

/// Nesting that no real file comes near: a PKCS#12 with everything has 20.
const DEPTH_MAX: usize = 48;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

const CONSTRUCTED: u8 = 0x20;
const END_OF_CONTENTS: u8 = 0x00;

/// Identifier of the constructed, context-specific tag `[number]`.
pub(crate) const fn context(number: u8) -> u8 {
    0xa0 | number
}

/// What is wrong with the encoding, and at which byte of the buffer read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BerError {
    pub(crate) offset: usize,
    pub(crate) problem: &'static str,
}

impl BerError {
    /// The same as an error of the file, saying which part was being read.
    pub(crate) fn within(self, part: &'static str) -> OpenError {
        OpenError::Damaged {
            part,
            offset: self.offset,
            problem: self.problem,
        }
    }
}

/// One tag-length-value, borrowed from the buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    /// The identifier octet: class, constructed bit and tag number.
    pub(crate) identifier: u8,
    /// The whole encoding, header included.
    pub(crate) raw: &'a [u8],
    /// The value, without the end-of-contents mark of an indefinite length.
    pub(crate) content: &'a [u8],
    /// Where `raw` begins in the buffer that was handed to [`Reader::new`].
    pub(crate) offset: usize,
    content_offset: usize,
}

impl<'a> Element<'a> {
    /// Reads the only element of `bytes`; bytes behind it are an error.
    pub(crate) fn only(bytes: &'a [u8]) -> Result<Self, BerError> {
        let mut reader = Reader::new(bytes);
        let element = reader.read()?;
        reader.finish()?;
        Ok(element)
    }

    pub(crate) fn children(&self) -> Reader<'a> {
        Reader {
            rest: self.content,
            offset: self.content_offset,
        }
    }

    pub(crate) fn is_constructed(&self) -> bool {
        self.identifier & CONSTRUCTED != 0
    }

    /// This element when it has that identifier.
    pub(crate) fn expect(self, identifier: u8) -> Result<Self, BerError> {
        if self.identifier == identifier {
            Ok(self)
        } else {
            Err(self.error(wanted(identifier)))
        }
    }

    pub(crate) fn error(&self, problem: &'static str) -> BerError {
        BerError {
            offset: self.offset,
            problem,
        }
    }

    /// The value of an OCTET STRING, joined when it came in chunks.
    pub(crate) fn octets(&self) -> Result<Cow<'a, [u8]>, BerError> {
        if self.identifier & !CONSTRUCTED != OCTET_STRING {
            return Err(self.error("expected an OCTET STRING"));
        }
        self.implicit_octets()
    }

    /// The same, under an implicit tag: the caller has checked the identifier.
    pub(crate) fn implicit_octets(&self) -> Result<Cow<'a, [u8]>, BerError> {
        if !self.is_constructed() {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut joined = Vec::new();
        self.join_chunks(&mut joined, DEPTH_MAX)?;
        Ok(Cow::Owned(joined))
    }

    fn join_chunks(&self, joined: &mut Vec<u8>, depth_left: usize) -> Result<(), BerError> {
        let depth_left = depth_left
            .checked_sub(1)
            .ok_or(self.error("nested too deep"))?;
        let mut chunks = self.children();
        while let Some(chunk) = chunks.read_optional()? {
            match chunk.identifier {
                OCTET_STRING => joined.extend_from_slice(chunk.content),
                id if id == OCTET_STRING | CONSTRUCTED => chunk.join_chunks(joined, depth_left)?,
                _ => return Err(chunk.error("a chunk of an OCTET STRING has another type")),
            }
        }
        Ok(())
    }

    /// A whole number without sign that fits in 64 bits.
    pub(crate) fn unsigned(&self) -> Result<u64, BerError> {
        self.expect(INTEGER)?;
        let (&first, _) = self
            .content
            .split_first()
            .ok_or(self.error("empty INTEGER"))?;
        if first & 0x80 != 0 {
            return Err(self.error("negative INTEGER"));
        }
        let digits = strip_zeros(self.content);
        if digits.len() > 8 {
            return Ok(u64::MAX);
        }
        Ok(digits
            .iter()
            .fold(0, |value, &digit| value << 8 | u64::from(digit)))
    }

    /// Appends this element in DER: definite lengths, strings in one piece.
    pub(crate) fn write_der(&self, out: &mut Vec<u8>) -> Result<(), BerError> {
        self.write_der_at(out, DEPTH_MAX)
    }

    fn write_der_at(&self, out: &mut Vec<u8>, depth_left: usize) -> Result<(), BerError> {
        let depth_left = depth_left
            .checked_sub(1)
            .ok_or(self.error("nested too deep"))?;
        if self.identifier == OCTET_STRING | CONSTRUCTED {
            let octets = self.octets()?;
            write_header(out, OCTET_STRING, octets.len());
            out.extend_from_slice(&octets);
            return Ok(());
        }
        if !self.is_constructed() {
            write_header(out, self.identifier, self.content.len());
            out.extend_from_slice(self.content);
            return Ok(());
        }
        let mut inner = zeroize::Zeroizing::new(Vec::with_capacity(self.content.len()));
        let mut children = self.children();
        while let Some(child) = children.read_optional()? {
            child.write_der_at(&mut inner, depth_left)?;
        }
        write_header(out, self.identifier, inner.len());
        out.extend_from_slice(&inner);
        Ok(())
    }
}

/// Reads elements one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            rest: bytes,
            offset: 0,
        }
    }

    /// The next element; running out of bytes is an error.
    pub(crate) fn read(&mut self) -> Result<Element<'a>, BerError> {
        let at = |problem| BerError {
            offset: self.offset,
            problem,
        };
        let header = Header::read(self.rest).map_err(at)?;
        let after_header = self.rest.get(header.size..).unwrap_or_default();
        let (length, end_mark) = match header.length {
            Length::Definite(length) => (length, 0),
            Length::Indefinite => (indefinite_length(after_header).map_err(at)?, 2),
        };
        let content = after_header
            .get(..length)
            .ok_or(at("the data ends too early"))?;
        // Cannot wrap: all three count bytes that are in memory.
        let total = header.size + length + end_mark;
        let raw = self
            .rest
            .get(..total)
            .ok_or(at("the data ends too early"))?;
        let element = Element {
            identifier: header.identifier,
            raw,
            content,
            offset: self.offset,
            content_offset: self.offset + header.size,
        };
        self.rest = self.rest.get(total..).unwrap_or_default();
        self.offset += total;
        Ok(element)
    }

    /// The next element, or `None` at the end.
    pub(crate) fn read_optional(&mut self) -> Result<Option<Element<'a>>, BerError> {
        if self.rest.is_empty() {
            Ok(None)
        } else {
            self.read().map(Some)
        }
    }

    /// The next element, which must have that identifier.
    pub(crate) fn expect(&mut self, identifier: u8) -> Result<Element<'a>, BerError> {
        self.read()?.expect(identifier)
    }

    /// The next element when it has that identifier; otherwise it stays unread.
    pub(crate) fn take_if(&mut self, identifier: u8) -> Result<Option<Element<'a>>, BerError> {
        if self.rest.first() == Some(&identifier) {
            self.read().map(Some)
        } else {
            Ok(None)
        }
    }

    pub(crate) fn finish(&self) -> Result<(), BerError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(BerError {
            offset: self.offset,
            problem: "there is more data than expected",
        })
    }
}

/// The same bytes without zeros in front.
pub(crate) fn strip_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

enum Length {
    Definite(usize),
    Indefinite,
}

struct Header {
    identifier: u8,
    length: Length,
    size: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let [identifier, length, rest @ ..] = bytes else {
            return Err("the data ends too early");
        };
        if identifier & 0x1f == 0x1f {
            return Err("unknown tag");
        }
        if *length < 0x80 {
            let length = Length::Definite(usize::from(*length));
            return Ok(Self {
                identifier: *identifier,
                length,
                size: 2,
            });
        }
        if *length == 0x80 {
            if identifier & CONSTRUCTED == 0 {
                return Err("a primitive value has an indefinite length");
            }
            return Ok(Self {
                identifier: *identifier,
                length: Length::Indefinite,
                size: 2,
            });
        }
        let digits_count = usize::from(length & 0x7f);
        let digits = rest.get(..digits_count).ok_or("the data ends too early")?;
        let digits = strip_zeros(digits);
        if digits.len() > 4 {
            return Err("a length is larger than any file");
        }
        let length = digits
            .iter()
            .fold(0, |value, &digit| value << 8 | usize::from(digit));
        Ok(Self {
            identifier: *identifier,
            length: Length::Definite(length),
            size: 2 + digits_count,
        })
    }
}

/// Bytes before the end-of-contents mark that closes an indefinite length.
/// A counter, not recursion, follows the nesting.
fn indefinite_length(bytes: &[u8]) -> Result<usize, &'static str> {
    let mut position = 0_usize;
    let mut open = 1_usize;
    loop {
        let header = Header::read(bytes.get(position..).unwrap_or_default())?;
        let skip = match header.length {
            Length::Indefinite if open == DEPTH_MAX => return Err("nested too deep"),
            Length::Indefinite => {
                open += 1;
                0
            }
            Length::Definite(0) if header.identifier == END_OF_CONTENTS => {
                open -= 1;
                if open == 0 {
                    return Ok(position);
                }
                0
            }
            Length::Definite(length) => length,
        };
        position = position
            .checked_add(header.size)
            .and_then(|position| position.checked_add(skip))
            .filter(|&position| position <= bytes.len())
            .ok_or("the data ends too early")?;
    }
}

/// Appends identifier and length, the latter in its shortest form.
pub(crate) fn write_header(out: &mut Vec<u8>, identifier: u8, length: usize) {
    out.push(identifier);
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        out.push(short);
        return;
    }
    let bytes = length.to_be_bytes();
    let digits = strip_zeros(&bytes);
    // At most 8 digits, the size of `usize`.
    out.push(0x80 | digits.len() as u8);
    out.extend_from_slice(digits);
}

fn wanted(identifier: u8) -> &'static str {
    match identifier {
        BOOLEAN => "expected a BOOLEAN",
        INTEGER => "expected an INTEGER",
        BIT_STRING => "expected a BIT STRING",
        OCTET_STRING => "expected an OCTET STRING",
        OBJECT_IDENTIFIER => "expected an OBJECT IDENTIFIER",
        SEQUENCE => "expected a SEQUENCE",
        SET => "expected a SET",
        _ => "expected another tag",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_octets(bytes: &[u8], expected: Result<&[u8], &'static str>) {
        let found = Element::only(bytes).and_then(|element| Ok(element.octets()?.into_owned()));
        assert_eq!(
            found.map_err(|error| error.problem),
            expected.map(<[u8]>::to_vec)
        );
    }

    #[test]
    fn joins_chunked_octet_strings() {
        check_octets(&[0x04, 2, 1, 2], Ok(&[1, 2]));
        check_octets(&[0x04, 0x81, 2, 1, 2], Ok(&[1, 2]));
        check_octets(
            &[0x24, 0x80, 0x04, 1, 1, 0x04, 0, 0x04, 1, 2, 0, 0],
            Ok(&[1, 2]),
        );
        check_octets(&[0x24, 0x80, 0x24, 3, 0x04, 1, 9, 0, 0], Ok(&[9]));
        check_octets(
            &[0x24, 3, 0x02, 1, 9],
            Err("a chunk of an OCTET STRING has another type"),
        );
        check_octets(&[0x30, 0], Err("expected an OCTET STRING"));
    }

    #[test]
    fn refuses_broken_encodings() {
        check_octets(&[], Err("the data ends too early"));
        check_octets(&[0x04], Err("the data ends too early"));
        check_octets(&[0x04, 3, 1, 2], Err("the data ends too early"));
        check_octets(&[0x04, 0x82, 1], Err("the data ends too early"));
        check_octets(&[0x24, 0x80, 0x04, 1, 1], Err("the data ends too early"));
        check_octets(
            &[0x04, 0x80, 0, 0],
            Err("a primitive value has an indefinite length"),
        );
        check_octets(
            &[0x04, 0x85, 1, 0, 0, 0, 0],
            Err("a length is larger than any file"),
        );
        check_octets(&[0x1f, 0x81, 0x01, 0], Err("unknown tag"));
        check_octets(&[0x04, 1, 1, 0], Err("there is more data than expected"));
    }

    #[test]
    fn survives_deep_nesting() {
        check_octets(&[0x24, 0x80].repeat(100_000), Err("nested too deep"));
        let mut definite = vec![];
        for _ in 0..200 {
            let mut outer = vec![];
            write_header(&mut outer, OCTET_STRING | CONSTRUCTED, definite.len());
            outer.extend_from_slice(&definite);
            definite = outer;
        }
        check_octets(&definite, Err("nested too deep"));
    }

    #[test]
    fn writes_der() {
        let ber = [
            0x30, 0x80, 0x24, 0x80, 0x04, 1, 7, 0x04, 1, 8, 0, 0, 0x05, 0, 0, 0,
        ];
        let mut der = vec![];
        Element::only(&ber).unwrap().write_der(&mut der).unwrap();
        assert_eq!(der, [0x30, 6, 0x04, 2, 7, 8, 0x05, 0]);
    }

    #[test]
    fn writes_long_headers() {
        let mut header = vec![];
        write_header(&mut header, SEQUENCE, 0x0123);
        assert_eq!(header, [SEQUENCE, 0x82, 0x01, 0x23]);
    }

    #[test]
    fn reads_unsigned_integers() {
        let read = |bytes: &[u8]| Element::only(bytes).and_then(|e| e.unsigned()).ok();
        assert_eq!(read(&[0x02, 2, 0x08, 0x00]), Some(2048));
        assert_eq!(
            read(&[0x02, 9, 0, 255, 255, 255, 255, 255, 255, 255, 255]),
            Some(u64::MAX)
        );
        assert_eq!(read(&[0x02, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0]), Some(u64::MAX));
        assert_eq!(read(&[0x02, 1, 0xff]), None);
        assert_eq!(read(&[0x02, 0]), None);
    }
}
