//! The public half of a private key.

use zeroize::Zeroizing;

use crate::ber::{BerError, Element, INTEGER, Reader, SEQUENCE, strip_zeros};
use crate::facts::RsaPublicKey;
use crate::oid;

pub(crate) const RSA_ENCRYPTION: &str = "1.2.840.113549.1.1.1";

/// What a PrivateKeyInfo (RFC 5208) tells without using the key.
pub(crate) struct PrivateKeyFacts {
    /// Dotted identifier of the algorithm.
    pub(crate) algorithm: String,
    /// The public key, when the algorithm is rsaEncryption.
    pub(crate) rsa: Option<RsaPublicKey>,
}

impl PrivateKeyFacts {
    pub(crate) fn read(pkcs8: &[u8]) -> Result<Self, BerError> {
        let mut fields = Reader::new(pkcs8).expect(SEQUENCE)?.children();
        fields.expect(INTEGER)?;
        let algorithm = oid::read(&mut fields.expect(SEQUENCE)?.children())?;
        let octets = Zeroizing::new(fields.read()?.octets()?.into_owned());
        let rsa = if algorithm == RSA_ENCRYPTION {
            Some(read_rsa(&octets)?)
        } else {
            None
        };
        Ok(Self { algorithm, rsa })
    }
}

/// RSAPrivateKey (RFC 8017, A.1.2).
fn read_rsa(bytes: &[u8]) -> Result<RsaPublicKey, BerError> {
    let mut fields = Reader::new(bytes).expect(SEQUENCE)?.children();
    fields.expect(INTEGER)?;
    read_modulus_and_exponent(&mut fields)
}

/// RSAPublicKey (RFC 8017, A.1.1).
pub(crate) fn read_rsa_public_key(bytes: &[u8]) -> Result<RsaPublicKey, BerError> {
    let mut fields = Element::only(bytes)?.expect(SEQUENCE)?.children();
    read_modulus_and_exponent(&mut fields)
}

fn read_modulus_and_exponent(fields: &mut Reader<'_>) -> Result<RsaPublicKey, BerError> {
    let modulus = strip_zeros(fields.expect(INTEGER)?.content).to_vec();
    let exponent = strip_zeros(fields.expect(INTEGER)?.content).to_vec();
    Ok(RsaPublicKey { modulus, exponent })
}
