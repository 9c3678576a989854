//! Every JSON request of the shared vectors, of all seven collections: what
//! must be accepted gives the expected XML, what must be refused gives the
//! expected finding.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::path::PathBuf;

mod support;

use roxmltree::Node;
use serde_json::Value as Json;
use support::now;
use tagua_fiscal::rules::{self, RuleContext, Severity};
use tagua_fiscal::{Document, Sequential};
use tagua_wire::{
    Collection, DocumentRequest, WireContext, WireFinding, parameter, parse_body, read_document,
};

/// The numeric code the expected files were made with.
const NUMERIC_CODE: u32 = 12_345_678;

/// How many JSON requests of each collection are accepted and refused.
const COUNTS: [(Collection, usize, usize); 7] = [
    (Collection::Invoices, 81, 59),
    (Collection::PurchaseSettlements, 12, 4),
    (Collection::CreditNotes, 8, 7),
    (Collection::DebitNotes, 5, 4),
    (Collection::Waybills, 6, 3),
    (Collection::Retentions, 6, 4),
    (Collection::AtsRetentions, 13, 9),
];

struct Vectors {
    root: PathBuf,
    list: Vec<Json>,
}

impl Vectors {
    /// The shared material, or `None` after saying that it is not there.
    fn open() -> Option<Self> {
        let root = tagua_testing::shared()?.join("vectors");
        let index = std::fs::read(root.join("index.json")).unwrap();
        let index: Json = serde_json::from_slice(&index).unwrap();
        let list = index["vectors"].as_array().unwrap().clone();
        Some(Self { root, list })
    }

    fn file(&self, name: &Json) -> Vec<u8> {
        std::fs::read(self.root.join(name.as_str().unwrap())).unwrap()
    }

    /// JSON requests that are expected to answer `status`.
    fn requests(&self, status: u64) -> impl Iterator<Item = &Json> {
        self.list.iter().filter(move |v| {
            v["kind"] == "request"
                && v["body"] != "xml"
                && v["expected"]["http_status"] == status
                && collection_of(v).is_some()
        })
    }

    fn read(&self, vector: &Json) -> Result<DocumentRequest, Vec<WireFinding>> {
        let collection = collection_of(vector).unwrap_or(Collection::Invoices);
        let body = self.file(&vector["file"]);
        let value = parse_body(&body).map_err(|finding| vec![finding])?;
        read_document(collection, &value, &WireContext::at(now()))
    }
}

fn collection_of(vector: &Json) -> Option<Collection> {
    Some(match vector["document_type"].as_str()? {
        "invoice" => Collection::Invoices,
        "purchase-settlement" => Collection::PurchaseSettlements,
        "credit-note" => Collection::CreditNotes,
        "debit-note" => Collection::DebitNotes,
        "waybill" => Collection::Waybills,
        "retention" => Collection::Retentions,
        "ats-retention" => Collection::AtsRetentions,
        _ => return None,
    })
}

fn document(request: DocumentRequest) -> Document {
    let number = request.number().unwrap_or(Sequential::new(1).unwrap());
    let key = request.key(number, NUMERIC_CODE);
    request.into_document(number, key)
}

fn xml(document: &Document) -> Vec<u8> {
    tagua_sri_xml::write(&tagua_sri_xml::any::to_tree(document))
}

fn rule_findings(document: &Document) -> Vec<rules::Finding> {
    let today = jiff::civil::date(2026, 11, 20);
    rules::check_document(document, &RuleContext::on(today))
}

/// Runs `check` on every vector and fails with all complaints at once.
fn run<'v>(
    name: &str,
    vectors: impl Iterator<Item = &'v Json>,
    expected_count: usize,
    mut check: impl FnMut(&Json) -> Vec<String>,
) {
    let (mut count, mut problems) = (0, Vec::new());
    for vector in vectors {
        count += 1;
        let found = check(vector);
        problems.extend(found.iter().map(|p| format!("{}: {p}", vector["id"])));
    }
    println!("{name}: {count} vectors, {} problems", problems.len());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_eq!(count, expected_count, "vectors of {name}");
}

#[test]
fn the_vectors_are_all_here() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let count = |collection, status| {
        let of = |v: &&Json| collection_of(v) == Some(collection);
        vectors.requests(status).filter(of).count()
    };
    let found = Collection::ALL.map(|c| (c, count(c, 200), count(c, 400)));
    assert_eq!(found, COUNTS);
}

#[test]
fn acceptable_requests_give_the_expected_xml() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let with_xml = |v: &&Json| v["expected_xml"].is_string();
    run(
        "accepted",
        vectors.requests(200),
        131,
        |vector| match vectors.read(vector) {
            Ok(_) => Vec::new(),
            Err(findings) => vec![format!("refused: {findings:?}")],
        },
    );
    run(
        "XML",
        vectors.requests(200).filter(with_xml),
        115,
        |vector| {
            let Ok(request) = vectors.read(vector) else {
                return vec!["refused".to_owned()];
            };
            let expected = vectors.file(&vector["expected_xml"]);
            compare(&xml(&document(request)), &expected)
        },
    );
}

#[test]
fn equivalent_requests_give_the_same_xml() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let equivalent = |v: &&Json| v["equivalent_to"].is_string();
    run(
        "equivalent",
        vectors.requests(200).filter(equivalent),
        1,
        |vector| {
            let other = vectors
                .list
                .iter()
                .find(|v| v["id"] == vector["equivalent_to"]);
            let write = |vector| xml(&document(vectors.read(vector).unwrap()));
            compare(&write(vector), &write(other.unwrap()))
        },
    );
}

#[test]
fn refused_requests_give_the_expected_finding_first() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    run("refused", vectors.requests(400), 90, |vector| {
        let Err(findings) = vectors.read(vector) else {
            return vec!["accepted".to_owned()];
        };
        let error = &vector["expected"]["error"];
        let first = findings.first().map(pair);
        let mut problems = Vec::new();
        if first != Some(pair_of(error)) {
            problems.push(format!("expected {error}, found {first:?}"));
        }
        let ours: BTreeSet<_> = findings.iter().map(pair).collect();
        let all: BTreeSet<_> = match vector["expected"]["all_findings"].as_array() {
            Some(listed) => listed.iter().map(pair_of).collect(),
            // Own refused vectors have exactly one fault each.
            None => BTreeSet::from([pair_of(error)]),
        };
        if ours != all {
            problems.push(format!("expected {all:?}, found {ours:?}"));
        }
        problems
    });
}

#[test]
fn bodies_that_are_no_document_give_the_expected_finding() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let no_document = vectors.list.iter().filter(|v| {
        let error = &v["expected"]["error"];
        v["document_type"] == "any" && error.is_object() && error["parameter"].is_null()
    });
    run("no document", no_document, 5, |vector| {
        let error = &vector["expected"]["error"];
        match vectors.read(vector) {
            Err(findings) if findings.iter().map(pair).eq([pair_of(error)]) => Vec::new(),
            other => vec![format!("expected {error}, found {other:?}")],
        }
    });
}

#[test]
fn local_rules_and_schema_agree_on_es_valida() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let known = |v: &&Json| v["expected"]["es_valida"].is_boolean();
    run(
        "es_valida",
        vectors.requests(200).filter(known),
        131,
        |vector| {
            let Ok(request) = vectors.read(vector) else {
                return vec!["refused".to_owned()];
            };
            let document = document(request);
            let findings = rule_findings(&document);
            let tree = tagua_sri_xml::any::to_tree(&document);
            let structural = tagua_sri_xml::check(&tree, tagua_sri_xml::any::schema(&document));
            let valid = rules::valid(&findings) && structural.is_empty();
            match vector["expected"]["es_valida"] == valid {
                true => Vec::new(),
                false => vec![format!("found {valid}: {findings:?} {structural:?}")],
            }
        },
    );
}

#[test]
fn an_error_of_the_rules_names_the_expected_parameter() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let named = |v: &&Json| v["expected_strict"]["error"]["parameter"].is_string();
    run("strict", vectors.requests(200).filter(named), 8, |vector| {
        let collection = collection_of(vector).unwrap();
        let findings = rule_findings(&document(vectors.read(vector).unwrap()));
        let errors = findings.iter().filter(|f| f.severity == Severity::Error);
        let ours: Vec<_> = errors.map(|f| parameter(collection, &f.path)).collect();
        let expected = vector["expected_strict"]["error"]["parameter"]
            .as_str()
            .unwrap();
        match ours.iter().any(|parameter| parameter == expected) {
            true => Vec::new(),
            false => vec![format!("expected {expected:?}, found {ours:?}")],
        }
    });
}

fn pair(finding: &WireFinding) -> (String, String) {
    (finding.parameter.clone(), finding.code.as_str().to_owned())
}

fn pair_of(error: &Json) -> (String, String) {
    let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
    (text("parameter"), text("code"))
}

/// Differences of two documents, element by element: texts trimmed, decimals
/// as numbers, access keys up to their numeric code.
fn compare(ours: &[u8], expected: &[u8]) -> Vec<String> {
    let (ours, expected) = (
        std::str::from_utf8(ours).unwrap(),
        std::str::from_utf8(expected).unwrap(),
    );
    let ours = roxmltree::Document::parse(ours).unwrap();
    let expected = roxmltree::Document::parse(expected).unwrap();
    let mut differences = Vec::new();
    compare_elements(
        ours.root_element(),
        expected.root_element(),
        &mut differences,
    );
    differences
}

fn compare_elements(ours: Node<'_, '_>, expected: Node<'_, '_>, differences: &mut Vec<String>) {
    let name = |node: &Node<'_, '_>| node.tag_name().name().to_owned();
    let attributes = |node: &Node<'_, '_>| {
        let pairs = node
            .attributes()
            .map(|a| (a.name().to_owned(), a.value().to_owned()));
        pairs.collect::<BTreeSet<_>>()
    };
    if attributes(&ours) != attributes(&expected) {
        differences.push(format!("attributes of {}", name(&expected)));
    }
    let children = |node: Node<'_, '_>| node.children().filter(Node::is_element).count();
    if children(ours) == 0 && children(expected) == 0 {
        let (ours, expected_text) = (text_of(ours), text_of(expected));
        if !same_text(&name(&expected), &ours, &expected_text) {
            let name = name(&expected);
            differences.push(format!("{name} is {ours:?}, not {expected_text:?}"));
        }
        return;
    }
    let ours: Vec<_> = ours.children().filter(Node::is_element).collect();
    let others: Vec<_> = expected.children().filter(Node::is_element).collect();
    let names = |nodes: &[Node<'_, '_>]| nodes.iter().map(name).collect::<Vec<_>>();
    if names(&ours) != names(&others) {
        let (ours, others) = (names(&ours), names(&others));
        differences.push(format!("{} has {ours:?}, not {others:?}", name(&expected)));
        return;
    }
    for (ours, expected) in ours.into_iter().zip(others) {
        compare_elements(ours, expected, differences);
    }
}

fn text_of(node: Node<'_, '_>) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

fn same_text(name: &str, ours: &str, expected: &str) -> bool {
    if name == "claveAcceso" {
        return ours.len() == 49 && ours.get(..39) == expected.get(..39);
    }
    let number = |text: &str| {
        let decimal = text.contains('.');
        decimal
            .then(|| tagua_fiscal::number::parse_decimal(text).ok())
            .flatten()
    };
    match (number(ours), number(expected)) {
        (Some(ours), Some(expected)) => ours == expected,
        _ => ours == expected,
    }
}
