//! A database of the first schema goes on with everything it had.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use tagua_store::{
    Acceptance, Account, DocumentId, ListQuery, NewDocument, SqliteOptions, SqliteStore, Stage,
    Store,
};
use tempfile::TempDir;

use crate::world::{NOW, World, document_id};

#[allow(dead_code, reason = "shared with the conformance suite")]
#[path = "conformance/world.rs"]
mod world;

const FIRST: &str = include_str!("../src/sqlite/migrations/0001_documents.sql");

/// Numbers, days and stages of the documents stored before. The third one is
/// under way without a job.
const STORED: [(u32, &str, Stage); 4] = [
    (100_001, "2026-11-19", Stage::Authorized),
    (100_002, "2026-11-20", Stage::Returned),
    (100_003, "2026-11-18", Stage::Received),
    (100_004, "un día", Stage::Authorized),
];

#[tokio::test]
async fn documents_stored_before_are_listed_and_searched() {
    let dir = TempDir::new().unwrap();
    let (store, world) = migrated(dir.path()).await;
    let all = [2, 1, 3, 4].map(|number| document_id(100_000 + number));
    for _ in 0..2 {
        assert_eq!(ids(&world, ListQuery::default()).await, all);
        for (number, _, stage) in STORED {
            let of_stage = ListQuery {
                stages: vec![stage],
                text: Some(format!("ñandú {number}")),
                ..ListQuery::default()
            };
            assert_eq!(ids(&world, of_stage).await, [document_id(number)]);
        }
        let receiver = ListQuery {
            receiver_id: Some("0999999999001".into()),
            ..ListQuery::default()
        };
        assert_eq!(ids(&world, receiver).await, all);
        store.index_for_search(usize::MAX).await.unwrap();
    }
}

#[tokio::test]
async fn what_comes_after_goes_on() {
    let dir = TempDir::new().unwrap();
    let (store, world) = migrated(dir.path()).await;
    assert_eq!(world.issuer.settings, "{}");
    let series = store.series(world.account.id, world.issuer.id).await;
    let [series] = series.unwrap()[..] else {
        panic!("not one series");
    };
    assert_eq!(series.next().map(|next| next.get()), Some(100_005));
    assert_eq!(store.queue_depth().await.unwrap().waiting, 0);
    let by = document_id(100_001);
    let taken = world.accept(world.invoice(100_001)).await;
    assert_eq!(taken, Acceptance::NumberTaken { by });
    let new = NewDocument {
        issue_date: "2026-11-20".into(),
        ..world.invoice(100_005)
    };
    let id = new.id;
    assert_eq!(world.accept(new).await, Acceptance::Stored);
    assert_eq!(ids(&world, ListQuery::default()).await.first(), Some(&id));
}

/// A store with [`STORED`], written as the first schema had it.
async fn migrated(dir: &Path) -> (Arc<SqliteStore>, World) {
    {
        let connection = Connection::open(dir.join("tagua.db")).unwrap();
        connection.execute_batch(FIRST).unwrap();
        let applied = "CREATE TABLE schema_migration (
             number INTEGER PRIMARY KEY, checksum BLOB NOT NULL) STRICT;
             INSERT INTO account VALUES (1, 'una', 0, 0);
             INSERT INTO issuer VALUES (1, 1, '1790011674001', zeroblob(32), 0);";
        connection.execute_batch(applied).unwrap();
        let checksum = Sha256::digest(FIRST);
        let sql = "INSERT INTO schema_migration VALUES (1, ?1)";
        connection.execute(sql, [checksum.as_slice()]).unwrap();
        for (number, day, stage) in STORED {
            insert(&connection, number, day, stage);
        }
    }
    let store = Arc::new(SqliteStore::open(dir, SqliteOptions::default()).unwrap());
    let account: Account = store.accounts().await.unwrap().remove(0);
    let issuer = store.issuers(account.id).await.unwrap().remove(0);
    let world = World {
        store: store.clone(),
        account,
        issuer,
    };
    (store, world)
}

fn insert(connection: &Connection, number: u32, day: &str, stage: Stage) {
    let key = tagua_fiscal::AccessKeyParts {
        date: jiff::civil::date(2026, 11, 20),
        document_type: tagua_fiscal::DocumentType::Invoice,
        ruc: "1790011674001".parse().unwrap(),
        environment: tagua_fiscal::Environment::Test,
        series: world::series(),
        sequential: tagua_fiscal::Sequential::new(number).unwrap(),
        numeric_code: 12_345_678,
        emission_type: 1,
    };
    connection
        .execute(
            "INSERT INTO document (id, account, issuer, environment, document_type, establishment,
                 point, sequential, access_key, schema_version, revision, stage, version,
                 submissions, valid, issue_date, receiver_id, receiver_name, total, events,
                 created_at, updated_at)
             VALUES (?1, 1, 1, 1, '01', '001', '002', ?2, ?3, '2.1.0', 0, ?4, 0, 0, 1, ?5,
                 '0999999999001', 'Consumidora Ñandú', '1.00', 0, ?6, ?6)",
            params![
                document_id(number).0,
                number,
                key.key().as_str(),
                stage as u8,
                day,
                NOW.0
            ],
        )
        .unwrap();
}

async fn ids(world: &World, query: ListQuery) -> Vec<DocumentId> {
    let query = ListQuery { limit: 9, ..query };
    let page = world.store.list(world.account.id, &query).await.unwrap();
    page.documents.iter().map(|document| document.id).collect()
}
