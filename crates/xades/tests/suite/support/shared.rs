//! The shared material, which the product itself never reads.

use std::path::{Path, PathBuf};

/// Its folder, or `None` after saying that the test is skipped.
pub(crate) fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("TAGUA_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("TAGUA_REQUIRE_SHARED").is_ok_and(|value| value == "1");
    assert!(!required, "shared material not found in {folder:?}");
    println!("skipped: shared material not found");
    None
}
