//! How soon work goes on after a restart with 100,000 open documents, and how
//! many documents a second reach AUTORIZADO with an SRI that answers at once:
//! `cargo run --release -p tagua-pipeline --example restart -- DIRECTORY`.
//!
//! Fails where the first document after the restart takes longer than 5 s.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use jiff::civil::date;
use tagua_fiscal::{AccessKeyParts, DocumentType, Environment, Sequential, Series, ThreeDigits};
use tagua_pipeline::{
    Authorities, Authority, Clock, Event, Observer, Pace, Random, Runner, RunnerConfig, Wake,
};
use tagua_sri::{
    Answer, AuthorizationReading, CallError, Reception, read_authorization, read_reception,
};
use tagua_store::{
    BlobPart, DocumentId, Issuer, NewAccount, NewDocument, NewEvent, NewIssuer, NextJob, Shares,
    SqliteOptions, SqliteStore, Stage, Store, UnixMillis,
};
use tokio::sync::watch;
use tokio::task::JoinSet;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const START: i64 = 1_700_000_000_000;
const DOCUMENTS: u32 = 100_000;
const ACCOUNTS: u32 = 10;
const CLIENTS: u32 = 256;
const LONGEST: Duration = Duration::from_secs(5);
const MEASURED: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Outcome<()> {
    let dir = std::env::args().nth(1).ok_or("name a directory")?;
    let dir = PathBuf::from(dir).join(format!("restart-{}", std::process::id()));
    fill(&dir).await?;
    let began = Instant::now();
    let store = Arc::new(SqliteStore::open(&dir, SqliteOptions::default())?);
    println!("opened after {:?}", began.elapsed());
    let depth = store.queue_depth().await?;
    println!("{} open documents", depth.waiting);
    let settled = Arc::new(Settled::default());
    let (stop, stopping) = watch::channel(false);
    let working = tokio::spawn(runner(&store, &settled).run(stopping));
    while settled.count() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let resumed = began.elapsed();
    println!("the first AUTORIZADO after {resumed:?}");
    let (before, measured) = (settled.count(), Instant::now());
    tokio::time::sleep(MEASURED).await;
    let per_second =
        (settled.count() - before) * 1000 / u64::try_from(measured.elapsed().as_millis())?;
    println!("{per_second} documents a second to AUTORIZADO");
    stop.send(true)?;
    working.await?;
    store.close().await?;
    std::fs::remove_dir_all(&dir)?;
    match resumed <= LONGEST {
        true => Ok(()),
        false => Err(format!("work went on after {resumed:?}, not within {LONGEST:?}").into()),
    }
}

fn runner(store: &Arc<SqliteStore>, settled: &Arc<Settled>) -> Runner {
    let authority = (Arc::new(Instantly) as Arc<dyn Authority>, Pace::SIMULATOR);
    Runner::new(
        Arc::clone(store) as Arc<dyn Store>,
        Authorities::new(authority, None),
        Arc::new(FixedStart(Instant::now())),
        Arc::new(Constant),
        RunnerConfig::default(),
        Wake::default(),
        Arc::clone(settled) as Arc<dyn Observer>,
    )
}

/// Stores the documents and leaves some leased, as a kill does.
async fn fill(dir: &std::path::Path) -> Outcome<()> {
    let store = Arc::new(SqliteStore::open(dir, SqliteOptions::default())?);
    let mut issuers = Vec::new();
    for number in 0..ACCOUNTS {
        issuers.push(issuer(&store, number).await?);
    }
    let issuers = Arc::new(issuers);
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let (store, issuers) = (Arc::clone(&store), Arc::clone(&issuers));
        clients.spawn(async move {
            let mine = (1 + client..=DOCUMENTS).step_by(CLIENTS as usize);
            for (number, issuer) in mine.zip(issuers.iter().cycle().skip(client as usize)) {
                store.accept(document(issuer, number)?).await?;
            }
            Outcome::Ok(())
        });
    }
    while let Some(done) = clients.join_next().await {
        done??;
    }
    let until = UnixMillis(START + 90_000);
    store
        .claim(1, UnixMillis(START), until, Shares::any(64))
        .await?;
    store.close().await?;
    Ok(())
}

async fn issuer(store: &SqliteStore, number: u32) -> Outcome<Issuer> {
    let at = UnixMillis(START);
    let account = NewAccount {
        name: format!("medida {number}"),
        sandbox: false,
        at,
    };
    let account = store.create_account(account).await?.id;
    let issuer = NewIssuer {
        account,
        ruc: "1790011674001".parse()?,
        code_secret: [7; 32],
        at,
    };
    Ok(store.put_issuer(issuer).await?)
}

fn document(issuer: &Issuer, number: u32) -> Outcome<NewDocument> {
    let series = Series {
        establishment: "001".parse::<ThreeDigits>()?,
        point: "002".parse::<ThreeDigits>()?,
    };
    let sequential = Sequential::new(number)?;
    let key = AccessKeyParts {
        date: date(2023, 11, 14),
        document_type: DocumentType::Invoice,
        ruc: issuer.ruc,
        environment: Environment::Test,
        series,
        sequential,
        numeric_code: 12_345_678,
        emission_type: 1,
    };
    let at = UnixMillis(START);
    Ok(NewDocument {
        id: DocumentId((u128::from(number) << 64).to_be_bytes()),
        account: issuer.account,
        issuer: issuer.id,
        environment: Environment::Test,
        document_type: DocumentType::Invoice,
        series,
        sequential,
        access_key: key.key(),
        schema_version: "2.1.0".into(),
        issue_date: "2023-11-14".into(),
        receiver_id: "9999999999999".into(),
        receiver_name: "CONSUMIDOR FINAL".into(),
        total: "1.00".into(),
        external_id: None,
        payment_due: None,
        idempotency: None,
        valid: true,
        stage: Stage::Signed,
        signature_error: None,
        reception: None,
        blobs: vec![(BlobPart::Signed, vec![b'x'; 8000])],
        events: vec![NewEvent {
            kind: "accepted",
            at,
            detail: String::new(),
            evidence: None,
        }],
        job: NextJob::RunAt(at),
        at,
    })
}

/// Counts what was authorized.
#[derive(Default)]
struct Settled(AtomicU64);

impl Settled {
    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Observer for Settled {
    fn moved(&self, event: Event, _to: Stage) {
        if event == Event::Authorized {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

struct FixedStart(Instant);

impl Clock for FixedStart {
    fn now(&self) -> UnixMillis {
        let elapsed = i64::try_from(self.0.elapsed().as_millis()).unwrap_or(i64::MAX);
        UnixMillis(START.saturating_add(elapsed))
    }
}

struct Constant;

impl Random for Constant {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(128);
    }
}

/// Takes and authorizes everything.
struct Instantly;

const BEFORE: &str =
    "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>";
const AFTER: &str = "</soap:Body></soap:Envelope>";

#[async_trait]
impl Authority for Instantly {
    async fn submit(&self, _: &[u8], key: &str) -> Result<Answer<Reception>, CallError> {
        let raw = Bytes::from(format!(
            "{BEFORE}<RespuestaRecepcionComprobante><estado>RECIBIDA</estado><comprobantes/>\
             </RespuestaRecepcionComprobante>{AFTER}"
        ));
        match read_reception(&raw, key) {
            Ok(reading) => Ok(Answer {
                raw,
                reading,
                date: None,
            }),
            Err(source) => Err(CallError::Unreadable { source, raw }),
        }
    }

    async fn ask(&self, key: &str) -> Result<Answer<AuthorizationReading>, CallError> {
        let raw = Bytes::from(format!(
            "{BEFORE}<RespuestaAutorizacionComprobante>\
             <claveAccesoConsultada>{key}</claveAccesoConsultada><autorizaciones><autorizacion>\
             <estado>AUTORIZADO</estado><numeroAutorizacion>{key}</numeroAutorizacion>\
             </autorizacion></autorizaciones></RespuestaAutorizacionComprobante>{AFTER}"
        ));
        match read_authorization(&raw, key) {
            Ok(reading) => Ok(Answer {
                raw,
                reading,
                date: None,
            }),
            Err(source) => Err(CallError::Unreadable { source, raw }),
        }
    }
}
