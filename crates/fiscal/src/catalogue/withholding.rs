//! What certificates withhold: renta, IVA and ISD, by code and by day (ficha
//! técnica, tables 19 and 20; ATS, table 3.10). Codes of invoices are apart
//! ([`super::WITHHOLDING_CODES`]).

mod income_tax;
mod non_resident;

use std::fmt;

use jiff::civil::{Date, date};

use super::{Period, rate};
use crate::number::Rate;

pub use income_tax::INCOME_TAX_WITHHOLDINGS;
pub use non_resident::NON_RESIDENT_WITHHOLDINGS;

/// `codigo` of a withholding of renta.
pub const WITHHELD_INCOME_TAX: &str = "1";
/// `codigo` of a withholding of IVA.
pub const WITHHELD_VAT: &str = "2";
/// `codigo` of a withholding of ISD.
pub const WITHHELD_ISD: &str = "6";

/// Codes of renta by which an issuer withholds from itself (ficha técnica, anexo 19).
pub const SELF_WITHHOLDING_CODES: [&str; 2] = ["350", "3481"];
/// Codes of renta that count boxes of bananas (`compraCajBanano`).
pub const BANANA_CODES: [&str; 6] = ["338", "340", "341", "342", "342A", "342B"];

/// A row of the tables of withholdings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithholdingRate {
    /// `codigoRetencion`: up to five letters and digits.
    pub code: &'static str,
    /// The name people know.
    pub name: &'static str,
    /// What is withheld in each period; days before the first and after the
    /// last are not known.
    pub percentages: &'static [DatedPercentages],
}

/// What a code withholds in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatedPercentages {
    /// When, and by which resolution.
    pub period: Period,
    /// How much.
    pub percentages: Percentages,
}

/// The percentages a code may withhold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Percentages {
    /// This one.
    One(Rate),
    /// One of these, by the case.
    OneOf(&'static [Rate]),
    /// From the first to the second, by scale or by case.
    Between(Rate, Rate),
}

impl Percentages {
    /// Whether a certificate may withhold `rate`.
    pub fn allows(&self, rate: Rate) -> bool {
        match self {
            Self::One(one) => rate == *one,
            Self::OneOf(rates) => rates.contains(&rate),
            Self::Between(least, most) => (*least..=*most).contains(&rate),
        }
    }

    /// The percentage, where there is no choice.
    pub const fn only(&self) -> Option<Rate> {
        match self {
            Self::One(rate) => Some(*rate),
            Self::OneOf(_) | Self::Between(..) => None,
        }
    }
}

impl fmt::Display for Percentages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(rate) => write!(f, "{rate}"),
            Self::OneOf(rates) => {
                for (position, rate) in rates.iter().enumerate() {
                    let separator = if position == 0 { "" } else { " o " };
                    write!(f, "{separator}{rate}")?;
                }
                Ok(())
            }
            Self::Between(least, most) => write!(f, "entre {least} y {most}"),
        }
    }
}

impl WithholdingRate {
    /// The percentages of `day` and where they are published; `None` when the
    /// table does not know that day.
    pub fn on(&self, day: Date) -> Option<(Percentages, &'static str)> {
        let mut rows = self.percentages.iter();
        let row = rows.find(|row| row.period.contains(day))?;
        Some((row.percentages, row.period.source))
    }
}

/// The row of a `codigoRetencion` of the tax `codigo` (1 renta, 2 IVA, 6 ISD).
/// The tables are open: SRI adds codes.
pub fn withholding_rate(tax: &str, code: &str) -> Option<&'static WithholdingRate> {
    withholding_table(tax)?.find(|row| row.code == code)
}

/// Every row of a tax; `None` for a tax that is not withheld.
pub fn withholding_table(
    tax: &str,
) -> Option<impl Iterator<Item = &'static WithholdingRate> + use<>> {
    let (first, second): (&[_], &[_]) = match tax {
        WITHHELD_INCOME_TAX => (INCOME_TAX_WITHHOLDINGS, NON_RESIDENT_WITHHOLDINGS),
        WITHHELD_VAT => (VAT_WITHHOLDINGS, &[]),
        WITHHELD_ISD => (ISD_WITHHOLDINGS, &[]),
        _ => return None,
    };
    Some(first.iter().chain(second))
}

const TABLE_20: Period = Period {
    from: None,
    until: None,
    source: "la tabla 20 de la ficha técnica",
};

/// Withholdings of IVA (ficha técnica, table 20).
pub const VAT_WITHHOLDINGS: &[WithholdingRate] = &[
    row("9", "Retención de IVA 10 %", &[always(10_00)]),
    row("10", "Retención de IVA 20 %", &[always(20_00)]),
    row("1", "Retención de IVA 30 %", &[always(30_00)]),
    row("11", "Retención de IVA 50 %", &[always(50_00)]),
    row("2", "Retención de IVA 70 %", &[always(70_00)]),
    row("3", "Retención de IVA 100 %", &[always(10_000)]),
    row(
        "7",
        "Retención en cero (Res. NAC-DGERCGC15-00000284)",
        &[always(0)],
    ),
    row("8", "No procede retención", &[always(0)]),
];

/// Withholdings of ISD (ficha técnica, table 20).
pub const ISD_WITHHOLDINGS: &[WithholdingRate] = &[
    row(
        "4580",
        "Impuesto a la Salida de Divisas",
        &[
            isd(None, Some(date(2021, 12, 31)), 5_00),
            isd(Some(date(2022, 1, 1)), Some(date(2022, 3, 31)), 4_75),
            isd(Some(date(2022, 4, 1)), Some(date(2022, 6, 30)), 4_50),
            isd(Some(date(2022, 7, 1)), Some(date(2022, 9, 30)), 4_25),
            isd(Some(date(2022, 10, 1)), Some(date(2022, 12, 31)), 4_00),
            isd(Some(date(2023, 2, 1)), Some(date(2023, 6, 30)), 3_75),
            isd(Some(date(2023, 7, 1)), Some(date(2024, 3, 31)), 3_50),
            isd(Some(date(2024, 4, 1)), None, 5_00),
        ],
    ),
    row(
        "4586",
        "Impuesto a la Salida de Divisas, materias primas y bienes del D.E. 589",
        &[isd(Some(date(2025, 5, 1)), None, 2_50)],
    ),
];

const fn row(
    code: &'static str,
    name: &'static str,
    percentages: &'static [DatedPercentages],
) -> WithholdingRate {
    WithholdingRate {
        code,
        name,
        percentages,
    }
}

const fn always(hundredths: u32) -> DatedPercentages {
    DatedPercentages {
        period: TABLE_20,
        percentages: Percentages::One(rate(hundredths)),
    }
}

const fn isd(from: Option<Date>, until: Option<Date>, hundredths: u32) -> DatedPercentages {
    DatedPercentages {
        period: Period {
            from,
            until,
            source: "la tabla 20 de la ficha técnica",
        },
        percentages: Percentages::One(rate(hundredths)),
    }
}
