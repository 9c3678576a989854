//! A stop lets what is under way end, and waits for nothing else.

use std::time::Duration;

use tagua_server::ListenerLimits;
use tokio::net::TcpStream;

use crate::support::client::{Call, Wire};
use crate::support::sample::invoice;
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, Options, World};

/// Longer than any of these tests may take.
const LONG: Duration = Duration::from_secs(20);

async fn ended(world: World) {
    tokio::time::timeout(LONG, world.serving)
        .await
        .expect("an end")
        .unwrap();
}

fn issue() -> Vec<u8> {
    let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
    call.json(&invoice(1)).bytes()
}

#[tokio::test]
async fn a_request_in_flight_is_answered() {
    let world = World::start().await;
    let bytes = issue();
    let (first, rest) = bytes.split_at(bytes.len() - 10);
    let mut wire = Wire::open(world.address).await;
    // The server says when it has read the header.
    let expecting = [&first[..first.len() - 400], &first[first.len() - 400..]].concat();
    let text = String::from_utf8_lossy(&expecting).into_owned();
    wire.send(
        text.replacen("\r\n", "\r\nExpect: 100-continue\r\n", 1)
            .as_bytes(),
    )
    .await;
    assert_eq!(wire.answer().await.unwrap().status, 100);
    let mut idle = Wire::open(world.address).await;
    idle.send(&Call::get("/").bytes()).await;
    assert_eq!(idle.answer().await.unwrap().status, 200);

    world.stop.send(true).unwrap();
    assert!(idle.ends_silently().await);
    assert!(!world.serving.is_finished());
    wire.send(rest).await;
    let answer = wire.answer().await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(wire.ends_silently().await);
    assert_eq!(world.count("document"), 1);
    let address = world.address;
    drop((wire, idle));
    ended(world).await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_that_does_not_end_is_not_waited_for() {
    let limits = ListenerLimits {
        stop_time: Duration::from_millis(100),
        connections: 1,
        ..ListenerLimits::default()
    };
    let world = World::with(Options {
        limits,
        ..Options::default()
    })
    .await;
    let mut wire = Wire::open(world.address).await;
    let call = Call::post("/invoices")
        .key(KEY)
        .header("Expect", "100-continue");
    wire.send(&call.header("Content-Length", "10").bytes())
        .await;
    assert_eq!(wire.answer().await.unwrap().status, 100);
    // The only place is taken, so nobody is being waited for when the stop comes.
    world.stop.send(true).unwrap();
    ended(world).await;
    assert!(wire.ends_silently().await);
}

#[tokio::test]
async fn whoever_forgets_to_say_stop_stops_it_too() {
    let world = World::start().await;
    let mut wire = Wire::open(world.address).await;
    wire.send(&Call::get("/").bytes()).await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
    let World { stop, serving, .. } = world;
    drop(stop);
    tokio::time::timeout(LONG, serving)
        .await
        .expect("an end")
        .unwrap();
    assert!(wire.ends_silently().await);
}
