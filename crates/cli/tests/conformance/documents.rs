//! Every request vector through HTTP, and every document to its end.

use serde_json::Value;

use super::echo::echo;
use super::fresh;
use super::json;
use super::judges::Signed;
use super::report::{Case, Column, Report};
use super::shape::Shapes;
use super::support::http::{self, Answer};
use super::support::wait_until;
use super::support::world::Server;
use super::tree::{self, Key};
use super::vectors::{Expected, Fault, Pipeline, Vector, Vectors};

/// Where the numbers of these documents start; no vector's own is near.
const FIRST_NUMBER: u32 = 100_000_000;

/// One running server and what is expected of it.
pub(crate) struct Bench<'b> {
    pub(crate) vectors: &'b Vectors,
    pub(crate) shapes: &'b Shapes,
    pub(crate) server: &'b Server,
    pub(crate) report: &'b Report,
}

/// A document that was accepted.
struct Accepted<'v> {
    vector: &'v Vector,
    /// As it was sent.
    body: String,
    sequential: u32,
    answer: Value,
}

impl<'b> Bench<'b> {
    /// Runs them all; gives what was signed and authorized.
    pub(crate) fn run(&self) -> Vec<Signed> {
        let requests = self.vectors.all.iter().filter(|vector| is_document(vector));
        let numbers = (FIRST_NUMBER..).step_by(2);
        let pairs: Vec<_> = requests.zip(numbers).collect();
        let accepted: Vec<_> = pairs
            .iter()
            .filter_map(|(vector, number)| self.request(vector, *number))
            .collect();
        for (vector, number) in &pairs {
            self.strict(
                vector,
                &fresh::body(&self.vectors.text(&vector.file), number + 1),
            );
        }
        accepted
            .iter()
            .filter_map(|document| self.end(document))
            .collect()
    }

    fn request(&self, vector: &'b Vector, number: u32) -> Option<Accepted<'b>> {
        let mut case = self.report.case(&vector.id);
        let body = fresh::body(&self.vectors.text(&vector.file), number);
        let report = self.validate(vector, &body);
        let answer = self.send(vector, &body, &[]);
        self.compare_report(vector, report.as_ref(), &answer);
        let expected = vector.expected.as_ref().unwrap();
        let row = collection(vector);
        let as_expected = case.check(
            "status",
            expected.http_status.contains(answer.status),
            || format!("{}: {}", answer.status, shortened(&answer)),
        );
        if !expected.http_status.contains(200) {
            if as_expected {
                self.refused(&mut case, vector, &body, &answer);
            }
            self.report.count(&row, Column::Refused, case.is_right());
            return None;
        }
        if as_expected {
            self.accepted(&mut case, vector, &body, number, &answer);
        }
        self.report.count(&row, Column::Accepted, case.is_right());
        as_expected.then(|| Accepted {
            vector,
            body,
            sequential: number,
            answer: answer.json(),
        })
    }

    pub(super) fn send(&self, vector: &Vector, body: &str, more: &[(&str, &str)]) -> Answer {
        let operation = vector.operation.as_ref().unwrap();
        let mut headers = vec![
            ("x-key", &*self.server.key),
            ("x-password", &*self.server.password),
        ];
        if let Some(kind) = &vector.content_type {
            headers.push(("content-type", kind));
        }
        headers.extend(more);
        let (method, path) = (&operation.method, &operation.path);
        http::call(self.server.address, method, path, &headers, body.as_bytes()).unwrap()
    }

    fn refused(&self, case: &mut Case<'_>, vector: &Vector, body: &str, answer: &Answer) {
        let value = answer.json();
        case.none("shape", self.shapes.complaint("shape-error", &value));
        let expected = vector.expected.as_ref().unwrap();
        let first = expected.error.as_ref().unwrap();
        case.check("error", fault(&value) == *first, || shortened(answer));
        let mut all: Vec<_> = value["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(fault)
            .collect();
        all.sort();
        let mut wanted = expected
            .all_findings
            .clone()
            .unwrap_or_else(|| vec![first.clone()]);
        wanted.sort();
        case.check("all_findings", all == wanted, || shortened(answer));
        // What was sent comes back, so that one sees what one complains about.
        let answer = String::from_utf8_lossy(&answer.body);
        if let (Some(sent), Some(answer)) = (json::read(body), json::read(&answer)) {
            let echo = answer.at("request").map(|echo| sent.difference(echo));
            let said = match echo {
                Some(difference) => difference,
                None => Some("no request in the answer".to_owned()),
            };
            case.none("echo", said);
        }
    }

    fn accepted(
        &self,
        case: &mut Case<'_>,
        vector: &Vector,
        body: &str,
        number: u32,
        answer: &Answer,
    ) {
        let value = answer.json();
        let shape = format!("shape-{}-issue", vector.document_type);
        case.none("shape", self.shapes.complaint(&shape, &value));
        case.none("echo", echo(vector, body, answer));
        self.read_back(case, vector, answer);
        let expected = self.expected(vector);
        if let Some(valid) = expected.es_valida {
            case.check("es_valida", value["es_valida"] == valid, || {
                value["es_valida"].to_string()
            });
        }
        let numero = value["numero"].as_str().unwrap_or_default();
        let ending = format!("-{number:09}");
        case.check("numero", numero.ends_with(&ending), || numero.to_owned());
        let key = value["clave_acceso"].as_str().unwrap_or_default();
        case.check("clave_acceso", is_key(key, number), || key.to_owned());
        if let Some(day) = &expected.clave_acceso_day {
            case.check("clave_acceso_day", key.starts_with(day), || key.to_owned());
        }
    }

    /// The expectations, with those of the vector whose document it is.
    pub(super) fn expected(&self, vector: &'b Vector) -> Expected {
        let mut expected = vector.expected.clone().unwrap();
        let same = vector.same_document_as.as_ref().filter(|_| vector.raw);
        if let Some(same) = same.and_then(|id| self.vectors.get(id).expected.as_ref()) {
            expected.es_valida = expected.es_valida.or(same.es_valida);
            expected.pipeline = expected.pipeline.or_else(|| same.pipeline.clone());
            expected.clave_acceso = expected.clave_acceso.or_else(|| same.clave_acceso.clone());
        }
        expected
    }

    /// Follows a document to its last state and looks at its file.
    fn end(&self, document: &Accepted<'_>) -> Option<Signed> {
        let vector = document.vector;
        let mut case = self.report.case(&vector.id);
        let id = document.answer["id"].as_str().unwrap();
        let path = format!("/{}/{id}", collection(vector));
        let state = wait_until(&path, || {
            let answer = self.server.get(&path);
            let estado = answer.json()["estado"]
                .as_str()
                .unwrap_or("none")
                .to_owned();
            (!["CREADO", "ENVIADO", "RECIBIDO"].contains(&&*estado)).then_some((estado, answer))
        });
        let (estado, answer) = state;
        let value = answer.json();
        let shape = format!("shape-{}-query", vector.document_type);
        case.none("query_shape", self.shapes.complaint(&shape, &value));
        case.none("query_echo", echo(vector, &document.body, &answer));
        let expected = self.expected(vector);
        let ended = match &expected.pipeline {
            Some(pipeline) => returned(&mut case, pipeline, &estado, &value),
            None => case.check("estado", estado == "AUTORIZADO", || {
                format!("{estado}: {value}")
            }),
        };
        let column = if expected.pipeline.is_some() {
            Column::Returned
        } else {
            Column::Authorized
        };
        self.report.count(&collection(vector), column, ended);
        let file = self.server.xml(id);
        let file = comprobante(&file);
        if let Some(rendering) = self.rendering(document, &expected, &file) {
            let (rendering, key) = rendering;
            let equal = case.none("xml", tree::difference(&rendering, &file, key));
            self.report
                .count(&collection(vector), Column::XmlEqual, equal);
        }
        (expected.pipeline.is_none() && ended).then(|| Signed::new(&vector.id, file))
    }

    /// The expected rendering, or the XML that was sent.
    fn rendering(
        &self,
        document: &Accepted<'_>,
        expected: &Expected,
        file: &str,
    ) -> Option<(String, Key)> {
        let vector = document.vector;
        let number = document.sequential;
        if vector.is_xml() {
            let kept = expected.clave_acceso.as_deref() == Some("kept");
            let key = if kept { Key::Whole } else { Key::Any };
            return Some((self.sent_xml(vector, number)?, key));
        }
        let rendering = vector.expected_xml.as_ref()?;
        let mut rendering = fresh::xml(&self.vectors.text(rendering), number);
        let sent = json::read(&document.body)?;
        if sent.at("fecha_emision").is_none() && vector.document_type != "waybill" {
            rendering = on_day(&rendering, file);
        }
        let given = sent.at("clave_acceso").is_some();
        Some((rendering, if given { Key::Whole } else { Key::UpToCode }))
    }

    /// The document of an XML body, without its declaration.
    fn sent_xml(&self, vector: &Vector, number: u32) -> Option<String> {
        let source = match (&vector.same_document_as, vector.raw) {
            (Some(same), true) => self.vectors.get(same),
            _ => vector,
        };
        let text = self.vectors.text(&source.file);
        let body = json::read(&text);
        let xml = body.map_or_else(|| text.clone(), |body| body.at("xml").unwrap().plain());
        let xml = xml.trim_start();
        let end = if xml.starts_with("<?") {
            xml.find('>')? + 1
        } else {
            0
        };
        Some(fresh::xml(xml.get(end..)?.trim(), number))
    }
}

/// Whether it is a document for one of the collections.
fn is_document(vector: &Vector) -> bool {
    use super::vectors::Kind;
    let kind = matches!(vector.kind, Kind::Request | Kind::Xml);
    kind && !vector.is_next() && !["edoc", "webhook"].contains(&&*vector.document_type)
}

pub(super) fn collection(vector: &Vector) -> String {
    match vector.document_type.as_str() {
        // Bodies that are no document, sent where invoices are.
        "any" => "invoices".to_owned(),
        kind => format!("{kind}s"),
    }
}

fn returned(case: &mut Case<'_>, pipeline: &Pipeline, estado: &str, value: &Value) -> bool {
    let code = &value["envio_sri"]["mensajes"][0]["identificador"];
    let holds = estado == pipeline.estado && *code == *pipeline.envio_sri_identificador;
    case.check("estado", holds, || format!("{estado}: {value}"))
}

/// The expected file with the day on which the other one was issued.
fn on_day(expected: &str, file: &str) -> String {
    let day = |text: &str| {
        fresh::element(text, "fechaEmision")
            .unwrap_or_default()
            .to_owned()
    };
    let (old, new) = (day(expected), day(file));
    let compact = |day: &str| day.replace('/', "");
    let key = fresh::element(expected, "claveAcceso").unwrap_or_default();
    let fresh = key.replacen(&compact(&old), &compact(&new), 1);
    expected
        .replacen(
            &format!("<fechaEmision>{old}<"),
            &format!("<fechaEmision>{new}<"),
            1,
        )
        .replacen(key, &fresh, 1)
}

fn is_key(key: &str, number: u32) -> bool {
    key.len() == 49
        && key.get(30..39) == Some(&format!("{number:09}"))
        && fresh::check_digit(&key[..48]) == key.chars().last()
}

/// The document inside SRI's authorization, or the file itself.
fn comprobante(file: &str) -> String {
    let tree = roxmltree::Document::parse(file).unwrap();
    let inside = tree
        .descendants()
        .find(|node| node.has_tag_name("comprobante"));
    let inside = inside.and_then(|node| node.text());
    inside.unwrap_or(file).to_owned()
}

pub(super) fn fault(value: &Value) -> Fault {
    Fault {
        parameter: value["parameter"].as_str().map(str::to_owned),
        code: value["code"].as_str().unwrap_or_default().to_owned(),
    }
}

pub(super) fn shortened(answer: &Answer) -> String {
    let text = String::from_utf8_lossy(&answer.body);
    let errors = serde_json::from_str::<Value>(&text).map(|mut value| {
        let errors = value["errors"].take();
        if errors.is_null() {
            value.to_string()
        } else {
            errors.to_string()
        }
    });
    errors
        .unwrap_or_else(|_| text.into_owned())
        .chars()
        .take(400)
        .collect()
}
