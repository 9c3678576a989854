//! The SQLite engine: the suite every engine passes, and what is its own.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking as well"
)]

use std::path::Path;
use std::sync::Arc;

use rusqlite::Connection;
use rusqlite::types::Value;
use tagua_store::{
    Acceptance, BlobPart, ListQuery, NewDocument, NextJob, Shares, SqliteOptions, SqliteStore,
    Stage, Store, StoreError,
};
use tempfile::TempDir;

use crate::conformance::world::{AnyStore, NOW, World, later, step};

mod conformance;

mod suite {
    crate::conformance_suite!(crate::empty);
}

#[expect(clippy::unnecessary_wraps, reason = "an engine may be absent")]
fn empty() -> Option<(AnyStore, TempDir)> {
    let dir = TempDir::new().unwrap();
    Some((Arc::new(open(dir.path())), dir))
}

fn open(dir: &Path) -> SqliteStore {
    SqliteStore::open(dir, SqliteOptions::default()).unwrap()
}

fn raw(dir: &Path) -> Connection {
    Connection::open(dir.join("tagua.db")).unwrap()
}

#[tokio::test]
async fn reopening_keeps_all() {
    let dir = TempDir::new().unwrap();
    let data = dir.path().join("made/on/the/way");
    let world = World::new(Arc::new(open(&data))).await;
    let document = world.accepted(1).await;
    world.apply(step(&document, Stage::Received)).await;
    let document = world.document(document.id).await;
    let signed = world.blob(document.id, 0, BlobPart::Signed).await;
    let events = world.store.events(world.account.id, document.id).await;
    let World {
        store,
        account,
        issuer,
    } = world;
    drop(store);

    let store: AnyStore = Arc::new(open(&data));
    assert_eq!(
        store.accounts().await.unwrap(),
        std::slice::from_ref(&account)
    );
    let found = store.issuer(account.id, issuer.ruc).await.unwrap();
    assert_eq!(found, Some(issuer.clone()));
    let world = World {
        store,
        account,
        issuer,
    };
    assert_eq!(world.document(document.id).await, document);
    assert_eq!(world.blob(document.id, 0, BlobPart::Signed).await, signed);
    let again = world.store.events(world.account.id, document.id).await;
    assert_eq!(again.unwrap(), events.unwrap());
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 1);
}

#[tokio::test]
async fn reopening_gives_leases_back() {
    let dir = TempDir::new().unwrap();
    let world = World::new(Arc::new(open(dir.path()))).await;
    world.accepted(1).await;
    assert_eq!(world.claim(1, NOW).await.len(), 1);
    drop(world);
    let store = open(dir.path());
    let jobs = store.claim(2, NOW, later(9), Shares::any(9)).await.unwrap();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].attempt, 2);
}

#[tokio::test]
async fn renewing_nothing_writes_nothing() {
    let dir = TempDir::new().unwrap();
    let world = World::new(Arc::new(open(dir.path()))).await;
    let document = world.accepted(1).await;
    let log = dir.path().join("tagua.db-wal");
    let written = || std::fs::metadata(&log).unwrap().len();
    let renew = async || world.store.renew(1, &[document.id], later(99)).await;
    let before = written();
    assert_eq!(renew().await.unwrap(), 0);
    assert_eq!(world.store.renew(1, &[], later(99)).await.unwrap(), 0);
    assert_eq!(written(), before);
    assert_eq!(world.claim(1, NOW).await.len(), 1);
    let before = written();
    assert_eq!(renew().await.unwrap(), 1);
    assert!(written() > before);
}

#[tokio::test]
async fn dropping_carries_out_what_is_queued() {
    let dir = TempDir::new().unwrap();
    let world = World::new(Arc::new(open(dir.path()))).await;
    let mut ids = Vec::new();
    for sequential in 1..=300 {
        let new = world.invoice(sequential);
        ids.push(new.id);
        let mut accept = world.store.accept(new);
        // Polled once: queued, and then nobody waits for it.
        let once = std::future::poll_fn(|cx| {
            let _ = accept.as_mut().poll(cx);
            std::task::Poll::Ready(())
        });
        once.await;
        tokio::task::yield_now().await;
    }
    drop(world);
    let store = open(dir.path());
    for id in ids {
        assert!(store.document_by_id(id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_closed_store_is_unavailable_and_the_directory_free() {
    let dir = TempDir::new().unwrap();
    let store = Arc::new(open(dir.path()));
    let world = World::new(store.clone()).await;
    let document = world.accepted(1).await;
    store.close().await.unwrap();
    store.close().await.unwrap();
    let refused = store.accept(world.invoice(2)).await;
    assert!(matches!(refused, Err(StoreError::Unavailable { .. })));
    let refused = store.document_by_id(document.id).await;
    assert!(matches!(refused, Err(StoreError::Unavailable { .. })));
    let refused = store.queue_depth().await;
    assert!(matches!(refused, Err(StoreError::Unavailable { .. })));
    let again = open(dir.path());
    assert!(again.document_by_id(document.id).await.unwrap().is_some());
}

#[test]
fn one_process_at_a_time() {
    let dir = TempDir::new().unwrap();
    let first = open(dir.path());
    let second = SqliteStore::open(dir.path(), SqliteOptions::default());
    match second.err() {
        Some(StoreError::InUse { lock_file }) => {
            assert_eq!(lock_file, dir.path().join("tagua.lock"));
        }
        other => panic!("not refused as in use: {other:?}"),
    }
    drop(first);
    open(dir.path());
}

#[test]
fn a_newer_database_is_refused_and_untouched() {
    let dir = TempDir::new().unwrap();
    drop(open(dir.path()));
    let sql = "INSERT INTO schema_migration (number, checksum) VALUES (4, x'00')";
    raw(dir.path()).execute(sql, []).unwrap();
    let refused = SqliteStore::open(dir.path(), SqliteOptions::default()).err();
    assert!(matches!(
        refused,
        Some(StoreError::Newer { found: 4, known: 3 })
    ));
    raw(dir.path())
        .execute("DELETE FROM schema_migration WHERE number = 4", [])
        .unwrap();
    open(dir.path());
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let dir = TempDir::new().unwrap();
    let bytes = b"this was never a database ".repeat(400);
    std::fs::write(dir.path().join("tagua.db"), &bytes).unwrap();
    let refused = SqliteStore::open(dir.path(), SqliteOptions::default()).err();
    assert!(matches!(refused, Some(StoreError::Corrupt { .. })));
    assert_eq!(std::fs::read(dir.path().join("tagua.db")).unwrap(), bytes);
}

#[test]
fn a_directory_that_cannot_be_made_is_unavailable() {
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("file"), b"").unwrap();
    let below = dir.path().join("file/data");
    let refused = SqliteStore::open(&below, SqliteOptions::default()).err();
    assert!(matches!(refused, Some(StoreError::Unavailable { .. })));
}

#[test]
fn the_file_is_set_up_as_promised() {
    let dir = TempDir::new().unwrap();
    let store = open(dir.path());
    let connection = raw(dir.path());
    let pragma = |name: &str| {
        let read = |row: &rusqlite::Row<'_>| row.get::<_, Value>(0);
        connection.pragma_query_value(None, name, read).unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal".to_owned().into());
    assert_eq!(pragma("page_size"), 4096.into());
    drop(connection);
    drop(store);
    // Closed in order, nothing but the database is left to copy.
    assert!(!dir.path().join("tagua.db-wal").exists());
}

#[tokio::test]
async fn the_engine_itself_refuses_to_change_history() {
    let dir = TempDir::new().unwrap();
    let world = World::new(Arc::new(open(dir.path()))).await;
    world.accepted(1).await;
    let connection = raw(dir.path());
    for sql in [
        "UPDATE blob SET data = x'00'",
        "UPDATE event SET detail = 'otro'",
        "DELETE FROM event",
    ] {
        connection.execute(sql, []).unwrap_err();
    }
}

#[tokio::test]
async fn a_bad_row_is_corrupt_and_stops_nobody_else() {
    let dir = TempDir::new().unwrap();
    let world = World::new(Arc::new(open(dir.path()))).await;
    let bad = world.accepted(1).await;
    let good = world.accepted(2).await;
    let connection = raw(dir.path());
    let set = |column: &str, value: &Value| {
        let sql = format!("UPDATE document SET {column} = ?1 WHERE id = ?2");
        let params = rusqlite::params![value, bad.id.0];
        connection.execute(&sql, params).unwrap();
    };
    for (column, value) in [
        ("stage", Value::from(9)),
        ("stage", Value::from(-1)),
        ("environment", Value::from(3)),
        ("document_type", Value::from("99".to_owned())),
        ("point", Value::from("1".to_owned())),
        ("sequential", Value::from(0)),
        ("access_key", Value::from("1".to_owned())),
        ("version", Value::from(-1)),
        ("reception", Value::from("{".to_owned())),
    ] {
        let sql = format!("SELECT {column} FROM document WHERE id = ?1");
        let old: Value = connection
            .query_row(&sql, [bad.id.0], |row| row.get(0))
            .unwrap();
        set(column, &value);
        match world.store.document_by_id(bad.id).await.err() {
            Some(StoreError::Corrupt { what }) => {
                assert!(what.contains(&bad.id.to_string()), "{what}");
                assert!(what.contains(column), "{what}");
            }
            other => panic!("{column}: {other:?}"),
        }
        set(column, &old);
        assert_eq!(world.document(bad.id).await, bad);
    }
    set("stage", &Value::from(9));
    let jobs = world.claim(1, NOW).await;
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].document, good);
}

#[tokio::test]
async fn a_bad_row_is_left_out_of_lists() {
    let dir = TempDir::new().unwrap();
    let world = World::new(Arc::new(open(dir.path()))).await;
    let good = world.accepted(1).await;
    let bad = world.accepted(2).await;
    let sql = "UPDATE document SET stage = 9, sequential = -1 WHERE id = ?1";
    raw(dir.path()).execute(sql, [bad.id.0]).unwrap();
    for taken_in in [2, 0] {
        let query = ListQuery {
            limit: 9,
            text: Some("ñandú".into()),
            ..ListQuery::default()
        };
        let page = world.store.list(world.account.id, &query).await.unwrap();
        assert_eq!(page.documents.len(), 1);
        assert_eq!(page.documents[0].id, good.id);
        let indexed = world.store.index_for_search(9).await.unwrap();
        assert_eq!(indexed, taken_in);
    }
}

#[tokio::test]
async fn a_revision_replaces_the_payment_reminder() {
    let dir = TempDir::new().unwrap();
    let world = World::new(Arc::new(open(dir.path()))).await;
    let due_on = |day: Option<&str>| NewDocument {
        payment_due: day.map(str::to_owned),
        ..world.invoice(1)
    };
    let stored = || {
        let sql = "SELECT due FROM payment_reminder JOIN document ON document_id = document";
        let connection = raw(dir.path());
        let mut statement = connection.prepare(sql).unwrap();
        let days = statement.query_map([], |row| row.get::<_, String>(0));
        days.unwrap().collect::<Result<Vec<_>, _>>().unwrap()
    };
    let new = due_on(Some("2026-12-24"));
    let id = new.id;
    world.accept(new).await;
    assert_eq!(stored(), ["2026-12-24"]);
    for (day, expected) in [
        (Some("2027-01-31"), vec!["2027-01-31"]),
        (None, vec![]),
        (Some("2027-02-28"), vec!["2027-02-28"]),
    ] {
        let document = world.document(id).await;
        let revised = world.revise(&document, due_on(day)).await;
        assert_eq!(revised, Acceptance::Stored);
        assert_eq!(stored(), expected);
    }
}

#[tokio::test]
async fn a_full_disk_refuses_writes_and_nothing_else() {
    let (dir, options) = (
        TempDir::new().unwrap(),
        SqliteOptions {
            max_pages: Some(120),
            ..SqliteOptions::default()
        },
    );
    let store = Arc::new(SqliteStore::open(dir.path(), options).unwrap());
    let world = World::new(store.clone()).await;
    let mut stored = Vec::new();
    let refused = loop {
        let new = NewDocument {
            blobs: vec![(BlobPart::Signed, vec![7; 20_000])],
            ..world.invoice(u32::try_from(stored.len()).unwrap() + 1)
        };
        let id = new.id;
        match world.store.accept(new.clone()).await {
            Ok(Acceptance::Stored) => stored.push(id),
            Err(StoreError::Unavailable { .. }) => break new,
            other => panic!("neither stored nor unavailable: {other:?}"),
        }
    };
    assert!(stored.len() > 5);
    for id in &stored {
        assert_eq!(world.document(*id).await.stage, Stage::Signed);
        let signed = world.blob(*id, 0, BlobPart::Signed).await;
        assert_eq!(signed.map(|bytes| bytes.len()), Some(20_000));
    }
    let absent = world.store.document_by_id(refused.id).await.unwrap();
    assert_eq!(absent, None);

    store.set_max_pages(1_000_000).await.unwrap();
    assert_eq!(world.accept(refused).await, Acceptance::Stored);
    let depth = world.store.queue_depth().await.unwrap();
    assert_eq!(depth.waiting, u64::try_from(stored.len()).unwrap() + 1);
}

#[tokio::test]
async fn a_mapped_file_reads_the_same() {
    let dir = TempDir::new().unwrap();
    let options = SqliteOptions {
        mmap_bytes: 64 << 20,
        ..SqliteOptions::default()
    };
    let store = SqliteStore::open(dir.path(), options).unwrap();
    let world = World::new(Arc::new(store)).await;
    let document = world.accepted(1).await;
    world.apply(step(&document, Stage::Received)).await;
    assert_eq!(world.document(document.id).await.stage, Stage::Received);
    let none = NewDocument {
        job: NextJob::Done,
        ..world.invoice(2)
    };
    assert_eq!(world.accept(none).await, Acceptance::Stored);
}
