//! The name of the request in every line of the log. A binary of its own,
//! because the log of a whole process is looked at.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use tagua_store::Store;

use support::client::Call;
use support::log::Log;
use support::sample::invoice;
use support::sandbox::PASSWORD;
use support::{KEY, World};

#[tokio::test]
async fn every_line_of_the_log_says_whose_it_is() {
    let log = Log::start(tracing::Level::DEBUG);
    let world = World::start().await;
    world.store.close().await.unwrap();
    log.take();
    for number in [1, 2] {
        let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
        let call = call.header("X-Request-Id", format!("pedido-{number}"));
        let answer = call.json(&invoice(number)).send(world.address).await;
        answer.refused(503, &[("", "UNAVAILABLE")]);
    }
    let log = String::from_utf8(log.take()).unwrap();
    let lines: Vec<_> = log
        .lines()
        .filter(|line| line.contains("storage"))
        .collect();
    assert_eq!(lines.len(), 2, "{log}");
    for (line, id) in lines.iter().zip(["pedido-1", "pedido-2"]) {
        assert!(line.contains(&format!("request_id=\"{id}\"")), "{line}");
    }
}
