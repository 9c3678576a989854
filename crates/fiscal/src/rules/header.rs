//! What every document says of its issuer: legends, resolutions and additional
//! fields with fixed names.

use jiff::civil::{Date, date};

use super::place::{ADDITIONAL_FIELDS, RIMPE_LEGEND, WITHHOLDING_AGENT};
use super::{IssuerStatus, Report, RuleCode, RuleContext, dates, parties};
use crate::catalogue::{LARGE_TAXPAYER_FIELD, RIMPE_LEGENDS, SOFTWARE_PROVIDER_FIELD};
use crate::common::{AdditionalField, TaxInfo};
use crate::identifier::DocumentType;

/// Of each document (ficha técnica, `campoAdicional`).
const ADDITIONAL_FIELDS_MAX: usize = 15;
/// Ficha técnica, anexo 24.
const LARGE_TAXPAYER_SINCE: Date = date(2024, 6, 1);
/// Res. NAC-DGERCGC26-00000027: 60 days from its publication of 2026-07-27.
const SOFTWARE_PROVIDER_SINCE: Date = date(2026, 9, 26);

/// The parts of a document that say who issues it.
pub(super) struct Header<'d> {
    pub(super) document_type: DocumentType,
    pub(super) tax_info: &'d TaxInfo,
    /// The day of issue.
    pub(super) day: Date,
    /// Whether an element holds that day: waybills have none.
    pub(super) day_written: bool,
    pub(super) fields: &'d [AdditionalField],
}

pub(super) fn check(header: &Header<'_>, context: &RuleContext, report: &mut Report) {
    let day = header.day_written.then_some(header.day);
    dates::access_key(header.tax_info, header.document_type, day, report);
    parties::issuer(header.tax_info, report);
    legend(header.tax_info, report);
    regime(header.tax_info, &context.issuer, report);
    agent(header.tax_info, &context.issuer, report);
    large_taxpayer(header, &context.issuer, report);
    software_provider(header, &context.issuer, report);
    fields(header.fields, report);
}

/// Ficha técnica, anexo 22.
fn legend(header: &TaxInfo, report: &mut Report) {
    let legend = header.rimpe_legend.as_deref();
    let Some(legend) = legend.filter(|legend| !RIMPE_LEGENDS.contains(legend)) else {
        return;
    };
    let [first, second] = RIMPE_LEGENDS;
    let message = format!(
        "La leyenda RIMPE es «{legend}». \
         Solo se admiten «{first}» y «{second}». Escriba una de las dos.",
    );
    report.add(RuleCode::RimpeLegend, RIMPE_LEGEND, &[], message);
}

/// Ficha técnica, anexo 22. Whether SRI compares with its register (as it did
/// with error 94 for microempresas) is uncertain.
fn regime(header: &TaxInfo, issuer: &IssuerStatus, report: &mut Report) {
    let written = header.rimpe_legend.as_deref();
    let Some(regime) = issuer.regime.filter(|regime| regime.legend() != written) else {
        return;
    };
    let known = written.is_none_or(|legend| RIMPE_LEGENDS.contains(&legend));
    if !known {
        return;
    }
    let (happened, remedy) = match (written, regime.legend()) {
        (Some(written), None) => (
            format!("lleva la leyenda «{written}» y el emisor no es RIMPE"),
            "Quite la leyenda".to_owned(),
        ),
        (_, legend) => {
            let legend = legend.unwrap_or_default();
            (
                format!("no lleva la leyenda «{legend}» de su emisor"),
                format!("Escriba «{legend}»"),
            )
        }
    };
    let message = format!(
        "El comprobante {happened}. \
         La leyenda dice el régimen del emisor (anexo 22 de la ficha técnica). \
         {remedy} o corrija el régimen en la configuración.",
    );
    report.add(RuleCode::RimpeStatus, RIMPE_LEGEND, &[], message);
}

/// Ficha técnica, anexo 21; error 96 by a single source.
fn agent(header: &TaxInfo, issuer: &IssuerStatus, report: &mut Report) {
    let Some(resolution) = issuer.withholding_agent.as_deref() else {
        return;
    };
    let written = header.withholding_agent.as_deref();
    if written.map(without_zeros) == Some(without_zeros(resolution)) {
        return;
    }
    let happened = match written {
        Some(written) => format!("dice {written} como resolución de agente de retención"),
        None => "no dice que el emisor es agente de retención".to_owned(),
    };
    let message = format!(
        "El comprobante {happened} y su resolución es {resolution}. \
         Los agentes escriben el número de su resolución (anexo 21 de la ficha técnica). \
         Escriba {} o corrija la configuración.",
        without_zeros(resolution),
    );
    report.add(
        RuleCode::WithholdingAgentStatus,
        WITHHOLDING_AGENT,
        &[],
        message,
    );
}

fn without_zeros(number: &str) -> &str {
    number.trim_start_matches('0')
}

/// Ficha técnica, anexo 24: invoices and notes.
fn large_taxpayer(header: &Header<'_>, issuer: &IssuerStatus, report: &mut Report) {
    use DocumentType::{CreditNote, DebitNote, Invoice};
    let Some(resolution) = issuer.large_taxpayer.as_deref() else {
        return;
    };
    let concerned = matches!(header.document_type, Invoice | CreditNote | DebitNote);
    if !concerned
        || header.day < LARGE_TAXPAYER_SINCE
        || has_field(header.fields, LARGE_TAXPAYER_FIELD, resolution)
    {
        return;
    }
    let message = format!(
        "Falta el campo adicional «{LARGE_TAXPAYER_FIELD}» con la resolución {resolution}. \
         Los grandes contribuyentes lo llevan en facturas y notas (anexo 24 de la ficha técnica). \
         Agregue el campo o corrija la configuración.",
    );
    let code = RuleCode::LargeTaxpayerField;
    report.add(code, ADDITIONAL_FIELDS, &[], message);
}

/// Res. NAC-DGERCGC26-00000027; ficha técnica, anexo 26. The first day is known
/// to within a few.
fn software_provider(header: &Header<'_>, issuer: &IssuerStatus, report: &mut Report) {
    let Some(ruc) = issuer.software_provider else {
        return;
    };
    if header.day < SOFTWARE_PROVIDER_SINCE
        || has_field(header.fields, SOFTWARE_PROVIDER_FIELD, ruc.as_str())
    {
        return;
    }
    let message = format!(
        "Falta el campo adicional «{SOFTWARE_PROVIDER_FIELD}» con {ruc}. \
         Quien emite con el sistema de otro lo lleva en cada comprobante (resolución \
         NAC-DGERCGC26-00000027). \
         Agregue el campo o corrija la configuración.",
    );
    let code = RuleCode::SoftwareProviderField;
    report.add(code, ADDITIONAL_FIELDS, &[], message);
}

fn has_field(fields: &[AdditionalField], name: &str, value: &str) -> bool {
    let mut fields = fields.iter();
    fields.any(|field| field.name == name && field.value.trim() == value)
}

fn fields(fields: &[AdditionalField], report: &mut Report) {
    let count = fields.len();
    if count > ADDITIONAL_FIELDS_MAX {
        let message = format!(
            "Hay {count} campos adicionales y pueden ser hasta {ADDITIONAL_FIELDS_MAX}. \
             El esquema no admite más. Quite o una campos.",
        );
        let code = RuleCode::TooManyAdditionalFields;
        report.add(code, ADDITIONAL_FIELDS, &[], message);
    }
}
