//! No input makes the crate panic or work without end.

mod support;

use std::time::Instant;

use proptest::prelude::*;
use support::{NOW, PASSWORD, RUC, file, tlv};
use tagua_pkcs12::{CertificateFacts, Limits, choose, open};

/// Opens and, when that works, goes through everything that follows.
fn exercise(bytes: &[u8], password: &str) {
    let limits = Limits {
        iterations_max: 20_000,
        ..Limits::default()
    };
    match open(bytes, password, &limits) {
        Err(error) => assert!(!error.message_es().is_empty()),
        Ok(bundle) => {
            for entry in &bundle.certificates {
                let _ = CertificateFacts::read(&entry.der);
            }
            let _ = choose(&bundle, Some(RUC), NOW).map_err(|error| error.message_es());
        }
    }
}

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let names = [
        "rc2-40-3des",
        "ber-legacy",
        "no-mac-legacy",
        "nested",
        "pbmac1-sha256",
        "ec",
    ];
    prop::sample::select(names.to_vec()).prop_map(|name| file(&format!("{name}.p12")))
}

/// Overwrites bytes, then cuts.
fn mutate(
    mut bytes: Vec<u8>,
    changes: &[(prop::sample::Index, u8)],
    cut: Option<prop::sample::Index>,
) -> Vec<u8> {
    for (index, value) in changes {
        let position = index.index(bytes.len());
        bytes[position] = *value;
    }
    if let Some(cut) = cut {
        bytes.truncate(cut.index(bytes.len()));
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn mutated_files(
        bytes in any_file(),
        changes in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 0..6),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        exercise(&mutate(bytes, &changes, cut), PASSWORD);
    }

    /// Most structure lies at the beginning of `nested.p12`, which encrypts nothing.
    #[test]
    fn mutated_headers(changes in prop::collection::vec((0_usize..160, any::<u8>()), 1..4)) {
        let mut bytes = support::pfx(&[support::certificate_bag(
            &support::Certificate::default().der(), "Firma", b"1",
        )]);
        for (position, value) in changes {
            bytes[position] = value;
        }
        exercise(&bytes, "");
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300), password in ".{0,8}") {
        exercise(&bytes, &password);
        exercise(&[&[0x30, 0x80, 2, 1, 3][..], &bytes].concat(), &password);
        let _ = CertificateFacts::read(&bytes);
    }

    #[test]
    fn mutated_certificates(changes in prop::collection::vec(any::<(prop::sample::Index, u8)>(), 0..6)) {
        let der = support::Certificate::default().der();
        let _ = CertificateFacts::read(&mutate(der, &changes, None));
    }
}

#[test]
fn deep_nesting_is_refused_in_time() {
    let started = Instant::now();
    for header in [&[0x30, 0x80][..], &[0x24, 0x80], &[0xa0, 0x80]] {
        let bomb = [&[0x30, 0x80, 2, 1, 3][..], &header.repeat(500_000)].concat();
        assert!(open(&bomb, "", &Limits::default()).is_err());
    }
    let mut definite = vec![];
    for _ in 0..2_000 {
        definite = tlv(0x30, &definite);
    }
    assert!(
        open(
            &[&[0x30, 0x80, 2, 1, 3][..], &definite].concat(),
            "",
            &Limits::default()
        )
        .is_err()
    );
    assert!(
        started.elapsed().as_secs() < 20,
        "took {:?}",
        started.elapsed()
    );
}
