//! What somebody sees who watches over a running server.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::net::TcpListener;

use serde_json::Value;

use support::body::{RUC, invoice};
use support::world::World;
use support::{http, run, wait_until};

/// A port that nobody listens on.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

fn get(address: std::net::SocketAddr, path: &str) -> http::Answer {
    http::call(address, "GET", path, &[], b"").unwrap()
}

/// The log's lines that are JSON with this message.
fn lines(log: &str, message: &str) -> Vec<Value> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    lines
        .filter(|line: &Value| line["message"] == message)
        .collect()
}

#[test]
fn a_document_can_be_followed_through_log_and_metrics() {
    let world = World::new();
    let watch = free_address();
    let options = ["--metrics-listen", &watch, "--log-format", "json"];
    let server = world.start_with(&options, &[("TAGUA_LOG", "info")]);
    let issued = server.issue(&invoice(1));
    let document = issued["id"].as_str().unwrap();
    server.settled(document, "AUTORIZADO");

    let watch = watch.parse().unwrap();
    assert_eq!(get(watch, "/livez").status, 200);
    let ready = wait_until("the server to be ready", || {
        let ready = get(watch, "/readyz");
        (ready.status == 200).then_some(ready)
    });
    assert_eq!(ready.json()["listo"], true);
    let metrics = String::from_utf8(get(watch, "/metrics").body).unwrap();
    for line in [
        "tagua_documents_accepted_total{type=\"01\"} 1",
        "tagua_transitions_total{stage=\"authorized\"} 1",
        "tagua_sri_answers_total{service=\"reception\",meaning=\"reception_confirmed\"} 1",
        "tagua_sri_breaker_open{environment=\"1\",service=\"reception\"} 0",
        "tagua_clock_skewed 0",
        "tagua_ready 1",
    ] {
        assert!(metrics.lines().any(|own| own == line), "{line}: {metrics}");
    }
    for name in ["tagua_database_bytes ", "tagua_disk_free_bytes "] {
        let found = metrics.lines().find_map(|line| line.strip_prefix(name));
        assert!(found.unwrap().parse::<u64>().unwrap() > 0, "{metrics}");
    }

    let log = server.process.said();
    let accepted = lines(&log, "accepted");
    assert_eq!(accepted.len(), 1, "{log}");
    for line in &accepted {
        assert_eq!(line["document"], document);
        assert_eq!(line["access_key"], issued["clave_acceso"]);
        assert_eq!(line["issuer"], RUC);
        assert!(line["account"].is_i64(), "{line}");
        assert_eq!(line["span"]["request_id"].as_str().unwrap().len(), 32);
    }
    let steps = lines(&log, "step");
    for event in ["submission_started", "reception_confirmed", "authorized"] {
        let step = steps.iter().find(|step| step["event"] == event).unwrap();
        assert_eq!(step["document"], document);
        assert_eq!(step["access_key"], issued["clave_acceso"]);
    }
    for secret in [&world.key, &world.password] {
        assert!(!log.contains(secret.as_str()), "a secret in the log");
        assert!(!metrics.contains(secret.as_str()), "a secret in metrics");
    }
}

#[test]
fn a_rate_is_a_number_per_second() {
    for wrong in ["0/s", "20/m", "muchas", ""] {
        let output = run(&["start", "--rate-limit", wrong]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("such as 20/s"), "{said}");
    }
}

#[test]
fn the_rate_of_the_command_line_is_kept() {
    let world = World::new();
    let server = world.start_with(&["--rate-limit", "1/s"], &[]);
    let answers = (0..6).map(|_| server.get("/catalog/id-types").status);
    let answers: Vec<_> = answers.collect();
    assert!(
        answers.contains(&200) && answers.contains(&429),
        "{answers:?}"
    );
}
