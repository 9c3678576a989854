//! The PostgreSQL engine: the suite every engine passes, and what is its own.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking as well"
)]

#[path = "../../store/tests/conformance/mod.rs"]
mod conformance;
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tagua_postgres::{PostgresOptions, PostgresStore};
use tagua_store::{Acceptance, NewDocument, NewIdempotency, Shares, Store, StoreError, UnixMillis};
use tokio_postgres::NoTls;

use crate::conformance::world::{AnyStore, NOW, World};

mod suite {
    crate::conformance_suite!(crate::empty);
}

/// For the suite, whose tests run on several threads.
fn empty() -> Option<(AnyStore, ())> {
    let server = support::server()?;
    let opened = tokio::task::block_in_place(|| {
        tokio::runtime::Handle::current().block_on(async {
            let url = server.database().await;
            open(&url).await.unwrap()
        })
    });
    Some((Arc::new(opened), ()))
}

async fn open(url: &str) -> Result<PostgresStore, StoreError> {
    PostgresStore::open(url, options(), || {}).await
}

fn options() -> PostgresOptions {
    PostgresOptions {
        connections_max: 8,
        ..PostgresOptions::default()
    }
}

async fn execute(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    driver.abort();
}

#[tokio::test]
async fn nodes_that_start_at_once_migrate_once() {
    let Some(server) = support::server() else {
        return;
    };
    let url = server.database().await;
    let opening = (0..6).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { open(&url).await.map(drop) })
    });
    for opened in opening.collect::<Vec<_>>() {
        opened.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_newer_or_another_schema_is_refused() {
    let Some(server) = support::server() else {
        return;
    };
    let url = server.database().await;
    drop(open(&url).await.unwrap());
    execute(&url, "INSERT INTO schema_migration VALUES (99, 'x')").await;
    let newer = open(&url).await.err().unwrap();
    assert!(
        matches!(newer, StoreError::Newer { known, .. } if known >= 1),
        "{newer}"
    );
    execute(&url, "DELETE FROM schema_migration WHERE number = 99").await;
    execute(
        &url,
        "UPDATE schema_migration SET checksum = 'x' WHERE number = 1",
    )
    .await;
    let other = open(&url).await.err().unwrap();
    assert!(matches!(other, StoreError::Corrupt { .. }), "{other}");
}

#[tokio::test]
async fn what_is_no_url_is_refused_without_its_password() {
    let error = open("postgres://tagua:very-secret@host:port/x").await;
    let error = error.err().unwrap();
    assert!(matches!(error, StoreError::Refused { .. }));
    assert!(!error.to_string().contains("very-secret"), "{error}");
}

#[tokio::test]
async fn a_database_that_is_gone_is_unavailable() {
    let error = open("postgres://tagua@127.0.0.1:1/tagua").await;
    assert!(matches!(error, Err(StoreError::Unavailable { .. })));
    let Some(server) = support::server() else {
        return;
    };
    let url = server.database().await;
    let store = open(&url).await.unwrap();
    store.close().await.unwrap();
    let error = store.accounts().await;
    assert!(matches!(error, Err(StoreError::Unavailable { .. })));
}

#[tokio::test]
async fn a_server_that_is_silent_is_unavailable() {
    let Some(server) = support::own_server() else {
        return;
    };
    let world = World::new(Arc::new(open(&server.database().await).await.unwrap())).await;
    let waiting = world.accepted(1).await;
    server.freeze();
    // Nothing comes from outside: time goes on by itself.
    tokio::time::pause();
    let limit = Duration::from_secs(60);
    let accepting = world.store.accept(world.invoice(2));
    let accepting = tokio::time::timeout(limit, accepting).await;
    let ids = [waiting.id];
    let renewing = tokio::time::timeout(limit, world.store.renew(1, &ids, NOW)).await;
    tokio::time::resume();
    server.thaw();
    for error in [accepting.unwrap().err(), renewing.unwrap().err()] {
        assert!(matches!(error, Some(StoreError::Unavailable { .. })));
    }
    // What waits for an answer in vain is no longer in the way.
    assert_eq!(world.accept(world.invoice(2)).await, Acceptance::Stored);
    assert_eq!(world.claim(1, NOW).await.len(), 2);
}

#[tokio::test]
async fn other_nodes_hear_of_new_work() {
    let Some(server) = support::server() else {
        return;
    };
    let url = server.database().await;
    let heard = Arc::new(AtomicU32::new(0));
    let counting = Arc::clone(&heard);
    let count = move || {
        counting.fetch_add(1, Ordering::SeqCst);
    };
    let _listening = PostgresStore::open(&url, options(), count).await.unwrap();
    let world = World::new(Arc::new(open(&url).await.unwrap())).await;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    for number in 1.. {
        // The first ones may come before the other node listens.
        assert_eq!(
            world.accept(world.invoice(number)).await,
            Acceptance::Stored
        );
        tokio::time::sleep(Duration::from_millis(60)).await;
        if heard.load(Ordering::SeqCst) > 0 {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "nothing was heard");
    }
}

#[tokio::test]
async fn nodes_share_the_work_without_taking_it_twice() {
    let Some(server) = support::server() else {
        return;
    };
    let url = server.database().await;
    let world = World::new(Arc::new(open(&url).await.unwrap())).await;
    for number in 1..=60 {
        world.accepted(number).await;
    }
    let mut claiming = Vec::new();
    for owner in 1..=3 {
        let store: AnyStore = Arc::new(open(&url).await.unwrap());
        claiming.push(tokio::spawn(async move {
            let mut claimed = Vec::new();
            loop {
                let until = UnixMillis(NOW.0 + 60_000);
                let jobs = store
                    .claim(owner, NOW, until, Shares::any(5))
                    .await
                    .unwrap();
                if jobs.is_empty() {
                    return claimed;
                }
                claimed.extend(jobs.into_iter().map(|job| job.document.id));
            }
        }));
    }
    let mut all = Vec::new();
    for claimed in claiming {
        all.extend(claimed.await.unwrap());
    }
    assert_eq!(all.len(), 60);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 60);
}

/// Both nodes wait for the document when they have looked at the key already.
#[tokio::test]
async fn a_correction_through_two_nodes_is_repeated() {
    let Some(server) = support::server() else {
        return;
    };
    let url = server.database().await;
    let world = World::new(Arc::new(open(&url).await.unwrap())).await;
    let document = world.accepted(1).await;
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    let lock = "BEGIN; SELECT 1 FROM document FOR UPDATE";
    client.batch_execute(lock).await.unwrap();
    let answer = NewIdempotency {
        key: "clave".into(),
        fingerprint: [5; 32],
        answer: b"respuesta".to_vec(),
        expires_at: UnixMillis(NOW.0 + 1000),
    };
    let corrected = NewDocument {
        idempotency: Some(answer),
        ..world.invoice(1)
    };
    let revise = || world.revise(&document, corrected.clone());
    let both = async { tokio::join!(revise(), revise()) };
    let waiting = "SELECT 1 FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'";
    // A transaction sees who waits as it was when it first looked.
    let look_anew = "SELECT pg_stat_clear_snapshot()";
    let release = async {
        while client.query(waiting, &[]).await.unwrap().len() < 2 {
            client.query(look_anew, &[]).await.unwrap();
        }
        client.batch_execute("COMMIT").await.unwrap();
    };
    let (outcomes, ()) = tokio::join!(both, release);
    let repeated = |outcome: &Acceptance| matches!(outcome, Acceptance::Repeated(_));
    let outcomes = [outcomes.0, outcomes.1];
    assert!(outcomes.contains(&Acceptance::Stored), "{outcomes:?}");
    assert!(outcomes.iter().any(repeated), "{outcomes:?}");
    driver.abort();
}

#[tokio::test]
async fn what_happened_cannot_be_changed() {
    let Some(server) = support::server() else {
        return;
    };
    let url = server.database().await;
    let world = World::new(Arc::new(open(&url).await.unwrap())).await;
    world.accepted(1).await;
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let driver = tokio::spawn(connection);
    for sql in [
        "UPDATE blob SET data = 'x'",
        "UPDATE event SET detail = 'x'",
        "DELETE FROM event",
    ] {
        let error = client.batch_execute(sql).await.unwrap_err();
        let words = error.as_db_error().unwrap().message().to_owned();
        assert!(words.contains("never allowed"), "{sql}: {words}");
    }
    driver.abort();
}
