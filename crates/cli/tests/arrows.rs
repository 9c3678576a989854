//! Which crate may use which. Above all: the simulator and the verifier share
//! nothing with the side that writes and signs, so that they can disagree.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Every crate with the crates of this project that it may depend on.
const ARROWS: [(&str, &[&str]); 15] = [
    ("fiscal", &[]),
    ("sri-xml", &["fiscal"]),
    ("pkcs12", &[]),
    ("rsa", &[]),
    ("xades", &["pkcs12", "rsa"]),
    ("verify", &[]),
    ("sri", &[]),
    ("simulator", &["verify"]),
    ("store", &["fiscal"]),
    ("postgres", &["fiscal", "store"]),
    ("pipeline", &["fiscal", "sri", "store"]),
    ("wire", &["fiscal", "sri-xml", "store"]),
    ("testing", &[]),
    (
        "server",
        &[
            "fiscal", "pipeline", "pkcs12", "sri-xml", "store", "wire", "xades",
        ],
    ),
    (
        "cli",
        &[
            "fiscal",
            "pipeline",
            "pkcs12",
            "postgres",
            "rsa",
            "server",
            "simulator",
            "sri",
            "sri-xml",
            "store",
            "verify",
            "wire",
            "xades",
        ],
    ),
];

#[test]
fn every_arrow_is_allowed() {
    let allowed: BTreeMap<_, BTreeSet<_>> = ARROWS
        .iter()
        .map(|(name, uses)| {
            (
                (*name).to_owned(),
                uses.iter().map(|u| (*u).to_owned()).collect(),
            )
        })
        .collect();
    assert_eq!(arrows(), allowed);
}

/// What the manifests say, tests' own dependencies left out.
fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
            "--manifest-path",
        ])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| (short(&package["name"]).unwrap(), uses(package)))
        .collect()
}

fn uses(package: &Value) -> BTreeSet<String> {
    let dependencies = package["dependencies"].as_array().unwrap();
    dependencies
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .filter_map(|dependency| short(&dependency["name"]))
        .collect()
}

fn short(name: &Value) -> Option<String> {
    name.as_str()?.strip_prefix("tagua-").map(str::to_owned)
}
