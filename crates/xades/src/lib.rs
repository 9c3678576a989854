//! XAdES-BES assembly over canonical bytes, unlocked-key cache, self-check of every signature.
//!
//! The document arrives in canonical form ([`Unsigned`] makes sure), so that nothing is
//! parsed or canonicalised to sign it: the signature is one of a fixed template, its
//! signed elements are hashed with the namespace declarations that they inherit from
//! `ds:Signature`, and written without them.
//!
//! ```text
//! Unsigned ─┐
//! SigningKey ┼─ sign ─ self_check ─ bytes for the tax authority
//! time, ids ─┘
//! ```
//!
//! Promised: bytes that leave [`sign`] verify. [`self_check`] slices every signed part
//! back out of the final bytes and recomputes it, and a failure is an error. Not
//! promised: that the tax authority trusts the certificate, or that the document is one
//! of its documents. No clock, randomness, file or network is touched: times and random
//! bytes are parameters.

mod algorithms;
mod cache;
mod canonical;
mod ids;
mod self_check;
mod sign;
mod signing_key;
mod signing_time;
mod template;

pub use algorithms::SignatureHash;
pub use cache::{CAPACITY_DEFAULT, IDLE_MS_DEFAULT, KeyCache};
pub use canonical::{Unsigned, UnsignedError};
pub use ids::SignatureIds;
pub use self_check::{Flaw, self_check};
pub use sign::{SignError, sign};
pub use signing_key::{SigningKey, SigningKeyError};
