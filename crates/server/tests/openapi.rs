//! The description of the API: served, checked in, true.
//!
//! `TAGUA_REGENERATE=1 cargo test -p tagua-server --test openapi` writes
//! `openapi.json` again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value as Json;
use tagua_wire::{Collection, ErrorCode, WireContext, WireFinding, parse_body, read_document};

use support::World;
use support::client::Call;
use support::documents::id;
use support::sample::{invoice, without};

async fn description(world: &World) -> Json {
    let answer = Call::get("/openapi.json").send(world.address).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

/// Every operation as method, path and what is said of it.
fn operations(description: &Json) -> Vec<(String, String, Json)> {
    let paths = description["paths"].as_object().unwrap();
    let of = |(path, methods): (&String, &Json)| {
        let methods = methods.as_object().unwrap().clone();
        let path = path.clone();
        methods
            .into_iter()
            .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    };
    paths.iter().flat_map(of).collect()
}

#[tokio::test]
async fn the_checked_in_description_is_the_served_one() {
    let world = World::start().await;
    let served = Call::get("/openapi.json").send(world.address).await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    if std::env::var_os("TAGUA_REGENERATE").is_some_and(|value| value == "1") {
        std::fs::write(&file, &served.body).unwrap();
    }
    let kept = std::fs::read(&file).unwrap_or_default();
    assert!(
        kept == served.body,
        "openapi.json is out of date: TAGUA_REGENERATE=1 cargo test -p tagua-server --test openapi"
    );
}

#[tokio::test]
async fn every_described_address_is_served_and_every_other_is_not() {
    let world = World::start().await;
    let description = description(&world).await;
    let operations = operations(&description);
    let document = id(&world.issued(&invoice(1)).await).to_string();
    let described: BTreeSet<_> = operations
        .iter()
        .map(|(m, p, _)| (m.as_str(), p.as_str()))
        .collect();
    for (_, path, _) in &operations {
        let address = path
            .replace("{id}", &document)
            .replace("{tipo_impuesto}", "2");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = Call::new(method, &address).send(world.address).await;
            let refused = answer.status == 405;
            let known = described.contains(&(method, path.as_str()));
            assert_eq!(refused, !known, "{method} {path}: {}", answer.status);
        }
    }
}

#[tokio::test]
async fn what_needs_a_key_is_refused_without_and_the_rest_is_not() {
    let world = World::start().await;
    let description = description(&world).await;
    for (method, path, operation) in operations(&description) {
        let address = path
            .replace("{id}", &"0".repeat(32))
            .replace("{tipo_impuesto}", "2");
        let status = Call::new(&method, &address)
            .send(world.address)
            .await
            .status;
        let open = operation["security"].as_array().unwrap().is_empty();
        assert_eq!(status == 401, !open, "{method} {path}: {status}");
        let told = operation["responses"].get("401").is_some();
        assert_eq!(told, !open, "{method} {path}");
    }
}

#[tokio::test]
async fn names_are_unique_and_references_lead_somewhere() {
    let world = World::start().await;
    let description = description(&world).await;
    let operations = operations(&description);
    let mut ids: Vec<_> = operations
        .iter()
        .map(|(_, _, o)| o["operationId"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count);
    let mut references = BTreeSet::new();
    collect(&description, &mut references);
    assert!(references.len() > 40, "{}", references.len());
    for reference in &references {
        let found = description.pointer(reference.strip_prefix('#').unwrap());
        assert!(found.is_some(), "{reference}");
    }
    // Nothing is described that nobody uses.
    for name in description["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        let reference = format!("#/components/schemas/{name}");
        assert!(references.contains(&reference), "{name} is not used");
    }
    for (method, path, operation) in &operations {
        assert_ne!(operation["summary"], "", "{method} {path}");
        let in_path = path.matches('{').count();
        let described = operation["parameters"].as_array().map_or(0, |all| {
            all.iter()
                .filter(|parameter| parameter["in"] == "path")
                .count()
        });
        assert_eq!(described, in_path, "{method} {path}");
    }
}

fn collect(value: &Json, references: &mut BTreeSet<String>) {
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(reference) if name == "$ref" => references.extend([reference.to_owned()]),
                    _ => collect(value, references),
                }
            }
        }
        Json::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

/// The schema of a collection's body and its examples.
fn body(description: &Json, collection: Collection) -> (Json, Vec<(String, Json)>) {
    let path = format!("/{}/issue", collection.as_str());
    let body = &description["paths"][path]["post"]["requestBody"]["content"]["application/json"];
    let examples = body["examples"].as_object().unwrap().iter();
    let examples = examples.map(|(name, reference)| {
        let reference = reference["$ref"].as_str().unwrap();
        let example = description.pointer(reference.strip_prefix('#').unwrap());
        (name.clone(), example.unwrap()["value"].clone())
    });
    (body["schema"].clone(), examples.collect())
}

fn read(collection: Collection, body: &Json) -> Result<(), Vec<WireFinding>> {
    let text = body.to_string();
    let context = WireContext::at("2026-11-20T15:00:00Z".parse::<Timestamp>().unwrap());
    let value = parse_body(text.as_bytes()).unwrap();
    read_document(collection, &value, &context).map(drop)
}

#[tokio::test]
async fn every_example_is_accepted() {
    let world = World::start().await;
    let description = description(&world).await;
    for collection in Collection::ALL {
        let (_, examples) = body(&description, collection);
        assert!(!examples.is_empty(), "{collection:?}");
        for (name, example) in examples {
            let read = read(collection, &example);
            assert!(read.is_ok(), "{collection:?} {name}: {read:?}");
        }
    }
}

/// A field at a pointer of an example, and whether the schema requires it.
struct Place {
    pointer: String,
    required: bool,
}

#[tokio::test]
async fn what_the_schemas_require_is_what_the_reader_requires() {
    let world = World::start().await;
    let description = description(&world).await;
    let (mut tried, mut wrong) = (0, Vec::new());
    for collection in Collection::ALL {
        let (schema, examples) = body(&description, collection);
        for (name, example) in examples {
            let mut places = Vec::new();
            walk(&description, &schema, &example, "", &mut places);
            for Place { pointer, required } in places {
                let findings = read(collection, &without(example.clone(), &pointer));
                let findings = findings.err().unwrap_or_default();
                let missing = findings
                    .iter()
                    .any(|f| f.code == ErrorCode::MissingParameter);
                if (missing, findings.is_empty()) != (required, !required) {
                    wrong.push(format!("{collection:?} {name} {pointer}: {findings:?}"));
                }
                tried += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 300, "{tried}");
}

/// Every described field that the example has. A field of the example that is
/// not described fails the test.
fn walk(description: &Json, schema: &Json, value: &Json, at: &str, places: &mut Vec<Place>) {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => description
            .pointer(reference.strip_prefix('#').unwrap())
            .unwrap(),
        None => schema,
    };
    match value {
        Json::Object(members) if schema.get("properties").is_some() => {
            let required = schema["required"].as_array();
            for (name, value) in members {
                let property = &schema["properties"][name];
                assert!(!property.is_null(), "{at}/{name} is not described");
                let pointer = format!("{at}/{name}");
                walk(description, property, value, &pointer, places);
                let required = required.is_some_and(|all| all.contains(&Json::from(name.as_str())));
                places.push(Place { pointer, required });
            }
        }
        Json::Array(values) => {
            if let Some(first) = values.first() {
                walk(
                    description,
                    &schema["items"],
                    first,
                    &format!("{at}/0"),
                    places,
                );
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn the_page_is_whole_and_asks_no_other_host() {
    let world = World::start().await;
    let answer = Call::get("/docs").send(world.address).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let html = answer.text();
    for foreign in [
        "http://",
        "https://",
        "//cdn",
        "@import",
        "url(",
        "innerHTML",
        "eval(",
    ] {
        assert!(!html.contains(foreign), "{foreign}");
    }
    let policy = answer.header("content-security-policy").unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let nonce = policy
        .split("script-src 'nonce-")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap();
    assert_eq!(html.matches(&format!("nonce=\"{nonce}\"")).count(), 2);
    assert_eq!(
        html.matches("<script").count() + html.matches("<style").count(),
        2
    );
    let other = Call::get("/docs").send(world.address).await;
    assert_ne!(
        other.header("content-security-policy"),
        Some(policy.as_str())
    );
    // Without scripts it still lists every operation.
    let description = description(&world).await;
    for (method, path, operation) in operations(&description) {
        let line = format!(
            "{method}</b> <code>{path}</code> <span>{}",
            operation["summary"].as_str().unwrap()
        );
        assert!(html.contains(&line), "{line}");
    }
    assert!(!html.contains("@LIST@") && !html.contains("@NONCE@"));
}
