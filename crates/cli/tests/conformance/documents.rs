//! Every request vector through HTTP, and every document to its end.

use serde_json::Value;

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
            self.strict(vector, number + 1);
        }
        accepted
            .iter()
            .filter_map(|document| self.end(document))
            .collect()
    }

    fn request(&self, vector: &'b Vector, number: u32) -> Option<Accepted<'b>> {
        let mut case = self.report.case(&vector.id);
        let body = fresh::body(&self.vectors.text(&vector.file), number);
        let answer = self.send(vector, &body, &[]);
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

    fn send(&self, vector: &Vector, body: &str, more: &[(&str, &str)]) -> Answer {
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
    fn expected(&self, vector: &'b Vector) -> Expected {
        let mut expected = vector.expected.clone().unwrap();
        let same = vector.same_document_as.as_ref().filter(|_| vector.raw);
        if let Some(same) = same.and_then(|id| self.vectors.get(id).expected.as_ref()) {
            expected.es_valida = expected.es_valida.or(same.es_valida);
            expected.pipeline = expected.pipeline.or_else(|| same.pipeline.clone());
            expected.clave_acceso = expected.clave_acceso.or_else(|| same.clave_acceso.clone());
        }
        expected
    }

    /// The answer to XML is its reading: with the amounts of the document that it is.
    fn read_back(&self, case: &mut Case<'_>, vector: &Vector, answer: &Answer) {
        let Some(same) = vector.same_document_as.as_ref().filter(|_| !vector.raw) else {
            return;
        };
        let text = self.vectors.text(&self.vectors.get(same).file);
        let answer = String::from_utf8_lossy(&answer.body);
        let (Some(own), Some(read)) = (json::read(&text), json::read(&answer)) else {
            return;
        };
        let mut amounts = Vec::new();
        collect_amounts(&own, "", &mut amounts);
        case.check("read_back", amounts.len() > 2, || {
            "no amounts to compare".to_owned()
        });
        let differs = amounts.iter().find_map(|(path, amount)| {
            let found = read.at(path).map(|node| tree::amount(&node.plain()));
            (found.as_ref() != Some(amount)).then(|| format!("{path}: {amount} is {found:?}"))
        });
        case.none("read_back", differs);
    }

    /// What the strict profile says about the same body with another number.
    fn strict(&self, vector: &Vector, number: u32) {
        let expected = vector.expected.as_ref().unwrap();
        let refusal = match (&vector.expected_strict, &expected.error) {
            (Some(strict), _) => (strict.http_status, &strict.error),
            (None, Some(error)) => (400, error),
            (None, None) => return,
        };
        let mut case = self.report.case(&format!("{}/strict", vector.id));
        let body = fresh::body(&self.vectors.text(&vector.file), number);
        let answer = self.send(vector, &body, &[("x-tagua-profile", "strict")]);
        let (status, error) = refusal;
        let as_expected = case.check("status", answer.status == status, || {
            format!("{}: {}", answer.status, shortened(&answer))
        });
        if as_expected {
            let found = fault(&answer.json());
            // A violation of the schema names an element, which is no parameter.
            let anywhere = error.parameter.is_none();
            let named = anywhere || found.parameter == error.parameter;
            let holds = found.code == error.code && named;
            case.check("error", holds, || shortened(&answer));
        }
        let right = case.is_right();
        self.report
            .count(&collection(vector), Column::RefusedByStrict, right);
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

fn collection(vector: &Vector) -> String {
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

/// The members of the request in their order, types and text; those that the
/// server lays over it aside.
fn echo(vector: &Vector, body: &str, answer: &Answer) -> Option<String> {
    const OVERLAID: [&str; 6] = [
        "id",
        "clave_acceso",
        "version",
        "estado",
        "numero",
        "es_valida",
    ];
    if vector.is_xml() {
        return None;
    }
    let answer = String::from_utf8_lossy(&answer.body);
    let (sent, answer) = (json::read(body)?, json::read(&answer)?);
    let sent = sent.members();
    let own = |key: &str| sent.iter().any(|(name, _)| *name == key);
    let found: Vec<_> = answer
        .members()
        .into_iter()
        .filter(|(key, _)| own(key))
        .collect();
    if sent.len() != found.len() {
        return Some(format!(
            "{} of {} members came back",
            found.len(),
            sent.len()
        ));
    }
    sent.iter().zip(&found).find_map(|((key, a), (other, b))| {
        if key != other {
            return Some(format!("{other} stands where {key} was"));
        }
        let difference = a.difference(b).filter(|_| !OVERLAID.contains(key))?;
        Some(format!("{key}{difference}"))
    })
}

/// Fields whose amounts an XML reading must give back.
const AMOUNTS: [&str; 11] = [
    "base_imponible",
    "cantidad",
    "importe_total",
    "precio_total_sin_impuestos",
    "precio_unitario",
    "subtotal",
    "total",
    "total_impuestos",
    "total_sin_impuestos",
    "valor",
    "valor_retenido",
];

fn collect_amounts(node: &json::Node<'_>, path: &str, amounts: &mut Vec<(String, String)>) {
    let step = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match &node.kind {
        json::Kind::Array(all) => {
            for (at, element) in all.iter().enumerate() {
                collect_amounts(element, &step(&at.to_string()), amounts);
            }
        }
        json::Kind::Object(_) => {
            for (key, value) in node.members() {
                // What is written for people is no amount.
                if key != "info_adicional" && key != "informacion_adicional" {
                    collect_amounts(value, &step(key), amounts);
                }
            }
        }
        json::Kind::Scalar => {
            let name = path.rsplit('.').next().unwrap_or_default();
            if AMOUNTS.contains(&name) {
                amounts.push((path.to_owned(), tree::amount(&node.plain())));
            }
        }
    }
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

fn fault(value: &Value) -> Fault {
    Fault {
        parameter: value["parameter"].as_str().map(str::to_owned),
        code: value["code"].as_str().unwrap_or_default().to_owned(),
    }
}

fn shortened(answer: &Answer) -> String {
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
