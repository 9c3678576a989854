//! `X-Request-Id`: the name under which an answer and its log lines are found.

use std::fmt::Write;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use tagua_pipeline::Random;
use tracing::Span;

/// The header, in requests and in answers.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

const LONGEST: usize = 128;

/// The client's own id when it is 1 to 128 visible ASCII characters, else a new one.
pub(crate) fn of(headers: &HeaderMap, random: &dyn Random) -> HeaderValue {
    let sent = headers.get(HEADER).filter(|id| is_plain(id.as_bytes()));
    sent.cloned().unwrap_or_else(|| new(random))
}

/// 128 random bits in hexadecimal digits.
pub(crate) fn new(random: &dyn Random) -> HeaderValue {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    let mut text = String::with_capacity(32);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("-"))
}

/// What every log line of the request carries. Of the level of errors, so that
/// no filter lets a line through and leaves its request out.
pub(crate) fn span(id: &HeaderValue) -> Span {
    let id = id.to_str().unwrap_or_default();
    tracing::error_span!("request", request_id = id)
}

fn is_plain(id: &[u8]) -> bool {
    (1..=LONGEST).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
}
