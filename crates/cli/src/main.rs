//! The `tagua` command: reads its arguments, wires the parts, prints.
//!
//! Data goes to standard output, talk to standard error.

/// A document is built, signed, stored and dropped on four threads; see
/// `docs/decisions/0006-mimalloc.md`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod args;
mod commands;
mod failure;
mod install;
mod node;
mod p12;
mod password;
mod recovery;
mod sample;
mod world;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Arguments, Command, LogFormat};
use crate::failure::Failure;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(arguments.log_format, arguments.command.default_log());
    match run(arguments.command) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Init(options) => commands::init::run(options),
        Command::Start(options) => commands::start::run(options),
        Command::Demo(options) => commands::demo::run(options),
        Command::Simulator(options) => commands::simulator::run(options),
        Command::Sign(options) => commands::sign::run(options),
        Command::Verify(options) => commands::verify::run(options),
        Command::Cert(options) => commands::cert::run(options),
        Command::Issuer(options) => commands::issuer::run(options),
        Command::Series(options) => commands::series::run(options),
        Command::Backup(options) => commands::backup::run(options),
        Command::Restore(options) => commands::restore::run(options),
        Command::Recover(options) => commands::recover::run(options),
        Command::Migrate(options) => commands::migrate::run(options),
        Command::Bench(options) => commands::bench::run(options),
    }
}

/// `TAGUA_LOG` takes the directives of the `tracing` crates, such as `info` or
/// `tagua_pipeline=debug`.
fn start_log(format: LogFormat, default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("TAGUA_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).init(),
    }
}
