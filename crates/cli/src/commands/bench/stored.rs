//! `tagua bench issue --stored`: issuing into a database that holds many
//! documents against issuing into an empty one, in turns.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::data_set::{self, POINTS};
use super::load;
use super::server::Server;
use super::{Speed, percentile, ratio, throw_away};
use crate::args::BenchIssueOptions;
use crate::failure::Failure;
use crate::node::block_on;

/// Short enough for both sides to see the same machine.
const TURN: Duration = Duration::from_secs(2);
/// Nothing leaves, and no document is one too many.
const HOLD: [&str; 3] = ["--hold", "--open-documents", "1000000000"];
/// Of the empty database's speed, in thousandths.
const GOAL: u64 = 900;

/// One of the two databases.
struct Side {
    server: Server,
    /// Numbers of the two go on in step, above those of the data set.
    next: Arc<AtomicU32>,
    speed: Speed,
    latencies: Vec<u64>,
}

struct Figures {
    empty: Side,
    full: Side,
}

pub(super) fn run(options: &BenchIssueOptions, stored: u32) -> Result<ExitCode, Failure> {
    let figures = throw_away(options.directory.as_deref(), |directory| {
        measure(options, stored, directory)
    })?;
    print(&figures, options, stored);
    Ok(ExitCode::SUCCESS)
}

fn measure(options: &BenchIssueOptions, stored: u32, directory: &Path) -> Result<Figures, Failure> {
    let started = Instant::now();
    let full = directory.join("full");
    let secrets = block_on(data_set::make(&full, stored))?;
    let took = started.elapsed().as_secs();
    eprintln!("{stored} documents stored and indexed in {took} s");
    let first = stored / POINTS + 2;
    let mut empty = Side::new(Server::start(&directory.join("empty"), &HOLD)?, first);
    let mut full = Side::new(Server::over(&full, secrets, &HOLD)?, first);
    let connections = options.connections.max(1);
    for turn in 0..options.seconds.max(1).div_ceil(TURN.as_secs()) {
        // Who goes second finds what the first has left to the disk.
        let sides = match turn % 2 {
            0 => [&mut empty, &mut full],
            _ => [&mut full, &mut empty],
        };
        for side in sides {
            side.turn(connections)?;
        }
    }
    empty.latencies.sort_unstable();
    full.latencies.sort_unstable();
    Ok(Figures { empty, full })
}

impl Side {
    fn new(server: Server, first: u32) -> Self {
        Self {
            server,
            next: Arc::new(AtomicU32::new(first)),
            speed: Speed::default(),
            latencies: Vec::new(),
        }
    }

    fn turn(&mut self, connections: usize) -> Result<(), Failure> {
        let (request, next) = (self.server.requests(), Arc::clone(&self.next));
        let request = move |_| request(next.fetch_add(1, Ordering::Relaxed));
        let started = Instant::now();
        let load = load::run(self.server.address(), connections, TURN, request);
        let latencies = block_on(load)?;
        self.speed.add(latencies.len() as u64, started.elapsed());
        self.latencies.extend(latencies);
        Ok(())
    }

    fn row(&self) -> [u64; 3] {
        [
            self.speed.per_second(),
            percentile(&self.latencies, 50),
            percentile(&self.latencies, 99),
        ]
    }
}

fn print(figures: &Figures, options: &BenchIssueOptions, stored: u32) {
    let permille = figures.full.speed.permille_of(figures.empty.speed);
    let within = permille >= GOAL;
    let sides = [(0, &figures.empty), (stored, &figures.full)];
    if options.json {
        let row = |(stored, side): (u32, &Side)| {
            let [rate, p50, p99] = side.row();
            json!({
                "stored": stored,
                "documents_per_second": rate,
                "latency_us_p50": p50,
                "latency_us_p99": p99,
            })
        };
        let rows = sides.map(row);
        return println!(
            "{}",
            json!({ "stored": rows, "ratio": ratio(permille), "within_goal": within })
        );
    }
    println!(
        "{:>10} {:>9} {:>9} {:>9}",
        "stored", "issued/s", "p50 us", "p99 us"
    );
    for (stored, side) in sides {
        let [rate, p50, p99] = side.row();
        println!("{stored:>10} {rate:>9} {p50:>9} {p99:>9}");
    }
    let verdict = if within { "within" } else { "beyond" };
    println!(
        "{} of the empty database's speed, {verdict} the goal of {}",
        ratio(permille),
        ratio(GOAL)
    );
}
