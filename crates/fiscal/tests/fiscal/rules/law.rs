//! What the law asks since a day, and of whom: the last day before it and the
//! first one of it.

use jiff::civil::{Date, date};
use tagua_fiscal::common::AdditionalField;
use tagua_fiscal::invoice::Invoice;
use tagua_fiscal::rules::{
    IssuerStatus, Regime, RuleCode, RuleContext, check, check_document, valid,
};
use tagua_fiscal::withholding::{Withholding, WithholdingBody};
use tagua_fiscal::{Document, Rate};

use super::documents::withholding_of;
use crate::documents::{self, first_tax};
use crate::sample::{TODAY, amount, invoice, rate};

/// The rules that need an issuer.
pub(super) const TRIED: [RuleCode; 7] = [
    RuleCode::RimpeStatus,
    RuleCode::WithholdingAgentStatus,
    RuleCode::LargeTaxpayerField,
    RuleCode::SoftwareProviderField,
    RuleCode::TransportPlate,
    RuleCode::PlateFormat,
    RuleCode::TransportCode,
];

/// Whether an issuer's document breaks a rule, as a warning that says what to do.
#[track_caller]
fn breaks(document: &Document, issuer: &IssuerStatus, code: RuleCode) -> bool {
    let context = RuleContext {
        issuer: issuer.clone(),
        ..RuleContext::on(TODAY)
    };
    let found = check_document(document, &context);
    assert!(valid(&found), "{found:#?}");
    let Some(finding) = found.iter().find(|finding| finding.code == code) else {
        return false;
    };
    let message = &finding.message;
    assert_eq!(message.split(". ").count(), 3, "{message}");
    assert!(message.ends_with('.'), "{message}");
    true
}

fn on(day: Date) -> Invoice {
    let mut invoice = invoice();
    invoice.info.issue_date = day;
    // A rate of any day.
    let vat = &mut invoice.lines[0].taxes[0];
    (vat.rate_code, vat.rate, vat.amount) = ("0".into(), rate("0.00"), amount("0.00"));
    invoice.info.tax_totals.remove(0);
    invoice.info.tax_totals[0].base = amount("34.00");
    invoice.info.total = amount("34.00");
    invoice.info.payments[0].total = amount("34.00");
    invoice
}

fn boxed(invoice: Invoice) -> Document {
    Document::Invoice(Box::new(invoice))
}

fn with_field(mut invoice: Invoice, name: &str, value: &str) -> Document {
    invoice.additional_fields.push(AdditionalField {
        name: name.into(),
        value: value.into(),
    });
    boxed(invoice)
}

#[test]
fn the_legend_is_that_of_the_regime() {
    let of = |regime| IssuerStatus {
        regime: Some(regime),
        ..IssuerStatus::default()
    };
    let with = |legend: Option<&str>| {
        let mut invoice = invoice();
        invoice.tax_info.rimpe_legend = legend.map(str::to_owned);
        boxed(invoice)
    };
    let regimes = [
        Regime::General,
        Regime::RimpeEntrepreneur,
        Regime::RimpeSmallBusiness,
    ];
    for is in regimes {
        for says in regimes {
            let broken = breaks(&with(says.legend()), &of(is), RuleCode::RimpeStatus);
            assert_eq!(broken, is != says, "{is:?} {says:?}");
        }
    }
    let unknown = IssuerStatus::default();
    let legend = Regime::RimpeEntrepreneur.legend();
    assert!(!breaks(&with(legend), &unknown, RuleCode::RimpeStatus));
    // Another text is told once, by its own rule.
    let other = with(Some("RIMPE"));
    let general = of(Regime::General);
    assert!(!breaks(&other, &general, RuleCode::RimpeStatus));
    assert!(breaks(&other, &general, RuleCode::RimpeLegend));
}

#[test]
fn a_withholding_agent_writes_its_resolution() {
    let agent = IssuerStatus {
        withholding_agent: Some("00000012".into()),
        ..IssuerStatus::default()
    };
    let with = |number: Option<&str>| {
        let mut invoice = invoice();
        invoice.tax_info.withholding_agent = number.map(str::to_owned);
        boxed(invoice)
    };
    let code = RuleCode::WithholdingAgentStatus;
    assert!(!breaks(&with(Some("12")), &agent, code));
    assert!(!breaks(&with(Some("00000012")), &agent, code));
    assert!(breaks(&with(Some("13")), &agent, code));
    assert!(breaks(&with(None), &agent, code));
    assert!(!breaks(&with(Some("13")), &IssuerStatus::default(), code));
}

#[test]
fn a_large_taxpayer_says_so_in_invoices_and_notes() {
    let large = IssuerStatus {
        large_taxpayer: Some("NAC-1".into()),
        ..IssuerStatus::default()
    };
    let code = RuleCode::LargeTaxpayerField;
    assert!(!breaks(&boxed(on(date(2024, 5, 31))), &large, code));
    assert!(breaks(&boxed(on(date(2024, 6, 1))), &large, code));
    let with = |value| with_field(invoice(), "Gran Contribuyente", value);
    assert!(!breaks(&with("NAC-1"), &large, code));
    assert!(breaks(&with("NAC-2"), &large, code));
    let credit = Document::CreditNote(Box::new(documents::credit_note()));
    let debit = Document::DebitNote(Box::new(documents::debit_note()));
    let waybill = Document::Waybill(Box::new(documents::waybill()));
    assert!(breaks(&credit, &large, code));
    assert!(breaks(&debit, &large, code));
    assert!(!breaks(&waybill, &large, code));
    assert!(!breaks(&withholding_of(documents::ats()), &large, code));
}

#[test]
fn the_supplier_of_the_software_is_named_in_every_document() {
    let hosted = IssuerStatus {
        software_provider: Some("1760013210001".parse().unwrap()),
        ..IssuerStatus::default()
    };
    let code = RuleCode::SoftwareProviderField;
    assert!(!breaks(&boxed(on(date(2026, 9, 25))), &hosted, code));
    assert!(breaks(&boxed(on(date(2026, 9, 26))), &hosted, code));
    let with = |value| with_field(on(date(2026, 9, 26)), "RUC Proveedor", value);
    assert!(!breaks(&with("1760013210001"), &hosted, code));
    assert!(breaks(&with("1790011674001"), &hosted, code));
    let mut certificate = documents::ats();
    certificate.info.issue_date = date(2026, 9, 26);
    assert!(breaks(&withholding_of(certificate), &hosted, code));
}

fn operator() -> IssuerStatus {
    IssuerStatus {
        transport_operator: true,
        ..IssuerStatus::default()
    }
}

fn with_plate(mut invoice: Invoice, plate: &str) -> Document {
    invoice.info.plate = Some(plate.into());
    boxed(invoice)
}

#[test]
fn a_transport_operator_writes_the_plate() {
    let code = RuleCode::TransportPlate;
    assert!(!breaks(&boxed(on(date(2026, 10, 10))), &operator(), code));
    assert!(breaks(&boxed(on(date(2026, 10, 11))), &operator(), code));
    let with = with_plate(on(date(2026, 10, 11)), "ABC0123");
    assert!(!breaks(&with, &operator(), code));
    let nobody = IssuerStatus::default();
    assert!(!breaks(&boxed(on(date(2026, 10, 11))), &nobody, code));
}

#[test]
fn plates_have_a_form() {
    let code = RuleCode::PlateFormat;
    let of = |plate, issuer: &IssuerStatus| breaks(&with_plate(invoice(), plate), issuer, code);
    for plate in ["ABC1234", "ABC0123"] {
        assert!(!of(plate, &operator()), "{plate}");
    }
    for plate in [
        "ABC123", "abc1234", "ABC-1234", "AB01234", "ABC12345", "ÑBC1234", "",
    ] {
        assert!(of(plate, &operator()), "{plate}");
    }
    let station = IssuerStatus::default();
    let of_fuel = [
        "ABC1234", "CU104634", "ZZZ9999", "AB023C", "CD0123", "ABCD0123", "MAQN12",
    ];
    for plate in of_fuel {
        assert!(!of(plate, &station), "{plate}");
    }
    for plate in ["ABC123", "ABC-1234", "abc1234", "PÑA1234"] {
        assert!(of(plate, &station), "{plate}");
    }
}

#[test]
fn a_transport_operator_codes_its_lines() {
    let code = RuleCode::TransportCode;
    let with = |day, auxiliary: Option<&str>| {
        let mut invoice = on(day);
        for line in &mut invoice.lines {
            line.auxiliary_code = auxiliary.map(str::to_owned);
        }
        boxed(invoice)
    };
    let (before, since) = (date(2025, 10, 31), date(2025, 11, 1));
    assert!(!breaks(&with(before, None), &operator(), code));
    assert!(breaks(&with(since, None), &operator(), code));
    assert!(breaks(&with(since, Some("H492003")), &operator(), code));
    assert!(!breaks(&with(since, Some("H492001")), &operator(), code));
    assert!(!breaks(&with(since, Some("H492002")), &operator(), code));
    let nobody = IssuerStatus::default();
    assert!(!breaks(&with(since, None), &nobody, code));
}

/// Since 2026 a document is issued on the day it is sent.
#[test]
fn documents_are_sent_on_their_day() {
    let found = |day: Date| {
        let context = RuleContext::on(day.tomorrow().unwrap());
        let found = check(&on(day), &context);
        found.iter().any(|f| f.code == RuleCode::IssueDateNotToday)
    };
    assert!(!found(date(2025, 12, 30)));
    assert!(found(date(2025, 12, 31)));
    assert!(found(date(2026, 11, 20)));
}

fn at(day: Date, code: &str, percent: &str) -> Document {
    let mut certificate = documents::retention();
    certificate.info.issue_date = day;
    let tax = first_tax(&mut certificate);
    tax.withholding_code = code.into();
    tax.rate = rate(percent);
    let base = tax.base.value() * tax.rate.value();
    tax.amount = tagua_fiscal::Amount::rounded(base / Rate::exact(100.into()).value());
    withholding_of(certificate)
}

#[test]
fn percentages_changed_in_march_2026() {
    let nobody = IssuerStatus::default();
    let (before, since) = (date(2026, 2, 28), date(2026, 3, 1));
    let wrong =
        |day, code, percent| breaks(&at(day, code, percent), &nobody, RuleCode::WithholdingRate);
    assert!(!wrong(before, "312", "1.75"));
    assert!(wrong(before, "312", "2.00"));
    assert!(wrong(since, "312", "1.75"));
    assert!(!wrong(since, "312", "2.00"));
    assert!(!wrong(since, "3440", "3.00"));
    assert!(wrong(since, "3440", "2.75"));
    // A choice, a span, and what no table knows.
    assert!(!wrong(since, "310", "0.00"));
    assert!(!wrong(since, "338", "1.50"));
    assert!(wrong(since, "338", "2.50"));
    assert!(!wrong(since, "346", "7.00"));
    assert!(!wrong(date(2015, 12, 25), "312", "1.00"));
    assert!(!wrong(since, "501", "30.00"));
    // March of 2024.
    assert!(!wrong(date(2024, 2, 29), "304", "8.00"));
    assert!(wrong(date(2024, 3, 1), "304", "8.00"));
}

#[test]
fn retentions_are_in_time() {
    let late = |cited: Date, day: Date| {
        let mut certificate = documents::retention();
        certificate.info.issue_date = day;
        let WithholdingBody::Taxes(taxes) = &mut certificate.body else {
            panic!("taxes");
        };
        for tax in taxes {
            tax.document_date = Some(cited);
        }
        let nobody = IssuerStatus::default();
        breaks(
            &withholding_of(certificate),
            &nobody,
            RuleCode::WithholdingLate,
        )
    };
    // From Friday to the Friday after five working days pass, to Monday six.
    assert!(!late(date(2026, 7, 17), date(2026, 7, 24)));
    assert!(!late(date(2026, 7, 17), date(2026, 7, 26)));
    assert!(late(date(2026, 7, 17), date(2026, 7, 27)));
    assert!(!late(date(2026, 7, 29), date(2026, 7, 28)));
    assert!(late(Date::MIN, date(2026, 7, 27)));
}

#[test]
fn the_period_is_of_the_certificate_or_of_its_document() {
    let wrong = |period: &str, change: fn(&mut Withholding)| {
        let mut certificate = documents::retention();
        certificate.info.fiscal_period = period.into();
        change(&mut certificate);
        let nobody = IssuerStatus::default();
        let document = withholding_of(certificate);
        breaks(&document, &nobody, RuleCode::FiscalPeriod)
    };
    assert!(!wrong("07/2026", |_| ()));
    for period in ["06/2026", "08/2026", "07/2025", "7/2026", "13/2026", ""] {
        assert!(wrong(period, |_| ()), "{period}");
    }
    assert!(!wrong("06/2026", |certificate| {
        first_tax(certificate).document_date = Some(date(2026, 6, 30));
    }));
}
