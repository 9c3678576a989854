//! Files made by the software in the field; see `scripts/make-p12-fixtures.sh`.

#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{NOW, RUC, has_tool};
use tagua_pkcs12::{Bundle, Limits, MacStatus, OpenError, choose, open};
use tagua_testing::skip_without;

#[test]
fn reads_what_other_software_writes() {
    let Some(directory) = fixtures() else { return };
    let index = std::fs::read_to_string(directory.join("index.tsv")).unwrap();
    for row in index.lines() {
        let [file, password, expectation] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("malformed row {row:?}")
        };
        let bytes = std::fs::read(directory.join(file)).unwrap();
        let found = open(&bytes, password, &Limits::default());
        check(file, &found, expectation);
        if found.is_ok_and(|bundle| bundle.mac != MacStatus::Absent) {
            let wrong = open(&bytes, "Clave124", &Limits::default());
            assert_eq!(wrong.err(), Some(OpenError::WrongPassword), "{file}");
        }
    }
    assert!(index.lines().count() >= 45, "the script left out rows");
    for (tool, option, prefix) in [("keytool", "-help", "keytool"), ("certutil", "-H", "nss")] {
        // certutil prints its help with status 1.
        let present = Command::new(tool).arg(option).output().is_ok();
        let listed = index.lines().any(|row| row.starts_with(prefix));
        assert_eq!(listed, present, "{tool}");
        if !present {
            skip_without(tool);
        }
    }
}

/// The directory of files, made once per target directory.
fn fixtures() -> Option<PathBuf> {
    if !has_tool("openssl", "version") || !has_tool("python3", "--version") {
        return None;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("p12");
    let script = Command::new(root.join("scripts/make-p12-fixtures.sh"))
        .arg(&directory)
        .output();
    let script = script.expect("bash starts");
    assert!(
        script.status.success(),
        "{}",
        String::from_utf8_lossy(&script.stderr)
    );
    Some(directory)
}

#[track_caller]
fn check(file: &str, found: &Result<Bundle, OpenError>, expectation: &str) {
    let bundle = match found {
        Ok(bundle) => bundle,
        Err(error) => return assert_eq!(error.code(), expectation, "{file}: {error}"),
    };
    let choice = choose(bundle, Some(RUC), NOW);
    for word in expectation.split(' ') {
        let (key, value) = word
            .split_once('=')
            .unwrap_or_else(|| panic!("{file}: {found:?}"));
        match key {
            "keys" => assert_eq!(bundle.keys.len().to_string(), value, "{file}"),
            "certs" => assert_eq!(bundle.certificates.len().to_string(), value, "{file}"),
            "mac" => assert_eq!(mac_word(&bundle.mac), value, "{file}"),
            "choose" => match &choice {
                Err(error) => assert_eq!(error.code(), value, "{file}"),
                Ok(choice) => {
                    assert!(choice.facts.subject.contains(value), "{file}: {choice:?}");
                    assert_eq!(choice.warnings.is_empty(), !expectation.contains("warn="));
                }
            },
            "warn" => assert_eq!(choice.as_ref().unwrap().warnings[0].code(), value, "{file}"),
            _ => panic!("{file}: unknown expectation {word}"),
        }
    }
}

fn mac_word(mac: &MacStatus) -> String {
    match mac {
        MacStatus::Absent => "absent".to_owned(),
        MacStatus::Verified { algorithm, .. } => algorithm.replace(' ', "-"),
    }
}
