//! Signatures against OpenSSL's, against `aws-lc-rs`, and from many threads.

use std::{sync::Arc, thread};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{
        KeyPair as _, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
        RSA_PKCS1_SHA256, UnparsedPublicKey,
    },
};
use tagua_rsa::{Hash, RsaError, RsaKey, RsaPublicKey};

const PKCS8: &[u8] = include_bytes!("vectors/rsa2048.pkcs8.der");
const MESSAGE: &[u8] = b"comprobante";
const HASHES: [Hash; 2] = [Hash::Sha1, Hash::Sha256];

fn key() -> RsaKey {
    RsaKey::from_pkcs8(PKCS8).expect("a sound key")
}

fn sign(key: &RsaKey, hash: Hash, message: &[u8]) -> Vec<u8> {
    key.sign(hash, hash.digest(message).as_ref())
        .expect("signed")
}

#[test]
fn equals_the_known_answers() {
    let sha1 = include_bytes!("vectors/comprobante.sha1.sig");
    let sha256 = include_bytes!("vectors/comprobante.sha256.sig");
    assert_eq!(sign(&key(), Hash::Sha1, MESSAGE), sha1);
    assert_eq!(sign(&key(), Hash::Sha256, MESSAGE), sha256);
}

#[test]
fn agrees_with_aws_lc_rs_for_every_length() {
    for size in [KeySize::Rsa2048, KeySize::Rsa4096] {
        let pair = KeyPair::generate(size).unwrap();
        let der: Pkcs8V1Der = pair.as_der().unwrap();
        let key = RsaKey::from_pkcs8(der.as_ref()).unwrap();

        let mut expected = vec![0; pair.public_modulus_len()];
        pair.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            MESSAGE,
            &mut expected,
        )
        .unwrap();
        assert_eq!(sign(&key, Hash::Sha256, MESSAGE), expected);

        let public = pair.public_key().as_ref();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public)
            .verify(MESSAGE, &expected)
            .unwrap();
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, public)
            .verify(MESSAGE, &sign(&key, Hash::Sha1, MESSAGE))
            .unwrap();
    }
}

#[test]
fn verifies_only_the_same_digest_hash_and_key() {
    let public = key().public_key().unwrap();
    let stranger = RsaPublicKey::from_components(&[0xff; 256], &[1, 0, 1]).unwrap();
    for (hash, other) in [(Hash::Sha1, Hash::Sha256), (Hash::Sha256, Hash::Sha1)] {
        let digest = hash.digest(MESSAGE);
        let signature = sign(&key(), hash, MESSAGE);
        assert_eq!(public.verify(hash, digest.as_ref(), &signature), Ok(()));

        let mismatch = Err(RsaError::Mismatch);
        let changed = hash.digest(b"comprobantf");
        assert_eq!(public.verify(hash, changed.as_ref(), &signature), mismatch);
        assert_eq!(
            public.verify(other, other.digest(MESSAGE).as_ref(), &signature),
            mismatch
        );
        assert_eq!(stranger.verify(hash, digest.as_ref(), &signature), mismatch);
        for wrong in [&signature[1..], &[], &[signature.as_slice(), &[0]].concat()] {
            assert_eq!(public.verify(hash, digest.as_ref(), wrong), mismatch);
        }
        for position in 0..signature.len() {
            let mut bent = signature.clone();
            bent[position] ^= 1;
            assert_eq!(public.verify(hash, digest.as_ref(), &bent), mismatch);
        }
    }
}

#[test]
fn refuses_a_digest_of_another_length() {
    let public = key().public_key().unwrap();
    for (hash, expected) in [(Hash::Sha1, 20), (Hash::Sha256, 32)] {
        assert_eq!(hash.length(), expected);
        for found in [0, 16, expected - 1, expected + 1, 64] {
            let refused = RsaError::DigestLength { expected, found };
            assert_eq!(key().sign(hash, &vec![7; found]), Err(refused));
            assert_eq!(
                public.verify(hash, &vec![7; found], &[7; 256]),
                Err(refused)
            );
        }
    }
}

#[test]
fn digests_of_parts_are_digests_of_the_whole() {
    for hash in HASHES {
        let parts = hash.digest_parts(&[b"compro", b"", b"bante"]);
        assert_eq!(parts.as_ref(), hash.digest(MESSAGE).as_ref());
    }
}

/// A stale message on AWS-LC's queue of the thread would show up in somebody else's call.
#[test]
fn a_failure_leaves_nothing_behind_for_the_next_call() {
    assert_eq!(
        RsaKey::from_pkcs8(b"\x30\x00").unwrap_err(),
        RsaError::Damaged
    );
    let p256 = include_bytes!("vectors/p256.pkcs8.der");
    assert_eq!(RsaKey::from_pkcs8(p256).unwrap_err(), RsaError::NotRsa);
    assert_eq!(RsaKey::from_pkcs8(&[]).unwrap_err(), RsaError::Damaged);
    assert_eq!(sign(&key(), Hash::Sha1, MESSAGE).len(), 256);
}

#[test]
fn one_key_signs_from_many_threads() {
    let key = Arc::new(key());
    let public = Arc::new(key.public_key().unwrap());
    let workers: Vec<_> = (0..16)
        .map(|worker| {
            let (key, public) = (Arc::clone(&key), Arc::clone(&public));
            thread::spawn(move || {
                for round in 0..40 {
                    let hash = HASHES[round % 2];
                    let digest = hash.digest(format!("{worker}/{round}").as_bytes());
                    let signature = key.sign(hash, digest.as_ref()).unwrap();
                    public.verify(hash, digest.as_ref(), &signature).unwrap();
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    assert_eq!(
        sign(&key, Hash::Sha1, MESSAGE),
        sign(&self::key(), Hash::Sha1, MESSAGE)
    );
}
