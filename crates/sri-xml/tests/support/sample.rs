//! Invoices made from the model.

use jiff::civil::date;
use rust_decimal::Decimal;
use tagua_fiscal::invoice::{
    AdditionalField, Compensation, Destination, Export, FiscalMachine, Invoice, InvoiceInfo,
    InvoiceVersion, InvoiceWithholding, Line, LineDetail, LineTax, Payment, ReimbursedDocument,
    ReimbursementTotals, SubstituteWaybill, TaxInfo, TaxTotal, ThirdPartyItem,
};
use tagua_fiscal::{
    AccessKeyParts, Amount, DocumentType, Environment, Quantity, Rate, Sequential, Series,
};

/// A number with its scale.
pub(crate) fn n<N: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> N {
    text.parse().expect("a number")
}

pub(crate) fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// An invoice with every element that its version allows, each list with two items.
pub(crate) fn maximal(version: InvoiceVersion) -> Invoice {
    use InvoiceVersion as V;
    let (with_withholdings, with_waybill) = match version {
        V::V1_0_0 => (false, false),
        V::V1_1_0 => (true, false),
        V::V2_0_0 => (false, true),
        V::V2_1_0 => (true, true),
    };
    let price = if with_withholdings {
        "1.234567"
    } else {
        "1.23"
    };
    Invoice {
        version,
        tax_info: tax_info(DocumentType::Invoice),
        info: info(),
        lines: vec![line(price), line(price)],
        reimbursed_documents: vec![reimbursed_document(), reimbursed_document()],
        withholdings: match with_withholdings {
            true => vec![withholding("327", "0.20"), withholding("328", "0.30")],
            false => Vec::new(),
        },
        substitute_waybill: with_waybill.then(substitute_waybill),
        third_party_items: match with_waybill {
            true => vec![third_party_item("6.00"), third_party_item("5.00")],
            false => Vec::new(),
        },
        negotiable_email: some("cobros@example.com"),
        fiscal_machine: Some(fiscal_machine()),
        additional_fields: vec![field("Nota", "dos\nlíneas"), field("E-mail \"A\"", "<a&b>")],
    }
}

/// An invoice with `count` lines of one tax, and little else.
pub(crate) fn with_lines(count: usize) -> Invoice {
    let mut invoice = maximal(InvoiceVersion::V2_1_0);
    invoice.reimbursed_documents.clear();
    invoice.withholdings.clear();
    invoice.substitute_waybill = None;
    invoice.third_party_items.clear();
    invoice.negotiable_email = None;
    invoice.fiscal_machine = None;
    invoice.info.export = Export::default();
    invoice.info.reimbursement = ReimbursementTotals::default();
    invoice.info.compensations.clear();
    let mut line = line("12.345678");
    line.taxes.truncate(1);
    line.details.clear();
    invoice.lines = vec![line; count];
    invoice
}

/// The header of a document of this type.
pub(crate) fn tax_info(document_type: DocumentType) -> TaxInfo {
    let parts = AccessKeyParts {
        date: date(2026, 11, 20),
        document_type,
        ruc: "1790012345001".parse().expect("a RUC"),
        environment: Environment::Test,
        series: Series {
            establishment: "001".parse().expect("an establishment"),
            point: "002".parse().expect("a point"),
        },
        sequential: Sequential::new(123).expect("a sequential"),
        numeric_code: 12_345_678,
        emission_type: 1,
    };
    TaxInfo {
        environment: parts.environment,
        emission_type: 1,
        legal_name: "Peña & Hijos <Cía.> S.A.".to_owned(),
        trade_name: some("La \"Ñata\""),
        ruc: parts.ruc,
        access_key: parts.key(),
        series: parts.series,
        sequential: parts.sequential,
        head_office_address: "Av. 10 de Agosto\tN12-34".to_owned(),
        withholding_agent: some("1"),
        rimpe_legend: some("CONTRIBUYENTE RÉGIMEN RIMPE"),
    }
}

pub(crate) fn fiscal_machine() -> FiscalMachine {
    FiscalMachine {
        brand: "SISPAU".to_owned(),
        model: "M-1".to_owned(),
        serial: "S 0001".to_owned(),
    }
}

fn info() -> InvoiceInfo {
    InvoiceInfo {
        issue_date: date(2026, 11, 20),
        establishment_address: some("Calle 1"),
        special_taxpayer: some("5368"),
        keeps_accounts: Some(true),
        export: export(),
        receiver_id_type: "04".to_owned(),
        waybill_number: some("001-001-000000007"),
        receiver_name: "Juan Pérez".to_owned(),
        receiver_id: "1710034065001".to_owned(),
        receiver_address: some("Quito"),
        net_total: n("50.00"),
        subsidy_total: Some(n("1.00")),
        incoterm_of_net_total: some("FOB"),
        discount_total: n("0.00"),
        reimbursement: ReimbursementTotals {
            document_code: some("41"),
            documents_total: Some(n("11.50")),
            base_total: Some(n("10.00")),
            tax_total: Some(n("1.50")),
        },
        tax_totals: vec![tax_total("2", "4"), tax_total("3", "3610")],
        compensations: vec![compensation(), compensation()],
        tip: Some(n("0.00")),
        international_freight: Some(n("1.00")),
        international_insurance: Some(n("2.00")),
        customs_expenses: Some(n("3.00")),
        other_transport_expenses: Some(n("4.00")),
        total: n("57.50"),
        currency: some("DOLAR"),
        plate: some("PBA-1234"),
        payments: vec![payment("01"), payment("20")],
        withheld_vat: Some(n("0.10")),
        withheld_income_tax: Some(n("0.20")),
    }
}

fn export() -> Export {
    Export {
        foreign_trade: some("EXPORTADOR"),
        incoterm: some("CIF"),
        incoterm_place: some("Guayaquil"),
        origin_country: some("593"),
        origin_port: some("Guayaquil"),
        destination_port: some("Róterdam"),
        destination_country: some("120"),
        acquisition_country: some("120"),
    }
}

pub(crate) fn tax_total(code: &str, rate_code: &str) -> TaxTotal {
    TaxTotal {
        code: code.to_owned(),
        rate_code: rate_code.to_owned(),
        additional_discount: Some(n("-1.00")),
        base: n("50.00"),
        rate: Some(n("15.00")),
        amount: n("7.50"),
        vat_refund: Some(n("0.00")),
    }
}

pub(crate) fn compensation() -> Compensation {
    Compensation {
        code: "1".to_owned(),
        rate: n("2.00"),
        amount: n("1.00"),
    }
}

pub(crate) fn payment(method: &str) -> Payment {
    Payment {
        method: method.to_owned(),
        total: n("28.75"),
        term: Some(Quantity::exact(Decimal::from(30))),
        term_unit: some("dias"),
    }
}

pub(crate) fn line(price: &str) -> Line {
    Line {
        main_code: some("A-1"),
        auxiliary_code: some("7861"),
        description: "Té de manzanilla, 25 sobres".to_owned(),
        unit: some("caja"),
        quantity: n("2.5"),
        unit_price: n(price),
        price_without_subsidy: Some(n(price)),
        discount: Amount::rounded(Decimal::ZERO),
        net: n("25.00"),
        details: vec![detail("Marca", "A\nB"), detail("Lote", "\t7 ")],
        taxes: vec![line_tax("2", "4"), line_tax("3", "3610")],
    }
}

pub(crate) fn detail(name: &str, value: &str) -> LineDetail {
    let (name, value) = (name.to_owned(), value.to_owned());
    LineDetail { name, value }
}

pub(crate) fn field(name: &str, value: &str) -> AdditionalField {
    let (name, value) = (name.to_owned(), value.to_owned());
    AdditionalField { name, value }
}

pub(crate) fn line_tax(code: &str, rate_code: &str) -> LineTax {
    LineTax {
        code: code.to_owned(),
        rate_code: rate_code.to_owned(),
        rate: Rate::rounded(Decimal::from(15)),
        base: n("25.00"),
        amount: n("3.75"),
    }
}

pub(crate) fn reimbursed_document() -> ReimbursedDocument {
    ReimbursedDocument {
        supplier_id_type: "04".to_owned(),
        supplier_id: "1790016919001".to_owned(),
        supplier_country: some("593"),
        supplier_type: "02".to_owned(),
        document_code: "01".to_owned(),
        establishment: "001".to_owned(),
        point: "001".to_owned(),
        sequential: "000000045".to_owned(),
        issue_date: date(2026, 2, 28),
        authorization: "1234567890".to_owned(),
        taxes: vec![line_tax("2", "4"), line_tax("2", "0")],
        compensations: vec![compensation(), compensation()],
    }
}

fn withholding(rate_code: &str, rate: &str) -> InvoiceWithholding {
    InvoiceWithholding {
        code: "4".to_owned(),
        rate_code: rate_code.to_owned(),
        rate: n(rate),
        amount: n("0.05"),
    }
}

fn substitute_waybill() -> SubstituteWaybill {
    SubstituteWaybill {
        departure_address: "Quito".to_owned(),
        receiver_address: "Ambato".to_owned(),
        start_date: date(2026, 11, 20),
        end_date: date(2026, 11, 21),
        carrier_name: "Transportes Cóndor".to_owned(),
        carrier_id_type: "04".to_owned(),
        carrier_id: "1790085783001".to_owned(),
        plate: "PBA1234".to_owned(),
        destinations: vec![destination(), destination()],
    }
}

fn destination() -> Destination {
    Destination {
        reason: "Venta".to_owned(),
        customs_document: some("0041324846887"),
        establishment: some("001"),
        route: some("Quito - Ambato"),
    }
}

fn third_party_item(total: &str) -> ThirdPartyItem {
    ThirdPartyItem {
        concept: "Basura".to_owned(),
        total: n(total),
    }
}
