//! The request of any document: read with every finding at once, then turned
//! into the model.

use jiff::civil::Date;
use tagua_fiscal::common::{AdditionalField, TaxInfo};
use tagua_fiscal::{AccessKey, AccessKeyParts, Document, Environment, Ruc, Sequential, Series};

use super::additional::{append_fixed_fields, read_additional_fields};
use super::ats_retention;
use super::collection::Collection;
use super::context::WireContext;
use super::credit_note::{self, CreditNoteContent};
use super::debit_note::{self, DebitNoteContent};
use super::finding::{ErrorCode, WireFinding};
use super::header::{SentSequential, read_header};
use super::invoice::{self, InvoiceContent};
use super::issuer::{SentIssuer, read_issuer};
use super::json::Value;
use super::purchase_settlement::{self, PurchaseSettlementContent};
use super::reader::{Findings, Reader};
use super::retention::{self, WithholdingContent};
use super::waybill::{self, WaybillContent};

/// A document that was read and found complete, before it has its key and,
/// where the server numbers, its number.
#[derive(Clone, Debug)]
pub struct DocumentRequest {
    /// Where it was sent.
    pub collection: Collection,
    /// `ambiente`.
    pub environment: Environment,
    /// `tipo_emision`, 1 unless sent otherwise.
    pub emission_type: u8,
    /// `emisor.ruc`.
    pub ruc: Ruc,
    /// `emisor.establecimiento`.
    pub series: Series,
    /// `secuencial`.
    pub sequential: SentSequential,
    /// The day of the access key, in Guayaquil.
    pub issue_date: Date,
    /// `clave_acceso`, when one was sent: it is used as it is.
    pub access_key: Option<AccessKey>,
    /// `external_id`: the client's own name for the document.
    pub external_id: Option<String>,
    /// The addresses of the receiver, in order.
    pub receiver_emails: Vec<String>,
    /// `enviar_recordatorio_pago`: the day the payment is due (CONTRACT 7.4.10).
    pub payment_reminder: Option<Date>,
    pub(super) issuer: SentIssuer,
    pub(super) additional_fields: Vec<AdditionalField>,
    pub(super) content: Content,
}

/// What is particular to a type. In boxes, for they are large.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Invoice(Box<InvoiceContent>),
    PurchaseSettlement(Box<PurchaseSettlementContent>),
    CreditNote(Box<CreditNoteContent>),
    DebitNote(Box<DebitNoteContent>),
    Waybill(Box<WaybillContent>),
    Withholding(Box<WithholdingContent>),
}

/// What every type's own reading gives back to the common one.
pub(super) struct ReadContent {
    pub(super) content: Content,
    /// The day of the key where it is not `fecha_emision`.
    pub(super) issue_date: Option<Date>,
    pub(super) receiver_emails: Vec<String>,
    pub(super) payment_reminder: Option<Date>,
}

/// What a type's own reading may need of the common part.
pub(super) struct Known<'k> {
    pub(super) ctx: &'k WireContext,
    pub(super) collection: Collection,
    /// `fecha_emision`, else today.
    pub(super) issue_date: Date,
    /// Whether `fecha_emision` was sent.
    pub(super) issue_date_sent: bool,
    /// The issuer, unless something about it was reported.
    pub(super) issuer: Option<&'k SentIssuer>,
}

/// Reads the body of a request to `collection` (CONTRACT 5.3, compatible
/// profile): the typed request, or every finding in the order of the fields.
///
/// Amounts come out derived, with the rules of CONTRACT 7.4 applied, in
/// dollars unless the operator wants them unconverted.
pub fn read_document(
    collection: Collection,
    body: &Value<'_>,
    ctx: &WireContext,
) -> Result<DocumentRequest, Vec<WireFinding>> {
    let Some(object) = body.as_object() else {
        let details = "El cuerpo de la petición debe ser un objeto JSON";
        let finding = WireFinding::new(String::new(), ErrorCode::InvalidDataType, details);
        return Err(vec![finding.with_value(body)]);
    };
    let findings = Findings::default();
    let request = read(collection, &Reader::root(object, &findings), ctx);
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

fn read(collection: Collection, r: &Reader<'_, '_>, ctx: &WireContext) -> Option<DocumentRequest> {
    let header = read_header(r, collection);
    let issuer = read_issuer(r, &ctx.issuer);
    let mut additional = read_additional_fields(r);
    append_fixed_fields(&mut additional, &ctx.issuer);
    let external_id = r.text("external_id", EXTERNAL_ID_MAX);
    let sent_date = header.and_then(|header| header.issue_date);
    let known = Known {
        ctx,
        collection,
        issue_date: sent_date.unwrap_or_else(|| super::dates::day_in_guayaquil(ctx.now)),
        issue_date_sent: sent_date.is_some(),
        issuer: issuer.as_ref(),
    };
    let read = read_content(collection, r, &known, &mut additional);
    let issue_date = known.issue_date;
    let (header, issuer, read) = (header?, issuer?, read?);
    Some(DocumentRequest {
        collection,
        environment: header.environment,
        emission_type: header.emission_type,
        ruc: issuer.ruc,
        series: issuer.series,
        sequential: header.sequential,
        issue_date: read.issue_date.unwrap_or(issue_date),
        access_key: header.access_key,
        external_id,
        receiver_emails: read.receiver_emails,
        payment_reminder: read.payment_reminder,
        issuer,
        additional_fields: additional,
        content: read.content,
    })
}

/// Characters of `external_id`.
const EXTERNAL_ID_MAX: usize = 100;

fn read_content(
    collection: Collection,
    r: &Reader<'_, '_>,
    known: &Known<'_>,
    additional: &mut Vec<AdditionalField>,
) -> Option<ReadContent> {
    match collection {
        Collection::Invoices => invoice::read(r, known, additional),
        Collection::PurchaseSettlements => purchase_settlement::read(r, known, additional),
        Collection::CreditNotes => credit_note::read(r, known, additional),
        Collection::DebitNotes => debit_note::read(r, known),
        Collection::Waybills => waybill::read(r, known),
        Collection::Retentions => retention::read(r),
        Collection::AtsRetentions => ats_retention::read(r),
    }
}

impl DocumentRequest {
    /// The number that was sent; `None` where the server numbers.
    pub const fn number(&self) -> Option<Sequential> {
        match self.sequential {
            SentSequential::Number(number) => Some(number),
            SentSequential::Auto => None,
        }
    }

    /// The key that was sent, else one made of the document's parts and
    /// `numeric_code` (its last eight digits).
    pub fn key(&self, sequential: Sequential, numeric_code: u32) -> AccessKey {
        let made = || AccessKeyParts {
            date: self.issue_date,
            document_type: self.collection.document_type(),
            ruc: self.ruc,
            environment: self.environment,
            series: self.series,
            sequential,
            numeric_code,
            emission_type: self.emission_type,
        };
        self.access_key.unwrap_or_else(|| made().key())
    }

    /// The document with this number and key.
    pub fn into_document(self, sequential: Sequential, access_key: AccessKey) -> Document {
        let Self {
            issuer,
            additional_fields,
            content,
            ..
        } = self;
        let tax_info = TaxInfo {
            environment: self.environment,
            emission_type: self.emission_type,
            legal_name: issuer.legal_name.clone(),
            trade_name: issuer.trade_name.clone(),
            ruc: self.ruc,
            access_key,
            series: self.series,
            sequential,
            head_office_address: issuer.head_office_address.clone(),
            withholding_agent: issuer.withholding_agent.clone(),
            rimpe_legend: issuer.rimpe_legend.clone(),
        };
        let common = CommonParts {
            tax_info,
            issue_date: self.issue_date,
            issuer,
            additional_fields,
        };
        match content {
            Content::Invoice(content) => Document::Invoice(content.into_invoice(common).into()),
            Content::PurchaseSettlement(content) => {
                Document::PurchaseSettlement(content.into_purchase_settlement(common).into())
            }
            Content::CreditNote(content) => {
                Document::CreditNote(content.into_credit_note(common).into())
            }
            Content::DebitNote(content) => {
                Document::DebitNote(content.into_debit_note(common).into())
            }
            Content::Waybill(content) => Document::Waybill(content.into_waybill(common).into()),
            Content::Withholding(content) => {
                Document::Withholding(content.into_withholding(common).into())
            }
        }
    }
}

/// `totales` of a request that was read with
/// [`WireContext::complete_totals`]: as it was computed, with the wire's names, in
/// the currency of the request, followed by the unknown members that were sent
/// in it. JSON; amounts are numbers with two places. `None` when nothing was
/// computed, and for documents without totals.
pub fn completed_totals(request: &DocumentRequest) -> Option<String> {
    let sale = match &request.content {
        Content::Invoice(content) => &content.sale,
        Content::PurchaseSettlement(content) => &content.sale,
        Content::CreditNote(content) => &content.sale,
        Content::DebitNote(content) => &content.sale,
        Content::Waybill(_) | Content::Withholding(_) => return None,
    };
    sale.completed_totals.clone()
}

/// What every model takes from the common part.
pub(super) struct CommonParts {
    pub(super) tax_info: TaxInfo,
    pub(super) issue_date: Date,
    pub(super) issuer: SentIssuer,
    pub(super) additional_fields: Vec<AdditionalField>,
}
