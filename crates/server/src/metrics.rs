//! What is counted (`GET /metrics`). No global state: whoever counts has it in
//! hand; no lock, so that counting costs the issue path some nanoseconds.

mod cells;
mod definitions;
mod text;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use tagua_fiscal::DocumentType;
use tagua_pipeline::{Call, CallOutcome, Event};
use tagua_store::{Service, Stage};

use self::cells::{Counter, Gauge, Histogram, Present};
pub(crate) use self::definitions::Reading;
pub(crate) use self::text::MEDIA_TYPE;
use crate::routes;

/// Counters with fixed names.
#[derive(Debug)]
struct Named<const N: usize> {
    names: [&'static str; N],
    counts: [Counter; N],
}

impl<const N: usize> Named<N> {
    fn new(names: [&'static str; N]) -> Self {
        let counts = std::array::from_fn(|_| Counter::default());
        Self { names, counts }
    }

    /// Counts under the name, or under the last one, which is for the rest.
    fn count(&self, name: &str) {
        let place = self.names.iter().position(|own| *own == name);
        if let Some(count) = self.counts.get(place.unwrap_or(N - 1)) {
            count.increment();
        }
    }

    fn each(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = self.counts.iter().map(Counter::value);
        self.names.iter().copied().zip(counts)
    }
}

const STATUSES: [&str; 16] = [
    "200", "204", "304", "400", "401", "403", "404", "405", "408", "413", "429", "431", "499",
    "500", "503", "other",
];
/// Why somebody was turned away.
const REASONS: [&str; 4] = ["rate", "backlog", "connections", "clock"];
const TYPES: [&str; 6] = ["01", "03", "04", "05", "06", "07"];
const STAGES: [&str; 9] = [
    "created",
    "signed",
    "submitting",
    "unknown",
    "received",
    "returned",
    "authorized",
    "not_authorized",
    "needs_attention",
];
const SERVICES: [&str; 2] = ["reception", "authorization"];
/// [`Event::kind`] of what an answer of SRI can mean.
const ANSWERS: [&str; 12] = [
    "reception_confirmed",
    "already_registered",
    "refused",
    "refused_sequential_taken",
    "refused_daily_limit",
    "no_answer",
    "authorized",
    "authorized_other_bytes",
    "not_authorized",
    "in_process",
    "not_found",
    "other",
];
/// [`tagua_sri::CallError::code`].
const FAILURES: [&str; 7] = [
    "sri_not_connected",
    "sri_timeout",
    "sri_connection_broken",
    "sri_http_status",
    "sri_answer_too_large",
    "sri_answer_unreadable",
    "other",
];
const CODES: usize = 100;

/// The counters of one operation.
#[derive(Debug)]
struct OperationRow {
    operation: String,
    statuses: Named<{ STATUSES.len() }>,
    duration: Histogram,
}

impl OperationRow {
    fn new(operation: String) -> Self {
        Self {
            operation,
            statuses: Named::new(STATUSES),
            duration: Histogram::default(),
        }
    }

    /// Statuses that were answered at all: most operations never give most.
    fn answered(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.statuses.each().filter(|(_, count)| *count > 0)
    }

    fn was_used(&self) -> bool {
        self.answered().next().is_some()
    }
}

/// The counters of one service of SRI.
#[derive(Debug)]
struct ServiceRow {
    answers: Named<{ ANSWERS.len() }>,
    /// By `identificador`; the last is for what is none.
    codes: Vec<Counter>,
    failures: Named<{ FAILURES.len() }>,
    duration: Histogram,
}

impl ServiceRow {
    fn new() -> Self {
        Self {
            answers: Named::new(ANSWERS),
            codes: (0..=CODES).map(|_| Counter::default()).collect(),
            failures: Named::new(FAILURES),
            duration: Histogram::default(),
        }
    }

    fn count_code(&self, identifier: &str) {
        let number = identifier.trim().parse().unwrap_or(CODES).min(CODES);
        if let Some(count) = self.codes.get(number) {
            count.increment();
        }
    }

    fn codes(&self) -> impl Iterator<Item = (String, u64)> {
        let name = |number| match number {
            CODES => "other".to_owned(),
            number => number.to_string(),
        };
        let counts = self.codes.iter().map(Counter::value).enumerate();
        let seen = counts.filter(|(_, count)| *count > 0);
        seen.map(move |(number, count)| (name(number), count))
    }
}

/// Why a request was turned away by a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Rate,
    Backlog,
    Connections,
    Clock,
}

/// Every counter of the process.
#[derive(Debug)]
pub struct Metrics {
    started: Instant,
    /// In the order of the table of operations; one more for unknown addresses.
    requests: Vec<OperationRow>,
    refused: Named<{ REASONS.len() }>,
    replays: Counter,
    accepted: Named<{ TYPES.len() }>,
    signing: Gauge,
    signing_time: Histogram,
    not_signed: Counter,
    transitions: Named<{ STAGES.len() }>,
    sri: [ServiceRow; 2],
    /// Milliseconds from the start to the workers' last look for work, plus one.
    workers_looked: AtomicU64,
}

impl Default for Metrics {
    fn default() -> Self {
        let operations = routes::operations().into_iter();
        let operations = operations.map(|operation| operation.id);
        let requests = operations.chain(["none".to_owned()]);
        Self {
            started: Instant::now(),
            requests: requests.map(OperationRow::new).collect(),
            refused: Named::new(REASONS),
            replays: Counter::default(),
            accepted: Named::new(TYPES),
            signing: Gauge::default(),
            signing_time: Histogram::default(),
            not_signed: Counter::default(),
            transitions: Named::new(STAGES),
            sri: [ServiceRow::new(), ServiceRow::new()],
            workers_looked: AtomicU64::new(0),
        }
    }
}

impl Metrics {
    /// Begins to time a request of the operation with this place in the table;
    /// any other place stands for unknown addresses.
    pub(crate) fn request(&self, operation: usize) -> RequestTimer<'_> {
        let row = self.requests.get(operation).or(self.requests.last());
        RequestTimer {
            row,
            started: Instant::now(),
            status: None,
        }
    }

    pub(crate) fn refused(&self, reason: Reason) {
        self.refused.count(match reason {
            Reason::Rate => "rate",
            Reason::Backlog => "backlog",
            Reason::Connections => "connections",
            Reason::Clock => "clock",
        });
    }

    pub(crate) fn replayed(&self) {
        self.replays.increment();
    }

    pub(crate) fn accepted(&self, kind: DocumentType, stage: Stage) {
        self.accepted.count(kind.code());
        self.entered(stage);
    }

    /// Documents accepted since the start.
    pub(crate) fn accepted_total(&self) -> u64 {
        self.accepted.each().map(|(_, count)| count).sum()
    }

    /// Times a signature until it is finished.
    pub(crate) fn sign(&self) -> SigningTimer<'_> {
        SigningTimer {
            metrics: self,
            started: Instant::now(),
            _present: self.signing.enter(),
        }
    }

    fn entered(&self, stage: Stage) {
        if let Some(count) = self.transitions.counts.get(stage as usize) {
            count.increment();
        }
    }

    pub(crate) fn moved(&self, event: Event, to: Stage) {
        // Whatever keeps the stage is no step to it.
        if event != Event::EnvironmentDisabled {
            self.entered(to);
        }
    }

    pub(crate) fn called(&self, call: &Call<'_>) {
        let Some(row) = self.sri.get(service_place(call.service)) else {
            return;
        };
        row.duration.record(call.took);
        match &call.outcome {
            CallOutcome::Failed(kind) => row.failures.count(kind),
            CallOutcome::Answered { event, codes, .. } => {
                row.answers.count(event.kind());
                codes.iter().for_each(|code| row.count_code(code));
            }
        }
    }

    pub(crate) fn workers_looked(&self) {
        let now = millis(self.uptime()).saturating_add(1);
        self.workers_looked.store(now, Ordering::Relaxed);
    }

    /// Since workers last looked for work; `None` where none ever has.
    pub(crate) fn since_workers_looked(&self) -> Option<Duration> {
        let looked = self.workers_looked.load(Ordering::Relaxed).checked_sub(1)?;
        let since = millis(self.uptime()).saturating_sub(looked);
        Some(Duration::from_millis(since))
    }

    pub(crate) fn uptime(&self) -> Duration {
        self.started.elapsed()
    }
}

const fn service_place(service: Service) -> usize {
    match service {
        Service::Reception => 0,
        Service::Authorization => 1,
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A request under way. What is dropped without an answer was a panic, or a
/// client that left.
pub(crate) struct RequestTimer<'m> {
    row: Option<&'m OperationRow>,
    started: Instant,
    status: Option<StatusCode>,
}

impl RequestTimer<'_> {
    pub(crate) fn answered(mut self, status: StatusCode) {
        self.status = Some(status);
    }
}

impl Drop for RequestTimer<'_> {
    fn drop(&mut self) {
        let Some(row) = self.row else {
            return;
        };
        row.duration.record(self.started.elapsed());
        match &self.status {
            Some(status) => row.statuses.count(status.as_str()),
            None if std::thread::panicking() => row.statuses.count("500"),
            None => row.statuses.count("499"),
        }
    }
}

/// A signature under way.
pub(crate) struct SigningTimer<'m> {
    metrics: &'m Metrics,
    started: Instant,
    _present: Present<'m>,
}

impl SigningTimer<'_> {
    pub(crate) fn signed(self) {
        self.metrics.signing_time.record(self.started.elapsed());
    }

    pub(crate) fn failed(self) {
        self.metrics.not_signed.increment();
    }
}

/// `docs/metrics.md`, made of the definitions.
pub fn metrics_document() -> String {
    definitions::document()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use axum::http::StatusCode;
    use tagua_fiscal::{DocumentType, Environment};
    use tagua_pipeline::{Call, CallOutcome, Event};
    use tagua_store::{Service, Stage};

    use super::{Metrics, Reading, STAGES, TYPES};
    use crate::health::Gauges;

    fn text(metrics: &Metrics) -> String {
        let gauges = Gauges::default();
        let reading = Reading {
            metrics,
            gauges: &gauges,
        };
        reading.text()
    }

    #[track_caller]
    fn says(metrics: &Metrics, line: &str) {
        let text = text(metrics);
        assert!(text.lines().any(|own| own == line), "{line} in\n{text}");
    }

    #[test]
    fn names_are_those_of_the_types() {
        assert_eq!(DocumentType::ALL.map(DocumentType::code), TYPES);
        for (stage, name) in Stage::ALL.into_iter().zip(STAGES) {
            assert_eq!(
                format!("{stage:?}").to_lowercase(),
                name.replace('_', ""),
                "{name}"
            );
        }
    }

    #[test]
    fn what_is_counted_is_said() {
        let metrics = Metrics::default();
        metrics.request(0).answered(StatusCode::OK);
        metrics.request(0).answered(StatusCode::IM_A_TEAPOT);
        drop(metrics.request(usize::MAX));
        metrics.accepted(DocumentType::CreditNote, Stage::Signed);
        metrics.moved(Event::Authorized, Stage::Authorized);
        metrics.sign().signed();
        metrics.sign().failed();
        for line in [
            "tagua_requests_total{operation=\"issue-invoices\",status=\"200\"} 1",
            "tagua_requests_total{operation=\"issue-invoices\",status=\"other\"} 1",
            "tagua_requests_total{operation=\"none\",status=\"499\"} 1",
            "tagua_request_duration_seconds_count{operation=\"issue-invoices\"} 2",
            "tagua_documents_accepted_total{type=\"04\"} 1",
            "tagua_transitions_total{stage=\"signed\"} 1",
            "tagua_transitions_total{stage=\"authorized\"} 1",
            "tagua_signing_duration_seconds_count 1",
            "tagua_signing_failures_total 1",
            "tagua_signing_in_progress 0",
        ] {
            says(&metrics, line);
        }
    }

    #[test]
    fn calls_to_sri_are_counted_by_what_came_of_them() {
        let metrics = Metrics::default();
        let call = |service, outcome| Call {
            environment: Environment::Test,
            service,
            took: Duration::from_millis(40),
            outcome,
        };
        let answered = CallOutcome::Answered {
            event: Event::AlreadyThere,
            codes: vec!["43", " 65 ", "x", "4294967296"],
            date: None,
        };
        metrics.called(&call(Service::Reception, answered));
        let failed = CallOutcome::Failed("sri_timeout");
        metrics.called(&call(Service::Authorization, failed));
        for line in [
            "tagua_sri_answers_total{service=\"reception\",meaning=\"already_registered\"} 1",
            "tagua_sri_messages_total{service=\"reception\",code=\"43\"} 1",
            "tagua_sri_messages_total{service=\"reception\",code=\"65\"} 1",
            "tagua_sri_messages_total{service=\"reception\",code=\"other\"} 2",
            "tagua_sri_failures_total{service=\"authorization\",kind=\"sri_timeout\"} 1",
            "tagua_sri_call_duration_seconds_bucket{service=\"reception\",le=\"0.05\"} 1",
            "tagua_sri_call_duration_seconds_bucket{service=\"reception\",le=\"0.025\"} 0",
            "tagua_sri_call_duration_seconds_sum{service=\"reception\"} 0.040000",
        ] {
            says(&metrics, line);
        }
    }

    #[test]
    fn workers_are_seen_once_they_looked() {
        let metrics = Metrics::default();
        assert_eq!(metrics.since_workers_looked(), None);
        metrics.workers_looked();
        assert!(metrics.since_workers_looked() < Some(Duration::from_secs(60)));
    }

    /// A generous bound even without optimisation: a lock or an allocation
    /// that slips in shows up at once under load, not here by luck.
    #[test]
    fn counting_a_request_takes_microseconds_at_most() {
        const TIMES: u32 = 10_000;
        let metrics = Metrics::default();
        let started = Instant::now();
        for _ in 0..TIMES {
            metrics.request(3).answered(StatusCode::OK);
        }
        let each = started.elapsed() / TIMES;
        println!("{each:?} a request");
        assert!(each < Duration::from_micros(20));
    }
}
