//! The signer of these tests and the canonical form of parts of a document, as
//! xmlsec1 sees them.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use std::fs;

use base64::Engine;
use support::{identity, signed, signed_after};
use tagua_verify::verify_document;

/// What xmlsec1 says of the signature of a document.
fn xmlsec_accepts(text: &str) -> Option<bool> {
    let mut command = support::tool("xmlsec1")?;
    let directory = tempfile::tempdir().unwrap();
    let document = directory.path().join("document.xml");
    let authority = directory.path().join("authority.pem");
    fs::write(&document, text).unwrap();
    let der = identity().authority.der();
    let lines = base64::engine::general_purpose::STANDARD.encode(der);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n");
    fs::write(&authority, pem).unwrap();
    let output = command
        .args(["--verify", "--id-attr:id", "factura"])
        .args([
            "--id-attr:Id",
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        ])
        .args(["--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:KeyInfo"])
        .args(["--enabled-key-data", "x509,raw-x509-cert"])
        .args(["--verification-gmt-time", "2012-01-01+00:00:00"])
        .arg("--trusted-pem")
        .arg(&authority)
        .arg(&document)
        .output()
        .unwrap();
    Some(output.status.success())
}

#[track_caller]
fn both_accept(text: &str) {
    let report = verify_document(text.as_bytes());
    assert!(report.ok(), "{report:#?}");
    if let Some(accepted) = xmlsec_accepts(text) {
        assert!(accepted, "xmlsec1 refuses {text}");
    }
}

#[test]
fn the_signed_document_is_accepted() {
    both_accept(&signed());
}

#[test]
fn context_of_the_root_reaches_the_signed_parts() {
    let root = "<factura xmlns:z='urn:z' xmlns:a='urn:a' xml:lang='es' xml:space='preserve' ";
    both_accept(&signed_after(|draft| draft.replace("<factura ", root)));
    let object = "<ds:Object xmlns:etsi='http://uri.etsi.org/01903/v1.3.2#' xmlns:b='urn:b' ";
    both_accept(&signed_after(|draft| draft.replace("<ds:Object ", object)));
}

#[test]
fn references_may_be_exclusive() {
    let transform = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><e:InclusiveNamespaces xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"#default z\"/></ds:Transform></ds:Transforms>";
    let root = "<factura xmlns:z='urn:z' xmlns:a='urn:a' ";
    // The signer of these tests digests inclusively, so the forms must coincide:
    // all prefixes but `a` are listed, and `a` is taken out.
    let root_without_a = root.replace(" xmlns:a='urn:a'", "");
    both_accept(&signed_after(|draft| {
        draft
            .replace("<factura ", &root_without_a)
            .replace("</ds:Transforms>", transform)
    }));
    let text = signed_after(|draft| {
        draft
            .replace("<factura ", root)
            .replace("</ds:Transforms>", transform)
    });
    let report = verify_document(text.as_bytes());
    assert_eq!(support::failed(&report), ["document_digest"]);
    assert_ne!(xmlsec_accepts(&text), Some(true));
}

#[test]
fn spoilt_documents_are_refused_by_both() {
    for (from, to) in [
        (">34.01<", ">34.02<"),
        ("contenido", "Contenido"),
        ("<ds:KeyValue>", " <ds:KeyValue>"),
        ("Id=\"SignedInfo2\"", "Id=\"SignedInfo3\""),
    ] {
        let text = signed().replacen(from, to, 1);
        assert!(!verify_document(text.as_bytes()).ok());
        assert_ne!(xmlsec_accepts(&text), Some(true), "{from}");
    }
}
