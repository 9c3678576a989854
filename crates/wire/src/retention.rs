//! The request of a withholding: what both schemas share (CONTRACT 7.7, 7.8),
//! and the rows of schema 1.0.0.

use tagua_fiscal::withholding::{WithheldTax, Withholding, WithholdingBody, WithholdingInfo};
use tagua_fiscal::{Amount, Rate};

use super::document_number::read_document_number;
use super::finding::ErrorCode;
use super::party::{Party, read_party};
use super::reader::Reader;
use super::request::{CommonParts, Content, ReadContent};
use super::rows::read_rows;
use super::supporting::required_document_type;
use super::text::is_digits;
use super::withheld::{Withheld, read_withheld};

#[derive(Clone, Debug)]
pub(super) struct WithholdingContent {
    pub(super) subject: Subject,
    /// `tipoSujetoRetenido`, only in 2.0.0.
    pub(super) subject_type: Option<String>,
    /// `parteRel`, always in 2.0.0 and never in 1.0.0.
    pub(super) related_party: Option<bool>,
    pub(super) body: WithholdingBody,
}

/// From whom was withheld, and for which month.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) person: Party,
    fiscal_period: String,
}

/// Reads what is particular to a withholding of schema 1.0.0.
pub(super) fn read(r: &Reader<'_, '_>) -> Option<ReadContent> {
    let subject = read_subject(r);
    // The oldest texts call the list `impuestos`.
    let rows = read_rows(r, r.pick(&["items", "impuestos"]), read_row);
    let content = WithholdingContent {
        subject: subject?,
        subject_type: None,
        related_party: None,
        body: WithholdingBody::Taxes(rows?),
    };
    Some(content.into_read())
}

pub(super) fn read_subject(r: &Reader<'_, '_>) -> Option<Subject> {
    let person = read_party(r, "sujeto");
    let fiscal_period = read_period(r);
    Some(Subject {
        person: person?,
        fiscal_period: fiscal_period?,
    })
}

fn read_period(r: &Reader<'_, '_>) -> Option<String> {
    const KEY: &str = "periodo_fiscal";
    let period = r.required_code(KEY)?;
    if !is_period(&period) {
        let details = "Debe ser el mes y el año, como 11/2026";
        r.invalid(KEY, ErrorCode::InvalidFormat, details);
        return None;
    }
    Some(period)
}

/// `MM/20AA`.
fn is_period(text: &str) -> bool {
    let Some((month, year)) = text.split_once('/') else {
        return false;
    };
    let month_exists = is_digits(month, 2, 2) && ("01"..="12").contains(&month);
    month_exists && is_digits(year, 4, 4) && year.starts_with("20")
}

fn read_row(r: &Reader<'_, '_>) -> Option<WithheldTax> {
    let withheld = read_withheld(r, ["porcentaje", "tarifa"]);
    let document_code = required_document_type(r, "tipo_documento_sustento");
    let number = read_document_number(r, "numero_documento_sustento");
    let document_date = r.required_date("fecha_emision_documento_sustento");
    let Withheld {
        code,
        withholding_code,
        base,
        rate,
        amount,
    } = withheld?;
    Some(WithheldTax {
        code,
        withholding_code,
        base: Amount::rounded(base),
        rate: Rate::rounded(rate),
        amount: Amount::rounded(amount),
        document_code: Some(document_code?),
        document_number: number.map(|number| number.without_hyphens()),
        document_date: Some(document_date?),
    })
}

impl WithholdingContent {
    pub(super) fn into_read(self) -> ReadContent {
        ReadContent {
            issue_date: None,
            receiver_emails: self.subject.person.emails.clone(),
            payment_reminder: None,
            content: Content::Withholding(Box::new(self)),
        }
    }

    pub(super) fn into_withholding(self, common: CommonParts) -> Withholding {
        let issuer = common.issuer;
        let Subject {
            person,
            fiscal_period,
        } = self.subject;
        Withholding {
            tax_info: common.tax_info,
            info: WithholdingInfo {
                issue_date: common.issue_date,
                establishment_address: issuer.establishment_address,
                special_taxpayer: issuer.special_taxpayer,
                keeps_accounts: issuer.keeps_accounts,
                subject_id_type: person.id_type,
                subject_type: self.subject_type,
                related_party: self.related_party,
                subject_name: person.name,
                subject_id: person.id,
                fiscal_period,
            },
            body: self.body,
            fiscal_machine: None,
            additional_fields: common.additional_fields,
        }
    }
}
