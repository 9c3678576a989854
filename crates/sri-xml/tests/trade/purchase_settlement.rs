//! `liquidacionCompra`.

use jiff::civil::date;
use tagua_fiscal::common::{Line, ReimbursedDocument, ReimbursementTotals, TaxTotal};
use tagua_fiscal::purchase_settlement::{
    PurchaseSettlement, PurchaseSettlementInfo, PurchaseSettlementVersion,
};
use tagua_fiscal::{Amount, DocumentType};
use tagua_sri_xml::FindingKind as K;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{
    Findings, StructuralFinding, check_purchase_settlement, purchase_settlement, read,
    read_purchase_settlement, write_purchase_settlement,
};

use crate::support::arbitrary::Parts;
use crate::support::door::Door;
use crate::support::sample::{self, n, some};

promises!(PurchaseSettlement, PARTS, vectors: 11);

impl Door for PurchaseSettlement {
    const SCHEMAS: &'static [&'static Schema] = &[
        Schema::purchase_settlement(PurchaseSettlementVersion::V1_0_0),
        Schema::purchase_settlement(PurchaseSettlementVersion::V1_1_0),
    ];

    /// Both have decimals of their own.
    const WIDEST: &'static [&'static Schema] = Self::SCHEMAS;

    const TEXTS: &'static [&'static str] = &["a\nb"];

    fn maximal(schema: &Schema) -> Self {
        let version = PurchaseSettlementVersion::parse(schema.version);
        maximal(version.expect("a version of liquidacionCompra"))
    }

    fn schema(&self) -> &'static Schema {
        Schema::purchase_settlement(self.version)
    }

    fn check(&self) -> Vec<StructuralFinding> {
        check_purchase_settlement(self)
    }

    fn write(&self) -> Vec<u8> {
        write_purchase_settlement(self)
    }

    fn read(bytes: &[u8]) -> Result<(Self, Vec<StructuralFinding>), Vec<StructuralFinding>> {
        let read = read_purchase_settlement(bytes)?;
        Ok((read.purchase_settlement, read.notes))
    }
}

/// A settlement with every element that its version allows, each list with two items.
fn maximal(version: PurchaseSettlementVersion) -> PurchaseSettlement {
    let price = match version {
        PurchaseSettlementVersion::V1_0_0 => "1.23",
        PurchaseSettlementVersion::V1_1_0 => "1.234567",
    };
    PurchaseSettlement {
        version,
        tax_info: sample::tax_info(DocumentType::PurchaseSettlement),
        info: info(),
        lines: vec![line(price), line(price)],
        reimbursed_documents: vec![reimbursed_document(), reimbursed_document()],
        negotiable_email: some("cobros@example.com"),
        fiscal_machine: Some(sample::fiscal_machine()),
        additional_fields: vec![
            sample::field("Nota", "dos\nlíneas"),
            sample::field("E-mail \"A\"", "<a&b>"),
        ],
    }
}

fn info() -> PurchaseSettlementInfo {
    PurchaseSettlementInfo {
        issue_date: date(2026, 11, 20),
        establishment_address: some("Calle 1"),
        special_taxpayer: some("5368"),
        keeps_accounts: Some(true),
        supplier_id_type: "05".to_owned(),
        supplier_name: "Juan Pérez".to_owned(),
        supplier_id: "1710034065".to_owned(),
        supplier_address: some("Quito"),
        net_total: n("50.00"),
        discount_total: n("-1.00"),
        reimbursement: ReimbursementTotals {
            document_code: some("41"),
            documents_total: Some(n("11.50")),
            base_total: Some(n("10.00")),
            tax_total: Some(n("1.50")),
        },
        tax_totals: vec![tax_total("4"), tax_total("0")],
        total: n("57.50"),
        currency: some("DOLAR"),
        payments: vec![sample::payment("01"), sample::payment("20")],
    }
}

fn tax_total(rate_code: &str) -> TaxTotal {
    TaxTotal {
        vat_refund: None,
        ..sample::tax_total("2", rate_code)
    }
}

fn line(price: &str) -> Line {
    Line {
        taxes: vec![sample::line_tax("2", "4"), sample::line_tax("2", "0")],
        ..sample::line(price)
    }
}

fn reimbursed_document() -> ReimbursedDocument {
    ReimbursedDocument {
        taxes: vec![sample::line_tax("2", "4"), sample::line_tax("3", "3610")],
        compensations: Vec::new(),
        ..sample::reimbursed_document()
    }
}

const PARTS: Parts<PurchaseSettlement> = Parts {
    texts,
    amounts,
    optional: &[
        |settlement| settlement.tax_info.trade_name = None,
        |settlement| settlement.info.keeps_accounts = None,
        |settlement| settlement.info.supplier_address = None,
        |settlement| settlement.info.reimbursement = ReimbursementTotals::default(),
        |settlement| settlement.info.tax_totals.truncate(1),
        |settlement| settlement.info.tax_totals[0].rate = None,
        |settlement| settlement.info.payments.clear(),
        |settlement| settlement.lines.truncate(1),
        |settlement| settlement.lines[0].details.clear(),
        |settlement| settlement.lines[0].price_without_subsidy = None,
        |settlement| settlement.reimbursed_documents.clear(),
        |settlement| settlement.negotiable_email = None,
        |settlement| settlement.fiscal_machine = None,
        |settlement| settlement.additional_fields.clear(),
    ],
};

fn texts(settlement: &mut PurchaseSettlement) -> Vec<&mut String> {
    let info = &mut settlement.info;
    let mut texts = vec![
        &mut settlement.tax_info.legal_name,
        &mut info.supplier_id_type,
        &mut info.supplier_name,
        &mut info.supplier_id,
    ];
    texts.extend(settlement.tax_info.trade_name.as_mut());
    texts.extend(info.supplier_address.as_mut());
    texts.extend(info.currency.as_mut());
    texts.extend(info.reimbursement.document_code.as_mut());
    texts.extend(info.tax_totals.iter_mut().map(|total| &mut total.code));
    texts.extend(settlement.negotiable_email.as_mut());
    for line in &mut settlement.lines {
        texts.push(&mut line.description);
        texts.extend(line.unit.as_mut());
        for detail in &mut line.details {
            texts.extend([&mut detail.name, &mut detail.value]);
        }
        texts.extend(line.taxes.iter_mut().map(|tax| &mut tax.rate_code));
    }
    for document in &mut settlement.reimbursed_documents {
        texts.extend([&mut document.supplier_id, &mut document.authorization]);
    }
    for field in &mut settlement.additional_fields {
        texts.extend([&mut field.name, &mut field.value]);
    }
    texts
}

fn amounts(settlement: &mut PurchaseSettlement) -> Vec<&mut Amount> {
    let info = &mut settlement.info;
    let mut amounts = vec![
        &mut info.net_total,
        &mut info.discount_total,
        &mut info.total,
    ];
    amounts.extend(info.reimbursement.documents_total.as_mut());
    for total in &mut info.tax_totals {
        amounts.extend([&mut total.base, &mut total.amount]);
        amounts.extend(total.additional_discount.as_mut());
    }
    amounts.extend(info.payments.iter_mut().map(|payment| &mut payment.total));
    for line in &mut settlement.lines {
        amounts.extend([&mut line.discount, &mut line.net]);
    }
    amounts
}

const V: PurchaseSettlementVersion = PurchaseSettlementVersion::V1_1_0;

#[track_caller]
fn spoiled(from: &str, to: &str) -> String {
    let source = String::from_utf8(write_purchase_settlement(&maximal(V))).expect("UTF-8");
    assert!(source.contains(from), "{from}");
    source.replacen(from, to, 1)
}

fn places(found: &[StructuralFinding]) -> Vec<(&str, K)> {
    found.iter().map(|f| (f.path.as_str(), f.kind)).collect()
}

/// The taxes of what was reimbursed may be any.
#[test]
fn vat_is_the_only_tax_of_the_settlement_itself() {
    let mut settlement = maximal(V);
    settlement.info.tax_totals[1].code = "3".to_owned();
    settlement.lines[0].taxes[0].code = "5".to_owned();
    settlement.reimbursed_documents[0].taxes[0].code = "5".to_owned();
    let found = check_purchase_settlement(&settlement);
    let total =
        "/liquidacionCompra/infoLiquidacionCompra/totalConImpuestos/totalImpuesto[2]/codigo";
    let line = "/liquidacionCompra/detalles/detalle[1]/impuestos/impuesto[1]/codigo";
    assert_eq!(
        places(&found),
        [(total, K::Enumeration), (line, K::Enumeration)]
    );
}

#[test]
fn what_only_an_invoice_has_is_unexpected() {
    let mut settlement = maximal(V);
    settlement.info.tax_totals[0].vat_refund = Some(n("0.00"));
    settlement.reimbursed_documents[1] = sample::reimbursed_document();
    let found = check_purchase_settlement(&settlement);
    let refund = "/liquidacionCompra/infoLiquidacionCompra/totalConImpuestos/totalImpuesto[1]\
                  /valorDevolucionIva";
    let compensations = "/liquidacionCompra/reembolsos/reembolsoDetalle[2]/compensacionesReembolso";
    assert_eq!(
        places(&found),
        [(refund, K::Unexpected), (compensations, K::Unexpected)]
    );
}

#[test]
fn the_older_version_takes_two_decimals() {
    let mut settlement = maximal(V);
    settlement.version = PurchaseSettlementVersion::V1_0_0;
    settlement.lines.truncate(1);
    let found = check_purchase_settlement(&settlement);
    let line = "/liquidacionCompra/detalles/detalle[1]";
    let price = format!("{line}/precioUnitario");
    let unsubsidised = format!("{line}/precioSinSubsidio");
    assert_eq!(
        places(&found),
        [
            (price.as_str(), K::Digits),
            (unsubsidised.as_str(), K::Digits)
        ]
    );
}

#[test]
fn the_reader_needs_a_version_and_notes_a_missing_id() {
    for version in ["", " version=\"\"", " version=\"1.1.0 \""] {
        let source = spoiled(" version=\"1.1.0\"", version);
        let found = read_purchase_settlement(source.as_bytes()).expect_err(version);
        let at = "/liquidacionCompra/@version";
        assert_eq!(places(&found), [(at, K::Version)]);
    }
    let source = spoiled(" id=\"comprobante\"", "");
    let document = read_purchase_settlement(source.as_bytes()).expect("a valid settlement");
    assert_eq!(
        places(&document.notes),
        [("/liquidacionCompra", K::NotKept)]
    );
    assert_eq!(document.purchase_settlement, maximal(V));
}

#[test]
fn a_signature_is_set_apart() {
    let signature = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
    let to = format!("{signature}</liquidacionCompra>");
    let source = spoiled("</liquidacionCompra>", &to);
    let document = read_purchase_settlement(source.as_bytes()).expect("a valid settlement");
    assert!(document.signature.is_some_and(|s| s.is_signature()));
    assert_eq!(document.purchase_settlement, maximal(V));
}

/// The mapping alone, without the schema before it, drops nothing silently.
#[test]
fn mapping_tells_about_everything_it_does_not_take() {
    let info = "/liquidacionCompra/infoLiquidacionCompra";
    let cases = [
        (
            "<moneda>",
            "<propina>0</propina><moneda>",
            format!("{info}/propina"),
        ),
        (
            "<pagos>",
            "<pagos></pagos><pagos>",
            format!("{info}/pagos/pago"),
        ),
        (
            "<correo>",
            "<correo a=\"\">",
            "/liquidacionCompra/tipoNegociable/correo/@a".to_owned(),
        ),
        (
            " id=\"comprobante\"",
            " id=\"x\"",
            "/liquidacionCompra/@id".to_owned(),
        ),
    ];
    for (from, to, path) in cases {
        let source = spoiled(from, to);
        let tree = read(source.as_bytes()).expect("well-formed");
        let mut findings = Findings::new();
        let mapped = purchase_settlement::from_tree(&tree, &mut findings);
        assert_eq!(mapped, None, "{to}");
        let found = findings.into_vec();
        assert!(found.iter().any(|f| f.path == path), "{to}: {found:#?}");
    }
}
