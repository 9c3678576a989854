//! What `open` reads and how it refuses.

#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

mod support;

use support::{NOW, PASSWORD, RUC, file, oid, pfx, sequence, tlv};
use tagua_pkcs12::{Bundle, Limits, LooksLike, MacStatus, OpenError, choose, open};

fn open_with(bytes: &[u8], password: &str) -> Result<Bundle, OpenError> {
    open(bytes, password, &Limits::default())
}

#[track_caller]
fn check_signs(name: &str, password: &str) {
    let bundle = open_with(&file(name), password).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(
        (bundle.keys.len(), bundle.certificates.len()),
        (1, 1),
        "{name}"
    );
    let choice = choose(&bundle, Some(RUC), NOW).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(choice.facts.subject.contains("CN=Firma vigente"), "{name}");
    assert_eq!(choice.warnings, [], "{name}");
}

#[test]
fn reads_the_ciphers_of_old_and_new_files() {
    for name in [
        "rc2-40-3des",
        "rc2-128",
        "rc4-128",
        "2des",
        "aes256",
        "prf-sha512",
        "no-mac-legacy",
        "ber-legacy",
        "pbmac1-sha256",
        "nested",
        "mac-sha224",
    ] {
        check_signs(&format!("{name}.p12"), PASSWORD);
    }
}

#[test]
fn reads_odd_passwords() {
    for name in ["non-ascii-legacy.p12", "non-ascii-aes.p12"] {
        check_signs(name, "contraseña-€-Ñandú");
        assert_eq!(
            open_with(&file(name), "contrasena-€-Ñandú").err(),
            Some(OpenError::WrongPassword)
        );
    }
    for name in ["empty-legacy.p12", "empty-aes.p12"] {
        check_signs(name, "");
        assert_eq!(
            open_with(&file(name), " ").err(),
            Some(OpenError::WrongPassword)
        );
    }
}

/// NSS before 3.31 gave PBES2 the UTF-16 octets.
#[test]
fn reads_utf16_passwords_under_pbes2() {
    let octets: Vec<u8> = "ab\0".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let bytes = pfx(&[support::bag(2, &shrouded_key(&octets), "", b"1")]);
    assert_eq!(open_with(&bytes, "ab").unwrap().keys.len(), 1);
    assert_eq!(
        open_with(&bytes, "ac").err(),
        Some(OpenError::WrongPassword)
    );
}

#[test]
fn tells_a_second_password_from_a_wrong_one() {
    let keys = [b"one".as_slice(), b"two"].map(shrouded_key);
    let bytes = pfx(&keys.map(|key| support::bag(2, &key, "", b"1")));
    let error = open_with(&bytes, "one").unwrap_err();
    let part = "private key";
    assert_eq!(error, OpenError::OtherPasswordInside { part });
    assert_eq!(
        open_with(&bytes, "six").err(),
        Some(OpenError::WrongPassword)
    );
}

/// A key under PBES2 with AES-256, 10 iterations of HMAC-SHA-1.
fn shrouded_key(password: &[u8]) -> Vec<u8> {
    use cbc::cipher::{BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
    let mut key = [0; 32];
    pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password, b"salt", 10, &mut key);
    let plain = support::private_key(&support::modulus(1));
    let mut data = plain.clone();
    data.resize(plain.len() + 16, 0);
    let cipher = cbc::Encryptor::<aes::Aes256>::new(&key.into(), &[7; 16].into());
    let data = cipher
        .encrypt_padded::<Pkcs7>(&mut data, plain.len())
        .unwrap();
    let parameters = sequence(&[tlv(0x04, b"salt"), tlv(0x02, &[10])]);
    let derivation = sequence(&[oid("1.2.840.113549.1.5.12"), parameters]);
    let cipher = sequence(&[oid("2.16.840.1.101.3.4.1.42"), tlv(0x04, &[7; 16])]);
    let scheme = sequence(&[
        oid("1.2.840.113549.1.5.13"),
        sequence(&[derivation, cipher]),
    ]);
    sequence(&[scheme, tlv(0x04, data)])
}

#[test]
fn reports_the_mac() {
    let mac = |name: &str| open_with(&file(name), PASSWORD).unwrap().mac;
    let verified = |algorithm: &str| MacStatus::Verified {
        algorithm: algorithm.to_owned(),
        iterations: 2048,
    };
    assert_eq!(mac("rc2-40-3des.p12"), verified("HMAC-SHA-1"));
    assert_eq!(mac("aes256.p12"), verified("HMAC-SHA-256"));
    assert_eq!(mac("pbmac1-sha256.p12"), verified("PBMAC1 HMAC-SHA-256"));
    assert_eq!(mac("no-mac-legacy.p12"), MacStatus::Absent);
}

#[test]
fn reads_names_and_ids() {
    let bundle = open_with(&file("rc2-40-3des.p12"), PASSWORD).unwrap();
    assert_eq!(bundle.keys[0].friendly_name.as_deref(), Some("Firma"));
    assert_eq!(
        bundle.certificates[0].friendly_name.as_deref(),
        Some("Firma")
    );
    assert!(bundle.keys[0].local_key_id.is_some());
    assert_eq!(
        bundle.keys[0].local_key_id,
        bundle.certificates[0].local_key_id
    );
}

#[test]
fn prints_no_secret() {
    let bundle = open_with(&file("aes256.p12"), PASSWORD).unwrap();
    let choice = choose(&bundle, Some(RUC), NOW).unwrap();
    for printed in [format!("{:?}", bundle.keys), format!("{choice:?}")] {
        assert!(printed.contains("pkcs8: ***"), "{printed}");
        let secret = format!("{:?}", &bundle.keys[0].pkcs8[..8]);
        assert!(
            !printed.contains(secret.trim_matches(['[', ']'])),
            "{printed}"
        );
    }
}

#[test]
fn every_spelling_of_the_same_key_gives_the_same_bytes() {
    let der = open_with(&file("rc2-40-3des.p12"), PASSWORD).unwrap();
    let ber = open_with(&file("ber-legacy.p12"), PASSWORD).unwrap();
    assert_eq!(der.keys[0].pkcs8, ber.keys[0].pkcs8);
    assert_eq!(der.certificates, ber.certificates);
}

#[test]
fn refuses_a_wrong_password_with_and_without_mac() {
    for name in [
        "rc2-40-3des.p12",
        "aes256.p12",
        "no-mac-legacy.p12",
        "pbmac1-sha256.p12",
    ] {
        for password in ["clave123", "Clave123 ", "", "ñ"] {
            let error = open_with(&file(name), password).unwrap_err();
            assert_eq!(error, OpenError::WrongPassword, "{name} {password:?}");
            assert_eq!(error.code(), "p12_wrong_password");
        }
    }
}

#[test]
fn keeps_to_the_iteration_budget() {
    let allowed = |iterations_max| {
        let limits = Limits {
            iterations_max,
            ..Limits::default()
        };
        open(&file("aes256.p12"), PASSWORD, &limits).map(drop)
    };
    assert_eq!(allowed(3 * 2048), Ok(()), "MAC, certificates and key");
    let error = allowed(3 * 2048 - 1).unwrap_err();
    assert_eq!(
        error,
        OpenError::TooManyIterations {
            needed: 6144,
            allowed: 6143
        }
    );
    assert!(error.message_es().contains("6144"));
}

#[test]
fn refuses_large_files_and_many_entries() {
    let bytes = file("aes256.p12");
    let limits = Limits {
        file_bytes_max: bytes.len() - 1,
        ..Limits::default()
    };
    let error = open(&bytes, PASSWORD, &limits).unwrap_err();
    assert!(matches!(error, OpenError::TooLarge { .. }), "{error}");
    let limits = Limits {
        entries_max: 3,
        ..Limits::default()
    };
    let error = open(&bytes, PASSWORD, &limits).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. }), "{error}");
    assert!(
        open(
            &bytes,
            PASSWORD,
            &Limits {
                entries_max: 4,
                ..Limits::default()
            }
        )
        .is_ok()
    );
}

#[test]
fn says_what_else_a_file_is() {
    let der = open_with(&file("aes256.p12"), PASSWORD).unwrap();
    let certificate = &der.certificates[0].der;
    for (bytes, expected) in [
        (certificate.as_slice(), LooksLike::DerCertificate),
        (&der.keys[0].pkcs8, LooksLike::DerPrivateKey),
        (b"-----BEGIN CERTIFICATE-----", LooksLike::Pem),
        (
            String::from_utf8_lossy(&file("aes256.p12")).as_bytes(),
            LooksLike::BinaryReadAsText,
        ),
    ] {
        let error = open_with(bytes, PASSWORD).unwrap_err();
        assert_eq!(error, OpenError::NotPkcs12(expected));
        assert!(error.message_es().contains(expected.description_es()));
    }
}

#[test]
fn tells_damage_from_a_wrong_password() {
    let whole = file("rc2-40-3des.p12");
    for cut in [8, 60, whole.len() / 2, whole.len() - 1] {
        let error = open_with(&whole[..cut], PASSWORD).unwrap_err();
        assert_eq!(error.code(), "p12_damaged", "cut at {cut}: {error}");
    }
    let mut altered = whole.clone();
    altered[700] ^= 1; // inside the encrypted certificates
    let error = open_with(&altered, PASSWORD).unwrap_err();
    assert!(
        matches!(error, OpenError::Damaged { part: "MAC", .. }),
        "{error}"
    );
    assert_eq!(
        open_with(&altered, "otra").err(),
        Some(OpenError::WrongPassword)
    );
}

#[test]
fn ignores_what_follows_the_file() {
    let mut bytes = file("aes256.p12");
    bytes.extend_from_slice(b"\r\n");
    assert!(open_with(&bytes, PASSWORD).is_ok());
}

#[test]
fn names_what_it_does_not_support() {
    let version = sequence(&[tlv(0x02, &[4]), sequence(&[])]);
    let signed = sequence(&[
        tlv(0x02, &[3]),
        sequence(&[oid("1.2.840.113549.1.7.2"), tlv(0xa0, &sequence(&[]))]),
    ]);
    let algorithm = sequence(&[oid("1.2.840.113549.1.5.3"), sequence(&[])]);
    let shrouded = support::bag(2, &sequence(&[algorithm, tlv(0x04, &[0; 16])]), "", &[]);
    for (bytes, name) in [
        (version, "4"),
        (signed, "1.2.840.113549.1.7.2"),
        (pfx(&[shrouded]), "1.2.840.113549.1.5.3"),
    ] {
        let error = open_with(&bytes, PASSWORD).unwrap_err();
        assert!(
            matches!(&error, OpenError::Unsupported { oid, .. } if oid == name),
            "{error}"
        );
        assert!(error.message_es().contains(name));
    }
}

#[test]
fn passes_over_entries_of_no_use() {
    let secret = support::bag(5, &sequence(&[]), "", &[]);
    let bundle = open_with(&pfx(&[secret]), "").unwrap();
    assert!(bundle.keys.is_empty() && bundle.certificates.is_empty());
}

#[test]
fn refuses_safes_inside_safes_without_end() {
    let nest = |depth| {
        (0..depth).fold(vec![], |inner, _| {
            support::bag(6, &sequence(&[inner]), "", &[])
        })
    };
    assert!(open_with(&pfx(&[nest(8)]), "").is_ok());
    let error = open_with(&pfx(&[nest(10)]), "").unwrap_err();
    assert!(
        matches!(
            error,
            OpenError::Damaged {
                problem: "nested too deep",
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn codes_are_unique_and_messages_say_what_to_do() {
    let all = [
        OpenError::NotPkcs12(LooksLike::Empty),
        OpenError::Damaged {
            part: "PFX",
            offset: 7,
            problem: "x",
        },
        OpenError::Unsupported {
            what: "MAC",
            oid: "1.2.3".to_owned(),
        },
        OpenError::WrongPassword,
        OpenError::OtherPasswordInside {
            part: "private key",
        },
        OpenError::TooManyIterations {
            needed: 2,
            allowed: 1,
        },
        OpenError::TooLarge {
            bytes: 2,
            allowed: 1,
        },
    ];
    let codes: std::collections::BTreeSet<_> = all.iter().map(OpenError::code).collect();
    assert_eq!(codes.len(), all.len());
    for error in all {
        assert!(error.code().starts_with("p12_"));
        assert!(error.message_es().ends_with('.'), "{}", error.message_es());
        assert!(
            error.message_es().matches(". ").count() >= 1,
            "{}",
            error.message_es()
        );
    }
}
