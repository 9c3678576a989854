//! A number of its own for every request: many documented examples share one.

use super::json::{self, Node};

/// The body with another sequential, in the form of the one it had, and with
/// the access key that follows from it where it had a right one.
pub(crate) fn body(text: &str, sequential: u32) -> String {
    let text = xml(text, sequential);
    let Some(tree) = json::read(&text) else {
        return text;
    };
    let mut changes = Vec::new();
    for name in ["secuencial", "secuencia"] {
        let numbers = tree.all(name).into_iter();
        changes.extend(numbers.filter_map(|node| Some((node, number(node, sequential)?))));
    }
    let keys = tree.all("clave_acceso").into_iter();
    changes.extend(
        keys.filter_map(|node| Some((node, format!("\"{}\"", key(&node.plain(), sequential)?)))),
    );
    changes.sort_by_key(|(node, _)| std::cmp::Reverse(node.start));
    let mut fresh = text.clone();
    for (node, change) in changes {
        fresh.replace_range(node.start..node.start + node.text.len(), &change);
    }
    fresh
}

/// A number that could be issued, written anew: `"000000148"` keeps its nine
/// digits, a number stays a number. Anything else stays: it is to be refused.
fn number(node: &Node<'_>, sequential: u32) -> Option<String> {
    let plain = node.plain();
    let old: u32 = plain.trim().parse().ok()?;
    if !(1..=999_999_999).contains(&old) {
        return None;
    }
    let width = plain.trim().len();
    let digits = format!("{sequential:0width$}");
    let written = plain.replacen(plain.trim(), &digits, 1);
    match node.text.starts_with('"') {
        true => Some(format!("\"{written}\"")),
        false => Some(sequential.to_string()),
    }
}

/// The same in XML, also inside a JSON string.
pub(crate) fn xml(text: &str, sequential: u32) -> String {
    let mut fresh = text.to_owned();
    if let Some(old) = element(&fresh, "secuencial")
        && old.trim().parse::<u32>().is_ok()
    {
        let old = format!("<secuencial>{old}<");
        fresh = fresh.replacen(&old, &format!("<secuencial>{sequential:09}<"), 1);
    }
    if let Some(old) = element(&fresh, "claveAcceso")
        && let Some(key) = key(old.trim(), sequential)
    {
        let old = format!("<claveAcceso>{old}<");
        fresh = fresh.replacen(&old, &format!("<claveAcceso>{key}<"), 1);
    }
    fresh
}

/// The text of the first element of a name.
pub(crate) fn element<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    Some(rest.split_once('<')?.0)
}

/// A right access key with another sequential; `None` for any other text.
fn key(old: &str, sequential: u32) -> Option<String> {
    let right = old.len() == 49 && check_digit(&old[..48]) == old[48..].chars().next();
    let parts = right.then(|| (&old[..30], &old[39..48]))?;
    let body = format!("{}{sequential:09}{}", parts.0, parts.1);
    let digit = check_digit(&body)?;
    Some(format!("{body}{digit}"))
}

/// The contract's rule: weights 2 to 7 from the right, 11 less the remainder.
pub(crate) fn check_digit(body: &str) -> Option<char> {
    let mut sum = 0;
    for (digit, weight) in body.chars().rev().zip((2..=7).cycle()) {
        sum += digit.to_digit(10)? * weight;
    }
    char::from_digit(
        match 11 - sum % 11 {
            11 => 0,
            10 => 1,
            other => other,
        },
        10,
    )
}

#[cfg(test)]
mod tests {
    use super::{body, check_digit, xml};

    const KEY: &str = "1811202601179999999000110010020000010282026111816";

    #[test]
    fn the_form_stays() {
        assert_eq!(body(r#"{"secuencial":148}"#, 7), r#"{"secuencial":7}"#);
        assert_eq!(
            body(r#"{"secuencial":" 000000148 ","secuencia":"1"}"#, 12),
            r#"{"secuencial":" 000000012 ","secuencia":"12"}"#
        );
        for refused in [r#"{"secuencial":0}"#, r#"{"secuencial":"x"}"#, "{"] {
            assert_eq!(body(refused, 7), refused);
        }
    }

    #[test]
    fn a_right_key_follows() {
        assert_eq!(check_digit(&KEY[..48]), Some('6'));
        let fresh = xml(&format!("<claveAcceso>{KEY}</claveAcceso>"), 9);
        assert!(fresh.contains("001002000000009"), "{fresh}");
        let wrong = format!("<claveAcceso>{}7</claveAcceso>", &KEY[..48]);
        assert_eq!(xml(&wrong, 9), wrong);
    }
}
