//! The request of a waybill: what is particular to it (CONTRACT 7.9).
//!
//! Plate and addresses that are missing are no error of the request: the
//! schema tells, and the document comes back as DEVUELTO.

use jiff::civil::Date;
use tagua_fiscal::Quantity;
use tagua_fiscal::waybill::{
    Recipient, SupportingReference, Waybill, WaybillInfo, WaybillLine, WaybillVersion,
};

use super::document_number::read_document_number;
use super::items::read_details;
use super::party::{Party, read_person};
use super::reader::{Need, Reader};
use super::request::{CommonParts, Content, Known, ReadContent};
use super::rows::read_rows;
use super::supporting::{read_authorization, read_document_type};

#[derive(Clone, Debug)]
pub(super) struct WaybillContent {
    start_date: Date,
    end_date: Date,
    departure_address: String,
    carrier: Carrier,
    recipients: Vec<Recipient>,
}

#[derive(Clone, Debug)]
struct Carrier {
    person: Party,
    plate: String,
}

/// Reads what is particular to a waybill.
pub(super) fn read(r: &Reader<'_, '_>, known: &Known<'_>) -> Option<ReadContent> {
    let start_date = r.date("fecha_inicio_transporte");
    let start_date = start_date.unwrap_or(known.issue_date);
    let end_date = r.date("fecha_fin_transporte").unwrap_or(start_date);
    let departure_address = r.text("direccion_partida", 300);
    let establishment = || known.issuer?.establishment_address.clone();
    let carrier = read_carrier(r);
    let recipients = read_rows(r, "destinatarios", read_recipient);
    let (carrier, recipients) = (carrier?, recipients?);
    Some(ReadContent {
        // No element holds a day of issue; the key needs one (CONTRACT 7.2).
        issue_date: (!known.issue_date_sent).then_some(start_date),
        receiver_emails: emails(&recipients, &carrier.person),
        payment_reminder: None,
        content: Content::Waybill(Box::new(WaybillContent {
            start_date,
            end_date,
            departure_address: departure_address.or_else(establishment).unwrap_or_default(),
            carrier,
            recipients: recipients.into_iter().map(|read| read.recipient).collect(),
        })),
    })
}

/// Every address of the recipients, then the carrier's, each once.
fn emails(recipients: &[ReadRecipient], carrier: &Party) -> Vec<String> {
    let of_recipients = recipients.iter().flat_map(|read| &read.emails);
    let mut emails: Vec<String> = Vec::new();
    for email in of_recipients.chain(&carrier.emails) {
        if !emails.contains(email) {
            emails.push(email.clone());
        }
    }
    emails
}

fn read_carrier(r: &Reader<'_, '_>) -> Option<Carrier> {
    let r = r.child("transportista", Need::Required)?;
    let person = read_person(&r);
    let plate = r.text("placa", 20);
    Some(Carrier {
        person: person?,
        plate: plate.unwrap_or_default(),
    })
}

/// A recipient, and where to write to.
struct ReadRecipient {
    recipient: Recipient,
    emails: Vec<String>,
}

fn read_recipient(r: &Reader<'_, '_>) -> Option<ReadRecipient> {
    let person = read_person(r);
    let reason = r.required_text("motivo_traslado", 300);
    let customs_document = r.text("documento_aduanero_unico", 20);
    let establishment = read_establishment(r);
    let route = r.text("ruta", 300);
    let supporting_document = read_supporting_reference(r);
    let lines = read_rows(r, "items", read_line);
    let person = person?;
    let recipient = Recipient {
        id: person.id,
        name: person.name,
        address: person.address.unwrap_or_default(),
        reason: reason?,
        customs_document,
        establishment,
        route,
        supporting_document,
        lines: lines?,
    };
    Some(ReadRecipient {
        recipient,
        emails: person.emails,
    })
}

fn read_establishment(r: &Reader<'_, '_>) -> Option<String> {
    const KEY: &str = "codigo_establecimiento_destino";
    r.value(KEY)?;
    r.required_padded(KEY, 3)
}

fn read_supporting_reference(r: &Reader<'_, '_>) -> SupportingReference {
    let number = read_document_number(r, "numero_documento_sustento");
    SupportingReference {
        document_code: read_document_type(r, "tipo_documento_sustento"),
        number: number.map(|number| number.with_hyphens()),
        authorization: read_authorization(r, "numero_autorizacion_documento_sustento"),
        issue_date: r.date("fecha_emision_documento_sustento"),
    }
}

fn read_line(r: &Reader<'_, '_>) -> Option<WaybillLine> {
    let main_code = r.text("codigo_principal", 25);
    let auxiliary_code = r.text("codigo_auxiliar", 25);
    let description = r.required_text("descripcion", 300);
    let quantity = r.required_number("cantidad");
    let details = read_details(r);
    Some(WaybillLine {
        main_code,
        auxiliary_code,
        description: description?,
        quantity: Quantity::rounded(quantity?),
        details,
    })
}

impl WaybillContent {
    pub(super) fn into_waybill(self, common: CommonParts) -> Waybill {
        let issuer = common.issuer;
        let Carrier { person, plate } = self.carrier;
        Waybill {
            version: WaybillVersion::V1_1_0,
            tax_info: common.tax_info,
            info: WaybillInfo {
                establishment_address: issuer.establishment_address,
                departure_address: self.departure_address,
                carrier_name: person.name,
                carrier_id_type: person.id_type,
                carrier_id: person.id,
                rise: None,
                keeps_accounts: issuer.keeps_accounts,
                special_taxpayer: issuer.special_taxpayer,
                start_date: self.start_date,
                end_date: self.end_date,
                plate,
            },
            recipients: self.recipients,
            fiscal_machine: None,
            additional_fields: common.additional_fields,
        }
    }
}
