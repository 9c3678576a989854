//! How often each key came, and which magic receivers it met.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::faults::Fault;
use crate::ledger::Service;
use crate::magic::MagicReceiver;

/// Keys remembered before all are forgotten: a fault may then strike once more.
const KEYS_MAX: usize = 200_000;

/// What is known of each key since the simulator started.
#[derive(Default)]
pub(super) struct Meetings(Mutex<HashMap<String, Meeting>>);

#[derive(Default)]
struct Meeting {
    receptions: u32,
    questions: u32,
    /// The document's receiver was looked at.
    met: bool,
    /// What the first question about it meets.
    at_question: Option<Fault>,
}

impl Meetings {
    /// Counts a request: which one it is for this key, from 0, and what the
    /// receiver's magic does to it. Each document meets its magic once. Nothing
    /// is kept of a key unless `counts`, or its receiver is a magic one.
    pub(super) fn next(
        &self,
        service: Service,
        key: &str,
        magic: Option<&MagicReceiver>,
        counts: bool,
    ) -> (u32, Option<Fault>) {
        let mut keys = self.0.lock();
        if !counts && magic.is_none() && !keys.contains_key(key) {
            return (0, None);
        }
        if keys.len() >= KEYS_MAX {
            keys.clear();
        }
        let meeting = keys.entry(key.to_owned()).or_default();
        match service {
            Service::Recepcion => meeting.receive(magic),
            Service::Autorizacion => {
                let attempt = meeting.questions;
                meeting.questions = attempt.saturating_add(1);
                (attempt, meeting.at_question.take())
            }
        }
    }
}

impl Meeting {
    fn receive(&mut self, magic: Option<&MagicReceiver>) -> (u32, Option<Fault>) {
        let attempt = self.receptions;
        self.receptions = attempt.saturating_add(1);
        let first = !std::mem::replace(&mut self.met, true);
        let Some(magic) = magic.filter(|_| first) else {
            return (attempt, None);
        };
        let fault = Some(magic.fault.clone());
        match magic.service {
            Service::Recepcion => (attempt, fault),
            Service::Autorizacion => {
                self.at_question = fault;
                (attempt, None)
            }
        }
    }
}
