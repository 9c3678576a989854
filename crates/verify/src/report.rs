//! What a verification answers.

use serde::Serialize;

use crate::certificate::Certificate;
use crate::rules::Rule;

/// Outcome of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Accepted, yet not as it should be.
    Warn,
    /// Wrong.
    Fail,
    /// There is nothing to look at.
    NotApplicable,
}

/// One check and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// [`Rule::name`], stable snake_case.
    pub name: &'static str,
    /// The outcome.
    pub verdict: Verdict,
    /// What was found, for a person: at most 2,000 characters, none of them a
    /// control character.
    pub detail: String,
}

/// What SRI's envelope says about the document, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EnvelopeFacts {
    /// `estado`.
    pub status: Option<String>,
    /// `numeroAutorizacion`.
    pub authorization_number: Option<String>,
    /// `fechaAutorizacion`: ISO 8601 or `dd/mm/aaaa hh:mm:ss`.
    pub authorization_date: Option<String>,
    /// `ambiente`: PRUEBAS or PRODUCCIÓN, with or without accent.
    pub environment: Option<String>,
}

/// Facts about the document, whatever the verdicts. The texts are foreign and as
/// found: escape them before showing them on a terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Name of the root element.
    pub root: Option<String>,
    /// `version` of the root element.
    pub version: Option<String>,
    /// `claveAcceso`, as written.
    pub access_key: Option<String>,
    /// `ruc` of the issuer, as written.
    pub ruc: Option<String>,
    /// Subject of the certificate in the form of RFC 2253.
    pub signer: Option<String>,
    /// Issuer of the certificate in the form of RFC 2253.
    pub signer_issuer: Option<String>,
    /// Serial number of the certificate, decimal.
    pub signer_serial: Option<String>,
    /// RUC found in the certificate.
    pub signer_ruc: Option<String>,
    /// Signature method: `rsa-sha1`, `rsa-sha256`, `rsa-sha512`, or the identifier.
    pub algorithm: Option<String>,
    /// `SigningTime`, as written.
    pub signing_time: Option<String>,
    /// The envelope around the document, if there is one.
    pub envelope: Option<EnvelopeFacts>,
}

/// The answer of [`verify_document`](crate::verify_document).
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// One check for each [`Rule`], in the order of [`Rule::ALL`].
    pub checks: Vec<Check>,
    /// Facts about the document.
    pub summary: Summary,
    /// The certificate of the signature, to be chained by who knows the issuers.
    #[serde(skip)]
    pub certificate: Option<Certificate>,
}

impl Report {
    /// Whether no check failed.
    pub fn ok(&self) -> bool {
        self.failed().next().is_none()
    }

    /// The checks that failed.
    pub fn failed(&self) -> impl Iterator<Item = &Check> {
        self.checks
            .iter()
            .filter(|check| check.verdict == Verdict::Fail)
    }

    /// The check of a rule.
    pub fn check(&self, rule: Rule) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == rule.name())
    }
}

/// Collects verdicts while the checks run.
#[derive(Default)]
pub(crate) struct Recorder {
    entries: Vec<(Rule, Verdict, String)>,
    pub(crate) summary: Summary,
    pub(crate) certificate: Option<Certificate>,
}

impl Recorder {
    pub(crate) fn record(&mut self, rule: Rule, verdict: Verdict, detail: impl Into<String>) {
        self.entries
            .push((rule, verdict, printable(&detail.into())));
    }

    pub(crate) fn pass(&mut self, rule: Rule, detail: impl Into<String>) {
        self.record(rule, Verdict::Pass, detail);
    }

    pub(crate) fn warn(&mut self, rule: Rule, detail: impl Into<String>) {
        self.record(rule, Verdict::Warn, detail);
    }

    pub(crate) fn fail(&mut self, rule: Rule, detail: impl Into<String>) {
        self.record(rule, Verdict::Fail, detail);
    }

    pub(crate) fn skip(&mut self, rule: Rule, reason: impl Into<String>) {
        self.record(rule, Verdict::NotApplicable, reason);
    }

    /// Pass when the list of complaints is empty, Fail with all of them otherwise.
    pub(crate) fn judge(&mut self, rule: Rule, complaints: &[String], praise: impl Into<String>) {
        if complaints.is_empty() {
            self.pass(rule, praise);
        } else {
            self.fail(rule, complaints.join("; "));
        }
    }

    /// The report: rules nobody could look at are not applicable for this reason.
    pub(crate) fn finish(self, reason: &str) -> Report {
        let checks = Rule::ALL
            .iter()
            .map(|rule| {
                let found = self.entries.iter().find(|(entry, ..)| entry == rule);
                let (verdict, detail) = found.map_or_else(
                    || (Verdict::NotApplicable, reason.to_owned()),
                    |(_, verdict, detail)| (*verdict, detail.clone()),
                );
                Check {
                    name: rule.name(),
                    verdict,
                    detail,
                }
            })
            .collect();
        Report {
            checks,
            summary: self.summary,
            certificate: self.certificate,
        }
    }
}

/// At most this many characters of a detail are kept.
const DETAIL_MAX: usize = 2_000;

/// Details quote foreign text; certificates can hold control characters that a
/// terminal would obey.
fn printable(text: &str) -> String {
    text.chars()
        .take(DETAIL_MAX)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}
