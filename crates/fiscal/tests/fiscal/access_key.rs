use proptest::prelude::*;
use tagua_fiscal::access_key::numeric_code;
use tagua_fiscal::identifier::{Sequential, Series, ThreeDigits};
use tagua_fiscal::{AccessKey, AccessKeyParts, DocumentType, Environment, ParseAccessKeyError};

use crate::sample::key_parts;

/// Keys that SRI authorised or printed, one for each remainder of the sum.
const VALID: [&str; 15] = [
    "2110201101179214673900110020010000000011234567813",
    "0503201201176001321000110010030009900641234567814",
    "1702201205176001321000110010030001000011234567816",
    "0601201601176001321000110011230000000081234567817",
    BATCH,
    "2111202405176001321000110010010000001241234567810",
    "1704202507099000419600120010640006186590001199610",
    "0202202101099255878400120010020000016100000007211",
    "1005202201179291932000110010010000010081234567811",
    "2505202507179319451500120010030000114732796219519",
    "3108202004099215390300120010060000024868331943317",
    "2305202507179319451500120010030000114162796217516",
    "0408202501109000787000120321010000460451234567815",
    "2204202507099000419600120010640006191550001268514",
    "2405202507179319451500120010030000107462796218513",
];
/// A batch (lote) has the document type 00, which no document has.
const BATCH: &str = "2808201400179210439400110010010000000091234567812";

#[test]
fn accepts_authorised_keys() {
    for key in VALID {
        assert_eq!(key.parse::<AccessKey>().unwrap().as_str(), key);
    }
}

#[test]
fn takes_keys_apart_and_together_again() {
    for text in VALID.into_iter().filter(|key| *key != BATCH) {
        let key: AccessKey = text.parse().unwrap();
        assert_eq!(key.parts().unwrap().key(), key);
    }
    assert_eq!(BATCH.parse::<AccessKey>().unwrap().parts(), None);
}

#[test]
fn names_the_parts() {
    let key: AccessKey = "0408202501109000787000120321010000460451234567815"
        .parse()
        .unwrap();
    let parts = key.parts().unwrap();
    assert_eq!(parts.date, jiff::civil::date(2025, 8, 4));
    assert_eq!(parts.document_type, DocumentType::Invoice);
    assert_eq!(parts.ruc.as_str(), "1090007870001");
    assert_eq!(parts.environment, Environment::Production);
    assert_eq!(parts.series.to_string(), "032-101");
    assert_eq!(parts.sequential.get(), 46_045);
    assert_eq!(parts.numeric_code, 12_345_678);
    assert_eq!(parts.emission_type, 1);
}

#[test]
fn has_no_parts_that_cannot_be_issued() {
    let replaced = |from: usize, digits: &str| {
        let mut text = VALID[1].to_owned();
        text.replace_range(from..from + digits.len(), digits);
        (0..10).find_map(|last| format!("{}{last}", &text[..48]).parse::<AccessKey>().ok())
    };
    for (from, digits) in [(0, "31022026"), (8, "99"), (23, "3"), (30, "000000000")] {
        assert_eq!(replaced(from, digits).unwrap().parts(), None, "{digits}");
    }
}

#[test]
fn refuses_the_wrong_keys_the_authority_printed() {
    let parse = str::parse::<AccessKey>;
    assert_eq!(
        parse("0403201301176815353000110015010000000081234567816"),
        Err(ParseAccessKeyError::CheckDigit {
            found: '6',
            expected: '0'
        })
    );
    assert_eq!(
        parse("2110201106179214673900100110020010000000011234567815"),
        Err(ParseAccessKeyError::Length(52))
    );
}

#[test]
fn refuses_what_is_not_digits() {
    let mut text = VALID[0].to_owned();
    text.replace_range(6..7, "x");
    let refused = text.parse::<AccessKey>();
    assert_eq!(refused, Err(ParseAccessKeyError::NotADigit { position: 7 }));
    assert_eq!("".parse::<AccessKey>(), Err(ParseAccessKeyError::Length(0)));
    let wide = "１".repeat(49);
    assert_eq!(
        wide.parse::<AccessKey>(),
        Err(ParseAccessKeyError::Length(49))
    );
}

#[test]
fn writes_numbers_too_long_by_their_last_digits() {
    let parts = AccessKeyParts {
        numeric_code: u32::MAX,
        emission_type: 255,
        date: jiff::civil::date(-9999, 1, 2),
        ..key_parts()
    };
    let key = parts.key();
    assert_eq!(&key.as_str()[..8], "02019999");
    assert_eq!(&key.as_str()[39..48], "949672955");
    assert!(key.as_str().parse::<AccessKey>().is_ok());
}

#[test]
fn shows_its_digits() {
    let key: AccessKey = VALID[0].parse().unwrap();
    assert_eq!(key.to_string(), VALID[0]);
    assert_eq!(format!("{key:?}"), format!("AccessKey({})", VALID[0]));
}

#[test]
fn a_number_and_what_is_chosen_give_the_key_back() {
    let parts = key_parts();
    let number = parts.number();
    let key = number.key(parts.ruc, parts.numeric_code, parts.emission_type);
    assert_eq!(key, parts.key());
}

#[test]
fn derives_the_numeric_code_from_every_part() {
    let parts = key_parts();
    let number = parts.number();
    let seen = std::cell::RefCell::new(Vec::new());
    let hmac = |message: &[u8]| {
        seen.replace(message.to_vec());
        let mut digest = [0xff; 32];
        digest[..8].copy_from_slice(&9_912_345_678_u64.to_be_bytes());
        digest
    };
    assert_eq!(numeric_code(&hmac, &number), 12_345_678);
    assert_eq!(seen.take(), b"1|01|001|002|000000123|20260729");
}

#[test]
fn finds_the_typing_errors_that_the_digit_cannot() {
    let key = "0202202101099255878400120010020000016100000007211";
    let slips = (0..48).flat_map(|at| ('0'..='9').map(move |digit| (at, digit)));
    let unseen = slips.filter(|(at, digit)| {
        let mut text = key.to_owned();
        text.replace_range(*at..at + 1, &digit.to_string());
        text != key && text.parse::<AccessKey>().is_ok()
    });
    assert!(unseen.count() > 0, "10 is written 1, so some slips pass");
}

proptest! {
    #[test]
    fn made_keys_parse(parts in any_parts()) {
        let key = parts.key();
        prop_assert_eq!(key.as_str().parse::<AccessKey>(), Ok(key));
        prop_assert_eq!(key.parts(), Some(parts));
    }

    /// Only the digit 1 stands for two remainders.
    #[test]
    fn a_changed_digit_is_caught(parts in any_parts(), at in 0..49_usize, more in 1..10_u8) {
        let mut text = parts.key().as_str().as_bytes().to_vec();
        text[at] = b'0' + (text[at] - b'0' + more) % 10;
        let text = String::from_utf8(text).unwrap();
        let passes = text.parse::<AccessKey>().is_ok();
        prop_assert!(!passes || (at < 48 && text.ends_with('1')));
    }

    #[test]
    fn any_text_is_answered(text in ".{0,60}|[0-9]{47,51}") {
        if let Ok(key) = text.parse::<AccessKey>() {
            prop_assert_eq!(key.as_str(), text);
            let _ = key.parts();
        }
    }
}

fn any_parts() -> impl Strategy<Value = AccessKeyParts> {
    let place = (
        0..6_usize,
        "[0-9]{13}",
        any::<bool>(),
        0..1000_u16,
        0..1000_u16,
    );
    let number = (1..=999_999_999_u32, 0..100_000_000_u32, 0..36_500_i64);
    (place, number).prop_map(
        |((kind, ruc, test, establishment, point), (sequential, numeric_code, days))| {
            let first = jiff::civil::date(2000, 1, 1);
            let after = jiff::SignedDuration::from_hours(24 * days);
            AccessKeyParts {
                date: first.checked_add(after).unwrap(),
                document_type: DocumentType::ALL[kind],
                ruc: ruc.parse().unwrap(),
                environment: match test {
                    true => Environment::Test,
                    false => Environment::Production,
                },
                series: Series {
                    establishment: ThreeDigits::from_number(establishment).unwrap(),
                    point: ThreeDigits::from_number(point).unwrap(),
                },
                sequential: Sequential::new(sequential).unwrap(),
                numeric_code,
                emission_type: 1,
            }
        },
    )
}
