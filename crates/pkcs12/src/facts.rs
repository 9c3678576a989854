//! What a signature and a diagnosis need to know of a certificate.

use std::fmt;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::ber::{BIT_STRING, BOOLEAN, BerError, Element, Reader, SEQUENCE, strip_zeros};
use crate::certificate::Certificate;
use crate::private_key::{RSA_ENCRYPTION, read_rsa_public_key};
use crate::taxpayer::{FoundRuc, find_cedula, find_ruc};
use crate::{date, name};

const KEY_USAGE: &str = "2.5.29.15";
const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const COMMON_NAME: &str = "2.5.4.3";
/// RFC 5280 allows 20; the conversion to decimal is quadratic.
const SERIAL_BYTES_MAX: usize = 128;

/// Facts of an X.509 certificate. Nothing is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateFacts {
    /// Subject for people, most specific attribute first.
    pub subject: String,
    /// The subject's first common name.
    pub common_name: Option<String>,
    /// Issuer, byte for byte as Java's `X500Principal.getName("RFC2253")`
    /// prints it: the text for X509IssuerName.
    pub issuer_rfc2253: String,
    /// Serial number as a decimal of any length, for X509SerialNumber. Read as
    /// unsigned: RFC 5280 forbids negative ones.
    pub serial_decimal: String,
    /// First second of validity, Unix time.
    pub not_before: i64,
    /// Last second of validity, Unix time.
    pub not_after: i64,
    /// `None` without the extension: any use.
    pub key_usage: Option<KeyUsage>,
    /// basicConstraints says that it may issue certificates.
    pub is_ca: bool,
    /// The taxpayer number, when the certificate tells it.
    pub ruc: Option<FoundRuc>,
    /// The person's 10-digit identity number.
    pub cedula: Option<String>,
    /// Dotted identifier of the public key's algorithm.
    pub key_algorithm: String,
    /// The public key, when the algorithm is rsaEncryption.
    pub rsa: Option<RsaPublicKey>,
    /// SHA-1 of the DER.
    pub sha1: [u8; 20],
    /// SHA-256 of the DER.
    pub sha256: [u8; 32],
}

/// An RSA public key.
#[derive(Clone, PartialEq, Eq)]
pub struct RsaPublicKey {
    /// Big endian, without leading zero bytes.
    pub modulus: Vec<u8>,
    /// Big endian, without leading zero bytes.
    pub exponent: Vec<u8>,
}

impl RsaPublicKey {
    /// Size of the modulus, such as 2048.
    pub fn bits(&self) -> usize {
        let unused = self
            .modulus
            .first()
            .map_or(0, |byte| byte.leading_zeros() as usize);
        8 * self.modulus.len() - unused
    }
}

impl fmt::Debug for RsaPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RsaPublicKey({} bits)", self.bits())
    }
}

/// The set of uses in the keyUsage extension (RFC 5280, 4.2.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage(u16);

impl KeyUsage {
    const NAMES: [&str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    /// Signatures other than on certificates.
    pub fn digital_signature(self) -> bool {
        self.has(0)
    }

    /// Signatures that bind the signer, also called contentCommitment.
    pub fn non_repudiation(self) -> bool {
        self.has(1)
    }

    /// Encryption of keys.
    pub fn key_encipherment(self) -> bool {
        self.has(2)
    }

    /// Signatures on certificates.
    pub fn key_cert_sign(self) -> bool {
        self.has(5)
    }

    /// Names of the uses, as in RFC 5280.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let named = (0..).zip(Self::NAMES);
        named
            .filter(move |&(bit, _)| self.has(bit))
            .map(|(_, name)| name)
    }

    /// Bit 0 is the first of the BIT STRING.
    fn has(self, bit: u32) -> bool {
        self.0 & (0x8000 >> bit) != 0
    }

    fn read(value: &[u8]) -> Option<Self> {
        let bits = Element::only(value).ok()?.expect(BIT_STRING).ok()?;
        let (_unused, bytes) = bits.content.split_first()?;
        let byte = |index| u16::from(bytes.get(index).copied().unwrap_or(0));
        Some(Self(byte(0) << 8 | byte(1)))
    }
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(", "))
    }
}

/// Why [`CertificateFacts::read`] gave up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// Not an X.509 certificate, or a damaged one.
    #[error("not a readable certificate: {problem}, byte {offset}")]
    Encoding {
        /// Byte offset in the DER.
        offset: usize,
        /// What is wrong there.
        problem: &'static str,
    },
}

impl FactsError {
    /// Public and never reused: clients match on it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encoding { .. } => "certificate_unreadable",
        }
    }
}

impl From<BerError> for FactsError {
    fn from(BerError { offset, problem }: BerError) -> Self {
        Self::Encoding { offset, problem }
    }
}

impl CertificateFacts {
    /// Reads the facts of one DER certificate; bytes behind it are ignored.
    pub fn read(der: &[u8]) -> Result<Self, FactsError> {
        let certificate = Certificate::read(der)?;
        let subject = name::read(&certificate.subject)?;
        let seconds =
            |time: &Element<'_>| date::unix_seconds(time).ok_or_else(|| time.error("not a date"));
        // The digests are of the certificate, not of what may follow it.
        let der = Reader::new(der).read()?.raw;
        Ok(Self {
            subject: name::readable(&subject),
            common_name: name::values(&subject, COMMON_NAME).next(),
            issuer_rfc2253: name::rfc2253(&name::read(&certificate.issuer)?),
            serial_decimal: serial_decimal(&certificate.serial)?,
            not_before: seconds(&certificate.not_before)?,
            not_after: seconds(&certificate.not_after)?,
            key_usage: certificate.extension(KEY_USAGE).and_then(KeyUsage::read),
            is_ca: certificate
                .extension(BASIC_CONSTRAINTS)
                .is_some_and(may_issue),
            ruc: find_ruc(&certificate, &subject),
            cedula: find_cedula(&certificate, &subject),
            rsa: rsa_key(&certificate)?,
            key_algorithm: certificate.key_algorithm,
            sha1: Sha1::digest(der).into(),
            sha256: Sha256::digest(der).into(),
        })
    }

    /// Whether that moment lies in the validity, both ends included.
    pub fn is_in_date(&self, unix_seconds: i64) -> bool {
        (self.not_before..=self.not_after).contains(&unix_seconds)
    }
}

fn rsa_key(certificate: &Certificate<'_>) -> Result<Option<RsaPublicKey>, BerError> {
    if certificate.key_algorithm != RSA_ENCRYPTION {
        return Ok(None);
    }
    read_rsa_public_key(certificate.public_key).map(Some)
}

/// BasicConstraints: SEQUENCE { cA BOOLEAN DEFAULT FALSE, … }.
fn may_issue(value: &[u8]) -> bool {
    let read = || -> Result<bool, BerError> {
        let mut fields = Element::only(value)?.expect(SEQUENCE)?.children();
        let flag = fields.take_if(BOOLEAN)?;
        Ok(flag.is_some_and(|flag| flag.content.iter().any(|&byte| byte != 0)))
    };
    read().unwrap_or(false)
}

fn serial_decimal(serial: &Element<'_>) -> Result<String, BerError> {
    let bytes = strip_zeros(serial.content);
    if bytes.len() > SERIAL_BYTES_MAX {
        return Err(serial.error("the serial number is too long"));
    }
    Ok(decimal(bytes))
}

/// A big-endian number in decimal, by long multiplication in base 10⁹.
fn decimal(bytes: &[u8]) -> String {
    const BASE: u64 = 1_000_000_000;
    let mut limbs = vec![0_u64]; // the least significant first
    for &byte in bytes {
        let mut carry = u64::from(byte);
        for limb in &mut limbs {
            let value = *limb * 256 + carry;
            *limb = value % BASE;
            carry = value / BASE;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut limbs = limbs.iter().rev();
    let first = limbs.next().map(u64::to_string).unwrap_or_default();
    first + &limbs.map(|limb| format!("{limb:09}")).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_serials_of_any_length() {
        assert_eq!(decimal(&[]), "0");
        assert_eq!(decimal(&[0x3b, 0x9a, 0xca, 0x00]), "1000000000");
        assert_eq!(
            decimal(&4_113_906_501_718_532_149_u64.to_be_bytes()),
            "4113906501718532149"
        );
        assert_eq!(decimal(&u128::MAX.to_be_bytes()), u128::MAX.to_string());
        let two_to_160 = "1461501637330902918203684832716283019655932542976";
        assert_eq!(decimal(&[&[1][..], &[0; 20]].concat()), two_to_160);
    }

    #[test]
    fn names_key_usages() {
        let usage = KeyUsage::read(&[3, 2, 6, 0xc0]).unwrap();
        assert!(usage.digital_signature() && usage.non_repudiation() && !usage.key_encipherment());
        assert_eq!(usage.to_string(), "digitalSignature, nonRepudiation");
        assert_eq!(
            KeyUsage::read(&[3, 3, 7, 0x20, 0x80]).unwrap().to_string(),
            "keyEncipherment, decipherOnly"
        );
        assert_eq!(KeyUsage::read(&[3, 1, 0]).unwrap().to_string(), "");
        assert_eq!(KeyUsage::read(&[3, 0]), None);
        assert_eq!(KeyUsage::read(&[4, 2, 6, 0xc0]), None);
    }

    #[test]
    fn reads_basic_constraints() {
        assert!(may_issue(&[0x30, 3, 1, 1, 0xff]));
        assert!(may_issue(&[0x30, 6, 1, 1, 0xff, 2, 1, 0]));
        assert!(!may_issue(&[0x30, 3, 1, 1, 0]));
        assert!(!may_issue(&[0x30, 0]));
        assert!(!may_issue(&[]));
    }
}
