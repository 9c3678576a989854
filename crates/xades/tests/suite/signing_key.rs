//! Keys and certificates that cannot sign, and why.

use rcgen::KeyPair;
use tagua_rsa::RsaError;
use tagua_xades::{SignatureHash, SigningKey, SigningKeyError, Unsigned, sign};

use crate::support::{
    TIME,
    documents::document,
    ids,
    keys::{ISSUER, SERIAL, certificate_of, rsa2048, rsa4096},
};

fn refusal(pkcs8: &[u8], certificate: &[u8], issuer: &str, serial: &str) -> SigningKeyError {
    SigningKey::from_parts(pkcs8, certificate, issuer, serial).expect_err("refused")
}

#[test]
fn key_and_certificate_belong_together() {
    let (own, other) = (rsa2048(), rsa4096());
    assert_eq!(own.signing.certificate_der(), own.certificate);
    let refused = refusal(&own.pkcs8, &other.certificate, ISSUER, SERIAL);
    assert_eq!(refused, SigningKeyError::Mismatch);
}

#[test]
fn facts_come_from_the_certificate() {
    let key = rsa2048();
    let unreadable = SigningKey::new(&key.pkcs8, &[]).unwrap_err();
    assert!(matches!(unreadable, SigningKeyError::Facts { .. }));
    let refused = SigningKey::new(&key.pkcs8, &rsa4096().certificate).unwrap_err();
    assert_eq!(refused, SigningKeyError::Mismatch);
    let stated = SigningKey::from_parts(&key.pkcs8, &key.certificate, ISSUER, SERIAL).unwrap();
    let document = document("a", "b");
    let unsigned = Unsigned::new(document.as_bytes()).unwrap();
    let signed = |key| sign(&unsigned, key, SignatureHash::Sha1, TIME, ids()).unwrap();
    assert_eq!(signed(&stated), signed(&key.signing));
}

#[test]
fn damaged_material_is_refused() {
    let key = rsa2048();
    let source = RsaError::Damaged;
    assert_eq!(
        refusal(&key.pkcs8[1..], &key.certificate, ISSUER, SERIAL),
        SigningKeyError::PrivateKey { source }
    );
    let longer = [key.certificate.as_slice(), &[0]].concat();
    for certificate in [&key.certificate[1..], &[], &longer] {
        let refused = refusal(&key.pkcs8, certificate, ISSUER, SERIAL);
        assert_eq!(refused, SigningKeyError::Certificate);
    }
}

#[test]
fn certificates_of_other_algorithms_are_refused() {
    let p256 = KeyPair::generate().unwrap().serialize_der();
    let refused = refusal(&rsa2048().pkcs8, &certificate_of(&p256), ISSUER, SERIAL);
    let source = RsaError::NotRsa;
    assert_eq!(refused, SigningKeyError::CertificateKey { source });
}

#[test]
fn issuer_and_serial_are_writable() {
    let key = rsa2048();
    for issuer in ["", "CN=\u{1}", "CN=\u{fffe}", "CN=\0"] {
        let refused = refusal(&key.pkcs8, &key.certificate, issuer, SERIAL);
        assert_eq!(refused, SigningKeyError::IssuerName, "{issuer:?}");
    }
    for serial in ["", "-", "1a", "0x10", "1.5", " 1", "١"] {
        let refused = refusal(&key.pkcs8, &key.certificate, ISSUER, serial);
        assert_eq!(refused, SigningKeyError::SerialNumber, "{serial:?}");
    }
    assert!(SigningKey::from_parts(&key.pkcs8, &key.certificate, ISSUER, "-1").is_ok());
}

#[test]
fn debug_text_holds_no_key() {
    assert_eq!(
        format!("{:?}", rsa2048().signing),
        "SigningKey { modulus_bits: 2048, .. }"
    );
}
