//! Every expected document of the shared material, signed: `xmlsec1` verifies
//! it, and it is still valid by SRI's schema of its type and version.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use tagua_testing::{has_tool, shared, xmllint, xmlsec1};
use tagua_xades::SignatureHash;
use tempfile::TempDir;

use crate::{
    support::keys::{TestKey, rsa2048, rsa4096},
    xmlsec::write_signed,
};

#[test]
fn verifies_sha1_with_2048_bits() {
    check_vectors(rsa2048(), SignatureHash::Sha1);
}

#[test]
fn verifies_sha256_with_2048_bits() {
    check_vectors(rsa2048(), SignatureHash::Sha256);
}

#[test]
fn verifies_sha1_with_4096_bits() {
    check_vectors(rsa4096(), SignatureHash::Sha1);
}

#[test]
fn verifies_sha256_with_4096_bits() {
    check_vectors(rsa4096(), SignatureHash::Sha256);
}

fn check_vectors(key: &TestKey, hash: SignatureHash) {
    let Some(shared) = shared().filter(|_| has_tool("xmlsec1") && has_tool("xmllint")) else {
        return;
    };
    let folder = TempDir::new().expect("a folder");
    let mut by_schema = BTreeMap::<(String, String), Vec<PathBuf>>::new();
    for (number, document) in vectors(&shared).iter().enumerate() {
        let path = write_signed(&folder, number, document, key, hash);
        let (accepted, report) = xmlsec1::verify(&path);
        assert!(accepted, "{document}\n{report}");
        by_schema.entry(schema(document)).or_default().push(path);
    }
    assert!(
        by_schema.values().map(Vec::len).sum::<usize>() >= 80,
        "{by_schema:?}"
    );
    for ((root, version), files) in by_schema {
        for (file, complaints) in xmllint::validate(&shared, &root, &version, &files) {
            assert_eq!(complaints, None, "{}", file.display());
        }
    }
}

/// The canonical form of every expected document of every type.
fn vectors(shared: &Path) -> Vec<String> {
    let folders = ["vectors/expected/own", "vectors/expected/documented"];
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(shared.join(folder)).expect("there"));
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let canonical = |path: &PathBuf| {
        let bytes = fs::read(path).expect("a readable file");
        let root = tagua_sri_xml::read(&bytes).expect("well formed");
        String::from_utf8(tagua_sri_xml::write(&root)).expect("UTF-8")
    };
    paths.iter().map(canonical).collect()
}

/// The root's name and version.
fn schema(document: &str) -> (String, String) {
    let (root, rest) = document[1..]
        .split_once(' ')
        .expect("a root with attributes");
    let (_, rest) = rest.split_once("version=\"").expect("a version");
    let (version, _) = rest.split_once('"').expect("a whole version");
    (root.to_owned(), version.to_owned())
}
