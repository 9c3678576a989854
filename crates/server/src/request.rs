//! What a handler takes out of a request: the account, the password, the body.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tagua_store::{Account, DocumentId, sha256};
use zeroize::Zeroizing;

use crate::app::App;
use crate::error::ApiError;

/// Bytes of a request body.
pub const BODY_BYTES: usize = 1024 * 1024;
/// For a body to arrive, unless the listener's limits say otherwise.
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// The listener's limit, carried by each request.
#[derive(Clone, Copy)]
pub(crate) struct BodyTime(pub(crate) Duration);

/// The document id of the address, where what stands there can be one.
pub(crate) struct PathId(Option<DocumentId>);

impl PathId {
    /// An address that cannot name a document is as absent as a document.
    pub(crate) fn id(self) -> Result<DocumentId, ApiError> {
        self.0.ok_or(ApiError::NotFound)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        Ok(Self(text.ok().and_then(|Path(text)| text.parse().ok())))
    }
}

/// The account of `X-Key`. Keys are looked up by their SHA-256, so that the
/// time of the look-up tells nothing about a key.
pub(crate) async fn account(app: &App, headers: &HeaderMap) -> Result<Account, ApiError> {
    let key = headers.get("x-key").ok_or(ApiError::Unauthorized)?;
    app.store
        .account_by_key(sha256(key.as_bytes()))
        .await?
        .ok_or(ApiError::Unauthorized)
}

/// The certificate's password. The first version's documentation misspells the
/// header; a password that is not UTF-8 is taken as Latin-1, as old clients send it.
pub(crate) fn password(headers: &HeaderMap) -> Option<Zeroizing<String>> {
    let value = headers
        .get("x-password")
        .or_else(|| headers.get("x-pasword"))?;
    let bytes = value.as_bytes();
    Some(Zeroizing::new(match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }))
}

/// The whole body, within its limits of size and time.
pub(crate) async fn body(parts: &Parts, body: Body) -> Result<Bytes, ApiError> {
    let announced = parts.headers.get("content-length");
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > BODY_BYTES) {
        return Err(ApiError::TooLarge);
    }
    let limit = parts.extensions.get::<BodyTime>();
    let limit = limit.map_or(BODY_TIME, |limit| limit.0);
    tokio::time::timeout(limit, collect(body))
        .await
        .map_err(|_| ApiError::BodyTimeout)?
}

async fn collect(mut body: Body) -> Result<Bytes, ApiError> {
    let mut first: Option<Bytes> = None;
    let mut all = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::BodyBroken)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if all.len() + first.as_ref().map_or(0, Bytes::len) + data.len() > BODY_BYTES {
            return Err(ApiError::TooLarge);
        }
        // A small body comes in one piece and is not copied.
        match first.take() {
            None if all.is_empty() => first = Some(data),
            None => all.extend_from_slice(&data),
            Some(before) => {
                all.extend_from_slice(&before);
                all.extend_from_slice(&data);
            }
        }
    }
    Ok(first.unwrap_or_else(|| all.freeze()))
}
