//! The two hash functions that the SRI's signature profile knows.

use aws_lc_rs::digest::{self, Digest, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use crate::RsaError;

/// Hash function of a signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Hash {
    /// SHA-1, 20 bytes: what the ficha técnica (section 6) asks for.
    #[default]
    Sha1,
    /// SHA-256, 32 bytes.
    Sha256,
}

impl Hash {
    /// Digest of a whole message.
    pub fn digest(self, message: &[u8]) -> Digest {
        digest::digest(self.algorithm(), message)
    }

    /// Digest of the concatenation of `parts`, without making it.
    pub fn digest_parts(self, parts: &[&[u8]]) -> Digest {
        let mut context = digest::Context::new(self.algorithm());
        for part in parts {
            context.update(part);
        }
        context.finish()
    }

    /// Length of a digest in bytes.
    pub fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &SHA256,
        }
    }

    pub(crate) fn check_length(self, digest: &[u8]) -> Result<(), RsaError> {
        if digest.len() == self.length() {
            Ok(())
        } else {
            Err(RsaError::DigestLength {
                expected: self.length(),
                found: digest.len(),
            })
        }
    }
}
