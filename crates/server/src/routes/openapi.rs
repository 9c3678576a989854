//! The description of the API, for programs and for people.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

use crate::app::App;
use crate::openapi;
use crate::request_id;

/// `GET /openapi.json`.
pub(super) async fn description() -> Response {
    let mut response = Response::new(Body::from(openapi::text()));
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// `GET /docs`. Nothing but its own style and script runs, and it may ask
/// nobody but this server.
pub(super) async fn page(State(app): State<App>) -> Response {
    let nonce = request_id::new(&*app.random);
    let nonce = nonce.to_str().unwrap_or_default();
    let mut response = Response::new(Body::from(openapi::page(nonce)));
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let set = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in set {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
