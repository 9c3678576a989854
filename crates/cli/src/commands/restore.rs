//! `tagua restore`: a data directory out of a backup.

use std::process::ExitCode;

use tagua_pipeline::Clock;
use tagua_store::{StoreError, restore_backup};

use super::backup::{print_summary, summary, unusable};
use crate::args::RestoreOptions;
use crate::failure::Failure;
use crate::world::SystemClock;

pub(crate) fn run(options: RestoreOptions) -> Result<ExitCode, Failure> {
    let started = SystemClock.now();
    let (from, data) = (&options.from, options.data.display());
    let manifest = restore_backup(from, &options.data).map_err(|error| {
        let failure = unusable(from, &error);
        match error {
            StoreError::Refused { .. } => failure.hint(format!(
                "a restore never overwrites: give a new directory with --data, or stop the server \
                 and move {data} away first"
            )),
            StoreError::Corrupt { .. } => failure.hint("use an older backup"),
            _ => failure,
        }
    })?;
    let milliseconds = SystemClock.now().0.saturating_sub(started.0);
    if options.json {
        let mut result = summary(&manifest);
        result["data"] = data.to_string().into();
        result["milliseconds"] = milliseconds.into();
        println!("{result}");
    } else {
        println!("{data}");
        print_summary(&manifest);
        println!("took         {milliseconds} ms");
    }
    eprintln!(
        "The next `tagua start` on it first asks SRI about documents issued after the backup.\n\
         Access keys that clients sent themselves cannot be computed: check those with the clients."
    );
    Ok(ExitCode::SUCCESS)
}
