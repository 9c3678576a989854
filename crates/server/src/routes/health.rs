//! For whoever watches over the server: `/livez`, `/readyz`, `/metrics`.

use std::net::SocketAddr;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::app::App;
use crate::error::{ApiError, json};
use crate::metrics::{MEDIA_TYPE, Reading};
use tagua_wire::JsonWriter;

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// The process runs.
pub(super) async fn live() -> Response {
    let mut writer = JsonWriter::default();
    writer.object(|w| {
        w.key("vivo");
        w.boolean(true);
    });
    json(StatusCode::OK, writer.finish())
}

/// Whether documents can be accepted and carried on; 503 with reasons if not.
pub(super) async fn ready(State(app): State<App>) -> Response {
    let report = app.health.report(&app).await;
    let status = match report.ready() {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let mut response = json(status, report.json());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !report.ready() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

/// Every metric, for those who may see them.
pub(super) async fn metrics(
    State(app): State<App>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if !app.config.metrics_public && !is_near(peer, &headers) {
        return Err(ApiError::MetricsRefused);
    }
    let gauges = app.health.gauges(&app).await;
    let reading = Reading {
        metrics: &app.metrics,
        gauges: &gauges,
    };
    let mut response = Response::new(Body::from(reading.text()));
    let kind = HeaderValue::from_static(MEDIA_TYPE);
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// On this machine, and not a proxy that speaks for somebody else.
fn is_near(peer: Option<Extension<Peer>>, headers: &HeaderMap) -> bool {
    const FORWARDED: [&str; 3] = ["forwarded", "x-forwarded-for", "x-real-ip"];
    let loopback = peer.is_some_and(|Extension(Peer(peer))| peer.ip().to_canonical().is_loopback());
    loopback && FORWARDED.iter().all(|name| !headers.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use axum::Extension;
    use axum::http::{HeaderMap, HeaderValue};

    use super::{Peer, is_near};

    #[test]
    fn only_this_machine_itself_is_near() {
        let from = |address: &str| Some(Extension(Peer(address.parse().unwrap())));
        let none = HeaderMap::new();
        for (address, near) in [
            ("127.0.0.1:9", true),
            ("127.8.8.8:9", true),
            ("[::1]:9", true),
            ("[::ffff:127.0.0.1]:9", true),
            ("192.0.2.1:9", false),
            ("[2001:db8::1]:9", false),
            ("[::ffff:192.0.2.1]:9", false),
        ] {
            assert_eq!(is_near(from(address), &none), near, "{address}");
        }
        assert!(!is_near(None, &none));
        for name in ["forwarded", "x-forwarded-for", "x-real-ip"] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static("192.0.2.1"));
            assert!(!is_near(from("127.0.0.1:9"), &headers), "{name}");
        }
    }
}
