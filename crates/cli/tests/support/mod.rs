//! Runs the `tagua` command as its users do: processes, sockets, files.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod body;
pub(crate) mod http;
pub(crate) mod process;
pub(crate) mod world;

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// What is enough for anything that should happen at once, on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The command, deaf to settings of whoever runs the tests.
pub(crate) fn tagua() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tagua"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_setting(name)) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

fn is_setting(name: &std::ffi::OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("TAGUA_"))
}

/// Runs the command to its end.
#[track_caller]
pub(crate) fn run(arguments: &[&str]) -> Output {
    tagua().args(arguments).output().unwrap()
}

/// Standard output of a run that must succeed.
#[track_caller]
pub(crate) fn succeed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "tagua {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Standard error of a run that must fail with code 1 and print nothing as data.
#[track_caller]
pub(crate) fn fail(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(1), "tagua {arguments:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    String::from_utf8(output.stderr).unwrap()
}

/// Asks until there is an answer; the other process tells no other way.
#[track_caller]
pub(crate) fn wait_until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("not within {PATIENCE:?}: {what}");
}
