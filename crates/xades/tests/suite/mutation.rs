//! One changed byte anywhere in a signed file is noticed.

use proptest::prelude::*;
use tagua_xades::{Flaw, SignatureHash, Unsigned, self_check, sign};

use crate::support::{
    TIME,
    documents::document,
    ids,
    keys::{rsa2048, rsa4096},
    verifier::verify,
};

fn signed(hash: SignatureHash) -> Vec<u8> {
    let document = document("Ñandú & Cía", "a\rb");
    let unsigned = Unsigned::new(document.as_bytes()).expect("canonical");
    sign(&unsigned, &rsa2048().signing, hash, TIME, ids()).expect("signed")
}

/// Position of the digit in the two ids to which nothing refers.
fn free_digits(signed: &[u8]) -> [usize; 2] {
    ["\"SignatureValue7", "Signature1-Object8"].map(|text| {
        let mut windows = signed.windows(text.len());
        windows
            .position(|window| window == text.as_bytes())
            .expect("in the file")
            + text.len()
            - 1
    })
}

#[test]
fn the_self_check_notices_every_flipped_bit() {
    for (hash, flip) in [(SignatureHash::Sha1, 0x01), (SignatureHash::Sha256, 0x20)] {
        let good = signed(hash);
        let free = free_digits(&good);
        for position in 0..good.len() {
            let mut bad = good.clone();
            bad[position] ^= flip;
            let noticed = self_check(&bad, &rsa2048().signing, hash).is_err();
            let free_digit = free.contains(&position) && bad[position].is_ascii_digit();
            assert_eq!(noticed, !free_digit, "byte {position}");
        }
    }
}

proptest! {
    #[test]
    fn the_self_check_is_as_strict_as_a_stranger(at: usize, length in 0..3_usize, new: Vec<u8>) {
        let mut bytes = signed(SignatureHash::Sha1);
        let at = at % bytes.len();
        let end = (at + length).min(bytes.len());
        let removed: Vec<u8> = bytes.splice(at..end, new.iter().copied()).collect();
        let noticed = self_check(&bytes, &rsa2048().signing, SignatureHash::Sha1).is_err();
        if verify(&bytes).is_err() {
            prop_assert!(noticed);
        }
        prop_assert!(noticed || removed == new || new.iter().all(u8::is_ascii_digit));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let found = self_check(&bytes, &rsa2048().signing, SignatureHash::Sha1);
        prop_assert_eq!(found, Err(Flaw::Layout));
    }
}

#[test]
fn truncated_files_are_noticed() {
    let good = signed(SignatureHash::Sha1);
    for length in 0..good.len() {
        assert!(self_check(&good[..length], &rsa2048().signing, SignatureHash::Sha1).is_err());
    }
}

#[track_caller]
fn check_replaced(from: &str, to: &str, flaw: Flaw) {
    let good = String::from_utf8(signed(SignatureHash::Sha1)).expect("UTF-8");
    assert!(good.contains(from));
    let bad = good.replacen(from, to, 1);
    let found = self_check(bad.as_bytes(), &rsa2048().signing, SignatureHash::Sha1);
    assert_eq!(found, Err(flaw), "{to}");
}

#[test]
fn names_the_part_that_is_wrong() {
    check_replaced("Cía", "Cia", Flaw::Document);
    check_replaced(
        "</ds:Signature></factura>",
        "</ds:Signature> </factura>",
        Flaw::Document,
    );
    check_replaced("15:04:05-05:00", "15:04:06-05:00", Flaw::SignedProperties);
    check_replaced(">AQAB<", ">AQAC<", Flaw::KeyInfo);
    check_replaced(
        "Reference Id=\"Reference-ID-6",
        "Reference Id=\"Reference-ID-7",
        Flaw::Signature,
    );
    check_replaced(
        "SignedPropertiesID3",
        "SignedPropertiesID4",
        Flaw::Signature,
    );
    check_replaced(
        "SignatureValue7\">",
        "SignatureValue7\">AAAA",
        Flaw::Signature,
    );
    check_replaced("SignatureValue7\">", "SignatureValue7\">.", Flaw::Signature);
    check_replaced("#comprobante", "#comprobantes", Flaw::Layout);
    check_replaced("Target=\"#Signature1", "Target=\"#Signature2", Flaw::Layout);
    check_replaced("URI=\"#Certificate5", "URI=\"#Certificate6", Flaw::Layout);
    check_replaced(
        "encoding=\"UTF-8\"?>\n",
        "encoding=\"UTF-8\"?>",
        Flaw::Layout,
    );
}

#[test]
fn another_key_or_hash_is_noticed() {
    let good = signed(SignatureHash::Sha1);
    let stranger = &rsa4096().signing;
    assert_eq!(
        self_check(&good, stranger, SignatureHash::Sha1),
        Err(Flaw::Certificate)
    );
    let own = &rsa2048().signing;
    assert_eq!(
        self_check(&good, own, SignatureHash::Sha256),
        Err(Flaw::Layout)
    );
    assert_eq!(self_check(&good, own, SignatureHash::Sha1), Ok(()));
}

#[test]
fn flaws_have_names() {
    assert_eq!(Flaw::Document.to_string(), "digest of the document");
    assert_eq!(Flaw::Layout.to_string(), "layout");
}
