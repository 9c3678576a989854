//! `tagua bench flow` and `tagua bench issue --stored`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use serde_json::Value;

use support::{run, succeed};

/// Runs a measurement in a directory of its own, which must be empty after it.
fn measure(arguments: &[&str]) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let place = ["--json", "--directory", directory.path().to_str().unwrap()];
    let printed = succeed(&[&["bench"], arguments, &place].concat());
    assert_eq!(directory.path().read_dir().unwrap().count(), 0);
    serde_json::from_str(&printed).unwrap()
}

fn number(value: &Value, name: &str) -> u64 {
    value[name].as_u64().unwrap()
}

#[test]
fn every_document_is_authorized_and_each_tenth_is_told() {
    let report = measure(&["flow", "--documents", "100", "--in-flight", "8"]);
    let flow = &report["flow"];
    assert_eq!(number(flow, "documents"), 100);
    assert!(number(flow, "documents_per_second") > 0, "{flow}");
    let parts = flow["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 10);
    for part in parts {
        let [p50, p99] = ["authorized_us_p50", "authorized_us_p99"].map(|name| number(part, name));
        assert!(0 < p50 && p50 <= p99, "{part}");
        assert!(number(part, "rss_kib") > 1_000, "{part}");
    }
    let threads = flow["threads"].as_array().unwrap();
    let names: Vec<_> = threads.iter().map(|thread| &thread["name"]).collect();
    assert!(names.iter().any(|name| **name == "tagua-writer"), "{flow}");
    let questions = flow["questions_per_document"].as_str().unwrap();
    assert!(questions.parse::<f64>().unwrap() >= 1.0, "{flow}");
}

#[test]
fn a_fixed_rate_issues_what_it_says() {
    let report = measure(&["flow", "--rate", "20", "--seconds", "2"]);
    let flow = &report["flow"];
    assert_eq!(number(flow, "documents"), 40);
    let [p50, p99, max] =
        ["accepted_us_p50", "accepted_us_p99", "accepted_us_max"].map(|name| number(flow, name));
    assert!(0 < p50 && p50 <= p99 && p99 <= max, "{flow}");
    assert_eq!(flow["within_goal"], p99 < 50_000);
}

#[test]
fn a_full_database_is_compared_with_an_empty_one() {
    let report = measure(&["issue", "--stored", "1000", "--seconds", "2"]);
    let rows = report["stored"].as_array().unwrap();
    let stored: Vec<_> = rows.iter().map(|row| number(row, "stored")).collect();
    assert_eq!(stored, [0, 1_000]);
    for row in rows {
        assert!(number(row, "documents_per_second") > 0, "{row}");
    }
    let ratio: f64 = report["ratio"].as_str().unwrap().parse().unwrap();
    assert_eq!(report["within_goal"], ratio >= 0.9);
}

#[test]
fn a_rate_has_no_number_of_documents() {
    let output = run(&["bench", "flow", "--rate", "5", "--documents", "100"]);
    assert_eq!(output.status.code(), Some(2));
}
