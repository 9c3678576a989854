//! What the listener takes, and what it says at each limit.

use std::time::Duration;

use tagua_server::ListenerLimits;

use crate::support::client::{Answer, Call, Wire};
use crate::support::sample::invoice;
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, Options, World};

const SHORT: Duration = Duration::from_millis(150);
const BODY_BYTES: usize = 1024 * 1024;

async fn world(limits: ListenerLimits) -> World {
    World::with(Options {
        limits,
        ..Options::default()
    })
    .await
}

fn issue() -> Call {
    Call::post("/invoices/issue").key(KEY).password(PASSWORD)
}

/// The first answer to these bytes.
async fn answer(world: &World, bytes: &[u8]) -> Answer {
    let mut wire = Wire::open(world.address).await;
    wire.send(bytes).await;
    wire.answer().await.unwrap()
}

/// A valid invoice of exactly so many bytes.
fn padded(bytes: usize) -> Vec<u8> {
    let mut body = invoice(1).to_string().into_bytes();
    body.resize(bytes, b' ');
    body
}

fn chunked(body: &[u8]) -> Vec<u8> {
    let mut bytes = issue().header("Transfer-Encoding", "chunked").bytes();
    for chunk in body.chunks(10_000) {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

#[tokio::test]
async fn headers_too_large_or_too_many() {
    let world = World::start().await;
    let long = "a".repeat(17 * 1024);
    let long_value = Call::get("/").header("X-Long", &long).bytes();
    let told = answer(&world, &long_value).await;
    told.refused(431, &[("", "HEADER_TOO_LARGE")]);
    assert!(told.text().contains("16 KiB"));
    assert_eq!(told.header("x-request-id").unwrap().len(), 32);
    let long_path = Call::get(&format!("/{long}")).bytes();
    assert!([414, 431].contains(&answer(&world, &long_path).await.status));
    let many = |count| {
        (0..count).fold(Call::get("/"), |call, i| {
            call.header(&format!("X-{i}"), "v")
        })
    };
    assert_eq!(answer(&world, &many(101).bytes()).await.status, 431);
    assert_eq!(answer(&world, &many(90).bytes()).await.status, 200);
    let long = Call::get("/").header("X-Long", "a".repeat(15 * 1024));
    assert_eq!(answer(&world, &long.bytes()).await.status, 200);
}

#[tokio::test]
async fn what_is_no_request() {
    let world = World::start().await;
    let requests = [
        "GARBAGE\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /\u{1} HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nX-Key : x\r\n\r\n",
        "GET / HTTP/1.1\r\nX: a\u{0}b\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\r\n\r\n",
    ];
    for request in requests {
        let answer = answer(&world, request.as_bytes()).await;
        assert_eq!(answer.status, 400, "{request:?}");
        answer.refused(400, &[("", "INVALID_FORMAT")]);
    }
    // The host's form of an address, for proxies.
    let connect = answer(&world, b"CONNECT a.example:443 HTTP/1.1\r\n\r\n").await;
    assert!((400..500).contains(&connect.status), "{}", connect.status);
}

#[tokio::test]
async fn a_header_that_trickles() {
    let limits = ListenerLimits {
        header_time: SHORT,
        ..ListenerLimits::default()
    };
    let world = world(limits).await;
    let mut wire = Wire::open(world.address).await;
    wire.send(b"POST /invoices/issue HTTP/1.1\r\nX-Key: ").await;
    let answer = wire.answer().await.unwrap();
    answer.refused(408, &[("", "REQUEST_TIMEOUT")]);
    assert!(wire.ends_silently().await);

    // After an answered request too.
    let mut wire = Wire::open(world.address).await;
    wire.send(&Call::get("/").bytes()).await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
    wire.send(b"GET").await;
    assert_eq!(wire.answer().await.unwrap().status, 408);
}

#[tokio::test]
async fn an_idle_connection_ends_without_a_word() {
    let limits = ListenerLimits {
        header_time: SHORT,
        ..ListenerLimits::default()
    };
    let world = world(limits).await;
    let mut wire = Wire::open(world.address).await;
    assert!(wire.ends_silently().await);
    let mut wire = Wire::open(world.address).await;
    for number in 1..=2 {
        wire.send(&issue().json(&invoice(number)).bytes()).await;
        assert_eq!(wire.answer().await.unwrap().status, 200);
    }
    assert!(wire.ends_silently().await);
}

#[tokio::test]
async fn a_body_that_trickles() {
    let limits = ListenerLimits {
        body_time: SHORT,
        ..ListenerLimits::default()
    };
    let world = world(limits).await;
    let whole = issue().json(&invoice(1)).bytes();
    let mut wire = Wire::open(world.address).await;
    wire.send(&whole[..whole.len() - 1]).await;
    let answer = wire.answer().await.unwrap();
    answer.refused(408, &[("", "REQUEST_TIMEOUT")]);
    assert_eq!(answer.header("connection"), Some("close"));
    assert!(wire.ends_silently().await);
    assert_eq!(world.count("document"), 0);
}

#[tokio::test]
async fn a_body_up_to_the_limit_and_one_byte_more() {
    let world = World::start().await;
    let fits = padded(BODY_BYTES);
    assert_eq!(
        issue().body(fits.clone()).send(world.address).await.status,
        200
    );
    let answered = answer(&world, &chunked(&fits)).await;
    answered.refused(400, &[("secuencial", "INVALID_VALUE")]);

    let over = padded(BODY_BYTES + 1);
    for bytes in [issue().body(over.clone()).bytes(), chunked(&over)] {
        let answer = answer(&world, &bytes).await;
        answer.refused(413, &[("", "PAYLOAD_TOO_LARGE")]);
        assert_eq!(answer.header("connection"), Some("close"));
    }
    assert_eq!(world.count("document"), 1);
}

#[tokio::test]
async fn a_body_announced_too_large_is_not_waited_for() {
    let world = World::start().await;
    let call = issue().header("Content-Length", "1048577");
    let waiting = call.clone().header("Expect", "100-continue");
    for call in [call, waiting] {
        let mut wire = Wire::open(world.address).await;
        wire.send(&call.bytes()).await;
        assert_eq!(wire.answer().await.unwrap().status, 413);
        assert!(wire.ends_silently().await);
    }
}

#[tokio::test]
async fn a_client_that_waits_for_100_is_told_to_go_on() {
    let world = World::start().await;
    let bytes = issue()
        .header("Expect", "100-continue")
        .json(&invoice(1))
        .bytes();
    let head = bytes.len() - invoice(1).to_string().len();
    let mut wire = Wire::open(world.address).await;
    wire.send(&bytes[..head]).await;
    assert_eq!(wire.answer().await.unwrap().status, 100);
    wire.send(&bytes[head..]).await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_body_stores_nothing() {
    let world = World::start().await;
    let whole = issue().json(&invoice(1)).bytes();
    let cut = &whole[..whole.len() - 5];
    let mut wire = Wire::open(world.address).await;
    wire.send(cut).await;
    drop(wire);
    // Half closed: the client can still read.
    let mut wire = Wire::open(world.address).await;
    wire.send(cut).await;
    tokio::io::AsyncWriteExt::shutdown(&mut wire.stream)
        .await
        .unwrap();
    if let Some(answer) = wire.answer().await {
        answer.refused(400, &[("", "INVALID_FORMAT")]);
    }
    let mut broken = chunked(invoice(1).to_string().as_bytes());
    broken.truncate(broken.len() - 5);
    broken.extend_from_slice(b"zz\r\n\r\n");
    let answer = answer(&world, &broken).await;
    answer.refused(400, &[("", "INVALID_FORMAT")]);
    assert_eq!(world.count("document"), 0);
    assert_eq!(world.issue(&invoice(1)).await.status, 200);
}

#[tokio::test]
async fn an_answer_reaches_a_client_that_still_sends() {
    let world = World::start().await;
    let call = Call::post("/invoices/issue").body(padded(BODY_BYTES));
    let mut wire = Wire::open(world.address).await;
    wire.send(&call.bytes()).await;
    let answer = wire.answer().await.unwrap();
    answer.refused(401, &[("X-Key", "UNAUTHORIZED")]);
    // A reset could overtake the answer on its way.
    assert!(wire.ends_in_order().await);
}

#[tokio::test]
async fn http_1_0_works() {
    let world = World::start().await;
    let mut wire = Wire::open(world.address).await;
    wire.send(b"GET / HTTP/1.0\r\n\r\n").await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
    assert!(wire.ends_silently().await);
    let request = String::from_utf8(issue().json(&invoice(1)).bytes()).unwrap();
    let old = request.replace(
        "HTTP/1.1\r\nHost: tagua",
        "HTTP/1.0\r\nConnection: keep-alive",
    );
    let mut wire = Wire::open(world.address).await;
    wire.send(old.as_bytes()).await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
    wire.send(b"GET / HTTP/1.0\r\n\r\n").await;
    assert_eq!(wire.answer().await.unwrap().status, 200);
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let world = World::start().await;
    let mut bytes = Vec::new();
    for number in 1..=5 {
        bytes.extend_from_slice(&issue().json(&invoice(number)).bytes());
    }
    bytes.extend_from_slice(&Call::get("/nada").bytes());
    let mut wire = Wire::open(world.address).await;
    wire.send(&bytes).await;
    for number in 1..=5 {
        assert_eq!(wire.answer().await.unwrap().json()["secuencial"], number);
    }
    assert_eq!(wire.answer().await.unwrap().status, 404);
}

/// Two servers that disagree about where a request ends can be talked into
/// taking a body for a request.
#[tokio::test]
async fn two_lengths_never_make_two_requests() {
    let world = World::start().await;
    let smuggled = Call::get("/").bytes();
    let body = format!("0\r\n\r\n{}", String::from_utf8(smuggled).unwrap());
    let request = Call::post("/invoices")
        .key(KEY)
        .header("Transfer-Encoding", "chunked");
    let mut wire = Wire::open(world.address).await;
    wire.send(&request.body(body).bytes()).await;
    assert_eq!(wire.answer().await.unwrap().status, 400);
    assert!(wire.ends_silently().await);
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_their_turn() {
    let limits = ListenerLimits {
        connections: 1,
        ..ListenerLimits::default()
    };
    let world = world(limits).await;
    let mut first = Wire::open(world.address).await;
    first.send(&Call::get("/").bytes()).await;
    assert_eq!(first.answer().await.unwrap().status, 200);
    let mut second = Wire::open(world.address).await;
    second.send(&Call::get("/").bytes()).await;
    assert!(tokio::time::timeout(SHORT, second.answer()).await.is_err());
    drop(first);
    assert_eq!(second.answer().await.unwrap().status, 200);
}

#[tokio::test]
async fn a_client_that_reads_nothing_loses_its_place() {
    let limits = ListenerLimits {
        connections: 1,
        write_time: SHORT,
        ..ListenerLimits::default()
    };
    let world = world(limits).await;
    let mut deaf = Wire::open(world.address).await;
    // Each answer quotes its request, six bytes for one: more than any socket holds.
    let request = issue().body(vec![1; BODY_BYTES]).bytes();
    let sending = tokio::spawn(async move {
        for _ in 0..8 {
            deaf.send(&request).await;
        }
        deaf
    });
    let mut next = Wire::open(world.address).await;
    next.send(&Call::get("/").bytes()).await;
    assert_eq!(next.answer().await.unwrap().status, 200);
    sending.abort();
}
