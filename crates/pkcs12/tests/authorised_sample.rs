//! A document that the tax authority authorised states the facts of its
//! certificate; ours must be the same.

#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tagua_pkcs12::CertificateFacts;

#[test]
fn facts_are_those_of_an_authorised_document() {
    let Some(shared) = tagua_testing::shared() else {
        return;
    };
    let path = shared.join("samples/057_factura_1.1.0_signed_datil.xml");
    let xml = std::fs::read_to_string(path).unwrap();
    let facts = CertificateFacts::read(&decoded(&xml, "X509Certificate")).unwrap();
    assert_eq!(facts.issuer_rfc2253, text(&xml, "X509IssuerName"));
    assert_eq!(facts.serial_decimal, text(&xml, "X509SerialNumber"));
    assert_eq!(facts.ruc.unwrap().value, text(&xml, "ruc"));
    let key = facts.rsa.unwrap();
    assert_eq!(key.modulus, decoded(&xml, "Modulus"));
    assert_eq!(key.exponent, decoded(&xml, "Exponent"));
    let (_, certificate) = xml.split_once("CertDigest").unwrap();
    assert_eq!(facts.sha1[..], decoded(certificate, "DigestValue"));
}

/// The text of the first element of that name, whatever its prefix.
fn text<'a>(xml: &'a str, name: &str) -> &'a str {
    let named = |tag: &&str| tag.split([':', ' ', '>']).take(2).any(|part| part == name);
    let element = xml.split('<').find(named).unwrap();
    element.split_once('>').unwrap().1.trim()
}

fn decoded(xml: &str, name: &str) -> Vec<u8> {
    let bare: String = text(xml, name).split_whitespace().collect();
    STANDARD.decode(bare).unwrap()
}
