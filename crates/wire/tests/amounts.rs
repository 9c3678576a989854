//! The amount rules of CONTRACT 7.4 with the numbers of its examples.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::{IntoInvoice, invoice, now, plain, read_in, refused, with, without};
use tagua_fiscal::invoice::Invoice;
use tagua_wire::{ForeignCurrency, MissingPayment, WireContext};

fn line(cantidad: Json, precio: Json, descuento: Json, neto: Json) -> (String, String) {
    let body = with(&[
        ("/items/0/cantidad", cantidad),
        ("/items/0/precio_unitario", precio),
        ("/items/0/descuento", descuento),
        ("/items/0/precio_total_sin_impuestos", neto),
    ]);
    let line = invoice(&body).lines.remove(0);
    (line.discount.to_string(), line.net.to_string())
}

#[track_caller]
fn check_line(numbers: [Json; 4], discount: &str, net: &str) {
    let [q, p, d, n] = numbers;
    assert_eq!(line(q, p, d, n), (discount.to_owned(), net.to_owned()));
}

#[test]
fn a_discount_is_per_unit_only_when_the_net_says_so() {
    // The documented example: 2 × (5 − 1) = 8.
    check_line([json!(2), json!(5), json!(1), json!(8)], "2.00", "8.00");
    check_line([json!(2), json!(5), json!(1), json!(9)], "1.00", "9.00");
    check_line([json!(1), json!(7), json!(1), json!(6)], "1.00", "6.00");
    // A cent of tolerance, and neither reading fits.
    check_line(
        [json!(2), json!(5), json!(1), json!("8.01")],
        "2.00",
        "8.01",
    );
    check_line(
        [json!(2), json!(5), json!(1), json!("8.02")],
        "1.00",
        "8.02",
    );
    // Without a net it is the line's.
    check_line([json!(2), json!(5), json!(1), json!("")], "1.00", "9.00");
    check_line(
        [json!(3), json!("0.335"), json!(0), json!(null)],
        "0.00",
        "1.01",
    );
}

fn totals_of(body: &Json) -> Vec<(String, Option<String>, String)> {
    let rows = invoice(body).info.tax_totals;
    let text = |row: &tagua_fiscal::invoice::TaxTotal| {
        let discount = row.additional_discount.map(|d| d.to_string());
        (row.rate_code.clone(), discount, row.amount.to_string())
    };
    rows.iter().map(text).collect()
}

#[test]
fn an_additional_discount_goes_to_the_total_it_belongs_to() {
    let rows = |rows: Json| {
        with(&[
            ("/totales/descuento_adicional", json!(30)),
            ("/totales/impuestos", rows),
        ])
    };
    let taxed = json!({"codigo": 2, "codigo_porcentaje": 4, "base_imponible": 300, "valor": 40.5});
    let free = json!({"codigo": 2, "codigo_porcentaje": 0, "base_imponible": 40, "valor": 0});
    let found = totals_of(&rows(json!([free, taxed])));
    assert_eq!(found[0].1, None);
    assert_eq!(found[1], ("4".into(), Some("30.00".into()), "40.50".into()));
    // With one IVA total it goes there even if the amount does not agree.
    let odd = json!({"codigo": 2, "codigo_porcentaje": 4, "base_imponible": 300, "valor": 45});
    let ice = json!({"codigo": 3, "codigo_porcentaje": 3610, "base_imponible": 300, "valor": 3});
    let found = totals_of(&rows(json!([ice, odd.clone()])));
    assert_eq!(
        (found[0].1.clone(), found[1].1.clone()),
        (None, Some("30.00".into()))
    );
    // The rate does not fit: the row at 0 %.
    let found = totals_of(&rows(json!([odd, free])));
    assert_eq!(
        (found[0].1.clone(), found[1].1.clone()),
        (None, Some("30.00".into()))
    );
    // A row has its own already.
    let own = json!({"codigo": 2, "codigo_porcentaje": 5, "base_imponible": 10, "valor": 0.4, "descuento_adicional": 2});
    let found = totals_of(&rows(json!([taxed, own])));
    assert_eq!(
        (found[0].1.clone(), found[1].1.clone()),
        (None, Some("2.00".into()))
    );
}

#[test]
fn an_additional_discount_on_another_tax_is_ignored() {
    let body = with(&[(
        "/totales/impuestos",
        json!([
            {"codigo": 3, "codigo_porcentaje": 3610, "base_imponible": 30, "valor": 6, "descuento_adicional": 2},
            {"codigo": 2, "codigo_porcentaje": 4, "base_imponible": 36, "valor": 5.4}
        ]),
    )]);
    assert_eq!(totals_of(&body)[0].1, None);
}

#[test]
fn taxes_of_a_line_are_derived_from_net_and_rate() {
    let body = with(&[(
        "/items/0/impuestos",
        json!([
            {"codigo": 2, "codigo_porcentaje": 4},
            {"codigo": 3, "codigo_porcentaje": 3610, "tarifa": 20},
            {"codigo": 5, "codigo_porcentaje": 5001}
        ]),
    )]);
    let taxes = &invoice(&body).lines[0].taxes;
    let rows: Vec<_> = taxes
        .iter()
        .map(|t| {
            [
                &t.rate.to_string(),
                &t.base.to_string(),
                &t.amount.to_string(),
            ]
            .map(String::clone)
        })
        .collect();
    let row = |values: [&str; 3]| values.map(str::to_owned);
    let expected = [
        ["15.00", "120.00", "18.00"],
        ["20.00", "100.00", "20.00"],
        ["0.02", "4.00", "0.08"],
    ];
    assert_eq!(rows, expected.map(row));
}

#[test]
fn a_rate_without_code_table_is_what_the_amount_implies() {
    let body = with(&[(
        "/items/0/impuestos/1",
        json!(
            {"codigo": 3, "codigo_porcentaje": 3092, "base_imponible": 30, "valor": 4.5}
        ),
    )]);
    assert_eq!(invoice(&body).lines[0].taxes[1].rate.to_string(), "15.00");
}

#[test]
fn totals_that_are_left_out_follow_from_the_lines() {
    let mut body = without(&["/totales/descuento", "/totales/propina"]);
    body["totales"]["impuestos"] = json!([{"codigo": 2, "codigo_porcentaje": 4}]);
    body["items"][0]["descuento"] = json!(1);
    body["items"][0]["precio_total_sin_impuestos"] = json!(99);
    let info = invoice(&body).info;
    assert_eq!(info.discount_total.to_string(), "1.00");
    assert_eq!(info.tip.unwrap().to_string(), "0.00");
    assert_eq!(info.tax_totals[0].base.to_string(), "100.00");
    assert_eq!(info.tax_totals[0].amount.to_string(), "15.00");
    assert_eq!(info.tax_totals[0].rate.unwrap().to_string(), "15.00");
}

#[test]
fn the_total_goes_by_its_other_name() {
    let mut body = without(&["/totales/importe_total"]);
    body["totales"]["total"] = json!("115.00");
    assert_eq!(invoice(&body).info.total.to_string(), "115.00");
}

fn payments_of(invoice: &Invoice) -> Vec<String> {
    let text = |p: &tagua_fiscal::invoice::Payment| {
        let term = p.term.map(|t| t.to_string()).unwrap_or_default();
        let unit = p.term_unit.clone().unwrap_or_default();
        format!("{} {} {term} {unit}", p.method, p.total)
            .trim_end()
            .to_owned()
    };
    invoice.info.payments.iter().map(text).collect()
}

#[track_caller]
fn check_payment(sent: Json, written: &str) {
    assert_eq!(
        payments_of(&invoice(&with(&[("/pagos", json!([sent]))]))),
        [written]
    );
}

#[test]
fn payment_codes_and_terms_go_by_every_name() {
    check_payment(json!({"medio": "cheque", "total": 1}), "20 1.00");
    check_payment(json!({"forma_pago": "1", "total": "1"}), "01 1.00");
    check_payment(json!({"codigo": 19, "total": 1}), "19 1.00");
    check_payment(
        json!({"tipo_pago": "Tarjeta_Debito", "total_pago": 1}),
        "16 1.00",
    );
    check_payment(json!({"tipo": "endoso_inversion", "total": 1}), "21 1.00");
    check_payment(
        json!({"medio": "compensacion_deudas", "total": 1}),
        "15 1.00",
    );
    check_payment(
        json!({"medio": "20", "total": 1, "plazo": "8"}),
        "20 1.00 8 dias",
    );
    check_payment(
        json!({"medio": "otros", "total": 1, "propiedades": {"plazo": 45, "unidad_tiempo": "meses"}}),
        "20 1.00 45 meses",
    );
    check_payment(
        json!({"medio": "otros", "total": 1, "propiedades": {"plazo": "a convenir"}}),
        "20 1.00",
    );
    check_payment(
        json!({"medio": "otros", "total": 1, "unidad_tiempo": "dias"}),
        "20 1.00",
    );
    let unknown = with(&[("/pagos/0", json!({"forma_pago": "trueque", "total": 1}))]);
    refused(&unknown, "pagos[0].forma_pago", "INVALID_VALUE");
}

#[test]
fn a_credit_is_one_more_payment() {
    let credit = |credit: Json| payments_of(&invoice(&with(&[("/credito", credit)])));
    let due = |day: &str| json!({"fecha_vencimiento": day, "monto": 1900});
    assert_eq!(
        credit(due("2026-12-18")),
        ["01 115.00", "20 1900.00 30 dias"]
    );
    assert_eq!(
        credit(due("2015-03-28")),
        ["01 115.00", "20 1900.00 0 dias"]
    );
    let by_card =
        json!({"fecha_vencimiento": "2026-11-19", "monto": 1, "medio": "tarjeta_credito"});
    assert_eq!(credit(by_card)[1], "19 1.00 1 dias");
    refused(
        &with(&[("/credito", json!({"monto": 1}))]),
        "credito.fecha_vencimiento",
        "MISSING_PARAMETER",
    );
}

#[test]
fn without_payments_there_is_one_over_the_total_unless_the_operator_says_no() {
    let body = without(&["/pagos"]);
    assert_eq!(payments_of(&invoice(&body)), ["20 115.00"]);
    let context = WireContext {
        missing_payment: MissingPayment::LeftOut,
        ..WireContext::at(now())
    };
    let read = read_in(&body.to_string(), &context)
        .unwrap()
        .into_invoice(1);
    assert!(payments_of(&read).is_empty());
}

#[test]
fn withheld_amounts_withholdings_and_compensations() {
    let body = with(&[
        ("/valor_ret_iva", json!("70.40")),
        ("/valor_retenido_renta", json!(29.60)),
        (
            "/retenciones",
            json!([
                {"codigo_porcentaje": 327, "valor": 4.4},
                {"codigo": "4", "codigo_porcentaje": "3", "porcentaje": 100, "valor": "59.4"}
            ]),
        ),
        ("/compensaciones", json!({"tarifa": 2, "valor": 2})),
    ]);
    let invoice = invoice(&body);
    assert_eq!(invoice.info.withheld_vat.unwrap().to_string(), "70.40");
    assert_eq!(
        invoice.info.withheld_income_tax.unwrap().to_string(),
        "29.60"
    );
    let rows: Vec<_> = invoice
        .withholdings
        .iter()
        .map(|w| format!("{} {} {} {}", w.code, w.rate_code, w.rate, w.amount))
        .collect();
    assert_eq!(rows, ["4 327 0.20 4.40", "4 3 100.00 59.40"]);
    let compensation = &invoice.info.compensations[0];
    assert_eq!(
        (compensation.code.as_str(), compensation.rate.to_string()),
        ("1", "2.00".into())
    );
}

/// The invoice of 115 in euros at this rate.
fn euros(rate: Json) -> Json {
    with(&[("/moneda", json!("eur")), ("/tasa_cambio", rate)])
}

#[test]
fn another_currency_is_written_in_dollars() {
    let invoice = invoice(&euros(json!("1.084200")));
    assert_eq!(invoice.info.currency.as_deref(), Some("DOLAR"));
    assert_eq!(invoice.lines[0].unit_price.to_string(), "27.105");
    assert_eq!(invoice.lines[0].net.to_string(), "108.42");
    assert_eq!(invoice.info.tax_totals[0].amount.to_string(), "16.26");
    assert_eq!(invoice.info.total.to_string(), "124.68");
    assert_eq!(payments_of(&invoice), ["01 124.68"]);
    let note = invoice.additional_fields.last().unwrap();
    assert_eq!(note.name, "Moneda original");
    assert_eq!(note.value, "eur 115.0 (tasa de cambio 1.084200)");
}

#[test]
fn payments_that_did_not_add_up_are_only_multiplied() {
    let mut body = euros(json!(2));
    body["pagos"] =
        json!([{"medio": "efectivo", "total": 10}, {"medio": "cheque", "total": 1.005}]);
    assert_eq!(payments_of(&invoice(&body)), ["01 20.00", "20 2.01"]);
    // Less the retained amounts they did: the last one takes the rest.
    body["valor_retenido_iva"] = json!(15);
    body["tasa_cambio"] = json!("1.0842");
    body["pagos"] =
        json!([{"medio": "efectivo", "total": 33.33}, {"medio": "cheque", "total": 66.67}]);
    assert_eq!(payments_of(&invoice(&body)), ["01 36.14", "20 72.28"]);
}

#[test]
fn a_tax_that_did_not_follow_from_its_rate_is_only_multiplied() {
    let mut body = euros(json!(2));
    body["items"][0]["impuestos"][0]["valor"] = json!(20);
    let tax = &invoice(&body).lines[0].taxes[0];
    assert_eq!(
        (tax.base.to_string(), tax.amount.to_string()),
        ("200.00".into(), "40.00".into())
    );
}

#[test]
fn the_note_on_the_currency_keeps_out_of_a_full_list() {
    let mut body = euros(json!(2));
    let full: Json = (0..15).map(|i| (format!("k{i}"), json!(i))).collect();
    body["informacion_adicional"] = full;
    assert_eq!(invoice(&body).additional_fields.len(), 15);
    body["informacion_adicional"] = json!({"Moneda original": "yo"});
    let fields = invoice(&body).additional_fields;
    assert_eq!((fields.len(), fields[0].value.as_str()), (1, "yo"));
}

#[test]
fn the_operator_may_leave_the_currency() {
    let context = WireContext {
        foreign_currency: ForeignCurrency::AsSent,
        ..WireContext::at(now())
    };
    let read = |body: Json| {
        read_in(&body.to_string(), &context)
            .unwrap()
            .into_invoice(1)
    };
    let invoice = read(euros(json!(2)));
    assert_eq!(invoice.info.currency.as_deref(), Some("EURO"));
    assert_eq!(invoice.info.total.to_string(), "115.00");
    assert!(invoice.additional_fields.is_empty());
}

#[test]
fn dollars_need_no_rate_and_ignore_one() {
    for name in ["USD", "dolar", "DÓLAR", " usd "] {
        let body = with(&[("/moneda", json!(name)), ("/tasa_cambio", json!(3))]);
        assert_eq!(invoice(&body), invoice(&plain()));
    }
    refused(
        &with(&[("/moneda", json!("EUR"))]),
        "tasa_cambio",
        "MISSING_PARAMETER",
    );
    refused(&euros(json!(0)), "tasa_cambio", "INVALID_VALUE");
    refused(&euros(json!(-1)), "tasa_cambio", "INVALID_VALUE");
    refused(&euros(json!("x")), "tasa_cambio", "INVALID_DATA_TYPE");
}

proptest! {
    /// What added up before the conversion adds up after it.
    #[test]
    fn converted_invoices_add_up(
        lines in prop::collection::vec((1u32..500, 1u32..100_000), 1..6),
        rate in 1u32..50_000,
        split in 1u32..100,
    ) {
        use rust_decimal::Decimal;
        let cents = |d: Decimal| d.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
        let tax_of = |net: Decimal| cents(net * Decimal::new(15, 2));
        let mut body = plain();
        let (mut net, mut tax) = (Decimal::ZERO, Decimal::ZERO);
        let items: Vec<Json> = lines.iter().map(|(quantity, price)| {
            let line = Decimal::from(*quantity) * Decimal::new(i64::from(*price), 2);
            net += line;
            tax += tax_of(line);
            json!({"descripcion": "x", "cantidad": quantity, "precio_unitario": Decimal::new(i64::from(*price), 2).to_string(),
                "precio_total_sin_impuestos": line.to_string(),
                "impuestos": [{"codigo": 2, "codigo_porcentaje": 4, "base_imponible": line.to_string(), "valor": tax_of(line).to_string()}]})
        }).collect();
        let total = net + tax;
        let first = cents(total * Decimal::new(i64::from(split), 2));
        body["items"] = json!(items);
        body["totales"] = json!({"total_sin_impuestos": net.to_string(), "importe_total": total.to_string(),
            "impuestos": [{"codigo": 2, "codigo_porcentaje": 4, "base_imponible": net.to_string(), "valor": tax.to_string()}]});
        body["pagos"] = json!([{"medio": "efectivo", "total": first.to_string()}, {"medio": "cheque", "total": (total - first).to_string()}]);
        body["moneda"] = json!("EUR");
        body["tasa_cambio"] = json!(Decimal::new(i64::from(rate), 4).to_string());
        let invoice = invoice(&body);
        let info = &invoice.info;
        let net: Decimal = invoice.lines.iter().map(|l| l.net.value()).sum();
        let tax: Decimal = invoice.lines.iter().flat_map(|l| &l.taxes).map(|t| t.amount.value()).sum();
        let paid: Decimal = info.payments.iter().map(|p| p.total.value()).sum();
        prop_assert_eq!(info.net_total.value(), net);
        prop_assert_eq!(info.total.value(), net + tax);
        prop_assert_eq!(paid, info.total.value());
        for tax in invoice.lines.iter().flat_map(|l| &l.taxes) {
            prop_assert_eq!(tax.amount.value(), tax_of(tax.base.value()));
        }
    }
}
