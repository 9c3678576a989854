//! The tables as the catalog operations of the API list them (CONTRACT 4.0,
//! operations 15 to 18, and 8.10), with the names Dátil prints.

use jiff::civil::Date;

use super::withholding::withholding_table;
use super::{
    ICE_CODES, IRBPNR, IRBPNR_RATE_CODE, IceBasis, NamedCode, TAX_ICE, TAX_IRBPNR, TAX_VAT,
    VAT_RATES, WITHHELD_VAT,
};
use crate::number::Rate;

/// A row of the operations 17 and 18.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRate {
    /// `codigo_porcentaje` of 17, `codigo` of 18.
    pub code: &'static str,
    /// `nombre`.
    pub name: &'static str,
    /// `tarifa` of 17, `porcentaje` of 18, with two places; `None` where the
    /// law leaves a choice or the percentage is not known.
    pub rate: Option<Rate>,
}

/// Operation 15, `/catalog/id-types`. 09 is listed although no schema takes it.
pub const fn identification_types() -> &'static [NamedCode] {
    const {
        &[
            named("04", "RUC"),
            named("05", "CEDULA"),
            named("06", "PASAPORTE"),
            named("07", "CONSUMIDOR FINAL"),
            named("08", "IDENTIFICACIONDELEXTERIOR"),
            named("09", "PLACA"),
        ]
    }
}

/// Operation 16, `/catalog/document-types`.
pub const fn document_types() -> &'static [NamedCode] {
    const {
        &[
            named("01", "FACTURA"),
            named("03", "LIQ. COMPRAS"),
            named("04", "NOTA DE CREDITO"),
            named("05", "NOTA DEBITO"),
            named("06", "GUIA DE REMISION"),
            named("07", "COMPROBANTE DE RETENCION"),
        ]
    }
}

/// Operation 17, `/catalog/sales-tax-rates/{tax}`: 2 IVA, 3 ICE, 5 IRBPNR;
/// another tax is `None`. Past rates are listed too: notes still cite them.
pub fn sales_tax_rates(tax: &str) -> Option<Vec<ListedRate>> {
    match tax {
        TAX_VAT => Some(VAT_RATES.iter().map(vat).collect()),
        TAX_ICE => Some(ICE_CODES.iter().map(ice).collect()),
        TAX_IRBPNR => Some(vec![ListedRate {
            code: IRBPNR_RATE_CODE,
            name: "BOTELLAS PLASTICAS NO RETORNABLES",
            rate: Some(IRBPNR),
        }]),
        _ => None,
    }
}

/// Operation 18, `/catalog/withholdings-tax-rates/{tax}`, as of `day`: 1 renta,
/// 2 IVA, 6 ISD; another tax is `None`.
pub fn withholding_rates(tax: &str, day: Date) -> Option<Vec<ListedRate>> {
    let rows = withholding_table(tax)?.map(|row| {
        let name = vat_withholding_name(row.code).filter(|_| tax == WITHHELD_VAT);
        let rate = row.on(day).and_then(|(rates, _)| rates.only());
        ListedRate {
            code: row.code,
            name: name.unwrap_or(row.name),
            rate,
        }
    });
    Some(rows.collect())
}

fn vat(row: &'static super::VatRate) -> ListedRate {
    let name = match row.code {
        super::VAT_NOT_SUBJECT => "IVA NO OBJETO DE IMPUESTO",
        "8" => "IVA diferenciado",
        _ => row.name,
    };
    ListedRate {
        code: row.code,
        name,
        rate: Some(row.rate),
    }
}

/// Of an ICE of both kinds the percentage; the dollars per unit come on top.
fn ice(row: &'static super::IceCode) -> ListedRate {
    let rate = match row.basis {
        IceBasis::AdValorem(rate) | IceBasis::Mixed(rate, _) => Some(rate),
        IceBasis::Specific(specific) => Some(specific.amount),
        IceBasis::Import => None,
    };
    ListedRate {
        code: row.code,
        name: row.name,
        rate,
    }
}

/// The names Dátil prints.
fn vat_withholding_name(code: &str) -> Option<&'static str> {
    Some(match code {
        "9" => "RETENCIÓN DE IVA 10%",
        "10" => "RETENCIÓN DE IVA 20%",
        "1" => "RETENCIÓN DE IVA 30%",
        "11" => "RETENCIÓN DE IVA 50%",
        "2" => "RETENCIÓN DE IVA 70%",
        "3" => "RETENCIÓN DE IVA 100%",
        "7" => "RETENCIÓN EN 0%",
        "8" => "NO PROCEDE RETENCIÓN",
        _ => return None,
    })
}

const fn named(code: &'static str, name: &'static str) -> NamedCode {
    NamedCode { code, name }
}
