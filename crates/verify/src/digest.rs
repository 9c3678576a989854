//! Digests, base64 and RSA verification, by the names XML-DSig gives them.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA384, RsaParameters,
    UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::scan::is_blank;

/// A digest method known to this crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DigestMethod {
    Sha1,
    Sha256,
    Sha512,
}

impl DigestMethod {
    pub(crate) fn from_algorithm(identifier: &str) -> Option<Self> {
        match identifier {
            "http://www.w3.org/2000/09/xmldsig#sha1" => Some(Self::Sha1),
            "http://www.w3.org/2001/04/xmlenc#sha256" => Some(Self::Sha256),
            "http://www.w3.org/2001/04/xmlenc#sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    pub(crate) fn digest(self, octets: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, octets).as_ref().to_vec()
    }
}

/// An RSA PKCS#1 v1.5 signature method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RsaMethod {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl RsaMethod {
    /// The methods accepted in `ds:SignatureMethod`.
    pub(crate) fn from_algorithm(identifier: &str) -> Option<Self> {
        match identifier {
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1" => Some(Self::Sha1),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => Some(Self::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => Some(Self::Sha512),
            _ => None,
        }
    }

    /// The methods found in certificates (RFC 8017, A.2.4).
    pub(crate) fn from_oid(oid: &str) -> Option<Self> {
        match oid {
            "1.2.840.113549.1.1.5" => Some(Self::Sha1),
            "1.2.840.113549.1.1.11" => Some(Self::Sha256),
            "1.2.840.113549.1.1.12" => Some(Self::Sha384),
            "1.2.840.113549.1.1.13" => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "rsa-sha1",
            Self::Sha256 => "rsa-sha256",
            Self::Sha384 => "rsa-sha384",
            Self::Sha512 => "rsa-sha512",
        }
    }

    /// Whether the signature is right; the key is an `RSAPublicKey` in DER.
    pub(crate) fn verifies(self, key: &[u8], message: &[u8], signature: &[u8]) -> bool {
        let parameters: &'static RsaParameters = match self {
            Self::Sha1 => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            Self::Sha384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::Sha512 => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        };
        UnparsedPublicKey::new(parameters, key)
            .verify(message, signature)
            .is_ok()
    }
}

/// Base64 with the white space that XML allows in it.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    let packed: String = text.chars().filter(|c| !is_blank(*c)).collect();
    STANDARD.decode(packed).ok()
}

pub(crate) fn to_base64(octets: &[u8]) -> String {
    STANDARD.encode(octets)
}
