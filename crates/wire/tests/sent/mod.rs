//! The requests of the folder `examples`, to be bent.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

use jiff::Timestamp;
use serde_json::Value as Json;
use tagua_fiscal::{Document, Sequential};
use tagua_sri_xml::{Element, any};
use tagua_wire::{Collection, MissingPayment, WireContext, WireFinding, parse_body, read_document};

/// A request that is accepted as it is.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) collection: Collection,
    pub(crate) name: String,
    pub(crate) body: Json,
}

/// Every request of the examples, those that are XML apart.
pub(crate) fn requests() -> Vec<Sent> {
    let mut requests = Vec::new();
    for collection in Collection::ALL {
        requests.extend(requests_to(collection));
    }
    assert!(requests.len() >= 30, "only {}", requests.len());
    requests
}

fn requests_to(collection: Collection) -> Vec<Sent> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let entries = std::fs::read_dir(examples.join(collection.as_str())).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "json"));
    paths.sort();
    let mut requests = Vec::new();
    for path in paths {
        let body: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        if body.get("xml").is_none() {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            requests.push(Sent {
                collection,
                name,
                body,
            });
        }
    }
    requests
}

/// 10:00 of 20 November 2026 in Guayaquil; payments are as given, so that a
/// document without any stays without.
pub(crate) fn context() -> WireContext {
    WireContext {
        missing_payment: MissingPayment::LeftOut,
        ..WireContext::at("2026-11-20T15:00:00Z".parse::<Timestamp>().unwrap())
    }
}

/// The document of a body, or why there is none.
pub(crate) fn document(collection: Collection, body: &[u8]) -> Result<Document, Vec<WireFinding>> {
    let value = parse_body(body).map_err(|finding| vec![finding])?;
    let request = read_document(collection, &value, &context())?;
    let number = request.number().unwrap_or(Sequential::new(1).unwrap());
    let key = request.key(number, 12_345_678);
    Ok(request.into_document(number, key))
}

/// The tree that comes back when the document is written and read strictly.
pub(crate) fn written_and_read(document: &Document) -> Element<'static> {
    let xml = tagua_sri_xml::write(&any::to_tree(document));
    owned(tagua_sri_xml::read(&xml).unwrap())
}

fn owned(element: Element<'_>) -> Element<'static> {
    let attribute = |own: tagua_sri_xml::Attribute<'_>| tagua_sri_xml::Attribute {
        name: own.name.into_owned().into(),
        namespace: own.namespace.into_owned().into(),
        value: own.value.into_owned().into(),
    };
    Element {
        name: element.name.into_owned().into(),
        namespace: element.namespace.into_owned().into(),
        attributes: element.attributes.into_iter().map(attribute).collect(),
        text: element.text.into_owned().into(),
        children: element.children.into_iter().map(owned).collect(),
    }
}

/// The JSON pointer and the value of every leaf.
pub(crate) fn leaves(value: &Json) -> Vec<(String, Json)> {
    let mut found = Vec::new();
    collect(value, String::new(), &mut found);
    found
}

fn collect(value: &Json, at: String, found: &mut Vec<(String, Json)>) {
    match value {
        Json::Object(members) => members
            .iter()
            .for_each(|(key, child)| collect(child, format!("{at}/{key}"), found)),
        Json::Array(rows) => rows
            .iter()
            .enumerate()
            .for_each(|(place, child)| collect(child, format!("{at}/{place}"), found)),
        leaf => found.push((at, leaf.clone())),
    }
}

/// The body with another value at a pointer that exists.
pub(crate) fn with(mut body: Json, pointer: &str, value: Json) -> Json {
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

/// That every finding says what and where: at a member that is there, or one
/// whose parent is.
pub(crate) fn assert_named(body: &Json, findings: &[WireFinding], what: &str) {
    assert!(!findings.is_empty(), "{what}");
    for finding in findings {
        let path = finding.parameter.replace(['.', '['], "/").replace(']', "");
        let pointer = format!("/{path}");
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let place = &finding.parameter;
        assert!(body.pointer(parent).is_some(), "{what}: no {place}");
        assert!(!finding.details.is_empty(), "{what}: {finding:?}");
        assert!(!finding.code.as_str().is_empty(), "{what}: {finding:?}");
    }
}
