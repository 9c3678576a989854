//! Waybills made from the model.

use jiff::civil::date;
use proptest::prelude::*;
use tagua_fiscal::waybill::{
    Recipient, SupportingReference, Waybill, WaybillInfo, WaybillLine, WaybillVersion,
};
use tagua_fiscal::{DocumentType, Quantity};
use tagua_sri_xml::StructuralFinding;
use tagua_sri_xml::schema::Schema;

use super::arbitrary::{Parts, document, number};
use super::door::Door;
use super::sample::{detail, field, fiscal_machine, n, some, tax_info};

/// A waybill with every element, each list with two items.
pub(crate) fn maximal(version: WaybillVersion) -> Waybill {
    let quantity = match version {
        WaybillVersion::V1_0_0 => "2.50",
        WaybillVersion::V1_1_0 => "2.123456",
    };
    Waybill {
        version,
        tax_info: tax_info(DocumentType::Waybill),
        info: WaybillInfo {
            establishment_address: some("Calle 1"),
            departure_address: "Quito".to_owned(),
            carrier_name: "Transportes Cóndor".to_owned(),
            carrier_id_type: "04".to_owned(),
            carrier_id: "1790085783001".to_owned(),
            rise: some("Contribuyente\nRégimen Simplificado RISE"),
            keeps_accounts: Some(true),
            special_taxpayer: some("5368"),
            start_date: date(2026, 11, 20),
            end_date: date(2026, 11, 21),
            plate: "PBA1234".to_owned(),
        },
        recipients: vec![recipient(quantity), recipient(quantity)],
        fiscal_machine: Some(fiscal_machine()),
        additional_fields: vec![field("Nota", "dos\nlíneas"), field("Chofer", "<a&b>")],
    }
}

fn recipient(quantity: &str) -> Recipient {
    Recipient {
        id: "1716849140001".to_owned(),
        name: "Alvarado & \"Ñato\"".to_owned(),
        address: "Ambato\tcentro".to_owned(),
        reason: "Venta".to_owned(),
        customs_document: some("0041324846887"),
        establishment: some("001"),
        route: some("Quito - Ambato"),
        supporting_document: SupportingReference {
            document_code: some("01"),
            number: some("002-001-000000001"),
            authorization: some("2110201116302517921467390011234567891"),
            issue_date: Some(date(2026, 11, 19)),
        },
        lines: vec![line(quantity), line(quantity)],
    }
}

fn line(quantity: &str) -> WaybillLine {
    WaybillLine {
        main_code: some("A-1"),
        auxiliary_code: some("7861"),
        description: "Té de manzanilla, 25 sobres".to_owned(),
        quantity: n(quantity),
        details: vec![detail("Marca", "A\nB"), detail("Lote", "\t7 ")],
    }
}

impl Door for Waybill {
    const SCHEMAS: &'static [&'static Schema] = &[
        Schema::waybill(WaybillVersion::V1_0_0),
        Schema::waybill(WaybillVersion::V1_1_0),
    ];

    const TEXTS: &'static [&'static str] = &["001-001-0000000001", "123-456-789012345"];

    fn maximal(schema: &Schema) -> Self {
        maximal(WaybillVersion::parse(schema.version).expect("a version of guiaRemision"))
    }

    fn schema(&self) -> &'static Schema {
        Schema::waybill(self.version)
    }

    fn check(&self) -> Vec<StructuralFinding> {
        tagua_sri_xml::check_waybill(self)
    }

    fn write(&self) -> Vec<u8> {
        tagua_sri_xml::write_waybill(self)
    }

    fn read(bytes: &[u8]) -> Result<(Self, Vec<StructuralFinding>), Vec<StructuralFinding>> {
        let read = tagua_sri_xml::read_waybill(bytes)?;
        Ok((read.waybill, read.notes))
    }
}

/// Any waybill.
pub(crate) fn any_waybill() -> impl Strategy<Value = Waybill> {
    let waybill = document(Parts {
        texts: all_texts,
        amounts: |_| Vec::new(),
        optional: &OPTIONAL,
    });
    let quantity = prop::option::weighted(0.3, number());
    (waybill, quantity).prop_map(|(mut waybill, quantity)| {
        if let Some(quantity) = quantity {
            waybill.recipients[0].lines[0].quantity = Quantity::exact(quantity);
        }
        waybill
    })
}

fn all_texts(waybill: &mut Waybill) -> Vec<&mut String> {
    let info = &mut waybill.info;
    let mut texts = vec![
        &mut waybill.tax_info.legal_name,
        &mut info.departure_address,
        &mut info.carrier_name,
        &mut info.carrier_id_type,
        &mut info.carrier_id,
        &mut info.plate,
    ];
    texts.extend(info.rise.as_mut());
    texts.extend(info.special_taxpayer.as_mut());
    for recipient in &mut waybill.recipients {
        texts.extend([&mut recipient.id, &mut recipient.name]);
        texts.extend([&mut recipient.address, &mut recipient.reason]);
        texts.extend(recipient.route.as_mut());
        texts.extend(recipient.customs_document.as_mut());
        texts.extend(recipient.supporting_document.number.as_mut());
        for line in &mut recipient.lines {
            texts.push(&mut line.description);
            texts.extend(line.main_code.as_mut());
            for detail in &mut line.details {
                texts.extend([&mut detail.name, &mut detail.value]);
            }
        }
    }
    for field in &mut waybill.additional_fields {
        texts.extend([&mut field.name, &mut field.value]);
    }
    texts
}

static OPTIONAL: [fn(&mut Waybill); 10] = [
    |w| w.tax_info.trade_name = None,
    |w| w.info.establishment_address = None,
    |w| w.info.rise = None,
    |w| w.info.keeps_accounts = None,
    |w| w.recipients.truncate(1),
    |w| w.recipients[0].supporting_document = SupportingReference::default(),
    |w| w.recipients[0].customs_document = None,
    |w| w.recipients[0].lines[1].details.clear(),
    |w| w.fiscal_machine = None,
    |w| w.additional_fields.clear(),
];
