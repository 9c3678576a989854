//! What every test needs: keys with certificates, documents, and a second opinion.

pub(crate) mod documents;
pub(crate) mod keys;
pub(crate) mod verifier;

use tagua_xades::SignatureIds;

/// A signing time for tests that do not care.
pub(crate) const TIME: &str = "2026-11-20T15:04:05-05:00";

/// Numbers 1 to 8, in the order of the template's first mention of each.
pub(crate) fn ids() -> SignatureIds {
    let mut bytes = [0; 32];
    for (number, word) in (1..).zip(bytes.chunks_mut(4)) {
        word[0] = number;
    }
    SignatureIds::from_random(bytes)
}
