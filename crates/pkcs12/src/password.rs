//! The octets that different software makes of one password.
//!
//! RFC 7292 wants UTF-16 big endian with two zero bytes behind for the MAC and
//! the old schemes, and is silent on PBES2, where practice is UTF-8. Real
//! files deviate; what [`Passwords`] offers besides has been written by:
//! - OpenSSL before 1.1.0: every octet of the UTF-8 (or Latin-1) password
//!   became one UTF-16 unit;
//! - Windows consoles: Latin-1 octets under PBES2;
//! - NSS before 3.31: UTF-16 under PBES2;
//! - several: an empty password as no octets at all.

use zeroize::Zeroizing;

pub(crate) type Octets = Zeroizing<Vec<u8>>;

/// Candidate octets, the likeliest first, without repetition.
pub(crate) struct Passwords {
    /// For the MAC and the schemes of PKCS#12.
    pub(crate) utf16: Vec<Octets>,
    /// For PBES2 and PBMAC1.
    pub(crate) plain: Vec<Octets>,
}

impl Passwords {
    pub(crate) fn new(password: &str) -> Self {
        let utf8 = Zeroizing::new(password.as_bytes().to_vec());
        let standard = utf16_of(password.encode_utf16());
        let mut utf16 = vec![standard.clone()];
        let mut plain = vec![utf8];
        if password.is_empty() {
            utf16.push(Zeroizing::default());
        }
        if !password.is_ascii() {
            utf16.push(utf16_of(password.bytes().map(u16::from)));
            plain.extend(latin1_of(password));
        }
        plain.push(standard);
        Self { utf16, plain }
    }
}

fn utf16_of(units: impl Iterator<Item = u16>) -> Octets {
    // Growing would leave copies of the secret behind.
    let units: Zeroizing<Vec<u16>> = Zeroizing::new(units.collect());
    let mut octets = Zeroizing::new(Vec::with_capacity(2 * units.len() + 2));
    for unit in units.iter() {
        octets.extend_from_slice(&unit.to_be_bytes());
    }
    octets.extend_from_slice(&[0, 0]);
    octets
}

fn latin1_of(password: &str) -> Option<Octets> {
    let mut octets = Zeroizing::new(Vec::with_capacity(password.len()));
    for character in password.chars() {
        octets.push(u8::try_from(u32::from(character)).ok()?);
    }
    Some(octets)
}

/// Moves the candidate that worked to the front: the rest of a file was
/// written by the same software.
pub(crate) fn prefer(candidates: &mut [Octets], index: usize) {
    if let Some(tried) = candidates.get_mut(..=index) {
        tried.rotate_right(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(password: &str, utf16: &[&[u8]], plain: &[&[u8]]) {
        let found = Passwords::new(password);
        assert_eq!(
            found.utf16.iter().map(|o| o.as_slice()).collect::<Vec<_>>(),
            utf16
        );
        assert_eq!(
            found.plain.iter().map(|o| o.as_slice()).collect::<Vec<_>>(),
            plain
        );
    }

    #[test]
    fn offers_each_spelling_once() {
        check("a", &[&[0, 97, 0, 0]], &[b"a", &[0, 97, 0, 0]]);
        check("", &[&[0, 0], &[]], &[b"", &[0, 0]]);
        check(
            "ñ",
            &[&[0, 0xf1, 0, 0], &[0, 0xc3, 0, 0xb1, 0, 0]],
            &[&[0xc3, 0xb1], &[0xf1], &[0, 0xf1, 0, 0]],
        );
    }

    #[test]
    fn writes_surrogate_pairs() {
        let found = Passwords::new("🔑");
        assert_eq!(found.utf16[0].as_slice(), [0xd8, 0x3d, 0xdd, 0x11, 0, 0]);
        assert_eq!(found.plain.len(), 2, "not representable in Latin-1");
    }

    #[test]
    fn moves_what_worked_to_the_front() {
        let mut candidates = Passwords::new("ñ").plain;
        prefer(&mut candidates, 1);
        assert_eq!(candidates[0].as_slice(), [0xf1]);
        assert_eq!(candidates[1].as_slice(), "ñ".as_bytes());
        prefer(&mut candidates, 9);
        assert_eq!(candidates.len(), 3);
    }
}
