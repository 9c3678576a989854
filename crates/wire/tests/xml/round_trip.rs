//! XML read as JSON, the JSON read as a request, the request written as XML:
//! the same document, the differences listed here apart.

use jiff::Timestamp;
use serde_json::Value as Json;
use tagua_sri_xml::Element;
use tagua_sri_xml::any::to_tree;
use tagua_wire::{
    MissingPayment, WireContext, json_reading, parse_body, read_document, read_xml,
    structural_findings, xml_of_body,
};

use crate::shared::{Vectors, collection_of};

/// Payments are as given: an XML without any stays without.
fn context() -> WireContext {
    WireContext {
        missing_payment: MissingPayment::LeftOut,
        ..WireContext::at("2026-11-20T15:00:00Z".parse::<Timestamp>().unwrap())
    }
}

/// What the way through JSON changes in a valid document.
///
/// A reimbursement whose header has no totals is printed with totals of zero, a
/// total without rate takes that of its lines, and a waybill's empty list of
/// details says nothing in JSON.
fn may_differ(vector: &Json, difference: &str) -> bool {
    let id = vector["id"].as_str().unwrap();
    let zero_totals = "totalComprobantesReembolso";
    let rate = "totalImpuesto has [\"codigo\", \"codigoPorcentaje\", \"baseImponible\", \"tarifa\"";
    id.starts_with("doc-settlement-xml-reimbursement") && difference.contains(zero_totals)
        || id.starts_with("doc-settlement-xml") && difference.contains(rate)
        || id.starts_with("doc-waybill-xml") && difference.contains("\"detallesAdicionales\"]")
}

#[test]
fn every_valid_document_comes_back_through_its_json() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let expected = vectors.list.iter().filter_map(|v| {
        let file = v["expected_xml"].as_str()?;
        Some((v, vectors.file(file)))
    });
    let bodies = vectors.xml_bodies().map(|v| (v, vectors.file_of(v)));
    let (mut done, mut problems) = ([0; 2], Vec::new());
    for (vector, body) in expected.chain(bodies) {
        let Ok(xml) = xml_of_body(&body) else {
            continue;
        };
        let Ok(request) = read_xml(&xml, collection_of(vector)) else {
            continue;
        };
        if !structural_findings(request.tree()).is_empty() {
            continue;
        }
        let mut found = there_and_back(&request);
        found.retain(|difference| !may_differ(vector, difference));
        done[usize::from(!found.is_empty())] += 1;
        problems.extend(found.iter().map(|p| format!("{}: {p}", vector["id"])));
    }
    println!("{done:?} documents without and with problems");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(done[0] >= 120, "only {done:?}");
}

fn there_and_back(sent: &tagua_wire::XmlRequest<'_>) -> Vec<String> {
    let key = sent.key(12_345_678);
    let first = sent.clone().with_key(key);
    let json = json_reading(&first);
    let value = parse_body(json.as_bytes()).unwrap();
    let request = match read_document(sent.collection, &value, &context()) {
        Ok(request) => request,
        Err(findings) => return vec![format!("refused: {findings:?}")],
    };
    let sequential = request.number().unwrap();
    let document = request.into_document(sequential, key);
    let back = to_tree(&document);
    let mut differences = Vec::new();
    compare(&first, &back, String::new(), &mut differences);
    differences
}

fn compare(first: &Element<'_>, back: &Element<'_>, parent: String, out: &mut Vec<String>) {
    let path = format!("{parent}/{}", first.name);
    if !same(&first.text, &back.text) {
        out.push(format!("{path} is {:?}, was {:?}", back.text, first.text));
    }
    for attribute in &first.attributes {
        let path = format!("{path}/@{}", attribute.name);
        let found = back.attribute(&attribute.name);
        if found != Some(attribute.value.trim()) {
            out.push(format!("{path} is {found:?}, was {:?}", attribute.value));
        }
    }
    let names = |e: &Element<'_>| {
        e.children
            .iter()
            .map(|c| c.name.to_string())
            .collect::<Vec<_>>()
    };
    if names(first) != names(back) {
        out.push(format!(
            "{path} has {:?}, had {:?}",
            names(back),
            names(first)
        ));
        return;
    }
    for (first, back) in first.children.iter().zip(&back.children) {
        compare(first, back, path.clone(), out);
    }
}

/// Equal after trimming, numbers as numbers.
fn same(first: &str, back: &str) -> bool {
    let number = |text: &str| {
        let decimal = tagua_fiscal::number::parse_decimal(text.trim()).ok();
        decimal.filter(|_| text.contains('.'))
    };
    let whole = |text: &str| tagua_fiscal::number::parse_decimal(text.trim()).ok();
    first.trim() == back.trim()
        || (number(first).or(number(back)).is_some() && whole(first) == whole(back))
}
