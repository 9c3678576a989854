//! What is no document: printed answers, notifications, catalogs, mail,
//! subscriptions, and Dátil's later API.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::documents::Bench;
use super::fresh;
use super::report::{Case, Column};
use super::support::http::{self, Answer};
use super::vectors::{Kind, Origin, Vector};

/// A number that no document of the vectors gets.
const NUMBER: u32 = 300_000_000;

impl Bench<'_> {
    /// Runs every vector that is no request for a collection.
    pub(crate) fn run_others(&self) {
        for vector in &self.vectors.all {
            let mut case = self.report.case(&vector.id);
            let row = match (vector.kind, vector.document_type.as_str()) {
                (Kind::Request, "next") => {
                    self.next(&mut case, vector);
                    "requests of the later API: 404 in our form"
                }
                (Kind::Request, "edoc") => {
                    self.mail(&mut case, vector);
                    "mail"
                }
                (Kind::Request, "webhook") => {
                    let answer = self.post(&vector.operation.as_ref().unwrap().path, vector);
                    self.status(&mut case, vector, &answer);
                    "subscriptions"
                }
                (Kind::Response, "next") => {
                    let read = serde_json::from_slice::<Value>(&self.vectors.bytes(&vector.file));
                    case.check("json", read.is_ok(), || vector.file.clone());
                    "printed answers of the later API: readable"
                }
                (Kind::Response, _) if is_catalog(vector) => {
                    self.catalog(&mut case, vector);
                    "printed catalogs: every row in ours"
                }
                (Kind::Response, _) => {
                    case.none("shape", self.printed(&printed_shape(vector), vector));
                    "printed answers: have the shape of ours"
                }
                (Kind::Webhook, _) => {
                    let shape = format!("shape-webhook-{}", vector.event.as_ref().unwrap());
                    case.none("shape", self.printed(&shape, vector));
                    "printed notifications: have the shape of ours"
                }
                (Kind::Catalog, _) => {
                    self.code_tables(&mut case, vector);
                    "code tables: every row in ours"
                }
                (Kind::Schema, _) if is_catalog(vector) => {
                    self.catalog(&mut case, vector);
                    "shapes of catalogs: every row in ours"
                }
                // Counted when all answers are in.
                (Kind::Schema, _) => continue,
                (Kind::Request | Kind::Xml | Kind::Scenarios, _) => continue,
            };
            self.report.count(row, Column::Other, case.is_right());
        }
    }

    fn status(&self, case: &mut Case<'_>, vector: &Vector, answer: &Answer) -> bool {
        let expected = &vector.expected.as_ref().unwrap().http_status;
        case.check("status", expected.contains(answer.status), || {
            answer.status.to_string()
        })
    }

    fn post(&self, path: &str, vector: &Vector) -> Answer {
        let headers = [
            ("x-key", &*self.server.key),
            ("x-password", &*self.server.password),
        ];
        let body = self.vectors.bytes(&vector.file);
        http::call(self.server.address, "POST", path, &headers, &body).unwrap()
    }

    fn next(&self, case: &mut Case<'_>, vector: &Vector) {
        let operation = vector.operation.as_ref().unwrap();
        let answer = self.post(&operation.path, vector);
        case.check("status", answer.status == 404, || answer.status.to_string());
        case.none(
            "shape",
            self.shapes.complaint("shape-error", &answer.json()),
        );
    }

    fn mail(&self, case: &mut Case<'_>, vector: &Vector) {
        let invoice = self.vectors.text(&self.vectors.plain("invoice").file);
        let invoice: Value = serde_json::from_str(&fresh::body(&invoice, NUMBER)).unwrap();
        let issued = self.server.issue(&invoice);
        let id = issued["id"].as_str().unwrap();
        self.server.settled(id, "AUTORIZADO");
        let path = vector.operation.as_ref().unwrap().path.replace("{id}", id);
        let answer = self.post(&path, vector);
        if self.status(case, vector, &answer) {
            case.none(
                "shape",
                self.shapes.complaint("shape-send-email", &answer.json()),
            );
        }
    }

    /// What is printed, against the schema; no answer of ours. Printed ids are
    /// shortened, or have a letter that no hexadecimal number has.
    fn printed(&self, shape: &str, vector: &Vector) -> Option<String> {
        let mut value: Value = serde_json::from_slice(&self.vectors.bytes(&vector.file)).unwrap();
        if let Some(id) = value.get_mut("id").filter(|id| id.is_string()) {
            *id = "0".repeat(32).into();
        }
        self.shapes.complaint_of_printed(shape, &value)
    }

    fn catalog(&self, case: &mut Case<'_>, vector: &Vector) {
        let path = &vector.operation.as_ref().unwrap().path;
        let ours = self.rows(path);
        let printed: Value = serde_json::from_slice(&self.vectors.bytes(&vector.file)).unwrap();
        // Names of rows that Dátil does not print are anybody's choice.
        let known = |row: &&Value| match vector.origin {
            Origin::Documented => ours.contains(row),
            Origin::Own => ours.iter().any(|own| same_but_name(own, row)),
        };
        let rows = printed["results"].as_array().unwrap();
        let absent: Vec<_> = rows.iter().filter(|row| !known(row)).collect();
        case.check("rows", absent.is_empty(), || {
            format!("{path}: {}", json!(absent))
        });
    }

    fn rows(&self, path: &str) -> Vec<Value> {
        let answer = self.server.get(path).json();
        let rows = answer["results"].as_array().cloned().unwrap_or_default();
        let counted = answer["count"] == rows.len();
        if counted { rows } else { Vec::new() }
    }

    /// The tables behind the four catalogs.
    fn code_tables(&self, case: &mut Case<'_>, vector: &Vector) {
        let tables: Value = serde_json::from_slice(&self.vectors.bytes(&vector.file)).unwrap();
        let catalogs = [
            ("tipos_identificacion", "/catalog/id-types", "codigo", None),
            ("tipos_documento", "/catalog/document-types", "codigo", None),
            (
                "iva",
                "/catalog/sales-tax-rates/2",
                "codigo_porcentaje",
                Some("tarifa"),
            ),
            (
                "retencion_iva",
                "/catalog/withholdings-tax-rates/2",
                "codigo",
                Some("porcentaje"),
            ),
        ];
        for (table, path, code, rate) in catalogs {
            let ours: BTreeMap<_, _> = self
                .rows(path)
                .into_iter()
                .map(|row| (row[code].to_string(), rate.map(|rate| row[rate].clone())))
                .collect();
            for row in tables[table].as_array().unwrap() {
                let found = ours.get(&row["codigo"].to_string());
                let holds = found == Some(&rate.map(|rate| row[rate].clone()));
                case.check("rows", holds, || format!("{path}: {row} is {found:?}"));
            }
        }
    }
}

fn same_but_name(one: &Value, other: &Value) -> bool {
    let codes = |row: &Value| {
        let mut row = row.clone();
        row["nombre"] = Value::Null;
        row
    };
    codes(one) == codes(other)
}

fn is_catalog(vector: &Vector) -> bool {
    let operation = vector.operation.as_ref();
    operation.is_some_and(|operation| operation.path.starts_with("/catalog/"))
}

fn printed_shape(vector: &Vector) -> String {
    let operation = vector.operation.as_ref();
    let method = operation.map_or("", |operation| &operation.method);
    match (vector.document_type.as_str(), method) {
        ("any", _) => "shape-error".to_owned(),
        (kind, "GET") => format!("shape-{kind}-query"),
        (kind, _) => format!("shape-{kind}-issue"),
    }
}
