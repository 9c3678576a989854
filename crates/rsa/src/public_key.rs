//! A public key that verifies.

use std::fmt;

use crate::{Hash, MODULUS_BITS_MAX, RsaError, ffi::Rsa};

/// Old certificates are still to be read, though never to be signed with.
const VERIFY_BITS_MIN: u32 = 1024;

/// An RSA public key. Usable from many threads.
pub struct RsaPublicKey(Rsa);

impl RsaPublicKey {
    /// Key of a modulus and an exponent, both unsigned and big-endian, as
    /// `ds:RSAKeyValue` holds them.
    ///
    /// # Errors
    /// [`RsaError::TooSmall`] below 1024 bits, [`RsaError::TooLarge`] above
    /// [`MODULUS_BITS_MAX`], [`RsaError::Damaged`] when the numbers cannot be a key (an
    /// even modulus, an exponent of one).
    pub fn from_components(modulus: &[u8], exponent: &[u8]) -> Result<Self, RsaError> {
        // Before AWS-LC works on numbers of any length that somebody sent.
        check_bits(bit_length(modulus))?;
        if bit_length(exponent) > 64 {
            return Err(RsaError::Damaged);
        }
        Rsa::from_components(modulus, exponent).map(Self)
    }

    /// Reads a `SubjectPublicKeyInfo` in DER (RFC 5280, section 4.1), the form in which
    /// a certificate carries its key.
    ///
    /// # Errors
    /// Those of [`RsaPublicKey::from_components`], and [`RsaError::NotRsa`].
    pub fn from_spki(der: &[u8]) -> Result<Self, RsaError> {
        let rsa = Rsa::from_spki(der)?;
        check_bits(rsa.modulus_bits())?;
        Ok(Self(rsa))
    }

    /// Checks an RSASSA-PKCS1-v1_5 signature over a digest (RFC 8017, section 8.2.2).
    ///
    /// # Errors
    /// [`RsaError::DigestLength`] when `digest` was not made by `hash`,
    /// [`RsaError::Mismatch`] when the signature is not good.
    pub fn verify(&self, hash: Hash, digest: &[u8], signature: &[u8]) -> Result<(), RsaError> {
        hash.check_length(digest)?;
        self.0.verify(hash, digest, signature)
    }

    /// Modulus, big-endian, without leading zero bytes.
    pub fn modulus(&self) -> Vec<u8> {
        self.0.modulus()
    }

    /// Public exponent, big-endian, without leading zero bytes.
    pub fn exponent(&self) -> Vec<u8> {
        self.0.exponent()
    }

    /// Length of the modulus in bits.
    pub fn modulus_bits(&self) -> u32 {
        self.0.modulus_bits()
    }
}

impl PartialEq for RsaPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.modulus() == other.modulus() && self.exponent() == other.exponent()
    }
}

impl Eq for RsaPublicKey {}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaPublicKey")
            .field("modulus_bits", &self.modulus_bits())
            .finish_non_exhaustive()
    }
}

fn check_bits(bits: u32) -> Result<(), RsaError> {
    match bits {
        bits if bits < VERIFY_BITS_MIN => Err(RsaError::TooSmall { bits }),
        bits if bits > MODULUS_BITS_MAX => Err(RsaError::TooLarge { bits }),
        _ => Ok(()),
    }
}

/// Bits of an unsigned big-endian number; saturates far above every accepted length.
fn bit_length(number: &[u8]) -> u32 {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let Some((first, rest)) = number.get(zeros..).and_then(|digits| digits.split_first()) else {
        return 0;
    };
    let rest_bits = u32::try_from(rest.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(8);
    rest_bits.saturating_add(8 - first.leading_zeros())
}
