//! ASN.1 strings as text.

use crate::ber::{Element, OCTET_STRING};

pub(crate) const UTF8_STRING: u8 = 0x0c;
pub(crate) const NUMERIC_STRING: u8 = 0x12;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const TELETEX_STRING: u8 = 0x14;
pub(crate) const IA5_STRING: u8 = 0x16;
pub(crate) const VISIBLE_STRING: u8 = 0x1a;
pub(crate) const GENERAL_STRING: u8 = 0x1b;
pub(crate) const UNIVERSAL_STRING: u8 = 0x1c;
pub(crate) const BMP_STRING: u8 = 0x1e;

/// The text of a string element, `None` for other types and broken encodings.
pub(crate) fn of_element(element: &Element<'_>) -> Option<String> {
    let content = element.content;
    match element.identifier {
        UTF8_STRING | NUMERIC_STRING | PRINTABLE_STRING | IA5_STRING | VISIBLE_STRING => {
            // Certificates written with Latin-1 under these types exist.
            Some(utf8_or_latin1(content))
        }
        TELETEX_STRING | GENERAL_STRING => Some(utf8_or_latin1(content)),
        BMP_STRING => of_utf16(content),
        UNIVERSAL_STRING => of_utf32(content),
        _ => None,
    }
}

/// The text in the value of an extension: a string, a string inside an OCTET
/// STRING, or the bare octets.
pub(crate) fn of_value(bytes: &[u8]) -> Option<String> {
    let Ok(element) = Element::only(bytes) else {
        return std::str::from_utf8(bytes).ok().map(str::to_owned);
    };
    if element.identifier != OCTET_STRING {
        return of_element(&element);
    }
    match Element::only(element.content) {
        Ok(inner) => of_element(&inner),
        Err(_) => std::str::from_utf8(element.content).ok().map(str::to_owned),
    }
}

fn utf8_or_latin1(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

fn of_utf16(bytes: &[u8]) -> Option<String> {
    let (units, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let units = units.iter().map(|&unit| u16::from_be_bytes(unit));
    let text: String = char::decode_utf16(units).collect::<Result<_, _>>().ok()?;
    // Some writers add the end mark of a C string.
    Some(text.trim_end_matches('\0').to_owned())
}

fn of_utf32(bytes: &[u8]) -> Option<String> {
    let (units, []) = bytes.as_chunks::<4>() else {
        return None;
    };
    units
        .iter()
        .map(|&unit| char::from_u32(u32::from_be_bytes(unit)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<&str>) {
        assert_eq!(of_value(bytes).as_deref(), expected);
    }

    #[test]
    fn reads_every_string_type() {
        for tag in [
            UTF8_STRING,
            NUMERIC_STRING,
            PRINTABLE_STRING,
            TELETEX_STRING,
        ] {
            check(&[tag, 2, b'1', b'7'], Some("17"));
        }
        for tag in [IA5_STRING, VISIBLE_STRING, GENERAL_STRING] {
            check(&[tag, 2, b'1', b'7'], Some("17"));
        }
        check(&[UTF8_STRING, 2, 0xc3, 0xb1], Some("ñ"));
        check(&[TELETEX_STRING, 1, 0xf1], Some("ñ"));
        check(&[BMP_STRING, 4, 0xd8, 0x3d, 0xdd, 0x11], Some("🔑"));
        check(&[BMP_STRING, 4, 0, 0xf1, 0, 0], Some("ñ"));
        check(&[UNIVERSAL_STRING, 4, 0, 0, 0, 0xf1], Some("ñ"));
    }

    #[test]
    fn reads_wrapped_and_bare_octets() {
        check(&[OCTET_STRING, 4, UTF8_STRING, 2, b'1', b'7'], Some("17"));
        check(&[OCTET_STRING, 2, b'1', b'7'], Some("17"));
        check(b"1790012345001", Some("1790012345001"));
    }

    #[test]
    fn gives_up_on_the_rest() {
        check(&[0xff, 0xfe, 0x00], None);
        check(&[BMP_STRING, 3, 0, 1, 2], None);
        check(&[BMP_STRING, 2, 0xd8, 0x00], None);
        check(&[UNIVERSAL_STRING, 4, 0xff, 0, 0, 0], None);
        check(&[0x30, 0], None);
    }
}
