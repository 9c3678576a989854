//! The XAdES properties that tie the signature to its certificate and time.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::keys::cert_digest;
use crate::certificate::Certificate;
use crate::name::{NameMatch, compare_issuer_name};
use crate::report::Recorder;
use crate::rules::Rule;
use crate::signature::Signature;
use crate::xml::{DS, path_in, text_of};

pub(super) fn check(
    signature: &Signature<'_, '_>,
    certificate: Option<&Certificate>,
    recorder: &mut Recorder,
) {
    check_target(signature, recorder);
    let time = check_presence(signature, recorder);
    let Some(certificate) = certificate else {
        for rule in [
            Rule::SigningCertificateDigest,
            Rule::IssuerName,
            Rule::SerialNumber,
            Rule::SigningTime,
        ] {
            recorder.skip(rule, "there is no readable certificate");
        }
        return;
    };
    check_digest(signature, certificate, recorder);
    check_issuer(signature, certificate, recorder);
    check_serial(signature, certificate, recorder);
    check_time(time, certificate, recorder);
}

fn check_target(signature: &Signature<'_, '_>, recorder: &mut Recorder) {
    let rule = Rule::QualifyingProperties;
    let target = signature
        .qualifying
        .and_then(|node| node.attribute("Target"));
    let id = signature.node.attribute("Id").unwrap_or_default();
    match target {
        _ if signature.qualifying.is_none() => {
            recorder.fail(rule, "there is no etsi:QualifyingProperties");
        }
        Some(target) if !id.is_empty() && target.strip_prefix('#') == Some(id) => {
            recorder.pass(rule, target);
        }
        Some(target) => recorder.fail(
            rule,
            format!("Target is \"{target}\", the id of the signature \"{id}\""),
        ),
        None => recorder.fail(rule, "it has no Target"),
    }
}

/// Notes the signing time as written.
fn check_presence(signature: &Signature<'_, '_>, recorder: &mut Recorder) -> Option<String> {
    let node = signature.signed_property(&["SigningTime"])?;
    let text = text_of(node).trim().to_owned();
    recorder.summary.signing_time = Some(text.clone());
    Some(text)
}

fn check_digest(signature: &Signature<'_, '_>, certificate: &Certificate, recorder: &mut Recorder) {
    let rule = Rule::SigningCertificateDigest;
    match cert_digest(signature) {
        Some((method, digest)) if method.digest(certificate.der()) == digest => {
            recorder.pass(rule, method.name());
        }
        Some((method, _)) => recorder.fail(
            rule,
            format!("the {} is of another certificate", method.name()),
        ),
        None => recorder.fail(rule, "SigningCertificate has no digest that can be read"),
    }
}

fn issuer_serial(signature: &Signature<'_, '_>, name: &'static str) -> Option<String> {
    let node = signature.signed_property(&["SigningCertificate", "Cert", "IssuerSerial"])?;
    Some(text_of(path_in(node, DS, &[name])?))
}

fn check_issuer(signature: &Signature<'_, '_>, certificate: &Certificate, recorder: &mut Recorder) {
    let rule = Rule::IssuerName;
    let Some(text) = issuer_serial(signature, "X509IssuerName") else {
        return recorder.fail(rule, "there is no X509IssuerName");
    };
    let expected = certificate.issuer();
    match compare_issuer_name(&text, certificate) {
        NameMatch::Exact => recorder.pass(rule, text),
        NameMatch::Equivalent => recorder.warn(
            rule,
            format!("the same name, but Java prints it as {expected}; found {text}"),
        ),
        NameMatch::Different => {
            recorder.fail(rule, format!("expected {expected}; found {text}"));
        }
        NameMatch::Unreadable(problem) => {
            recorder.fail(
                rule,
                format!("{problem}; expected {expected}; found {text}"),
            );
        }
    }
}

/// Compares digits as written: serial numbers do not fit in machine integers.
fn check_serial(signature: &Signature<'_, '_>, certificate: &Certificate, recorder: &mut Recorder) {
    let rule = Rule::SerialNumber;
    let Some(text) = issuer_serial(signature, "X509SerialNumber") else {
        return recorder.fail(rule, "there is no X509SerialNumber");
    };
    let digits = text.trim().trim_start_matches('0');
    let expected = certificate.serial();
    if digits == expected.trim_start_matches('0') {
        recorder.pass(rule, expected);
    } else {
        recorder.fail(rule, format!("expected {expected}, found {}", text.trim()));
    }
}

fn check_time(text: Option<String>, certificate: &Certificate, recorder: &mut Recorder) {
    let rule = Rule::SigningTime;
    let Some(text) = text else {
        return recorder.fail(rule, "there is no SigningTime");
    };
    let with_offset = text.parse::<Timestamp>().ok();
    let Some(time) = with_offset.or_else(|| ecuadorian(&text)) else {
        return recorder.fail(rule, format!("\"{text}\" is not a date and time"));
    };
    if !certificate.is_valid_at(time.as_second()) {
        let limit = |seconds| {
            Timestamp::from_second(seconds).map_or_else(|_| "?".into(), |t| t.to_string())
        };
        let from = limit(certificate.not_before());
        let to = limit(certificate.not_after());
        recorder.fail(
            rule,
            format!("{text} is outside the validity of the certificate, {from} to {to}"),
        );
    } else if with_offset.is_none() {
        recorder.warn(rule, format!("{text} has no offset, read as -05:00"));
    } else {
        recorder.pass(rule, text);
    }
}

fn ecuadorian(text: &str) -> Option<Timestamp> {
    let local = text.parse::<DateTime>().ok()?;
    Offset::constant(-5).to_timestamp(local).ok()
}
