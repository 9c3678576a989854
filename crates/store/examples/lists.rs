//! Measures lists over a million documents in a directory:
//! `cargo run --release -p tagua-store --example lists -- DIR [DOCUMENTS]`.
//!
//! Every filter alone and every pair of filters, first page of 50. Two years of
//! days, six types, three issuers, 60 % final consumers, mixed stages; some
//! things (an issuer, an establishment, the test environment) only long ago.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use rusqlite::{Connection, params};
use tagua_fiscal::{
    AccessKey, AccessKeyParts, DocumentType, Environment, Sequential, Series, ThreeDigits,
};
use tagua_store::{
    AccountId, Issuer, IssuerId, ListQuery, NewAccount, NewIssuer, SqliteOptions, SqliteStore,
    Stage, Store, UnixMillis,
};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const NOW: UnixMillis = UnixMillis(1_700_000_000_000);
const RUNS: usize = 40;
const RUNS_OF_PAIRS: usize = 8;
const NAMES: [&str; 8] = [
    "María", "José", "Ñusta", "Fernanda", "Luis", "Ángel", "Rosa", "Byron",
];
const SURNAMES: [&str; 9] = [
    "Pérez",
    "Quishpe",
    "Muñoz",
    "Zambrano",
    "Chávez",
    "Vera",
    "Güillín",
    "Andrade",
    "Tene",
];

#[tokio::main]
async fn main() -> Outcome<()> {
    let dir = std::env::args().nth(1).ok_or("name a directory")?;
    let documents = std::env::args()
        .nth(2)
        .map_or(Ok(1_000_000), |n| n.parse())?;
    let dir = PathBuf::from(dir).join(format!("lists-{}", std::process::id()));
    let store = SqliteStore::open(&dir, SqliteOptions::default())?;
    let issuers = issuers(&store).await?;
    store.close().await?;
    fill(&dir, &issuers, documents)?;
    let store = SqliteStore::open(&dir, SqliteOptions::default())?;
    let start = Instant::now();
    let indexed = store.index_for_search(usize::MAX).await?;
    let each = start.elapsed() / u32::try_from(indexed)?;
    println!("index_for_search: {indexed} documents, {each:?} each");
    measure(&store, &issuers, documents).await?;
    store.close().await?;
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

async fn issuers(store: &SqliteStore) -> Outcome<Vec<Issuer>> {
    let account = NewAccount {
        name: "medida".into(),
        sandbox: false,
        at: NOW,
    };
    let account = store.create_account(account).await?;
    let mut issuers = Vec::new();
    for ruc in ["1790011674001", "0992222222001", "0190333333001"] {
        let issuer = NewIssuer {
            account: account.id,
            ruc: ruc.parse()?,
            code_secret: [7; 32],
            at: NOW,
        };
        issuers.push(store.put_issuer(issuer).await?);
    }
    Ok(issuers)
}

/// What a document of number `n` is, mixed but always the same.
struct Row {
    issuer: usize,
    environment: Environment,
    kind: DocumentType,
    version: &'static str,
    series: Series,
    stage: Stage,
    day: Date,
    receiver: (String, String),
    external_id: Option<String>,
}

fn mixed(n: u32, salt: u32, below: u32) -> u32 {
    let mixed = (n ^ salt.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0x9e37_79b1);
    ((mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d) >> 8) % below
}

fn row(n: u32, documents: u32) -> Outcome<Row> {
    let old = n < documents / 20;
    let (kind, version) = match mixed(n, 1, 100) {
        0..80 => (DocumentType::Invoice, "2.1.0"),
        80..89 => (DocumentType::Withholding, "1.0.0"),
        89 => (DocumentType::Withholding, "2.0.0"),
        90..94 => (DocumentType::CreditNote, "1.1.0"),
        94..97 => (DocumentType::Waybill, "1.1.0"),
        97..99 => (DocumentType::PurchaseSettlement, "1.1.0"),
        _ => (DocumentType::DebitNote, "1.0.0"),
    };
    let stage = match mixed(n, 2, 1000) {
        _ if n > documents - documents / 200 => Stage::Received,
        0..10 => Stage::NotAuthorized,
        10..15 => Stage::Returned,
        15..18 => Stage::NeedsAttention,
        18..20 => Stage::Created,
        _ => Stage::Authorized,
    };
    let establishment = if old { 5 } else { 1 + mixed(n, 3, 4) };
    let passed = i64::from(n) * 730 / i64::from(documents) - i64::from(mixed(n, 5, 4));
    Ok(Row {
        issuer: match mixed(n, 6, 1000) {
            0..2 if old => 2,
            2..100 => 1,
            _ => 0,
        },
        environment: match old && mixed(n, 7, 10) == 0 {
            true => Environment::Test,
            false => Environment::Production,
        },
        kind,
        version,
        series: Series {
            establishment: ThreeDigits::from_number(u16::try_from(establishment)?)?,
            point: ThreeDigits::from_number(u16::try_from(1 + mixed(n, 4, 4))?)?,
        },
        stage,
        day: date(2024, 11, 20).checked_add(passed.days())?,
        receiver: receiver(n),
        external_id: (mixed(n, 8, 10) == 0).then(|| format!("Pedido-{n}")),
    })
}

fn receiver(n: u32) -> (String, String) {
    if mixed(n, 9, 10) < 6 {
        return ("9999999999999".into(), "CONSUMIDOR FINAL".into());
    }
    let person = mixed(n, 10, 50_000);
    let of = |names: &[&'static str], salt| {
        let index = mixed(person, salt, u32::try_from(names.len()).unwrap_or(1));
        names.get(index as usize).copied().unwrap_or_default()
    };
    let (name, surname) = (of(&NAMES, 1), of(&SURNAMES, 2));
    (
        format!("09{person:08}"),
        format!("{name} {surname} {person}"),
    )
}

fn key(n: u32, row: &Row, issuers: &[Issuer]) -> Outcome<AccessKey> {
    let parts = AccessKeyParts {
        date: row.day,
        document_type: row.kind,
        ruc: issuers.get(row.issuer).ok_or("no issuer")?.ruc,
        environment: row.environment,
        series: row.series,
        sequential: Sequential::new(n)?,
        numeric_code: n,
        emission_type: 1,
    };
    Ok(parts.key())
}

fn fill(dir: &Path, issuers: &[Issuer], documents: u32) -> Outcome<()> {
    let start = Instant::now();
    let mut connection = Connection::open(dir.join("tagua.db"))?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;")?;
    let transaction = connection.transaction()?;
    for n in 1..=documents {
        insert(&transaction, n, &row(n, documents)?, issuers)?;
    }
    transaction.execute(
        "INSERT INTO job (document, kind, run_at, attempt)
         SELECT document_id, 0, 0, 0 FROM document WHERE stage = 4",
        [],
    )?;
    transaction.commit()?;
    println!("{documents} documents in {:?}", start.elapsed());
    Ok(())
}

fn insert(connection: &Connection, n: u32, row: &Row, issuers: &[Issuer]) -> Outcome<()> {
    let issuer = issuers.get(row.issuer).ok_or("no issuer")?;
    let id = u128::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let environment = row.environment.digit().to_digit(10);
    let mut statement = connection.prepare_cached(
        "INSERT INTO document (document_id, id, account, issuer, environment, document_type,
             establishment, point, sequential, access_key, schema_version, revision, stage,
             version, submissions, valid, issue_date, receiver_id, receiver_name, total, events,
             created_at, updated_at, external_id, position)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?1, ?9, ?10, 0, ?11, 0, 0, 1, ?12, ?13, ?14,
             '112.00', 0, ?15, ?15, ?16, unixepoch(?12) / 86400 * 1099511627776 + ?1)",
    )?;
    statement.execute(params![
        n,
        id.to_be_bytes(),
        issuer.account.0,
        issuer.id.0,
        environment,
        row.kind.code(),
        row.series.establishment.as_str(),
        row.series.point.as_str(),
        key(n, row, issuers)?.as_str(),
        row.version,
        row.stage as u8,
        row.day.to_string(),
        row.receiver.0,
        row.receiver.1,
        NOW.0,
        row.external_id,
    ])?;
    Ok(())
}

type Filter = (&'static str, Box<dyn Fn(&mut ListQuery)>);

fn filter(name: &'static str, set: impl Fn(&mut ListQuery) + 'static) -> Filter {
    (name, Box::new(set))
}

fn filters(issuers: &[Issuer], documents: u32) -> Outcome<Vec<Filter>> {
    let issuer = |index: usize| issuers.get(index).map_or(IssuerId(0), |issuer| issuer.id);
    let (common, small, old) = (issuer(0), issuer(1), issuer(2));
    let number = documents / 2;
    let access_key = key(number, &row(number, documents)?, issuers)?;
    let somebody = receiver((1..).find(|n| mixed(*n, 9, 10) >= 6).unwrap_or(1)).0;
    let series: Series = "001-002".parse()?;
    let closed: Series = "005-001".parse()?;
    let (near, wide) = (
        Sequential::new(number + 99)?,
        Sequential::new(documents / 20)?,
    );
    let number = Sequential::new(number)?;
    let text = |text: &'static str| move |q: &mut ListQuery| q.text = Some(text.into());
    Ok(vec![
        filter("type 01", |q| q.document_type = Some(DocumentType::Invoice)),
        filter("type 05", |q| {
            q.document_type = Some(DocumentType::DebitNote)
        }),
        filter("type 07", |q| {
            q.document_type = Some(DocumentType::Withholding)
        }),
        filter("version 2.0.0", |q| q.schema_version = Some("2.0.0".into())),
        filter("test", |q| q.environment = Some(Environment::Test)),
        filter("production", |q| {
            q.environment = Some(Environment::Production)
        }),
        filter("issuer, common", move |q| q.issuer = Some(common)),
        filter("issuer, small", move |q| q.issuer = Some(small)),
        filter("issuer, old", move |q| q.issuer = Some(old)),
        filter("authorized", |q| q.stages = vec![Stage::Authorized]),
        filter("under way", |q| {
            q.stages = vec![Stage::Received, Stage::Signed]
        }),
        filter("not authorized", |q| q.stages = vec![Stage::NotAuthorized]),
        filter("created", |q| q.stages = vec![Stage::Created]),
        filter("last month", |q| q.issued_from = Some("2026-10-20".into())),
        filter("old month", |q| {
            q.issued_from = Some("2025-01-01".into());
            q.issued_to = Some("2025-01-31".into());
        }),
        filter("final consumer", |q| {
            q.receiver_id = Some("9999999999999".into())
        }),
        filter("receiver", move |q| q.receiver_id = Some(somebody.clone())),
        filter("nobody", |q| q.receiver_id = Some("0000000000".into())),
        filter("series", move |q| q.series = Some(series)),
        filter("series, closed", move |q| q.series = Some(closed)),
        filter("100 numbers", move |q| {
            (q.sequential_from, q.sequential_to) = (Some(number), Some(near));
        }),
        filter("5 % numbers, old", move |q| q.sequential_to = Some(wide)),
        filter("access key", move |q| q.access_key = Some(access_key)),
        filter("external id", |q| q.external_id = Some("Pedido-7".into())),
        filter("text consumidor", text("consumidor")),
        filter("text maria per", text("maria per")),
        filter("text m", text("m")),
        filter("text qu", text("qu")),
        filter("text zz", text("zz")),
        filter("text 0900", text("0900")),
        filter("text number", text("001-002-000400123")),
        filter("text 9999999999999", text("9999999999999")),
    ])
}

async fn measure(store: &SqliteStore, issuers: &[Issuer], documents: u32) -> Outcome<()> {
    let account = issuers.first().ok_or("no issuer")?.account;
    let filters = filters(issuers, documents)?;
    println!("{:>9} {:>9} {:>5}", "p50", "p95", "rows");
    run(store, account, "no filter", &page()).await?;
    for (name, set) in &filters {
        let mut query = page();
        set(&mut query);
        run(store, account, name, &query).await?;
    }
    println!("pairs, slowest first");
    let mut pairs = Vec::new();
    for (index, (one, set_one)) in filters.iter().enumerate() {
        for (other, set_other) in filters.iter().skip(index + 1) {
            let mut query = page();
            set_one(&mut query);
            set_other(&mut query);
            let (p50, p95, rows) = time(store, account, &query, RUNS_OF_PAIRS).await?;
            pairs.push((p95, p50, rows, *one, *other));
        }
    }
    pairs.sort_unstable_by(|a, b| b.cmp(a));
    let slow = pairs.iter().filter(|pair| pair.0.as_millis() >= 50).count();
    for (p95, p50, rows, one, other) in pairs.iter().take(25) {
        println!("{p50:>9.1?} {p95:>9.1?} {rows:>5}  {one} + {other}");
    }
    println!("{} pairs, {slow} with p95 of 50 ms or more", pairs.len());
    Ok(())
}

fn page() -> ListQuery {
    ListQuery {
        limit: 50,
        ..ListQuery::default()
    }
}

async fn run(
    store: &SqliteStore,
    account: AccountId,
    name: &str,
    query: &ListQuery,
) -> Outcome<()> {
    let (p50, p95, rows) = time(store, account, query, RUNS).await?;
    println!("{p50:>9.1?} {p95:>9.1?} {rows:>5}  {name}");
    Ok(())
}

async fn time(
    store: &SqliteStore,
    account: AccountId,
    query: &ListQuery,
    runs: usize,
) -> Outcome<(Duration, Duration, usize)> {
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..runs {
        let start = Instant::now();
        rows = store.list(account, query).await?.documents.len();
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let quantile = |percent| times.get(times.len() * percent / 100).copied();
    Ok((
        quantile(50).unwrap_or_default(),
        quantile(95).unwrap_or_default(),
        rows,
    ))
}
