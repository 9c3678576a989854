//! The strict profile, and what can be known beforehand.

use std::collections::BTreeSet;

use serde_json::Value;

use super::documents::{Bench, collection, fault, shortened};
use super::report::{Case, Column};
use super::support::http::{self, Answer};
use super::vectors::{Fault, Level, Origin, StrictFinding, Vector};

/// What the strict profile must do.
enum Strict<'v> {
    Accept,
    /// With this error, where one is given.
    Refuse(Option<&'v Fault>),
}

impl Bench<'_> {
    /// What the strict profile says about a body.
    pub(super) fn strict(&self, vector: &Vector, body: &str) {
        let Some(wanted) = wanted(vector) else { return };
        let mut case = self.report.case(&format!("{}/strict", vector.id));
        let answer = self.send(vector, body, &[("x-tagua-profile", "strict")]);
        let status = match wanted {
            Strict::Accept => 200,
            Strict::Refuse(_) => 400,
        };
        let as_expected = case.check("status", answer.status == status, || {
            format!("{}: {}", answer.status, shortened(&answer))
        });
        if let Strict::Refuse(Some(error)) = wanted
            && as_expected
        {
            let found = fault(&answer.json());
            // A violation of the schema names an element, which is no parameter.
            let anywhere = error.parameter.is_none();
            let named = anywhere || found.parameter == error.parameter;
            let holds = found.code == error.code && named;
            case.check("error", holds, || shortened(&answer));
        }
        let right = case.is_right();
        self.report
            .count(&collection(vector), Column::Strict, right);
    }

    /// The findings about a body, without storing it. XML and bodies that are
    /// no document are for the other addresses.
    pub(super) fn validate(&self, vector: &Vector, body: &str) -> Option<Value> {
        if vector.is_xml() || vector.raw {
            return None;
        }
        let path = format!("/{}/validate", collection(vector));
        let headers = [("x-key", &*self.server.key)];
        let answer = http::call(
            self.server.address,
            "POST",
            &path,
            &headers,
            body.as_bytes(),
        );
        let answer = answer.unwrap();
        let mut case = self.report.case(&format!("{}/validate", vector.id));
        let answered = case.check("status", answer.status == 200, || shortened(&answer));
        answered.then(|| answer.json())
    }

    /// The findings must say what the issue then does.
    pub(super) fn compare_report(&self, vector: &Vector, report: Option<&Value>, issue: &Answer) {
        let Some(report) = report else { return };
        let mut case = self.report.case(&format!("{}/validate", vector.id));
        let acceptable = issue.status == 200;
        case.check("aceptable", report["aceptable"] == acceptable, || {
            report.to_string()
        });
        let issue = issue.json();
        if acceptable {
            let valid = &report["es_valida"];
            case.check("es_valida", *valid == issue["es_valida"], || {
                valid.to_string()
            });
            // The code behind is made of a secret that a new issuer has not yet.
            let key = |value: &Value| value["clave_acceso"].as_str()?.get(..39).map(str::to_owned);
            let holds = key(report).is_some() && key(report) == key(&issue);
            case.check("clave_acceso", holds, || report["clave_acceso"].to_string());
        } else {
            let (said, refused) = (findings(&report["hallazgos"]), findings(&issue["errors"]));
            case.check("hallazgos", said == refused, || {
                report["hallazgos"].to_string()
            });
        }
        warnings(&mut case, vector, report);
        let right = case.is_right();
        self.report
            .count(&collection(vector), Column::Foretold, right);
    }
}

/// What the index says about the strict profile; nothing about printed
/// documents that are right otherwise.
fn wanted(vector: &Vector) -> Option<Strict<'_>> {
    let expected = vector.expected.as_ref()?;
    if let Some(strict) = &vector.expected_strict {
        assert_eq!(strict.http_status, 400);
        return Some(Strict::Refuse(Some(&strict.error)));
    }
    if let Some(error) = &expected.error {
        return Some(Strict::Refuse(Some(error)));
    }
    match (expected.es_valida, vector.origin) {
        (Some(true), Origin::Own) => Some(Strict::Accept),
        (Some(false), Origin::Documented) => Some(Strict::Refuse(None)),
        _ => None,
    }
}

/// Everything that the strict profile only warns about.
fn warnings(case: &mut Case<'_>, vector: &Vector, report: &Value) {
    let said = report["hallazgos"].as_array().into_iter().flatten();
    let warned: Vec<_> = said
        .filter(|finding| finding["gravedad"] == "advertencia")
        .map(|finding| finding["parameter"].as_str().unwrap_or_default())
        .collect();
    for finding in vector.strict_findings.iter().flatten() {
        if let StrictFinding::Named { parameter, level } = finding
            && *level == Level::Warn
        {
            let holds = warned.contains(&&**parameter);
            case.check("advertencias", holds, || report["hallazgos"].to_string());
        }
    }
}

fn findings(list: &Value) -> BTreeSet<Fault> {
    list.as_array().into_iter().flatten().map(fault).collect()
}
