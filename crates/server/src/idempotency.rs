//! `Idempotency-Key`: a repeated request gets the first one's answer and does
//! nothing (CONTRACT 4.9).
//!
//! The answer is stored in the transaction that stores the document. Equal
//! requests that come at once wait here for the first; between processes, and
//! when a client left while its document was being stored, the store decides.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256};
use axum::http::HeaderMap;
use bytes::Bytes;
use parking_lot::Mutex;
use tagua_pipeline::Clock;
use tagua_store::{AccountId, IdempotentAnswer, NewIdempotency, Store, UnixMillis, hex, sha256};
use tagua_wire::{ErrorCode, WireFinding};
use tokio::sync::OwnedMutexGuard;

use crate::error::ApiError;
use crate::wishes::{COMPLETE, PROFILE};

/// How long an answer is kept. CONTRACT 4.9 wants a day at least.
const KEPT_MILLISECONDS: i64 = 30 * 86_400_000;
/// How often expired answers are looked for.
const FORGET_EVERY: Duration = Duration::from_secs(3600);
/// Characters of a key. Dátil writes 16 to 48; clients in the wild send fewer.
const KEY_MAX: usize = 255;
const HEADER: &str = "Idempotency-Key";

/// A key with what it was sent for.
pub(crate) struct Once {
    key: String,
    fingerprint: [u8; 32],
}

impl Once {
    /// The key of a request, if it has one.
    pub(crate) fn read(
        headers: &HeaderMap,
        path: &str,
        body: &Bytes,
    ) -> Result<Option<Self>, ApiError> {
        let Some(value) = headers.get(HEADER) else {
            return Ok(None);
        };
        let sent = value.as_bytes();
        let length = std::str::from_utf8(sent).map_or(sent.len(), |text| text.chars().count());
        if !(1..=KEY_MAX).contains(&length) {
            let details = format!("Debe tener de 1 a {KEY_MAX} caracteres; un UUID sirve");
            return Err(refusal(ErrorCode::InvalidLength, details, body));
        }
        Ok(Some(Self {
            key: name(sent),
            fingerprint: fingerprint(headers, path, body),
        }))
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// What the store keeps with the document.
    pub(crate) fn remember(&self, answer: &str, at: UnixMillis) -> NewIdempotency {
        let mut kept = at.0.to_be_bytes().to_vec();
        kept.extend_from_slice(answer.as_bytes());
        NewIdempotency {
            key: self.key.clone(),
            fingerprint: self.fingerprint,
            answer: kept,
            expires_at: UnixMillis(at.0.saturating_add(KEPT_MILLISECONDS)),
        }
    }

    /// The answer that is stored under the key, if this is the same request.
    pub(crate) fn repeat(&self, found: IdempotentAnswer, body: &Bytes) -> Result<String, ApiError> {
        const UNREADABLE: ApiError = ApiError::Internal("a stored answer cannot be read");
        let (at, answer) = found.answer.split_first_chunk::<8>().ok_or(UNREADABLE)?;
        if found.fingerprint != self.fingerprint {
            let since = jiff::Timestamp::from_millisecond(i64::from_be_bytes(*at))
                .map_err(|_| UNREADABLE)?;
            let since = crate::app::in_ecuador(since).strftime("%d/%m/%Y %H:%M:%S");
            let details = format!(
                "La clave se usó el {since} con otra petición, que dio el documento {}. Envíe la \
                 misma petición para repetir su respuesta, u otra clave para una nueva.",
                found.document
            );
            return Err(refusal(ErrorCode::InvalidValue, details, body));
        }
        String::from_utf8(answer.to_vec()).map_err(|_| UNREADABLE)
    }
}

/// What the store knows the key by, 255 bytes at most: itself, or of another
/// alphabet its digest, with a mark in front that no header can hold.
fn name(key: &[u8]) -> String {
    match std::str::from_utf8(key) {
        Ok(text) if text.is_ascii() => text.to_owned(),
        _ => format!("\u{1}{}", hex(&sha256(key))),
    }
}

fn refusal(code: ErrorCode, details: String, body: &Bytes) -> ApiError {
    ApiError::refused(
        vec![WireFinding::new(HEADER.to_owned(), code, details)],
        body,
    )
}

/// SHA-256 of everything that decides the answer. The password does not: a
/// repetition spends no signature.
fn fingerprint(headers: &HeaderMap, path: &str, body: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    let header = |name| headers.get(name).map_or(&b""[..], |value| value.as_bytes());
    for part in [path.as_bytes(), header(PROFILE), header(COMPLETE), body] {
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
        context.update(&length.to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

type Locks = Mutex<HashMap<(AccountId, String), Arc<tokio::sync::Mutex<()>>>>;

/// The keys whose requests are under way in this process.
#[derive(Clone, Default)]
pub struct Turns(Arc<Inner>);

#[derive(Default)]
struct Inner {
    locks: Locks,
    /// Whether a task is there that deletes expired answers.
    swept: AtomicBool,
}

impl Turns {
    /// Waits until no other request of the account with this key is under way.
    /// Whoever leaves, done or not, lets the next one go on.
    pub(crate) async fn wait(&self, account: AccountId, once: &Once) -> Turn {
        let name = (account, once.key.clone());
        let lock = Arc::clone(self.0.locks.lock().entry(name.clone()).or_default());
        let place = Place {
            turns: Arc::clone(&self.0),
            name,
        };
        let guard = lock.lock_owned().await;
        Turn {
            _guard: guard,
            _place: place,
        }
    }
}

impl Turns {
    /// Whether no request with a key is under way.
    pub fn is_empty(&self) -> bool {
        self.0.locks.lock().is_empty()
    }

    /// Starts deleting expired answers, once: with the first key that comes.
    pub(crate) fn sweep(&self, store: &Arc<dyn Store>, clock: &Arc<dyn Clock>) {
        if !self.0.swept.swap(true, Ordering::AcqRel) {
            tokio::spawn(forget_expired(Arc::downgrade(store), Arc::clone(clock)));
        }
    }
}

/// Deletes expired answers every hour while the store is in use.
async fn forget_expired(store: Weak<dyn Store>, clock: Arc<dyn Clock>) {
    while let Some(store) = store.upgrade() {
        if let Err(error) = store.forget_idempotent_answers(clock.now()).await {
            tracing::warn!(%error, "expired idempotency keys could not be deleted");
        }
        drop(store);
        tokio::time::sleep(FORGET_EVERY).await;
    }
}

/// Held while a request with a key is under way. The guard goes first: the
/// place counts who is left.
pub(crate) struct Turn {
    _guard: OwnedMutexGuard<()>,
    _place: Place,
}

/// Somebody who waits or works under a key.
struct Place {
    turns: Arc<Inner>,
    name: (AccountId, String),
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut locks = self.turns.locks.lock();
        if let Entry::Occupied(entry) = locks.entry(self.name.clone())
            && Arc::strong_count(entry.get()) == 1
        {
            entry.remove();
        }
    }
}
