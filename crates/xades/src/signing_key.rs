//! A private key with its certificate, and everything that they write into a signature.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use tagua_pkcs12::{CertificateFacts, FactsError};
use tagua_rsa::{RsaError, RsaKey, RsaPublicKey};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::{SignatureHash, template};

/// Key and certificate that belong together, ready to sign.
///
/// Parts of a signature that do not change from document to document are made once.
pub struct SigningKey {
    private_key: RsaKey,
    certificate: Vec<u8>,
    certificate_base64: String,
    /// Read from the certificate, not from the private key: a signature is checked with
    /// what its readers will have.
    certificate_key: RsaPublicKey,
    key_info_content: String,
    signing_certificate_sha1: String,
    signing_certificate_sha256: String,
}

/// Why a key and a certificate cannot sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// The private key was refused.
    #[error("the private key cannot be used")]
    PrivateKey {
        /// What is wrong with it.
        source: RsaError,
    },
    /// Issuer or serial number of the certificate cannot be read.
    #[error("the certificate's facts cannot be read")]
    Facts {
        /// What is wrong with the certificate.
        source: FactsError,
    },
    /// The bytes are not exactly one X.509 certificate.
    #[error("the certificate cannot be read")]
    Certificate,
    /// The certificate's key is not RSA, or of a length that is not accepted.
    #[error("the certificate's key cannot be used")]
    CertificateKey {
        /// What is wrong with it.
        source: RsaError,
    },
    /// The certificate is of another key.
    #[error("private key and certificate do not belong together")]
    Mismatch,
    /// The issuer's name is empty or has characters that XML does not allow.
    #[error("the issuer's name cannot be written in XML")]
    IssuerName,
    /// The serial number is not a decimal integer.
    #[error("the certificate's serial number is not a decimal integer")]
    SerialNumber,
}

impl SigningKey {
    /// Joins a key with its certificate: an unencrypted PKCS#8 key and an X.509
    /// certificate, both in DER.
    ///
    /// # Errors
    /// [`SigningKeyError`]; in particular `Mismatch` when modulus or exponent differ.
    pub fn new(pkcs8: &[u8], certificate_der: &[u8]) -> Result<Self, SigningKeyError> {
        let facts = CertificateFacts::read(certificate_der)
            .map_err(|source| SigningKeyError::Facts { source })?;
        let CertificateFacts {
            issuer_rfc2253,
            serial_decimal,
            ..
        } = &facts;
        Self::from_parts(pkcs8, certificate_der, issuer_rfc2253, serial_decimal)
    }

    /// Joins a key with its certificate and the two facts that a signature repeats.
    ///
    /// `pkcs8` is an unencrypted PKCS#8 key in DER, `certificate_der` the end certificate.
    /// `issuer_rfc2253` is its issuer in the order and spelling of RFC 2253, not yet
    /// escaped for XML; `serial_decimal` its serial number as an exact decimal.
    ///
    /// # Errors
    /// [`SigningKeyError`]; in particular `Mismatch` when modulus or exponent differ.
    pub fn from_parts(
        pkcs8: &[u8],
        certificate_der: &[u8],
        issuer_rfc2253: &str,
        serial_decimal: &str,
    ) -> Result<Self, SigningKeyError> {
        let private_key =
            RsaKey::from_pkcs8(pkcs8).map_err(|source| SigningKeyError::PrivateKey { source })?;
        let certificate_key = public_key_of(certificate_der)?;
        let (modulus, exponent) = (private_key.public_modulus(), private_key.public_exponent());
        if certificate_key.modulus() != modulus || certificate_key.exponent() != exponent {
            return Err(SigningKeyError::Mismatch);
        }
        let certificate_base64 = BASE64.encode(certificate_der);
        let issuer = escape(issuer_rfc2253)?;
        let serial = checked_serial(serial_decimal)?;
        let signing_certificate =
            |hash| template::signing_certificate(hash, certificate_der, &issuer, serial);
        Ok(Self {
            key_info_content: template::key_info_content(&certificate_base64, &modulus, &exponent),
            signing_certificate_sha1: signing_certificate(SignatureHash::Sha1),
            signing_certificate_sha256: signing_certificate(SignatureHash::Sha256),
            certificate: certificate_der.to_vec(),
            certificate_base64,
            private_key,
            certificate_key,
        })
    }

    /// The end certificate in DER, as every signature of this key carries it.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    pub(crate) fn certificate_base64(&self) -> &str {
        &self.certificate_base64
    }

    pub(crate) fn private_key(&self) -> &RsaKey {
        &self.private_key
    }

    pub(crate) fn certificate_key(&self) -> &RsaPublicKey {
        &self.certificate_key
    }

    pub(crate) fn key_info_content(&self) -> &str {
        &self.key_info_content
    }

    pub(crate) fn signing_certificate(&self, hash: SignatureHash) -> &str {
        match hash {
            SignatureHash::Sha1 => &self.signing_certificate_sha1,
            SignatureHash::Sha256 => &self.signing_certificate_sha256,
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("modulus_bits", &self.private_key.modulus_bits())
            .finish_non_exhaustive()
    }
}

fn public_key_of(certificate_der: &[u8]) -> Result<RsaPublicKey, SigningKeyError> {
    let (rest, certificate) =
        X509Certificate::from_der(certificate_der).map_err(|_| SigningKeyError::Certificate)?;
    if !rest.is_empty() {
        return Err(SigningKeyError::Certificate);
    }
    RsaPublicKey::from_spki(certificate.public_key().raw)
        .map_err(|source| SigningKeyError::CertificateKey { source })
}

/// Text in canonical form.
fn escape(text: &str) -> Result<String, SigningKeyError> {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\r' => escaped.push_str("&#xD;"),
            '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'.. => escaped.push(character),
            _ => return Err(SigningKeyError::IssuerName),
        }
    }
    if escaped.is_empty() {
        return Err(SigningKeyError::IssuerName);
    }
    Ok(escaped)
}

fn checked_serial(decimal: &str) -> Result<&str, SigningKeyError> {
    // Negative numbers break RFC 5280 and are found in old certificates all the same.
    let digits = decimal.strip_prefix('-').unwrap_or(decimal);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(decimal)
    } else {
        Err(SigningKeyError::SerialNumber)
    }
}
