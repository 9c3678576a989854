//! The request of an invoice: read with every finding at once, then turned
//! into the model.

use jiff::civil::Date;
use tagua_fiscal::invoice::AdditionalField;
use tagua_fiscal::{AccessKey, Environment, Ruc, Sequential, Series};

use super::additional::{FIELDS_MAX, read_additional_fields};
use super::context::{ForeignCurrency, MissingPayment, WireContext};
use super::conversion::convert;
use super::currency::{Foreign, read_currency};
use super::dates::day_in_guayaquil;
use super::draft::{Draft, DraftPayment};
use super::export::read_export;
use super::finding::{ErrorCode, WireFinding};
use super::header::{Header, read_header};
use super::issuer::{SentIssuer, read_issuer};
use super::items::read_items;
use super::json::Value;
use super::party::{Party, read_party};
use super::payments::{read_credit, read_payments};
use super::reader::{Findings, Reader};
use super::reimbursement::read_reimbursement;
use super::text::is_digits;
use super::totals::{SentTotals, complete_totals, read_totals};
use super::withholdings::{read_compensations, read_withholdings};

/// An invoice that was read and found complete, before it has its numeric code.
#[derive(Clone, Debug)]
pub struct InvoiceRequest {
    /// `ambiente`.
    pub environment: Environment,
    /// `tipo_emision`, 1 unless sent otherwise.
    pub emission_type: u8,
    /// `emisor.ruc`.
    pub ruc: Ruc,
    /// `emisor.establecimiento`.
    pub series: Series,
    /// `secuencial`.
    pub sequential: Sequential,
    /// The day of issue in Guayaquil.
    pub issue_date: Date,
    /// `clave_acceso`, when one was sent: it is used as it is.
    pub access_key: Option<AccessKey>,
    /// The addresses of `comprador.email`, in order.
    pub receiver_emails: Vec<String>,
    /// `enviar_recordatorio_pago`.
    pub payment_reminder: bool,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) issuer: SentIssuer,
    pub(super) receiver: Party,
    pub(super) waybill_number: Option<String>,
    /// In the currency that will be written.
    pub(super) draft: Draft,
    pub(super) currency: String,
    pub(super) negotiable_email: Option<String>,
}

/// Reads the body of an invoice request (CONTRACT 5.3, compatible profile):
/// the typed request, or every finding in the order of the fields.
///
/// Amounts come out derived, with the rules of CONTRACT 7.4 applied, in
/// dollars unless the operator wants them unconverted.
pub fn read_invoice(
    body: &Value<'_>,
    ctx: &WireContext,
) -> Result<InvoiceRequest, Vec<WireFinding>> {
    let Some(object) = body.as_object() else {
        let details = "El cuerpo de la petición debe ser un objeto JSON";
        let finding = WireFinding::new(String::new(), ErrorCode::InvalidDataType, details);
        return Err(vec![finding.with_value(body)]);
    };
    let findings = Findings::default();
    let request = read(&Reader::root(object, &findings), ctx);
    let findings = findings.into_inner();
    match request {
        Some(request) if findings.is_empty() => Ok(request),
        _ if findings.is_empty() => Err(vec![incomplete()]),
        _ => Err(findings),
    }
}

/// Every `None` below was reported; this stands in for a report that was not.
fn incomplete() -> WireFinding {
    let details = "No se pudo leer el documento";
    WireFinding::new(String::new(), ErrorCode::InvalidValue, details)
}

fn read(r: &Reader<'_, '_>, ctx: &WireContext) -> Option<InvoiceRequest> {
    let header = read_header(r);
    let issuer = read_issuer(r, &ctx.issuer);
    let additional_fields = read_additional_fields(r);
    let receiver = read_party(r, "comprador");
    let totals = read_totals(r);
    let lines = read_items(r);
    let payments = read_payments(r);
    let waybill_number = read_waybill_number(r);
    let foreign = read_currency(r);
    let negotiable = r.boolean("negociable").unwrap_or(false);
    let payment_reminder = r.boolean("enviar_recordatorio_pago").unwrap_or(false);
    let draft = Draft {
        lines,
        payments,
        additional_fields,
        credit: read_credit(r),
        withheld_vat: r.number(r.pick(&["valor_retenido_iva", "valor_ret_iva"])),
        withheld_income_tax: r.number(r.pick(&["valor_retenido_renta", "valor_ret_renta"])),
        withholdings: read_withholdings(r),
        compensations: read_compensations(r),
        export: read_export(r),
        reimbursement: read_reimbursement(r),
        ..Draft::default()
    };
    let (header, issuer, receiver, totals) = (header?, issuer?, receiver?, totals?);
    let issue_date = header
        .issue_date
        .unwrap_or_else(|| day_in_guayaquil(ctx.now));
    let written = write_amounts(draft, &totals, foreign.as_ref(), ctx, issue_date);
    let Some((draft, currency)) = written else {
        let details = "Los importes son demasiado grandes para calcular con ellos";
        r.invalid("totales", ErrorCode::InvalidValue, details);
        return None;
    };
    let negotiable_email = negotiable_email(negotiable, &receiver);
    let content = Content {
        issuer,
        receiver,
        waybill_number,
        draft,
        currency,
        negotiable_email,
    };
    Some(content.with(header, issue_date, payment_reminder))
}

impl Content {
    fn with(self, header: Header, issue_date: Date, payment_reminder: bool) -> InvoiceRequest {
        InvoiceRequest {
            environment: header.environment,
            emission_type: header.emission_type,
            ruc: self.issuer.ruc,
            series: self.issuer.series,
            sequential: header.sequential,
            issue_date,
            access_key: header.access_key,
            receiver_emails: self.receiver.emails.clone(),
            payment_reminder,
            content: self,
        }
    }
}

/// `NNN-NNN-NNNNNNNNN`, or the fifteen digits without hyphens.
fn read_waybill_number(r: &Reader<'_, '_>) -> Option<String> {
    const KEY: &str = "guia_remision";
    let sent = r.code(KEY)?;
    let parts: Vec<&str> = sent.split('-').collect();
    let number = match parts.as_slice() {
        [establishment, point, number]
            if is_digits(establishment, 3, 3)
                && is_digits(point, 3, 3)
                && is_digits(number, 9, 9) =>
        {
            Some(sent.clone())
        }
        [digits] if is_digits(digits, 15, 15) => {
            let (series, number) = digits.split_at(6);
            let (establishment, point) = series.split_at(3);
            Some(format!("{establishment}-{point}-{number}"))
        }
        _ => None,
    };
    if number.is_none() {
        r.invalid(
            KEY,
            ErrorCode::InvalidFormat,
            "Debe tener la forma 001-002-000000003",
        );
    }
    number
}

/// The first address of the buyer, if the element can hold it (CONTRACT 7.4.11).
fn negotiable_email(negotiable: bool, receiver: &Party) -> Option<String> {
    const LENGTH_MAX: usize = 100;
    let first = receiver.emails.first().filter(|_| negotiable)?;
    (first.chars().count() <= LENGTH_MAX).then(|| first.clone())
}

/// Completes the totals, converts, and settles the payments. `None` when a
/// number grows too big.
fn write_amounts(
    mut draft: Draft,
    sent: &SentTotals,
    foreign: Option<&Foreign>,
    ctx: &WireContext,
    issue_date: Date,
) -> Option<(Draft, String)> {
    draft.totals = complete_totals(sent, &draft.lines)?;
    let currency = match foreign {
        None => "DOLAR".to_owned(),
        Some(foreign) if ctx.foreign_currency == ForeignCurrency::AsSent => foreign.word(),
        Some(foreign) => {
            convert(&mut draft, foreign.rate)?;
            add_original_currency(&mut draft.additional_fields, foreign, &sent.total_text);
            "DOLAR".to_owned()
        }
    };
    settle_payments(&mut draft, ctx.missing_payment, issue_date);
    Some((draft, currency))
}

fn add_original_currency(fields: &mut Vec<AdditionalField>, foreign: &Foreign, total: &str) {
    const NAME: &str = "Moneda original";
    if fields.len() >= FIELDS_MAX || fields.iter().any(|field| field.name == NAME) {
        return;
    }
    let Foreign {
        name, rate_text, ..
    } = foreign;
    fields.push(AdditionalField {
        name: NAME.to_owned(),
        value: format!("{name} {total} (tasa de cambio {rate_text})"),
    });
}

/// The credit becomes one more payment; without any there is one over the
/// total (CONTRACT 7.4.5 and 7.4.6).
fn settle_payments(draft: &mut Draft, missing: MissingPayment, issue_date: Date) {
    let credit = draft.credit.take();
    let credit = credit.map(|credit| credit.payment(issue_date));
    draft.payments.extend(credit);
    if draft.payments.is_empty() && missing == MissingPayment::WithFinancialSystem {
        draft.payments.push(DraftPayment {
            method: "20",
            total: draft.totals.total,
            term: None,
            term_unit: None,
        });
    }
}
