//! `tagua sign`.

use std::fs;
use std::io::Write;
use std::process::ExitCode;

use tagua_pipeline::{Clock, Random};
use tagua_xades::{SignatureIds, SigningKey, Unsigned};

use crate::args::SignOptions;
use crate::failure::{Failure, While};
use crate::p12;
use crate::world::{SystemClock, SystemRandom};

pub(crate) fn run(options: SignOptions) -> Result<ExitCode, Failure> {
    let name = options.file.display();
    let document = fs::read(&options.file).during(&format!("{name} could not be read"))?;
    let root = tagua_sri_xml::read(&document)
        .map_err(|error| Failure::caused(format!("{name} cannot be signed"), &error))?;
    warn_about_structure(&document, &root);
    let canonical = tagua_sri_xml::write(&root);
    let unsigned = Unsigned::new(&canonical)
        .during(&format!("{name} cannot be signed"))
        .map_err(|failure| failure.hint("the root needs id=\"comprobante\""))?;
    let key = signing_key(&options)?;
    let at = jiff::Timestamp::from_millisecond(SystemClock.now().0).unwrap_or_default();
    let ecuador = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(-5)));
    let time = ecuador.strftime("%Y-%m-%dT%H:%M:%S-05:00").to_string();
    let mut random = [0; 32];
    SystemRandom.fill(&mut random);
    let ids = SignatureIds::from_random(random);
    let signed = tagua_xades::sign(&unsigned, &key, options.hash.into(), &time, ids)
        .during(&format!("{name} was not signed"))?;
    match &options.out {
        Some(out) => {
            fs::write(out, signed).during(&format!("{} was not written", out.display()))?
        }
        None => std::io::stdout()
            .write_all(&signed)
            .during("the output broke off")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What SRI would refuse with code 35 is told now; it is signed all the same.
fn warn_about_structure(document: &[u8], root: &tagua_sri_xml::Element) {
    if root.name != "factura" {
        return;
    }
    if let Err(findings) = tagua_sri_xml::read_invoice(document) {
        for finding in findings {
            eprintln!("warning: {}: {}", finding.path, finding.message_es);
        }
    }
}

fn signing_key(options: &SignOptions) -> Result<SigningKey, Failure> {
    let (_, choice) = p12::open(&options.p12, options.password_file.as_deref(), None)?;
    p12::warn(&choice);
    SigningKey::new(&choice.pkcs8, &choice.certificate_der)
        .during(&format!("the key in {} cannot sign", options.p12.display()))
}
