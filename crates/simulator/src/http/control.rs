//! `POST /simulator/control`: what the next requests meet.

use std::net::SocketAddr;

use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request, StatusCode};
use serde::{Deserialize, Serialize};

use super::{Reply, plain, read_body, typed};
use crate::faults::Fault;
use crate::ledger::Service;
use crate::simulator::Inner;

/// `{"next": [{"fault": "truncated"}], "service": "recepcion", "clear": false,
/// "clock": "2026-12-15T09:00:00-05:00"}`, each member optional.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(default)]
    next: Vec<Fault>,
    #[serde(default = "reception")]
    service: Service,
    /// Forget what waits in both queues first.
    #[serde(default)]
    clear: bool,
    /// Set the clock; it goes on from there.
    #[serde(default)]
    clock: Option<String>,
}

fn reception() -> Service {
    Service::Recepcion
}

#[derive(Serialize)]
struct Waiting {
    recepcion: usize,
    autorizacion: usize,
}

pub(super) async fn handle(inner: &Inner, peer: SocketAddr, request: Request<Incoming>) -> Reply {
    if !peer.ip().to_canonical().is_loopback() {
        return plain(StatusCode::FORBIDDEN, "only from this machine");
    }
    if request.method() == Method::GET {
        return waiting(inner);
    }
    if request.method() != Method::POST {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "GET or POST");
    }
    // A web page in a browser on this machine can send a form, but not this type.
    let content_type = request.headers().get(CONTENT_TYPE);
    let is_json = content_type.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if !is_json {
        return plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "application/json");
    }
    let body = match read_body(request).await {
        Ok(body) => body,
        Err(reply) => return reply,
    };
    match serde_json::from_slice(&body) {
        Ok(order) => obey(inner, order),
        Err(error) => plain(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

fn obey(inner: &Inner, order: Order) -> Reply {
    if let Some(clock) = &order.clock {
        let Ok(clock) = clock.parse::<jiff::Timestamp>() else {
            let form = "clock: a time like 2026-12-15T09:00:00-05:00";
            return plain(StatusCode::BAD_REQUEST, form);
        };
        inner.clock.set(clock.as_millisecond());
    }
    if order.clear {
        inner.faults.clear();
    }
    if inner.faults.add(order.service, order.next) {
        return waiting(inner);
    }
    let reason = "too many faults, or one that the service does not have";
    plain(StatusCode::BAD_REQUEST, reason)
}

fn waiting(inner: &Inner) -> Reply {
    let waiting = Waiting {
        recepcion: inner.faults.waiting(Service::Recepcion),
        autorizacion: inner.faults.waiting(Service::Autorizacion),
    };
    let text = serde_json::to_string(&waiting).unwrap_or_default();
    typed(StatusCode::OK, "application/json", text)
}
