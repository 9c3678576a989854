//! Measuring.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::serve::SeverityOption;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua bench sign")]
pub(crate) struct BenchOptions {
    #[command(subcommand)]
    pub(crate) command: BenchCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// Signatures per second of one core against its raw RSA speed.
    #[command(after_help = "Example:\n  tagua bench sign --seconds 5")]
    Sign(BenchSignOptions),
    /// Invoices per second through HTTP against the RSA speed of all cores.
    #[command(after_help = "Example:\n  tagua bench issue --seconds 10 --connections 64")]
    Issue(BenchIssueOptions),
    /// Documents all the way to AUTORIZADO, against the RSA speed of all cores, tenth by tenth.
    #[command(after_help = "Examples:\n  tagua bench flow --documents 60000\n  \
                      tagua bench flow --rate 100 --seconds 60")]
    Flow(BenchFlowOptions),
    /// Microseconds from a request's JSON to its checked XML, by number of lines.
    #[command(after_help = "Example:\n  tagua bench documents --seconds 5")]
    Documents(BenchDocumentsOptions),
    /// How long the first page of a list takes, filter by filter, among many documents.
    #[command(after_help = "Example:\n  tagua bench lists --documents 1000000")]
    Lists(BenchListsOptions),
}

#[derive(Debug, Args)]
pub(crate) struct BenchSignOptions {
    /// Seconds for each size.
    #[arg(long, default_value_t = 5)]
    pub(crate) seconds: u64,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchIssueOptions {
    /// Seconds of load.
    #[arg(long, default_value_t = 10)]
    pub(crate) seconds: u64,
    /// Connections at once.
    #[arg(long, default_value_t = 64)]
    pub(crate) connections: usize,
    /// Issue into a database with so many documents and into an empty one, in turns.
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u32).range(1_000..=50_000_000)
    )]
    pub(crate) stored: Option<u32>,
    /// Where the throw-away data goes [default: the system's temporary directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchFlowOptions {
    /// Documents until the run ends.
    #[arg(
        long,
        default_value_t = 60_000,
        value_parser = clap::value_parser!(u32).range(100..=50_000_000)
    )]
    pub(crate) documents: u32,
    /// Documents between request and AUTORIZADO at any time.
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub(crate) in_flight: usize,
    /// Accounts that issue; of one, four documents are with SRI at any time.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u16).range(1..=999)
    )]
    pub(crate) accounts: u16,
    /// What the simulator looks at: `confiado` answers at once, the others verify
    /// every signature on the same cores.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "confiado")]
    pub(crate) severity: SeverityOption,
    /// Requests per second, whether or not those before are answered; measures acceptance.
    #[arg(
        long,
        value_name = "N",
        conflicts_with_all = ["documents", "in_flight", "accounts", "severity"],
        value_parser = clap::value_parser!(u32).range(1..=100_000)
    )]
    pub(crate) rate: Option<u32>,
    /// Seconds at that rate.
    #[arg(
        long,
        default_value_t = 60,
        requires = "rate",
        value_parser = clap::value_parser!(u64).range(1..=86_400)
    )]
    pub(crate) seconds: u64,
    /// Where the throw-away data goes [default: the system's temporary directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchDocumentsOptions {
    /// Seconds for each size.
    #[arg(long, default_value_t = 5)]
    pub(crate) seconds: u64,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BenchListsOptions {
    /// Documents in the throw-away data set.
    #[arg(
        long,
        default_value_t = 100_000,
        value_parser = clap::value_parser!(u32).range(1_000..=50_000_000)
    )]
    pub(crate) documents: u32,
    /// Requests for each filter.
    #[arg(long, default_value_t = 50)]
    pub(crate) requests: u32,
    /// Where the throw-away data goes [default: the system's temporary directory].
    #[arg(long, value_name = "DIR")]
    pub(crate) directory: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
