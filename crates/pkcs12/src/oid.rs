//! Object identifiers in dotted form.

use std::fmt::Write as _;

use crate::ber::{BerError, Element, OBJECT_IDENTIFIER, Reader};

/// Reads an OBJECT IDENTIFIER as text such as `1.2.840.113549.1.7.1`.
pub(crate) fn read(reader: &mut Reader<'_>) -> Result<String, BerError> {
    let element = reader.expect(OBJECT_IDENTIFIER)?;
    dotted(&element)
}

/// The dotted form of an OBJECT IDENTIFIER element.
pub(crate) fn dotted(element: &Element<'_>) -> Result<String, BerError> {
    let mut text = String::new();
    let mut component: u128 = 0;
    let mut complete = false;
    for &byte in element.content {
        if component >> 120 != 0 {
            return Err(element.error("a component of an OBJECT IDENTIFIER is too large"));
        }
        component = component << 7 | u128::from(byte & 0x7f);
        complete = byte & 0x80 == 0;
        if complete {
            append(&mut text, component);
            component = 0;
        }
    }
    if complete {
        Ok(text)
    } else {
        Err(element.error("incomplete OBJECT IDENTIFIER"))
    }
}

/// The first number carries two components (X.690, 8.19.4).
fn append(text: &mut String, component: u128) {
    // Writing to a String cannot fail.
    let _ = if text.is_empty() {
        let root = (component / 40).min(2);
        write!(text, "{root}.{}", component - 40 * root)
    } else {
        write!(text, ".{component}")
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &[u8], expected: Option<&str>) {
        let mut bytes = vec![OBJECT_IDENTIFIER, content.len() as u8];
        bytes.extend_from_slice(content);
        assert_eq!(read(&mut Reader::new(&bytes)).ok().as_deref(), expected);
    }

    #[test]
    fn prints_dotted_identifiers() {
        check(
            &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01],
            Some("1.2.840.113549.1.7.1"),
        );
        check(&[0x55, 0x04, 0x61], Some("2.5.4.97"));
        check(
            &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 0x01, 0x19],
            Some("0.9.2342.19200300.100.1.25"),
        );
        check(&[0x88, 0x37, 0x03], Some("2.999.3"));
        check(&[0x27], Some("0.39"));
    }

    #[test]
    fn refuses_what_is_no_identifier() {
        check(&[], None);
        check(&[0x2a, 0x86], None);
        check(&[0xff; 40], None);
    }
}
