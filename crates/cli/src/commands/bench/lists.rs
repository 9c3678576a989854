//! `tagua bench lists`: the first page of every filter, over HTTP, among many
//! documents.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use jiff::ToSpan;
use serde_json::{Value, json};

use super::data_set::{self, DAYS, FIRST_DAY, RECEIVERS, receiver_id};
use super::load::Connection;
use super::server::Server;
use super::{micros, percentile, throw_away};
use crate::args::BenchListsOptions;
use crate::failure::Failure;
use crate::install::SAMPLE_RUC;
use crate::node::block_on;

/// Milliseconds within which 95 of 100 first pages should be there.
const GOAL_MS: u64 = 50;

/// One filter: its name and the query for a number that varies.
type Filter = (&'static str, fn(u32) -> String);

const FILTERS: [Filter; 20] = [
    ("/invoices", |_| "/invoices".to_owned()),
    ("/edocs", |_| "/edocs".to_owned()),
    ("/waybills", |_| "/waybills".to_owned()),
    ("one day", |n| {
        format!("/invoices?desde={0}&hasta={0}", day(n))
    }),
    ("to a day", |n| format!("/edocs?hasta={}", day(n))),
    ("estado=AUTORIZADO", |_| {
        "/invoices?estado=AUTORIZADO".to_owned()
    }),
    ("estado=DEVUELTO", |_| {
        "/invoices?estado=DEVUELTO".to_owned()
    }),
    ("estado=RECIBIDO (none)", |_| {
        "/invoices?estado=RECIBIDO".to_owned()
    }),
    ("ERROR to a day (none)", |n| {
        format!("/edocs?estado=ERROR&hasta={}", day(n))
    }),
    ("receptor", |n| {
        format!("/invoices?receptor={}", receiver_id(n % RECEIVERS))
    }),
    ("receptor (none)", |n| format!("/edocs?receptor=17{n:08}")),
    ("series", |n| format!("/invoices?{}", series(n))),
    ("series and numbers", |n| {
        format!(
            "/invoices?{}&secuencial_desde=10&secuencial_hasta=30",
            series(n)
        )
    }),
    ("emisor and ambiente", |_| {
        format!("/edocs?emisor={SAMPLE_RUC}&ambiente=1")
    }),
    ("external_id", |n| format!("/edocs?external_id=pedido-{n}")),
    ("texto, a common word", |_| {
        "/invoices?texto=ferreteria".to_owned()
    }),
    ("texto, two words", |_| "/edocs?texto=farm+guam".to_owned()),
    ("texto, a rare word", |n| {
        format!("/edocs?texto={}", n % RECEIVERS)
    }),
    ("texto (none)", |_| "/edocs?texto=xilofono".to_owned()),
    ("texto, state, days", |n| {
        format!("/invoices?texto=vera&estado=DEVUELTO&desde={}", day(n))
    }),
];

fn day(number: u32) -> String {
    let day = FIRST_DAY.saturating_add(i64::from(number % DAYS).days());
    day.to_string()
}

fn series(number: u32) -> String {
    let (establishment, point) = (1 + number % 3, 1 + number % 10);
    format!("establecimiento={establishment:03}&punto_emision={point:03}")
}

/// The microseconds of a filter's requests, sorted.
struct Figure {
    name: &'static str,
    times: Vec<u64>,
}

pub(crate) fn run(options: BenchListsOptions) -> Result<ExitCode, Failure> {
    let figures = throw_away(options.directory.as_deref(), |directory| {
        measure(&options, directory)
    })?;
    print(&figures, &options);
    Ok(ExitCode::SUCCESS)
}

fn measure(options: &BenchListsOptions, directory: &Path) -> Result<Vec<Figure>, Failure> {
    let started = Instant::now();
    let secrets = block_on(data_set::make(directory, options.documents))?;
    let took = started.elapsed().as_secs();
    eprintln!(
        "{} documents stored and indexed in {took} s",
        options.documents
    );
    let server = Server::over(directory, secrets, &[])?;
    block_on(ask(&server, options))
}

async fn ask(server: &Server, options: &BenchListsOptions) -> Result<Vec<Figure>, Failure> {
    let mut connection = Connection::open(server.address()).await?;
    let mut figures = Vec::new();
    for (name, query) in FILTERS {
        let mut times = Vec::new();
        for turn in 0..options.requests.max(1) {
            let path = query(turn.wrapping_mul(7_919) % options.documents);
            times.push(page(&mut connection, server, &path).await?);
        }
        times.sort_unstable();
        figures.push(Figure { name, times });
    }
    Ok(figures)
}

/// Microseconds until a page was there.
async fn page(connection: &mut Connection, server: &Server, path: &str) -> Result<u64, Failure> {
    let key = &server.secrets.api_key;
    let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\nX-Key: {key}\r\n\r\n");
    let started = Instant::now();
    let answer = connection.send(request.as_bytes()).await?;
    let took = micros(started.elapsed());
    match answer.status {
        200 => Ok(took),
        status => Err(Failure::new(format!("{path}: {status} {}", answer.body))),
    }
}

fn print(figures: &[Figure], options: &BenchListsOptions) {
    let worst = figures
        .iter()
        .map(|figure| percentile(&figure.times, 95))
        .max();
    let worst = worst.unwrap_or_default();
    if options.json {
        let row = |figure: &Figure| {
            json!({
                "filter": figure.name,
                "p50_us": percentile(&figure.times, 50),
                "p95_us": percentile(&figure.times, 95),
                "max_us": percentile(&figure.times, 100),
            })
        };
        let rows: Value = figures.iter().map(row).collect();
        let documents = options.documents;
        println!(
            "{}",
            json!({ "documents": documents, "lists": rows, "worst_p95_us": worst })
        );
        return;
    }
    println!(
        "{:<24} {:>9} {:>9} {:>9}  us",
        "first page", "p50", "p95", "max"
    );
    for Figure { name, times } in figures {
        let [p50, p95, max] = [50, 95, 100].map(|percent| percentile(times, percent));
        println!("{name:<24} {p50:>9} {p95:>9} {max:>9}");
    }
    let verdict = if worst < GOAL_MS * 1_000 {
        "within"
    } else {
        "beyond"
    };
    println!("worst p95 {worst} us, {verdict} the goal of {GOAL_MS} ms");
}
