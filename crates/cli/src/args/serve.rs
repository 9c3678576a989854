//! Servers, and how one is prepared.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::place::Place;
use super::signing::HashOption;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua init --data tagua-data --json")]
pub(crate) struct InitOptions {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Make another API key for an installation that exists.
    #[arg(long)]
    pub(crate) new_key: bool,
    /// Make a new sandbox certificate with a new password for an installation that exists.
    #[arg(long)]
    pub(crate) new_password: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua start --data tagua-data --listen 127.0.0.1:8080")]
pub(crate) struct StartOptions {
    #[command(flatten)]
    pub(crate) serve: ServeOptions,
    /// Send documents of ambiente 1 to a simulator that runs elsewhere.
    #[arg(
        long,
        value_name = "URL",
        env = "TAGUA_SIMULATOR_URL",
        conflicts_with = "sri_test"
    )]
    pub(crate) simulator_url: Option<String>,
    /// Send documents of ambiente 1 to SRI's test environment instead of the simulator.
    #[arg(long, env = "TAGUA_SRI_TEST")]
    pub(crate) sri_test: bool,
    /// Accept documents of ambiente 2 and send them to SRI's production.
    #[arg(long, env = "TAGUA_ENABLE_PRODUCTION")]
    pub(crate) enable_production: bool,
    /// Accept and sign, but let nothing leave: measures the issue path alone.
    #[arg(long, hide = true)]
    pub(crate) hold: bool,
    /// Milliseconds for a call to SRI, for tests that cannot wait 30 s.
    #[arg(long, hide = true, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) sri_limit_ms: Option<u64>,
    /// Milliseconds that a worker's claim lasts, for the same tests.
    #[arg(long, hide = true, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) lease_ms: Option<u64>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua demo --once")]
pub(crate) struct DemoOptions {
    #[command(flatten)]
    pub(crate) serve: ServeOptions,
    /// Stop after the sample invoice: 0 when it was authorized.
    #[arg(long)]
    pub(crate) once: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua simulator --listen 127.0.0.1:8090 --data simulator-data")]
pub(crate) struct SimulatorOptions {
    /// The address to listen on.
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8090", value_parser = address)]
    pub(crate) listen: SocketAddr,
    /// Its own data directory, with its ledger.
    #[arg(long, value_name = "DIR", default_value = "tagua-simulator")]
    pub(crate) data: PathBuf,
    /// How severe it is [default: the profile's, else amable].
    #[arg(long, value_enum)]
    pub(crate) severity: Option<SeverityOption>,
    /// A TOML file with rates of faults, delays and outages (docs/simulator.md).
    #[arg(long, value_name = "FILE")]
    pub(crate) profile: Option<PathBuf>,
    /// What the rates are drawn with [default: the profile's, else 0].
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Milliseconds from reception until the authorization can be seen.
    #[arg(long, value_name = "MS")]
    pub(crate) latency: Option<u64>,
    /// A PEM file with further certification authorities to trust.
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Vec<PathBuf>,
    /// Answer before the ledger is on the disk, as the one inside the server does.
    #[arg(long, hide = true)]
    pub(crate) flush_behind: bool,
}

#[derive(Clone, Debug, Args)]
pub(crate) struct ServeOptions {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The address to listen on.
    #[arg(
        long,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:8080",
        env = "TAGUA_LISTEN",
        value_parser = address
    )]
    pub(crate) listen: SocketAddr,
    /// The address that links in answers start with [default: http://HOST:PORT].
    #[arg(long, value_name = "URL", env = "TAGUA_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
    /// How severe the embedded simulator is.
    #[arg(long, value_enum, default_value_t, env = "TAGUA_SIMULATOR_SEVERITY")]
    pub(crate) simulator_severity: SeverityOption,
    /// The digests of signatures. SRI's own tool signs with SHA-1.
    #[arg(long, value_enum, default_value_t, env = "TAGUA_SIGNATURE_HASH")]
    pub(crate) signature_hash: HashOption,
    #[command(flatten)]
    pub(crate) watching: WatchOptions,
}

/// Who may see metrics, and what one client may take.
#[derive(Clone, Debug, Args)]
pub(crate) struct WatchOptions {
    /// Serve /livez, /readyz and /metrics on this address too, to whoever can reach it.
    #[arg(long, value_name = "HOST:PORT", env = "TAGUA_METRICS_LISTEN", value_parser = address)]
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Answer /metrics on --listen to other machines as well.
    #[arg(long, env = "TAGUA_METRICS_PUBLIC")]
    pub(crate) metrics_public: bool,
    /// Requests per second of one API key, five seconds' worth at once; those that issue get
    /// half [default: any number].
    #[arg(long, value_name = "N/s", value_parser = rate, env = "TAGUA_RATE_LIMIT")]
    pub(crate) rate_limit: Option<u32>,
    /// Documents of one account that may wait for SRI; 0 for any number.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 50_000,
        env = "TAGUA_OPEN_DOCUMENTS"
    )]
    pub(crate) open_documents: u64,
    /// Connections of one address at once, those from this machine not counted; 0 for any
    /// number, as a proxy on another machine needs.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 100,
        env = "TAGUA_CONNECTIONS_PER_IP"
    )]
    pub(crate) connections_per_ip: usize,
}

/// `20/s` or `20`.
fn rate(text: &str) -> Result<u32, String> {
    let number = text.trim().strip_suffix("/s").unwrap_or(text).trim();
    match number.parse() {
        Ok(rate @ 1..=1_000_000) => Ok(rate),
        _ => Err("requests per second, such as 20/s".to_owned()),
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityOption {
    /// Authorizes what only production's rules on sums and dates would refuse, and says so.
    #[default]
    Amable,
    /// Refuses as production does.
    Estricto,
    /// Authorizes whatever shows an access key, unread: for load tests.
    Confiado,
}

impl SeverityOption {
    /// Its word on the command line.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Amable => "amable",
            Self::Estricto => "estricto",
            Self::Confiado => "confiado",
        }
    }
}

impl From<SeverityOption> for tagua_simulator::Profile {
    fn from(option: SeverityOption) -> Self {
        match option {
            SeverityOption::Amable => Self::Amable,
            SeverityOption::Estricto => Self::Estricto,
            SeverityOption::Confiado => Self::Confiado,
        }
    }
}

/// An address to listen on; a name such as localhost means its IPv4 address,
/// if it has one.
fn address(text: &str) -> Result<SocketAddr, String> {
    let found: Vec<SocketAddr> = text.to_socket_addrs().into_iter().flatten().collect();
    let best = found.iter().find(|address| address.is_ipv4());
    let best = best.or(found.first()).copied();
    best.ok_or_else(|| "give an address and a port, such as 127.0.0.1:8080".to_owned())
}
