//! `tagua backup`: everything in one file, and whether such a file is good.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;
use tagua_pipeline::Clock;
use tagua_store::{
    BackupCheck, BackupContents, Manifest, StoreError, create_backup, note_in, verify_backup,
};

use crate::args::{BackupCommand, BackupOptions};
use crate::failure::{Failure, While};
use crate::install::{DataDir, MOVED_NOTE};
use crate::recovery;
use crate::world::SystemClock;

pub(crate) fn run(options: BackupOptions) -> Result<ExitCode, Failure> {
    match (options.command, options.to) {
        (Some(BackupCommand::Verify { file, json }), _) => verify(&file, json),
        (None, Some(to)) => {
            let data = DataDir(options.data);
            make(&data, &to, options.replace, options.json)
        }
        (None, None) => Err(Failure::new("where to is not said").hint("give --to FILE")),
    }
}

fn make(data: &DataDir, to: &Path, replace: bool, as_json: bool) -> Result<ExitCode, Failure> {
    if !data.exists() {
        let what = format!("{} has no database", data.0.display());
        return Err(Failure::new(what).hint(
            "give the server's data directory with --data; PostgreSQL's own tools back up a \
             PostgreSQL database",
        ));
    }
    let moved = note_in(&data.0, MOVED_NOTE).during("the database could not be read")?;
    if moved.is_some() {
        let what = "everything in this data directory was moved to a PostgreSQL database";
        return Err(Failure::new(what).hint("back that up, with pg_dump for example"));
    }
    if to.exists() && !replace {
        let what = format!("{} is there already", to.display());
        return Err(Failure::new(what).hint("give another name, or --replace"));
    }
    let at = SystemClock.now();
    let contents = BackupContents {
        files: files(data)?,
        notes: vec![recovery::mark(at)],
        program: env!("CARGO_PKG_VERSION").to_owned(),
        at,
    };
    let mut meter = Meter::default();
    let made = create_backup(&data.0, to, &contents, &mut |done, all| {
        meter.show(done, all)
    });
    meter.end();
    let manifest = made.during("the backup was not made")?;
    let milliseconds = SystemClock.now().0.saturating_sub(at.0);
    let bytes = fs::metadata(to).map_or(0, |file| file.len());
    if as_json {
        let mut result = summary(&manifest);
        result["file"] = to.display().to_string().into();
        result["bytes"] = bytes.into();
        result["milliseconds"] = milliseconds.into();
        println!("{result}");
    } else {
        println!("{}", to.display());
        print_summary(&manifest);
        println!("bytes        {bytes}");
        println!("took         {milliseconds} ms");
    }
    eprintln!("hint: `tagua backup verify {}` checks it", to.display());
    Ok(ExitCode::SUCCESS)
}

/// What a server needs beside the database: the sandbox's authority, encrypted,
/// and what its simulator trusts. The simulator's ledger is the simulator's own.
fn files(data: &DataDir) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut files = Vec::new();
    let authority = data.sandbox_authority();
    if authority.is_file() {
        files.push((name_of(data, &authority)?, read(&authority)?));
    }
    let trusted = data.simulator().join("sandbox-ca");
    if !trusted.is_dir() {
        return Ok(files);
    }
    let unreadable = format!("{} could not be read", trusted.display());
    for entry in fs::read_dir(&trusted).during(&unreadable)? {
        let path = entry.during(&unreadable)?.path();
        // Others are unfinished.
        if path.extension().is_some_and(|kind| kind == "der") {
            files.push((name_of(data, &path)?, read(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).during(&format!("{} could not be read", path.display()))
}

fn name_of(data: &DataDir, path: &Path) -> Result<String, Failure> {
    let name = path.strip_prefix(&data.0).ok().and_then(Path::to_str);
    let name = name.ok_or_else(|| Failure::new(format!("{} is no text", path.display())))?;
    Ok(name.to_owned())
}

fn verify(file: &Path, as_json: bool) -> Result<ExitCode, Failure> {
    let started = SystemClock.now();
    let (manifest, checks) = verify_backup(file).map_err(|error| unusable(file, &error))?;
    let good = checks.iter().all(|check| check.problem.is_none());
    let milliseconds = SystemClock.now().0.saturating_sub(started.0);
    if as_json {
        let mut result = summary(&manifest);
        result["good"] = good.into();
        result["checks"] = checks.iter().map(verdict).collect();
        result["milliseconds"] = milliseconds.into();
        println!("{result}");
    } else {
        print_summary(&manifest);
        for check in &checks {
            let problem = check.problem.as_deref();
            println!("{:<13}{}", check.name, problem.unwrap_or("ok"));
        }
        println!("took         {milliseconds} ms");
    }
    match good {
        true => {
            eprintln!("the backup is good");
            Ok(ExitCode::SUCCESS)
        }
        false => {
            eprintln!("error: the backup is damaged\nhint: keep it, and use an older one");
            Ok(ExitCode::FAILURE)
        }
    }
}

/// A failure to make sense of the file at all.
pub(crate) fn unusable(file: &Path, error: &StoreError) -> Failure {
    Failure::caused(format!("{} cannot be used", file.display()), error)
}

fn verdict(check: &BackupCheck) -> serde_json::Value {
    json!({ "name": check.name, "good": check.problem.is_none(), "problem": check.problem })
}

/// What a backup says of itself, for `--json`.
pub(crate) fn summary(manifest: &Manifest) -> serde_json::Value {
    let tables = manifest.tables.iter();
    let counts: serde_json::Map<_, _> = tables
        .map(|(name, sum)| (name.clone(), sum.count.into()))
        .collect();
    json!({
        "created_at": time(manifest),
        "program": manifest.program,
        "schema": manifest.schema,
        "sha256": manifest.sha256,
        "tables": counts,
        "files": manifest.files.keys().collect::<Vec<_>>(),
    })
}

/// What a backup says of itself, for people.
pub(crate) fn print_summary(manifest: &Manifest) {
    println!("made         {} by {}", time(manifest), manifest.program);
    println!("schema       {}", manifest.schema);
    for table in ["document", "event", "issuer", "certificate"] {
        println!("{:<13}{}", format!("{table}s"), manifest.rows(table));
    }
    println!("files        {}", manifest.files.len());
    println!("sha256       {}", manifest.sha256);
}

fn time(manifest: &Manifest) -> String {
    jiff::Timestamp::from_millisecond(manifest.created_at)
        .map_or_else(|_| manifest.created_at.to_string(), |time| time.to_string())
}

/// A line that says how far it is, where somebody looks at it.
#[derive(Default)]
struct Meter {
    shown: bool,
}

impl Meter {
    fn show(&mut self, done: u64, all: u64) {
        let mut terminal = std::io::stderr();
        if !terminal.is_terminal() || all == 0 {
            return;
        }
        self.shown = true;
        let percent = done.saturating_mul(100) / all;
        // Nothing depends on it.
        let _ = write!(terminal, "\r{done} of {all} pages, {percent} %");
        let _ = terminal.flush();
    }

    fn end(&self) {
        if self.shown {
            eprintln!();
        }
    }
}
