//! Copying a data directory while the server works, and going on from a copy
//! that is older than what SRI knows.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../support/mod.rs"]
mod support;

mod files;
mod recovery;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use support::body::invoice;
use support::world::{Server, World, text};
use support::{run, succeed};

/// Issues so many invoices, each until SRI authorized it; their keys by number.
fn issue(server: &Server, count: u32) -> BTreeMap<u32, String> {
    let issued: Vec<_> = (0..count)
        .map(|_| server.issue(&numbered_by_the_server()))
        .collect();
    let settled = |issued: Value| {
        let document = server.settled(issued["id"].as_str().unwrap(), "AUTORIZADO");
        let key = document["clave_acceso"].as_str().unwrap().to_owned();
        (number_of(&key), key)
    };
    issued.into_iter().map(settled).collect()
}

/// An invoice that leaves its number to the server.
fn numbered_by_the_server() -> Value {
    let mut body = invoice(1);
    body["secuencial"] = "auto".into();
    body
}

fn number_of(key: &str) -> u32 {
    key[30..39].parse().unwrap()
}

fn back_up(world: &World, name: &str) -> (PathBuf, Value) {
    let (data, file) = (world.data(), world.path().join(name));
    let printed = succeed(&[
        "backup",
        "--json",
        "--data",
        text(&data),
        "--to",
        text(&file),
    ]);
    (file, serde_json::from_str(&printed).unwrap())
}

/// Puts the data directory away and makes another of the backup.
fn lose_and_restore(world: &World, backup: &Path) -> Value {
    fs::rename(world.data(), world.path().join("lost")).unwrap();
    let data = world.data();
    let arguments = [
        "restore",
        "--json",
        "--from",
        text(backup),
        "--data",
        text(&data),
    ];
    serde_json::from_str(&succeed(&arguments)).unwrap()
}

fn verify(backup: &Path) -> (bool, Value) {
    let output = run(&["backup", "verify", "--json", text(backup)]);
    (
        output.status.success(),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
}
