//! Public documents of others, when they are on this machine.

mod support;

use std::fs;
use std::path::PathBuf;

use tagua_testing::shared;
use tagua_verify::{Rule, Verdict, verify_document};

fn signed() -> Option<PathBuf> {
    let shared = shared()?;
    Some(shared.join("samples/057_factura_1.1.0_signed_datil.xml"))
}

#[test]
fn an_authentic_document_passes() {
    let Some(path) = signed() else { return };
    let report = verify_document(&fs::read(path).unwrap());
    assert!(report.ok(), "{report:#?}");
    assert_eq!(support::warned(&report), [""; 0]);
    for (rule, detail) in [
        (
            Rule::SignedPropertiesDigest,
            "sha1 cvUUmJkcvsJM2N+uXNdrRDr9A8Q= over 1064 canonical octets",
        ),
        (
            Rule::KeyInfoDigest,
            "sha1 KIbsxjE+gJUYXWlBsa3DRnlLUAs= over 4019 canonical octets",
        ),
        (
            Rule::DocumentDigest,
            "sha1 Jq3MEeK++IAxGgt5NRADWrB4w/s= over 2793 canonical octets",
        ),
        (
            Rule::IssuerName,
            "CN=AUTORIDAD DE CERTIFICACION SUB SECURITY DATA,OU=ENTIDAD DE CERTIFICACION DE INFORMACION,O=SECURITY DATA S.A.,C=EC",
        ),
        (Rule::SerialNumber, "1422815594"),
        (Rule::CertificateRuc, "0992712554001"),
    ] {
        let check = report.check(rule).unwrap();
        assert_eq!(
            (check.verdict, check.detail.as_str()),
            (Verdict::Pass, detail)
        );
    }
    assert_eq!(report.summary.algorithm.as_deref(), Some("rsa-sha1"));
}

#[test]
fn canonical_lengths_of_an_authentic_document() {
    let Some(path) = signed() else { return };
    let text = fs::read_to_string(path).unwrap();
    let length = |apex, excluded| support::canonical_part(&text, apex, excluded).len();
    assert_eq!(length("SignedProperties", None), 1064);
    assert_eq!(length("KeyInfo", None), 4019);
    assert_eq!(length("factura", Some("Signature")), 2793);
}

#[test]
fn an_authentic_document_does_not_survive_changes() {
    let Some(path) = signed() else { return };
    let text = fs::read_to_string(path).unwrap();
    for (from, to, expected) in [
        ("34.01", "34.02", ["document_digest"].as_slice()),
        ("Dátil", "Datil", &["document_digest"]),
        ("contenido", "Contenido", &["signed_properties_digest"]),
        (">\nMIIJ", ">MIIJ", &["key_info_digest"]),
        ("vgI0aa", "vgI0ab", &["signature_value"]),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        let report = verify_document(changed.as_bytes());
        assert_eq!(support::failed(&report), expected);
    }
}

#[test]
fn unsigned_documents_have_no_signature() {
    let Some(shared) = shared() else { return };
    let mut count = 0;
    for entry in fs::read_dir(shared.join("samples")).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().contains("_unsigned_") {
            continue;
        }
        let report = verify_document(&fs::read(&path).unwrap());
        let check = report.check(Rule::SignaturePresent).unwrap();
        assert_eq!(
            check.verdict,
            Verdict::Fail,
            "{}: {report:#?}",
            path.display()
        );
        assert_eq!(check.detail, "there is no signature");
        count += 1;
    }
    assert!(count >= 20, "{count} unsigned samples");
}
