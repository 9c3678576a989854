//! Unlocked keys, kept for a while so that the next document need not unlock again.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::hmac;

use crate::SigningKey;

/// Keys that a cache holds at most, unless told otherwise.
pub const CAPACITY_DEFAULT: usize = 256;

/// Milliseconds after its last use at which a key is dropped, unless told otherwise.
pub const IDLE_MS_DEFAULT: u64 = 10 * 60 * 1000;

/// Bounded cache of unlocked keys, by certificate and password.
///
/// A password is never stored, only an HMAC-SHA256 of it under a key of this process: a
/// wrong password finds nothing, and neither the lookup's time nor the memory of a dead
/// process tells how wrong it was. Keys leave when idle for too long, and the one that
/// was not used for longest when there is no room. Usable from many threads.
///
/// Times are monotonic milliseconds from any origin, the same in all calls.
pub struct KeyCache {
    tag_key: hmac::Key,
    capacity: usize,
    idle_ms: u64,
    entries: Mutex<HashMap<Tag, Entry>>,
}

type Tag = [u8; 32];

struct Entry {
    key: Arc<SigningKey>,
    used_ms: u64,
}

impl KeyCache {
    /// A cache with [`CAPACITY_DEFAULT`] and [`IDLE_MS_DEFAULT`]. `process_key` is random
    /// and lives no longer than the process.
    pub fn new(process_key: &[u8; 32]) -> Self {
        Self::with_limits(process_key, CAPACITY_DEFAULT, IDLE_MS_DEFAULT)
    }

    /// A cache of at most `capacity` keys, each kept until `idle_ms` after its last use.
    /// Capacity 0 keeps nothing.
    pub fn with_limits(process_key: &[u8; 32], capacity: usize, idle_ms: u64) -> Self {
        Self {
            tag_key: hmac::Key::new(hmac::HMAC_SHA256, process_key),
            capacity,
            idle_ms,
            entries: Mutex::default(),
        }
    }

    /// The key of a certificate, if it was inserted with the same password and is not idle
    /// for too long. Counts as a use.
    pub fn get(
        &self,
        certificate_id: &[u8],
        password: &[u8],
        now_ms: u64,
    ) -> Option<Arc<SigningKey>> {
        let tag = self.tag(certificate_id, password);
        let mut entries = self.entries();
        self.drop_idle(&mut entries, now_ms);
        let entry = entries.get_mut(&tag)?;
        entry.used_ms = entry.used_ms.max(now_ms);
        Some(Arc::clone(&entry.key))
    }

    /// Keeps a key that `password` unlocked.
    pub fn insert(
        &self,
        certificate_id: &[u8],
        password: &[u8],
        key: Arc<SigningKey>,
        now_ms: u64,
    ) {
        if self.capacity == 0 {
            return;
        }
        let tag = self.tag(certificate_id, password);
        let mut entries = self.entries();
        self.drop_idle(&mut entries, now_ms);
        if entries.len() >= self.capacity && !entries.contains_key(&tag) {
            drop_least_used(&mut entries);
        }
        let used_ms = now_ms;
        entries.insert(tag, Entry { key, used_ms });
    }

    /// Drops the keys that are idle for too long. Every other call does the same; this one
    /// is for a process that has nothing to sign.
    pub fn expire(&self, now_ms: u64) {
        self.drop_idle(&mut self.entries(), now_ms);
    }

    /// Drops all keys. A signature that is under way keeps its own until it is done.
    pub fn clear(&self) {
        self.entries().clear();
    }

    /// Number of keys held, idle ones included.
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether no key is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn tag(&self, certificate_id: &[u8], password: &[u8]) -> Tag {
        let mut context = hmac::Context::with_key(&self.tag_key);
        // The length keeps an id with a zero byte from reaching into the password.
        context.update(&(certificate_id.len() as u64).to_be_bytes());
        context.update(certificate_id);
        context.update(&[0]);
        context.update(password);
        let mut tag = Tag::default();
        tag.copy_from_slice(context.sign().as_ref());
        tag
    }

    fn drop_idle(&self, entries: &mut HashMap<Tag, Entry>, now_ms: u64) {
        entries.retain(|_, entry| now_ms.saturating_sub(entry.used_ms) < self.idle_ms);
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Tag, Entry>> {
        // No code here can panic halfway through a change of the map.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache")
            .field("keys", &self.len())
            .field("capacity", &self.capacity)
            .field("idle_ms", &self.idle_ms)
            .finish_non_exhaustive()
    }
}

fn drop_least_used(entries: &mut HashMap<Tag, Entry>) {
    let oldest = entries.iter().min_by_key(|(_, entry)| entry.used_ms);
    if let Some(tag) = oldest.map(|(tag, _)| *tag) {
        entries.remove(&tag);
    }
}
