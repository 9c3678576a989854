//! Whether two documents say the same, element by element.

use roxmltree::{Document, Node};

/// The first difference; the signature of `found` aside.
pub(crate) fn difference(expected: &str, found: &str, key: Key) -> Option<String> {
    let read = |text| Document::parse(text).map_err(|error| error.to_string());
    match (read(expected), read(found)) {
        (Ok(expected), Ok(found)) => {
            compare(expected.root_element(), found.root_element(), "", key)
        }
        (Err(error), _) => Some(format!("the expected file: {error}")),
        (_, Err(error)) => Some(error),
    }
}

/// How far the access keys must agree.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// In every digit: it was given.
    Whole,
    /// Up to the numeric code, which is the issuer's choice.
    UpToCode,
    /// Not at all: what is expected has none, or a wrong one.
    Any,
}

fn compare(expected: Node<'_, '_>, found: Node<'_, '_>, path: &str, key: Key) -> Option<String> {
    let name = expected.tag_name().name();
    let path = format!("{path}/{name}");
    let differs = |what: String| Some(format!("{path}: {what}"));
    if found.tag_name().name() != name {
        return differs(format!("is <{}>", found.tag_name().name()));
    }
    let attributes = |node: Node<'_, '_>| {
        let mut all: Vec<_> = node
            .attributes()
            .map(|a| (a.name().to_owned(), blanks(a.value())))
            .collect();
        all.sort();
        all
    };
    if attributes(expected) != attributes(found) {
        return differs(format!(
            "{:?} is {:?}",
            attributes(expected),
            attributes(found)
        ));
    }
    let (own, other) = (elements(expected), elements(found));
    if own.is_empty() && other.is_empty() {
        let (own, other) = (text(expected), text(found));
        let same = if name == "claveAcceso" {
            same_key(&own, &other, key)
        } else {
            same(&own, &other)
        };
        return (!same).then(|| format!("{path}: {own} is {other}"));
    }
    let names = |all: &[Node<'_, '_>]| -> Vec<String> {
        all.iter()
            .map(|node| node.tag_name().name().to_owned())
            .collect()
    };
    let skip = |names: Vec<String>| -> Vec<String> {
        names
            .into_iter()
            .filter(|name| key != Key::Any || name != "claveAcceso")
            .collect()
    };
    if skip(names(&own)) != skip(names(&other)) {
        return differs(format!("{:?} is {:?}", names(&own), names(&other)));
    }
    let keep = |node: &&Node<'_, '_>| key != Key::Any || node.tag_name().name() != "claveAcceso";
    let mut pairs = own.iter().filter(keep).zip(other.iter().filter(keep));
    pairs.find_map(|(a, b)| compare(*a, *b, &path, key))
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    let all = node.children().filter(Node::is_element);
    all.filter(|child| child.tag_name().name() != "Signature")
        .collect()
}

fn text(node: Node<'_, '_>) -> String {
    blanks(node.text().unwrap_or_default())
}

fn blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `10.5` is `10.50`, but the code `02` is not `2`.
fn same(own: &str, other: &str) -> bool {
    own == other || (own.contains('.') || other.contains('.')) && amount(own) == amount(other)
}

/// A decimal without its zeros, or the text itself.
pub(crate) fn amount(text: &str) -> String {
    let text = text.trim();
    let is_amount = text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.')
        && text.matches('.').count() <= 1;
    if !is_amount {
        return text.to_owned();
    }
    let (whole, parts) = text.split_once('.').unwrap_or((text, ""));
    let (whole, parts) = (whole.trim_start_matches('0'), parts.trim_end_matches('0'));
    format!("{whole}.{parts}")
}

fn same_key(own: &str, other: &str, key: Key) -> bool {
    match key {
        Key::Whole => own == other,
        Key::UpToCode => own
            .get(..39)
            .is_some_and(|own| Some(own) == other.get(..39)),
        Key::Any => true,
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, difference};

    fn differs(a: &str, b: &str) -> Option<String> {
        difference(a, b, Key::UpToCode)
    }

    #[test]
    fn amounts_are_decimals_and_codes_are_texts() {
        assert_eq!(differs("<a><v>10.50</v></a>", "<a> <v>10.5</v></a>"), None);
        assert_eq!(differs("<a><v>15</v></a>", "<a><v>15.00</v></a>"), None);
        assert_eq!(
            differs("<a><v>02</v></a>", "<a><v>2</v></a>").as_deref(),
            Some("/a/v: 02 is 2")
        );
    }

    #[test]
    fn everything_counts_but_the_signature() {
        let signed = "<a><b/><Signature xmlns='urn:x'/></a>";
        assert_eq!(differs("<a><b/></a>", signed), None);
        for other in [
            "<a/>",
            "<a><b/><b/></a>",
            "<a><b x='1'/></a>",
            "<a><b>1</b></a>",
            "<b/>",
        ] {
            assert!(differs("<a><b/></a>", other).is_some(), "{other}");
        }
    }
}
