//! xmllint as the other opinion.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tagua_sri_xml::schema::Schema;

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
    let (root, version) = (schema.root.name, schema.version);
    let schema = shared.join(format!("sri/xsd/{root}_{version}.xsd"));
    let mut verdicts = HashMap::new();
    // Two at a time: the machines that run this have two cores.
    for batches in files.chunks(1_000) {
        let running: Vec<_> = batches
            .chunks(500)
            .map(|batch| (batch, start(&schema, batch)))
            .collect();
        for (batch, child) in running {
            let output = child.wait_with_output().expect("xmllint runs");
            let text = String::from_utf8_lossy(&output.stderr);
            let lines = by_file(&text);
            for file in batch {
                verdicts.insert(file.clone(), verdict(file, &lines));
            }
        }
    }
    verdicts
}

fn start(schema: &Path, batch: &[PathBuf]) -> Child {
    Command::new("xmllint")
        .args(["--nonet", "--noout", "--huge", "--schema"])
        .arg(schema)
        .args(batch)
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint runs")
}

/// The lines that start with the name of a file, by that name without `.xml`.
fn by_file(text: &str) -> HashMap<&Path, Vec<&str>> {
    let mut lines: HashMap<_, Vec<_>> = HashMap::new();
    for line in text.lines() {
        if let Some((name, _)) = line.split_once(".xml") {
            lines.entry(Path::new(name)).or_default().push(line);
        }
    }
    lines
}

fn verdict(file: &Path, lines: &HashMap<&Path, Vec<&str>>) -> Option<String> {
    let complaints = lines.get(file.with_extension("").as_path());
    let complaints = complaints.unwrap_or_else(|| panic!("xmllint said nothing about {file:?}"));
    let valid = complaints.iter().any(|line| line.ends_with(" validates"));
    (!valid).then(|| complaints.join("\n"))
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
