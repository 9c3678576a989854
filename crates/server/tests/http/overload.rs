//! What one client may take.

use tagua_server::{LimitOptions, ListenerLimits, Rate};
use tagua_store::{Stage, Store};

use crate::support::client::{Call, Wire};
use crate::support::documents::id;
use crate::support::sample::invoice;
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, Options, World};

async fn world(request_limits: LimitOptions) -> World {
    World::with(Options {
        request_limits,
        ..Options::default()
    })
    .await
}

#[tokio::test]
async fn a_key_has_its_rate() {
    let world = world(LimitOptions {
        rate: Some(Rate::per_second(2)),
        ..LimitOptions::default()
    })
    .await;
    for left in (0..10).rev() {
        let answer = world.get("/catalog/id-types").await;
        assert_eq!(answer.status, 200);
        let limit = format!("\"todas\";r={left};t=0");
        assert_eq!(answer.header("ratelimit"), Some(limit.as_str()));
    }
    let refused = world.get("/catalog/id-types").await;
    refused.refused(429, &[("", "RATE_LIMITED")]);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("ratelimit"), Some("\"todas\";r=0;t=1"));
    let policy = refused.header("ratelimit-policy");
    assert_eq!(policy, Some("\"todas\";q=10;w=5"));
    // What needs no key goes on, and so do others.
    assert_eq!(Call::get("/livez").send(world.address).await.status, 200);
    let other = "5".repeat(32);
    world.other_account(&other, true).await;
    let list = Call::get("/invoices").key(&other).send(world.address).await;
    assert_eq!(list.status, 200);
    world.clock.forward(500);
    assert_eq!(world.get("/invoices").await.status, 200);
}

#[tokio::test]
async fn issuing_has_half_the_rate_and_a_refused_request_stores_nothing() {
    let world = world(LimitOptions {
        rate: Some(Rate::per_second(2)),
        ..LimitOptions::default()
    })
    .await;
    for number in 1..=5 {
        assert_eq!(world.issue(&invoice(number)).await.status, 200);
    }
    let refused = world.issue(&invoice(6)).await;
    refused.refused(429, &[("", "RATE_LIMITED")]);
    let policy = refused.header("ratelimit-policy");
    assert_eq!(policy, Some("\"emisiones\";q=5;w=5"));
    assert_eq!(world.get("/invoices").await.json()["count"], 5);
    world.clock.forward(1_000);
    assert_eq!(world.issue(&invoice(6)).await.status, 200);
}

#[tokio::test]
async fn without_a_rate_nothing_is_said_of_one() {
    let world = World::start().await;
    for _ in 0..200 {
        let answer = world.get("/catalog/id-types").await;
        assert_eq!((answer.status, answer.header("ratelimit")), (200, None));
    }
}

#[tokio::test]
async fn an_account_has_so_many_documents_waiting() {
    let world = world(LimitOptions {
        open_documents: 2,
        ..LimitOptions::default()
    })
    .await;
    let first = id(&world.issued(&invoice(1)).await);
    world.issued(&invoice(2)).await;
    let refused = world.issue(&invoice(3)).await;
    refused.refused(429, &[("", "BACKLOG_FULL")]);
    assert_eq!(refused.header("retry-after"), Some("60"));
    // Keeping for later adds nothing that waits, and others have their own room.
    assert_eq!(world.post("/invoices", &invoice(4)).await.status, 200);
    let other = "5".repeat(32);
    world.other_account(&other, true).await;
    let theirs = Call::post("/invoices/issue").key(&other).password(PASSWORD);
    let theirs = theirs.json(&invoice(1)).send(world.address).await;
    assert_ne!(theirs.status, 429);
    // SRI decides about one: at the next count there is room for one.
    world.put_in(first, Stage::Authorized).await;
    world.clock.forward(2_000);
    assert_eq!(world.issue(&invoice(3)).await.status, 200);
    let refused = world.issue(&invoice(5)).await;
    refused.refused(429, &[("", "BACKLOG_FULL")]);
    assert_eq!(
        world.store.queue_depth().await.unwrap().waiting,
        2 + u64::from(theirs.status == 200)
    );
    let metrics = Call::get("/metrics").send(world.address).await.text();
    let counted = "tagua_requests_refused_total{reason=\"backlog\"} 2\n";
    assert!(metrics.contains(counted), "{metrics}");
}

#[tokio::test]
async fn an_address_has_so_many_connections() {
    let world = World::with(Options {
        limits: ListenerLimits {
            connections_per_address: 2,
            count_loopback: true,
            ..ListenerLimits::default()
        },
        ..Options::default()
    })
    .await;
    let request = Call::get("/livez").key(KEY).bytes();
    let mut first = Wire::open(world.address).await;
    let mut second = Wire::open(world.address).await;
    for wire in [&mut first, &mut second] {
        wire.send(&request).await;
        assert_eq!(wire.answer().await.unwrap().status, 200);
    }
    let mut third = Wire::open(world.address).await;
    third.send(&request).await;
    let refused = third.answer().await.unwrap();
    refused.refused(429, &[("", "TOO_MANY_CONNECTIONS")]);
    assert_eq!(refused.header("retry-after"), Some("5"));
    assert!(refused.header("x-request-id").is_some());
    assert!(third.ends_in_order().await);
    // Those that are there are served on.
    first.send(&request).await;
    assert_eq!(first.answer().await.unwrap().status, 200);
}
