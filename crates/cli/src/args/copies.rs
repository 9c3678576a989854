//! Backups, and moving to another database.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::place::{DATA_DEFAULT, Place};

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
                  Stop the server first. Afterwards: tagua start --database URL --sri-test"
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
