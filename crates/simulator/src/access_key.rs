//! The 49-digit access key, as the authority reads it (ficha técnica, table 1).

use std::fmt;

/// 49 digits; nothing more is promised: the check digit may be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AccessKey([u8; 49]);

/// Issuer, type, series and sequential: what may be registered under one key only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SequentialId(u128);

impl AccessKey {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 49] = text.as_bytes().try_into().ok()?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then_some(Self(digits))
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The key with another numeric code (digits 40 to 47); its check digit is left.
    pub(crate) fn of_another_document(&self) -> Self {
        let mut digits = self.0;
        for digit in digits.iter_mut().skip(39).take(8) {
            *digit = b'9' - (*digit - b'0');
        }
        Self(digits)
    }

    /// ddmmaaaa.
    pub(crate) fn date(&self) -> &str {
        self.part(0, 8)
    }
    pub(crate) fn document_code(&self) -> &str {
        self.part(8, 10)
    }
    pub(crate) fn ruc(&self) -> &str {
        self.part(10, 23)
    }
    pub(crate) fn environment(&self) -> &str {
        self.part(23, 24)
    }
    pub(crate) fn establishment(&self) -> &str {
        self.part(24, 27)
    }
    pub(crate) fn emission_point(&self) -> &str {
        self.part(27, 30)
    }
    pub(crate) fn sequential(&self) -> &str {
        self.part(30, 39)
    }
    pub(crate) fn emission_type(&self) -> &str {
        self.part(47, 48)
    }

    pub(crate) fn sequential_id(&self) -> SequentialId {
        let digits = [8..10, 10..23, 24..30, 30..39]
            .into_iter()
            .filter_map(|range| self.0.get(range))
            .flatten();
        SequentialId(digits.fold(0, |number, digit| number * 10 + u128::from(digit - b'0')))
    }

    pub(crate) fn has_right_check_digit(&self) -> bool {
        let weights = [2, 3, 4, 5, 6, 7].into_iter().cycle();
        let digits = self.0.iter().rev().skip(1);
        let sum: u32 = digits
            .zip(weights)
            .map(|(digit, weight)| u32::from(digit - b'0') * weight)
            .sum();
        let expected = match 11 - sum % 11 {
            11 => 0,
            10 => 1,
            other => other,
        };
        self.0
            .last()
            .is_some_and(|digit| u32::from(digit - b'0') == expected)
    }

    fn part(&self, from: usize, to: usize) -> &str {
        self.as_str().get(from..to).unwrap_or_default()
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn key(text: &str) -> AccessKey {
        AccessKey::parse(text).unwrap()
    }

    #[test]
    fn genuine_keys_have_the_right_check_digit() {
        for text in [
            "2110201101179214673900110020010000000011234567813",
            "2111202405176001321000110010010000001241234567810",
            "1005202201179291932000110010010000010081234567811",
            "2405202507179319451500120010030000107462796218513",
        ] {
            assert!(key(text).has_right_check_digit(), "{text}");
        }
        let misprint = key("0403201301176815353000110015010000000081234567816");
        assert!(!misprint.has_right_check_digit());
    }

    #[test]
    fn the_sequential_leaves_date_and_code_out() {
        let one = key("2110201101179214673900110020010000000011234567813");
        let other_code = key("2210201101179214673900110020010000000019999999915");
        let other_number = key("2110201101179214673900110020010000000021234567813");
        assert_eq!(one.sequential_id(), other_code.sequential_id());
        assert_ne!(one.sequential_id(), other_number.sequential_id());
        assert_eq!(one.ruc(), "1792146739001");
        assert_eq!(
            (one.establishment(), one.emission_point(), one.sequential()),
            ("002", "001", "000000001")
        );
    }

    #[test]
    fn only_49_digits_are_a_key() {
        assert!(AccessKey::parse("").is_none());
        assert!(AccessKey::parse(&"1".repeat(50)).is_none());
        assert!(AccessKey::parse(&format!("{}x", "1".repeat(48))).is_none());
        assert!(AccessKey::parse(&format!("{}ñ", "1".repeat(47))).is_none());
    }
}
