//! `tagua bench documents`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::process::Command;

use serde_json::Value as Json;

fn micros(value: &Json) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

/// How fast is a matter of the machine; that a line does not cost more in a
/// long document than in a short one is not.
#[test]
fn the_time_of_a_line_does_not_grow_with_the_document() {
    let output = Command::new(env!("CARGO_BIN_EXE_tagua"))
        .args(["bench", "documents", "--seconds", "1", "--json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let figures: Json = serde_json::from_slice(&output.stdout).unwrap();
    let rows = figures["documents"].as_array().unwrap();
    let lines: Vec<_> = rows
        .iter()
        .map(|row| row["lines"].as_u64().unwrap())
        .collect();
    assert_eq!(lines, [5, 100, 1_000, 10_000]);
    for row in rows {
        assert!(micros(&row["us_p50"]) <= micros(&row["us_p99"]), "{row}");
        let stages = row["stages_us_p50"].as_object().unwrap();
        assert_eq!(stages.len(), 5, "{row}");
        assert!(stages.values().all(|stage| micros(stage) > 0.0), "{row}");
        // A quadratic step would give ten.
        let growth = &row["growth_per_line"];
        assert!(growth.is_null() || micros(growth) < 8.0, "{row}");
    }
    assert!(rows[3]["xml_bytes"].as_u64() > Some(327_680));
}
