//! `xmlsec1`, an implementation that shares nothing with this one, verifies the files.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use tagua_xades::{SignatureHash, Unsigned, sign};
use tempfile::TempDir;

use crate::support::{
    TIME,
    documents::{document, long_document, some_documents},
    ids,
    keys::{TestKey, rsa2048, rsa4096},
};

/// Whose attribute `id` is an identifier.
const ROOTS: [&str; 6] = [
    "comprobanteRetencion",
    "factura",
    "guiaRemision",
    "liquidacionCompra",
    "notaCredito",
    "notaDebito",
];

#[test]
fn verifies_sha1_with_2048_bits() {
    check_documents(rsa2048(), SignatureHash::Sha1);
}

#[test]
fn verifies_sha256_with_2048_bits() {
    check_documents(rsa2048(), SignatureHash::Sha256);
}

#[test]
fn verifies_sha1_with_4096_bits() {
    check_documents(rsa4096(), SignatureHash::Sha1);
}

#[test]
fn verifies_sha256_with_4096_bits() {
    check_documents(rsa4096(), SignatureHash::Sha256);
}

#[test]
fn notices_a_changed_document() {
    if !is_installed("xmlsec1") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let document = document("intacto", "");
    let path = write_signed(&folder, 0, &document, rsa2048(), SignatureHash::Sha1);
    let changed = fs::read_to_string(&path)
        .unwrap()
        .replacen("intacto", "cambiado", 1);
    fs::write(&path, changed).unwrap();
    let (accepted, report) = verify(&path);
    assert!(!accepted);
    assert!(report.contains("(ok/all): 2/3"), "{report}");
}

fn check_documents(key: &TestKey, hash: SignatureHash) {
    if !is_installed("xmlsec1") {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let mut documents = some_documents(44);
    documents.push(long_document(100_000));
    for (number, document) in documents.iter().enumerate() {
        let path = write_signed(&folder, number, document, key, hash);
        let (accepted, report) = verify(&path);
        assert!(accepted, "{document}\n{report}");
        assert!(
            report.contains("SignedInfo References (ok/all): 3/3"),
            "{report}"
        );
    }
}

pub(crate) fn write_signed(
    folder: &TempDir,
    number: usize,
    document: &str,
    key: &TestKey,
    hash: SignatureHash,
) -> PathBuf {
    let unsigned = Unsigned::new(document.as_bytes()).expect("canonical");
    let signed = sign(&unsigned, &key.signing, hash, TIME, ids()).expect("signed");
    let path = folder.path().join(format!("{number}.xml"));
    fs::write(&path, signed).expect("written");
    path
}

pub(crate) fn verify(path: &Path) -> (bool, String) {
    let output = Command::new("xmlsec1")
        // Takes the key from the certificate in the file; nobody trusts its issuer.
        .args(["--verify", "--insecure"])
        .args(ROOTS.map(|root| ["--id-attr:id", root]).as_flattened())
        .args(["--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:KeyInfo"])
        .args([
            "--id-attr:Id",
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        ])
        .arg(path)
        .output()
        .expect("xmlsec1 runs");
    let report = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&report).into_owned(),
    )
}

/// Whether a tool is there; says that the test is skipped where it is not.
pub(crate) fn is_installed(tool: &str) -> bool {
    let installed = Command::new(tool).arg("--version").output().is_ok();
    if !installed {
        let required = env::var("TAGUA_REQUIRE_TOOLS").as_deref() == Ok("1");
        assert!(!required, "{tool} is missing");
        println!("skipped: {tool} is not installed");
    }
    installed
}
