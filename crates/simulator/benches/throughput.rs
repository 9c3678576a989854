//! Documents per second through HTTP, signatures checked, ledger flushed to the
//! disk before each answer; client and simulator share the machine.
//!
//! `cargo bench -p tagua-simulator -- [documents] [connections]`

#![allow(
    dead_code,
    clippy::expect_used,
    reason = "the tests' support is shared, and a measurement may stop at the first surprise"
)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use support::document::invoice;
use support::signer::Signer;
use support::{NOON, World, http};

fn main() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let documents: u32 = numbers.next().unwrap_or(6_000);
    let connections = numbers.next().unwrap_or(64);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure(documents, connections));
}

async fn measure(documents: u32, connections: u32) {
    let world = World::new().await;
    let begun = Instant::now();
    for _ in 0..100 {
        Signer::issued_at(&invoice(1).ruc, NOON / 1000);
    }
    println!(
        "issue and open: {} us each",
        begun.elapsed().as_micros() / 100
    );
    let signer = Signer::sandbox(&invoice(1).ruc);
    let requests: Arc<Vec<String>> = Arc::new(
        (1..=documents)
            .map(|sequential| {
                let document = signer.sign(&invoice(sequential).xml(), NOON);
                request(world.address, http::RECEPTION, &http::reception(&document))
            })
            .collect(),
    );
    let queries = (1..=documents)
        .map(|sequential| {
            let query = http::query(&invoice(sequential).key());
            request(world.address, http::AUTHORIZATION, &query)
        })
        .collect();
    run(
        "receptions",
        world.address,
        connections,
        requests,
        "RECIBIDA",
    )
    .await;
    run(
        "queries",
        world.address,
        connections,
        Arc::new(queries),
        ">AUTORIZADO<",
    )
    .await;
}

async fn run(
    what: &str,
    address: SocketAddr,
    connections: u32,
    requests: Arc<Vec<String>>,
    expected: &'static str,
) {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (next, requests) = (Arc::clone(&next), Arc::clone(&requests));
        clients.spawn(async move { client(address, &next, &requests, expected).await });
    }
    clients.join_all().await;
    let milliseconds = begun.elapsed().as_millis().max(1);
    let count = u128::try_from(requests.len()).expect("a count");
    println!(
        "{what}: {count} in {milliseconds} ms, {} per second",
        count * 1000 / milliseconds
    );
}

async fn client(
    address: SocketAddr,
    next: &AtomicUsize,
    requests: &[String],
    expected: &'static str,
) {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
        stream.write_all(request.as_bytes()).await.expect("sends");
        let answer = read_answer(&mut stream).await;
        assert!(answer.contains(expected), "{answer}");
    }
}

async fn read_answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::with_capacity(16_384);
    while stream.read_buf(&mut answer).await.expect("receives") > 0 {
        if answer.ends_with(b"</soap:Envelope>") {
            break;
        }
    }
    String::from_utf8(answer).expect("UTF-8")
}

fn request(address: SocketAddr, path: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
