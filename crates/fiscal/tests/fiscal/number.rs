use proptest::prelude::*;
use tagua_fiscal::number::{parse_decimal, round_money, round_six};
use tagua_fiscal::{Amount, ParseNumberError, Quantity, Rate};

#[track_caller]
fn prints(text: &str, expected: &str) {
    assert_eq!(text.parse::<Amount>().unwrap().to_string(), expected);
}

#[test]
fn keeps_the_digits_written() {
    prints("10", "10");
    prints("10.10", "10.10");
    prints("0.000001", "0.000001");
    prints("007.50", "7.50");
    prints("-3.20", "-3.20");
    prints("+3.20", "3.20");
    prints(".5", "0.5");
    prints("5.", "5");
    prints(
        "9999999999999999999999999999",
        "9999999999999999999999999999",
    );
}

#[test]
fn refuses_what_is_not_a_plain_decimal() {
    let texts = [
        "", " ", ".", "-", "+", "+.", "--1", "-+1", "1-", "1e3", "1E3", "0x10", "1_000", "1,5",
        "1.2.3", " 1", "1 ", "NaN", "inf", "１", "½", "1\0",
    ];
    for text in texts {
        let refused = parse_decimal(text);
        assert_eq!(refused, Err(ParseNumberError::NotADecimal), "{text:?}");
    }
}

#[test]
fn refuses_more_digits_than_it_can_keep() {
    let texts = [
        "99999999999999999999999999999".to_owned(),
        "1".repeat(4000),
        format!("0.{}1", "0".repeat(28)),
        format!("1.{}", "3".repeat(29)),
    ];
    for text in texts {
        assert_eq!(
            parse_decimal(&text),
            Err(ParseNumberError::TooLong),
            "{text}"
        );
    }
}

#[test]
fn rounds_half_up_away_from_zero() {
    let money = |text: &str| Amount::rounded(text.parse::<Amount>().unwrap().value()).to_string();
    assert_eq!(money("1.005"), "1.01");
    assert_eq!(money("1.0049999"), "1.00");
    assert_eq!(money("2.675"), "2.68");
    assert_eq!(money("-1.005"), "-1.01");
    assert_eq!(money("7"), "7.00");
    assert_eq!(money("0.125"), "0.13");
    assert_eq!(money("0.135"), "0.14");
}

#[test]
fn quantities_show_two_to_six_places() {
    let shown = |text: &str| Quantity::rounded(text.parse::<Amount>().unwrap().value()).to_string();
    assert_eq!(shown("2"), "2.00");
    assert_eq!(shown("2.5000"), "2.50");
    assert_eq!(shown("0.1234565"), "0.123457");
    assert_eq!(shown("0.1234564"), "0.123456");
    assert_eq!(shown("100.123"), "100.123");
}

#[test]
fn rates_show_two_places() {
    let shown = |text: &str| Rate::rounded(text.parse::<Rate>().unwrap().value()).to_string();
    assert_eq!(shown("15"), "15.00");
    assert_eq!(shown("0.195"), "0.20");
}

#[test]
fn values_compare_whatever_their_scale() {
    assert_eq!("1.50".parse::<Amount>(), "1.5".parse::<Amount>());
    assert_eq!(Amount::ZERO, "0.00".parse().unwrap());
    assert_eq!(Amount::exact(Amount::ZERO.value()), Amount::default());
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(text in "-?[0-9]{1,14}(\\.[0-9]{1,6})?") {
        let number: Quantity = text.parse().unwrap();
        let again: Quantity = number.to_string().parse().unwrap();
        prop_assert_eq!(number.to_string(), again.to_string());
        prop_assert_eq!(number, again);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,12}|[-+0-9.]{0,40}") {
        if let Ok(number) = parse_decimal(&text) {
            let _ = (round_money(number), round_six(number));
            let _ = (Amount::rounded(number), Quantity::rounded(number));
        }
    }

    #[test]
    fn rounding_moves_by_at_most_half_a_cent(thousandths in any::<i64>()) {
        let number = rust_decimal::Decimal::new(thousandths, 3);
        let away = (round_money(number) - number).abs();
        prop_assert!(away <= rust_decimal::Decimal::new(5, 3));
    }
}
