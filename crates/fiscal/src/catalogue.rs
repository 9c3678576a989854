//! The tables of codes that documents cite, each row with the days it is valid
//! and the resolution or table it comes from. Names are in Spanish, as people
//! know them.
//!
//! Rates change by law: the tables say what was known in November 2026, and every
//! lookup answers "unknown" rather than guess.

mod activity;
mod country;
mod ice;
mod listing;
mod other;
mod payment;
mod support;
mod vat;
mod withholding;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::number::Rate;

pub use activity::{
    BUILDING_MATERIALS, LARGE_TAXPAYER_FIELD, SOFTWARE_PROVIDER_FIELD, TRANSPORT_MEMBER_CODE,
    TRANSPORT_OPERATOR_CODE, VAT_BUILDING_MATERIALS, is_building_material,
};
pub use country::{COUNTRIES, Country, ECUADOR, country_by_code, country_by_iso};
pub use ice::{ICE_CODES, IceBasis, IceCode, SpecificRate, ice_code};
pub use listing::{
    ListedRate, document_types, identification_types, sales_tax_rates, withholding_rates,
};
pub use other::{
    EXPORTER, IRBPNR, IRBPNR_RATE_CODE, InvoiceWithholdingCode, InvoiceWithholdingKind,
    REIMBURSEMENT_DOCUMENT, RIMPE_ENTREPRENEUR, RIMPE_LEGENDS, RIMPE_SMALL_BUSINESS,
    SUPPORT_DOCUMENTS, SupportDocument, TAX_ICE, TAX_IRBPNR, TAX_VAT, WITHHOLDING_CODES,
    support_document, withholding_code,
};
pub use payment::{PAYMENT_METHODS, PaymentMethod, is_retired_payment_method, payment_method};
pub use support::{
    FOREIGN_REGIMES, NamedCode, PAYMENT_PLACES, PERSON_TYPES, SUPPORT_CODES, SUPPORT_DIVIDENDS,
    SupportCode, WITHHELD_TAXES, support_code,
};
pub use vat::{InForce, VAT_NOT_SUBJECT, VAT_RATES, VatRate, vat_rate, vat_rate_on};
pub use withholding::{
    BANANA_CODES, DatedPercentages, INCOME_TAX_WITHHOLDINGS, ISD_WITHHOLDINGS,
    NON_RESIDENT_WITHHOLDINGS, Percentages, SELF_WITHHOLDING_CODES, VAT_WITHHOLDINGS,
    WITHHELD_INCOME_TAX, WITHHELD_ISD, WITHHELD_VAT, WithholdingRate, withholding_rate,
    withholding_table,
};

/// A span of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day; `None` when it lies before electronic documents (2012).
    pub from: Option<Date>,
    /// The last day; `None` while no end is known.
    pub until: Option<Date>,
    /// The law, decree, resolution or table this comes from.
    pub source: &'static str,
}

impl Period {
    /// Whether `date` lies within.
    pub fn contains(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date <= until)
    }
}

/// A rate of so many hundredths.
const fn rate(hundredths: u32) -> Rate {
    Rate::exact(Decimal::from_parts(hundredths, 0, 0, false, 2))
}
