//! The scenarios as they are written: what is asked, and what SRI is to say.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::vectors::Vectors;

#[derive(Deserialize)]
struct File {
    scenarios: Vec<Scenario>,
}

/// A behaviour in several steps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    /// What SRI says, from the start.
    sri: Option<Value>,
    pub(crate) steps: Vec<Step>,
    /// Once for each of the seven collections.
    #[serde(default)]
    pub(crate) for_each_type: bool,
    /// So many clients do it at once.
    pub(crate) parallel: Option<usize>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) request: Option<Request>,
    pub(crate) poll: Option<Poll>,
    sri: Option<Value>,
    pub(crate) clock: Option<Value>,
    #[serde(default)]
    pub(crate) expect: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    /// The vector that is the body.
    pub(crate) vector: Option<String>,
    /// A body of its own.
    pub(crate) json: Option<Value>,
}

/// Asks until a member has one of the values.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Poll {
    pub(crate) path: String,
    pub(crate) until: Until,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Until {
    pub(crate) estado: OneOrMore,
}

/// One value, or a list of those that will do.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(crate) fn contains(&self, value: &str) -> bool {
        match self {
            Self::One(own) => own == value,
            Self::More(all) => all.iter().any(|own| own == value),
        }
    }
}

pub(crate) fn read(vectors: &Vectors) -> Vec<Scenario> {
    let file = vectors.bytes("scenarios.json");
    serde_json::from_slice::<File>(&file).unwrap().scenarios
}

impl Scenario {
    /// The orders that make the simulator say it.
    pub(crate) fn orders(&self) -> Vec<Value> {
        orders(self.sri.as_ref())
    }
}

impl Step {
    /// The orders of a step that changes what SRI says.
    pub(crate) fn orders(&self) -> Option<Vec<Value>> {
        self.sri.is_some().then(|| orders(self.sri.as_ref()))
    }
}

/// Orders for `/simulator/control`. The first forgets what waited before.
fn orders(script: Option<&Value>) -> Vec<Value> {
    let mut orders = vec![json!({ "clear": true })];
    let entries = match script {
        Some(Value::Array(entries)) => entries.iter().collect(),
        Some(entry) => vec![entry],
        None => Vec::new(),
    };
    for entry in entries {
        orders.extend(faults(entry));
    }
    orders
}

/// Longer than any scenario lasts.
const FOR_EVER: usize = 5_000;

fn faults(entry: &Value) -> Vec<Value> {
    let code = |entry: &Value| -> u16 {
        let code = entry["mensajes"][0].as_str().unwrap();
        code.parse().unwrap()
    };
    let one = |fault: Value| vec![json!({ "service": "recepcion", "next": [fault] })];
    let decision = &entry["autorizacion"];
    match entry["recepcion"].as_str().unwrap() {
        // Nobody answers, whatever is asked.
        "timeout" => {
            let silence = vec![json!({ "fault": "reset", "when": "before" }); FOR_EVER];
            let both = ["recepcion", "autorizacion"];
            both.map(|service| json!({ "service": service, "next": silence }))
                .to_vec()
        }
        // Known already, although only because an answer was lost.
        "DEVUELTA" if decision == "AUTORIZADO" => {
            assert_eq!(code(entry), 43);
            one(json!({ "fault": "registered_on_first_sight" }))
        }
        "DEVUELTA" => one(json!({ "fault": "returned", "code": code(entry) })),
        "RECIBIDA" if decision == "NO AUTORIZADO" => {
            one(json!({ "fault": "not_authorized", "code": code(entry) }))
        }
        "RECIBIDA" if decision == "AUTORIZADO" => Vec::new(),
        // Two questions without a result, then the decision.
        "RECIBIDA" if decision.is_array() => {
            one(json!({ "fault": "late_authorization", "milliseconds": 300 }))
        }
        other => panic!("the simulator cannot be told to say {other} {decision}"),
    }
}
