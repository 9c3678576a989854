//! Measures the SQLite engine on the disk of a directory:
//! `cargo run --release -p tagua-store --example throughput -- DIR`.
//!
//! Each document has 6 KiB of signed bytes, two events and a job.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::date;
use tagua_fiscal::{AccessKeyParts, DocumentType, Environment, Sequential, Series, ThreeDigits};
use tagua_store::{
    BlobPart, DocumentId, Issuer, NewAccount, NewDocument, NewEvent, NewIssuer, NextJob, Shares,
    SqliteOptions, SqliteStore, Stage, Store, Transition, UnixMillis,
};
use tokio::task::JoinSet;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const NOW: UnixMillis = UnixMillis(1_700_000_000_000);
const DOCUMENTS: u32 = 32_768;
const READS: u32 = 100_000;

#[tokio::main]
async fn main() -> Outcome<()> {
    let dir = std::env::args().nth(1).ok_or("name a directory")?;
    let dir = PathBuf::from(dir).join(format!("throughput-{}", std::process::id()));
    let store = Arc::new(SqliteStore::open(&dir, SqliteOptions::default())?);
    let issuer = issuer(&store).await?;
    let mut first = 1;
    for clients in [1, 16, 64, 256] {
        let documents = DOCUMENTS.min(clients * 2048);
        accept(&store, &issuer, clients, first, documents).await?;
        first += documents;
    }
    read(&store, &issuer, first).await?;
    settle(&store).await?;
    store.close().await?;
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

async fn issuer(store: &SqliteStore) -> Outcome<Issuer> {
    let account = NewAccount {
        name: "medida".into(),
        sandbox: false,
        at: NOW,
    };
    let account = store.create_account(account).await?;
    store.add_api_key(account.id, [1; 32], NOW).await?;
    let issuer = NewIssuer {
        account: account.id,
        ruc: "1790011674001".parse()?,
        code_secret: [7; 32],
        at: NOW,
    };
    Ok(store.put_issuer(issuer).await?)
}

async fn accept(
    store: &Arc<SqliteStore>,
    issuer: &Issuer,
    clients: u32,
    first: u32,
    documents: u32,
) -> Outcome<()> {
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for client in 0..clients {
        let (store, issuer) = (store.clone(), issuer.clone());
        tasks.spawn(async move {
            let mut waits = Vec::new();
            let mut number = first + client;
            while number < first + documents {
                let document = document(&issuer, number)?;
                let asked = Instant::now();
                store.accept(document).await?;
                waits.push(asked.elapsed());
                number += clients;
            }
            Outcome::Ok(waits)
        });
    }
    let mut waits = Vec::new();
    for task in tasks.join_all().await {
        waits.extend(task?);
    }
    let rate = per_second(waits.len(), start.elapsed());
    waits.sort_unstable();
    let quantile = |percent| waits.get(waits.len() * percent / 100).copied();
    println!(
        "accept, {clients} clients: {rate}/s, p50 {:?}, p99 {:?}",
        quantile(50).unwrap_or_default(),
        quantile(99).unwrap_or_default(),
    );
    Ok(())
}

async fn read(store: &SqliteStore, issuer: &Issuer, documents: u32) -> Outcome<()> {
    let start = Instant::now();
    for number in 0..READS {
        let id = id(1 + number.wrapping_mul(7919) % (documents - 1));
        store.document(issuer.account, id).await?.ok_or("lost")?;
    }
    println!("document: {:?} each", start.elapsed() / READS);
    let start = Instant::now();
    for _ in 0..READS {
        store.account_by_key([1; 32]).await?.ok_or("lost")?;
    }
    println!("account_by_key: {:?} each", start.elapsed() / READS);
    let start = Instant::now();
    for number in 0..READS / 10 {
        let id = id(1 + number.wrapping_mul(7919) % (documents - 1));
        store.blob(id, 0, BlobPart::Signed).await?.ok_or("lost")?;
    }
    println!("blob: {:?} each", start.elapsed() * 10 / READS);
    Ok(())
}

/// Claims everything in batches of 64, settling each batch at once.
async fn settle(store: &Arc<SqliteStore>) -> Outcome<()> {
    let start = Instant::now();
    let (mut settled, mut claiming) = (0, Duration::ZERO);
    loop {
        let asked = Instant::now();
        let until = UnixMillis(NOW.0 + 60_000);
        let jobs = store.claim(1, NOW, until, Shares::any(64)).await?;
        claiming += asked.elapsed();
        if jobs.is_empty() {
            break;
        }
        settled += jobs.len();
        let tasks: JoinSet<_> = jobs
            .into_iter()
            .map(|job| {
                let store = store.clone();
                let transition = Transition {
                    id: job.document.id,
                    expected_version: job.document.version,
                    stage: Stage::Received,
                    event: event("reception_settled"),
                    submission_over: false,
                    signature_error: None,
                    attention: None,
                    reception: None,
                    authorization: None,
                    blobs: Vec::new(),
                    job: NextJob::Done,
                };
                async move { store.apply(transition).await }
            })
            .collect();
        for outcome in tasks.join_all().await {
            outcome?;
        }
    }
    println!(
        "claim 64: {}/s; claim and apply: {}/s",
        per_second(settled, claiming),
        per_second(settled, start.elapsed())
    );
    Ok(())
}

fn document(issuer: &Issuer, number: u32) -> Outcome<NewDocument> {
    let series = Series {
        establishment: ThreeDigits::from_number(1)?,
        point: ThreeDigits::from_number(1)?,
    };
    let parts = AccessKeyParts {
        date: date(2026, 11, 20),
        document_type: DocumentType::Invoice,
        ruc: issuer.ruc,
        environment: Environment::Test,
        series,
        sequential: Sequential::new(number)?,
        numeric_code: number.wrapping_mul(2_654_435_761),
        emission_type: 1,
    };
    Ok(NewDocument {
        id: id(number),
        account: issuer.account,
        issuer: issuer.id,
        environment: Environment::Test,
        document_type: DocumentType::Invoice,
        series,
        sequential: parts.sequential,
        access_key: parts.key(),
        schema_version: "2.1.0".into(),
        issue_date: "2026-11-20".into(),
        receiver_id: "0999999999001".into(),
        receiver_name: "Consumidora".into(),
        total: "112.00".into(),
        external_id: None,
        payment_due: None,
        idempotency: None,
        valid: true,
        stage: Stage::Signed,
        signature_error: None,
        reception: None,
        blobs: vec![(BlobPart::Signed, vec![b'x'; 6 * 1024])],
        events: vec![event("accepted"), event("signed")],
        job: NextJob::RunAt(NOW),
        at: NOW,
    })
}

/// Spread as random ids are.
fn id(number: u32) -> DocumentId {
    let mixed = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    DocumentId(mixed.to_be_bytes())
}

fn event(kind: &'static str) -> NewEvent {
    NewEvent {
        kind,
        at: NOW,
        detail: "medida".into(),
        evidence: None,
    }
}

fn per_second(count: usize, time: Duration) -> u128 {
    count as u128 * 1_000_000 / time.as_micros().max(1)
}
