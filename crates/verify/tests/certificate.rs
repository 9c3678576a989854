//! Questions asked of certificates.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use rcgen::{DnType, DnValue, IsCa, KeyUsagePurpose};
use support::{RUC, identity, named, self_signed, stranger, text_extension};
use tagua_verify::{Certificate, CertificateError, NameMatch, compare_issuer_name};

const ENTERPRISES: [u64; 6] = [1, 3, 6, 1, 4, 1];

fn private(arcs: &[u64]) -> Vec<u64> {
    [ENTERPRISES.as_slice(), arcs].concat()
}

#[track_caller]
fn ruc_of(extensions: &[(&[u64], &str)], subject: &[(&[u64], &str)], expected: Option<&str>) {
    let mut params = named("Holder");
    params.custom_extensions = extensions
        .iter()
        .map(|(oid, text)| text_extension(oid, text))
        .collect();
    for (oid, text) in subject {
        let kind = DnType::CustomDnType(oid.to_vec());
        let value = DnValue::Utf8String((*text).to_owned());
        params.distinguished_name.push(kind, value);
    }
    assert_eq!(self_signed(&params).ruc(), expected);
}

#[test]
fn the_ruc_is_found_where_the_issuers_put_it() {
    for arcs in [
        [37947, 3, 11].as_slice(),
        &[37746, 3, 11],
        &[43745, 1, 3, 11],
        &[47286, 102, 3, 11],
        &[55519, 1, 1, 1, 5, 2, 4],
        // An issuer to come.
        &[99999, 3, 11],
    ] {
        ruc_of(&[(&private(arcs), RUC)], &[], Some(RUC));
    }
    let organization: &[u64] = &[2, 5, 4, 97];
    let serial: &[u64] = &[2, 5, 4, 5];
    ruc_of(&[], &[(organization, "VATEC-1792146739001")], Some(RUC));
    ruc_of(&[], &[(organization, "TINEC-1792146739001")], Some(RUC));
    ruc_of(&[], &[(serial, "IDCEC-0914617584")], Some("0914617584001"));
    ruc_of(&[(&private(&[1, 2]), "RUC 1792146739001.")], &[], Some(RUC));
}

#[test]
fn the_better_place_for_a_ruc_wins() {
    let own = private(&[37746, 3, 11]);
    let other = private(&[37746, 3, 2]);
    let serial: &[u64] = &[2, 5, 4, 5];
    let other_ruc = "0992712554001";
    ruc_of(&[(&other, other_ruc), (&own, RUC)], &[], Some(RUC));
    ruc_of(&[(&own, RUC)], &[(serial, "IDCEC-0914617584")], Some(RUC));
    // What the extension holds for natural persons may be no RUC.
    ruc_of(
        &[(&own, "rubbish")],
        &[(serial, "IDCEC-0914617584")],
        Some("0914617584001"),
    );
}

#[test]
fn numbers_that_are_no_ruc_are_left_alone() {
    let own = private(&[37746, 3, 11]);
    let serial: &[u64] = &[2, 5, 4, 5];
    ruc_of(&[(&own, "1792146739002")], &[], None);
    ruc_of(&[(&own, "11792146739001")], &[], None);
    ruc_of(&[], &[(serial, "250816105201")], None);
    ruc_of(&[], &[(serial, "IDCEC-09146")], None);
    ruc_of(&[], &[], None);
}

#[test]
fn an_issuer_is_known_by_name_key_and_role() {
    let (own, other) = (identity(), stranger());
    assert!(own.certificate.is_issued_by(&own.authority));
    assert!(own.authority.is_issued_by(&own.authority));
    // Same name, another key.
    assert!(!own.certificate.is_issued_by(&other.authority));
    assert!(!own.certificate.is_issued_by(&own.certificate));
    // Self-signed, yet no authority.
    let mut params = named("Alone");
    let alone = self_signed(&params);
    assert!(!alone.is_issued_by(&alone));
    params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = self_signed(&params);
    assert!(authority.is_authority() && authority.is_issued_by(&authority));
    // Same key, another name.
    assert!(!self_signed(&named("Other")).is_issued_by(&authority));
}

#[test]
fn validity_includes_both_ends() {
    let certificate = &identity().certificate;
    let (from, to) = (1_293_840_000, 1_893_456_000);
    assert_eq!(
        (certificate.not_before(), certificate.not_after()),
        (from, to)
    );
    assert!(certificate.is_valid_at(from) && certificate.is_valid_at(to));
    assert!(!certificate.is_valid_at(from - 1) && !certificate.is_valid_at(to + 1));
}

#[test]
fn usage_of_the_key_is_read() {
    let usage = |usages: &[KeyUsagePurpose]| {
        let mut params = named("Holder");
        params.key_usages = usages.to_vec();
        self_signed(&params).signing_usage()
    };
    assert_eq!(usage(&[]), None);
    assert_eq!(usage(&[KeyUsagePurpose::KeyEncipherment]), Some(false));
    assert_eq!(usage(&[KeyUsagePurpose::DigitalSignature]), Some(true));
    assert_eq!(usage(&[KeyUsagePurpose::ContentCommitment]), Some(true));
}

#[test]
fn facts_of_the_key() {
    let certificate = &identity().certificate;
    assert_eq!(certificate.key_bits(), 2048);
    assert_eq!(certificate.modulus().len(), 256);
    assert_eq!(certificate.exponent(), [1, 0, 1]);
    assert_eq!(
        compare_issuer_name(&certificate.issuer(), certificate),
        NameMatch::Exact
    );
}

#[test]
fn octets_that_are_no_rsa_certificate_are_refused() {
    let der = identity().certificate.der();
    let error = |octets: &[u8]| Certificate::from_der(octets).unwrap_err();
    assert!(matches!(error(b""), CertificateError::Malformed));
    assert!(matches!(
        error(&der[..der.len() - 1]),
        CertificateError::Malformed
    ));
    assert!(matches!(
        error(&[der, b"xx"].concat()),
        CertificateError::TrailingOctets(2)
    ));
    assert!(matches!(
        error(&[0x30; 16_385]),
        CertificateError::TooLarge(16_385)
    ));
    let key = rcgen::KeyPair::generate().unwrap();
    let elliptic = named("Holder").self_signed(&key).unwrap();
    assert!(matches!(error(elliptic.der()), CertificateError::NotRsa));
}

#[test]
fn damaged_certificates_never_panic() {
    let der = identity().certificate.der();
    for at in 0..der.len() {
        for octet in [0, 0x30, 0x7f, 0x80, 0x84, 0xff] {
            let mut damaged = der.to_vec();
            damaged[at] = octet;
            if let Ok(certificate) = Certificate::from_der(&damaged) {
                let described = (certificate.issuer(), certificate.ruc().map(str::len));
                assert!(described.1.is_none_or(|length| length == 13));
            }
        }
    }
}
