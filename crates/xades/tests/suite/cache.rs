//! Unlocked keys: who finds them, how long, and how many.

use std::{sync::Arc, thread};

use tagua_xades::{CAPACITY_DEFAULT, IDLE_MS_DEFAULT, KeyCache, SigningKey};

use crate::support::keys::{ISSUER, SERIAL, rsa2048};

fn key() -> Arc<SigningKey> {
    let key = rsa2048();
    let signing = SigningKey::from_parts(&key.pkcs8, &key.certificate, ISSUER, SERIAL);
    Arc::new(signing.expect("a pair"))
}

fn cache(capacity: usize, idle_ms: u64) -> KeyCache {
    KeyCache::with_limits(&[7; 32], capacity, idle_ms)
}

#[test]
fn finds_a_key_by_certificate_and_password_only() {
    let (cache, key) = (cache(10, 100), key());
    cache.insert(b"crt_1", b"secreto", Arc::clone(&key), 0);
    let found = cache.get(b"crt_1", b"secreto", 1).unwrap();
    assert!(Arc::ptr_eq(&found, &key));
    for (certificate, password) in [
        ("crt_1", "Secreto"),
        ("crt_1", ""),
        ("crt_2", "secreto"),
        ("", "crt_1\0secreto"),
        ("crt_1s", "ecreto"),
        ("crt_1\0secreto", ""),
    ] {
        assert!(
            cache
                .get(certificate.as_bytes(), password.as_bytes(), 1)
                .is_none()
        );
    }
}

#[test]
fn a_zero_byte_does_not_move_the_border() {
    let cache = cache(10, 100);
    cache.insert(b"a\0b", b"c", key(), 0);
    assert!(cache.get(b"a", b"b\0c", 0).is_none());
    assert!(cache.get(b"a\0b", b"c", 0).is_some());
}

#[test]
fn drops_keys_that_are_idle() {
    let cache = cache(10, 100);
    cache.insert(b"a", b"", key(), 1000);
    assert!(cache.get(b"a", b"", 1099).is_some());
    assert!(
        cache.get(b"a", b"", 1198).is_some(),
        "use starts the time anew"
    );
    assert!(cache.get(b"a", b"", 1298).is_none());
    assert!(cache.is_empty());
}

#[test]
fn drops_idle_keys_when_nothing_is_signed() {
    let (cache, key) = (cache(10, 100), key());
    cache.insert(b"a", b"", Arc::clone(&key), 0);
    cache.insert(b"b", b"", Arc::clone(&key), 50);
    cache.expire(120);
    assert_eq!(cache.len(), 1);
    assert_eq!(Arc::strong_count(&key), 2);
    cache.expire(150);
    assert!(cache.is_empty());
}

#[test]
fn a_clock_that_goes_back_drops_nothing() {
    let cache = cache(10, 100);
    cache.insert(b"a", b"", key(), 1000);
    assert!(cache.get(b"a", b"", 0).is_some());
    assert!(cache.get(b"a", b"", 1099).is_some());
}

#[test]
fn makes_room_by_dropping_the_least_used() {
    let (cache, key) = (cache(2, 100), key());
    cache.insert(b"a", b"", Arc::clone(&key), 1);
    cache.insert(b"b", b"", Arc::clone(&key), 2);
    assert!(cache.get(b"a", b"", 3).is_some());
    cache.insert(b"a", b"", Arc::clone(&key), 4);
    assert_eq!(cache.len(), 2, "the same key again needs no room");
    cache.insert(b"c", b"", Arc::clone(&key), 5);
    assert_eq!(cache.len(), 2);
    assert!(cache.get(b"b", b"", 6).is_none());
    assert!(cache.get(b"a", b"", 6).is_some());
    assert!(cache.get(b"c", b"", 6).is_some());
}

#[test]
fn capacity_zero_keeps_nothing() {
    let cache = cache(0, 100);
    cache.insert(b"a", b"", key(), 0);
    assert!(cache.get(b"a", b"", 0).is_none());
    assert!(cache.is_empty());
}

#[test]
fn clear_drops_all_and_returns_their_memory() {
    let (cache, key) = (KeyCache::new(&[1; 32]), key());
    for id in 0..=u8::MAX {
        cache.insert(&[id], b"", Arc::clone(&key), 0);
    }
    assert_eq!(cache.len(), CAPACITY_DEFAULT);
    cache.insert(b"one more", b"", Arc::clone(&key), IDLE_MS_DEFAULT - 1);
    assert_eq!(cache.len(), CAPACITY_DEFAULT);
    cache.clear();
    assert!(cache.is_empty());
    assert_eq!(Arc::strong_count(&key), 1);
}

#[test]
fn serves_many_threads() {
    let (cache, key) = (Arc::new(cache(4, 1000)), key());
    let workers: Vec<_> = (0..8_u8)
        .map(|worker| {
            let (cache, key) = (Arc::clone(&cache), Arc::clone(&key));
            thread::spawn(move || {
                for now in 0..200 {
                    cache.insert(&[worker], b"x", Arc::clone(&key), now);
                    cache.get(&[worker ^ 1], b"x", now);
                    assert!(cache.len() <= 4);
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    assert_eq!(cache.len(), 4);
}

#[test]
fn debug_text_holds_no_secret() {
    let cache = cache(2, 100);
    cache.insert(b"crt_1", b"secreto", key(), 1);
    let text = format!("{cache:?}");
    assert_eq!(text, "KeyCache { keys: 1, capacity: 2, idle_ms: 100, .. }");
}
