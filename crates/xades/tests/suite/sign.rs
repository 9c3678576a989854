//! What `sign` returns: its layout, its text, and that a stranger can verify it.

use std::fs;

use proptest::prelude::*;
use roxmltree::{Document, Node};
use tagua_xades::{SignError, SignatureHash, SignatureIds, Unsigned, self_check, sign};

use crate::support::{
    TIME,
    documents::{document, documents, long_document},
    ids,
    keys::{ISSUER_XML, SERIAL, TestKey, rsa2048, rsa4096},
    verifier::verify,
};

const HASHES: [SignatureHash; 2] = [SignatureHash::Sha1, SignatureHash::Sha256];

fn signed(document: &str, key: &TestKey, hash: SignatureHash) -> String {
    let unsigned = Unsigned::new(document.as_bytes()).expect("canonical");
    let bytes = sign(&unsigned, &key.signing, hash, TIME, ids()).expect("signed");
    String::from_utf8(bytes).expect("UTF-8")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_stranger_verifies_any_document(document in documents(), random: [u8; 32]) {
        let unsigned = Unsigned::new(document.as_bytes()).unwrap();
        for (key, hash) in [(rsa2048(), HASHES[0]), (rsa2048(), HASHES[1]), (rsa4096(), HASHES[0])] {
            let ids = SignatureIds::from_random(random);
            let signed = sign(&unsigned, &key.signing, hash, TIME, ids).unwrap();
            prop_assert_eq!(verify(&signed), Ok(()));
        }
    }
}

#[test]
fn a_stranger_verifies_long_documents() {
    for hash in HASHES {
        let signed = signed(&long_document(300_000), rsa4096(), hash);
        assert!(signed.len() > 300_000);
        assert_eq!(verify(signed.as_bytes()), Ok(()));
    }
}

/// The verifier of these tests is worth its name: it accepts a file that the tax
/// authority authorised, and notices a change in it.
#[test]
fn the_stranger_accepts_an_authorised_document() {
    let Some(shared) = tagua_testing::shared() else {
        return;
    };
    let sample = shared.join("samples/057_factura_1.1.0_signed_datil.xml");
    let sample = fs::read_to_string(sample).unwrap();
    assert_eq!(verify(sample.as_bytes()), Ok(()));
    let changed = sample.replace("<moneda>DOLAR", "<moneda>EUROS");
    assert_eq!(
        verify(changed.as_bytes()),
        Err("digest of #comprobante".to_owned())
    );
}

#[test]
fn the_signature_is_the_last_child_of_an_unchanged_document() {
    let document = document("Ñandú & Cía", "a\r\"b\"");
    let signed = signed(&document, rsa2048(), SignatureHash::Sha1);
    let body = signed
        .strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        .unwrap();
    let start = body.find("<ds:Signature ").unwrap();
    let end = body.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    assert_eq!(format!("{}{}", &body[..start], &body[end..]), document);
    assert_eq!(&body[end..], "</factura>");
    assert!(!signed.contains('\r') && !signed.contains("/>"));
}

#[test]
fn follows_the_template() {
    for hash in HASHES {
        let signed = signed(&document("", ""), rsa2048(), hash);
        let tree = Document::parse(&signed).unwrap();
        let mut outline = String::new();
        write_outline(tree.root_element().last_child().unwrap(), 0, &mut outline);
        let (signature, digest) = match hash {
            SignatureHash::Sha1 => ("2000/09/xmldsig#rsa-sha1", "2000/09/xmldsig#sha1"),
            SignatureHash::Sha256 => ("2001/04/xmldsig-more#rsa-sha256", "2001/04/xmlenc#sha256"),
        };
        let expected = include_str!("template.txt")
            .replace("{signature}", &format!("http://www.w3.org/{signature}"))
            .replace("{digest}", &format!("http://www.w3.org/{digest}"))
            .replace("{serial}", SERIAL);
        assert_eq!(outline, expected);
        assert!(signed.contains(&format!(
            "<ds:X509IssuerName>{ISSUER_XML}</ds:X509IssuerName>"
        )));
    }
}

/// One line per element; texts of base64 and of the issuer are left out.
fn write_outline(node: Node, depth: usize, out: &mut String) {
    let name = node.tag_name().name();
    out.push_str(&format!("{}{name}", "  ".repeat(depth)));
    for attribute in node.attributes() {
        out.push_str(&format!(" {}={}", attribute.name(), attribute.value()));
    }
    let shown = [
        "SigningTime",
        "X509SerialNumber",
        "Description",
        "MimeType",
        "Exponent",
    ];
    if let Some(text) = node.text().filter(|_| shown.contains(&name)) {
        out.push_str(&format!(": {text}"));
    }
    out.push('\n');
    for child in node.children().filter(Node::is_element) {
        write_outline(child, depth + 1, out);
    }
}

#[test]
fn the_same_arguments_give_the_same_bytes() {
    let document = document("a", "b");
    let first = signed(&document, rsa2048(), SignatureHash::default());
    assert_eq!(first, signed(&document, rsa2048(), SignatureHash::Sha1));
    assert_ne!(first, signed(&document, rsa2048(), SignatureHash::Sha256));
}

#[test]
fn random_numbers_have_at_most_seven_digits() {
    let document = document("a", "b");
    let unsigned = Unsigned::new(document.as_bytes()).unwrap();
    let ids = SignatureIds::from_random([0xff; 32]);
    let signed = sign(&unsigned, &rsa2048().signing, HASHES[0], TIME, ids).unwrap();
    let signed = String::from_utf8(signed).unwrap();
    assert!(signed.contains(" Id=\"Signature4967295\">"));
    assert_eq!(verify(signed.as_bytes()), Ok(()));
}

#[test]
fn refuses_a_time_of_another_shape() {
    let document = document("a", "b");
    let unsigned = Unsigned::new(document.as_bytes()).unwrap();
    for time in ["", "2026-11-20T15:04:05Z", "2026-11-20T15:04:05<x/>:00"] {
        let refused = sign(&unsigned, &rsa2048().signing, HASHES[0], time, ids());
        assert_eq!(refused, Err(SignError::SigningTime), "{time}");
    }
}

/// Text that looks like a signature cannot lead the self-check astray.
#[test]
fn signs_documents_that_talk_about_signatures() {
    let text = "<ds:Signature Id=\"Signature1\"></ds:Signature></ds:SignedInfo> xmlns:ds=\"\"";
    for hash in HASHES {
        let signed = signed(&document(text, text), rsa2048(), hash);
        assert_eq!(
            self_check(signed.as_bytes(), &rsa2048().signing, hash),
            Ok(())
        );
        assert_eq!(verify(signed.as_bytes()), Ok(()));
    }
}
