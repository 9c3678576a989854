//! `docs/metrics.md` is what the table of metrics says.
//!
//! `TAGUA_REGENERATE=1 cargo test -p tagua-server --test metrics` writes it again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

#[test]
fn the_document_is_that_of_the_table() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let document = tagua_server::metrics_document();
    if std::env::var_os("TAGUA_REGENERATE").is_some_and(|value| value == "1") {
        std::fs::write(&file, &document).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == document,
        "docs/metrics.md is out of date: TAGUA_REGENERATE=1 cargo test -p tagua-server --test metrics"
    );
}
