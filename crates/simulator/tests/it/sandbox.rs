use std::path::Path;
use std::process::{Command, Output};

use tagua_simulator::sandbox::{self, SandboxError};
use tagua_testing::has_tool;
use tagua_verify::Certificate;
use x509_parser::prelude::FromDer;

use crate::support::signer::{self, PASSWORD, Signer};
use crate::support::{DAY, NOON};

const RUC: &str = "1790011674001";

fn issue(name: &str, serial: [u8; 16]) -> Vec<u8> {
    let authority = &signer::authority().p12;
    sandbox::issue(authority, PASSWORD, RUC, name, NOON / 1000, serial).expect("issued")
}

#[test]
fn a_certificate_says_what_it_is() {
    let certificate = Signer::open(&issue("Ñandú S.A.", [0xff; 16])).certificate;
    let authority = Certificate::from_der(&signer::authority().ca_certificate_der).expect("one");
    assert!(certificate.is_issued_by(&authority));
    assert!(authority.is_authority() && !certificate.is_authority());
    assert_eq!(certificate.ruc(), Some(RUC));
    assert_eq!(certificate.signing_usage(), Some(true));
    assert_eq!(certificate.key_bits(), 2048);
    assert_eq!(
        certificate.issuer(),
        "CN=TAGUA SANDBOX CA (SIN VALIDEZ TRIBUTARIA),O=Pruebas,C=EC"
    );
    assert!(certificate.subject().contains("CN=Ñandú S.A."));
    assert_eq!(certificate.serial(), u128::MAX.wrapping_shr(1).to_string());
    assert!(certificate.is_valid_at(NOON / 1000));
    assert!(certificate.is_valid_at((NOON + 730 * DAY) / 1000));
    assert!(!certificate.is_valid_at((NOON + 732 * DAY) / 1000));
}

#[test]
fn the_ruc_is_in_the_private_extension() {
    let certificate = Signer::open(&issue("A", [1; 16])).certificate;
    let (_, parsed) = x509_parser::certificate::X509Certificate::from_der(certificate.der())
        .expect("a certificate");
    let extension = parsed
        .extensions()
        .iter()
        .find(|extension| extension.oid.to_id_string() == "1.3.6.1.4.1.55555.3.11")
        .expect("the extension");
    assert_eq!(
        extension.value,
        [b"\x0c\x0d".as_slice(), RUC.as_bytes()].concat()
    );
    let usage = parsed.key_usage().expect("readable").expect("there").value;
    assert!(usage.digital_signature() && usage.non_repudiation());
}

#[test]
fn all_issuers_share_one_key() {
    let one = Signer::open(&issue("A", [1; 16])).certificate;
    let other = Signer::of_authority(signer::authority(), "0990000000001", NOON / 1000);
    assert_eq!(one.public_key(), other.certificate.public_key());
    assert_ne!(
        one.serial(),
        Signer::open(&issue("A", [2; 16])).certificate.serial()
    );
}

#[test]
fn wrong_arguments_are_told_apart() {
    let authority = &signer::authority().p12;
    let now = NOON / 1000;
    let attempt = |p12: &[u8], password: &str, ruc: &str, now: i64| {
        sandbox::issue(p12, password, ruc, "A", now, [1; 16]).expect_err("refused")
    };
    assert!(matches!(
        attempt(authority, "otra", RUC, now),
        SandboxError::WrongPassword
    ));
    assert!(matches!(
        attempt(authority, "", RUC, now),
        SandboxError::WrongPassword
    ));
    assert!(matches!(
        attempt(b"", PASSWORD, RUC, now),
        SandboxError::NotAnAuthority
    ));
    assert!(matches!(
        attempt(&authority[..900], PASSWORD, RUC, now),
        SandboxError::NotAnAuthority
    ));
    let issued = issue("A", [1; 16]);
    assert!(matches!(
        attempt(&issued, PASSWORD, RUC, now),
        SandboxError::NotAnAuthority
    ));
    assert!(matches!(
        attempt(authority, PASSWORD, "179001167400", now),
        SandboxError::Ruc
    ));
    assert!(matches!(
        attempt(authority, PASSWORD, "17900116740ñ1", now),
        SandboxError::Ruc
    ));
    for time in [i64::MIN, 0, i64::MAX] {
        assert!(matches!(
            attempt(authority, PASSWORD, RUC, time),
            SandboxError::Time(_)
        ));
    }
}

#[test]
fn names_are_cut_to_what_a_certificate_may_hold() {
    let long = "Ñ".repeat(300);
    let subject = Signer::open(&issue(&long, [1; 16])).certificate.subject();
    assert!(subject.contains(&"Ñ".repeat(64)) && !subject.contains(&"Ñ".repeat(65)));
    for name in ["", "😀", "a\u{0}b", "A, O=\"B\" + C;<x>"] {
        Signer::open(&issue(name, [1; 16]));
    }
}

/// The side that signs must be able to open what the sandbox hands out.
#[test]
fn the_products_reader_finds_key_and_certificate() {
    let bundle = tagua_pkcs12::open(&issue("A", [1; 16]), PASSWORD, &Default::default());
    let bundle = bundle.expect("opens");
    assert_eq!((bundle.keys.len(), bundle.certificates.len()), (1, 2));
    let choice = tagua_pkcs12::choose(&bundle, Some(RUC), NOON / 1000).expect("a choice");
    let ruc = choice.facts.ruc.as_ref().map(|found| found.value.as_str());
    assert_eq!(ruc, Some(RUC));
    assert_eq!(choice.warnings, []);
}

#[test]
fn openssl_opens_both_files() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("issued.p12");
    std::fs::write(&path, issue("A", [1; 16])).expect("written");
    let Some(output) = openssl_pkcs12(&path, PASSWORD) else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(
        text.matches("BEGIN CERTIFICATE").count(),
        2,
        "the chain is in it"
    );
    assert_eq!(
        text.matches("PRIVATE KEY").count(),
        2,
        "begin and end of one key"
    );
    assert!(
        errors.contains("MAC: sha256") && errors.contains("AES-256-CBC"),
        "{errors}"
    );
    std::fs::write(&path, &signer::authority().p12).expect("written");
    let output = openssl_pkcs12(&path, PASSWORD).expect("openssl");
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        text.matches("PRIVATE KEY").count(),
        4,
        "authority and shared key"
    );
    let refused = openssl_pkcs12(&path, "otra").expect("openssl");
    assert!(!refused.status.success());
}

/// `None` when there is no openssl here.
fn openssl_pkcs12(path: &Path, password: &str) -> Option<Output> {
    if !has_tool("openssl") {
        return None;
    }
    let output = Command::new("openssl")
        .args(["pkcs12", "-info", "-noenc", "-in"])
        .arg(path)
        .arg("-passin")
        .arg(format!("pass:{password}"))
        .output();
    Some(output.expect("openssl runs"))
}
