//! `tagua migrate`: from a data directory into a PostgreSQL database.

use std::fs;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde_json::{Value, json};
use tagua_pipeline::Clock;
use tagua_postgres::Imported;
use tagua_store::{Export, StoreError, hex};

use crate::args::MigrateOptions;
use crate::failure::{Failure, While};
use crate::install::{DataDir, MOVED_NOTE, SANDBOX_NOTE};
use crate::node::block_on;
use crate::world::SystemClock;

pub(crate) fn run(options: MigrateOptions) -> Result<ExitCode, Failure> {
    let data = DataDir(options.from);
    let started = SystemClock.now();
    let export = Export::open(&data.0).map_err(|error| unopened(&data, &error))?;
    keep_sandbox(&data, &export)?;
    let imported = block_on(async {
        let mut shown = |table: &'static str, rows: u64| show(table, rows);
        let imported = tagua_postgres::import(&options.to, export, &mut shown).await;
        clear();
        let (imported, export) = imported.map_err(|error| unmoved(&error))?;
        // From now on the directory must not go on numbering.
        let marked = export.put_note(MOVED_NOTE, b"postgres");
        marked.during(
            "everything is in the PostgreSQL database, but the data directory could not be \
             marked as moved: never start a server on it again",
        )?;
        Ok(imported)
    })?;
    let milliseconds = SystemClock.now().0.saturating_sub(started.0);
    match options.json {
        true => println!("{}", report(&imported, milliseconds)),
        false => print(&imported, milliseconds),
    }
    let dir = data.0.display();
    eprintln!(
        "Everything is in the PostgreSQL database, read back and equal. {dir} is marked as moved.\n\
         Go on with: tagua start --data {dir} --database URL, and --sri-test or --simulator-url"
    );
    Ok(ExitCode::SUCCESS)
}

/// The sandbox's authority travels in the database, so that every node signs
/// with the same one; older data directories have it in its file alone.
fn keep_sandbox(data: &DataDir, export: &Export) -> Result<(), Failure> {
    let file = data.sandbox_authority();
    if !file.is_file() {
        return Ok(());
    }
    let bytes = fs::read(&file).during("the sandbox's authority could not be read")?;
    let kept = export.put_note(SANDBOX_NOTE, &bytes);
    kept.during("the sandbox's authority was not stored")
}

fn unopened(data: &DataDir, error: &StoreError) -> Failure {
    let failure = Failure::caused(format!("{} could not be opened", data.0.display()), error);
    match error {
        StoreError::InUse { .. } => failure.hint("a server works on it: stop it first"),
        StoreError::Refused { .. } => failure.hint("give the server's data directory with --from"),
        _ => failure,
    }
}

/// The URL may hold a password: what is said does not repeat it.
fn unmoved(error: &StoreError) -> Failure {
    let failure = Failure::caused("nothing was moved", error);
    match error {
        StoreError::Refused { .. } => {
            failure.hint("make a new database (createdb tagua) and give its URL with --to")
        }
        StoreError::Unavailable { .. } => failure.hint(
            "the data directory is as it was and the database as empty: the same command starts over",
        ),
        _ => failure,
    }
}

fn report(imported: &[Imported], milliseconds: i64) -> Value {
    let table = |imported: &Imported| {
        json!({
            "table": imported.table,
            "rows": imported.sum.rows,
            "sha256": hex(&imported.sum.sha256),
        })
    };
    let tables: Vec<_> = imported.iter().map(table).collect();
    json!({ "tables": tables, "milliseconds": milliseconds })
}

fn print(imported: &[Imported], milliseconds: i64) {
    println!("{:<17} {:>9}  sha256 on both sides", "table", "rows");
    for Imported { table, sum } in imported {
        println!("{table:<17} {:>9}  {}", sum.rows, hex(&sum.sha256));
    }
    println!("took {milliseconds} ms");
}

/// A line that says how far it is, where somebody looks at it.
fn show(table: &str, rows: u64) {
    let mut terminal = std::io::stderr();
    if terminal.is_terminal() {
        // Nothing depends on it.
        let _ = write!(terminal, "\r\x1b[K{table}: {rows}");
        let _ = terminal.flush();
    }
}

fn clear() {
    let mut terminal = std::io::stderr();
    if terminal.is_terminal() {
        let _ = write!(terminal, "\r\x1b[K");
    }
}
