//! xmllint with the official schemas, as the other opinion.

use std::path::{Path, PathBuf};
use std::process::Command;

use tagua_sri_xml::schema::Schema;

/// The shared material; `None` after saying that it is not there.
pub(crate) fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("TAGUA_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if shared.join("sri/xsd").is_dir() {
        return Some(shared);
    }
    let required = std::env::var("TAGUA_REQUIRE_SHARED").is_ok_and(|v| v == "1");
    assert!(
        !required,
        "shared material not found at {}",
        shared.display()
    );
    println!("skipped: shared material not found");
    None
}

/// Whether xmllint can be asked; says so when not.
pub(crate) fn is_available() -> bool {
    if Command::new("xmllint").arg("--version").output().is_ok() {
        return true;
    }
    let required = std::env::var("TAGUA_REQUIRE_TOOLS").is_ok_and(|v| v == "1");
    assert!(!required, "xmllint not found (package libxml2-utils)");
    println!("skipped: xmllint not found");
    false
}

#[track_caller]
pub(crate) fn accepts(shared: &Path, schema: &Schema, file: &Path) {
    let (root, version) = (schema.root.name, schema.version);
    let output = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(shared.join(format!("sri/xsd/{root}_{version}.xsd")))
        .arg(file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
