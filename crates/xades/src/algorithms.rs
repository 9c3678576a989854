//! Names of algorithms, as XML signatures write them.

use tagua_rsa::Hash;

/// Inclusive Canonical XML 1.0 without comments.
pub(crate) const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

/// Hash function of the signature and of all its digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignatureHash {
    /// RSA-SHA1 with SHA-1 digests, as the ficha técnica (section 6) asks.
    #[default]
    Sha1,
    /// RSA-SHA256 with SHA-256 digests; seen accepted in the test environment.
    Sha256,
}

impl SignatureHash {
    pub(crate) fn hash(self) -> Hash {
        match self {
            Self::Sha1 => Hash::Sha1,
            Self::Sha256 => Hash::Sha256,
        }
    }

    /// Algorithm of `ds:SignatureMethod` (RFC 6931, sections 2.3.1 and 2.3.2).
    pub(crate) fn signature_uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        }
    }

    /// Algorithm of `ds:DigestMethod`.
    pub(crate) fn digest_uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
        }
    }
}
