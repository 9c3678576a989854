//! `notaDebito`.

use jiff::civil::date;
use tagua_fiscal::common::{ModifiedDocument, Payment, TaxTotal};
use tagua_fiscal::debit_note::{DebitNote, DebitNoteInfo, DebitNoteReason, DebitNoteVersion};
use tagua_fiscal::{Amount, DocumentType};
use tagua_sri_xml::FindingKind as K;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{
    Findings, StructuralFinding, check_debit_note, debit_note, read, read_debit_note,
    write_debit_note,
};

use crate::support::arbitrary::Parts;
use crate::support::door::Door;
use crate::support::sample::{self, n, some};

promises!(DebitNote, PARTS, vectors: 5);

impl Door for DebitNote {
    const SCHEMAS: &'static [&'static Schema] = &[Schema::debit_note(DebitNoteVersion::V1_0_0)];

    /// The length of `rise`, and that it may have lines.
    const TEXTS: &'static [&'static str] = &[
        "Contribuyente Régimen Simplificado RISE.",
        "Contribuyente Régimen Simplificado RISE..",
        "a\nb",
    ];

    fn maximal(schema: &Schema) -> Self {
        maximal(DebitNoteVersion::parse(schema.version).expect("a version of notaDebito"))
    }

    fn schema(&self) -> &'static Schema {
        Schema::debit_note(self.version)
    }

    fn check(&self) -> Vec<StructuralFinding> {
        check_debit_note(self)
    }

    fn write(&self) -> Vec<u8> {
        write_debit_note(self)
    }

    fn read(bytes: &[u8]) -> Result<(Self, Vec<StructuralFinding>), Vec<StructuralFinding>> {
        let read = read_debit_note(bytes)?;
        Ok((read.debit_note, read.notes))
    }
}

/// A debit note with every element, each list with two items.
fn maximal(version: DebitNoteVersion) -> DebitNote {
    DebitNote {
        version,
        tax_info: sample::tax_info(DocumentType::DebitNote),
        info: info(),
        reasons: vec![reason("Interés por mora"), reason("Flete")],
        fiscal_machine: Some(sample::fiscal_machine()),
        additional_fields: vec![
            sample::field("Nota", "dos\nlíneas"),
            sample::field("E-mail \"A\"", "<a&b>"),
        ],
    }
}

fn info() -> DebitNoteInfo {
    DebitNoteInfo {
        issue_date: date(2026, 11, 20),
        establishment_address: some("Calle 1"),
        receiver_id_type: "04".to_owned(),
        receiver_name: "Juan Pérez".to_owned(),
        receiver_id: "1710034065001".to_owned(),
        special_taxpayer: some("5368"),
        keeps_accounts: Some(false),
        rise_legend: some("Contribuyente RISE"),
        modified_document: ModifiedDocument {
            document_code: "01".to_owned(),
            number: "001-002-000000122".to_owned(),
            issue_date: date(2026, 11, 19),
        },
        net_total: n("50.00"),
        tax_totals: vec![tax_total("2", "4"), tax_total("3", "3610")],
        compensations: vec![sample::compensation(), sample::compensation()],
        total: n("57.50"),
        payment_lists: vec![payments(), payments()],
    }
}

fn tax_total(code: &str, rate_code: &str) -> TaxTotal {
    TaxTotal {
        additional_discount: None,
        ..sample::tax_total(code, rate_code)
    }
}

fn payments() -> Vec<Payment> {
    vec![sample::payment("01"), sample::payment("20")]
}

fn reason(reason: &str) -> DebitNoteReason {
    DebitNoteReason {
        reason: reason.to_owned(),
        amount: n("25.00"),
    }
}

const PARTS: Parts<DebitNote> = Parts {
    texts,
    amounts,
    optional: &[
        |note| note.tax_info.trade_name = None,
        |note| note.info.establishment_address = None,
        |note| note.info.special_taxpayer = None,
        |note| note.info.keeps_accounts = None,
        |note| note.info.rise_legend = None,
        |note| note.info.compensations.clear(),
        |note| note.info.tax_totals.truncate(1),
        |note| note.info.tax_totals[0].vat_refund = None,
        |note| note.info.payment_lists.truncate(1),
        |note| note.info.payment_lists.clear(),
        |note| note.reasons.truncate(1),
        |note| note.fiscal_machine = None,
        |note| note.additional_fields.clear(),
    ],
};

fn texts(note: &mut DebitNote) -> Vec<&mut String> {
    let info = &mut note.info;
    let mut texts = vec![
        &mut note.tax_info.legal_name,
        &mut info.receiver_id_type,
        &mut info.receiver_name,
        &mut info.receiver_id,
        &mut info.modified_document.document_code,
        &mut info.modified_document.number,
    ];
    texts.extend(note.tax_info.trade_name.as_mut());
    texts.extend(info.establishment_address.as_mut());
    texts.extend(info.special_taxpayer.as_mut());
    texts.extend(info.rise_legend.as_mut());
    texts.extend(info.tax_totals.iter_mut().map(|total| &mut total.rate_code));
    for payment in info.payment_lists.iter_mut().flatten() {
        texts.push(&mut payment.method);
        texts.extend(payment.term_unit.as_mut());
    }
    texts.extend(note.reasons.iter_mut().map(|reason| &mut reason.reason));
    for field in &mut note.additional_fields {
        texts.extend([&mut field.name, &mut field.value]);
    }
    texts
}

fn amounts(note: &mut DebitNote) -> Vec<&mut Amount> {
    let mut amounts = vec![&mut note.info.net_total, &mut note.info.total];
    for total in &mut note.info.tax_totals {
        amounts.extend([&mut total.base, &mut total.amount]);
        amounts.extend(total.vat_refund.as_mut());
    }
    let payments = note.info.payment_lists.iter_mut().flatten();
    amounts.extend(payments.map(|payment| &mut payment.total));
    amounts.extend(note.reasons.iter_mut().map(|reason| &mut reason.amount));
    amounts
}

const V: DebitNoteVersion = DebitNoteVersion::V1_0_0;

#[track_caller]
fn spoiled(from: &str, to: &str) -> String {
    let source = String::from_utf8(write_debit_note(&maximal(V))).expect("UTF-8");
    assert!(source.contains(from), "{from}");
    source.replacen(from, to, 1)
}

fn places(found: &[StructuralFinding]) -> Vec<(&str, K)> {
    found.iter().map(|f| (f.path.as_str(), f.kind)).collect()
}

#[test]
fn lists_of_payments_repeat_and_stay_apart() {
    let mut note = maximal(V);
    assert_eq!(note.info.payments().count(), 4);
    note.info.payment_lists[1].truncate(1);
    let bytes = write_debit_note(&note);
    let document = read_debit_note(&bytes).expect("a valid debit note");
    assert_eq!(document.debit_note, note);
    note.info.payment_lists[1][0].method = "22".to_owned();
    note.info.payment_lists.push(Vec::new());
    let found = check_debit_note(&note);
    let pagos = "/notaDebito/infoNotaDebito/pagos";
    let method = format!("{pagos}[2]/pago[1]/formaPago");
    let empty = format!("{pagos}[3]/pago");
    assert_eq!(
        places(&found),
        [(method.as_str(), K::Pattern), (empty.as_str(), K::Missing)]
    );
}

#[test]
fn the_net_total_may_be_negative_and_the_total_may_not() {
    let mut note = maximal(V);
    note.info.net_total = n("-50.00");
    assert_eq!(check_debit_note(&note), []);
    note.info.total = n("-0.01");
    let found = check_debit_note(&note);
    let total = "/notaDebito/infoNotaDebito/valorTotal";
    assert_eq!(places(&found), [(total, K::Range)]);
}

#[test]
fn a_tax_needs_its_rate_and_takes_no_additional_discount() {
    let mut note = maximal(V);
    note.info.tax_totals[0].rate = None;
    note.info.tax_totals[1].additional_discount = Some(n("1.00"));
    let found = check_debit_note(&note);
    let tax = "/notaDebito/infoNotaDebito/impuestos/impuesto";
    let rate = format!("{tax}[1]/tarifa");
    let discount = format!("{tax}[2]/descuentoAdicional");
    assert_eq!(
        places(&found),
        [
            (rate.as_str(), K::Missing),
            (discount.as_str(), K::Unexpected)
        ]
    );
}

#[test]
fn the_version_is_demanded_and_the_id_is_not() {
    let source = spoiled("\"1.0.0\"", "\"1.1.0\"");
    let found = read_debit_note(source.as_bytes()).expect_err("no such version");
    assert_eq!(places(&found), [("/notaDebito/@version", K::Version)]);
    let expected = "No existe un esquema para la versión '1.1.0' de notaDebito; \
                    la única versión es 1.0.0.";
    assert_eq!(found[0].message_es, expected);
    let source = spoiled(" id=\"comprobante\"", "");
    let document = read_debit_note(source.as_bytes()).expect("a valid debit note");
    assert_eq!(places(&document.notes), [("/notaDebito", K::NotKept)]);
    assert_eq!(document.debit_note, maximal(V));
}

/// The mapping alone, without the schema before it, drops nothing silently.
#[test]
fn mapping_tells_about_everything_it_does_not_take() {
    let cases = [
        (
            "<tarifa>15.00</tarifa>",
            "",
            "/notaDebito/infoNotaDebito/impuestos/impuesto[1]/tarifa",
        ),
        (
            "<pagos>",
            "<pagos></pagos><pagos>",
            "/notaDebito/infoNotaDebito/pagos[1]/pago",
        ),
        (
            "<valorTotal>",
            "<valorTotal a=\"\">",
            "/notaDebito/infoNotaDebito/valorTotal/@a",
        ),
        ("<motivos>", "<motivos>hola", "/notaDebito/motivos"),
        (
            "<razon>Flete</razon>",
            "",
            "/notaDebito/motivos/motivo[2]/razon",
        ),
        (
            " version=\"1.0.0\"",
            " version=\"x\"",
            "/notaDebito/@version",
        ),
    ];
    for (from, to, path) in cases {
        let source = spoiled(from, to);
        let tree = read(source.as_bytes()).expect("well-formed");
        let mut findings = Findings::new();
        assert_eq!(debit_note::from_tree(&tree, &mut findings), None, "{to}");
        let found = findings.into_vec();
        assert!(found.iter().any(|f| f.path == path), "{to}: {found:#?}");
    }
}
