//! Invoices without any finding, with literal figures.

use jiff::civil::{Date, date};
use tagua_fiscal::identifier::{Sequential, Series};
use tagua_fiscal::invoice::*;
use tagua_fiscal::rules::{Finding, RuleContext, check};
use tagua_fiscal::{AccessKeyParts, Amount, DocumentType, Environment, Quantity, Rate};

pub(crate) const TODAY: Date = date(2026, 7, 29);

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(crate) fn rate(text: &str) -> Rate {
    text.parse().unwrap()
}

/// The findings on the day of issue of the samples.
pub(crate) fn findings(invoice: &Invoice) -> Vec<Finding> {
    check(invoice, &RuleContext::on(TODAY))
}

/// Two lines, at 15 % with a discount and at 0 %.
pub(crate) fn invoice() -> Invoice {
    Invoice {
        version: InvoiceVersion::V1_1_0,
        tax_info: tax_info(),
        info: info(),
        lines: vec![
            line(
                "2.00",
                "10.00",
                "1.00",
                "19.00",
                tax("2", "4", "15.00", "19.00", "2.85"),
            ),
            line(
                "3.00",
                "5.00",
                "0.00",
                "15.00",
                tax("2", "0", "0.00", "15.00", "0.00"),
            ),
        ],
        reimbursed_documents: vec![],
        withholdings: vec![],
        substitute_waybill: None,
        third_party_items: vec![],
        negotiable_email: None,
        fiscal_machine: None,
        additional_fields: vec![],
    }
}

/// One line of 19.00 plus an ICE of 3.80 (20 %), IVA on 22.80.
pub(crate) fn with_ice() -> Invoice {
    let mut invoice = invoice();
    let ice = tax("3", "3610", "20.00", "19.00", "3.80");
    let vat = tax("2", "4", "15.00", "22.80", "3.42");
    invoice.lines.truncate(1);
    invoice.lines[0].taxes = vec![ice, vat];
    invoice.info.net_total = amount("19.00");
    invoice.info.tax_totals = vec![
        tax_total("3", "3610", "19.00", "3.80"),
        tax_total("2", "4", "22.80", "3.42"),
    ];
    set_total(&mut invoice, "26.22");
    invoice
}

/// 10 dollars of expenses with 1.50 of IVA, billed to the one they were for.
pub(crate) fn reimbursement() -> Invoice {
    let mut invoice = invoice();
    let vat = tax("2", "6", "0.00", "11.50", "0.00");
    invoice.lines = vec![line("1.00", "11.50", "0.00", "11.50", vat)];
    invoice.reimbursed_documents = vec![reimbursed_document()];
    invoice.info.reimbursement = ReimbursementTotals {
        document_code: Some("41".into()),
        documents_total: Some(amount("11.50")),
        base_total: Some(amount("10.00")),
        tax_total: Some(amount("1.50")),
    };
    invoice.info.net_total = amount("11.50");
    invoice.info.discount_total = amount("0.00");
    invoice.info.tax_totals = vec![tax_total("2", "6", "11.50", "0.00")];
    set_total(&mut invoice, "11.50");
    invoice
}

/// 34 dollars of goods with 6 of freight.
pub(crate) fn export() -> Invoice {
    let mut invoice = invoice();
    invoice.lines[0].taxes = vec![tax("2", "0", "0.00", "19.00", "0.00")];
    invoice.info.tax_totals = vec![tax_total("2", "0", "34.00", "0.00")];
    invoice.info.export = Export {
        foreign_trade: Some("EXPORTADOR".into()),
        incoterm: Some("FOB".into()),
        incoterm_place: Some("Guayaquil".into()),
        origin_country: Some("593".into()),
        origin_port: Some("Guayaquil".into()),
        destination_port: Some("Hamburgo".into()),
        destination_country: Some("202".into()),
        acquisition_country: None,
    };
    invoice.info.incoterm_of_net_total = Some("FOB".into());
    invoice.info.international_freight = Some(amount("6.00"));
    set_total(&mut invoice, "40.00");
    invoice
}

/// The first sample sold to nobody in particular.
pub(crate) fn final_consumer() -> Invoice {
    let mut invoice = invoice();
    invoice.info.receiver_id_type = "07".into();
    invoice.info.receiver_id = "9999999999999".into();
    invoice.info.receiver_name = "CONSUMIDOR FINAL".into();
    invoice
}

/// The first sample on credit, to be sold on.
pub(crate) fn negotiable() -> Invoice {
    let mut invoice = invoice();
    invoice.negotiable_email = Some("compras@example.com".into());
    invoice.info.receiver_address = Some("Av. Amazonas 100".into());
    invoice.info.payments[0].term = Some(quantity("30"));
    invoice.info.payments[0].term_unit = Some("dias".into());
    invoice
}

/// The first sample with 0.37 of IVA and 0.06 of renta withheld.
pub(crate) fn with_withholdings() -> Invoice {
    let mut invoice = invoice();
    invoice.withholdings = vec![
        withholding("3", "1.00", "0.37"),
        withholding("327", "0.20", "0.06"),
    ];
    invoice.info.withheld_vat = Some(amount("0.37"));
    invoice.info.withheld_income_tax = Some(amount("0.06"));
    invoice
}

/// Sets total and payment.
pub(crate) fn set_total(invoice: &mut Invoice, total: &str) {
    invoice.info.total = amount(total);
    invoice.info.payments[0].total = amount(total);
}

pub(crate) fn tax(code: &str, rate_code: &str, percent: &str, base: &str, value: &str) -> LineTax {
    LineTax {
        code: code.into(),
        rate_code: rate_code.into(),
        rate: rate(percent),
        base: amount(base),
        amount: amount(value),
    }
}

pub(crate) fn tax_total(code: &str, rate_code: &str, base: &str, value: &str) -> TaxTotal {
    TaxTotal {
        code: code.into(),
        rate_code: rate_code.into(),
        additional_discount: None,
        base: amount(base),
        rate: None,
        amount: amount(value),
        vat_refund: None,
    }
}

pub(crate) fn line(units: &str, price: &str, discount: &str, net: &str, tax: LineTax) -> Line {
    Line {
        main_code: Some("A-1".into()),
        auxiliary_code: None,
        description: "Café".into(),
        unit: None,
        quantity: quantity(units),
        unit_price: quantity(price),
        price_without_subsidy: None,
        discount: amount(discount),
        net: amount(net),
        details: vec![],
        taxes: vec![tax],
    }
}

pub(crate) fn withholding(rate_code: &str, percent: &str, value: &str) -> InvoiceWithholding {
    InvoiceWithholding {
        code: "4".into(),
        rate_code: rate_code.into(),
        rate: rate(percent),
        amount: amount(value),
    }
}

fn tax_info() -> TaxInfo {
    let parts = key_parts();
    TaxInfo {
        environment: parts.environment,
        emission_type: 1,
        legal_name: "Tagua Cía. Ltda.".into(),
        trade_name: None,
        ruc: parts.ruc,
        access_key: parts.key(),
        series: parts.series,
        sequential: parts.sequential,
        head_office_address: "Quito".into(),
        withholding_agent: None,
        rimpe_legend: None,
    }
}

pub(crate) fn key_parts() -> AccessKeyParts {
    AccessKeyParts {
        date: TODAY,
        document_type: DocumentType::Invoice,
        ruc: "1790011674001".parse().unwrap(),
        environment: Environment::Test,
        series: Series {
            establishment: "001".parse().unwrap(),
            point: "002".parse().unwrap(),
        },
        sequential: Sequential::new(123).unwrap(),
        numeric_code: 12_345_678,
        emission_type: 1,
    }
}

fn info() -> InvoiceInfo {
    InvoiceInfo {
        issue_date: TODAY,
        establishment_address: None,
        special_taxpayer: None,
        keeps_accounts: Some(true),
        export: Export::default(),
        receiver_id_type: "05".into(),
        waybill_number: None,
        receiver_name: "Juana Pérez".into(),
        receiver_id: "1710034065".into(),
        receiver_address: None,
        net_total: amount("34.00"),
        subsidy_total: None,
        incoterm_of_net_total: None,
        discount_total: amount("1.00"),
        reimbursement: ReimbursementTotals::default(),
        tax_totals: vec![
            tax_total("2", "4", "19.00", "2.85"),
            tax_total("2", "0", "15.00", "0.00"),
        ],
        compensations: vec![],
        tip: Some(amount("0.00")),
        international_freight: None,
        international_insurance: None,
        customs_expenses: None,
        other_transport_expenses: None,
        total: amount("36.85"),
        currency: Some("DOLAR".into()),
        plate: None,
        payments: vec![Payment {
            method: "01".into(),
            total: amount("36.85"),
            term: None,
            term_unit: None,
        }],
        withheld_vat: None,
        withheld_income_tax: None,
    }
}

pub(crate) fn reimbursed_document() -> ReimbursedDocument {
    ReimbursedDocument {
        supplier_id_type: "04".into(),
        supplier_id: "1760013210001".into(),
        supplier_country: Some("593".into()),
        supplier_type: "02".into(),
        document_code: "01".into(),
        establishment: "001".into(),
        point: "001".into(),
        sequential: "000000007".into(),
        issue_date: TODAY,
        authorization: "1234567890".into(),
        taxes: vec![tax("2", "4", "15.00", "10.00", "1.50")],
        compensations: vec![],
    }
}

pub(crate) fn waybill() -> SubstituteWaybill {
    SubstituteWaybill {
        departure_address: "Quito".into(),
        receiver_address: "Manta".into(),
        start_date: TODAY,
        end_date: TODAY,
        carrier_name: "Transportes Andinos".into(),
        carrier_id_type: "04".into(),
        carrier_id: "1760013210001".into(),
        plate: "PBA1234".into(),
        destinations: vec![],
    }
}
