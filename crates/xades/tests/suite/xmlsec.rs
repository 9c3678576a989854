//! `xmlsec1`, an implementation that shares nothing with this one, verifies the files.

use std::{fs, path::PathBuf};

use tagua_testing::{has_tool, xmlsec1};
use tagua_xades::{SignatureHash, Unsigned, sign};
use tempfile::TempDir;

use crate::support::{
    TIME,
    documents::{document, long_document, some_documents},
    ids,
    keys::{TestKey, rsa2048, rsa4096},
};

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
    if !has_tool("xmlsec1") {
        return;
    }
    let folder = TempDir::new().unwrap();
    let document = document("intacto", "");
    let path = write_signed(&folder, 0, &document, rsa2048(), SignatureHash::Sha1);
    let changed = fs::read_to_string(&path)
        .unwrap()
        .replacen("intacto", "cambiado", 1);
    fs::write(&path, changed).unwrap();
    let (accepted, report) = xmlsec1::verify(&path);
    assert!(!accepted);
    assert!(report.contains("(ok/all): 2/3"), "{report}");
}

fn check_documents(key: &TestKey, hash: SignatureHash) {
    if !has_tool("xmlsec1") {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let mut documents = some_documents(44);
    documents.push(long_document(100_000));
    for (number, document) in documents.iter().enumerate() {
        let path = write_signed(&folder, number, document, key, hash);
        let (accepted, report) = xmlsec1::verify(&path);
        assert!(accepted, "{document}\n{report}");
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
