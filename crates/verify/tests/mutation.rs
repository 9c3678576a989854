//! Random damage never panics, and is never taken for the signed document.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use std::sync::OnceLock;

use proptest::prelude::*;
use support::{canonical_part, signed};
use tagua_verify::verify_document;

fn original() -> &'static [u8] {
    static ORIGINAL: OnceLock<String> = OnceLock::new();
    ORIGINAL.get_or_init(signed).as_bytes()
}

#[derive(Clone, Debug)]
enum Damage {
    Replace(u8),
    Insert(Vec<u8>),
    Remove(usize),
    Copy {
        from: prop::sample::Index,
        length: usize,
    },
}

fn damage() -> impl Strategy<Value = Damage> {
    let token = prop::sample::select(vec![
        "<",
        ">",
        "/>",
        "&amp;",
        "&",
        "<!-- -->",
        "]]>",
        "<![CDATA[",
        "<?x y?>",
        " id='comprobante'",
        "\r",
        "\n",
        " ",
        "\"",
        "<a/>",
        "xmlns='a'",
        "\u{e9}",
        "\u{0}",
        "&#13;",
        "0",
    ]);
    prop_oneof![
        any::<u8>().prop_map(Damage::Replace),
        prop::char::range(' ', '~').prop_map(|c| Damage::Replace(c as u8)),
        token.prop_map(|token| Damage::Insert(token.as_bytes().to_vec())),
        (1usize..80).prop_map(Damage::Remove),
        (any::<prop::sample::Index>(), 1usize..400)
            .prop_map(|(from, length)| Damage::Copy { from, length }),
    ]
}

fn apply(bytes: &mut Vec<u8>, at: usize, damage: &Damage) {
    let end = |length: usize, from: usize| (from + length).min(bytes.len());
    match damage {
        Damage::Replace(octet) => bytes[at] = *octet,
        Damage::Insert(octets) => {
            bytes.splice(at..at, octets.iter().copied());
        }
        Damage::Remove(length) => {
            let end = end(*length, at);
            bytes.drain(at..end);
        }
        Damage::Copy { from, length } => {
            let from = from.index(bytes.len());
            let copy = bytes[from..end(*length, from)].to_vec();
            bytes.splice(at..at, copy);
        }
    }
}

/// All that the signature protects, in canonical form.
fn protected(bytes: &[u8]) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut parts = vec![canonical_part(text, "factura", Some("Signature"))];
    for name in ["SignedInfo", "KeyInfo", "SignedProperties"] {
        parts.push(canonical_part(text, name, None));
    }
    parts
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn damage_is_noticed(damages in prop::collection::vec((any::<prop::sample::Index>(), damage()), 1..4)) {
        let mut bytes = original().to_vec();
        for (at, damage) in &damages {
            let at = at.index(bytes.len());
            apply(&mut bytes, at, damage);
        }
        if verify_document(&bytes).ok() {
            prop_assert_eq!(protected(&bytes), protected(original()));
        }
    }

    #[test]
    fn a_truncated_document_is_refused(at in any::<prop::sample::Index>()) {
        let length = at.index(original().len());
        prop_assert!(!verify_document(&original()[..length]).ok());
    }

    #[test]
    fn octets_without_meaning_are_reported(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!verify_document(&bytes).ok());
    }
}
