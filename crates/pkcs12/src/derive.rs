//! Keys from passwords: the KDF of PKCS#12 (RFC 7292, B.2) and PBKDF2
//! (RFC 8018), charged to a budget.

use hmac::{Hmac, KeyInit, Mac, digest::block_api::EagerHash};
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use zeroize::Zeroizing;

use crate::OpenError;

/// No cipher or MAC in use has a larger key.
const ORDINARY_SIZE_MAX: usize = 64;

/// The digests that occur in PKCS#12 files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// Calls a generic function with the digest type that a [`Hash`] names.
macro_rules! with_digest {
    ($hash:expr, $function:ident ( $($argument:expr),* )) => {
        match $hash {
            Hash::Sha1 => $function::<Sha1>($($argument),*),
            Hash::Sha224 => $function::<Sha224>($($argument),*),
            Hash::Sha256 => $function::<Sha256>($($argument),*),
            Hash::Sha384 => $function::<Sha384>($($argument),*),
            Hash::Sha512 => $function::<Sha512>($($argument),*),
        }
    };
}

impl Hash {
    pub(crate) fn of_digest_oid(oid: &str) -> Option<Self> {
        Some(match oid {
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            _ => return None,
        })
    }

    pub(crate) fn of_hmac_oid(oid: &str) -> Option<Self> {
        Some(match oid {
            "1.2.840.113549.2.7" => Self::Sha1,
            "1.2.840.113549.2.8" => Self::Sha224,
            "1.2.840.113549.2.9" => Self::Sha256,
            "1.2.840.113549.2.10" => Self::Sha384,
            "1.2.840.113549.2.11" => Self::Sha512,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    pub(crate) fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    pub(crate) fn hmac(self, key: &[u8], data: &[u8]) -> Zeroizing<Vec<u8>> {
        with_digest!(self, hmac_of(key, data))
    }
}

/// What a derived value is for (RFC 7292, B.3).
#[derive(Clone, Copy, Debug)]
enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// How often to stir what into the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Derivation {
    pub(crate) hash: Hash,
    pub(crate) salt: Vec<u8>,
    pub(crate) iterations: u64,
}

impl Derivation {
    /// Key and IV of a scheme of PKCS#12, charged once for both.
    pub(crate) fn pkcs12_key_and_iv(
        &self,
        password: &[u8],
        key_size: usize,
        iv_size: usize,
        budget: &mut Budget,
    ) -> Result<[Zeroizing<Vec<u8>>; 2], OpenError> {
        budget.charge(self.cost(key_size))?;
        let key = self.pkcs12(Purpose::Key, password, key_size);
        Ok([key, self.pkcs12(Purpose::Iv, password, iv_size)])
    }

    /// The key of a MAC.
    pub(crate) fn pkcs12_mac_key(
        &self,
        password: &[u8],
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        budget.charge(self.cost(self.hash.size()))?;
        Ok(self.pkcs12(Purpose::Mac, password, self.hash.size()))
    }

    fn pkcs12(&self, purpose: Purpose, password: &[u8], size: usize) -> Zeroizing<Vec<u8>> {
        let (salt, iterations) = (&self.salt, self.iterations);
        with_digest!(
            self.hash,
            pkcs12_of(purpose, password, salt, iterations, size)
        )
    }

    pub(crate) fn pbkdf2(
        &self,
        password: &[u8],
        size: usize,
        budget: &mut Budget,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        budget.charge(self.cost(size))?;
        let mut key = Zeroizing::new(vec![0; size]);
        let rounds = u32::try_from(self.iterations).map_err(|_| budget.refusal(self.iterations))?;
        with_digest!(self.hash, pbkdf2_of(password, &self.salt, rounds, &mut key));
        Ok(key)
    }

    /// The iterations that the file states. Real work is up to four digests
    /// for each; larger keys, which only a hostile file asks for, cost more.
    fn cost(&self, size: usize) -> u64 {
        let pieces = size.div_ceil(ORDINARY_SIZE_MAX) as u64;
        pieces.saturating_mul(self.iterations)
    }
}

/// Iterations that a file may still cost.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    spent: u64,
    allowed: u64,
}

impl Budget {
    pub(crate) fn new(allowed: u64) -> Self {
        Self { spent: 0, allowed }
    }

    /// Takes `iterations` before they are run, or refuses.
    pub(crate) fn charge(&mut self, iterations: u64) -> Result<(), OpenError> {
        let needed = self.spent.saturating_add(iterations);
        if needed > self.allowed {
            return Err(self.refusal(needed));
        }
        self.spent = needed;
        Ok(())
    }

    fn refusal(&self, needed: u64) -> OpenError {
        let allowed = self.allowed;
        OpenError::TooManyIterations { needed, allowed }
    }
}

fn hmac_of<D: EagerHash>(key: &[u8], data: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut mac = Hmac::<D>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(data);
    Zeroizing::new(mac.finalize().into_bytes().to_vec())
}

fn pbkdf2_of<D: EagerHash>(password: &[u8], salt: &[u8], rounds: u32, key: &mut [u8]) {
    pbkdf2::pbkdf2_hmac::<D>(password, salt, rounds, key);
}

/// RFC 7292, B.2, with its names in the comments.
fn pkcs12_of<D: EagerHash + Digest>(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    iterations: u64,
    size: usize,
) -> Zeroizing<Vec<u8>> {
    // v: 64 bytes up to SHA-256, 128 above.
    let block_size = if <D as Digest>::output_size() > 32 {
        128
    } else {
        64
    };
    let diversifier = vec![purpose as u8; block_size]; // D
    let mut blocks = repeat_to_blocks(salt, password, block_size); // I = S || P
    let mut output = Zeroizing::new(Vec::with_capacity(size + 64));
    while output.len() < size {
        let mut first = D::new();
        Digest::update(&mut first, &diversifier);
        Digest::update(&mut first, blocks.as_slice());
        let mut digest = first.finalize(); // A
        for _ in 1..iterations {
            digest = D::digest(&digest);
        }
        output.extend_from_slice(&digest);
        let addend: Vec<u8> = digest.iter().copied().cycle().take(block_size).collect(); // B
        let addend = Zeroizing::new(addend);
        for block in blocks.chunks_exact_mut(block_size) {
            add_with_one(block, &addend);
        }
    }
    output.truncate(size);
    output
}

/// Salt and password, each repeated until it fills whole blocks.
fn repeat_to_blocks(salt: &[u8], password: &[u8], block_size: usize) -> Zeroizing<Vec<u8>> {
    let whole = |bytes: &[u8]| bytes.len().div_ceil(block_size) * block_size;
    let mut blocks = Zeroizing::new(Vec::with_capacity(whole(salt) + whole(password)));
    blocks.extend(salt.iter().cycle().take(whole(salt)));
    blocks.extend(password.iter().cycle().take(whole(password)));
    blocks
}

/// `block = block + addend + 1`, as big-endian numbers, dropping the carry out.
fn add_with_one(block: &mut [u8], addend: &[u8]) {
    let mut carry = 1_u16;
    for (digit, &plus) in block.iter_mut().zip(addend).rev() {
        carry += u16::from(*digit) + u16::from(plus);
        *digit = carry as u8; // the low byte
        carry >>= 8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derivation(salt: &[u8], iterations: u64) -> Derivation {
        Derivation {
            hash: Hash::Sha1,
            salt: salt.to_vec(),
            iterations,
        }
    }

    /// The widely used vectors for password "smeg", 1 iteration, SHA-1.
    #[test]
    fn derives_known_pkcs12_values() {
        let smeg = [0, 0x73, 0, 0x6d, 0, 0x65, 0, 0x67, 0, 0];
        let salt = [0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f];
        let [key, iv] = derivation(&salt, 1)
            .pkcs12_key_and_iv(&smeg, 24, 8, &mut Budget::new(1))
            .unwrap();
        assert_eq!(
            key.as_slice(),
            [
                0x8a, 0xaa, 0xe6, 0x29, 0x7b, 0x6c, 0xb0, 0x46, 0x42, 0xab, 0x5b, 0x07, 0x78, 0x51,
                0x28, 0x4e, 0xb7, 0x12, 0x8f, 0x1a, 0x2a, 0x7f, 0xbc, 0xa3
            ]
        );
        assert_eq!(
            iv.as_slice(),
            [0x79, 0x99, 0x3d, 0xfe, 0x04, 0x8d, 0x3b, 0x76]
        );
    }

    #[test]
    fn charges_before_running() {
        let mut budget = Budget::new(45);
        let ten = derivation(b"salt", 10);
        assert!(ten.pbkdf2(b"p", 32, &mut budget).is_ok());
        assert!(ten.pkcs12_key_and_iv(b"p", 24, 8, &mut budget).is_ok());
        assert!(ten.pbkdf2(b"p", 65, &mut budget).is_ok(), "two pieces");
        assert_eq!(
            ten.pkcs12_mac_key(b"p", &mut budget),
            Err(OpenError::TooManyIterations {
                needed: 50,
                allowed: 45
            })
        );
        let endless = derivation(b"salt", u64::MAX);
        assert!(endless.pbkdf2(b"p", 1, &mut budget).is_err());
        let mut unlimited = Budget::new(u64::MAX);
        assert!(
            endless.pbkdf2(b"p", 1, &mut unlimited).is_err(),
            "not countable in 32 bits"
        );
    }

    #[test]
    fn takes_empty_salt_and_password() {
        let key = derivation(b"", 2).pkcs12(Purpose::Key, b"", 24);
        assert_eq!(key.len(), 24);
    }

    #[test]
    fn adds_big_numbers() {
        let mut block = [0x00, 0xff, 0xff];
        add_with_one(&mut block, &[0x00, 0x00, 0x00]);
        assert_eq!(block, [0x01, 0x00, 0x00]);
        add_with_one(&mut block, &[0xff, 0xff, 0xff]);
        assert_eq!(block, [0x01, 0x00, 0x00]);
    }
}
