//! What tests ask of the machine that they run on: the reference material beside
//! the repository, and programs that judge documents and share nothing with
//! ours. No product crate may use it.
//!
//! Where something is missing a test says so and returns, unless the environment
//! says that it must be there: `TAGUA_REQUIRE_SHARED=1`, `TAGUA_REQUIRE_TOOLS=1`.

pub mod xmllint;
pub mod xmlsec1;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder of reference material: `TAGUA_SHARED`, else `shared` beside the
/// repository. `None` after saying that the test is skipped.
///
/// # Panics
///
/// Where it is missing and required.
#[track_caller]
pub fn shared() -> Option<PathBuf> {
    let folder = env::var_os("TAGUA_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    // Another folder may have that name.
    if folder.join("vectors/index.json").is_file() {
        return Some(folder);
    }
    let missing = format!("shared material not found in {}", folder.display());
    assert!(!is_set("TAGUA_REQUIRE_SHARED"), "{missing}");
    println!("skipped: shared material not found");
    None
}

/// Whether a program can be started; says that the test is skipped where not.
///
/// # Panics
///
/// As [`skip_without`].
#[track_caller]
pub fn has_tool(program: &str) -> bool {
    let started = Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if started.is_err() {
        skip_without(program);
    }
    started.is_ok()
}

/// Says that a test is skipped for want of a program.
///
/// # Panics
///
/// Where programs are required.
#[track_caller]
pub fn skip_without(program: &str) {
    assert!(!is_set("TAGUA_REQUIRE_TOOLS"), "{program} is not installed");
    println!("skipped: {program} is not installed");
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| value == "1")
}
