//! The clave de acceso (ficha técnica, table 1).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::identifier::{
    DocumentType, Environment, Ruc, Sequential, Series, ThreeDigits, digits, text,
};

/// The 49-digit clave de acceso. A value of this type has a correct check
/// digit: parsing and [`AccessKeyParts::key`] are the only ways to make one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessKey([u8; 49]);

/// Why a text is not an access key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseAccessKeyError {
    /// Not 49 characters.
    #[error("an access key has 49 digits, found {0} characters")]
    Length(usize),
    /// A character that is not a digit.
    #[error("character {position} of the access key is not a digit")]
    NotADigit {
        /// Counted from 1.
        position: usize,
    },
    /// The last digit is not the one the other 48 give.
    #[error("the check digit is {found}, it should be {expected}")]
    CheckDigit {
        /// The digit written.
        found: char,
        /// The digit computed.
        expected: char,
    },
}

impl AccessKey {
    /// The digits as text.
    pub fn as_str(&self) -> &str {
        text(&self.0)
    }

    /// Takes the key apart; `None` where a part is not one that can be issued
    /// (an impossible date, an unknown type, sequential 0).
    pub fn parts(&self) -> Option<AccessKeyParts> {
        let part = |from: usize, to: usize| text(&self.0[from..to]);
        let number = |from, to| part(from, to).parse::<i16>().ok();
        Some(AccessKeyParts {
            date: Date::new(
                number(4, 8)?,
                i8::try_from(number(2, 4)?).ok()?,
                i8::try_from(number(0, 2)?).ok()?,
            )
            .ok()?,
            document_type: DocumentType::from_code(part(8, 10))?,
            ruc: part(10, 23).parse().ok()?,
            environment: Environment::from_digit(char::from(self.0[23]))?,
            series: Series {
                establishment: part(24, 27).parse::<ThreeDigits>().ok()?,
                point: part(27, 30).parse::<ThreeDigits>().ok()?,
            },
            sequential: Sequential::new(part(30, 39).parse().ok()?).ok()?,
            numeric_code: part(39, 47).parse().ok()?,
            emission_type: self.0[47] - b'0',
        })
    }
}

impl FromStr for AccessKey {
    type Err = ParseAccessKeyError;

    fn from_str(text: &str) -> Result<Self, ParseAccessKeyError> {
        use crate::identifier::ParseIdentifierError as E;
        let key: [u8; 49] = digits(text).map_err(|error| match error {
            E::NotADigit { position } => ParseAccessKeyError::NotADigit { position },
            E::Length { found, .. } => ParseAccessKeyError::Length(found),
            E::OutOfRange => ParseAccessKeyError::Length(text.chars().count()),
        })?;
        let (found, expected) = (key[48], check_digit(&key[..48]));
        if found != expected {
            let (found, expected) = (char::from(found), char::from(expected));
            return Err(ParseAccessKeyError::CheckDigit { found, expected });
        }
        Ok(Self(key))
    }
}

impl fmt::Display for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessKey({})", self.as_str())
    }
}

/// What an access key is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessKeyParts {
    /// Day of issue in Ecuador.
    pub date: Date,
    /// Digits 9 and 10.
    pub document_type: DocumentType,
    /// The issuer.
    pub ruc: Ruc,
    /// Digit 24.
    pub environment: Environment,
    /// Digits 25 to 30.
    pub series: Series,
    /// Digits 31 to 39.
    pub sequential: Sequential,
    /// Digits 40 to 47, the issuer's free choice; taken modulo 10⁸.
    pub numeric_code: u32,
    /// Digit 48: 1, normal emission, the only one since 2015; the schemas still take 2.
    pub emission_type: u8,
}

impl AccessKeyParts {
    /// Writes the parts one after another and closes them with the check digit.
    ///
    /// Each part takes its fixed number of digits; of a larger number the last
    /// ones are written (no year above 9999 and no emission type above 9 exists).
    pub fn key(&self) -> AccessKey {
        let mut key = [b'0'; 49];
        put_number(&mut key[0..2], self.date.day().unsigned_abs().into());
        put_number(&mut key[2..4], self.date.month().unsigned_abs().into());
        put_number(&mut key[4..8], self.date.year().unsigned_abs().into());
        key[8..10].copy_from_slice(self.document_type.code().as_bytes());
        key[10..23].copy_from_slice(self.ruc.as_str().as_bytes());
        key[23] = self.environment.digit() as u8;
        key[24..27].copy_from_slice(self.series.establishment.as_str().as_bytes());
        key[27..30].copy_from_slice(self.series.point.as_str().as_bytes());
        put_number(&mut key[30..39], self.sequential.get());
        put_number(&mut key[39..47], self.numeric_code);
        put_number(&mut key[47..48], self.emission_type.into());
        key[48] = check_digit(&key[..48]);
        AccessKey(key)
    }

    /// The number of the document that has the key.
    pub const fn number(&self) -> DocumentNumber {
        DocumentNumber {
            environment: self.environment,
            document_type: self.document_type,
            series: self.series,
            sequential: self.sequential,
            date: self.date,
        }
    }
}

/// What identifies a document of one issuer before it has a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentNumber {
    /// Where it is issued.
    pub environment: Environment,
    /// What it is.
    pub document_type: DocumentType,
    /// Establishment and emission point.
    pub series: Series,
    /// The number within the series.
    pub sequential: Sequential,
    /// Day of issue in Ecuador.
    pub date: Date,
}

impl DocumentNumber {
    /// The key of this document of `ruc`; for the rest see [`AccessKeyParts`].
    pub fn key(&self, ruc: Ruc, numeric_code: u32, emission_type: u8) -> AccessKey {
        let parts = AccessKeyParts {
            date: self.date,
            document_type: self.document_type,
            ruc,
            environment: self.environment,
            series: self.series,
            sequential: self.sequential,
            numeric_code,
            emission_type,
        };
        parts.key()
    }
}

/// The numeric code of a document, recoverable by whoever has the issuer's
/// secret: a server restored from a backup computes the keys it may have used
/// and asks the authority about them. Nobody else can guess it.
///
/// `hmac` is HMAC-SHA-256 under that secret. Its message is
/// `environment|type|establishment|point|sequential|date`, each with all its
/// digits and the date as `yyyymmdd`: `1|01|001|002|000000123|20260729`. The
/// code is the first eight bytes of the answer, big-endian, modulo 10⁸.
/// The layout must never change: old keys could no longer be recovered.
pub fn numeric_code(hmac: &dyn Fn(&[u8]) -> [u8; 32], document: &DocumentNumber) -> u32 {
    let message = format!(
        "{}|{}|{}|{}|{}|{:04}{:02}{:02}",
        document.environment.digit(),
        document.document_type.code(),
        document.series.establishment,
        document.series.point,
        document.sequential,
        document.date.year(),
        document.date.month(),
        document.date.day(),
    );
    let code = hmac(message.as_bytes())
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    u32::try_from(code % 100_000_000).unwrap_or_default()
}

/// Fills `field` with the last digits of `number`, zeros in front.
fn put_number(field: &mut [u8], number: u32) {
    let mut rest = number;
    for digit in field.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
}

/// Modulo 11, weights 2 to 7 from the right; 11 is written 0 and 10 is written 1.
fn check_digit(body: &[u8]) -> u8 {
    let weights = [2, 3, 4, 5, 6, 7].into_iter().cycle();
    let digits = body.iter().rev().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    match 11 - sum % 11 {
        11 => b'0',
        10 => b'1',
        other => b'0' + other as u8,
    }
}
