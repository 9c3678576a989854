//! Which keys are taken, which are refused and why, and what a key tells of itself.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use tagua_rsa::{RsaError, RsaKey, RsaPublicKey};

const PKCS8: &[u8] = include_bytes!("vectors/rsa2048.pkcs8.der");

#[test]
fn reads_keys_of_every_usual_length() {
    for (size, bits) in [
        (KeySize::Rsa2048, 2048),
        (KeySize::Rsa3072, 3072),
        (KeySize::Rsa4096, 4096),
    ] {
        let pair = KeyPair::generate(size).unwrap();
        let der: Pkcs8V1Der = pair.as_der().unwrap();
        let key = RsaKey::from_pkcs8(der.as_ref()).unwrap();
        assert_eq!(key.modulus_bits(), bits);
        assert_eq!(key.public_modulus().len() as u32, bits / 8);
        let spki: PublicKeyX509Der = pair.public_key().as_der().unwrap();
        let position = spki.as_ref().len() - key.public_modulus().len() - 5;
        assert_eq!(
            spki.as_ref()[position..][..bits as usize / 8],
            key.public_modulus()
        );
        assert_eq!(key.public_exponent(), [1, 0, 1]);
    }
}

#[test]
fn reads_the_public_key_of_a_certificate() {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let spki: PublicKeyX509Der = pair.public_key().as_der().unwrap();
    let pkcs8: Pkcs8V1Der = pair.as_der().unwrap();
    let public = RsaPublicKey::from_spki(spki.as_ref()).unwrap();
    assert_eq!(
        public,
        RsaKey::from_pkcs8(pkcs8.as_ref())
            .unwrap()
            .public_key()
            .unwrap()
    );
    assert_eq!(public.modulus_bits(), 2048);
    let other = RsaKey::from_pkcs8(PKCS8).unwrap().public_key().unwrap();
    assert_ne!(public, other);
    assert_eq!(
        RsaPublicKey::from_spki(&spki.as_ref()[1..]).unwrap_err(),
        RsaError::Damaged
    );
}

#[test]
fn refuses_what_is_not_rsa() {
    let p256 = include_bytes!("vectors/p256.pkcs8.der");
    assert_eq!(RsaKey::from_pkcs8(p256).unwrap_err(), RsaError::NotRsa);
    // rsaEncryption, 1.2.840.113549.1.1.1, made into an algorithm that nobody assigned.
    let oid = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    let position = PKCS8
        .windows(oid.len())
        .position(|window| window == oid)
        .unwrap();
    let mut unknown = PKCS8.to_vec();
    unknown[position + oid.len() - 1] = 0x7f;
    assert_eq!(RsaKey::from_pkcs8(&unknown).unwrap_err(), RsaError::NotRsa);
}

#[test]
fn refuses_lengths_out_of_range() {
    let small = include_bytes!("vectors/rsa1024.pkcs8.der");
    assert_eq!(
        RsaKey::from_pkcs8(small).unwrap_err(),
        RsaError::TooSmall { bits: 1024 }
    );

    let components = |bytes: usize| RsaPublicKey::from_components(&vec![0xff; bytes], &[1, 0, 1]);
    assert_eq!(
        components(127).unwrap_err(),
        RsaError::TooSmall { bits: 1016 }
    );
    assert_eq!(components(128).unwrap().modulus_bits(), 1024);
    assert_eq!(components(1024).unwrap().modulus_bits(), 8192);
    assert_eq!(
        components(1025).unwrap_err(),
        RsaError::TooLarge { bits: 8200 }
    );
    assert_eq!(
        RsaPublicKey::from_components(&[], &[]).unwrap_err(),
        RsaError::TooSmall { bits: 0 }
    );
}

#[test]
fn refuses_components_that_are_no_key() {
    let odd = [0xff; 256];
    let mut even = odd;
    even[255] = 0xfe;
    for (modulus, exponent) in [
        (even, &[1, 0, 1][..]),
        (odd, &[]),
        (odd, &[1]),
        (odd, &[2]),
        (odd, &[0xff; 9]),
        (odd, &[0xff; 300]),
    ] {
        let refused = RsaPublicKey::from_components(&modulus, exponent);
        assert_eq!(refused.unwrap_err(), RsaError::Damaged, "{exponent:?}");
    }
}

#[test]
fn refuses_every_truncation_and_anything_appended() {
    for length in 0..PKCS8.len() {
        assert_eq!(
            RsaKey::from_pkcs8(&PKCS8[..length]).unwrap_err(),
            RsaError::Damaged
        );
    }
    let longer = [PKCS8, &[0]].concat();
    assert_eq!(RsaKey::from_pkcs8(&longer).unwrap_err(), RsaError::Damaged);
}

#[test]
fn notices_a_flipped_bit_in_any_number_of_the_key() {
    // From byte 36 on: the eight numbers of RSAPrivateKey with their tags and lengths.
    for position in (36..PKCS8.len()).step_by(7) {
        let mut bent = PKCS8.to_vec();
        bent[position] ^= 0x10;
        assert!(RsaKey::from_pkcs8(&bent).is_err(), "byte {position}");
    }
}

#[test]
fn debug_text_holds_no_numbers() {
    let key = RsaKey::from_pkcs8(PKCS8).unwrap();
    assert_eq!(format!("{key:?}"), "RsaKey { modulus_bits: 2048, .. }");
    let public = key.public_key().unwrap();
    assert_eq!(
        format!("{public:?}"),
        "RsaPublicKey { modulus_bits: 2048, .. }"
    );
}
