//! `tagua bench lists`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use serde_json::Value;

use support::{run, succeed};

#[test]
fn every_filter_is_measured_and_nothing_is_left_behind() {
    let directory = tempfile::tempdir().unwrap();
    let printed = succeed(&[
        "bench",
        "lists",
        "--documents",
        "1000",
        "--requests",
        "2",
        "--directory",
        directory.path().to_str().unwrap(),
        "--json",
    ]);
    let report: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(report["documents"], 1000);
    let rows = report["lists"].as_array().unwrap();
    assert!(rows.len() >= 20, "{report}");
    for row in rows {
        let [p50, p95, max] =
            ["p50_us", "p95_us", "max_us"].map(|name| row[name].as_u64().unwrap());
        assert!(0 < p50 && p50 <= p95 && p95 <= max, "{row}");
    }
    let worst = rows.iter().map(|row| row["p95_us"].as_u64()).max().unwrap();
    assert_eq!(report["worst_p95_us"].as_u64(), worst);
    assert_eq!(directory.path().read_dir().unwrap().count(), 0);
}

#[test]
fn too_few_documents_say_nothing() {
    let output = run(&["bench", "lists", "--documents", "999"]);
    assert_eq!(output.status.code(), Some(2));
}
