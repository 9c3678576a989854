//! What several tests need: shared material, xmllint, an invoice with everything.
#![allow(dead_code, unused_imports, reason = "each test file uses its own part")]

pub(crate) mod arbitrary;
pub(crate) mod door;
pub(crate) mod judge;
pub(crate) mod mutation;
pub(crate) mod root_attributes;
pub(crate) mod sample;
pub(crate) mod waybill;
pub(crate) mod withholding;
pub(crate) mod xmllint;

use std::path::{Path, PathBuf};

pub(crate) use tagua_testing::shared;

/// The XML files of a folder that have this root element, in order of name.
pub(crate) fn documents(folder: &Path, root: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("a directory entry").path();
        if path.extension().is_some_and(|ext| ext == "xml") {
            let bytes = std::fs::read(&path).expect("a readable file");
            if root_name(&bytes) == root {
                files.push((path, bytes));
            }
        }
    }
    files.sort();
    files
}

/// The name after the first `<` that is neither a comment nor an instruction.
fn root_name(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut tags = text.split('<').skip(1);
    let root = tags.find(|tag| !tag.starts_with(['?', '!']));
    let name = root.and_then(|tag| tag.split([' ', '\n', '\r', '>']).next());
    name.unwrap_or_default().to_owned()
}

/// The documents with this root element among the expected ones: own and documented.
pub(crate) fn vectors(shared: &Path, root: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folders = ["vectors/expected/own", "vectors/expected/documented"];
    folders
        .iter()
        .flat_map(|folder| documents(&shared.join(folder), root))
        .collect()
}

/// Deterministic pseudo-random numbers (xorshift64).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed.max(1))
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).expect("below a usize")
    }

    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }
}
