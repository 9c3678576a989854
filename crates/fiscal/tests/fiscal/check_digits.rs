use proptest::prelude::*;
use tagua_fiscal::check_digits::{CheckDigit, RucKind, cedula_check, ruc_check, ruc_kind};

#[track_caller]
fn cedula(digits: &str, expected: CheckDigit) {
    assert_eq!(cedula_check(&digits.parse().unwrap()), expected, "{digits}");
}

#[track_caller]
fn ruc(digits: &str, kind: RucKind, expected: CheckDigit) {
    let ruc = digits.parse().unwrap();
    assert_eq!(
        (ruc_kind(&ruc), ruc_check(&ruc)),
        (kind, expected),
        "{digits}"
    );
}

#[test]
fn checks_cedulas() {
    cedula("1710034065", CheckDigit::Holds);
    cedula("0926687856", CheckDigit::Holds);
    cedula("1710034066", CheckDigit::Fails);
    // Provinces that do not exist, and the one of those registered abroad.
    cedula("2510034069", CheckDigit::Fails);
    cedula("0010034064", CheckDigit::Fails);
    cedula("3010034068", CheckDigit::Holds);
    // A foreigner's third digit is 6; 7 is nobody's.
    cedula("1760001238", CheckDigit::Holds);
    cedula("1770001236", CheckDigit::Fails);
}

#[test]
fn checks_rucs_by_their_kind() {
    ruc("1710034065001", RucKind::Natural, CheckDigit::Holds);
    ruc("1710034066001", RucKind::Natural, CheckDigit::Fails);
    ruc("1790011674001", RucKind::Private, CheckDigit::Holds);
    ruc("1790011675001", RucKind::Private, CheckDigit::Fails);
    ruc("1760013210001", RucKind::Public, CheckDigit::Holds);
    ruc("1760013230001", RucKind::Public, CheckDigit::Fails);
    ruc("1760001238001", RucKind::Natural, CheckDigit::Holds);
    // Right as a public body and as a person.
    ruc("1760000073001", RucKind::Public, CheckDigit::Holds);
    // The algorithm would need a digit 10.
    ruc("1790000011001", RucKind::Private, CheckDigit::Fails);
    ruc("1770013210001", RucKind::Unknown, CheckDigit::NotDefined);
    ruc("1780013210001", RucKind::Unknown, CheckDigit::NotDefined);
}

/// Numbers in use that follow no algorithm: why a check may only warn.
#[test]
fn companies_in_use_fail_the_check() {
    for digits in [
        "0993381661001",
        "1793221293001",
        "1793213150001",
        "1793189906001",
        "0993366721001",
        "0993370026001",
        "1793189624001",
        "1793204144001",
    ] {
        ruc(digits, RucKind::Private, CheckDigit::Fails);
    }
}

proptest! {
    #[test]
    fn a_changed_digit_of_a_cedula_is_caught(at in 3..10_usize, more in 1..10_u8) {
        let mut digits = *b"1710034065";
        digits[at] = b'0' + (digits[at] - b'0' + more) % 10;
        let text = std::str::from_utf8(&digits).unwrap();
        prop_assert_eq!(cedula_check(&text.parse().unwrap()), CheckDigit::Fails);
    }

    #[test]
    fn any_ruc_is_answered(digits in "[0-9]{13}") {
        let ruc = digits.parse().unwrap();
        let defined = ruc_check(&ruc) != CheckDigit::NotDefined;
        prop_assert_eq!(defined, ruc_kind(&ruc) != RucKind::Unknown);
    }
}
