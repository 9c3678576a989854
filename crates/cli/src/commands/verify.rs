//! `tagua verify`.

use std::fs;
use std::process::ExitCode;

use serde_json::json;
use tagua_verify::Verdict;

use crate::args::VerifyOptions;
use crate::failure::{Failure, While};

/// 0 when no check failed, 1 when one did.
pub(crate) fn run(options: VerifyOptions) -> Result<ExitCode, Failure> {
    let name = options.file.display().to_string();
    let bytes = fs::read(&options.file).during(&format!("{name} could not be read"))?;
    let report = tagua_verify::verify_document(&bytes);
    if options.json {
        println!(
            "{}",
            json!({ "file": name, "ok": report.ok(), "report": report })
        );
    } else {
        for check in &report.checks {
            println!(
                "{:<5} {:<26} {}",
                word(check.verdict),
                check.name,
                check.detail
            );
        }
        println!(
            "{}",
            if report.ok() {
                "the document holds"
            } else {
                "the document FAILS"
            }
        );
    }
    Ok(if report.ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "ok",
        Verdict::Warn => "warn",
        Verdict::Fail => "FAIL",
        Verdict::NotApplicable => "-",
    }
}
