//! Signatures and certificates.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::place::Place;

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
