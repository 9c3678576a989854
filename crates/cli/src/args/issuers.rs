//! What is known of issuers and of their series.

use clap::{Args, Subcommand};
use tagua_fiscal::Ruc;

use super::place::Place;

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
