//! The scenarios, one after the other: what waits at the simulator for one
//! must not meet another.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use tagua_simulator::ledger::Service;

use super::fresh;
use super::report::{Case, Column, Report};
use super::scenario::{Poll, Request, Scenario, Step};
use super::shape::Shapes;
use super::support::PATIENCE;
use super::support::http::{self, Answer};
use super::support::world::{Server, Simulator, World};
use super::vectors::Vectors;

/// The key of another account.
pub(crate) const OTHER_KEY: &str = "0123456789abcdef0123456789abcdef";

/// Where the numbers of the scenarios start.
const FIRST_NUMBER: u32 = 200_000_000;

const TYPES: [&str; 7] = [
    "invoice",
    "purchase-settlement",
    "credit-note",
    "debit-note",
    "waybill",
    "retention",
    "ats-retention",
];

/// A server with a simulator that does what it is told.
pub(crate) struct Stage<'s> {
    pub(crate) vectors: &'s Vectors,
    pub(crate) shapes: &'s Shapes,
    pub(crate) report: &'s Report,
    pub(crate) world: &'s World,
    pub(crate) server: &'s Server,
    pub(crate) simulator: &'s Simulator,
}

impl Stage<'_> {
    pub(crate) fn play_all(&self, scenarios: &[Scenario]) {
        let mut number = FIRST_NUMBER;
        for scenario in scenarios {
            let mut right = true;
            let types = if scenario.for_each_type {
                &TYPES[..]
            } else {
                &TYPES[..1]
            };
            for document_type in types {
                number += 1;
                right &= self.play(scenario, document_type, number);
            }
            self.report.count("scenarios", Column::Other, right);
        }
    }

    fn play(&self, scenario: &Scenario, document_type: &str, number: u32) -> bool {
        let mut play = Play {
            stage: self,
            case: self.report.case(&scenario.id),
            document_type: document_type.to_owned(),
            number,
            names: Map::new(),
            under_way: BTreeSet::new(),
        };
        self.simulator.control(&scenario.orders());
        for (at, step) in scenario.steps.iter().enumerate() {
            if !play.step(at + 1, step, scenario.parallel) {
                break;
            }
        }
        self.simulator.control(&scenario.orders()[..1]);
        play.settle();
        play.case.is_right()
    }
}

/// One scenario with what it has learned.
struct Play<'p> {
    stage: &'p Stage<'p>,
    case: Case<'p>,
    document_type: String,
    number: u32,
    /// `id` and `clave_acceso` of the first answer.
    names: Map<String, Value>,
    /// Addresses of documents that SRI has not decided about.
    under_way: BTreeSet<String>,
}

impl Play<'_> {
    /// Whether the next step makes sense.
    fn step(&mut self, at: usize, step: &Step, parallel: Option<usize>) -> bool {
        if let Some(orders) = step.orders() {
            self.stage.simulator.control(&orders);
        }
        if step.clock.is_some() {
            self.unsupported(at, "clock", "the clock of a running server cannot be moved");
            return true;
        }
        let asked = match (&step.request, &step.poll) {
            (Some(request), _) => self.request(at, request, parallel.unwrap_or(1)),
            (None, Some(poll)) => self.poll(at, poll),
            (None, None) => return true,
        };
        let Some(answers) = asked else { return false };
        // Of an answer with another status there is nothing more to say.
        let status = step.expect.get("status");
        if status.is_some_and(|wanted| !any_of(wanted).contains(&&answers.status.into())) {
            self.expect(at, "status", &status.cloned().unwrap(), &answers);
            return true;
        }
        for (word, wanted) in &step.expect {
            self.expect(at, word, wanted, &answers);
        }
        true
    }

    fn request(&mut self, at: usize, request: &Request, clients: usize) -> Option<Seen> {
        let path = self.filled(&request.path);
        let body = self.body(request);
        let headers: Vec<_> = request
            .headers
            .iter()
            .map(|(name, value)| (name.clone(), self.filled(value)))
            .collect();
        let borrowed: Vec<_> = headers.iter().map(|(n, v)| (&**n, &**v)).collect();
        let address = self.stage.server.address;
        let ask =
            || http::call(address, &request.method, &path, &borrowed, body.as_bytes()).unwrap();
        let answers: Vec<_> = thread::scope(|scope| {
            let started: Vec<_> = (0..clients).map(|_| scope.spawn(ask)).collect();
            started.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let seen = Seen::new(answers);
        self.remember(&path, &seen);
        self.names_known(at, &path).then_some(seen)
    }

    fn body(&self, request: &Request) -> String {
        if let Some(json) = &request.json {
            return json.to_string();
        }
        let Some(name) = &request.vector else {
            return String::new();
        };
        let vector = match name.as_str() {
            "{type}" => self.stage.vectors.plain(&self.document_type),
            name => self.stage.vectors.get(name),
        };
        fresh::body(&self.stage.vectors.text(&vector.file), self.number)
    }

    fn remember(&mut self, path: &str, seen: &Seen) {
        for name in ["id", "clave_acceso"] {
            if let Some(value) = seen.value.get(name)
                && seen.status == 200
            {
                self.names.entry(name).or_insert_with(|| value.clone());
            }
        }
        let id = seen.value["id"].as_str().unwrap_or_default();
        let sends = ["/issue", "/issue/xml", "/reissue", "facturar"]
            .iter()
            .any(|end| path.ends_with(end));
        if seen.status == 200 && sends && seen.value.get("firma").is_none() {
            self.under_way.insert(format!("/edocs/{id}"));
        }
    }

    /// Whether no name is left open in an address; says so where one is.
    fn names_known(&mut self, at: usize, path: &str) -> bool {
        let known = !path.contains('{');
        self.case
            .check(&format!("{at}/reached"), known, || path.to_owned())
    }

    fn poll(&mut self, at: usize, poll: &Poll) -> Option<Seen> {
        let path = self.filled(&poll.path);
        if !self.names_known(at, &path) {
            return None;
        }
        let started = Instant::now();
        let mut states = BTreeSet::new();
        loop {
            let mut seen = Seen::new(vec![self.stage.server.get(&path)]);
            let estado = seen.value["estado"].as_str().unwrap_or("none").to_owned();
            states.insert(estado.clone());
            if poll.until.estado.contains(&estado) {
                seen.states = states;
                return Some(seen);
            }
            let over = started.elapsed() > PATIENCE || is_final(&estado);
            if over {
                self.case
                    .check(&format!("{at}/until"), false, || format!("{states:?}"));
                return None;
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn expect(&mut self, at: usize, word: &str, wanted: &Value, seen: &Seen) {
        let what = format!("{at}/{word}");
        let detail = || format!("{wanted}, not {} {}", seen.status, shortened(&seen.value));
        match word {
            "status" => {
                let holds = any_of(wanted).contains(&&Value::from(seen.status));
                self.case.check(&what, holds, detail);
            }
            "shape" => {
                let shape = self.filled(wanted.as_str().unwrap());
                let complaint = self.stage.shapes.complaint(&shape, &seen.value);
                self.case.none(&what, complaint);
            }
            "error" => {
                let holds = ["parameter", "code"]
                    .iter()
                    .all(|key| seen.value[key] == wanted[key]);
                self.case.check(&what, holds, detail);
            }
            "equal" | "not_equal" => {
                for (path, value) in wanted.as_object().unwrap() {
                    let value = match value {
                        Value::String(text) => Value::from(self.filled(text)),
                        other => other.clone(),
                    };
                    let same = seen.at(path) == Some(&value);
                    self.case.check(&what, same == (word == "equal"), detail);
                }
            }
            "body_has" => {
                let has = |path: &Value| seen.at(path.as_str().unwrap()).is_some();
                let holds = wanted.as_array().unwrap().iter().all(has);
                self.case.check(&what, holds, detail);
            }
            "content_type" => {
                let holds = seen.content_type == wanted.as_str().unwrap();
                self.case.check(&what, holds, || seen.content_type.clone());
            }
            "same_for_all" => {
                for key in wanted.as_array().unwrap() {
                    let key = key.as_str().unwrap();
                    let holds = seen
                        .all
                        .iter()
                        .all(|one| one.json()[key] == seen.value[key]);
                    self.case.check(&what, holds && seen.all.len() > 1, detail);
                }
            }
            "states_seen_subset_of" => {
                let known =
                    |state: &String| wanted.as_array().unwrap().contains(&Value::from(&**state));
                let holds = seen.states.iter().all(known);
                self.case
                    .check(&what, holds, || format!("{:?}", seen.states));
            }
            "documents_sent_to_sri" => {
                let sent = self.sent_to_sri();
                self.case.check(&what, wanted == sent, || sent.to_string());
            }
            "webhook" => self.unsupported(at, word, "notifications are not sent yet"),
            "mail_to" | "no_mail_to" => self.unsupported(at, word, "mail is not sent yet"),
            other => panic!("this test does not know what {other} expects"),
        }
    }

    /// Never passed in silence: it must stand among the deviations.
    fn unsupported(&mut self, at: usize, word: &str, why: &str) {
        self.case
            .check(&format!("{at}/{word}"), false, || why.to_owned());
    }

    /// How often reception was asked about the scenario's document.
    fn sent_to_sri(&mut self) -> usize {
        self.settle();
        let number = format!("{:09}", self.number);
        let entries = self.stage.world.ledger().into_iter();
        let own = entries.filter(|entry| {
            let key = entry.access_key.as_deref().unwrap_or_default();
            entry.service == Service::Recepcion && key.get(30..39) == Some(&number)
        });
        own.count()
    }

    /// Waits until SRI has decided about everything that was sent.
    fn settle(&mut self) {
        for path in std::mem::take(&mut self.under_way) {
            super::support::wait_until(&path, || {
                let answer = self.stage.server.get(&path).json();
                is_final(answer["estado"].as_str()?).then_some(())
            });
        }
    }

    fn filled(&self, text: &str) -> String {
        let mut text = text
            .replace("${X_KEY}", &self.stage.server.key)
            .replace("${OTHER_X_KEY}", OTHER_KEY)
            .replace("${X_PASSWORD}", &self.stage.server.password)
            .replace("{collection}", &format!("{}s", self.document_type))
            .replace("{type}", &self.document_type);
        for (name, value) in &self.names {
            text = text.replace(&format!("{{{name}}}"), value.as_str().unwrap_or_default());
        }
        text
    }
}

/// What was answered: to one client, or to all at once.
struct Seen {
    status: u16,
    content_type: String,
    value: Value,
    all: Vec<Answer>,
    states: BTreeSet<String>,
}

impl Seen {
    fn new(all: Vec<Answer>) -> Self {
        let first = all.first().unwrap();
        let worst = all.iter().map(|answer| answer.status).max().unwrap();
        Self {
            status: worst,
            content_type: first.content_type.clone(),
            value: serde_json::from_slice(&first.body).unwrap_or_default(),
            states: BTreeSet::new(),
            all,
        }
    }

    /// The value at `autorizacion.mensajes.0.tipo`.
    fn at(&self, path: &str) -> Option<&Value> {
        self.value.pointer(&format!("/{}", path.replace('.', "/")))
    }
}

fn is_final(estado: &str) -> bool {
    ["AUTORIZADO", "NO AUTORIZADO", "DEVUELTO", "ERROR", "none"].contains(&estado)
}

fn any_of(wanted: &Value) -> Vec<&Value> {
    wanted
        .as_array()
        .map_or_else(|| vec![wanted], |all| all.iter().collect())
}

fn shortened(value: &Value) -> String {
    value.to_string().chars().take(300).collect()
}
