//! A private key that signs.

use std::fmt;

use crate::{Hash, RsaError, RsaPublicKey, ffi::Rsa};

/// Shortest modulus accepted for signing, in bits.
pub const MODULUS_BITS_MIN: u32 = 2048;

/// Longest modulus accepted, in bits. Cost grows with the cube of the length.
pub const MODULUS_BITS_MAX: u32 = 8192;

/// An RSA private key, checked when it was read, ready to sign from many threads.
///
/// AWS-LC erases the numbers of the key from memory when the value is dropped.
pub struct RsaKey(Rsa);

impl RsaKey {
    /// Reads an unencrypted PKCS#8 `PrivateKeyInfo` in DER (RFC 5208).
    ///
    /// The numbers of the key are checked against each other, so that a key with one
    /// flipped bit is an error here and not a wrong signature later. The caller keeps
    /// `der` and has to erase it.
    ///
    /// # Errors
    /// [`RsaError::NotRsa`], [`RsaError::TooSmall`] below [`MODULUS_BITS_MIN`],
    /// [`RsaError::TooLarge`] above [`MODULUS_BITS_MAX`], and [`RsaError::Damaged`] for
    /// everything that is not exactly one sound key.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, RsaError> {
        let rsa = Rsa::from_pkcs8(der)?;
        match rsa.modulus_bits() {
            bits if bits < MODULUS_BITS_MIN => Err(RsaError::TooSmall { bits }),
            bits if bits > MODULUS_BITS_MAX => Err(RsaError::TooLarge { bits }),
            _ => Ok(Self(rsa)),
        }
    }

    /// Signs a digest: RSASSA-PKCS1-v1_5 with DigestInfo (RFC 8017, section 8.2).
    ///
    /// The signature is as long as the modulus and the same every time. AWS-LC blinds
    /// the computation and checks its result with the public exponent.
    ///
    /// # Errors
    /// [`RsaError::DigestLength`] when `digest` was not made by `hash`,
    /// [`RsaError::NotSigned`] when AWS-LC fails.
    pub fn sign(&self, hash: Hash, digest: &[u8]) -> Result<Vec<u8>, RsaError> {
        hash.check_length(digest)?;
        self.0.sign(hash, digest)
    }

    /// The public half, as a key of its own.
    ///
    /// # Errors
    /// [`RsaError::Damaged`] when AWS-LC is out of memory; the numbers were checked before.
    pub fn public_key(&self) -> Result<RsaPublicKey, RsaError> {
        RsaPublicKey::from_components(&self.public_modulus(), &self.public_exponent())
    }

    /// Modulus, big-endian, without leading zero bytes.
    pub fn public_modulus(&self) -> Vec<u8> {
        self.0.modulus()
    }

    /// Public exponent, big-endian, without leading zero bytes.
    pub fn public_exponent(&self) -> Vec<u8> {
        self.0.exponent()
    }

    /// Length of the modulus in bits.
    pub fn modulus_bits(&self) -> u32 {
        self.0.modulus_bits()
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaKey")
            .field("modulus_bits", &self.modulus_bits())
            .finish_non_exhaustive()
    }
}
