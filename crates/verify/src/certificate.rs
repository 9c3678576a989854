//! What the checks need to know of an X.509 certificate.

use aws_lc_rs::digest;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::{FromDer, ParsedExtension};
use x509_parser::public_key::PublicKey;
use x509_parser::x509::X509Name;

use crate::digest::RsaMethod;
use crate::name::{self, Attribute, Escaping, Name};

/// A parsed certificate with an RSA key.
#[derive(Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Vec<u8>,
    signature: Vec<u8>,
    signature_oid: String,
    issuer: Name,
    subject: Name,
    serial: String,
    not_before: i64,
    not_after: i64,
    public_key: Vec<u8>,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
    signing_usage: Option<bool>,
    is_authority: bool,
    ruc: Option<String>,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Certificate")
            .field("subject", &self.subject())
            .field("issuer", &self.issuer())
            .field("serial", &self.serial)
            .finish_non_exhaustive()
    }
}

/// Why octets are not a usable certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// Not the DER of an X.509 certificate.
    #[error("not an X.509 certificate in DER")]
    Malformed,
    /// Larger than any certificate in use: work on it could take long.
    #[error("a certificate of {0} octets, at most {DER_MAX} are read")]
    TooLarge(usize),
    /// Octets follow the certificate.
    #[error("{0} octets follow the certificate")]
    TrailingOctets(usize),
    /// The key is not an RSA key.
    #[error("the key of the certificate is not RSA")]
    NotRsa,
}

/// Octets of a certificate; those of Ecuadorian issuers have about 2,500.
const DER_MAX: usize = 16 << 10;

impl Certificate {
    /// Parses one certificate (RFC 5280, DER).
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > DER_MAX {
            return Err(CertificateError::TooLarge(der.len()));
        }
        let (rest, parsed) =
            X509Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        if !rest.is_empty() {
            return Err(CertificateError::TrailingOctets(rest.len()));
        }
        let Ok(PublicKey::RSA(key)) = parsed.public_key().parsed() else {
            return Err(CertificateError::NotRsa);
        };
        let subject = read_name(parsed.subject());
        Ok(Self {
            der: der.to_vec(),
            tbs: parsed.tbs_certificate.as_ref().to_vec(),
            signature: parsed.signature_value.data.to_vec(),
            signature_oid: parsed.signature_algorithm.algorithm.to_id_string(),
            issuer: read_name(parsed.issuer()),
            serial: parsed.tbs_certificate.serial.to_string(),
            not_before: parsed.validity().not_before.timestamp(),
            not_after: parsed.validity().not_after.timestamp(),
            public_key: parsed.public_key().subject_public_key.data.to_vec(),
            modulus: without_leading_zeros(key.modulus).to_vec(),
            exponent: without_leading_zeros(key.exponent).to_vec(),
            signing_usage: signing_usage(&parsed),
            is_authority: parsed.is_ca(),
            ruc: find_ruc(&parsed, &subject),
            subject,
        })
    }

    /// The certificate itself, DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Subject in the form of RFC 2253, most specific part first.
    pub fn subject(&self) -> String {
        name::print(&self.subject, Escaping::Java)
    }

    /// Issuer as Java's `X500Principal.getName(RFC2253)` prints it.
    pub fn issuer(&self) -> String {
        name::print(&self.issuer, Escaping::Java)
    }

    pub(crate) fn issuer_name(&self) -> &Name {
        &self.issuer
    }

    /// Serial number, decimal.
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// First second of validity, seconds since 1970-01-01 UTC.
    pub fn not_before(&self) -> i64 {
        self.not_before
    }

    /// Last second of validity, seconds since 1970-01-01 UTC.
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Whether the moment, in seconds since 1970-01-01 UTC, is inside the validity.
    pub fn is_valid_at(&self, seconds: i64) -> bool {
        (self.not_before..=self.not_after).contains(&seconds)
    }

    /// The `RSAPublicKey` (RFC 8017, A.1.1), DER.
    pub fn public_key(&self) -> &[u8] {
        &self.public_key
    }

    /// Modulus, big-endian without leading zeros.
    pub fn modulus(&self) -> &[u8] {
        &self.modulus
    }

    /// Public exponent, big-endian without leading zeros.
    pub fn exponent(&self) -> &[u8] {
        &self.exponent
    }

    /// Bits of the modulus.
    pub fn key_bits(&self) -> usize {
        let first = self
            .modulus
            .first()
            .map_or(0, |octet| octet.leading_zeros());
        self.modulus.len() * 8 - usize::try_from(first).unwrap_or(0)
    }

    /// Whether keyUsage has digitalSignature or nonRepudiation; nothing when the
    /// certificate has no keyUsage.
    pub fn signing_usage(&self) -> Option<bool> {
        self.signing_usage
    }

    /// Whether basicConstraints say CA.
    pub fn is_authority(&self) -> bool {
        self.is_authority
    }

    /// RUC of the holder: the private extension of the Ecuadorian issuers
    /// (`….3.11`), else organizationIdentifier `VATEC-`/`TINEC-`, else the cédula
    /// of serialNumber `IDCEC-` with 001, else any 13 digits ending 001 in a
    /// private extension, the alternative names or the subject.
    pub fn ruc(&self) -> Option<&str> {
        self.ruc.as_deref()
    }

    /// SHA-256 of the DER.
    pub fn fingerprint(&self) -> [u8; 32] {
        let digest = digest::digest(&digest::SHA256, &self.der);
        digest.as_ref().try_into().unwrap_or([0; 32])
    }

    /// Whether the issuer of this certificate is `authority`: same name, a CA, and
    /// its key verifies the signature (RSA with SHA-1, SHA-256, SHA-384, SHA-512).
    /// Validity is not looked at.
    pub fn is_issued_by(&self, authority: &Self) -> bool {
        let names_agree = self.issuer == authority.subject;
        let signed = RsaMethod::from_oid(&self.signature_oid).is_some_and(|method| {
            method.verifies(&authority.public_key, &self.tbs, &self.signature)
        });
        names_agree && authority.is_authority && signed
    }
}

fn read_name(name: &X509Name<'_>) -> Name {
    name.iter_rdn()
        .map(|part| part.iter().map(read_attribute).collect())
        .collect()
}

fn read_attribute(attribute: &x509_parser::x509::AttributeTypeAndValue<'_>) -> Attribute {
    let value = attribute.attr_value();
    Attribute {
        oid: attribute.attr_type().to_id_string(),
        tag: value.tag().0,
        data: value.data.to_vec(),
    }
}

fn signing_usage(certificate: &X509Certificate<'_>) -> Option<bool> {
    certificate
        .extensions()
        .iter()
        .find_map(|extension| match extension.parsed_extension() {
            ParsedExtension::KeyUsage(usage) => {
                Some(usage.digital_signature() || usage.non_repudiation())
            }
            _ => None,
        })
}

fn without_leading_zeros(octets: &[u8]) -> &[u8] {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    octets.get(zeros..).unwrap_or_default()
}

/// Registro Civil (Digercic) has an identifier of its own for the RUC.
const DIGERCIC_RUC: &str = "1.3.6.1.4.1.55519.1.1.1.5.2.4";
const PRIVATE_ENTERPRISES: &str = "1.3.6.1.4.1.";
const SUBJECT_ALTERNATIVE_NAME: &str = "2.5.29.17";
const ORGANIZATION_IDENTIFIER: &str = "2.5.4.97";
const SERIAL_NUMBER: &str = "2.5.4.5";

fn find_ruc(certificate: &X509Certificate<'_>, subject: &Name) -> Option<String> {
    let extensions: Vec<_> = certificate
        .extensions()
        .iter()
        .map(|extension| (extension.oid.to_id_string(), extension.value))
        .collect();
    let own = extensions
        .iter()
        .filter(|(oid, _)| is_private(oid) && (oid.ends_with(".3.11") || oid == DIGERCIC_RUC))
        .find_map(|(_, value)| ruc_in(value));
    let anywhere = || {
        extensions
            .iter()
            .filter(|(oid, _)| is_private(oid) || oid == SUBJECT_ALTERNATIVE_NAME)
            .map(|(_, value)| *value)
            .chain(subject.iter().flatten().map(|a| a.data.as_slice()))
            .find_map(ruc_in)
    };
    own.or_else(|| ruc_of_subject(subject)).or_else(anywhere)
}

fn is_private(oid: &str) -> bool {
    oid.starts_with(PRIVATE_ENTERPRISES)
}

fn ruc_of_subject(subject: &Name) -> Option<String> {
    let values = |oid: &'static str| {
        subject
            .iter()
            .flatten()
            .filter(move |attribute| attribute.oid == oid)
            .filter_map(name::string_value)
    };
    let organization = values(ORGANIZATION_IDENTIFIER).find_map(|value| {
        let number = value
            .strip_prefix("VATEC-")
            .or_else(|| value.strip_prefix("TINEC-"))?;
        ruc_in(number.as_bytes())
    });
    organization.or_else(|| {
        values(SERIAL_NUMBER).find_map(|value| {
            let cedula = value.strip_prefix("IDCEC-")?;
            let is_cedula = cedula.len() == 10 && cedula.bytes().all(|b| b.is_ascii_digit());
            is_cedula.then(|| format!("{cedula}001"))
        })
    })
}

/// A run of exactly 13 digits that ends 001. Values come as DER strings of several
/// types or raw, so the octets around the digits are not interpreted.
fn ruc_in(octets: &[u8]) -> Option<String> {
    octets
        .split(|octet| !octet.is_ascii_digit())
        .find(|run| run.len() == 13 && run.ends_with(b"001"))
        .and_then(|run| String::from_utf8(run.to_vec()).ok())
}
