//! When the storage or a handler fails.

use axum::routing::get;
use tagua_store::Store;

use crate::support::client::{Call, Wire};
use crate::support::sample::invoice;
use crate::support::{Options, World};

#[tokio::test]
async fn without_storage_the_client_is_told_to_come_back() {
    let world = World::start().await;
    world.store.close().await.unwrap();
    let answer = world.issue(&invoice(1)).await;
    answer.refused(503, &[("", "UNAVAILABLE")]);
    assert_eq!(answer.header("retry-after"), Some("5"));
    let download = Call::get("/ver/00000000000000000000000000000000/xml");
    assert_eq!(download.send(world.address).await.status, 503);
    assert_eq!(Call::get("/").send(world.address).await.status, 200);
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_accepted_and_everything_is_read() {
    let world = World::start().await;
    let issued = world.issued(&invoice(1)).await;
    world.store.set_max_pages(1).await.unwrap();
    let mut refused = 0;
    for number in 2..=40 {
        let answer = world.issue(&invoice(number)).await;
        if answer.status != 200 {
            answer.refused(503, &[("", "UNAVAILABLE")]);
            refused += 1;
        }
    }
    assert!(refused > 0);
    assert_eq!(world.count("document"), 40 - refused);
    let path = format!("/invoices/{}", issued["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.status, 200);
    world.store.set_max_pages(100_000).await.unwrap();
    assert_eq!(world.issue(&invoice(41)).await.status, 200);
}

#[tokio::test]
async fn a_panic_is_answered_and_ends_nothing_else() {
    async fn panics() {
        panic!("on purpose");
    }
    let world = World::with(Options {
        routes: |router| router.route("/panic", get(panics)),
        ..Options::default()
    })
    .await;
    let mut wire = Wire::open(world.address).await;
    for _ in 0..2 {
        wire.send(&Call::get("/panic").bytes()).await;
        let answer = wire.answer().await.unwrap();
        answer.refused(500, &[("", "INTERNAL")]);
        assert!(!answer.text().contains("on purpose"));
    }
    wire.send(&Call::get("/").bytes()).await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
}
