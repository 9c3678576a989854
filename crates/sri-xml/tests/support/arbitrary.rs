//! Documents with anything in them.

use proptest::collection::vec;
use proptest::prelude::*;
use rust_decimal::Decimal;
use tagua_fiscal::Amount;
use tagua_fiscal::invoice::{Invoice, InvoiceVersion};
use tagua_sri_xml::StructuralFinding;
use tagua_sri_xml::schema::Schema;

use super::door::Door;
use super::sample;

impl Door for Invoice {
    const SCHEMAS: &'static [&'static Schema] = &[
        Schema::invoice(InvoiceVersion::V1_0_0),
        Schema::invoice(InvoiceVersion::V1_1_0),
        Schema::invoice(InvoiceVersion::V2_0_0),
        Schema::invoice(InvoiceVersion::V2_1_0),
    ];

    fn maximal(schema: &Schema) -> Self {
        sample::maximal(InvoiceVersion::parse(schema.version).expect("a version of factura"))
    }

    fn schema(&self) -> &'static Schema {
        Schema::invoice(self.version)
    }

    fn check(&self) -> Vec<StructuralFinding> {
        tagua_sri_xml::check_invoice(self)
    }

    fn write(&self) -> Vec<u8> {
        tagua_sri_xml::write_invoice(self)
    }

    fn read(bytes: &[u8]) -> Result<(Self, Vec<StructuralFinding>), Vec<StructuralFinding>> {
        let read = tagua_sri_xml::read_invoice(bytes)?;
        Ok((read.invoice, read.notes))
    }
}

/// Any invoice.
pub(crate) fn invoice() -> impl Strategy<Value = Invoice> {
    document(Parts {
        texts: all_texts,
        amounts: all_amounts,
        optional: &OPTIONAL,
    })
}

/// What in a document can be anything, and what can be taken away.
#[derive(Clone, Copy)]
pub(crate) struct Parts<D: 'static> {
    pub(crate) texts: fn(&mut D) -> Vec<&mut String>,
    pub(crate) amounts: fn(&mut D) -> Vec<&mut Amount>,
    pub(crate) optional: &'static [fn(&mut D)],
}

/// The document with everything, a few of its texts and numbers replaced by
/// anything and some of its optional parts taken away.
pub(crate) fn document<D: Door>(parts: Parts<D>) -> impl Strategy<Value = D> {
    let schema = prop::sample::select(D::SCHEMAS);
    let texts = vec((any::<prop::sample::Index>(), text()), 0..4);
    let numbers = vec((any::<prop::sample::Index>(), number()), 0..2);
    (schema, texts, numbers, any::<u16>()).prop_map(move |(schema, texts, numbers, without)| {
        let mut document = D::maximal(schema);
        for (index, text) in texts {
            **index.get_mut(&mut (parts.texts)(&mut document)) = text;
        }
        for (index, number) in numbers {
            let mut amounts = (parts.amounts)(&mut document);
            if !amounts.is_empty() {
                **index.get_mut(&mut amounts) = Amount::exact(number);
            }
        }
        for (bit, take_away) in (0..16).zip(parts.optional) {
            if without & (1 << bit) != 0 {
                take_away(&mut document);
            }
        }
        document
    })
}

/// Mostly texts a schema may accept, with characters that need care.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~áéñ😀\u{85}\u{2028}&<>\"'\t\r]{1,40}",
        2 => "\\PC{1,30}",
        1 => "[\\x00-\\x1F\u{FFFD}-\u{FFFF}a]{0,10}",
        1 => any::<String>(),
        1 => "[0-9A-Z]{1,30}",
        1 => "é{290,310}",
    ]
}

pub(crate) fn number() -> impl Strategy<Value = Decimal> {
    let digits = prop_oneof![0..1_000_000_i64, any::<i64>()];
    (digits, 0..=20_u32).prop_map(|(digits, scale)| Decimal::new(digits, scale))
}

fn all_texts(invoice: &mut Invoice) -> Vec<&mut String> {
    let mut texts = vec![
        &mut invoice.tax_info.legal_name,
        &mut invoice.tax_info.head_office_address,
        &mut invoice.info.receiver_id_type,
        &mut invoice.info.receiver_name,
        &mut invoice.info.receiver_id,
    ];
    texts.extend(invoice.tax_info.trade_name.as_mut());
    texts.extend(invoice.info.receiver_address.as_mut());
    texts.extend(invoice.info.currency.as_mut());
    texts.extend(invoice.info.export.incoterm.as_mut());
    texts.extend(invoice.negotiable_email.as_mut());
    for line in &mut invoice.lines {
        texts.push(&mut line.description);
        texts.extend(line.main_code.as_mut());
        for detail in &mut line.details {
            texts.extend([&mut detail.name, &mut detail.value]);
        }
        texts.extend(line.taxes.iter_mut().map(|tax| &mut tax.rate_code));
    }
    for field in &mut invoice.additional_fields {
        texts.extend([&mut field.name, &mut field.value]);
    }
    for document in &mut invoice.reimbursed_documents {
        texts.extend([&mut document.supplier_id, &mut document.authorization]);
    }
    if let Some(waybill) = &mut invoice.substitute_waybill {
        texts.extend([&mut waybill.carrier_name, &mut waybill.plate]);
    }
    texts
}

fn all_amounts(invoice: &mut Invoice) -> Vec<&mut Amount> {
    let mut amounts = vec![
        &mut invoice.info.net_total,
        &mut invoice.info.discount_total,
        &mut invoice.info.total,
    ];
    amounts.extend(invoice.info.tip.as_mut());
    amounts.extend(invoice.lines.iter_mut().map(|line| &mut line.net));
    amounts.extend(
        invoice
            .info
            .payments
            .iter_mut()
            .map(|payment| &mut payment.total),
    );
    amounts.extend(
        invoice
            .third_party_items
            .iter_mut()
            .map(|item| &mut item.total),
    );
    amounts
}

static OPTIONAL: [fn(&mut Invoice); 12] = [
    |i| i.tax_info.trade_name = None,
    |i| i.info.keeps_accounts = None,
    |i| i.info.payments.clear(),
    |i| i.info.compensations.clear(),
    |i| i.info.tax_totals.truncate(1),
    |i| i.lines.truncate(1),
    |i| i.lines.iter_mut().for_each(|line| line.details.clear()),
    |i| i.reimbursed_documents.clear(),
    |i| i.withholdings.clear(),
    |i| i.substitute_waybill = None,
    |i| i.fiscal_machine = None,
    |i| i.additional_fields.clear(),
];
