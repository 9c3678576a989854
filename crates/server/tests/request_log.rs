//! The name of the request in every line of the log. A binary of its own,
//! because the log of a whole process is looked at.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};

use tagua_store::Store;
use tracing_subscriber::fmt::MakeWriter;

use support::client::Call;
use support::sample::invoice;
use support::sandbox::PASSWORD;
use support::{KEY, World};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn every_line_of_the_log_says_whose_it_is() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG);
    let subscriber = subscriber.with_ansi(false).with_writer(log.clone());
    subscriber.init();
    let world = World::start().await;
    world.store.close().await.unwrap();
    log.0.lock().unwrap().clear();
    for number in [1, 2] {
        let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
        let call = call.header("X-Request-Id", format!("pedido-{number}"));
        let answer = call.json(&invoice(number)).send(world.address).await;
        answer.refused(503, &[("", "UNAVAILABLE")]);
    }
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<_> = log
        .lines()
        .filter(|line| line.contains("storage"))
        .collect();
    assert_eq!(lines.len(), 2, "{log}");
    for (line, id) in lines.iter().zip(["pedido-1", "pedido-2"]) {
        assert!(line.contains(&format!("request_id=\"{id}\"")), "{line}");
    }
}
