use proptest::prelude::*;
use rust_decimal::Decimal;
use tagua_fiscal::catalogue::VAT_RATES;
use tagua_fiscal::invoice::{Invoice, Line, LineTax, ThirdPartyItem};
use tagua_fiscal::rules::valid;
use tagua_fiscal::totals::*;
use tagua_fiscal::{Amount, Quantity, Rate};

use crate::sample::{self, amount, line, quantity, rate, tax, tax_total};

#[test]
fn the_net_of_a_line_is_rounded_once() {
    let of = |units, price, discount| {
        let line = line(units, price, discount, "0", tax("2", "0", "0", "0", "0"));
        line_net(&line).to_string()
    };
    assert_eq!(of("2.00", "10.00", "1.00"), "19.00");
    assert_eq!(of("3", "0.335", "0"), "1.01");
    assert_eq!(of("1.333333", "0.75", "0.00"), "1.00");
    assert_eq!(of("1", "5", "6"), "-1.00");
    let huge = "9999999999999999999999999999";
    assert!(!of(huge, huge, "0").is_empty());
}

#[test]
fn taxes_are_percentages_or_dollars_per_unit() {
    let of = |code, rate_code, base, percent| {
        tax_amount(code, rate_code, amount(base), rate(percent)).to_string()
    };
    assert_eq!(of("2", "4", "1.61", "15.00"), "0.24");
    assert_eq!(of("2", "4", "0.30", "15.00"), "0.05");
    assert_eq!(of("3", "3610", "19.00", "20.00"), "3.80");
    assert_eq!(of("3", "3680", "100.00", "0.08"), "8.00");
    assert_eq!(of("5", "5001", "12000.00", "0.02"), "240.00");
}

#[test]
fn ice_enters_the_base_of_the_iva_and_irbpnr_does_not() {
    let mut line = sample::with_ice().lines.remove(0);
    line.taxes.push(tax("5", "5001", "0.02", "10.00", "0.20"));
    assert_eq!(line_vat_base(&line).to_string(), "22.80");
}

#[test]
fn a_row_of_iva_is_rounded_once_and_one_of_ice_adds_up() {
    let small = |code, rate_code, percent| {
        line(
            "1",
            "0.30",
            "0",
            "0.30",
            tax(code, rate_code, percent, "0.30", "0.05"),
        )
    };
    let lines = vec![
        small("2", "4", "15.00"),
        small("2", "4", "15.00"),
        small("3", "3101", "10.00"),
    ];
    let rows = tax_totals(&lines, &[]);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| format!("{} {} {}", row.code, row.base, row.amount))
        .collect();
    assert_eq!(shown, ["2 0.60 0.09", "3 0.30 0.05"]);
    let rates: Vec<_> = rows.iter().map(|row| row.rate).collect();
    assert_eq!(rates, [Some(rate("15.00")), Some(rate("10.00"))]);
}

/// The figures of the ficha técnica: 295000 + 14750 + 37169.40 + 240.
#[test]
fn an_additional_discount_acts_through_the_tax() {
    let mut invoice = sample::invoice();
    let mut bottles = line(
        "1",
        "300000.00",
        "5000.00",
        "295000.00",
        tax("2", "2", "12.00", "309750.00", "37170.00"),
    );
    bottles
        .taxes
        .push(tax("3", "3072", "5.00", "295000.00", "14750.00"));
    bottles
        .taxes
        .push(tax("5", "5001", "0.02", "12000.00", "240.00"));
    invoice.lines = vec![bottles];
    let mut known = tax_total("2", "2", "0", "0");
    known.additional_discount = Some(amount("5.00"));
    invoice.info.tax_totals = vec![known];
    let totals = compute(&invoice);
    assert_eq!(totals.taxes[0].amount, amount("37169.40"));
    assert_eq!(totals.discount, amount("5005.00"));
    assert_eq!(totals.total, amount("347159.40"));
}

#[test]
fn the_total_takes_in_everything_charged() {
    let mut invoice = sample::invoice();
    invoice.info.tip = Some(amount("3.00"));
    invoice.info.customs_expenses = Some(amount("1.00"));
    invoice.info.other_transport_expenses = Some(amount("2.00"));
    invoice.info.international_insurance = Some(amount("0.50"));
    invoice.info.international_freight = Some(amount("0.25"));
    invoice.third_party_items = vec![ThirdPartyItem {
        concept: "Tasa".into(),
        total: amount("5.00"),
    }];
    invoice.info.tax_totals[0].vat_refund = Some(amount("0.85"));
    assert_eq!(compute(&invoice).total, amount("47.75"));
}

#[test]
fn the_totals_of_the_samples_are_those_computed() {
    for invoice in [
        sample::invoice(),
        sample::with_ice(),
        sample::reimbursement(),
        sample::export(),
    ] {
        let mut computed = invoice.clone();
        compute(&invoice).apply(&mut computed);
        for row in &mut computed.info.tax_totals {
            row.rate = None;
        }
        assert_eq!(computed, invoice);
    }
}

proptest! {
    #[test]
    fn computed_documents_have_no_error(
        lines in prop::collection::vec(any_line(), 1..30),
        discount in 0..500_i64,
        tip in 0..300_i64,
        freight in 0..300_i64,
    ) {
        let mut invoice = sample::invoice();
        invoice.lines = lines;
        let mut known = tax_total("2", "4", "0", "0");
        known.additional_discount = Some(cents(discount));
        invoice.info.tax_totals = vec![known];
        invoice.info.tip = Some(cents(tip));
        invoice.info.international_freight = Some(cents(freight));
        compute(&invoice).apply(&mut invoice);
        invoice.info.payments[0].total = invoice.info.total;
        let findings = sample::findings(&invoice);
        prop_assert!(valid(&findings), "{findings:#?}");
    }

    #[test]
    fn no_figures_make_it_panic(numbers in prop::collection::vec(any_decimal(), 12)) {
        let invoice = absurd(&numbers);
        let _ = (compute(&invoice), sample::findings(&invoice));
    }
}

fn cents(number: i64) -> Amount {
    Amount::exact(Decimal::new(number, 2))
}

/// A line of a code in force on the samples' day, with or without ICE and IRBPNR.
fn any_line() -> impl Strategy<Value = Line> {
    let taxes = (0..6_usize, any::<bool>(), any::<bool>());
    (1..9_999_999_i64, 0..99_999_999_i64, 0..100_i64, taxes).prop_map(
        |(units, price, off, (vat, ice, irbpnr))| {
            let mut line = line("0", "0", "0", "0", tax("2", "0", "0", "0", "0"));
            line.quantity = Quantity::exact(Decimal::new(units, 6));
            line.unit_price = Quantity::exact(Decimal::new(price, 6));
            line.net = line_net(&line);
            line.discount = Amount::rounded(line.net.value() * Decimal::new(off, 2));
            line.net = line_net(&line);
            let codes = ["0", "4", "5", "6", "7", "10"];
            line.taxes = Vec::new();
            if ice {
                line.taxes
                    .push(computed("3", "3610", line.net, rate("20.00")));
            }
            if irbpnr {
                line.taxes
                    .push(computed("5", "5001", amount("7.00"), rate("0.02")));
            }
            let row = VAT_RATES.iter().find(|row| row.code == codes[vat]).unwrap();
            let base = Amount::rounded(line_vat_base(&line));
            line.taxes.push(computed("2", row.code, base, row.rate));
            line
        },
    )
}

fn computed(code: &str, rate_code: &str, base: Amount, rate: Rate) -> LineTax {
    LineTax {
        code: code.into(),
        rate_code: rate_code.into(),
        rate,
        base,
        amount: tax_amount(code, rate_code, base, rate),
    }
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    (any::<i128>(), 0..=28_u32).prop_map(|(digits, scale)| {
        let most = Decimal::MAX.mantissa();
        Decimal::from_i128_with_scale((digits % most).clamp(-most, most), scale)
    })
}

fn absurd(numbers: &[Decimal]) -> Invoice {
    let mut invoice = sample::reimbursement();
    invoice.lines.push(sample::with_ice().lines.remove(0));
    let money = |at: usize| Amount::exact(numbers[at]);
    for line in &mut invoice.lines {
        line.quantity = Quantity::exact(numbers[0]);
        line.unit_price = quantity("1");
        line.unit_price = Quantity::exact(numbers[1]);
        line.discount = money(2);
        line.net = money(3);
        line.taxes[0].rate = Rate::exact(numbers[4]);
        line.taxes[0].base = money(5);
        line.taxes[0].amount = money(6);
    }
    let row = &mut invoice.info.tax_totals[0];
    (row.base, row.amount) = (money(7), money(8));
    (row.additional_discount, row.vat_refund) = (Some(money(9)), Some(money(10)));
    invoice.reimbursed_documents[0].taxes[0].base = money(11);
    invoice.info.tip = Some(money(5));
    invoice.info.net_total = money(11);
    invoice.info.total = money(7);
    invoice.info.customs_expenses = Some(money(3));
    invoice.info.withheld_vat = Some(money(6));
    invoice.info.reimbursement.documents_total = Some(money(2));
    invoice
}
