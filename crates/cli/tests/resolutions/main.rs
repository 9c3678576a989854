//! The 66 places where Dátil's documentation contradicts itself, and what
//! Tagua does there (CONTRACT 10): one test each, through HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod bodies;
mod fields;
mod invoices;
mod notes_and_settlements;
mod requests;
mod waybills;
mod withholdings;

use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};

use serde_json::{Value, json};

use support::http::{self, Answer};
use support::world::{Server, World};

/// One server for all tests that run at the same time. It goes with the last
/// of them: a process in a static would outlive the program.
static RUNNING: Mutex<Weak<Running>> = Mutex::new(Weak::new());

struct Running {
    server: Server,
    _world: World,
}

/// What one test asks.
struct Api(Arc<Running>);

fn api() -> Api {
    let mut place = RUNNING.lock().unwrap();
    if let Some(running) = place.upgrade() {
        return Api(running);
    }
    let world = World::new();
    let server = world.start();
    let running = Arc::new(Running {
        server,
        _world: world,
    });
    *place = Arc::downgrade(&running);
    Api(running)
}

impl Deref for Api {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.0.server
    }
}

/// A number that no other test uses.
fn number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1_000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Api {
    fn send(&self, path: &str, body: &Value) -> Answer {
        self.post(path, &self.password, body)
    }

    /// Sends text as it stands, with more headers.
    fn send_text(&self, path: &str, more: &[(&str, &str)], text: &str) -> Answer {
        let mut headers = vec![("x-key", &*self.key), ("x-password", &*self.password)];
        headers.extend(more);
        http::call(self.address, "POST", path, &headers, text.as_bytes()).unwrap()
    }

    /// The answer to a document that must be accepted.
    #[track_caller]
    fn accepted(&self, path: &str, body: &Value) -> Value {
        ok(&self.send(path, body))
    }

    /// Parameter and code of the first complaint about a body that must be refused.
    #[track_caller]
    fn refused(&self, path: &str, body: &Value) -> (String, String) {
        complaint(&self.send(path, body))
    }

    /// The document that is made of a body.
    #[track_caller]
    fn document(&self, path: &str, body: &Value) -> String {
        let answer = self.accepted(path, body);
        self.xml(answer["id"].as_str().unwrap())
    }

    /// How an accepted document ends.
    #[track_caller]
    fn ends(&self, answer: &Value, estado: &str) -> Value {
        self.settled(answer["id"].as_str().unwrap(), estado)
    }

    /// The document of a body, unsigned, with another number and no key.
    #[track_caller]
    fn template(&self, collection: &str, body: &Value) -> String {
        let xml = self.document(collection, body);
        let (_, xml) = xml.split_once("?>").unwrap_or(("", &xml));
        let replaced = replace(xml, "secuencial", &format!("{:09}", number()));
        replace(&replaced, "claveAcceso", "")
    }
}

#[track_caller]
fn ok(answer: &Answer) -> Value {
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 200, "{text}");
    answer.json()
}

#[track_caller]
fn complaint(answer: &Answer) -> (String, String) {
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 400, "{text}");
    let value = answer.json();
    let of = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    (of("parameter"), of("code"))
}

/// The text of the first element of a name; `None` where there is none.
fn element<'t>(xml: &'t str, name: &str) -> Option<&'t str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once("</")?.0)
}

/// The same document with another text in an element.
#[track_caller]
fn replace(xml: &str, name: &str, text: &str) -> String {
    let old = element(xml, name).unwrap();
    let of = |text: &str| format!("<{name}>{text}</{name}>");
    xml.replacen(&of(old), &of(text), 1)
}

/// The body with a value at a JSON pointer.
#[track_caller]
fn with(mut body: Value, pointer: &str, value: impl Into<Value>) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap();
    match parent {
        Value::Array(all) => all[key.parse::<usize>().unwrap()] = value.into(),
        parent => parent[key] = value.into(),
    }
    body
}

/// The body without what is at a JSON pointer.
#[track_caller]
fn without(mut body: Value, pointer: &str) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = body.pointer_mut(parent).unwrap();
    parent.as_object_mut().unwrap().remove(key).unwrap();
    body
}

/// A refusal as [`complaint`] gives it.
fn says(parameter: &str, code: &str) -> (String, String) {
    (parameter.to_owned(), code.to_owned())
}

/// Additional fields as a list.
fn pairs(all: &[(&str, &str)]) -> Value {
    let field = |(name, value): &(&str, &str)| json!({ "nombre": name, "valor": value });
    all.iter().map(field).collect()
}

/// The names of these tests, by number.
fn names() -> Vec<&'static str> {
    let sources = [
        include_str!("answers.rs"),
        include_str!("invoices.rs"),
        include_str!("notes_and_settlements.rs"),
        include_str!("requests.rs"),
        include_str!("waybills.rs"),
        include_str!("withholdings.rs"),
    ];
    let lines = sources.iter().flat_map(|source| source.lines());
    let mut names: Vec<_> = lines
        .filter_map(|line| line.strip_prefix("fn resolution_")?.split_once('('))
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn every_resolution_has_one_test_and_one_row() {
    let numbers: Vec<_> = names().iter().map(|name| &name[..2]).collect();
    let all: Vec<_> = (1..=66).map(|number| format!("{number:02}")).collect();
    assert_eq!(numbers, all);
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/compatibility.md");
    let document = std::fs::read_to_string(document).unwrap();
    for (number, name) in (1..).zip(names()) {
        let ending = format!("| `resolution_{name}` |");
        let row = document
            .lines()
            .find(|line| line.starts_with(&format!("| {number} | ")) && line.ends_with(&ending));
        assert!(row.is_some(), "no row of {number} ends in {ending}");
    }
}
