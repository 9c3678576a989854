//! Where an installation keeps everything.

use std::path::PathBuf;

use clap::Args;

pub(super) const DATA_DEFAULT: &str = "tagua-data";

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
