//! The protocol row by row: every answer SRI is known to give, and what becomes
//! of an invoice that gets it. One row, one invoice, one simulated life.

mod asked;
mod codes;
mod door;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use tagua_pipeline::{Action, action};
use tagua_store::{Document, Event, Stage};

use crate::answers::{self, Entry};
use crate::sri::{AUTHORIZED, Call, RECEIVED, Reply, Scripted, Seen};
use crate::world::{World, signed};

/// The access key of invoice 1.
const KEY: &str = "1411202301179001167400110010020000000011234567819";
const OTHER_KEY: &str = "1704202507099000419600120010640006186590001199610";

/// What SRI says, and where it must lead.
struct Row {
    name: String,
    door: Vec<Reply>,
    asked: Vec<Reply>,
    stage: Stage,
    /// Submissions that were tried.
    sent: usize,
    /// Of those, the ones of which no byte left.
    unsent: u32,
    /// The kinds of all events after the acceptance; empty where times decide how many.
    history: Vec<&'static str>,
    /// What the person who must look is told.
    words: &'static str,
    /// The numbers of the messages kept of what decided.
    kept: Option<Vec<String>>,
    /// SRI's text of the date.
    date: Option<Option<&'static str>>,
}

impl Row {
    /// One submission that ends in `stage`.
    fn new(
        name: impl Into<String>,
        door: impl IntoIterator<Item = Reply>,
        asked: impl IntoIterator<Item = Reply>,
        stage: Stage,
    ) -> Self {
        Self {
            name: name.into(),
            door: door.into_iter().collect(),
            asked: asked.into_iter().collect(),
            stage,
            sent: 1,
            unsent: 0,
            history: Vec::new(),
            words: "",
            kept: None,
            date: None,
        }
    }

    fn sent(mut self, sent: usize) -> Self {
        self.sent = sent;
        self
    }

    fn unsent(mut self, unsent: u32) -> Self {
        self.unsent = unsent;
        self
    }

    fn history(mut self, kinds: &[&'static str]) -> Self {
        self.history = kinds.to_vec();
        self
    }

    fn says(mut self, words: &'static str) -> Self {
        self.words = words;
        self
    }

    fn keeps(mut self, numbers: &[&str]) -> Self {
        self.kept = Some(numbers.iter().map(ToString::to_string).collect());
        self
    }

    fn dated(mut self, date: Option<&'static str>) -> Self {
        self.date = Some(date);
        self
    }

    async fn check(&self) {
        let script = Scripted::new(self.door.clone(), self.asked.clone());
        let world = World::new(script).await;
        let document = world.carry().await;
        assert_eq!(document.access_key.as_str(), KEY);
        assert_eq!(document.stage, self.stage);
        check_calls(&world.sri.seen());
        // L6: what is sent and sent again is the file that was stored.
        assert_eq!(world.sri.submissions(), vec![signed(1, 0); self.sent]);
        assert_eq!(world.signed_file(document.id).await, signed(1, 0));
        let counted = document.submissions + self.unsent;
        assert_eq!(usize::try_from(counted).unwrap(), self.sent);
        let history = world.history(document.id).await;
        assert!(
            self.history.is_empty() || history == self.history,
            "{history:?}"
        );
        world.events(document.id).await.iter().for_each(has_proof);
        self.check_result(&document);
    }

    fn check_result(&self, document: &Document) {
        let words = document.attention.as_deref().unwrap_or_default();
        assert!(words.contains(self.words), "{words:?}");
        let attention = self.stage == Stage::NeedsAttention;
        assert_eq!(attention, !self.words.is_empty(), "{words:?}");
        assert!(!attention || words.contains(KEY) && words.contains("001-002"));
        let authorization = document.authorization.as_ref();
        let state = authorization.map(|result| result.state.as_str());
        match self.stage {
            Stage::Authorized => assert_eq!(state, Some("AUTORIZADO")),
            Stage::NotAuthorized => assert_eq!(state, Some("NO AUTORIZADO")),
            Stage::Returned => assert_eq!(state, None),
            _ => {}
        }
        let reception = document.reception.as_ref();
        let decided = authorization.map(|result| &result.messages);
        let messages = decided.or(reception.map(|result| &result.messages));
        let numbers = messages.into_iter().flatten().map(|m| m.identifier.clone());
        let numbers: Vec<_> = numbers.collect();
        assert!(
            self.kept.as_ref().is_none_or(|k| *k == numbers),
            "{numbers:?}"
        );
        let date = authorization.and_then(|result| result.date.as_deref());
        assert!(
            self.date.is_none_or(|expected| expected == date),
            "{date:?}"
        );
    }
}

/// L5: nothing rests without a question after the last submission, and after
/// one of which a byte may have left there is a question before the next.
fn check_calls(seen: &[Seen]) {
    assert_eq!(seen.last().unwrap().call, Call::Ask);
    let left = |at: usize| seen[at].call != Call::Ask;
    // Calls that reached nobody may follow each other: the rows count them.
    let again = (1..seen.len()).filter(|at| left(*at) && left(at - 1));
    for at in again {
        assert_ne!(seen[at].at, seen[at - 1].at);
    }
}

/// L13: what SRI said is kept with each event that it caused; where nothing
/// came back the event says so.
fn has_proof(event: &Event) {
    let nothing_came = ["sri_timeout", "sri_connection_broken", "sri_not_connected"];
    let proved = match event.kind.as_str() {
        "accepted" => event.evidence.is_none(),
        "submission_started" => event.detail == "Envío iniciado",
        // Kept whole beside the document: `World::check_events`.
        "authorized" => event.detail.starts_with("AUTORIZADO"),
        _ if nothing_came
            .iter()
            .any(|code| event.detail.starts_with(code)) =>
        {
            event.evidence.is_none()
        }
        _ => event.evidence.is_some() && !event.detail.is_empty(),
    };
    assert!(proved, "{event:?}");
}

/// The body of an HTTP 200.
fn text(body: impl Into<String>) -> Reply {
    Reply::Raw(body.into().into_bytes())
}

/// DEVUELTA with messages given as number and `tipo`.
fn returned(messages: &[(&str, &str)]) -> Reply {
    text(answers::returned(KEY, messages))
}

/// An authorization answer that names our key.
fn listed(entries: &[Entry<'_>]) -> Reply {
    text(answers::authorization(Some(KEY), entries))
}

/// Zero `autorizacion` until so many submissions were made, then AUTORIZADO.
fn authorized_after(submissions: usize) -> Reply {
    Reply::Until(submissions, 0, Box::new((Reply::NotFound, AUTHORIZED)))
}

fn ours() -> String {
    String::from_utf8(signed(1, 0)).unwrap()
}

fn rows() -> Vec<Row> {
    let mut rows = door::rows();
    rows.extend(asked::rows());
    rows.extend(codes::rows());
    rows
}

/// Carries the row's invoice in a runtime of its own; answers what disagrees.
fn disagreement(row: &Row) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let carried = catch_unwind(AssertUnwindSafe(|| runtime.block_on(row.check())));
    carried.err().map(|_| row.name.clone())
}

#[test]
fn every_row_of_the_protocol() {
    let rows = rows();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    // Most of a row's time is the disk's.
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while let Some(row) = rows.get(next.fetch_add(1, Ordering::Relaxed)) {
                    wrong.lock().extend(disagreement(row));
                }
            });
        }
    });
    let wrong = wrong.into_inner();
    let count = rows.len();
    assert!(
        wrong.is_empty(),
        "{} of {count} rows: {wrong:#?}",
        wrong.len()
    );
}

#[test]
fn rows_have_names_of_their_own_and_end_at_rest() {
    let rows = rows();
    let names: std::collections::BTreeSet<_> = rows.iter().map(|row| &row.name).collect();
    assert_eq!(names.len(), rows.len());
    assert!(rows.iter().all(|row| action(row.stage) == Action::Rest));
}
