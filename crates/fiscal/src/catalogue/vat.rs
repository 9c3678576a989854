//! IVA rates (ficha técnica, table 17).

use jiff::civil::{Date, date};

use super::{Period, rate};
use crate::number::Rate;

/// A row of the table of IVA rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VatRate {
    /// `codigoPorcentaje`.
    pub code: &'static str,
    /// The name people know.
    pub name: &'static str,
    /// Per cent.
    pub rate: Rate,
    /// The days it is in force.
    pub periods: &'static [Period],
    /// Further days are named by decree, so that `periods` is never complete.
    pub decreed: bool,
}

/// Whether a rate is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InForce {
    /// A period of the table holds the day.
    Yes,
    /// None does, and the table is complete.
    No,
    /// None does, but decrees name days the table does not know.
    Unknown,
}

impl VatRate {
    /// Whether the rate is in force on `date`.
    pub fn in_force_on(&self, date: Date) -> InForce {
        if self.periods.iter().any(|period| period.contains(date)) {
            InForce::Yes
        } else if self.decreed {
            InForce::Unknown
        } else {
            InForce::No
        }
    }
}

/// The row of a `codigoPorcentaje`.
pub fn vat_rate(code: &str) -> Option<&'static VatRate> {
    VAT_RATES.iter().find(|row| row.code == code)
}

/// The row of a `codigoPorcentaje`, when it is known to be in force on `date`.
/// For the differential rate that means the decreed days the table knows.
pub fn vat_rate_on(code: &str, date: Date) -> Option<&'static VatRate> {
    vat_rate(code).filter(|row| row.in_force_on(date) == InForce::Yes)
}

/// The code of "no objeto de impuesto", which items of a reimbursement carry.
pub const VAT_NOT_SUBJECT: &str = "6";

const TABLE: &str = "Ficha técnica, tabla 17";
const ALWAYS: &[Period] = &[period(None, None, TABLE)];

/// Every rate, by its code.
pub const VAT_RATES: &[VatRate] = &[
    vat("0", "IVA 0%", 0, ALWAYS),
    vat(
        "2",
        "IVA 12%",
        12_00,
        &[
            period(None, Some(date(2016, 5, 31)), "LRTI, art. 65"),
            period(
                Some(date(2017, 6, 1)),
                Some(date(2024, 3, 31)),
                "LRTI, art. 65",
            ),
        ],
    ),
    vat(
        "3",
        "IVA 14%",
        14_00,
        &[period(
            Some(date(2016, 6, 1)),
            Some(date(2017, 5, 31)),
            "Ley Orgánica de Solidaridad y de Corresponsabilidad Ciudadana (2016)",
        )],
    ),
    vat(
        "4",
        "IVA 15%",
        15_00,
        &[period(
            Some(date(2024, 4, 1)),
            None,
            "Decreto Ejecutivo 198 (2024)",
        )],
    ),
    vat(
        "5",
        "IVA 5%",
        5_00,
        &[period(
            Some(date(2024, 4, 1)),
            None,
            "Res. NAC-DGERCGC24-00000013 (materiales de construcción)",
        )],
    ),
    vat(VAT_NOT_SUBJECT, "No objeto de impuesto", 0, ALWAYS),
    vat("7", "Exento de IVA", 0, ALWAYS),
    VatRate {
        code: "8",
        name: "IVA diferenciado 8%",
        rate: rate(8_00),
        periods: &[
            period(
                Some(date(2026, 1, 1)),
                Some(date(2026, 1, 4)),
                "Decreto Ejecutivo 271",
            ),
            period(
                Some(date(2026, 2, 14)),
                Some(date(2026, 2, 17)),
                "Decreto Ejecutivo 304",
            ),
        ],
        decreed: true,
    },
    vat(
        "10",
        "IVA 13%",
        13_00,
        &[period(Some(date(2024, 4, 1)), None, TABLE)],
    ),
];

const fn vat(
    code: &'static str,
    name: &'static str,
    hundredths: u32,
    periods: &'static [Period],
) -> VatRate {
    VatRate {
        code,
        name,
        rate: rate(hundredths),
        periods,
        decreed: false,
    }
}

const fn period(from: Option<Date>, until: Option<Date>, source: &'static str) -> Period {
    Period {
        from,
        until,
        source,
    }
}
