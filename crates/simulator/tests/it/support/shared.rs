//! Reference material beside the repository.

use std::path::PathBuf;

/// A directory of the shared material, or `None` when there is none here.
pub(crate) fn directory(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TAGUA_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let directory = root.join(name);
    if directory.is_dir() {
        return Some(directory);
    }
    assert!(
        std::env::var("TAGUA_REQUIRE_SHARED").as_deref() != Ok("1"),
        "{} is missing",
        directory.display()
    );
    println!("skipped: shared material not found");
    None
}
