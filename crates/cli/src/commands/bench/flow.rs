//! `tagua bench flow`: documents all the way to AUTORIZADO. The server with its
//! simulator is a process of its own, the load is in this one, all of it on the
//! same cores.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tagua_rsa::RsaKey;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::load::Connection;
use super::server::{Server, ThreadTime};
use super::{Speed, micros, paced, percentile, ratio, rsa, throw_away};
use crate::args::BenchFlowOptions;
use crate::failure::{Failure, While};
use crate::node::block_on;

const RSA_TIME: Duration = Duration::from_secs(2);
/// A document that takes longer ends the run.
const PATIENCE: Duration = Duration::from_secs(60);
/// Parts of the run that are compared.
const PARTS: u32 = 10;

/// One tenth of the documents, in the order in which they were authorized.
struct Part {
    speed: Speed,
    /// Microseconds from the request to the answer that says AUTORIZADO, sorted.
    times: Vec<u64>,
    rss_kib: u64,
}

struct Figures {
    rsa: Speed,
    whole: Speed,
    parts: Vec<Part>,
    questions: u64,
    threads: Vec<ThreadTime>,
}

pub(crate) fn run(options: BenchFlowOptions) -> Result<ExitCode, Failure> {
    if let Some(rate) = options.rate {
        return paced::run(&options, rate);
    }
    let figures = throw_away(options.directory.as_deref(), |directory| {
        measure(&options, directory)
    })?;
    print(&figures, &options);
    Ok(ExitCode::SUCCESS)
}

fn measure(options: &BenchFlowOptions, directory: &Path) -> Result<Figures, Failure> {
    let key = RsaKey::from_pkcs8(&rsa::choice()?.pkcs8).during("the key cannot sign")?;
    let mut limit = rsa::all_cores(&key, RSA_TIME)?;
    let server = Arc::new(Server::start(directory, &[])?);
    let run = Arc::new(Run::new(Arc::clone(&server), options)?);
    block_on(run.clients(options.in_flight.max(1)))?;
    let threads = server.thread_times()?;
    let questions = run.questions.load(Ordering::Relaxed);
    let run = Arc::into_inner(run).ok_or_else(|| Failure::new("a client goes on"))?;
    let (whole, parts) = run.parts();
    drop(server);
    let after = rsa::all_cores(&key, RSA_TIME)?;
    limit.add(after.count, Duration::from_nanos(after.nanos));
    Ok(Figures {
        rsa: limit,
        whole,
        parts,
        questions,
        threads,
    })
}

/// What the clients of a closed loop share.
struct Run {
    server: Arc<Server>,
    documents: u32,
    next: AtomicU32,
    /// Microseconds after which a document is asked about first: near what the
    /// last ones took, because each question costs what is measured.
    usual: AtomicU64,
    questions: AtomicU64,
    progress: Mutex<Progress>,
}

/// What is there so far, in the order in which it was authorized.
struct Progress {
    started: Instant,
    times: Vec<u64>,
    /// When each part was over, and the server's memory then.
    ends: Vec<(Duration, u64)>,
}

impl Run {
    fn new(server: Arc<Server>, options: &BenchFlowOptions) -> Result<Self, Failure> {
        server.rss_kib()?;
        Ok(Self {
            server,
            documents: options.documents,
            next: AtomicU32::new(1),
            usual: AtomicU64::new(10_000),
            questions: AtomicU64::new(0),
            progress: Mutex::new(Progress {
                started: Instant::now(),
                times: Vec::new(),
                ends: Vec::new(),
            }),
        })
    }

    /// As many clients as documents may be in flight, each with one.
    async fn clients(self: &Arc<Self>, in_flight: usize) -> Result<(), Failure> {
        let mut clients = JoinSet::new();
        for _ in 0..in_flight {
            let run = Arc::clone(self);
            clients.spawn(async move { run.client().await });
        }
        while let Some(client) = clients.join_next().await {
            client.during("a client ended")??;
        }
        Ok(())
    }

    async fn client(&self) -> Result<(), Failure> {
        let mut connection = Connection::open(self.server.address).await?;
        let request = self.server.requests();
        loop {
            let sequential = self.next.fetch_add(1, Ordering::Relaxed);
            if sequential > self.documents {
                return Ok(());
            }
            let started = Instant::now();
            let id = connection.issue(&request(sequential)).await?;
            self.authorized(&mut connection, &id, started).await?;
            self.finished(started).await?;
        }
    }

    /// Asks until the document is authorized.
    async fn authorized(
        &self,
        connection: &mut Connection,
        id: &str,
        started: Instant,
    ) -> Result<(), Failure> {
        let query = self.server.query(id);
        let usual = Duration::from_micros(self.usual.load(Ordering::Relaxed));
        let pause = usual / 4;
        tokio::time::sleep(usual.saturating_sub(started.elapsed())).await;
        loop {
            self.questions.fetch_add(1, Ordering::Relaxed);
            if connection.authorized(&query).await? {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                return Err(Failure::new(format!("{id} was not authorized")));
            }
            tokio::time::sleep(pause).await;
        }
    }

    /// Four fifths of what the last ones took on average: most need a second
    /// question, few a third, and waiting for answers cannot make the wait grow.
    fn learn(&self, took: u64) {
        let average = |usual: u64| Some(usual - usual / 256 + took / 320);
        let _ = self
            .usual
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, average);
    }

    async fn finished(&self, started: Instant) -> Result<(), Failure> {
        let took = micros(started.elapsed());
        self.learn(took);
        let mut progress = self.progress.lock().await;
        progress.times.push(took);
        let count = u32::try_from(progress.times.len()).unwrap_or(u32::MAX);
        let part = (self.documents / PARTS).max(1);
        if count % part == 0 {
            let end = (progress.started.elapsed(), self.server.rss_kib()?);
            progress.ends.push(end);
        }
        Ok(())
    }

    fn parts(self) -> (Speed, Vec<Part>) {
        let progress = self.progress.into_inner();
        let size = usize::try_from(self.documents / PARTS).unwrap_or_default();
        let (mut whole, mut parts) = (Speed::default(), Vec::new());
        let mut before = Duration::ZERO;
        for (times, (end, rss_kib)) in progress.times.chunks(size.max(1)).zip(&progress.ends) {
            let mut times = times.to_vec();
            times.sort_unstable();
            let mut speed = Speed::default();
            speed.add(times.len() as u64, end.saturating_sub(before));
            whole.add(times.len() as u64, end.saturating_sub(before));
            before = *end;
            parts.push(Part {
                speed,
                times,
                rss_kib: *rss_kib,
            });
        }
        (whole, parts)
    }
}

/// The last part against the first, in thousandths.
fn growth(parts: &[Part], value: impl Fn(&Part) -> u64) -> u64 {
    let of = |part: Option<&Part>| part.map(&value).unwrap_or_default();
    // What a server needs to be warm is in the first part.
    of(parts.last()).saturating_mul(1_000) / of(parts.get(1)).max(1)
}

fn print(figures: &Figures, options: &BenchFlowOptions) {
    let against_rsa = figures.whole.permille_of(figures.rsa);
    let median = growth(&figures.parts, |part| percentile(&part.times, 50));
    let memory = growth(&figures.parts, |part| part.rss_kib);
    if options.json {
        return print_json(figures, options, [against_rsa, median, memory]);
    }
    println!("RSA-2048, all cores   {:>8} /s", figures.rsa.per_second());
    println!(
        "to AUTORIZADO         {:>8} /s   {} of RSA, {} documents, {} in flight",
        figures.whole.per_second(),
        ratio(against_rsa),
        figures.whole.count,
        options.in_flight
    );
    println!(
        "\n{:>4} {:>9} {:>12} {:>12} {:>12}",
        "part", "/s", "p50 us", "p99 us", "memory KiB"
    );
    for (place, part) in (1..).zip(&figures.parts) {
        println!(
            "{place:>4} {:>9} {:>12} {:>12} {:>12}",
            part.speed.per_second(),
            percentile(&part.times, 50),
            percentile(&part.times, 99),
            part.rss_kib
        );
    }
    println!(
        "part {PARTS} against part 2: p50 {}, memory {}",
        ratio(median),
        ratio(memory)
    );
    println!("\nthe server's threads, us of CPU a document");
    for thread in &figures.threads {
        let micros = thread.micros / figures.whole.count.max(1);
        println!("{:<20} {micros:>8}", thread.name);
    }
    println!(
        "questions of the load: {} a document",
        ratio(questions(figures))
    );
}

/// Thousandths of a question for each document.
fn questions(figures: &Figures) -> u64 {
    figures.questions.saturating_mul(1_000) / figures.whole.count.max(1)
}

fn print_json(
    figures: &Figures,
    options: &BenchFlowOptions,
    [against_rsa, median, memory]: [u64; 3],
) {
    let part = |part: &Part| {
        json!({
            "documents_per_second": part.speed.per_second(),
            "authorized_us_p50": percentile(&part.times, 50),
            "authorized_us_p99": percentile(&part.times, 99),
            "rss_kib": part.rss_kib,
        })
    };
    let thread = |thread: &ThreadTime| {
        let micros = thread.micros / figures.whole.count.max(1);
        json!({ "name": thread.name, "cpu_us_per_document": micros })
    };
    let flow = json!({
        "documents": figures.whole.count,
        "in_flight": options.in_flight,
        "documents_per_second": figures.whole.per_second(),
        "rsa_2048_per_second_all_cores": figures.rsa.per_second(),
        "ratio": ratio(against_rsa),
        "parts": figures.parts.iter().map(part).collect::<Vec<_>>(),
        "last_p50_against_second": ratio(median),
        "last_memory_against_second": ratio(memory),
        "threads": figures.threads.iter().map(thread).collect::<Vec<_>>(),
        "questions_per_document": ratio(questions(figures)),
    });
    println!("{}", json!({ "flow": flow }));
}
