//! Every expected document of the shared material, signed: `xmlsec1` verifies
//! it, and it is still valid by SRI's schema of its type and version.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tagua_xades::SignatureHash;
use tempfile::TempDir;

use crate::{
    support::{
        keys::{TestKey, rsa2048, rsa4096},
        shared::shared,
    },
    xmlsec::{is_installed, verify, write_signed},
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
    let Some(shared) = shared().filter(|_| is_installed("xmlsec1") && is_installed("xmllint"))
    else {
        return;
    };
    let folder = TempDir::new().expect("a folder");
    let mut by_schema = BTreeMap::<String, Vec<PathBuf>>::new();
    for (number, document) in vectors(&shared).iter().enumerate() {
        let path = write_signed(&folder, number, document, key, hash);
        let (accepted, report) = verify(&path);
        assert!(accepted, "{document}\n{report}");
        assert!(
            report.contains("SignedInfo References (ok/all): 3/3"),
            "{report}"
        );
        by_schema.entry(schema(document)).or_default().push(path);
    }
    assert!(
        by_schema.values().map(Vec::len).sum::<usize>() >= 80,
        "{by_schema:?}"
    );
    for (schema, files) in by_schema {
        let output = Command::new("xmllint")
            .args(["--nonet", "--noout", "--schema"])
            .arg(shared.join("sri/xsd").join(schema))
            .args(files)
            .output()
            .expect("xmllint runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
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

/// `factura_2.1.0.xsd`, by the root's name and version.
fn schema(document: &str) -> String {
    let (root, rest) = document[1..]
        .split_once(' ')
        .expect("a root with attributes");
    let (_, rest) = rest.split_once("version=\"").expect("a version");
    let (version, _) = rest.split_once('"').expect("a whole version");
    format!("{root}_{version}.xsd")
}
