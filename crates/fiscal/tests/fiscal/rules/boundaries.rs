//! The last document that passes and the first that does not.

use jiff::civil::date;
use tagua_fiscal::invoice::{AdditionalField, Compensation, Invoice, LineDetail, ThirdPartyItem};
use tagua_fiscal::rules::{RuleCode, RuleContext, check, valid};

use crate::sample::{
    amount, export, final_consumer, findings, invoice, line, rate, reimbursement, set_total, tax,
    tax_total, with_withholdings,
};

#[track_caller]
fn finds(invoice: &Invoice, expected: &[RuleCode]) {
    let found = findings(invoice);
    let codes: Vec<_> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, expected, "{found:#?}");
}

#[test]
fn a_cent_is_tolerated() {
    let with = |net, amount_| {
        let mut invoice = invoice();
        invoice.lines[0].net = amount(net);
        invoice.lines[0].taxes[0].amount = amount(amount_);
        invoice
    };
    finds(&with("19.01", "2.86"), &[]);
    finds(&with("18.99", "2.84"), &[]);
    finds(&with("19.00", "2.87"), &[RuleCode::TaxAmount]);
    let two = [RuleCode::LineNet, RuleCode::LineVatBase, RuleCode::NetTotal];
    finds(&with("19.02", "2.85"), &two);
}

#[test]
fn a_sum_of_taxes_may_differ_by_a_cent_for_each_line() {
    let with = |value, total| {
        let mut invoice = invoice();
        invoice.info.tax_totals[0].amount = amount(value);
        set_total(&mut invoice, total);
        invoice
    };
    finds(&with("2.87", "36.87"), &[]);
    finds(&with("2.83", "36.83"), &[]);
    finds(&with("2.88", "36.88"), &[RuleCode::TaxTotalAmount]);
}

#[test]
fn an_additional_discount_may_be_subtracted_or_act_through_the_tax() {
    let with = |total| {
        let mut invoice = invoice();
        let row = &mut invoice.info.tax_totals[0];
        row.additional_discount = Some(amount("5.00"));
        row.amount = amount("2.10");
        invoice.info.discount_total = amount("6.00");
        set_total(&mut invoice, total);
        invoice
    };
    finds(&with("36.10"), &[]);
    finds(&with("31.10"), &[RuleCode::TotalForm]);
    finds(&with("36.85"), &[RuleCode::Total]);
    finds(&with("26.10"), &[RuleCode::Total]);
}

#[test]
fn export_charges_may_be_left_out_of_the_total() {
    let with = |total| {
        let mut invoice = export();
        set_total(&mut invoice, total);
        invoice
    };
    finds(&with("40.00"), &[]);
    finds(&with("34.00"), &[RuleCode::TotalForm]);
    finds(&with("37.00"), &[RuleCode::Total]);
}

#[test]
fn a_dollar_too_much_is_an_error() {
    let mut dollar_more = invoice();
    set_total(&mut dollar_more, "37.85");
    finds(&dollar_more, &[RuleCode::Total]);
    assert!(!valid(&findings(&dollar_more)));
}

#[test]
fn payments_may_leave_out_what_is_withheld() {
    let with = |paid| {
        let mut invoice = with_withholdings();
        invoice.info.payments[0].total = amount(paid);
        invoice
    };
    finds(&with("36.85"), &[]);
    finds(&with("36.42"), &[]);
    finds(&with("36.60"), &[RuleCode::PaymentSum]);
}

#[test]
fn compensations_of_2017_may_be_subtracted() {
    let with = |total| {
        let mut invoice = invoice();
        invoice.info.compensations = vec![Compensation {
            code: "1".into(),
            rate: rate("2.00"),
            amount: amount("0.38"),
        }];
        set_total(&mut invoice, total);
        invoice
    };
    finds(&with("36.47"), &[]);
    finds(&with("36.85"), &[]);
    finds(&with("36.60"), &[RuleCode::Total]);
}

#[test]
fn a_tip_is_a_tenth_at_most() {
    let with = |tip, total| {
        let mut invoice = invoice();
        invoice.info.tip = Some(amount(tip));
        set_total(&mut invoice, total);
        invoice
    };
    finds(&with("3.40", "40.25"), &[]);
    finds(&with("3.41", "40.26"), &[RuleCode::TipTooHigh]);
}

#[test]
fn documents_age() {
    let on = |year, month, day, today| {
        let mut invoice = invoice();
        let day = date(year, month, day);
        let key = tagua_fiscal::AccessKeyParts {
            date: day,
            ..crate::sample::key_parts()
        };
        (invoice.info.issue_date, invoice.tax_info.access_key) = (day, key.key());
        let found = check(&invoice, &RuleContext::on(today));
        found.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    let today = date(2026, 7, 29);
    assert_eq!(on(2026, 7, 29, today), []);
    assert_eq!(on(2026, 7, 28, today), [RuleCode::IssueDateNotToday]);
    assert_eq!(on(2026, 4, 30, today), [RuleCode::IssueDateNotToday]);
    assert_eq!(on(2026, 4, 29, today), [RuleCode::IssueDateOld]);
    assert_eq!(on(2026, 7, 30, today), [RuleCode::IssueDateFuture]);
    assert_eq!(on(2025, 12, 30, date(2025, 12, 31)), []);
    assert_eq!(
        on(9999, 12, 31, date(-9999, 1, 1)),
        [RuleCode::IssueDateFuture]
    );
}

#[test]
fn an_old_document_is_judged_by_its_own_day() {
    let mut old = final_consumer();
    let day = date(2022, 3, 1);
    old.info.issue_date = day;
    old.tax_info.access_key = tagua_fiscal::AccessKeyParts {
        date: day,
        ..crate::sample::key_parts()
    }
    .key();
    old.lines[0] = line(
        "6.00",
        "10.00",
        "1.00",
        "59.00",
        tax("2", "2", "12.00", "59.00", "7.08"),
    );
    old.info.tax_totals[0] = tax_total("2", "2", "59.00", "7.08");
    old.info.net_total = amount("74.00");
    set_total(&mut old, "81.08");
    assert_eq!(check(&old, &RuleContext::on(day)), []);
}

#[test]
fn consumidor_final_may_owe_fifty_dollars() {
    let with = |freight, total| {
        let mut invoice = final_consumer();
        invoice.lines[1].net = amount(freight);
        invoice.lines[1].unit_price = tagua_fiscal::Quantity::exact(amount(freight).value());
        invoice.lines[1].quantity = "1".parse().unwrap();
        invoice.lines[1].taxes[0].base = amount(freight);
        invoice.info.tax_totals[1].base = amount(freight);
        invoice.info.net_total = amount(total)
            .value()
            .saturating_sub(amount("2.85").value())
            .to_string()
            .parse()
            .unwrap();
        set_total(&mut invoice, total);
        invoice
    };
    finds(&with("28.15", "50.00"), &[]);
    finds(&with("28.16", "50.01"), &[RuleCode::FinalConsumerLimit]);
}

#[test]
fn consumidor_final_may_be_written_in_any_case() {
    let mut invoice = final_consumer();
    invoice.info.receiver_name = "Consumidor final".into();
    finds(&invoice, &[]);
}

#[test]
fn items_of_third_parties_are_charged() {
    let mut invoice = invoice();
    invoice.third_party_items = vec![ThirdPartyItem {
        concept: "Tasa de bomberos".into(),
        total: amount("5.00"),
    }];
    set_total(&mut invoice, "41.85");
    finds(&invoice, &[]);
    set_total(&mut invoice, "36.85");
    finds(&invoice, &[RuleCode::Total]);
}

#[test]
fn a_row_of_nothing_needs_no_lines() {
    let mut invoice = invoice();
    invoice
        .info
        .tax_totals
        .push(tax_total("2", "6", "0.00", "0.00"));
    finds(&invoice, &[]);
}

#[test]
fn fifteen_additional_fields_and_three_details_fit() {
    let mut invoice = invoice();
    let field = AdditionalField {
        name: "Pedido".into(),
        value: "118".into(),
    };
    invoice.additional_fields = vec![field; 15];
    let detail = LineDetail {
        name: "Lote".into(),
        value: "7".into(),
    };
    invoice.lines[0].details = vec![detail; 3];
    finds(&invoice, &[]);
}

#[test]
fn both_rimpe_legends_pass() {
    for legend in tagua_fiscal::catalogue::RIMPE_LEGENDS {
        let mut invoice = invoice();
        invoice.tax_info.rimpe_legend = Some(legend.into());
        finds(&invoice, &[]);
    }
}

#[test]
fn ice_in_dollars_per_unit_counts_units() {
    let with = |code, percent, base, value, vat_base, vat, total| {
        let mut invoice = crate::sample::with_ice();
        invoice.lines[0].taxes = vec![
            tax("3", code, percent, base, value),
            tax("2", "4", "15.00", vat_base, vat),
        ];
        invoice.info.tax_totals = vec![
            tax_total("3", code, base, value),
            tax_total("2", "4", vat_base, vat),
        ];
        set_total(&mut invoice, total);
        invoice
    };
    finds(
        &with("3680", "0.08", "50.00", "4.00", "23.00", "3.45", "26.45"),
        &[],
    );
    finds(
        &with("3031", "75.00", "19.00", "16.00", "35.00", "5.25", "40.25"),
        &[],
    );
    let percentage = with("3680", "10.00", "19.00", "1.90", "20.90", "3.14", "24.04");
    finds(&percentage, &[]);
    let short = with("3031", "75.00", "19.00", "14.00", "33.00", "4.95", "37.95");
    finds(&short, &[RuleCode::TaxAmount]);
    let neither = with("3680", "0.08", "50.00", "9.00", "28.00", "4.20", "32.20");
    finds(&neither, &[RuleCode::TaxAmount]);
}

#[test]
fn a_document_without_anything_in_it_is_answered() {
    let mut empty = invoice();
    empty.lines.clear();
    empty.info.tax_totals.clear();
    empty.info.payments.clear();
    let expected = [
        RuleCode::DiscountTotal,
        RuleCode::Total,
        RuleCode::PaymentsMissing,
    ];
    finds(&empty, &expected);
}

#[test]
fn a_tax_missing_in_the_totals_is_told_once() {
    let mut invoice = invoice();
    invoice.lines.push(invoice.lines[1].clone());
    invoice.lines[1].taxes[0].rate_code = "6".into();
    invoice.lines[2].taxes[0].rate_code = "6".into();
    let found = findings(&invoice);
    let missing = found.iter().filter(|f| f.code == RuleCode::TaxTotalMissing);
    assert_eq!(missing.count(), 1);
}

#[test]
fn authorisations_have_three_lengths() {
    for digits in [10, 37, 49] {
        let mut invoice = reimbursement();
        invoice.reimbursed_documents[0].authorization = "1".repeat(digits);
        finds(&invoice, &[]);
    }
}

#[test]
fn other_taxes_of_a_reimbursement_keep_their_codes() {
    let mut invoice = reimbursement();
    let bottles = tax("5", "5001", "0.02", "0.00", "0.00");
    invoice.lines[0].taxes.push(bottles);
    invoice
        .info
        .tax_totals
        .push(tax_total("5", "5001", "0.00", "0.00"));
    finds(&invoice, &[]);
}
