//! The checks after reception: signature, certificate, receiver, sums.

use roxmltree::Document;
use tagua_verify::{Certificate, Check, Report, Rule};

use crate::config::{Environment, Profile};
use crate::examine::Examined;
use crate::ledger::DecisionState;
use crate::message::Message;
use crate::trust::Trust;

/// A signing time may be ahead of the authority's clock by this much. A stamp 10
/// seconds ahead has been accepted; clocks of ten minutes' difference are not.
const CLOCK_TOLERANCE_SECONDS: i64 = 300;

/// State and messages of an authorization.
pub(crate) struct Verdict {
    pub(crate) state: DecisionState,
    pub(crate) messages: Vec<Message>,
}

/// Decides about a document that was received. `warnings` are those of reception.
pub(crate) fn decide(
    tree: &Document<'_>,
    document: &Examined,
    warnings: Vec<Message>,
    conditions: &Conditions<'_>,
) -> Verdict {
    if let Some(message) = check_signature(tree, document, conditions) {
        return refused(vec![message]);
    }
    let mut messages = warnings;
    for complaints in [&document.receiver, &document.differences] {
        match conditions.profile {
            Profile::Estricto if !complaints.is_empty() => return refused(complaints.clone()),
            _ => messages.extend(complaints.iter().cloned().map(Message::forgiven)),
        }
    }
    authorized(messages, conditions.environment)
}

/// Authorized with these warnings.
pub(crate) fn authorized(mut messages: Vec<Message>, environment: Environment) -> Verdict {
    if environment == Environment::Pruebas {
        messages.insert(0, Message::test_environment());
    }
    Verdict {
        state: DecisionState::Authorized,
        messages,
    }
}

/// What a decision depends on beside the document.
pub(crate) struct Conditions<'a> {
    pub(crate) profile: Profile,
    pub(crate) environment: Environment,
    pub(crate) trust: &'a Trust,
    pub(crate) now_unix_millis: i64,
}

pub(crate) fn refused(messages: Vec<Message>) -> Verdict {
    Verdict {
        state: DecisionState::NotAuthorized,
        messages,
    }
}

/// The first complaint of the fourth group.
fn check_signature(
    tree: &Document<'_>,
    document: &Examined,
    conditions: &Conditions<'_>,
) -> Option<Message> {
    let report = tagua_verify::verify_tree(tree);
    if let Some(failed) = first_failed(&report) {
        return Some(complaint(failed));
    }
    let Some(certificate) = &report.certificate else {
        return Some(Message::error(40, None));
    };
    check_certificate(&report, certificate, document, conditions)
}

/// The rules about the signature itself. Header and access key have their own
/// codes and have been looked at; the holder is compared below.
fn first_failed(report: &Report) -> Option<&Check> {
    let own = [
        Rule::AccessKey,
        Rule::AccessKeyFields,
        Rule::CertificateRuc,
        Rule::RootElement,
        Rule::RootId,
        Rule::DocumentVersion,
        Rule::InfoTributaria,
    ];
    let is_own = |check: &Check| own.iter().any(|rule| rule.name() == check.name);
    report.failed().find(|check| !is_own(check))
}

fn complaint(failed: &Check) -> Message {
    let is = |rule: Rule| rule.name() == failed.name;
    if is(Rule::Certificate) {
        return Message::error(40, failed.detail.clone());
    }
    let reason = if is(Rule::SigningTime) {
        OUTSIDE_VALIDITY
    } else if is(Rule::KeyUsage) {
        "El certificado utilizado no es del tipo firma digital"
    } else if is(Rule::IssuerName) || is(Rule::SerialNumber) || is(Rule::SigningCertificateDigest) {
        "La información sobre el certificado de firma no se ajusta a XAdES"
    } else if [
        Rule::SignatureValue,
        Rule::DocumentDigest,
        Rule::SignedPropertiesDigest,
        Rule::KeyInfoDigest,
        Rule::OtherReferences,
        Rule::KeyValue,
    ]
    .into_iter()
    .any(is)
    {
        "firma y/o certificados alterados"
    } else {
        "Error en la estructura de la firma"
    };
    invalid(&format!("{reason} ({}: {})", failed.name, failed.detail))
}

const OUTSIDE_VALIDITY: &str =
    "La fecha de firma no esta dentro del periodo de validez del certificado firmante";

fn invalid(reason: &str) -> Message {
    Message::error(39, format!("La firma es invalida [{reason}]"))
}

fn check_certificate(
    report: &Report,
    certificate: &Certificate,
    document: &Examined,
    conditions: &Conditions<'_>,
) -> Option<Message> {
    let holder = certificate.ruc().unwrap_or_default();
    if holder != document.ruc {
        return Some(invalid(&format!(
            "La firma es invalida RucComprobante:{} RucCertificado:{holder}",
            document.ruc
        )));
    }
    let written = report.summary.signing_time.as_deref().unwrap_or_default();
    let Ok(signed) = written.trim().parse::<jiff::Timestamp>() else {
        return Some(invalid("Error en la estructura de la firma (SigningTime)"));
    };
    let now = conditions.now_unix_millis.div_euclid(1000);
    if signed.as_second() > now.saturating_add(CLOCK_TOLERANCE_SECONDS) {
        return Some(invalid("La fecha de firma es posterior a la del servidor"));
    }
    if !certificate.is_valid_at(signed.as_second()) {
        return Some(invalid(OUTSIDE_VALIDITY));
    }
    if !conditions.trust.covers(certificate, signed.as_second()) {
        return Some(invalid("no existe certificado root registrado"));
    }
    None
}
