//! The reader of JSON text. RFC 8259, plus what Dátil's clients need
//! (CONTRACT 2.3): a byte order mark is skipped and control characters may
//! stand raw inside strings. Nothing else is forgiven.
//!
//! Lone surrogates are refused: no text that holds one can be written as XML.
//!
//! A reader of our own, because the echo has to give every number back digit
//! by digit and every member in its place, and the clients' raw line breaks
//! have to pass: libraries that keep raw text refuse control characters, and
//! those that allow them turn numbers into floating point.

use std::borrow::Cow;

use super::finding::{ErrorCode, WireFinding};
use super::json::{Member, Object, Value};

/// How deep arrays and objects may nest.
const DEPTH_MAX: usize = 64;

/// Where and why a body is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at line {line}, column {column}")]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
}

/// What is wrong with a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonErrorKind {
    /// The bytes are not UTF-8.
    #[error("invalid UTF-8")]
    NotUtf8,
    /// The text ends inside a value.
    #[error("unexpected end of the text")]
    UnexpectedEnd,
    /// A character that cannot stand here.
    #[error("unexpected character")]
    UnexpectedCharacter,
    /// A number outside the grammar: `01`, `1.`, `.5`, `0x10`.
    #[error("malformed number")]
    MalformedNumber,
    /// An unknown escape or half of a surrogate pair.
    #[error("malformed escape sequence")]
    MalformedEscape,
    /// More than 64 levels.
    #[error("nested too deeply")]
    TooDeep,
    /// Something follows the value.
    #[error("text after the end of the value")]
    TrailingText,
}

impl JsonErrorKind {
    /// The words for the client.
    const fn in_spanish(self) -> &'static str {
        match self {
            Self::NotUtf8 => "el texto no es UTF-8",
            Self::UnexpectedEnd => "el texto termina antes de tiempo",
            Self::UnexpectedCharacter => "carácter inesperado (¿coma o comilla que sobra o falta?)",
            Self::MalformedNumber => "número mal escrito",
            Self::MalformedEscape => "secuencia de escape mal escrita",
            Self::TooDeep => "demasiados niveles anidados",
            Self::TrailingText => "hay texto después del final",
        }
    }
}

/// Reads the body of a request: an empty one is MISSING_PARAMETER, one that
/// is not JSON is INVALID_FORMAT with line and column.
pub fn parse_body(body: &[u8]) -> Result<Value<'_>, WireFinding> {
    if body.trim_ascii().is_empty() {
        return Err(WireFinding::missing(String::new()));
    }
    parse(body).map_err(|error| WireFinding {
        parameter: String::new(),
        code: ErrorCode::InvalidFormat,
        message: "El cuerpo de la petición no es JSON válido".to_owned(),
        details: format!(
            "Línea {}, columna {}: {}",
            error.line,
            error.column,
            error.kind.in_spanish()
        ),
        value: None,
    })
}

/// Reads one JSON value that fills `body` but for white space around it.
pub fn parse(body: &[u8]) -> Result<Value<'_>, JsonError> {
    let text = std::str::from_utf8(body)
        .map_err(|error| place(body, error.valid_up_to(), JsonErrorKind::NotUtf8))?;
    let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut parser = Parser { text, at };
    let read = parser.document();
    read.map_err(|kind| place(body, parser.at, kind))
}

/// Line and column of byte `at`.
fn place(body: &[u8], at: usize, kind: JsonErrorKind) -> JsonError {
    let before = body.get(..at).unwrap_or(body);
    let line_start = before
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |p| p + 1);
    let column = String::from_utf8_lossy(before.get(line_start..).unwrap_or_default());
    JsonError {
        kind,
        line: before.iter().filter(|b| **b == b'\n').count() + 1,
        column: column.trim_start_matches('\u{feff}').chars().count() + 1,
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

type Read<T> = Result<T, JsonErrorKind>;

impl<'a> Parser<'a> {
    fn document(&mut self) -> Read<Value<'a>> {
        self.skip_space();
        let value = self.value(0)?;
        self.skip_space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(JsonErrorKind::TrailingText),
        }
    }

    fn value(&mut self, depth: usize) -> Read<Value<'a>> {
        match self.peek() {
            None => Err(JsonErrorKind::UnexpectedEnd),
            Some(b'{') => self.object(depth + 1).map(Value::Object),
            Some(b'[') => self.array(depth + 1).map(Value::Array),
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(_) => Err(JsonErrorKind::UnexpectedCharacter),
        }
    }

    fn object(&mut self, depth: usize) -> Read<Object<'a>> {
        let mut members = Vec::new();
        if self.open(depth, b'}')? {
            return Ok(Object { members });
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let key = self.string()?;
            self.skip_space();
            self.expect(b':')?;
            self.skip_space();
            let start = self.at;
            let value = self.value(depth)?;
            let span = start..self.at;
            members.push(Member { key, value, span });
            if self.close_or_comma(b'}')? {
                return Ok(Object { members });
            }
        }
    }

    fn array(&mut self, depth: usize) -> Read<Vec<Value<'a>>> {
        let mut values = Vec::new();
        if self.open(depth, b']')? {
            return Ok(values);
        }
        loop {
            values.push(self.value(depth)?);
            if self.close_or_comma(b']')? {
                return Ok(values);
            }
        }
    }

    /// Steps over the opening bracket; true when the closing one follows at once.
    fn open(&mut self, depth: usize, closing: u8) -> Read<bool> {
        if depth > DEPTH_MAX {
            return Err(JsonErrorKind::TooDeep);
        }
        self.at += 1;
        self.skip_space();
        let empty = self.peek() == Some(closing);
        self.at += usize::from(empty);
        Ok(empty)
    }

    /// After an element: true when the container ends here.
    fn close_or_comma(&mut self, closing: u8) -> Read<bool> {
        self.skip_space();
        if self.peek() == Some(closing) {
            self.at += 1;
            return Ok(true);
        }
        self.expect(b',')?;
        self.skip_space();
        Ok(false)
    }

    fn string(&mut self) -> Read<Cow<'a, str>> {
        self.at += 1;
        let start = self.at;
        let mut owned = String::new();
        let mut copied = start;
        loop {
            match self.peek() {
                None => return Err(JsonErrorKind::UnexpectedEnd),
                Some(b'"') => break,
                Some(b'\\') => {
                    owned.push_str(self.slice(copied, self.at));
                    owned.push(self.escape()?);
                    copied = self.at;
                }
                Some(_) => self.at += 1,
            }
        }
        let rest = self.slice(copied, self.at);
        self.at += 1;
        if copied == start {
            return Ok(Cow::Borrowed(rest));
        }
        owned.push_str(rest);
        Ok(Cow::Owned(owned))
    }

    fn escape(&mut self) -> Read<char> {
        let escaped = match self.text.as_bytes().get(self.at + 1) {
            None => return Err(JsonErrorKind::UnexpectedEnd),
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            Some(_) => return Err(JsonErrorKind::MalformedEscape),
        };
        self.at += 2;
        Ok(escaped)
    }

    fn unicode_escape(&mut self) -> Read<char> {
        let first = self.hex_unit()?;
        let code = match first {
            0xd800..=0xdbff => {
                let second = self.hex_unit()?;
                if !(0xdc00..=0xdfff).contains(&second) {
                    return Err(JsonErrorKind::MalformedEscape);
                }
                0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)
            }
            other => other,
        };
        char::from_u32(code).ok_or(JsonErrorKind::MalformedEscape)
    }

    /// `\uXXXX` at the current place.
    fn hex_unit(&mut self) -> Read<u32> {
        let bytes = self.text.as_bytes().get(self.at..self.at + 6);
        let Some([b'\\', b'u', digits @ ..]) = bytes else {
            return Err(JsonErrorKind::MalformedEscape);
        };
        let unit = digits.iter().try_fold(0, |unit, digit| {
            char::from(*digit)
                .to_digit(16)
                .map(|digit| unit * 16 + digit)
        });
        self.at += 6;
        unit.ok_or(JsonErrorKind::MalformedEscape)
    }

    fn number(&mut self) -> Read<&'a str> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        match self.peek() {
            Some(b'0'..=b'9' | b'.' | b'a'..=b'z' | b'A'..=b'Z') => {
                Err(JsonErrorKind::MalformedNumber)
            }
            _ => Ok(self.slice(start, self.at)),
        }
    }

    fn digits(&mut self) -> Read<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => Err(JsonErrorKind::MalformedNumber),
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Read<Value<'a>> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(JsonErrorKind::UnexpectedCharacter);
        }
        self.at += word.len();
        Ok(value)
    }

    fn expect(&mut self, byte: u8) -> Read<()> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    fn unexpected(&self) -> JsonErrorKind {
        match self.peek() {
            None => JsonErrorKind::UnexpectedEnd,
            Some(_) => JsonErrorKind::UnexpectedCharacter,
        }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Both ends stand next to ASCII characters, so they are character boundaries.
    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }
}
