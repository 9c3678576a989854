//! From the bytes of a file to its keys and certificates.

use std::borrow::Cow;
use std::fmt;

use zeroize::Zeroizing;

use crate::OpenError;
use crate::ber::{BerError, Element, INTEGER, Reader, SEQUENCE, context};
use crate::contents::Contents;
use crate::derive::Budget;
use crate::looks_like::LooksLike;
use crate::mac::Seal;
use crate::oid;
use crate::password::Passwords;

pub(crate) const DATA: &str = "1.2.840.113549.1.7.1";

/// How much work a file may cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Key derivation iterations over the whole file, as the file states them,
    /// retries with other spellings of the password included. Firefox writes
    /// 600,000 for the MAC and for each key, and once for the certificates.
    pub iterations_max: u64,
    /// Size of the file in bytes.
    pub file_bytes_max: usize,
    /// Keys, certificates and other entries.
    pub entries_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            iterations_max: 3_000_000,
            file_bytes_max: 1 << 20,
            entries_max: 256,
        }
    }
}

/// What a PKCS#12 file holds.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// Private keys, in the order of the file.
    pub keys: Vec<KeyEntry>,
    /// Certificates, in the order of the file.
    pub certificates: Vec<CertificateEntry>,
    /// Whether a MAC protected the file.
    pub mac: MacStatus,
}

/// A private key.
#[derive(Clone)]
pub struct KeyEntry {
    /// PrivateKeyInfo (RFC 5208) in DER.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The name people see, such as "Signing Key".
    pub friendly_name: Option<String>,
    /// Opaque octets shared by a key and its certificate.
    pub local_key_id: Option<Vec<u8>>,
}

/// Prints no secret.
impl fmt::Debug for KeyEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyEntry")
            .field("pkcs8", &format_args!("***"))
            .field("friendly_name", &self.friendly_name)
            .field("local_key_id", &self.local_key_id)
            .finish()
    }
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateEntry {
    /// X.509 certificate as it stands in the file.
    pub der: Vec<u8>,
    /// The name people see.
    pub friendly_name: Option<String>,
    /// Opaque octets shared by a key and its certificate.
    pub local_key_id: Option<Vec<u8>>,
}

/// Whether and how a MAC protected the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MacStatus {
    /// Present and right.
    Verified {
        /// Such as "HMAC-SHA-1" or "PBMAC1 HMAC-SHA-256".
        algorithm: String,
        /// Iterations of its key derivation.
        iterations: u64,
    },
    /// The file has none: nothing but the padding tells a wrong password.
    Absent,
}

/// Reads a PKCS#12 file (RFC 7292, PFX version 3), in DER or BER.
///
/// An empty `password` is tried as an empty string and as no password at all;
/// see [`OpenError`] for the diagnoses. Without a MAC, a file whose content does
/// not decrypt is reported as [`OpenError::WrongPassword`]. Bytes behind the
/// PFX are ignored.
pub fn open(file: &[u8], password: &str, limits: &Limits) -> Result<Bundle, OpenError> {
    if file.len() > limits.file_bytes_max {
        let (bytes, allowed) = (file.len(), limits.file_bytes_max);
        return Err(OpenError::TooLarge { bytes, allowed });
    }
    let pfx = Pfx::read(file)?;
    let seal = pfx.mac_data.as_ref().map(Seal::read).transpose()?;
    let mut passwords = Passwords::new(password);
    let mut budget = Budget::new(limits.iterations_max);
    if let Some(seal) = &seal
        && !seal.fits(&pfx.content, &mut passwords, &mut budget)?
    {
        return Err(explain_mismatch(&pfx.content, passwords, budget, limits));
    }
    let mut contents = Contents::new(passwords, budget, limits.entries_max, seal.is_some());
    contents.read_authenticated_safe(&pfx.content)?;
    let mac = seal.map_or(MacStatus::Absent, |seal| MacStatus::Verified {
        algorithm: seal.algorithm(),
        iterations: seal.iterations(),
    });
    Ok(Bundle {
        keys: contents.keys,
        certificates: contents.certificates,
        mac,
    })
}

/// A password that decrypts a file whose MAC does not fit was the right one.
fn explain_mismatch(
    content: &[u8],
    passwords: Passwords,
    budget: Budget,
    limits: &Limits,
) -> OpenError {
    let mut contents = Contents::new(passwords, budget, limits.entries_max, false);
    if contents.decrypts_something(content) {
        let problem = "the password is right but the MAC does not fit the content";
        return OpenError::Damaged {
            part: "MAC",
            offset: 0,
            problem,
        };
    }
    OpenError::WrongPassword
}

/// The outermost structure.
struct Pfx<'a> {
    /// The value of the AuthenticatedSafe, which the MAC covers.
    content: Cow<'a, [u8]>,
    mac_data: Option<Element<'a>>,
}

impl<'a> Pfx<'a> {
    fn read(file: &'a [u8]) -> Result<Self, OpenError> {
        if let Some(looks_like) = LooksLike::something_else(file) {
            return Err(OpenError::NotPkcs12(looks_like));
        }
        let within = |error: BerError| error.within("PFX");
        let pfx = Reader::new(file).expect(SEQUENCE).map_err(within)?;
        let mut fields = pfx.children();
        let version = fields
            .expect(INTEGER)
            .and_then(|v| v.unsigned())
            .map_err(within)?;
        if version != 3 {
            return Err(OpenError::Unsupported {
                what: "PFX version",
                oid: version.to_string(),
            });
        }
        let content_info = fields.expect(SEQUENCE).map_err(within)?;
        let mac_data = fields.read_optional().map_err(within)?;
        Ok(Self {
            content: read_data(&content_info)?,
            mac_data,
        })
    }
}

/// The octets of a ContentInfo of type `data`.
fn read_data<'a>(content_info: &Element<'a>) -> Result<Cow<'a, [u8]>, OpenError> {
    let within = |error: BerError| error.within("authSafe");
    let mut fields = content_info.children();
    let oid = oid::read(&mut fields).map_err(within)?;
    if oid != DATA {
        // signedData: public-key integrity, which nobody was seen to use.
        return Err(OpenError::Unsupported {
            what: "content type",
            oid,
        });
    }
    let explicit = fields.expect(context(0)).map_err(within)?;
    explicit
        .children()
        .read()
        .and_then(|octets| octets.octets())
        .map_err(within)
}
