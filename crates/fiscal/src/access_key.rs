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
    pub fn key(&self) -> AccessKey {
        let body = format!(
            "{:02}{:02}{:04}{}{}{}{}{}{}{:08}{}",
            self.date.day(),
            self.date.month(),
            self.date.year(),
            self.document_type.code(),
            self.ruc,
            self.environment.digit(),
            self.series.establishment,
            self.series.point,
            self.sequential,
            self.numeric_code % 100_000_000,
            self.emission_type % 10,
        );
        let mut key = [b'0'; 49];
        key[..48].copy_from_slice(body.as_bytes());
        key[48] = check_digit(&key[..48]);
        AccessKey(key)
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
    let digit = match 11 - sum % 11 {
        11 => 0,
        10 => 1,
        other => other,
    };
    char::from_digit(digit, 10).map_or(b'0', |digit| digit as u8)
}
