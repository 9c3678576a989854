//! What can be wrong with a key, a digest or a signature.

/// Why a key was refused, or an operation with it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RsaError {
    /// The key is sound, or at least well labelled, and of another algorithm.
    #[error("the key is not an RSA key")]
    NotRsa,
    /// The modulus is shorter than this library accepts.
    #[error("the RSA modulus has {bits} bits, fewer than accepted")]
    TooSmall {
        /// Length of the modulus in bits.
        bits: u32,
    },
    /// The modulus is longer than this library accepts: somebody else would choose our cost.
    #[error("the RSA modulus has {bits} bits, more than accepted")]
    TooLarge {
        /// Length of the modulus in bits.
        bits: u32,
    },
    /// The bytes are not one whole key, or its numbers do not belong together.
    #[error("the key is damaged")]
    Damaged,
    /// The digest does not have the length of its hash function.
    #[error("the digest has {found} bytes, its hash function makes {expected}")]
    DigestLength {
        /// Length in bytes that the hash function makes.
        expected: usize,
        /// Length in bytes that was given.
        found: usize,
    },
    /// AWS-LC refused to sign: out of memory, or the computation failed its own check.
    #[error("the signature could not be computed")]
    NotSigned,
    /// The signature is not one of this key over this digest.
    #[error("the signature does not match")]
    Mismatch,
}
