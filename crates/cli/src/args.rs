//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tagua_fiscal::Ruc;

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

const DATA_DEFAULT: &str = "tagua-data";

/// Where an installation keeps everything.
#[derive(Clone, Debug, Args)]
pub(crate) struct Place {
    /// The data directory.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = DATA_DEFAULT,
        env = "TAGUA_DATA"
    )]
    pub(crate) data: PathBuf,
    /// Keep documents in this PostgreSQL database (postgres://user@host:5432/name) instead of
    /// SQLite in the data directory. A URL with a password belongs into the environment.
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "TAGUA_DATABASE",
        hide_env_values = true
    )]
    pub(crate) database: Option<String>,
}

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

#[derive(Clone, Debug, Args)]
pub(crate) struct ServeOptions {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The address to listen on.
    #[arg(
        long,
        value_name = "HOST:PORT",
        default_value = "127.0.0.1:8080",
        env = "TAGUA_LISTEN"
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
    #[arg(long, value_name = "HOST:PORT", env = "TAGUA_METRICS_LISTEN")]
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
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8090")]
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
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua sign factura.xml --p12 firma.p12 --out firmada.xml")]
pub(crate) struct SignOptions {
    /// The document.
    #[arg(value_name = "FILE.xml")]
    pub(crate) file: PathBuf,
    /// The certificate.
    #[arg(long, value_name = "FILE")]
    pub(crate) p12: PathBuf,
    /// A file with the certificate's password; asked for when absent.
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,
    /// Where to write [default: standard output].
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The digests of the signature.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) hash: HashOption,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua verify firmada.xml --json")]
pub(crate) struct VerifyOptions {
    /// A signed document, or the file with SRI's authorization around it.
    #[arg(value_name = "FILE.xml")]
    pub(crate) file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua cert inspect firma.p12")]
pub(crate) struct CertOptions {
    #[command(subcommand)]
    pub(crate) command: CertCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CertCommand {
    /// Say what is in a PKCS#12 file and which key would sign.
    #[command(after_help = "Example:\n  tagua cert inspect firma.p12 --password-file clave.txt")]
    Inspect {
        /// The file.
        #[arg(value_name = "FILE.p12")]
        file: PathBuf,
        /// A file with the password; asked for when absent.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Register a certificate, and its RUC as an issuer, for the first account.
    #[command(after_help = "Example:\n  tagua cert add --data tagua-data --p12 firma.p12")]
    Add {
        #[command(flatten)]
        place: Place,
        /// The certificate.
        #[arg(long, value_name = "FILE")]
        p12: PathBuf,
        /// A file with the password; asked for when absent. The password is not kept.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// The issuer's RUC, where the certificate names none.
        #[arg(long)]
        ruc: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tagua issuer set --ruc 1790012345001 legal_name=\"QUINDE AZUL S.A.S.\""
)]
pub(crate) struct IssuerOptions {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(subcommand)]
    pub(crate) command: IssuerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IssuerCommand {
    /// Every issuer with how many settings it has.
    #[command(after_help = "Example:\n  tagua issuer list --json")]
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// The settings of an issuer.
    #[command(after_help = "Example:\n  tagua issuer show --ruc 1790012345001")]
    Show {
        /// The issuer.
        #[arg(long, value_parser = ruc)]
        ruc: Ruc,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Change settings; the others stay.
    #[command(after_help = settings_help())]
    Set {
        /// The issuer.
        #[arg(long, value_parser = ruc)]
        ruc: Ruc,
        /// Register the issuer where it is not known yet.
        #[arg(long)]
        new: bool,
        /// NAME=VALUE, as many as you like.
        #[arg(value_name = "NAME=VALUE", required = true)]
        settings: Vec<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove settings.
    #[command(
        after_help = "Example:\n  tagua issuer unset --ruc 1790012345001 profile closed_series"
    )]
    Unset {
        /// The issuer.
        #[arg(long, value_parser = ruc)]
        ruc: Ruc,
        /// Names of settings; establishment_addresses.001 removes one address.
        #[arg(value_name = "NAME", required = true)]
        names: Vec<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

fn settings_help() -> String {
    let mut help = "Settings:\n".to_owned();
    for field in tagua_server::settings::SETTINGS {
        help.push_str(&format!("  {:<24} {}\n", field.name, field.help));
    }
    help.push_str(
        "\nExample:\n  tagua issuer set --ruc 1790012345001 profile=strict keeps_accounts=true \\\n    \
         establishment_addresses.001=\"Av. 10 de Agosto, Quito\"",
    );
    help
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tagua series list --ruc 1790012345001")]
pub(crate) struct SeriesOptions {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(subcommand)]
    pub(crate) command: SeriesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SeriesCommand {
    /// Every series with documents or a counter, and its next number.
    #[command(after_help = "Example:\n  tagua series list --ruc 1790012345001 --json")]
    List {
        /// The issuer.
        #[arg(long, value_parser = ruc)]
        ruc: Ruc,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Import the last number that another system used.
    #[command(
        after_help = "Example:\n  tagua series set --ruc 1790012345001 --type 01 --series 001-002 \
                      --environment 1 --last 1234"
    )]
    Set {
        /// The issuer.
        #[arg(long, value_parser = ruc)]
        ruc: Ruc,
        /// The type of document: 01, 03, 04, 05, 06 or 07.
        #[arg(long = "type", value_name = "CODE")]
        document_type: String,
        /// Establishment and point of emission.
        #[arg(long, value_name = "001-002")]
        series: String,
        /// 1 for pruebas and the simulator, 2 for producción.
        #[arg(long, value_name = "1|2")]
        environment: String,
        /// The last number used; the next document gets one more.
        #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(0..=999_999_999))]
        last: u32,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

fn ruc(text: &str) -> Result<Ruc, String> {
    let ruc = text.trim().parse();
    ruc.map_err(|_| "a RUC has 13 digits, such as 1790012345001".to_owned())
}

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  tagua backup --data tagua-data --to tagua-2026-07-29.backup\n  \
                  tagua backup verify tagua-2026-07-29.backup"
)]
pub(crate) struct BackupOptions {
    /// The data directory.
    #[arg(long, value_name = "DIR", default_value = DATA_DEFAULT, env = "TAGUA_DATA")]
    pub(crate) data: PathBuf,
    /// The file to make.
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) to: Option<PathBuf>,
    /// Put it in the place of a file that is there, once it is whole.
    #[arg(long)]
    pub(crate) replace: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Option<BackupCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Check a backup: 0 when everything in it is as it was written.
    #[command(after_help = "Example:\n  tagua backup verify tagua-2026-07-29.backup")]
    Verify {
        /// The backup.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tagua restore --from tagua-2026-07-29.backup --data tagua-data\n\n\
                  The next `tagua start` asks SRI about what was issued after the backup."
)]
pub(crate) struct RestoreOptions {
    /// The backup.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
    /// The data directory to make; it must be empty or not be there.
    #[arg(long, value_name = "DIR", default_value = DATA_DEFAULT, env = "TAGUA_DATA")]
    pub(crate) data: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tagua recover --since 2026-07-29T03:00:00Z --database postgres://tagua@db:5432/tagua\n\n\
                  For a snapshot of a disk, pg_restore and their like: `tagua restore` does it itself."
)]
pub(crate) struct RecoverOptions {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The time that the database was restored to, such as 2026-07-29T03:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: jiff::Timestamp,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tagua migrate --from tagua-data --to postgres://tagua@db:5432/tagua\n\n\
                  Stop the server first. Afterwards: tagua start --database URL"
)]
pub(crate) struct MigrateOptions {
    /// The data directory. No server may work on it.
    #[arg(long, value_name = "DIR", default_value = DATA_DEFAULT, env = "TAGUA_DATA")]
    pub(crate) from: PathBuf,
    /// The empty database.
    #[arg(
        long,
        value_name = "URL",
        env = "TAGUA_DATABASE",
        hide_env_values = true
    )]
    pub(crate) to: String,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

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
pub(crate) struct BenchDocumentsOptions {
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
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub(crate) in_flight: usize,
    /// Requests per second, whether or not those before are answered; measures acceptance.
    #[arg(
        long,
        value_name = "N",
        conflicts_with_all = ["documents", "in_flight"],
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

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum SeverityOption {
    /// Authorizes what only production's rules on sums and dates would refuse, and says so.
    #[default]
    Amable,
    /// Refuses as production does.
    Estricto,
}

impl From<SeverityOption> for tagua_simulator::Profile {
    fn from(option: SeverityOption) -> Self {
        match option {
            SeverityOption::Amable => Self::Amable,
            SeverityOption::Estricto => Self::Estricto,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum HashOption {
    /// RSA-SHA1 with SHA-1 digests: what SRI has accepted everywhere.
    #[default]
    Sha1,
    /// RSA-SHA256 with SHA-256 digests.
    Sha256,
}

impl From<HashOption> for tagua_xades::SignatureHash {
    fn from(option: HashOption) -> Self {
        match option {
            HashOption::Sha1 => Self::Sha1,
            HashOption::Sha256 => Self::Sha256,
        }
    }
}
