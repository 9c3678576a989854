//! xmllint as the other opinion.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tagua_sri_xml::schema::Schema;

/// Whether xmllint can be asked; says so when not.
pub(crate) fn is_available() -> bool {
    tagua_testing::has_tool("xmllint")
}

/// Documents on disk, to be judged by one call per schema.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a writable target directory");
        Self(folder)
    }

    pub(crate) fn add(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).expect("a writable target directory");
        path
    }
}

/// What xmllint says about each file: `None` when it is valid, else its complaints.
pub(crate) fn validate(
    shared: &Path,
    schema: &Schema,
    files: &[PathBuf],
) -> HashMap<PathBuf, Option<String>> {
    tagua_testing::xmllint::validate(shared, schema.root.name, schema.version, files)
}

/// Inclusive Canonical XML 1.0 without comments.
pub(crate) fn canonical(file: &Path) -> Vec<u8> {
    let exclusive_of_comments = Command::new("xmllint")
        .args(["--nonet", "--huge", "--c14n"])
        .arg(file)
        .output()
        .expect("xmllint runs");
    assert!(exclusive_of_comments.status.success(), "{file:?}");
    exclusive_of_comments.stdout
}
