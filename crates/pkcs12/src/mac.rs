//! The seal of a file: MacData (RFC 7292, 4) and PBMAC1 (RFC 9579).

use subtle::ConstantTimeEq;

use crate::OpenError;
use crate::ber::{BerError, Element, INTEGER, SEQUENCE};
use crate::derive::{Budget, Derivation, Hash};
use crate::password::{Passwords, prefer};
use crate::scheme::{iterations_of, read_hmac, read_pbkdf2, split_algorithm};

const PART: &str = "MAC";
const PBMAC1: &str = "1.2.840.113549.1.5.14";
/// Far above the 64 that any digest needs.
const PBMAC1_KEY_SIZE_MAX: u64 = 1024;

/// How the file says that it has not been altered.
#[derive(Clone, Debug)]
pub(crate) struct Seal {
    /// Digest of the MAC itself.
    hash: Hash,
    derivation: Derivation,
    family: Family,
    expected: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Family {
    Pkcs12,
    Pbmac1 { key_size: usize },
}

impl Seal {
    /// Reads a MacData.
    pub(crate) fn read(mac_data: &Element<'_>) -> Result<Self, OpenError> {
        let within = |error: BerError| error.within(PART);
        let mut fields = mac_data.expect(SEQUENCE).map_err(within)?.children();
        let mut digest_info = fields.expect(SEQUENCE).map_err(within)?.children();
        let algorithm = digest_info.read().map_err(within)?;
        let expected = digest_info.read().and_then(|digest| digest.octets());
        let expected = expected.map_err(within)?.into_owned();
        let (oid, mut parameters) = split_algorithm(&algorithm)?;
        if oid == PBMAC1 {
            return read_pbmac1(&parameters.read().map_err(within)?, expected);
        }
        let Some(hash) = Hash::of_digest_oid(&oid) else {
            return Err(OpenError::Unsupported { what: "MAC", oid });
        };
        let salt = fields
            .read()
            .and_then(|salt| salt.octets())
            .map_err(within)?
            .into_owned();
        let iterations = match fields.take_if(INTEGER).map_err(within)? {
            None => 1,
            Some(count) => iterations_of(&count)?,
        };
        let derivation = Derivation {
            hash,
            salt,
            iterations,
        };
        Ok(Self {
            hash,
            derivation,
            family: Family::Pkcs12,
            expected,
        })
    }

    pub(crate) fn algorithm(&self) -> String {
        match self.family {
            Family::Pkcs12 => format!("HMAC-{}", self.hash.name()),
            Family::Pbmac1 { .. } => format!("PBMAC1 HMAC-{}", self.hash.name()),
        }
    }

    pub(crate) fn iterations(&self) -> u64 {
        self.derivation.iterations
    }

    /// Whether one of the passwords fits; that one moves to the front.
    pub(crate) fn fits(
        &self,
        content: &[u8],
        passwords: &mut Passwords,
        budget: &mut Budget,
    ) -> Result<bool, OpenError> {
        let candidates = match self.family {
            Family::Pkcs12 => &mut passwords.utf16,
            Family::Pbmac1 { .. } => &mut passwords.plain,
        };
        for index in 0..candidates.len() {
            let Some(password) = candidates.get(index) else {
                break;
            };
            if self.fits_one(content, password, budget)? {
                prefer(candidates, index);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn fits_one(
        &self,
        content: &[u8],
        password: &[u8],
        budget: &mut Budget,
    ) -> Result<bool, OpenError> {
        let key = match self.family {
            Family::Pkcs12 => self.derivation.pkcs12_mac_key(password, budget)?,
            Family::Pbmac1 { key_size } => self.derivation.pbkdf2(password, key_size, budget)?,
        };
        let found = self.hash.hmac(&key, content);
        Ok(found.as_slice().ct_eq(&self.expected).into())
    }
}

/// PBMAC1-params (RFC 8018, A.5). RFC 9579 makes the key size mandatory.
fn read_pbmac1(parameters: &Element<'_>, expected: Vec<u8>) -> Result<Seal, OpenError> {
    let within = |error: BerError| error.within(PART);
    let mut fields = parameters.expect(SEQUENCE).map_err(within)?.children();
    let (derivation, key_size) = read_pbkdf2(&fields.read().map_err(within)?)?;
    let hash = read_hmac(&fields.read().map_err(within)?)?;
    let key_size = match key_size {
        Some(size @ 1..=PBMAC1_KEY_SIZE_MAX) => size as usize,
        None => hash.size(),
        Some(_) => return Err(parameters.error("impossible key size").within(PART)),
    };
    Ok(Seal {
        hash,
        derivation,
        family: Family::Pbmac1 { key_size },
        expected,
    })
}
