//! Identifiers that are right by construction.

use std::fmt;
use std::str::FromStr;

/// Why a text is not the identifier it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseIdentifierError {
    /// Wrong number of characters.
    #[error("expected {expected} digits, found {found} characters")]
    Length {
        /// How many digits the identifier has.
        expected: usize,
        /// How many characters were given.
        found: usize,
    },
    /// A character that is not a decimal digit.
    #[error("character {position} is not a digit")]
    NotADigit {
        /// Position of the first such character, counted from 1.
        position: usize,
    },
    /// Outside the range the identifier may take.
    #[error("the number is out of range")]
    OutOfRange,
}

/// Exactly `N` ASCII digits.
pub(crate) fn digits<const N: usize>(text: &str) -> Result<[u8; N], ParseIdentifierError> {
    if text.len() != N {
        let found = text.chars().count();
        return Err(ParseIdentifierError::Length { expected: N, found });
    }
    if let Some(at) = text.bytes().position(|b| !b.is_ascii_digit()) {
        return Err(ParseIdentifierError::NotADigit { position: at + 1 });
    }
    let mut out = [0; N];
    out.copy_from_slice(text.as_bytes());
    Ok(out)
}

/// ASCII digits are always valid UTF-8.
pub(crate) fn text(digits: &[u8]) -> &str {
    std::str::from_utf8(digits).unwrap_or_default()
}

macro_rules! digit_identifier {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// The digits as text.
            pub fn as_str(&self) -> &str {
                text(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdentifierError;

            fn from_str(text: &str) -> Result<Self, ParseIdentifierError> {
                digits(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }
    };
}

digit_identifier! {
    /// A taxpayer number: 13 digits. The suffix `001` that the schemas demand and
    /// the check digits are matters of rules, not of the type: SRI states that
    /// company numbers follow no algorithm.
    Ruc, 13
}
digit_identifier! {
    /// A cédula number: 10 digits. Its check digit is a matter of rules.
    Cedula, 10
}
digit_identifier! {
    /// A three-digit code: an establishment or an emission point.
    ThreeDigits, 3
}

impl ThreeDigits {
    /// The code of `number`, padded with zeros. Fails above 999.
    pub fn from_number(number: u16) -> Result<Self, ParseIdentifierError> {
        if number > 999 {
            return Err(ParseIdentifierError::OutOfRange);
        }
        let digit = |place: u16| b'0' + (number / place % 10) as u8;
        Ok(Self([digit(100), digit(10), digit(1)]))
    }
}

/// Establishment and emission point: the series within which sequentials count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// `estab`.
    pub establishment: ThreeDigits,
    /// `ptoEmi`.
    pub point: ThreeDigits,
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.establishment, self.point)
    }
}

impl FromStr for Series {
    type Err = ParseIdentifierError;

    /// Reads `001-002`.
    fn from_str(text: &str) -> Result<Self, ParseIdentifierError> {
        let (establishment, point) = text.split_once('-').unwrap_or((text, ""));
        Ok(Self {
            establishment: establishment.parse()?,
            point: point.parse()?,
        })
    }
}

/// The number of a document within its series: 1 to 999 999 999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequential(u32);

impl Sequential {
    /// Fails for 0 and for more than nine digits.
    pub const fn new(number: u32) -> Result<Self, ParseIdentifierError> {
        match number {
            1..=999_999_999 => Ok(Self(number)),
            _ => Err(ParseIdentifierError::OutOfRange),
        }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Sequential {
    /// Nine digits, padded with zeros, as `secuencial` is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}", self.0)
    }
}

/// `ambiente` (ficha técnica, table 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Environment {
    /// `1`, pruebas: no tax value.
    Test,
    /// `2`, producción.
    Production,
}

impl Environment {
    /// The digit written in XML and in the access key.
    pub const fn digit(self) -> char {
        match self {
            Self::Test => '1',
            Self::Production => '2',
        }
    }

    /// The name people know.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Test => "Pruebas",
            Self::Production => "Producción",
        }
    }

    /// Reads the digit.
    pub const fn from_digit(digit: char) -> Option<Self> {
        match digit {
            '1' => Some(Self::Test),
            '2' => Some(Self::Production),
            _ => None,
        }
    }
}

/// `codDoc` (ficha técnica, table 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentType {
    /// `01` factura.
    Invoice,
    /// `03` liquidación de compra de bienes y prestación de servicios.
    PurchaseSettlement,
    /// `04` nota de crédito.
    CreditNote,
    /// `05` nota de débito.
    DebitNote,
    /// `06` guía de remisión.
    Waybill,
    /// `07` comprobante de retención.
    Withholding,
}

impl DocumentType {
    /// Every type, in the order of its code.
    pub const ALL: [Self; 6] = [
        Self::Invoice,
        Self::PurchaseSettlement,
        Self::CreditNote,
        Self::DebitNote,
        Self::Waybill,
        Self::Withholding,
    ];

    /// The two digits of `codDoc`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "01",
            Self::PurchaseSettlement => "03",
            Self::CreditNote => "04",
            Self::DebitNote => "05",
            Self::Waybill => "06",
            Self::Withholding => "07",
        }
    }

    /// The name people know, as it heads the printed document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invoice => "Factura",
            Self::PurchaseSettlement => "Liquidación de compra de bienes y prestación de servicios",
            Self::CreditNote => "Nota de crédito",
            Self::DebitNote => "Nota de débito",
            Self::Waybill => "Guía de remisión",
            Self::Withholding => "Comprobante de retención",
        }
    }

    /// Reads the two digits.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
