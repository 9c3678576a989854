//! Every invoice vector of the shared material: what must be accepted gives
//! the expected XML, what must be refused gives the expected finding.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

mod support;

use jiff::Timestamp;
use roxmltree::Node;
use serde_json::Value as Json;
use support::{IntoInvoice, read_invoice};
use tagua_fiscal::rules::{self, RuleContext};
use tagua_wire::{DocumentRequest, WireContext, WireFinding, parse_body};

/// The numeric code the expected files were made with.
const NUMERIC_CODE: u32 = 12_345_678;

struct Vectors {
    root: PathBuf,
    list: Vec<Json>,
}

impl Vectors {
    /// The shared material, or `None` after saying that it is not there.
    fn open() -> Option<Self> {
        let shared = std::env::var_os("TAGUA_SHARED").map_or_else(
            || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
            PathBuf::from,
        );
        let root = shared.join("vectors");
        let Ok(index) = std::fs::read(root.join("index.json")) else {
            let required = std::env::var_os("TAGUA_REQUIRE_SHARED").is_some_and(|v| v == "1");
            assert!(!required, "shared material not found at {}", root.display());
            println!("skipped: shared material not found");
            return None;
        };
        let index: Json = serde_json::from_slice(&index).unwrap();
        let list = index["vectors"].as_array().unwrap().clone();
        Some(Self { root, list })
    }

    fn file(&self, name: &Json) -> Vec<u8> {
        std::fs::read(self.root.join(name.as_str().unwrap())).unwrap()
    }

    /// Requests of invoices as JSON that are expected to answer `status`.
    fn invoices(&self, status: u64) -> impl Iterator<Item = &Json> {
        self.list.iter().filter(move |v| {
            v["kind"] == "request"
                && v["document_type"] == "invoice"
                && v["body"] != "xml"
                && v["expected"]["http_status"] == status
        })
    }
}

fn context() -> WireContext {
    WireContext::at("2026-11-20T15:00:00Z".parse::<Timestamp>().unwrap())
}

fn read(body: &[u8]) -> Result<DocumentRequest, Vec<WireFinding>> {
    let value = parse_body(body).map_err(|finding| vec![finding])?;
    read_invoice(&value, &context())
}

/// Runs `check` on every vector and fails with all complaints at once.
fn run<'v>(
    name: &str,
    vectors: impl Iterator<Item = &'v Json>,
    at_least: usize,
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
    assert!(count >= at_least, "only {count} vectors");
}

#[test]
fn acceptable_requests_give_the_expected_xml() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    run("accepted", vectors.invoices(200), 81, |vector| {
        let request = match read(&vectors.file(&vector["file"])) {
            Ok(request) => request,
            Err(findings) => return vec![format!("refused: {findings:?}")],
        };
        let Some(expected) = vector["expected_xml"].as_str() else {
            return Vec::new();
        };
        let ours = tagua_sri_xml::write_invoice(&request.into_invoice(NUMERIC_CODE));
        let expected = vectors.file(&Json::from(expected));
        compare(&ours, &expected)
    });
}

#[test]
fn refused_requests_give_the_expected_finding_first() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    run("refused", vectors.invoices(400), 59, |vector| {
        let Err(findings) = read(&vectors.file(&vector["file"])) else {
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
        match read(&vectors.file(&vector["file"])) {
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
        vectors.invoices(200).filter(known),
        75,
        |vector| {
            let Ok(request) = read(&vectors.file(&vector["file"])) else {
                return vec!["refused".to_owned()];
            };
            let rule_context = RuleContext::on(jiff::civil::date(2026, 11, 20));
            let invoice = request.into_invoice(NUMERIC_CODE);
            let findings = rules::check(&invoice, &rule_context);
            let structural = tagua_sri_xml::check_invoice(&invoice);
            let valid = rules::valid(&findings) && structural.is_empty();
            match vector["expected"]["es_valida"] == valid {
                true => Vec::new(),
                false => vec![format!("found {valid}: {findings:?} {structural:?}")],
            }
        },
    );
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
