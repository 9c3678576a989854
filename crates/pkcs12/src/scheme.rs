//! Password-based encryption schemes: those of PKCS#12 (RFC 7292, C) and PBES2
//! (RFC 8018, 6.2).

use zeroize::Zeroizing;

use crate::OpenError;
use crate::ber::{Element, INTEGER, Reader, SEQUENCE};
use crate::cipher::Cipher;
use crate::derive::{Budget, Derivation, Hash};
use crate::oid;
use crate::password::Octets;

const PART: &str = "encryption parameters";

/// An encryption scheme with its parameters.
#[derive(Clone, Debug)]
pub(crate) struct Scheme {
    derivation: Derivation,
    cipher: Cipher,
    family: Family,
}

#[derive(Clone, Debug)]
enum Family {
    /// Key and IV both come from the password.
    Pkcs12,
    /// Only the key does.
    Pbes2 { iv: Vec<u8> },
}

/// Which spelling of the password a scheme takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordKind {
    Utf16,
    Plain,
}

impl Scheme {
    /// Reads an AlgorithmIdentifier.
    pub(crate) fn read(algorithm: &Element<'_>) -> Result<Self, OpenError> {
        let (oid, mut parameters) = split_algorithm(algorithm)?;
        if oid == "1.2.840.113549.1.5.13" {
            return read_pbes2(&mut parameters);
        }
        let cipher = match oid.as_str() {
            "1.2.840.113549.1.12.1.1" => Cipher::Rc4 { key_size: 16 },
            "1.2.840.113549.1.12.1.2" => Cipher::Rc4 { key_size: 5 },
            "1.2.840.113549.1.12.1.3" => Cipher::TripleDes3Key,
            "1.2.840.113549.1.12.1.4" => Cipher::TripleDes2Key,
            "1.2.840.113549.1.12.1.5" => Cipher::Rc2 {
                key_size: 16,
                effective_bits: 128,
            },
            "1.2.840.113549.1.12.1.6" => Cipher::Rc2 {
                key_size: 5,
                effective_bits: 40,
            },
            _ => {
                return Err(OpenError::Unsupported {
                    what: "encryption",
                    oid,
                });
            }
        };
        let mut fields = child_sequence(&mut parameters)?;
        let salt = read_octets(&mut fields)?;
        let iterations = read_iterations(&mut fields)?;
        let derivation = Derivation {
            hash: Hash::Sha1,
            salt,
            iterations,
        };
        Ok(Self {
            derivation,
            cipher,
            family: Family::Pkcs12,
        })
    }

    pub(crate) fn password_kind(&self) -> PasswordKind {
        match self.family {
            Family::Pkcs12 => PasswordKind::Utf16,
            Family::Pbes2 { .. } => PasswordKind::Plain,
        }
    }

    /// The plain text, or `None` when the password cannot be the right one.
    pub(crate) fn decrypt(
        &self,
        password: &Octets,
        data: &[u8],
        budget: &mut Budget,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, OpenError> {
        let (cipher, derivation) = (self.cipher, &self.derivation);
        let (key_size, iv_size) = (cipher.key_size(), cipher.iv_size());
        Ok(match &self.family {
            Family::Pkcs12 => {
                let [key, iv] =
                    derivation.pkcs12_key_and_iv(password, key_size, iv_size, budget)?;
                cipher.decrypt(&key, &iv, data)
            }
            Family::Pbes2 { iv } => {
                let key = derivation.pbkdf2(password, key_size, budget)?;
                cipher.decrypt(&key, iv, data)
            }
        })
    }
}

/// The identifier of an AlgorithmIdentifier, and a reader of what follows.
pub(crate) fn split_algorithm<'a>(
    algorithm: &Element<'a>,
) -> Result<(String, Reader<'a>), OpenError> {
    let read = || {
        let mut fields = algorithm.expect(SEQUENCE)?.children();
        Ok((oid::read(&mut fields)?, fields))
    };
    read().map_err(|error: crate::ber::BerError| error.within("algorithm identifier"))
}

/// PBKDF2 parameters (RFC 8018, A.2) and the key size they may ask for.
pub(crate) fn read_pbkdf2(algorithm: &Element<'_>) -> Result<(Derivation, Option<u64>), OpenError> {
    let (oid, mut parameters) = split_algorithm(algorithm)?;
    if oid != "1.2.840.113549.1.5.12" {
        return Err(OpenError::Unsupported {
            what: "key derivation",
            oid,
        });
    }
    let mut fields = child_sequence(&mut parameters)?;
    let salt = read_octets(&mut fields)?;
    let iterations = read_iterations(&mut fields)?;
    let key_size = fields
        .take_if(INTEGER)
        .map_err(|error| error.within(PART))?;
    let key_size = key_size.map(|size| size.unsigned()).transpose();
    let key_size = key_size.map_err(|error| error.within(PART))?;
    let hash = match fields.read_optional().map_err(|error| error.within(PART))? {
        None => Hash::Sha1,
        Some(prf) => read_hmac(&prf)?,
    };
    Ok((
        Derivation {
            hash,
            salt,
            iterations,
        },
        key_size,
    ))
}

/// An AlgorithmIdentifier that must name an HMAC.
pub(crate) fn read_hmac(algorithm: &Element<'_>) -> Result<Hash, OpenError> {
    let (oid, _) = split_algorithm(algorithm)?;
    Hash::of_hmac_oid(&oid).ok_or(OpenError::Unsupported { what: "HMAC", oid })
}

/// An iteration count; the budget decides whether it is too large.
pub(crate) fn iterations_of(count: &Element<'_>) -> Result<u64, OpenError> {
    match count.unsigned() {
        Ok(0) => Err(count.error("the iteration count is zero").within(PART)),
        Ok(iterations) => Ok(iterations),
        Err(error) => Err(error.within(PART)),
    }
}

fn read_pbes2(parameters: &mut Reader<'_>) -> Result<Scheme, OpenError> {
    let mut fields = child_sequence(parameters)?;
    let derivation = fields.read().map_err(|error| error.within(PART))?;
    let (derivation, key_size) = read_pbkdf2(&derivation)?;
    let encryption = fields.read().map_err(|error| error.within(PART))?;
    let (oid, mut parameters) = split_algorithm(&encryption)?;
    let cipher = match oid.as_str() {
        "2.16.840.1.101.3.4.1.2" => Cipher::Aes128,
        "2.16.840.1.101.3.4.1.22" => Cipher::Aes192,
        "2.16.840.1.101.3.4.1.42" => Cipher::Aes256,
        "1.2.840.113549.3.7" => Cipher::TripleDes3Key,
        "1.2.840.113549.3.2" => return read_rc2(derivation, key_size, &mut parameters),
        _ => {
            return Err(OpenError::Unsupported {
                what: "encryption",
                oid,
            });
        }
    };
    let iv = read_octets(&mut parameters)?;
    Ok(Scheme {
        derivation,
        cipher,
        family: Family::Pbes2 { iv },
    })
}

/// RC2-CBC-Parameter (RFC 8018, B.2.3).
fn read_rc2(
    derivation: Derivation,
    key_size: Option<u64>,
    parameters: &mut Reader<'_>,
) -> Result<Scheme, OpenError> {
    let mut fields = child_sequence(parameters)?;
    let version = fields
        .take_if(INTEGER)
        .map_err(|error| error.within(PART))?;
    let version = version.map(|version| version.unsigned()).transpose();
    let effective_bits = match version.map_err(|error| error.within(PART))? {
        None => 32,
        Some(160) => 40,
        Some(120) => 64,
        Some(58) => 128,
        Some(bits @ 256..=1024) => bits as usize,
        Some(version) => {
            let oid = format!("1.2.840.113549.3.2, version {version}");
            return Err(OpenError::Unsupported {
                what: "encryption",
                oid,
            });
        }
    };
    let key_size = match key_size {
        None => 16,
        Some(size @ 1..=128) => size as usize,
        Some(size) => {
            let oid = format!("1.2.840.113549.3.2, key of {size} bytes");
            return Err(OpenError::Unsupported {
                what: "encryption",
                oid,
            });
        }
    };
    let iv = read_octets(&mut fields)?;
    let cipher = Cipher::Rc2 {
        key_size,
        effective_bits,
    };
    Ok(Scheme {
        derivation,
        cipher,
        family: Family::Pbes2 { iv },
    })
}

fn child_sequence<'a>(reader: &mut Reader<'a>) -> Result<Reader<'a>, OpenError> {
    let sequence = reader
        .expect(SEQUENCE)
        .map_err(|error| error.within(PART))?;
    Ok(sequence.children())
}

fn read_octets(reader: &mut Reader<'_>) -> Result<Vec<u8>, OpenError> {
    let octets = reader.read().and_then(|element| element.octets());
    Ok(octets.map_err(|error| error.within(PART))?.into_owned())
}

fn read_iterations(reader: &mut Reader<'_>) -> Result<u64, OpenError> {
    iterations_of(&reader.read().map_err(|error| error.within(PART))?)
}
