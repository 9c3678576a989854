//! Facts of certificates: serial, names, dates, owner.

#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

mod support;

use support::{
    Certificate, PASSWORD, RUC, extension, file, key_usage, name, oid, sequence, tlv, utf8,
};
use tagua_pkcs12::{CertificateFacts, FactsError, FoundRuc, Limits, RucSource, open};

fn facts_with(extensions: Vec<Vec<u8>>, subject: &[(&str, &str)]) -> CertificateFacts {
    let subject: Vec<_> = subject
        .iter()
        .map(|&(kind, text)| vec![(kind, utf8(text))])
        .collect();
    let certificate = Certificate {
        extensions,
        subject: name(&subject),
        ..Certificate::default()
    };
    CertificateFacts::read(&certificate.der()).unwrap()
}

#[track_caller]
fn check_ruc(
    extensions: Vec<Vec<u8>>,
    subject: &[(&str, &str)],
    expected: Option<(&str, RucSource)>,
) {
    let expected = expected.map(|(value, source)| FoundRuc {
        value: value.to_owned(),
        source,
    });
    assert_eq!(facts_with(extensions, subject).ruc, expected);
}

const BCE: &str = "1.3.6.1.4.1.37947.3.11";
const UANATACA: &str = "1.3.6.1.4.1.47286.102.3.11";
const UNKNOWN: &str = "1.3.6.1.4.1.99999.3.11";
const SERIAL_NUMBER: &str = "2.5.4.5";
const ORGANIZATION_IDENTIFIER: &str = "2.5.4.97";

fn known(oid: &str) -> RucSource {
    RucSource::KnownExtension(oid.to_owned())
}

#[test]
fn finds_the_ruc_in_extensions_of_any_string_type() {
    for tag in [0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a] {
        check_ruc(
            vec![extension(BCE, &tlv(tag, RUC.as_bytes()))],
            &[],
            Some((RUC, known(BCE))),
        );
    }
    let wrapped = tlv(0x04, &utf8(RUC));
    let padded = utf8(" 1790012345001\0");
    let wide: Vec<u8> = RUC.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for value in [wrapped, padded, tlv(0x1e, &wide), RUC.as_bytes().to_vec()] {
        check_ruc(vec![extension(BCE, &value)], &[], Some((RUC, known(BCE))));
    }
}

#[test]
fn finds_the_ruc_of_every_known_authority() {
    for oid in [
        "1.3.6.1.4.1.37947.3.11",
        "1.3.6.1.4.1.37746.3.11",
        "1.3.6.1.4.1.18332.3.11",
        "1.3.6.1.4.1.37442.3.11",
        "1.3.6.1.4.1.43745.1.3.11",
        "1.3.6.1.4.1.47286.102.3.11",
        "1.3.6.1.4.1.34380.3.11",
        "1.3.6.1.4.1.59382.3.11",
        "1.3.6.1.4.1.61305.3.11",
        "1.3.6.1.4.1.55519.1.1.1.5.2.4",
    ] {
        check_ruc(
            vec![extension(oid, &utf8(RUC))],
            &[],
            Some((RUC, known(oid))),
        );
    }
}

#[test]
fn prefers_surer_places() {
    let other = "0992345678001";
    let similar = RucSource::SimilarExtension(UNKNOWN.to_owned());
    let subject = [(ORGANIZATION_IDENTIFIER, "VATEC-0992345678001")];
    check_ruc(
        vec![extension(UNKNOWN, &utf8(other)), extension(BCE, &utf8(RUC))],
        &subject,
        Some((RUC, known(BCE))),
    );
    check_ruc(
        vec![extension(UNKNOWN, &utf8(RUC))],
        &subject,
        Some((RUC, similar)),
    );
}

#[test]
fn falls_through_rubbish() {
    let rubbish = extension(UANATACA, &[0x03, 0x05, 0x00, 0xff, 0x80, 0x9c, 0x01]);
    let zeros = extension(BCE, &utf8("0000000000000"));
    let short = extension(BCE, &utf8("179001234500"));
    let person = [(SERIAL_NUMBER, "IDCEC-1712345678")];
    let derived = Some(("1712345678001", RucSource::Cedula));
    check_ruc(vec![rubbish.clone()], &person, derived.clone());
    check_ruc(vec![rubbish, zeros], &person, derived);
    check_ruc(vec![short], &[(SERIAL_NUMBER, "1712345678001")], None);
}

#[test]
fn finds_the_ruc_in_the_subject() {
    for prefix in ["VATEC-", "TINEC-"] {
        let text = format!("{prefix}{RUC}");
        let found = Some((RUC, RucSource::OrganizationIdentifier));
        check_ruc(vec![], &[(ORGANIZATION_IDENTIFIER, &text)], found);
    }
    check_ruc(
        vec![],
        &[(ORGANIZATION_IDENTIFIER, "VATES-A66721499")],
        None,
    );
    check_ruc(vec![], &[(SERIAL_NUMBER, "IDCEC-171234567")], None);
}

#[test]
fn finds_the_ruc_in_the_alternative_name() {
    let directory = name(&[vec![("2.5.4.10", utf8("ACME"))], vec![(UNKNOWN, utf8(RUC))]]);
    let mail = tlv(0x81, b"firma@example.com");
    let value = sequence(&[mail, tlv(0xa4, &directory)]);
    let found = Some((RUC, RucSource::AlternativeName));
    check_ruc(vec![extension("2.5.29.17", &value)], &[], found.clone());
    let other_name = sequence(&[tlv(0xa0, &[oid(UNKNOWN), tlv(0xa0, &utf8(RUC))].concat())]);
    check_ruc(vec![extension("2.5.29.17", &other_name)], &[], found);
}

#[test]
fn takes_any_extension_last() {
    let oid = "1.3.6.1.4.1.99999.1.7";
    let found = RucSource::AnyExtension(oid.to_owned());
    check_ruc(vec![extension(oid, &utf8(RUC))], &[], Some((RUC, found)));
    check_ruc(vec![extension(oid, &utf8("1790012345002"))], &[], None);
}

#[test]
fn finds_the_cedula() {
    let cedula = |extensions, subject: &[_]| facts_with(extensions, subject).cedula;
    let expected = Some("1712345678".to_owned());
    assert_eq!(
        cedula(vec![], &[(SERIAL_NUMBER, "IDCEC-1712345678")]),
        expected
    );
    let private = extension("1.3.6.1.4.1.37947.3.1", &utf8("1712345678"));
    assert_eq!(cedula(vec![private], &[]), expected);
    // Security Data's serialNumber is an internal number.
    assert_eq!(cedula(vec![], &[(SERIAL_NUMBER, "261120150405")]), None);
}

#[test]
fn prints_the_issuer_of_uanataca_as_authorised() {
    let issuer = name(&[
        vec![("2.5.4.6", tlv(0x13, b"ES"))],
        vec![(
            "2.5.4.7",
            utf8("Barcelona (see current address at www.uanataca.com/address)"),
        )],
        vec![("2.5.4.10", utf8("UANATACA S.A."))],
        vec![("2.5.4.11", utf8("TSP-UANATACA"))],
        vec![("2.5.4.3", utf8("UANATACA CA2 2016"))],
        vec![("2.5.4.97", utf8("VATES-A66721499"))],
    ]);
    let der = Certificate {
        issuer,
        ..Certificate::default()
    }
    .der();
    assert_eq!(
        CertificateFacts::read(&der).unwrap().issuer_rfc2253,
        "2.5.4.97=#0c0f56415445532d413636373231343939,CN=UANATACA CA2 2016,OU=TSP-UANATACA,\
         O=UANATACA S.A.,L=Barcelona (see current address at www.uanataca.com/address),C=ES"
    );
}

#[test]
fn prints_the_subject_for_people() {
    let subject = [
        ("2.5.4.6", "EC"),
        (SERIAL_NUMBER, "IDCEC-1712345678"),
        ("2.5.4.3", "NIÑO, ÁNGEL"),
    ];
    let facts = facts_with(vec![], &subject);
    assert_eq!(
        facts.subject,
        "CN=NIÑO\\, ÁNGEL,serialNumber=IDCEC-1712345678,C=EC"
    );
    assert_eq!(facts.common_name.as_deref(), Some("NIÑO, ÁNGEL"));
}

#[test]
fn serials_keep_every_digit() {
    let serial = |bytes: &[u8]| {
        let certificate = Certificate {
            serial: bytes.to_vec(),
            ..Certificate::default()
        };
        CertificateFacts::read(&certificate.der()).map(|facts| facts.serial_decimal)
    };
    let real = 4_113_906_501_718_532_149_u64;
    assert_eq!(serial(&real.to_be_bytes()).unwrap(), "4113906501718532149");
    assert_eq!(serial(&[0x00, 0xff]).unwrap(), "255");
    assert_eq!(
        serial(&[0xff]).unwrap(),
        "255",
        "unsigned, as the rule says"
    );
    assert_eq!(serial(&[0]).unwrap(), "0");
    assert_eq!(
        serial(&[0xff; 20]).unwrap(),
        "1461501637330902918203684832716283019655932542975"
    );
    assert!(serial(&[0x7f; 129]).is_err());
}

#[test]
fn uses_and_authority_come_from_extensions() {
    let facts = facts_with(vec![key_usage(0xa0)], &[]);
    let usage = facts.key_usage.unwrap();
    assert_eq!(usage.to_string(), "digitalSignature, keyEncipherment");
    assert!(!facts.is_ca && !usage.key_cert_sign());
    assert_eq!(facts_with(vec![], &[]).key_usage, None);
    assert!(facts_with(vec![extension("2.5.29.19", &[0x30, 3, 1, 1, 0xff])], &[]).is_ca);
}

/// x509-parser reads the same out of certificates that OpenSSL wrote.
#[test]
fn agrees_with_another_parser() {
    for name in ["aes256.p12", "ec.p12", "rc2-40-3des.p12", "nested.p12"] {
        let bundle = open(&file(name), PASSWORD, &Limits::default()).unwrap();
        let der = &bundle.certificates[0].der;
        let facts = CertificateFacts::read(der).unwrap();
        let (_, other) = x509_parser::parse_x509_certificate(der).unwrap();
        assert_eq!(facts.serial_decimal, other.serial.to_string(), "{name}");
        assert_eq!(
            facts.not_before,
            other.validity().not_before.timestamp(),
            "{name}"
        );
        assert_eq!(
            facts.not_after,
            other.validity().not_after.timestamp(),
            "{name}"
        );
        assert_eq!(facts.is_ca, other.is_ca(), "{name}");
        let usage = other.key_usage().unwrap().unwrap().value;
        let found = facts.key_usage.unwrap();
        assert_eq!(
            found.digital_signature(),
            usage.digital_signature(),
            "{name}"
        );
        assert_eq!(found.non_repudiation(), usage.non_repudiation(), "{name}");
        if let Ok(x509_parser::public_key::PublicKey::RSA(key)) = other.public_key().parsed() {
            let found = facts.rsa.unwrap();
            assert_eq!(found.modulus, key.modulus.strip_prefix(&[0]).unwrap());
            assert_eq!(found.exponent, [1, 0, 1]);
            assert_eq!(found.bits(), 2048);
        } else {
            assert_eq!((name, facts.rsa), ("ec.p12", None));
        }
    }
}

#[test]
fn digests_are_of_the_certificate_alone() {
    let der = Certificate::default().der();
    let facts = CertificateFacts::read(&der).unwrap();
    let followed = CertificateFacts::read(&[&der[..], b"\r\n"].concat()).unwrap();
    assert_eq!(facts, followed);
    assert_ne!(
        facts.sha256,
        CertificateFacts::read(&Certificate::named("x").der())
            .unwrap()
            .sha256
    );
}

#[test]
fn refuses_what_is_no_certificate() {
    let der = Certificate::default().der();
    for cut in 0..der.len() {
        let error = CertificateFacts::read(&der[..cut]).unwrap_err();
        assert!(matches!(error, FactsError::Encoding { .. }), "{cut}");
    }
    let odd = Certificate {
        not_after: "301301000000Z",
        ..Certificate::default()
    };
    let error = CertificateFacts::read(&odd.der()).unwrap_err();
    assert!(
        matches!(
            error,
            FactsError::Encoding {
                problem: "not a date",
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(error.code(), "certificate_unreadable");
}
