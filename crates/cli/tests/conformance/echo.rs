//! What comes back: the request as it was sent, or the reading of its XML.

use super::documents::Bench;
use super::json;
use super::report::Case;
use super::support::http::Answer;
use super::tree;
use super::vectors::Vector;

impl Bench<'_> {
    /// The answer to XML is its reading: with the amounts of the document that it is.
    pub(super) fn read_back(&self, case: &mut Case<'_>, vector: &Vector, answer: &Answer) {
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
}

/// The members of the request in their order, types and text; those that the
/// server lays over it aside.
pub(super) fn echo(vector: &Vector, body: &str, answer: &Answer) -> Option<String> {
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
