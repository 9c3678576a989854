//! Writes JSON (RFC 8259) into a string. Numbers are texts that the caller
//! vouches for; there is no floating point.

use super::json::Value;

/// Writes values one after another; commas are its business, nesting the caller's.
#[derive(Debug, Default)]
pub struct JsonWriter {
    out: String,
    comma: bool,
}

impl JsonWriter {
    /// An empty writer with room for `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            out: String::with_capacity(bytes),
            comma: false,
        }
    }

    /// The text written so far.
    pub fn finish(self) -> String {
        self.out
    }

    /// Opens an object or a list, runs `content` and closes it.
    pub fn object(&mut self, content: impl FnOnce(&mut Self)) {
        self.nest('{', '}', content);
    }

    /// Opens a list, runs `content` and closes it.
    pub fn array(&mut self, content: impl FnOnce(&mut Self)) {
        self.nest('[', ']', content);
    }

    /// Writes a key; a value must follow.
    pub fn key(&mut self, key: &str) {
        self.string(key);
        self.out.push(':');
        self.comma = false;
    }

    /// A text, escaped.
    pub fn string(&mut self, text: &str) {
        self.separate();
        self.out.push('"');
        escape(&mut self.out, text);
        self.out.push('"');
    }

    /// A text, or null.
    pub fn optional_string(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.raw("null"),
        }
    }

    /// A boolean.
    pub fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    /// JSON text that is written as it is, except that control characters
    /// inside its strings are escaped.
    pub fn raw(&mut self, json: &str) {
        self.separate();
        copy_raw(&mut self.out, json);
    }

    /// A value; numbers keep their digits.
    pub fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Null => self.raw("null"),
            Value::Bool(value) => self.boolean(*value),
            Value::Number(digits) => self.raw(digits),
            Value::String(text) => self.string(text),
            Value::Array(values) => self.array(|w| values.iter().for_each(|value| w.value(value))),
            Value::Object(object) => self.object(|w| {
                for member in &object.members {
                    w.key(&member.key);
                    w.value(&member.value);
                }
            }),
        }
    }

    fn nest(&mut self, open: char, close: char, content: impl FnOnce(&mut Self)) {
        self.separate();
        self.out.push(open);
        self.comma = false;
        content(self);
        self.out.push(close);
        self.comma = true;
    }

    fn separate(&mut self) {
        if self.comma {
            self.out.push(',');
        }
        self.comma = true;
    }
}

fn escape(out: &mut String, text: &str) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(text.get(copied..at).unwrap_or_default());
        copied = at + 1;
        escape_byte(out, byte);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
}

fn escape_byte(out: &mut String, byte: u8) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        other => out.push_str(&format!("\\u{other:04x}")),
    }
}

fn copy_raw(out: &mut String, json: &str) {
    if !json.bytes().any(|byte| byte < 0x20) {
        out.push_str(json);
        return;
    }
    let (mut inside, mut escaped, mut copied) = (false, false, 0);
    for (at, byte) in json.bytes().enumerate() {
        if inside && byte < 0x20 {
            out.push_str(json.get(copied..at).unwrap_or_default());
            copied = at + 1;
            escape_byte(out, byte);
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            _ => {}
        }
    }
    out.push_str(json.get(copied..).unwrap_or_default());
}
