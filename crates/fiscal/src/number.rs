//! Exact decimals. No binary floating point anywhere: a value is the digits
//! that were written, and every rounding has a name.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};

/// Why a text is not a number of this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseNumberError {
    /// The text is not a plain decimal: digits with at most one dot and an optional sign.
    #[error("not a plain decimal number")]
    NotADecimal,
    /// More digits than 28, which no document of SRI can carry.
    #[error("the number has more digits than can be kept exactly")]
    TooLong,
}

/// Reads `-?[0-9]+(\.[0-9]+)?`, also `.5`, `5.` and a leading `+` as
/// `xsd:decimal` allows; blanks around it are the caller's to trim. Exponents,
/// underscores and everything else are refused. The scale written is kept.
pub fn parse_decimal(text: &str) -> Result<Decimal, ParseNumberError> {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let dots = body.bytes().filter(|b| *b == b'.').count();
    if digits == 0 || dots > 1 || digits + dots != body.len() {
        return Err(ParseNumberError::NotADecimal);
    }
    Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(text))
        .map_err(|_| ParseNumberError::TooLong)
}

/// Half-up (away from zero at the midpoint) to two places: the rounding of
/// every amount SRI stores (ficha técnica, table 21).
pub fn round_money(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Half-up to six places: `cantidad` and `precioUnitario` since the 1.1.0 schemas.
pub fn round_six(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero)
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Printing gives the digits with the scale that is held.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Decimal);

        impl $name {
            /// Zero with no places.
            pub const ZERO: Self = Self(Decimal::ZERO);

            /// Keeps `value` and its scale as they are.
            pub const fn exact(value: Decimal) -> Self {
                Self(value)
            }

            /// The number held.
            pub const fn value(self) -> Decimal {
                self.0
            }
        }

        impl FromStr for $name {
            type Err = ParseNumberError;

            fn from_str(text: &str) -> Result<Self, ParseNumberError> {
                parse_decimal(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

number! {
    /// Money in US dollars (`dec 14,2` in the schemas).
    Amount
}
number! {
    /// A quantity or a unit price (`dec 18,6`, `dec 14,2` in the older schemas).
    Quantity
}
number! {
    /// A tax rate: a percentage, or dollars per unit for specific taxes (`dec 4,2`, `dec 5,2`).
    Rate
}

impl Amount {
    /// Rounds half-up to two places and prints with exactly two.
    pub fn rounded(value: Decimal) -> Self {
        Self(with_scale(round_money(value), 2))
    }
}

impl Quantity {
    /// Rounds half-up to six places and prints with at least two.
    pub fn rounded(value: Decimal) -> Self {
        let short = round_six(value).normalize();
        Self(if short.scale() < 2 {
            with_scale(short, 2)
        } else {
            short
        })
    }
}

impl Rate {
    /// Rounds half-up to two places and prints with exactly two.
    pub fn rounded(value: Decimal) -> Self {
        Self(with_scale(round_money(value), 2))
    }
}

fn with_scale(mut value: Decimal, scale: u32) -> Decimal {
    value.rescale(scale);
    value
}
