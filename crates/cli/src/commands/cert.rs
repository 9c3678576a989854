//! `tagua cert`.

use std::process::ExitCode;

use serde_json::{Value, json};
use tagua_fiscal::Ruc;
use tagua_pipeline::Clock;
use tagua_pkcs12::{Candidate, CertificateFacts, Choice};
use tagua_store::{NewCertificate, UnixMillis, hex, sha256};

use crate::args::{CertCommand, CertOptions};
use crate::failure::{Failure, While};
use crate::install::Registry;
use crate::node::block_on;
use crate::p12;
use crate::world::SystemClock;

pub(crate) fn run(options: CertOptions) -> Result<ExitCode, Failure> {
    match options.command {
        CertCommand::Inspect {
            file,
            password_file,
            json,
        } => {
            let (_, choice) = p12::open(&file, password_file.as_deref(), None)?;
            print_choice(&choice, json);
        }
        CertCommand::Add {
            place,
            p12,
            password_file,
            ruc,
            json,
        } => {
            let (bytes, choice) = p12::open(&p12, password_file.as_deref(), ruc.as_deref())?;
            let ruc = issuer_ruc(&choice, ruc.as_deref())?;
            let add = async |registry: &Registry| add(registry, bytes, &choice, ruc).await;
            block_on(Registry::with(&place, add))?;
            print_added(&choice, ruc, json);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The RUC that was given, else the one in the certificate.
fn issuer_ruc(choice: &Choice, given: Option<&str>) -> Result<Ruc, Failure> {
    let found = choice.facts.ruc.as_ref().map(|found| found.value.as_str());
    let ruc = given.or(found).ok_or_else(|| {
        Failure::new("the certificate names no RUC").hint("give the issuer's with --ruc")
    })?;
    ruc.parse().during("the RUC is not one")
}

async fn add(registry: &Registry, p12: Vec<u8>, choice: &Choice, ruc: Ruc) -> Result<(), Failure> {
    let issuer = registry.register(ruc).await?;
    let certificate = NewCertificate {
        issuer: issuer.id,
        sha256: sha256(&p12),
        p12,
        sandbox: false,
        not_after: Some(UnixMillis(choice.facts.not_after.saturating_mul(1000))),
        at: SystemClock.now(),
    };
    registry
        .store
        .add_certificate(registry.account.id, certificate)
        .await
        .during("the certificate was not stored")
        .map(drop)
}

fn print_added(choice: &Choice, ruc: Ruc, as_json: bool) {
    if as_json {
        let added = json!({ "ruc": ruc.as_str(), "certificate": facts(&choice.facts) });
        println!("{added}");
    } else {
        println!("ruc         {ruc}");
        print_facts(&choice.facts);
    }
    p12::warn(choice);
}

fn print_choice(choice: &Choice, as_json: bool) {
    if as_json {
        let candidates: Vec<_> = choice.candidates.iter().map(candidate).collect();
        let warnings: Vec<_> = choice
            .warnings
            .iter()
            .map(|warning| json!({ "code": warning.code(), "message": warning.message_es() }))
            .collect();
        println!(
            "{}",
            json!({ "chosen": facts(&choice.facts), "candidates": candidates, "warnings": warnings })
        );
        return;
    }
    print_facts(&choice.facts);
    println!();
    for candidate in &choice.candidates {
        println!(
            "{}: {}",
            candidate.friendly_name.as_deref().unwrap_or("(no name)"),
            candidate.explanation
        );
    }
    p12::warn(choice);
}

fn print_facts(facts: &CertificateFacts) {
    println!("subject     {}", facts.subject);
    println!("issuer      {}", facts.issuer_rfc2253);
    println!("serial      {}", facts.serial_decimal);
    println!(
        "valid       {} to {}",
        day(facts.not_before),
        day(facts.not_after)
    );
    println!("key         {}", facts.key_algorithm);
    if let Some(found) = &facts.ruc {
        println!("ruc found   {} ({:?})", found.value, found.source);
    }
}

fn facts(facts: &CertificateFacts) -> Value {
    json!({
        "subject": facts.subject,
        "issuer": facts.issuer_rfc2253,
        "serial": facts.serial_decimal,
        "not_before": day(facts.not_before),
        "not_after": day(facts.not_after),
        "key": facts.key_algorithm,
        "key_bits": facts.rsa.as_ref().map(tagua_pkcs12::RsaPublicKey::bits),
        "key_usage": facts.key_usage.map(|usage| usage.names().collect::<Vec<_>>()),
        "ruc": facts.ruc.as_ref().map(|found| found.value.clone()),
        "sha256": hex(&facts.sha256),
    })
}

fn candidate(candidate: &Candidate) -> Value {
    json!({
        "friendly_name": candidate.friendly_name,
        "verdict": format!("{:?}", candidate.verdict),
        "explanation": candidate.explanation,
        "certificate": candidate.facts.as_ref().map(facts),
    })
}

/// UTC, to the second.
fn day(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |at| at.to_string())
}
