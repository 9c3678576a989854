//! The envelope around the document and what it says about it.

use roxmltree::Document;

use crate::envelope::{self, environment_digit, is_authorized};
use crate::report::{EnvelopeFacts, Recorder};
use crate::rules::Rule;
use crate::xml::{child_named, child_text};

/// What the file holds.
pub(super) enum Content {
    /// No envelope.
    Bare,
    /// The text of the document in the envelope.
    Document(String),
    /// An envelope without a document.
    Nothing,
}

pub(super) fn check(tree: &Document<'_>, recorder: &mut Recorder) -> Content {
    let Some(envelope) = envelope::open(tree) else {
        for rule in [Rule::Envelope, Rule::InnerWellFormed] {
            recorder.skip(rule, "the document is not in an envelope");
        }
        return Content::Bare;
    };
    let count = envelope.authorizations;
    let detail = describe(&envelope.facts);
    let authorized = envelope.facts.status.as_deref().is_some_and(is_authorized);
    recorder.summary.envelope = Some(envelope.facts);
    let Some(text) = envelope.document else {
        recorder.fail(
            Rule::Envelope,
            format!("no document inside ({count} autorizacion): {detail}"),
        );
        return Content::Nothing;
    };
    if !authorized {
        recorder.warn(Rule::Envelope, format!("not authorised: {detail}"));
    } else if count > 1 {
        recorder.warn(
            Rule::Envelope,
            format!("one of {count} autorizacion is verified: {detail}"),
        );
    } else {
        recorder.pass(Rule::Envelope, detail);
    }
    Content::Document(text)
}

fn describe(facts: &EnvelopeFacts) -> String {
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
    format!(
        "estado {}, numeroAutorizacion {}, fechaAutorizacion {}, ambiente {}",
        shown(&facts.status),
        shown(&facts.authorization_number),
        shown(&facts.authorization_date),
        shown(&facts.environment),
    )
}

/// Compares what the envelope says with the document in it.
pub(super) fn check_agreement(tree: &Document<'_>, recorder: &mut Recorder) {
    let Some(facts) = recorder.summary.envelope.clone() else {
        for rule in [Rule::AuthorizationNumber, Rule::EnvelopeEnvironment] {
            recorder.skip(rule, "the document is not in an envelope");
        }
        return;
    };
    let key = recorder.summary.access_key.clone().unwrap_or_default();
    check_number(&facts, &key, recorder);
    let environment = child_named(tree.root_element(), "infoTributaria")
        .and_then(|info| child_text(info, "ambiente"))
        .unwrap_or_default();
    check_environment(&facts, &environment, recorder);
}

fn check_number(facts: &EnvelopeFacts, key: &str, recorder: &mut Recorder) {
    let rule = Rule::AuthorizationNumber;
    let authorized = facts.status.as_deref().is_some_and(is_authorized);
    match &facts.authorization_number {
        Some(number) if number == key => recorder.pass(rule, "the access key"),
        // The scheme before 2015 gave authorised documents a number of their own.
        Some(number) if is_old_number(number) => {
            recorder.warn(
                rule,
                format!("{number} is a number of the scheme before 2015"),
            );
        }
        Some(number) => recorder.fail(rule, format!("{number} is not the access key {key}")),
        None if authorized => recorder.fail(rule, "there is none"),
        None => recorder.skip(rule, "there is none and the document is not authorised"),
    }
}

fn is_old_number(number: &str) -> bool {
    number.len() == 37 && number.bytes().all(|octet| octet.is_ascii_digit())
}

fn check_environment(facts: &EnvelopeFacts, environment: &str, recorder: &mut Recorder) {
    let rule = Rule::EnvelopeEnvironment;
    let Some(word) = &facts.environment else {
        return recorder.skip(rule, "the envelope has no ambiente");
    };
    match environment_digit(word) {
        Some(digit) if digit == environment => recorder.pass(rule, word.clone()),
        Some(_) => recorder.fail(
            rule,
            format!("{word} in the envelope, {environment} in the document"),
        ),
        None => recorder.warn(rule, format!("{word} is not a known ambiente")),
    }
}
