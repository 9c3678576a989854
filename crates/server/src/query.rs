//! The query of an address: `name=value` pairs, percent-encoded
//! (application/x-www-form-urlencoded, as browsers and clients write them).

/// The pairs in order; a pair whose encoding is broken gives its raw name.
pub(crate) fn pairs(query: &str) -> Result<Vec<(String, String)>, String> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    let pairs = parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let decoded = decode(name).zip(decode(value));
        decoded.ok_or_else(|| name.to_owned())
    });
    pairs.collect()
}

/// `None` where a `%` has no two hexadecimal digits after it, or the bytes are
/// not UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => hex(bytes.next()?)? << 4 | hex(bytes.next()?)?,
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16)?.try_into().ok()
}

/// Writes a name or a value.
pub(crate) fn encode(text: &str, into: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                into.push(char::from(byte));
            }
            byte => into.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{encode, pairs};

    #[test]
    fn pairs_are_decoded() {
        let query = "a=1&&b=%C3%B1+x%2b&c&d==&%61=";
        let expected = [("a", "1"), ("b", "ñ x+"), ("c", ""), ("d", "="), ("a", "")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(pairs(query), Ok(expected.to_vec()));
        assert_eq!(pairs(""), Ok(vec![]));
    }

    #[test]
    fn broken_encodings_are_named() {
        for (query, name) in [
            ("a=%", "a"),
            ("a=1&b=%4", "b"),
            ("c=%zz", "c"),
            ("d=%ff", "d"),
            ("%e=1", "%e"),
        ] {
            assert_eq!(pairs(query), Err(name.to_owned()), "{query}");
        }
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let text = "ñ &=?/+%~\u{1F600}\0";
        let mut query = "x=".to_owned();
        encode(text, &mut query);
        assert!(query.is_ascii());
        assert_eq!(pairs(&query), Ok(vec![("x".to_owned(), text.to_owned())]));
    }
}
