//! `tagua bench sign`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::json;
use tagua_fiscal::Document;
use tagua_fiscal::invoice::Invoice;
use tagua_pipeline::Random;
use tagua_rsa::RsaKey;
use tagua_wire as wire;
use tagua_xades::{SignatureHash, SignatureIds, SigningKey, Unsigned};

use super::{Speed, ratio, rsa};
use crate::args::BenchSignOptions;
use crate::failure::{Failure, While};
use crate::sample;
use crate::world::SystemRandom;

const TIME: &str = "2026-11-20T10:00:00-05:00";
/// Short enough for both sides to see the same machine.
const SLICE: Duration = Duration::from_millis(100);

struct Row {
    bytes: usize,
    hash: SignatureHash,
    signatures: Speed,
    rsa: Speed,
}

pub(crate) fn run(options: BenchSignOptions) -> Result<ExitCode, Failure> {
    let choice = rsa::choice()?;
    let raw = RsaKey::from_pkcs8(&choice.pkcs8).during("the key cannot sign")?;
    let key =
        SigningKey::new(&choice.pkcs8, &choice.certificate_der).during("the key cannot sign")?;
    let time = Duration::from_secs(options.seconds.max(1));
    let mut rows = Vec::new();
    for size in [3_000, 100_000] {
        let document = document(size)?;
        for hash in [SignatureHash::Sha1, SignatureHash::Sha256] {
            rows.push(measure(&raw, &key, &document, hash, time)?);
        }
    }
    print(&rows, options.json);
    Ok(ExitCode::SUCCESS)
}

/// The sample invoice with as many lines as make about `bytes`.
fn document(bytes: usize) -> Result<Vec<u8>, Failure> {
    let mut invoice = sample_invoice()?;
    let line = invoice.lines.first().cloned();
    let mut canonical = tagua_sri_xml::write_invoice(&invoice);
    while canonical.len() < bytes {
        invoice.lines.extend(line.clone());
        canonical = tagua_sri_xml::write_invoice(&invoice);
    }
    Ok(canonical)
}

fn sample_invoice() -> Result<Invoice, Failure> {
    let body = sample::invoice(1).to_string();
    let refused = || Failure::new("the sample invoice is refused");
    let value = wire::parse_body(body.as_bytes()).map_err(|_| refused())?;
    let context = wire::WireContext::at(jiff::Timestamp::UNIX_EPOCH);
    let collection = wire::Collection::Invoices;
    let request = wire::read_document(collection, &value, &context).map_err(|_| refused())?;
    let number = request.number().ok_or_else(refused)?;
    let key = request.key(number, 12_345_678);
    match request.into_document(number, key) {
        Document::Invoice(invoice) => Ok(*invoice),
        _ => Err(refused()),
    }
}

/// The two sides take turns, so that a change of the machine's speed meets both.
fn measure(
    raw: &RsaKey,
    key: &SigningKey,
    document: &[u8],
    hash: SignatureHash,
    time: Duration,
) -> Result<Row, Failure> {
    let mut row = Row {
        bytes: document.len(),
        hash,
        signatures: Speed::default(),
        rsa: Speed::default(),
    };
    let started = Instant::now();
    while started.elapsed() < time {
        let rsa = rsa::one_core(raw, SLICE)?;
        row.rsa.add(rsa.count, Duration::from_nanos(rsa.nanos));
        let (slice, mut count) = (Instant::now(), 0);
        while slice.elapsed() < SLICE {
            sign(key, document, hash)?;
            count += 1;
        }
        row.signatures.add(count, slice.elapsed());
    }
    Ok(row)
}

/// All that happens for one document: the check of its shape, the ids, the
/// signature and its own verification.
fn sign(key: &SigningKey, document: &[u8], hash: SignatureHash) -> Result<Vec<u8>, Failure> {
    let unsigned = Unsigned::new(document).during("the sample cannot be signed")?;
    let mut random = [0; 32];
    SystemRandom.fill(&mut random);
    tagua_xades::sign(
        &unsigned,
        key,
        hash,
        TIME,
        SignatureIds::from_random(random),
    )
    .during("the sample was not signed")
}

fn print(rows: &[Row], as_json: bool) {
    if as_json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({
                    "bytes": row.bytes,
                    "hash": format!("{:?}", row.hash).to_lowercase(),
                    "signatures_per_core_second": row.signatures.per_second(),
                    "rsa_2048_per_core_second": row.rsa.per_second(),
                    "ratio": ratio(row.signatures.permille_of(row.rsa)),
                })
            })
            .collect();
        println!("{}", json!({ "sign": rows }));
        return;
    }
    println!(
        "{:>8}  {:<7} {:>12} {:>12} {:>7}",
        "bytes", "hash", "signed/s", "RSA/s", "ratio"
    );
    for row in rows {
        println!(
            "{:>8}  {:<7} {:>12} {:>12} {:>7}",
            row.bytes,
            format!("{:?}", row.hash).to_lowercase(),
            row.signatures.per_second(),
            row.rsa.per_second(),
            ratio(row.signatures.permille_of(row.rsa)),
        );
    }
}
