//! What several tests need: shared material, xmllint, an invoice with everything.
#![allow(dead_code, reason = "each test file uses its own part")]

pub(crate) mod arbitrary;
pub(crate) mod mutation;
pub(crate) mod sample;
pub(crate) mod xmllint;

use std::path::{Path, PathBuf};

/// The folder of shared material, or `None` after saying that the test is skipped.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("TAGUA_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("TAGUA_REQUIRE_SHARED").is_ok_and(|v| v == "1");
    assert!(!required, "shared material not found in {folder:?}");
    println!("skipped: shared material not found");
    None
}

/// The XML files of a folder whose root is `factura`, in order of name.
pub(crate) fn facturas(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder exists") {
        let path = entry.expect("a directory entry").path();
        if path.extension().is_some_and(|ext| ext == "xml") {
            let bytes = std::fs::read(&path).expect("a readable file");
            if String::from_utf8_lossy(&bytes).contains("<factura") {
                files.push((path, bytes));
            }
        }
    }
    files.sort();
    files
}

/// The facturas among the expected documents: own and documented ones.
pub(crate) fn vectors(shared: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let folders = ["vectors/expected/own", "vectors/expected/documented"];
    folders
        .iter()
        .flat_map(|folder| facturas(&shared.join(folder)))
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
