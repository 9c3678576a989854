//! `tagua bench`: figures of signing and issuing as ratios to this machine's
//! own RSA speed, measured side by side in the same run; of documents, in time.

mod data_set;
mod documents;
mod flow;
mod issue;
mod lists;
mod load;
mod paced;
mod process;
mod rsa;
mod server;
mod sign;
mod stored;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::args::{BenchCommand, BenchOptions};
use crate::failure::{Failure, While};

pub(crate) fn run(options: BenchOptions) -> Result<ExitCode, Failure> {
    match options.command {
        BenchCommand::Sign(options) => sign::run(options),
        BenchCommand::Issue(options) => issue::run(options),
        BenchCommand::Flow(options) => flow::run(options),
        BenchCommand::Lists(options) => lists::run(options),
        BenchCommand::Documents(options) => documents::run(options),
    }
}

/// Works in a directory made for it under `parent`, the system's temporary one
/// unless given, and removes it.
fn throw_away<T>(
    parent: Option<&Path>,
    work: impl FnOnce(&Path) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let parent = parent.map_or_else(std::env::temp_dir, Path::to_path_buf);
    let directory = parent.join(format!("tagua-bench-{}", crate::world::random_hex(6)));
    let done = work(&directory);
    let removed = std::fs::remove_dir_all(&directory);
    let done = done?;
    removed.during(&format!("{} could not be removed", directory.display()))?;
    Ok(done)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// A count over a time, in thousandths per second: no floating point.
#[derive(Clone, Copy, Debug, Default)]
struct Speed {
    count: u64,
    nanos: u64,
}

impl Speed {
    fn add(&mut self, count: u64, took: Duration) {
        self.count += count;
        self.nanos += u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
    }

    fn per_second(self) -> u64 {
        self.scaled(1)
    }

    /// Thousandths of `limit`.
    fn permille_of(self, limit: Self) -> u64 {
        match limit.scaled(1000) {
            0 => 0,
            limit => self.scaled(1_000_000) / limit,
        }
    }

    fn scaled(self, factor: u64) -> u64 {
        let count = u128::from(self.count) * u128::from(factor) * 1_000_000_000;
        u64::try_from(count / u128::from(self.nanos.max(1))).unwrap_or(u64::MAX)
    }
}

/// `957` as `0.957`.
fn ratio(permille: u64) -> String {
    format!("{}.{:03}", permille / 1000, permille % 1000)
}

/// The value below which `percent` of the sorted values lie.
fn percentile(sorted: &[u64], percent: usize) -> u64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}
