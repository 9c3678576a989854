//! `xmllint` with SRI's own schemas.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What it says about each of these files (`*.xml`) by SRI's schema of this root
/// element and version: `None` when it is valid, else the complaints.
///
/// # Panics
///
/// Where it cannot be started (see [`crate::has_tool`]).
#[track_caller]
pub fn validate(
    shared: &Path,
    root: &str,
    version: &str,
    files: &[PathBuf],
) -> HashMap<PathBuf, Option<String>> {
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
