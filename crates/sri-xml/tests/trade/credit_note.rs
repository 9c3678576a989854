//! `notaCredito`.

use jiff::civil::date;
use tagua_fiscal::common::{ModifiedDocument, TaxTotal};
use tagua_fiscal::credit_note::{
    CreditNote, CreditNoteInfo, CreditNoteLine, CreditNoteTax, CreditNoteVersion,
};
use tagua_fiscal::{Amount, DocumentType};
use tagua_sri_xml::FindingKind as K;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{
    Findings, StructuralFinding, check, check_credit_note, credit_note, read, read_credit_note,
    write_credit_note,
};

use crate::support::arbitrary::Parts;
use crate::support::door::Door;
use crate::support::sample::{self, n, some};

promises!(CreditNote, PARTS, vectors: 8);

impl Door for CreditNote {
    const SCHEMAS: &'static [&'static Schema] = &[
        Schema::credit_note(CreditNoteVersion::V1_0_0),
        Schema::credit_note(CreditNoteVersion::V1_1_0),
    ];

    /// Both have decimals of their own.
    const WIDEST: &'static [&'static Schema] = Self::SCHEMAS;

    /// The length of `rise`, and that it may have lines.
    const TEXTS: &'static [&'static str] = &[
        "Contribuyente Régimen Simplificado RISE.",
        "Contribuyente Régimen Simplificado RISE..",
        "a\nb",
    ];

    fn maximal(schema: &Schema) -> Self {
        maximal(CreditNoteVersion::parse(schema.version).expect("a version of notaCredito"))
    }

    fn schema(&self) -> &'static Schema {
        Schema::credit_note(self.version)
    }

    fn check(&self) -> Vec<StructuralFinding> {
        check_credit_note(self)
    }

    fn write(&self) -> Vec<u8> {
        write_credit_note(self)
    }

    fn read(bytes: &[u8]) -> Result<(Self, Vec<StructuralFinding>), Vec<StructuralFinding>> {
        let read = read_credit_note(bytes)?;
        Ok((read.credit_note, read.notes))
    }
}

/// A credit note with every element that its version allows, each list with two items.
fn maximal(version: CreditNoteVersion) -> CreditNote {
    let price = match version {
        CreditNoteVersion::V1_0_0 => "1.23",
        CreditNoteVersion::V1_1_0 => "1.234567",
    };
    CreditNote {
        version,
        tax_info: sample::tax_info(DocumentType::CreditNote),
        info: info(),
        lines: vec![line(price), line(price)],
        fiscal_machine: Some(sample::fiscal_machine()),
        additional_fields: vec![
            sample::field("Nota", "dos\nlíneas"),
            sample::field("E-mail \"A\"", "<a&b>"),
        ],
    }
}

fn info() -> CreditNoteInfo {
    CreditNoteInfo {
        issue_date: date(2026, 11, 20),
        establishment_address: some("Calle 1"),
        receiver_id_type: "04".to_owned(),
        receiver_name: "Juan Pérez".to_owned(),
        receiver_id: "1710034065001".to_owned(),
        special_taxpayer: some("5368"),
        keeps_accounts: Some(true),
        rise_legend: some("Contribuyente\nRISE"),
        modified_document: ModifiedDocument {
            document_code: "01".to_owned(),
            number: "001-002-000000122".to_owned(),
            issue_date: date(2026, 11, 19),
        },
        net_total: n("50.00"),
        compensations: vec![sample::compensation(), sample::compensation()],
        total: n("57.50"),
        currency: some("DOLAR"),
        tax_totals: vec![tax_total("2", "4"), tax_total("3", "3610")],
        reason: "Devolución".to_owned(),
    }
}

fn tax_total(code: &str, rate_code: &str) -> TaxTotal {
    TaxTotal {
        additional_discount: None,
        rate: None,
        ..sample::tax_total(code, rate_code)
    }
}

fn line(price: &str) -> CreditNoteLine {
    CreditNoteLine {
        main_code: some("A-1"),
        auxiliary_code: some("7861"),
        description: "Té de manzanilla, 25 sobres".to_owned(),
        quantity: n("2.5"),
        unit_price: n(price),
        discount: Some(n("0.00")),
        net: n("25.00"),
        details: vec![sample::detail("Marca", "A\nB"), sample::detail("Lote", "7")],
        taxes: vec![tax("2", "4"), tax("3", "3610")],
    }
}

fn tax(code: &str, rate_code: &str) -> CreditNoteTax {
    CreditNoteTax {
        code: code.to_owned(),
        rate_code: rate_code.to_owned(),
        rate: Some(n("15.00")),
        base: n("25.00"),
        amount: n("3.75"),
    }
}

const PARTS: Parts<CreditNote> = Parts {
    texts,
    amounts,
    optional: &[
        |note| note.tax_info.trade_name = None,
        |note| note.info.establishment_address = None,
        |note| note.info.keeps_accounts = None,
        |note| note.info.rise_legend = None,
        |note| note.info.compensations.clear(),
        |note| note.info.currency = None,
        |note| note.info.tax_totals.truncate(1),
        |note| note.lines.truncate(1),
        |note| note.lines.iter_mut().for_each(|line| line.discount = None),
        |note| {
            note.lines
                .iter_mut()
                .for_each(|line| line.details.truncate(0))
        },
        |note| note.lines.iter_mut().for_each(|line| line.taxes.clear()),
        |note| note.lines[0].taxes.iter_mut().for_each(|t| t.rate = None),
        |note| note.fiscal_machine = None,
        |note| note.additional_fields.clear(),
    ],
};

fn texts(note: &mut CreditNote) -> Vec<&mut String> {
    let info = &mut note.info;
    let mut texts = vec![
        &mut note.tax_info.legal_name,
        &mut info.receiver_id_type,
        &mut info.receiver_name,
        &mut info.receiver_id,
        &mut info.modified_document.document_code,
        &mut info.modified_document.number,
        &mut info.reason,
    ];
    texts.extend(note.tax_info.trade_name.as_mut());
    texts.extend(info.establishment_address.as_mut());
    texts.extend(info.rise_legend.as_mut());
    texts.extend(info.currency.as_mut());
    texts.extend(info.tax_totals.iter_mut().map(|total| &mut total.rate_code));
    for line in &mut note.lines {
        texts.push(&mut line.description);
        texts.extend(line.main_code.as_mut());
        texts.extend(line.auxiliary_code.as_mut());
        for detail in &mut line.details {
            texts.extend([&mut detail.name, &mut detail.value]);
        }
        texts.extend(line.taxes.iter_mut().map(|tax| &mut tax.rate_code));
    }
    for field in &mut note.additional_fields {
        texts.extend([&mut field.name, &mut field.value]);
    }
    texts
}

fn amounts(note: &mut CreditNote) -> Vec<&mut Amount> {
    let mut amounts = vec![&mut note.info.net_total, &mut note.info.total];
    for total in &mut note.info.tax_totals {
        amounts.extend([&mut total.base, &mut total.amount]);
        amounts.extend(total.vat_refund.as_mut());
    }
    for line in &mut note.lines {
        amounts.push(&mut line.net);
        amounts.extend(line.discount.as_mut());
        amounts.extend(line.taxes.iter_mut().map(|tax| &mut tax.amount));
    }
    amounts
}

const V: CreditNoteVersion = CreditNoteVersion::V1_1_0;

fn source() -> String {
    String::from_utf8(write_credit_note(&maximal(V))).expect("UTF-8")
}

#[track_caller]
fn spoiled(from: &str, to: &str) -> String {
    let source = source();
    assert!(source.contains(from), "{from}");
    source.replacen(from, to, 1)
}

#[test]
fn a_line_may_be_without_taxes_discount_and_codes() {
    let mut note = maximal(V);
    let line = &mut note.lines[1];
    line.taxes.clear();
    line.discount = None;
    line.main_code = None;
    assert_eq!(check_credit_note(&note), []);
    let bytes = write_credit_note(&note);
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("<impuestos></impuestos></detalle></detalles>"));
    let document = read_credit_note(&bytes).expect("a valid credit note");
    assert_eq!((document.credit_note, document.notes), (note, Vec::new()));
}

#[test]
fn what_only_other_documents_have_is_unexpected() {
    let mut note = maximal(V);
    note.info.tax_totals[1].rate = Some(n("15.00"));
    note.info.tax_totals[0].additional_discount = Some(n("1.00"));
    let found = check_credit_note(&note);
    let paths: Vec<_> = found.iter().map(|f| (f.path.as_str(), f.kind)).collect();
    let row = "/notaCredito/infoNotaCredito/totalConImpuestos/totalImpuesto";
    let expected = [
        (format!("{row}[1]/descuentoAdicional"), K::Unexpected),
        (format!("{row}[2]/tarifa"), K::Unexpected),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(p, kind)| (p.as_str(), *kind))
        .collect();
    assert_eq!(paths, expected);
}

#[test]
fn the_older_version_takes_two_decimals() {
    let note = CreditNote {
        version: CreditNoteVersion::V1_0_0,
        ..maximal(V)
    };
    let found = check_credit_note(&note);
    let paths: Vec<_> = found.iter().map(|f| (f.path.as_str(), f.kind)).collect();
    let line = |at| format!("/notaCredito/detalles/detalle[{at}]/precioUnitario");
    assert_eq!(
        paths,
        [(line(1).as_str(), K::Digits), (line(2).as_str(), K::Digits)]
    );
}

#[test]
fn both_root_attributes_are_demanded() {
    let refused = |from: &str, to: &str, kind: K, path: &str| {
        let found = read_credit_note(spoiled(from, to).as_bytes()).expect_err(to);
        assert_eq!((found[0].kind, found[0].path.as_str()), (kind, path));
        found[0].message_es.clone()
    };
    refused(" id=\"comprobante\"", "", K::Missing, "/notaCredito/@id");
    let version = "/notaCredito/@version";
    refused(" version=\"1.1.0\"", "", K::Version, version);
    let message = refused("\"1.1.0\"", "\"2.1.0\"", K::Version, version);
    let expected = "No existe un esquema para la versión '2.1.0' de notaCredito; \
                    las versiones son 1.0.0, 1.1.0.";
    assert_eq!(message, expected);
    let found = check(
        &read(spoiled("\"1.1.0\"", "\"1 1\"").as_bytes()).expect("well-formed"),
        Schema::credit_note(V),
    );
    let expected = "cvc-datatype-valid.1.2.1: El valor '1 1' del atributo 'version' del elemento \
                    'notaCredito' no es válido; debe ser un texto de letras, dígitos, '.', '-', \
                    '_' o ':'.";
    assert_eq!(found[0].message_es, expected);
}

#[test]
fn another_document_is_refused() {
    let found = read_credit_note(b"<factura id='comprobante' version='1.1.0'/>");
    let found = found.expect_err("another document");
    assert_eq!(
        (found[0].kind, found[0].path.as_str()),
        (K::Unexpected, "/factura")
    );
    let source = spoiled("<codDoc>04", "<codDoc>05");
    let found = read_credit_note(source.as_bytes()).expect_err("the code of a debit note");
    let path = "/notaCredito/infoTributaria/codDoc";
    assert_eq!((found[0].kind, found[0].path.as_str()), (K::Value, path));
}

/// The mapping alone, without the schema before it, drops nothing silently.
#[test]
fn mapping_tells_about_everything_it_does_not_take() {
    let info = "/notaCredito/infoNotaCredito";
    let cases = [
        ("<rise>", "<rise a=\"1\">", format!("{info}/rise/@a")),
        (
            "<motivo>",
            "<motivos>x</motivos><motivo>",
            format!("{info}/motivo"),
        ),
        (
            "<impuestos>",
            "<impuestos>hola",
            "/notaCredito/detalles/detalle[1]/impuestos".to_owned(),
        ),
        (
            "<marca>SISPAU</marca>",
            "",
            "/notaCredito/maquinaFiscal/marca".to_owned(),
        ),
        (
            " id=\"comprobante\"",
            " id=\"x\"",
            "/notaCredito/@id".to_owned(),
        ),
        (
            "</notaCredito>",
            "<otro></otro></notaCredito>",
            "/notaCredito/otro".to_owned(),
        ),
    ];
    for (from, to, path) in cases {
        let source = spoiled(from, to);
        let tree = read(source.as_bytes()).expect("well-formed");
        let mut findings = Findings::new();
        assert_eq!(credit_note::from_tree(&tree, &mut findings), None, "{to}");
        let found = findings.into_vec();
        assert!(found.iter().any(|f| f.path == path), "{to}: {found:#?}");
    }
}
