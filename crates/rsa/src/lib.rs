//! RSA PKCS#1 v1.5 signatures through AWS-LC; the only unsafe code of the project.
//!
//! The SRI asks for `rsa-sha1` (ficha técnica, section 6), which the safe interface of
//! `aws-lc-rs` only verifies and never signs. So the calls go to `aws-lc-sys`, all of
//! them in the module `ffi`; everything else here is safe code.
//!
//! Callers hash first ([`Hash::digest`]) and sign or verify the digest. Nothing here
//! reads a clock or a file, and no error or `Debug` text holds key material.

mod error;
mod ffi;
mod hash;
mod private_key;
mod public_key;

pub use aws_lc_rs::digest::Digest;

pub use error::RsaError;
pub use hash::Hash;
pub use private_key::{MODULUS_BITS_MAX, MODULUS_BITS_MIN, RsaKey};
pub use public_key::RsaPublicKey;
