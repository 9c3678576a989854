//! `tagua bench issue`: the server as a process of its own, the load in this
//! one, both on the same cores.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::json;
use tagua_rsa::RsaKey;

use super::load::{self, Connection};
use super::server::Server;
use super::{Speed, micros, percentile, ratio, rsa, stored, throw_away};
use crate::args::BenchIssueOptions;
use crate::failure::{Failure, While};
use crate::node::block_on;

const RSA_TIME: Duration = Duration::from_secs(2);
const AUTHORIZATIONS: u32 = 300;

struct Figures {
    rsa: Speed,
    issued: Speed,
    latencies: Vec<u64>,
    peak_rss_kib: u64,
    authorized: Vec<u64>,
}

pub(crate) fn run(options: BenchIssueOptions) -> Result<ExitCode, Failure> {
    if let Some(stored) = options.stored {
        return stored::run(&options, stored);
    }
    let figures = throw_away(options.directory.as_deref(), |directory| {
        measure(&options, directory)
    })?;
    print(&figures, &options);
    Ok(ExitCode::SUCCESS)
}

fn measure(options: &BenchIssueOptions, directory: &Path) -> Result<Figures, Failure> {
    let key = RsaKey::from_pkcs8(&rsa::choice()?.pkcs8).during("the key cannot sign")?;
    let mut limit = rsa::all_cores(&key, RSA_TIME)?;
    let time = Duration::from_secs(options.seconds.max(1));
    let server = Server::start(&directory.join("hold"), &["--hold"])?;
    let (started, connections) = (Instant::now(), options.connections.max(1));
    let request = server.requests();
    let address = server.address();
    let latencies = block_on(load::run(address, connections, time, request))?;
    let mut issued = Speed::default();
    issued.add(latencies.len() as u64, started.elapsed());
    let peak_rss_kib = server.process.peak_rss_kib()?;
    drop(server);
    let after = rsa::all_cores(&key, RSA_TIME)?;
    limit.add(after.count, Duration::from_nanos(after.nanos));
    let server = Server::start(&directory.join("whole"), &[])?;
    let authorized = block_on(authorizations(&server))?;
    Ok(Figures {
        rsa: limit,
        issued,
        latencies,
        peak_rss_kib,
        authorized,
    })
}

/// One invoice after another, from the request to the query that says AUTORIZADO.
async fn authorizations(server: &Server) -> Result<Vec<u64>, Failure> {
    let mut connection = Connection::open(server.address()).await?;
    let request = server.requests();
    let mut times = Vec::new();
    for sequential in 1..=AUTHORIZATIONS {
        let started = Instant::now();
        let id = connection.issue(&request(sequential)).await?;
        let query = server.query(0, &id);
        while !connection.authorized(&query).await? {
            if started.elapsed() > Duration::from_secs(30) {
                return Err(Failure::new(format!("{id} was not authorized")));
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        times.push(micros(started.elapsed()));
    }
    times.sort_unstable();
    Ok(times)
}

fn print(figures: &Figures, options: &BenchIssueOptions) {
    let ratio = ratio(figures.issued.permille_of(figures.rsa));
    let (latencies, authorized) = (&figures.latencies, &figures.authorized);
    if options.json {
        println!(
            "{}",
            json!({
                "issue": {
                    "connections": options.connections,
                    "documents": latencies.len(),
                    "documents_per_second": figures.issued.per_second(),
                    "rsa_2048_per_second_all_cores": figures.rsa.per_second(),
                    "ratio": ratio,
                    "latency_us_p50": percentile(latencies, 50),
                    "latency_us_p99": percentile(latencies, 99),
                    "peak_rss_kib": figures.peak_rss_kib,
                },
                "authorized_us": {
                    "documents": authorized.len(),
                    "p50": percentile(authorized, 50),
                    "p99": percentile(authorized, 99),
                },
            })
        );
        return;
    }
    println!(
        "RSA-2048, all cores        {:>8} /s",
        figures.rsa.per_second()
    );
    println!(
        "issued (signed, fsynced)   {:>8} /s   {ratio} of RSA, {} documents, {} connections",
        figures.issued.per_second(),
        latencies.len(),
        options.connections
    );
    println!(
        "latency                    {:>8} us p50, {} us p99",
        percentile(latencies, 50),
        percentile(latencies, 99)
    );
    println!("server's peak memory       {:>8} KiB", figures.peak_rss_kib);
    println!(
        "request to AUTORIZADO      {:>8} us p50, {} us p99, one at a time, {} documents",
        percentile(authorized, 50),
        percentile(authorized, 99),
        authorized.len()
    );
}
