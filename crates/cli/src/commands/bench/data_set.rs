//! Documents as a busy issuer has them after a year, straight into the store.

use std::path::Path;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use tagua_fiscal::{
    AccessKeyParts, DocumentType, Environment, ParseIdentifierError, Ruc, Sequential, Series,
    ThreeDigits,
};
use tagua_store::{
    AccountId, BlobPart, DocumentId, Issuer, NewDocument, NewEvent, NewIssuer, NextJob,
    SqliteStore, Stage, Store, Transition, UnixMillis,
};
use tokio::task::JoinSet;

use crate::failure::{Failure, While};
use crate::install::{self, DataDir, SAMPLE_RUC, Secrets};

/// Days over which the documents are spread.
pub(super) const DAYS: u32 = 400;
/// The first of them.
pub(super) const FIRST_DAY: Date = date(2025, 11, 1);
/// Different receivers.
pub(super) const RECEIVERS: u32 = 20_000;
/// Series, which share the documents evenly.
pub(super) const POINTS: u32 = 30;
const AT: UnixMillis = UnixMillis(1_795_186_800_000);
/// Writers at once: the store commits what waits with one flush.
const WRITERS: u32 = 512;

const NAMES: [&str; 10] = [
    "Comercial",
    "Importadora",
    "Ferretería",
    "Panadería",
    "Farmacia",
    "Librería",
    "Agrícola",
    "Textiles",
    "Transportes",
    "Consultora",
];
const SURNAMES: [&str; 12] = [
    "Quimí",
    "Chango",
    "Ñauta",
    "Guamán",
    "Cedeño",
    "Zambrano",
    "Andrade",
    "Vera",
    "Tipán",
    "Lucero",
    "Morán",
    "Peñafiel",
];

/// A data directory with so many documents.
pub(super) async fn make(directory: &Path, documents: u32) -> Result<Secrets, Failure> {
    let data = DataDir(directory.to_path_buf());
    let store = data.open()?;
    let (account, secrets) = install::prepare(&data, &*store).await?;
    fill(&store, account.id, documents).await?;
    store.close().await.during("the database was not closed")?;
    secrets.ok_or_else(|| Failure::new("the directory is in use"))
}

/// Stores `documents` of one issuer, most of them authorized, and takes them
/// into the search.
async fn fill(store: &Arc<SqliteStore>, account: AccountId, documents: u32) -> Result<(), Failure> {
    let issuer = NewIssuer {
        account,
        ruc: SAMPLE_RUC.parse::<Ruc>().during("the sample's RUC")?,
        code_secret: [7; 32],
        at: AT,
    };
    let issuer = store.put_issuer(issuer).await.during("no issuer")?;
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let (store, issuer) = (Arc::clone(store), issuer.clone());
        writers.spawn(async move {
            let mut number = writer;
            while number < documents {
                one(&store, &issuer, number).await?;
                number += WRITERS;
            }
            Ok::<_, Failure>(())
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer.during("a writer ended")??;
    }
    while store.index_for_search(4_096).await.during("the index")? > 0 {}
    Ok(())
}

async fn one(store: &SqliteStore, issuer: &Issuer, number: u32) -> Result<(), Failure> {
    let new = document(issuer, number).during("a made-up document")?;
    let (id, stage) = (new.id, new.stage);
    store
        .accept(new)
        .await
        .during("a document was not stored")?;
    if stage != Stage::Signed {
        return Ok(());
    }
    let authorized = Transition {
        id,
        expected_version: 0,
        stage: Stage::Authorized,
        event: event("authorized"),
        submission_over: false,
        signature_error: None,
        attention: None,
        reception: None,
        authorization: None,
        blobs: Vec::new(),
        job: NextJob::Done,
    };
    let applied = store.apply(authorized).await;
    applied.during("a document was not authorized").map(drop)
}

/// The document of this number: the same in every run.
fn document(issuer: &Issuer, number: u32) -> Result<NewDocument, ParseIdentifierError> {
    let (kind, version) = kind(number);
    let series = series(number)?;
    let issued = FIRST_DAY.saturating_add(i64::from(number % DAYS).days());
    let parts = AccessKeyParts {
        date: issued,
        document_type: kind,
        ruc: issuer.ruc,
        environment: Environment::Test,
        series,
        sequential: Sequential::new(number / POINTS + 1)?,
        numeric_code: number % 100_000_000,
        emission_type: 1,
    };
    let receiver = number.wrapping_mul(7_919) % RECEIVERS;
    Ok(NewDocument {
        id: DocumentId(spread(number)),
        account: issuer.account,
        issuer: issuer.id,
        environment: Environment::Test,
        document_type: kind,
        series,
        sequential: parts.sequential,
        access_key: parts.key(),
        schema_version: version.to_owned(),
        issue_date: issued.to_string(),
        receiver_id: receiver_id(receiver),
        receiver_name: receiver_name(receiver),
        total: format!("{}.{:02}", number % 5_000, number % 100),
        external_id: Some(format!("pedido-{number}")),
        payment_due: None,
        idempotency: None,
        valid: true,
        stage: match number % 100 {
            0 => Stage::Returned,
            1 => Stage::Created,
            _ => Stage::Signed,
        },
        signature_error: None,
        reception: None,
        blobs: vec![(BlobPart::Request, b"{}".to_vec())],
        events: vec![event("stored")],
        job: NextJob::Done,
        at: AT,
    })
}

/// Four of five are invoices.
const fn kind(number: u32) -> (DocumentType, &'static str) {
    match number / POINTS % 20 {
        0 => (DocumentType::CreditNote, "1.1.0"),
        1 => (DocumentType::Waybill, "1.1.0"),
        2 => (DocumentType::Withholding, "2.0.0"),
        3 => (DocumentType::PurchaseSettlement, "1.1.0"),
        _ => (DocumentType::Invoice, "2.1.0"),
    }
}

fn series(number: u32) -> Result<Series, ParseIdentifierError> {
    let point = u16::try_from(number % POINTS).unwrap_or_default();
    Ok(Series {
        establishment: ThreeDigits::from_number(1 + point / 10)?,
        point: ThreeDigits::from_number(1 + point % 10)?,
    })
}

/// The identification of a receiver.
pub(super) fn receiver_id(receiver: u32) -> String {
    format!("09{receiver:08}")
}

fn receiver_name(receiver: u32) -> String {
    let of = |list: &[&'static str], by: u32| {
        let place = usize::try_from(receiver / by).unwrap_or_default() % list.len().max(1);
        list.get(place).copied().unwrap_or_default()
    };
    let length = u32::try_from(NAMES.len()).unwrap_or(1);
    format!("{} {} {receiver}", of(&NAMES, 1), of(&SURNAMES, length))
}

/// Spread as random ids are.
fn spread(number: u32) -> [u8; 16] {
    let mixed = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    mixed.to_be_bytes()
}

fn event(kind: &'static str) -> NewEvent {
    NewEvent {
        kind,
        at: AT,
        detail: String::new(),
        evidence: None,
    }
}
