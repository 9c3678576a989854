//! `tagua bench flow`: documents all the way to AUTORIZADO. The server and the
//! simulator are processes of their own, the load is in this one, all of it on
//! the same cores.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use tagua_rsa::RsaKey;
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinSet;

use super::load::Connection;
use super::process::{Process, ThreadTime};
use super::server::Server;
use super::{Speed, micros, paced, percentile, ratio, rsa, throw_away};
use crate::args::BenchFlowOptions;
use crate::failure::{Failure, While};
use crate::node::block_on;

const RSA_TIME: Duration = Duration::from_secs(2);
/// A document that takes longer ends the run.
const PATIENCE: Duration = Duration::from_secs(60);
/// Parts of the run that are compared.
const PARTS: u32 = 10;
/// Connections that issue.
const CONNECTIONS: usize = 64;
/// Documents that are looked at one by one, about.
const SAMPLES: u32 = 1_000;
/// Under this name the simulator's threads are listed after the server's.
const SIMULATOR: &str = "(the simulator)";
/// Between two looks.
const LOOK: Duration = Duration::from_millis(10);

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
    // The directory that the server would use itself: the sandbox is in it.
    let severity = ["--severity", options.severity.word(), "--flush-behind"];
    let simulator = Process::start("simulator", &directory.join("simulator"), &severity)?;
    let url = format!("http://{}", simulator.address);
    let there = ["--simulator-url", &url];
    let server = Server::of_accounts(directory, options.accounts, &there)?;
    let server = Arc::new(server);
    let run = Arc::new(Run::new(Arc::clone(&server), options));
    block_on(run.carry_out())?;
    let mut threads = server.process.thread_times()?;
    let others = simulator.thread_times()?;
    threads.push(ThreadTime {
        name: SIMULATOR.to_owned(),
        micros: others.iter().map(|thread| thread.micros).sum(),
    });
    let questions = run.questions.load(Ordering::Relaxed);
    block_on(run.confirm())?;
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
    /// Documents that may still be issued before one is authorized.
    window: Semaphore,
    next: AtomicU32,
    questions: AtomicU64,
    progress: Mutex<Progress>,
}

struct Progress {
    started: Instant,
    /// Number and id of each document issued.
    issued: Vec<(u32, String)>,
    /// Of the documents that are looked at one by one: the part they are of, and
    /// the microseconds they took.
    times: Vec<(u32, u64)>,
    /// When each part was over, and the server's memory then.
    ends: Vec<(Duration, u64)>,
}

impl Run {
    fn new(server: Arc<Server>, options: &BenchFlowOptions) -> Self {
        Self {
            server,
            documents: options.documents,
            window: Semaphore::new(options.in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            next: AtomicU32::new(1),
            questions: AtomicU64::new(0),
            progress: Mutex::new(Progress {
                started: Instant::now(),
                issued: Vec::new(),
                times: Vec::new(),
                ends: Vec::new(),
            }),
        }
    }

    /// Issues all documents; over when the last is authorized.
    async fn carry_out(self: &Arc<Self>) -> Result<(), Failure> {
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let run = Arc::clone(self);
            tasks.spawn(async move { run.client().await });
        }
        let run = Arc::clone(self);
        tasks.spawn(async move { run.count().await });
        while let Some(task) = tasks.join_next().await {
            task.during("a client ended")??;
        }
        Ok(())
    }

    async fn client(&self) -> Result<(), Failure> {
        let mut connection = Connection::open(self.server.address()).await?;
        let request = self.server.requests();
        let each = (self.documents / SAMPLES).max(1);
        loop {
            let place = self.window.acquire().await;
            place.during("the run is over")?.forget();
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number > self.documents {
                // For the next one to see that it is over.
                self.window.add_permits(1);
                return Ok(());
            }
            let started = Instant::now();
            let id = connection.issue(&request(number)).await?;
            if number.is_multiple_of(each) {
                self.time(&mut connection, number, &id, started).await?;
            }
            self.progress.lock().await.issued.push((number, id));
        }
    }

    /// Asks until the document is authorized.
    async fn time(
        &self,
        connection: &mut Connection,
        number: u32,
        id: &str,
        started: Instant,
    ) -> Result<(), Failure> {
        let query = self.server.query(number, id);
        loop {
            self.questions.fetch_add(1, Ordering::Relaxed);
            if connection.authorized(&query).await? {
                break;
            }
            if started.elapsed() > PATIENCE {
                return Err(Failure::new(format!("{id} was not authorized")));
            }
            tokio::time::sleep(LOOK).await;
        }
        let part = (number - 1) / (self.documents / PARTS).max(1);
        let mut progress = self.progress.lock().await;
        progress.times.push((part, micros(started.elapsed())));
        Ok(())
    }

    /// Follows the server's own count of what is authorized: asking for each
    /// document would cost what is measured. [`Run::confirm`] asks afterwards.
    async fn count(&self) -> Result<(), Failure> {
        let mut connection = Connection::open(self.server.address()).await?;
        let (mut authorized, mut since) = (0, Instant::now());
        while authorized < self.documents {
            tokio::time::sleep(LOOK).await;
            let now = connection.authorized_so_far().await?;
            if now > authorized {
                since = Instant::now();
                let more = usize::try_from(now - authorized).unwrap_or_default();
                self.window.add_permits(more);
            } else if since.elapsed() > PATIENCE {
                return Err(Failure::new(format!(
                    "{authorized} are authorized, no more"
                )));
            }
            self.note_parts(authorized, now).await?;
            authorized = now;
        }
        Ok(())
    }

    /// Parts that were over between two looks.
    async fn note_parts(&self, before: u32, now: u32) -> Result<(), Failure> {
        let part = (self.documents / PARTS).max(1);
        let over = (now / part).min(PARTS) - (before / part).min(PARTS);
        let mut progress = self.progress.lock().await;
        for _ in 0..over {
            let end = (progress.started.elapsed(), self.server.process.rss_kib()?);
            progress.ends.push(end);
        }
        Ok(())
    }

    /// Asks for every document whether it is authorized.
    async fn confirm(&self) -> Result<(), Failure> {
        let mut connection = Connection::open(self.server.address()).await?;
        for (number, id) in &self.progress.lock().await.issued {
            let query = self.server.query(*number, id);
            if !connection.authorized(&query).await? {
                return Err(Failure::new(format!("{id} is not authorized")));
            }
        }
        Ok(())
    }

    fn parts(self) -> (Speed, Vec<Part>) {
        let mut progress = self.progress.into_inner();
        progress.times.sort_unstable();
        let size = u64::from(self.documents / PARTS);
        let (mut whole, mut parts) = (Speed::default(), Vec::new());
        let mut before = Duration::ZERO;
        for (number, (end, rss_kib)) in (0..).zip(&progress.ends) {
            let times = progress.times.iter().filter(|(part, _)| *part == number);
            let mut speed = Speed::default();
            speed.add(size, end.saturating_sub(before));
            whole.add(size, end.saturating_sub(before));
            before = *end;
            parts.push(Part {
                speed,
                times: times.map(|(_, took)| *took).collect(),
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
        "to AUTORIZADO         {:>8} /s   {} of RSA, {} documents of {} accounts, {} in flight, simulator {}",
        figures.whole.per_second(),
        ratio(against_rsa),
        figures.whole.count,
        options.accounts,
        options.in_flight,
        options.severity.word()
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
        "accounts": options.accounts,
        "simulator": options.severity.word(),
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
