//! `tagua bench flow --rate`: requests that come when they come, whether or not
//! the ones before are answered.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::load::Connection;
use super::server::Server;
use super::{micros, percentile, throw_away};
use crate::args::BenchFlowOptions;
use crate::failure::{Failure, While};
use crate::node::block_on;

/// Milliseconds within which 99 of 100 requests should be accepted.
const GOAL_MS: u64 = 50;
/// The server closes connections that rest for ten seconds.
const FRESH: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(60);

struct Figures {
    /// Microseconds from when a request was due to its answer, sorted.
    accepted: Vec<u64>,
    /// From the last answer until the last document was authorized.
    behind: Duration,
}

pub(super) fn run(options: &BenchFlowOptions, rate: u32) -> Result<ExitCode, Failure> {
    let figures = throw_away(options.directory.as_deref(), |directory| {
        measure(options, rate, directory)
    })?;
    print(&figures, options, rate);
    Ok(ExitCode::SUCCESS)
}

fn measure(options: &BenchFlowOptions, rate: u32, directory: &Path) -> Result<Figures, Failure> {
    let server = Arc::new(Server::start(directory, &[])?);
    let seconds = u32::try_from(options.seconds.max(1)).unwrap_or(u32::MAX);
    block_on(requests(&server, rate, rate.saturating_mul(seconds)))
}

async fn requests(server: &Arc<Server>, rate: u32, count: u32) -> Result<Figures, Failure> {
    let idle = Arc::new(Mutex::new(Vec::new()));
    let (request, started) = (Arc::new(server.requests()), Instant::now());
    let mut answers = JoinSet::new();
    for number in 1..=count {
        let due = started + Duration::from_secs(u64::from(number)) / rate;
        tokio::time::sleep_until(due.into()).await;
        let (server, request, idle) = (Arc::clone(server), Arc::clone(&request), Arc::clone(&idle));
        answers.spawn(async move {
            let ready: Option<(Instant, Connection)> = idle.lock().await.pop();
            let mut connection = match ready {
                Some((since, ready)) if since.elapsed() < FRESH => ready,
                _ => Connection::open(server.address()).await?,
            };
            let id = connection.issue(&request(number)).await?;
            idle.lock().await.push((Instant::now(), connection));
            Ok::<_, Failure>((micros(due.elapsed()), id))
        });
    }
    let (mut accepted, mut ids) = (Vec::new(), Vec::new());
    while let Some(answer) = answers.join_next().await {
        let (took, id) = answer.during("a request ended")??;
        accepted.push(took);
        ids.push(id);
    }
    accepted.sort_unstable();
    let behind = caught_up(server, &ids).await?;
    Ok(Figures { accepted, behind })
}

/// How long it takes until every document is authorized.
async fn caught_up(server: &Server, ids: &[String]) -> Result<Duration, Failure> {
    let mut connection = Connection::open(server.address()).await?;
    let started = Instant::now();
    // The newest first: those before them are then done, as a rule.
    for id in ids.iter().rev() {
        let query = server.query(0, id);
        while !connection.authorized(&query).await? {
            if started.elapsed() > PATIENCE {
                return Err(Failure::new(format!("{id} was not authorized")));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    Ok(started.elapsed())
}

fn print(figures: &Figures, options: &BenchFlowOptions, rate: u32) {
    let [p50, p99, max] = [50, 99, 100].map(|percent| percentile(&figures.accepted, percent));
    let within = p99 < GOAL_MS * 1_000;
    if options.json {
        let paced = json!({
            "rate": rate,
            "documents": figures.accepted.len(),
            "accepted_us_p50": p50,
            "accepted_us_p99": p99,
            "accepted_us_max": max,
            "within_goal": within,
            "all_authorized_after_ms": micros(figures.behind) / 1_000,
        });
        return println!("{}", json!({ "flow": paced }));
    }
    println!(
        "{} documents at {rate} /s, each on the disk before its answer",
        figures.accepted.len()
    );
    println!(
        "accepted after       p50 {}, p99 {}, max {} ms",
        milliseconds(p50),
        milliseconds(p99),
        milliseconds(max)
    );
    println!(
        "every one AUTORIZADO {} ms after the last answer (and asking for each)",
        milliseconds(micros(figures.behind))
    );
    let verdict = if within { "within" } else { "beyond" };
    println!("p99 is {verdict} the goal of {GOAL_MS} ms");
}

/// `12345` microseconds as `12.345`.
fn milliseconds(micros: u64) -> String {
    format!("{}.{:03}", micros / 1_000, micros % 1_000)
}
