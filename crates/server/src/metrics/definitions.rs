//! Every metric: its name, what it says, and where it is read. What is served
//! and what is documented are made of this table and of nothing else.

use super::text::Family;
use super::{ANSWERS, Metrics, SERVICES, service_place};
use crate::health::Gauges;

/// A metric.
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) labels: &'static [&'static str],
    /// One line.
    pub(crate) help: &'static str,
    read: fn(&Reading<'_>, &mut Family<'_>),
}

/// What a metric does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// What the samples are read from.
pub(crate) struct Reading<'a> {
    pub(crate) metrics: &'a Metrics,
    pub(crate) gauges: &'a Gauges,
}

impl Reading<'_> {
    /// The whole answer of `/metrics`.
    pub(crate) fn text(&self) -> String {
        let mut out = String::with_capacity(16 * 1024);
        for definition in &DEFINITIONS {
            let mut family = Family::start(definition, &mut out);
            (definition.read)(self, &mut family);
        }
        out
    }
}

const fn metric(
    kind: Kind,
    name: &'static str,
    labels: &'static [&'static str],
    help: &'static str,
    read: fn(&Reading<'_>, &mut Family<'_>),
) -> Definition {
    Definition {
        name,
        kind,
        labels,
        help,
        read,
    }
}

/// Every metric, in the order they are served.
pub(crate) static DEFINITIONS: [Definition; 26] = [
    metric(
        Kind::Gauge,
        "tagua_build_info",
        &["version"],
        "1, with the version of the program.",
        |_, family| family.sample(&[env!("CARGO_PKG_VERSION")], 1),
    ),
    metric(
        Kind::Gauge,
        "tagua_uptime_seconds",
        &[],
        "Since the process started.",
        |from, family| family.sample(&[], from.metrics.uptime().as_secs()),
    ),
    metric(
        Kind::Gauge,
        "tagua_ready",
        &[],
        "1 when /readyz says yes.",
        |from, family| family.sample(&[], u8::from(from.gauges.ready)),
    ),
    metric(
        Kind::Counter,
        "tagua_requests_total",
        &["operation", "status"],
        "Answered requests by operation (operationId of /openapi.json, none for unknown \
         addresses) and HTTP status; 499 where the client left first.",
        |from, family| {
            for row in &from.metrics.requests {
                for (status, count) in row.answered() {
                    family.sample(&[&row.operation, status], count);
                }
            }
        },
    ),
    metric(
        Kind::Histogram,
        "tagua_request_duration_seconds",
        &["operation"],
        "From a request's header to its answer's header, its body included. Lists are the \
         operations list-*.",
        |from, family| {
            for row in from.metrics.requests.iter().filter(|row| row.was_used()) {
                family.histogram(&[&row.operation], &row.duration);
            }
        },
    ),
    metric(
        Kind::Counter,
        "tagua_requests_refused_total",
        &["reason"],
        "Requests and connections turned away by a limit: rate, backlog, connections, clock.",
        |from, family| {
            for (reason, count) in from.metrics.refused.each() {
                family.sample(&[reason], count);
            }
        },
    ),
    metric(
        Kind::Counter,
        "tagua_idempotent_replays_total",
        &[],
        "Answers repeated for an Idempotency-Key that was used before.",
        |from, family| family.sample(&[], from.metrics.replays.value()),
    ),
    metric(
        Kind::Counter,
        "tagua_documents_accepted_total",
        &["type"],
        "Documents and corrections stored, by type (codDoc: 01, 03, 04, 05, 06, 07).",
        |from, family| {
            for (kind, count) in from.metrics.accepted.each() {
                family.sample(&[kind], count);
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_signing_in_progress",
        &[],
        "Documents that are signed now or wait for a signing thread.",
        |from, family| family.sample(&[], from.metrics.signing.value()),
    ),
    metric(
        Kind::Histogram,
        "tagua_signing_duration_seconds",
        &[],
        "From the wish for a signature to the signed file, the wait for a thread and the \
         unlocking of the key included.",
        |from, family| family.histogram(&[], &from.metrics.signing_time),
    ),
    metric(
        Kind::Counter,
        "tagua_signing_failures_total",
        &[],
        "Documents that were stored without a signature because it could not be made.",
        |from, family| family.sample(&[], from.metrics.not_signed.value()),
    ),
    metric(
        Kind::Counter,
        "tagua_transitions_total",
        &["stage"],
        "Steps of documents, by the stage they led to.",
        |from, family| {
            for (stage, count) in from.metrics.transitions.each() {
                family.sample(&[stage], count);
            }
        },
    ),
    metric(
        Kind::Counter,
        "tagua_sri_answers_total",
        &["service", "meaning"],
        "Readable answers of SRI by service and by what they mean for the document.",
        |from, family| {
            for (service, row) in SERVICES.iter().zip(&from.metrics.sri) {
                for (meaning, count) in row.answers.each() {
                    family.sample(&[service, meaning], count);
                }
            }
        },
    ),
    metric(
        Kind::Counter,
        "tagua_sri_messages_total",
        &["service", "code"],
        "Messages in SRI's answers by identificador; other for what is no number below 100.",
        |from, family| {
            for (service, row) in SERVICES.iter().zip(&from.metrics.sri) {
                for (code, count) in row.codes() {
                    family.sample(&[service, &code], count);
                }
            }
        },
    ),
    metric(
        Kind::Counter,
        "tagua_sri_failures_total",
        &["service", "kind"],
        "Calls to SRI without a readable answer, by kind.",
        |from, family| {
            for (service, row) in SERVICES.iter().zip(&from.metrics.sri) {
                for (kind, count) in row.failures.each() {
                    family.sample(&[service, kind], count);
                }
            }
        },
    ),
    metric(
        Kind::Histogram,
        "tagua_sri_call_duration_seconds",
        &["service"],
        "Calls to SRI, answered or not, from the first byte sent to the last one read.",
        |from, family| {
            for (service, row) in SERVICES.iter().zip(&from.metrics.sri) {
                family.histogram(&[service], &row.duration);
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_sri_breaker_open",
        &["environment", "service"],
        "1 while calls to the service are stopped but for one probe at a time; environment is \
         ambiente.",
        |from, family| {
            for (lane, open) in &from.gauges.breakers {
                let environment = lane.environment.digit().to_string();
                let service = SERVICES[service_place(lane.service)];
                family.sample(&[&environment, service], u8::from(*open));
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_workers_last_look_seconds",
        &[],
        "Since the workers last looked for work; absent where none has.",
        |from, family| {
            if let Some(since) = from.metrics.since_workers_looked() {
                family.sample(&[], since.as_secs());
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_queue_documents",
        &[],
        "Documents that SRI has not decided about. Read at most every 30 s.",
        |from, family| family.sample(&[], from.gauges.waiting),
    ),
    metric(
        Kind::Gauge,
        "tagua_unsettled_documents",
        &["issuer"],
        "Documents of an issuer (RUC) that wait: the 20 issuers that wait longest. Read at most \
         every 30 s.",
        |from, family| {
            for issuer in &from.gauges.issuers {
                family.sample(&[&issuer.ruc], issuer.waiting);
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_oldest_unsettled_seconds",
        &["issuer"],
        "Age of an issuer's (RUC) oldest document that waits: the 20 issuers that wait longest. \
         Read at most every 30 s.",
        |from, family| {
            for issuer in &from.gauges.issuers {
                family.sample(&[&issuer.ruc], issuer.oldest_seconds);
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_database_bytes",
        &[],
        "Size of the SQLite files; absent with PostgreSQL.",
        |from, family| {
            if let Some(bytes) = from.gauges.database_bytes {
                family.sample(&[], bytes);
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_disk_free_bytes",
        &[],
        "Free bytes where the data directory is.",
        |from, family| {
            if let Some(bytes) = from.gauges.disk_free {
                family.sample(&[], bytes);
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_clock_offset_seconds",
        &[],
        "This machine's clock minus that of SRI's last answer; absent before the first.",
        |from, family| {
            if let Some(seconds) = from.gauges.clock_offset_seconds {
                family.sample(&[], seconds);
            }
        },
    ),
    metric(
        Kind::Gauge,
        "tagua_clock_skewed",
        &[],
        "1 while documents of ambiente 2 are refused because the clock is wrong.",
        |from, family| family.sample(&[], u8::from(from.gauges.clock_skewed)),
    ),
    metric(
        Kind::Gauge,
        "tagua_unlocked_keys",
        &[],
        "Signing keys that are unlocked in memory.",
        |from, family| family.sample(&[], from.gauges.unlocked_keys),
    ),
];

/// `docs/metrics.md`.
pub(crate) fn document() -> String {
    let mut out = String::from(HEAD);
    for definition in &DEFINITIONS {
        let labels = definition.labels.join(", ");
        out.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            definition.name,
            definition.kind.name(),
            labels,
            definition.help
        ));
    }
    out.push_str(&format!(
        "\n`meaning` is one of {}.\n",
        ANSWERS.map(|name| format!("`{name}`")).join(", ")
    ));
    out.push_str(ALERTS);
    out
}

const HEAD: &str = "# Metrics\n\n\
<!-- TAGUA_REGENERATE=1 cargo test -p tagua-server --test metrics writes this file again. -->\n\n\
`GET /metrics` answers in Prometheus' text format 0.0.4. It needs no key; it is refused with 403 \
to whoever does not\ncome from the same machine (or comes through a proxy), unless the server runs \
with `--metrics-public`, or the\nquestion comes to the address of `--metrics-listen`. `GET /livez` \
says that the process runs, `GET /readyz` whether it\ncan do its work, and if not, why and what to \
do.\n\n\
| name | kind | labels | what |\n|---|---|---|---|\n";

const ALERTS: &str = "\n## What to be woken for\n\n\
| expression | what it means |\n|---|---|\n\
| `tagua_ready == 0` for 2 min | documents are refused; `/readyz` says why |\n\
| `max(tagua_oldest_unsettled_seconds) > 3600` | SRI has been silent for an hour, or a document hangs |\n\
| `max(tagua_sri_breaker_open) == 1` for 15 min | SRI does not answer; documents are accepted and wait |\n\
| `increase(tagua_transitions_total{stage=\"needs_attention\"}[1h]) > 0` | a person must decide about a document |\n\
| `tagua_disk_free_bytes < 1e9` | soon nothing can be stored |\n\
| `tagua_clock_skewed == 1` | documents of ambiente 2 are refused until the clock is right |\n";
