//! The calls into AWS-LC, behind one owning type.
//!
//! Every function here takes and returns safe values; a pointer never leaves the file.
//! A call that fails leaves messages on AWS-LC's queue of this thread, which would be
//! read as the cause of somebody else's next failure: [`refused`] empties it.

#![allow(
    unsafe_code,
    reason = "aws-lc-rs cannot sign SHA-1; the raw calls are gathered here and nowhere else"
)]

use std::{ffi::c_int, mem::MaybeUninit, ptr::NonNull};

use aws_lc_sys as sys;

use crate::{Hash, RsaError};

/// An `RSA` object of AWS-LC, with a modulus and a public exponent, owned.
pub(crate) struct Rsa(NonNull<sys::RSA>);

// SAFETY: an RSA object has no tie to the thread that made it: it is heap memory with an
// atomic reference count (openssl/rsa.h, "Allocation and destruction").
unsafe impl Send for Rsa {}

// SAFETY: openssl/rsa.h allows concurrent use by non-mutating functions and, under
// "Signing / Verification", counts RSA_sign and RSA_verify among them although their
// pointer is not const. Their caches (Montgomery contexts, blinding factors) are guarded
// by the object's own lock (rsa_impl.c, `rsa->lock`). The other calls on a shared object
// here take a const pointer, which the header defines as non-mutating. The one mutating
// call, RSA_free, is in `drop`, which has the only reference.
unsafe impl Sync for Rsa {}

impl Rsa {
    /// Parses a PKCS#8 `PrivateKeyInfo`; AWS-LC runs RSA_check_key on it.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, RsaError> {
        Self::parse(der, sys::EVP_parse_private_key)
    }

    /// Parses a `SubjectPublicKeyInfo`; AWS-LC runs RSA_check_key on it.
    pub(crate) fn from_spki(der: &[u8]) -> Result<Self, RsaError> {
        Self::parse(der, sys::EVP_parse_public_key)
    }

    fn parse(der: &[u8], parser: Parser) -> Result<Self, RsaError> {
        aws_lc_rs::init();
        let mut cursor = MaybeUninit::<sys::CBS>::uninit();
        // SAFETY: CBS_init writes the whole struct, which then borrows `der`; `der`
        // outlives the block. The parser reads within those bounds and returns null or
        // an EVP_PKEY that is ours to free.
        let (key, rest) = unsafe {
            sys::CBS_init(cursor.as_mut_ptr(), der.as_ptr(), der.len());
            let key = parser(cursor.as_mut_ptr());
            (key, sys::CBS_len(cursor.as_ptr()))
        };
        let Some(key) = NonNull::new(key) else {
            return Err(parse_failure());
        };
        let key = EvpKey(key);
        if rest != 0 {
            return Err(RsaError::Damaged);
        }
        key.rsa()
    }

    /// A public key; AWS-LC copies both numbers and runs RSA_check_key.
    pub(crate) fn from_components(modulus: &[u8], exponent: &[u8]) -> Result<Self, RsaError> {
        aws_lc_rs::init();
        let modulus = Number::from_bytes(modulus)?;
        let exponent = Number::from_bytes(exponent)?;
        // SAFETY: both pointers are live BIGNUMs; the result is null or ours to free.
        let rsa = unsafe { sys::RSA_new_public_key(modulus.0.as_ptr(), exponent.0.as_ptr()) };
        Self::owned(rsa)
    }

    /// Takes over a reference, and makes sure of what every method relies on.
    fn owned(rsa: *mut sys::RSA) -> Result<Self, RsaError> {
        let rsa = Self(NonNull::new(rsa).ok_or_else(|| refused(RsaError::Damaged))?);
        // A private key may lack its public exponent (keys of old Java keystores).
        if rsa.modulus().is_empty() || rsa.exponent().is_empty() {
            return Err(RsaError::Damaged);
        }
        Ok(rsa)
    }

    pub(crate) fn sign(&self, hash: Hash, digest: &[u8]) -> Result<Vec<u8>, RsaError> {
        let mut signature = vec![0; self.size()];
        let mut written = 0;
        // SAFETY: RSA_sign writes at most RSA_size bytes, which `signature` has, and
        // reads `digest.len()` bytes of `digest`. It does not mutate (see `Sync`).
        let done = unsafe {
            sys::RSA_sign(
                nid(hash),
                digest.as_ptr(),
                digest.len(),
                signature.as_mut_ptr(),
                &mut written,
                self.0.as_ptr(),
            )
        };
        if done == 1 && written as usize == signature.len() {
            Ok(signature)
        } else {
            Err(refused(RsaError::NotSigned))
        }
    }

    pub(crate) fn verify(
        &self,
        hash: Hash,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<(), RsaError> {
        // SAFETY: each pointer comes with the length of its slice, and RSA_verify only
        // reads them. It does not mutate the key (see `Sync`).
        let good = unsafe {
            sys::RSA_verify(
                nid(hash),
                digest.as_ptr(),
                digest.len(),
                signature.as_ptr(),
                signature.len(),
                self.0.as_ptr(),
            )
        };
        if good == 1 {
            Ok(())
        } else {
            Err(refused(RsaError::Mismatch))
        }
    }

    pub(crate) fn modulus(&self) -> Vec<u8> {
        // SAFETY: RSA_get0_n returns null or a number that lives as long as `self`.
        unsafe { bytes_of(sys::RSA_get0_n(self.0.as_ptr())) }
    }

    pub(crate) fn exponent(&self) -> Vec<u8> {
        // SAFETY: RSA_get0_e returns null or a number that lives as long as `self`.
        unsafe { bytes_of(sys::RSA_get0_e(self.0.as_ptr())) }
    }

    pub(crate) fn modulus_bits(&self) -> u32 {
        // SAFETY: the object is live and has a modulus (`owned`).
        unsafe { sys::RSA_bits(self.0.as_ptr()) }
    }

    /// Length of a signature in bytes.
    fn size(&self) -> usize {
        // SAFETY: the object is live and has a modulus (`owned`).
        unsafe { sys::RSA_size(self.0.as_ptr()) as usize }
    }
}

impl Drop for Rsa {
    fn drop(&mut self) {
        // SAFETY: the reference is ours and is not used again. RSA_free releases the
        // numbers through OPENSSL_free, which erases memory before returning it.
        unsafe { sys::RSA_free(self.0.as_ptr()) }
    }
}

type Parser = unsafe extern "C" fn(*mut sys::CBS) -> *mut sys::EVP_PKEY;

/// An `EVP_PKEY` on its way to becoming an [`Rsa`].
struct EvpKey(NonNull<sys::EVP_PKEY>);

impl EvpKey {
    fn rsa(&self) -> Result<Rsa, RsaError> {
        // SAFETY: the object is live. EVP_PKEY_get1_RSA adds a reference that is ours,
        // and is only asked for a key of that kind (RSA-PSS keys are of another kind).
        unsafe {
            if sys::EVP_PKEY_id(self.0.as_ptr()) != sys::EVP_PKEY_RSA {
                return Err(RsaError::NotRsa);
            }
            Rsa::owned(sys::EVP_PKEY_get1_RSA(self.0.as_ptr()))
        }
    }
}

impl Drop for EvpKey {
    fn drop(&mut self) {
        // SAFETY: the reference is ours and is not used again.
        unsafe { sys::EVP_PKEY_free(self.0.as_ptr()) }
    }
}

/// A `BIGNUM`, owned.
struct Number(NonNull<sys::BIGNUM>);

impl Number {
    fn from_bytes(bytes: &[u8]) -> Result<Self, RsaError> {
        // SAFETY: reads `bytes.len()` bytes; a null third argument asks for a new number.
        let number = unsafe { sys::BN_bin2bn(bytes.as_ptr(), bytes.len(), std::ptr::null_mut()) };
        let number = NonNull::new(number).ok_or_else(|| refused(RsaError::Damaged))?;
        Ok(Self(number))
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        // SAFETY: the number is ours and is not used again.
        unsafe { sys::BN_free(self.0.as_ptr()) }
    }
}

/// Big-endian bytes without leading zeros; none for a number that is absent.
///
/// # Safety
/// `number` is null or points to a live number.
unsafe fn bytes_of(number: *const sys::BIGNUM) -> Vec<u8> {
    if number.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller promises a live number; BN_bn2bin writes BN_num_bytes bytes.
    unsafe {
        let mut bytes = vec![0; sys::BN_num_bytes(number) as usize];
        let written = sys::BN_bn2bin(number, bytes.as_mut_ptr());
        bytes.truncate(written);
        bytes
    }
}

fn nid(hash: Hash) -> c_int {
    match hash {
        Hash::Sha1 => sys::NID_sha1,
        Hash::Sha256 => sys::NID_sha256,
    }
}

/// Tells an algorithm that AWS-LC does not know from bytes that are no key.
fn parse_failure() -> RsaError {
    // SAFETY: only reads the queue of this thread.
    let code = unsafe { sys::ERR_peek_last_error() };
    // ERR_GET_LIB and ERR_GET_REASON of openssl/err.h, which the bindings lack.
    let (library, reason) = ((code >> 24) & 0xff, code & 0xfff);
    let unknown =
        library == sys::ERR_LIB_EVP as u32 && reason == sys::EVP_R_UNSUPPORTED_ALGORITHM as u32;
    refused(if unknown {
        RsaError::NotRsa
    } else {
        RsaError::Damaged
    })
}

/// Empties the error queue of this thread.
fn refused(error: RsaError) -> RsaError {
    // SAFETY: touches only the queue of this thread.
    unsafe { sys::ERR_clear_error() }
    error
}
