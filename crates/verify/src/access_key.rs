//! The 49-digit `clave de acceso` (ficha técnica, table 1).

/// Parts of an access key, by position.
pub(crate) const PARTS: [(&str, std::ops::Range<usize>); 8] = [
    ("fechaEmision", 0..8),
    ("codDoc", 8..10),
    ("ruc", 10..23),
    ("ambiente", 23..24),
    ("estab", 24..27),
    ("ptoEmi", 27..30),
    ("secuencial", 30..39),
    ("tipoEmision", 47..48),
];

/// What is wrong with the key itself, if anything.
pub(crate) fn complaint(key: &str) -> Option<String> {
    let digits: Vec<u32> = key.chars().filter_map(|c| c.to_digit(10)).collect();
    let length = key.chars().count();
    if length != 49 {
        return Some(format!("{length} characters instead of 49 digits"));
    }
    if digits.len() != length {
        return Some("it has characters that are not digits".to_owned());
    }
    let (found, body) = digits.split_last()?;
    let expected = check_digit(body);
    (expected != *found).then(|| format!("the check digit is {found}, should be {expected}"))
}

/// Modulo 11 with weights 2 to 7 from the right; 11 is written 0 and 10 is written 1.
fn check_digit(body: &[u32]) -> u32 {
    let weights = (2..=7).cycle();
    let sum: u32 = body.iter().rev().zip(weights).map(|(d, w)| d * w).sum();
    match 11 - sum % 11 {
        11 => 0,
        10 => 1,
        digit => digit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: &str, expected: Option<&str>) {
        assert_eq!(complaint(key).as_deref(), expected, "{key}");
    }

    #[test]
    fn keys_the_authority_authorised_are_right() {
        for key in [
            "2110201101179214673900110020010000000011234567813",
            "1704202507099000419600120010640006186590001199610",
            "0202202101099255878400120010020000016100000007211",
            "2505202507179319451500120010030000114732796219519",
        ] {
            check(key, None);
        }
    }

    #[test]
    fn wrong_keys_are_told_apart() {
        // Misprints of the ficha técnica itself.
        check(
            "0403201301176815353000110015010000000081234567816",
            Some("the check digit is 6, should be 0"),
        );
        check(
            "2110201106179214673900100110020010000000011234567815",
            Some("52 characters instead of 49 digits"),
        );
        check("", Some("0 characters instead of 49 digits"));
        check(
            "211020110117921467390011002001000000001123456781x",
            Some("it has characters that are not digits"),
        );
        // Digits of other scripts are digits for some libraries.
        check(
            "211020110117921467390011002001000000001123456781\u{0663}",
            Some("it has characters that are not digits"),
        );
    }
}
