//! Which certificate signs, and why.

#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

mod support;

use support::{
    Certificate, NOW, RUC, certificate_bag, extension, key_usage, modulus, pfx, private_key,
    ruc_extension,
};
use tagua_pkcs12::{Bundle, Choice, ChooseError, Limits, Verdict, Warning, choose, open};

const DIGITAL_SIGNATURE: u8 = 0x80;
const NON_REPUDIATION: u8 = 0x40;
const KEY_ENCIPHERMENT: u8 = 0x20;
const OTHER_RUC: &str = "0992345678001";

/// A file with one key and certificates of that key, unless they say otherwise.
fn bundle(certificates: &[Certificate]) -> Bundle {
    let mut bags = vec![support::bag(1, &private_key(&modulus(1)), "clave", b"1")];
    bags.extend(
        certificates
            .iter()
            .map(|c| certificate_bag(&c.der(), "", b"")),
    );
    opened(&bags)
}

fn opened(bags: &[Vec<u8>]) -> Bundle {
    open(&pfx(bags), "", &Limits::default()).unwrap()
}

fn with_usage(name: &str, usage: u8) -> Certificate {
    let extensions = vec![key_usage(usage), ruc_extension(RUC)];
    Certificate {
        extensions,
        ..Certificate::named(name)
    }
}

fn authority(name: &str) -> Certificate {
    let extensions = vec![extension("2.5.29.19", &[0x30, 3, 1, 1, 0xff])];
    Certificate {
        extensions,
        modulus: modulus(9),
        ..Certificate::named(name)
    }
}

fn expired(name: &str) -> Certificate {
    Certificate {
        not_before: "200101000000Z",
        not_after: "220101000000Z",
        ..Certificate::named(name)
    }
}

#[track_caller]
fn check_chosen(certificates: &[Certificate], expected: &str) -> Choice {
    let choice = choose(&bundle(certificates), Some(RUC), NOW).unwrap();
    assert_eq!(choice.facts.common_name.as_deref(), Some(expected));
    assert_eq!(choice.candidates[0].verdict, Verdict::Chosen);
    assert!(choice.candidates[0].explanation.starts_with("Elegido: "));
    assert_eq!(choice.candidates.len(), certificates.len());
    choice
}

#[test]
fn prefers_uses_in_order() {
    let unlimited = Certificate {
        extensions: vec![ruc_extension(RUC)],
        ..Certificate::named("sin límite")
    };
    let by_merit = [
        with_usage("firma", DIGITAL_SIGNATURE),
        with_usage("no repudio", NON_REPUDIATION),
        unlimited,
        with_usage("cifrado", KEY_ENCIPHERMENT),
    ];
    for (first, name) in ["firma", "no repudio", "sin límite", "cifrado"]
        .iter()
        .enumerate()
    {
        let mut remaining = by_merit[first..].to_vec();
        remaining.reverse();
        let choice = check_chosen(&remaining, name);
        let expected = if *name == "cifrado" {
            vec![Warning::NotForSignatures {
                uses: "keyEncipherment".to_owned(),
            }]
        } else {
            vec![]
        };
        assert_eq!(choice.warnings, expected);
    }
}

#[test]
fn prefers_the_newest_and_says_so() {
    let newer = Certificate {
        not_before: "260101000000Z",
        ..Certificate::named("nuevo")
    };
    let choice = check_chosen(
        &[Certificate::named("viejo"), newer, expired("vencido")],
        "nuevo",
    );
    let told = |index: usize| {
        (
            choice.candidates[index].verdict,
            &*choice.candidates[index].explanation,
        )
    };
    assert_eq!(
        told(1),
        (
            Verdict::Alternative,
            "No elegido: hay uno más nuevo, este es del 2024-12-31."
        )
    );
    assert_eq!(
        told(2),
        (Verdict::Expired, "Descartado: venció el 2021-12-31.")
    );
}

#[test]
fn prefers_the_taxpayer_above_the_use() {
    let extensions = vec![key_usage(DIGITAL_SIGNATURE), ruc_extension(OTHER_RUC)];
    let other = Certificate {
        extensions,
        ..Certificate::named("otro")
    };
    let choice = check_chosen(&[other, with_usage("propio", NON_REPUDIATION)], "propio");
    assert_eq!(
        choice.candidates[1].explanation,
        "No elegido: es de otro RUC (0992345678001)."
    );
}

#[test]
fn prefers_a_named_taxpayer_above_the_newest() {
    let extensions = vec![key_usage(DIGITAL_SIGNATURE)];
    let nameless = Certificate {
        extensions,
        not_before: "260101000000Z",
        ..Certificate::named("sin RUC")
    };
    let lesser = with_usage("cifrado", KEY_ENCIPHERMENT);
    let choice = check_chosen(&[lesser, nameless, Certificate::named("propio")], "propio");
    let told = choice.candidates[1..].iter().map(|c| &*c.explanation);
    let expected = [
        "No elegido: no indica RUC y el elegido sí.",
        "No elegido: sus usos (keyEncipherment) son menos adecuados para firmar.",
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn among_equals_the_label_of_the_key_decides() {
    let bags = [
        support::bag(1, &private_key(&modulus(1)), "", b"1"),
        certificate_bag(&Certificate::named("sin etiqueta").der(), "", b""),
        certificate_bag(&Certificate::named("con etiqueta").der(), "", b"1"),
    ];
    let choice = choose(&opened(&bags), Some(RUC), NOW).unwrap();
    assert_eq!(choice.facts.common_name.as_deref(), Some("con etiqueta"));
    assert_eq!(
        choice.candidates[1].explanation,
        "No elegido: es equivalente al elegido."
    );
}

#[test]
fn warns_of_another_or_no_taxpayer() {
    let extensions = vec![key_usage(DIGITAL_SIGNATURE), ruc_extension(OTHER_RUC)];
    let choice = check_chosen(
        &[Certificate {
            extensions,
            ..Certificate::named("otro")
        }],
        "otro",
    );
    let other = Warning::OtherRuc {
        wanted: RUC.to_owned(),
        found: OTHER_RUC.to_owned(),
    };
    assert!(other.message_es().contains(OTHER_RUC));
    assert_eq!(choice.warnings, [other]);
    let extensions = vec![key_usage(DIGITAL_SIGNATURE)];
    let choice = check_chosen(
        &[Certificate {
            extensions,
            ..Certificate::named("nadie")
        }],
        "nadie",
    );
    assert_eq!(choice.warnings, [Warning::NoRuc]);
}

#[test]
fn passes_over_authorities_and_strangers() {
    let stranger = Certificate {
        modulus: modulus(5),
        ..Certificate::named("ajeno")
    };
    let choice = check_chosen(
        &[authority("CA"), stranger, Certificate::named("propio")],
        "propio",
    );
    let told = choice.candidates[1..].iter();
    let mut told: Vec<_> = told.map(|c| (c.certificate_index, c.verdict)).collect();
    told.sort_by_key(|&(index, _)| index);
    let expected = [(0, Verdict::CertificationAuthority), (1, Verdict::NoKey)];
    assert_eq!(told, expected);
}

#[test]
fn pairs_keys_by_what_they_are_not_by_order_or_label() {
    let encryption = Certificate {
        modulus: modulus(2),
        ..with_usage("cifrado", KEY_ENCIPHERMENT)
    };
    let signing = with_usage("firma", DIGITAL_SIGNATURE);
    let pair = [
        support::bag(1, &private_key(&modulus(2)), "Decryption Key", b"a"),
        support::bag(1, &private_key(&modulus(1)), "Signing Key", b"b"),
    ];
    // The labels of the second file are exchanged.
    for (first_id, second_id) in [(b"a", b"b"), (b"b", b"a")] {
        let certificates = [
            certificate_bag(&encryption.der(), "Decryption Key", first_id),
            certificate_bag(&signing.der(), "Signing Key", second_id),
        ];
        let choice = choose(
            &opened(&[&pair[..], &certificates].concat()),
            Some(RUC),
            NOW,
        )
        .unwrap();
        assert_eq!(choice.facts.common_name.as_deref(), Some("firma"));
        assert_eq!(*choice.pkcs8, private_key(&modulus(1)));
        assert_eq!(choice.certificate_der, signing.der());
        assert_eq!(
            choice.candidates[0].friendly_name.as_deref(),
            Some("Signing Key")
        );
    }
}

#[test]
fn validity_includes_both_ends() {
    let bundle = bundle(&[Certificate::default()]);
    let (from, to) = (1_735_689_600, 1_893_456_000);
    for (now, valid) in [(from - 1, false), (from, true), (to, true), (to + 1, false)] {
        assert_eq!(choose(&bundle, None, now).is_ok(), valid, "{now}");
    }
    let error = choose(&bundle, None, from - 1).unwrap_err();
    assert_eq!(error.candidates()[0].verdict, Verdict::NotYetValid);
    assert!(
        error
            .message_es()
            .contains("«Firma» será válido desde el 2024-12-31")
    );
}

#[test]
fn explains_why_nothing_signs() {
    let label = support::bag(1, &private_key(&modulus(1)), "", b"1");
    let mislabelled = Certificate {
        modulus: modulus(5),
        ..Certificate::named("ajeno")
    };
    let mislabelled = [label, certificate_bag(&mislabelled.der(), "", b"1")];
    let cases = [
        (
            opened(&[]),
            "p12_without_key",
            "no contiene una clave privada",
        ),
        (bundle(&[]), "p12_without_certificate", "no su certificado"),
        (bundle(&[authority("CA")]), "p12_only_authorities", "(CA)"),
        (
            bundle(&[expired("A"), authority("CA")]),
            "p12_certificate_out_of_date",
            "«A» venció el 2021-12-31",
        ),
        (
            opened(&mislabelled),
            "p12_without_certificate",
            "no su certificado",
        ),
    ];
    for (bundle, code, words) in cases {
        let error = choose(&bundle, Some(RUC), NOW).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(error.message_es().contains(words), "{}", error.message_es());
        assert_eq!(error.candidates().len(), bundle.certificates.len());
        assert!(
            error
                .candidates()
                .iter()
                .all(|c| c.explanation.starts_with("Descartado: "))
        );
    }
    let error = choose(&opened(&mislabelled), None, NOW).unwrap_err();
    assert!(error.candidates()[0].explanation.contains("localKeyId"));
}

#[test]
fn refuses_elliptic_curves_by_name() {
    let bundle = open(
        &support::file("ec.p12"),
        support::PASSWORD,
        &Limits::default(),
    )
    .unwrap();
    let error = choose(&bundle, Some(RUC), NOW).unwrap_err();
    assert!(
        matches!(&error, ChooseError::NotRsa { algorithm, .. } if algorithm == "1.2.840.10045.2.1")
    );
    assert_eq!(error.candidates()[0].verdict, Verdict::NotRsa);
}

#[test]
fn survives_unreadable_entries() {
    let bags = [
        support::bag(1, &support::sequence(&[]), "", b"1"),
        support::bag(1, &private_key(&modulus(1)), "", b"1"),
        certificate_bag(&[0x30, 0], "", b"1"),
        certificate_bag(&Certificate::default().der(), "", b""),
    ];
    let choice = choose(&opened(&bags), Some(RUC), NOW).unwrap();
    assert_eq!(choice.candidates[1].verdict, Verdict::Unreadable);
}
