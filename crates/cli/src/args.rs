//! The command line.

mod bench;
mod copies;
mod issuers;
mod place;
mod serve;
mod signing;

pub(crate) use self::bench::{
    BenchCommand, BenchDocumentsOptions, BenchFlowOptions, BenchIssueOptions, BenchListsOptions,
    BenchOptions, BenchSignOptions,
};
pub(crate) use self::copies::{
    BackupCommand, BackupOptions, MigrateOptions, RecoverOptions, RestoreOptions,
};
pub(crate) use self::issuers::{IssuerCommand, IssuerOptions, SeriesCommand, SeriesOptions};
pub(crate) use self::place::Place;
pub(crate) use self::serve::{
    DemoOptions, InitOptions, ServeOptions, SimulatorOptions, StartOptions,
};
pub(crate) use self::signing::{CertCommand, CertOptions, SignOptions, VerifyOptions};

use clap::{Parser, Subcommand, ValueEnum};

/// Electronic tax documents of Ecuador: sign them, send them to SRI, prove it.
#[derive(Debug, Parser)]
#[command(
    name = "tagua",
    version,
    arg_required_else_help = true,
    after_help = "Example:\n  tagua demo"
)]
pub(crate) struct Arguments {
    /// How the log on standard error is written.
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        env = "TAGUA_LOG_FORMAT"
    )]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prepare a data directory: database, sandbox account, API key, sandbox certificate.
    Init(InitOptions),
    /// Start the server, its workers and, unless told otherwise, the simulator of SRI.
    Start(StartOptions),
    /// Issue a sample invoice against the simulator and keep serving.
    Demo(DemoOptions),
    /// Run the simulator of SRI alone.
    Simulator(SimulatorOptions),
    /// Sign an XML document (XAdES-BES) with a PKCS#12 certificate.
    Sign(SignOptions),
    /// Check a signed document, one verdict per check.
    Verify(VerifyOptions),
    /// Look into certificates and register them.
    Cert(CertOptions),
    /// Say what is true of an issuer: names, regime, closed series, strictness.
    Issuer(IssuerOptions),
    /// See and set the last number of a series.
    Series(SeriesOptions),
    /// Copy everything into one file while the server runs, and check such a file.
    Backup(BackupOptions),
    /// Make a data directory of a backup.
    Restore(RestoreOptions),
    /// Have the next start ask SRI what was issued since a database was saved by other tools.
    Recover(RecoverOptions),
    /// Move everything from a data directory into an empty PostgreSQL database.
    Migrate(MigrateOptions),
    /// Measure this machine.
    Bench(BenchOptions),
}

impl Command {
    /// Servers say what they do; tools only what goes wrong.
    pub(crate) const fn default_log(&self) -> &'static str {
        match self {
            Self::Start(_) => "info",
            _ => "warn",
        }
    }
}
