//! Signing one document.

use tagua_rsa::RsaError;

use crate::{
    Flaw, SignatureHash, SignatureIds, SigningKey, Unsigned, self_check,
    signing_time::is_signing_time,
    template::{self, Digests, KEY_INFO, Parts, SIGNED_INFO, SIGNED_PROPERTIES, apex_digest},
};

/// Why a document was not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// The time is not written as in `2026-11-20T15:04:05-05:00`.
    #[error("the signing time is not a date and time in Ecuador's offset")]
    SigningTime,
    /// The private key failed.
    #[error("the RSA signature failed")]
    Rsa {
        /// What AWS-LC refused.
        source: RsaError,
    },
    /// The finished file does not verify. It is not returned: something is wrong with
    /// this program or this machine.
    #[error("the signed document failed its self-check: {what}")]
    SelfCheckFailed {
        /// The part that does not verify.
        what: Flaw,
    },
}

/// Signs a document as XAdES-BES, enveloped (ficha técnica, section 6).
///
/// Returns the file to send: XML declaration, line feed, and the document with
/// `ds:Signature` as its last child. The same arguments give the same bytes.
///
/// `signing_time` is Ecuador's time to the second, `2026-11-20T15:04:05-05:00`.
///
/// # Errors
/// [`SignError::SigningTime`] for another shape of time; the rest are failures of this
/// machine. Bytes that fail [`self_check`](fn@crate::self_check) never leave.
pub fn sign(
    unsigned: &Unsigned<'_>,
    key: &SigningKey,
    hash: SignatureHash,
    signing_time: &str,
    ids: SignatureIds,
) -> Result<Vec<u8>, SignError> {
    if !is_signing_time(signing_time) {
        return Err(SignError::SigningTime);
    }
    let signed_properties = template::signed_properties(key, hash, signing_time, &ids);
    let key_info = template::key_info(key.key_info_content(), &ids);
    let digests = Digests {
        signed_properties: apex_digest(hash, SIGNED_PROPERTIES, signed_properties.as_bytes()),
        key_info: apex_digest(hash, KEY_INFO, key_info.as_bytes()),
        document: hash.hash().digest(unsigned.document()),
    };
    let signed_info = template::signed_info(hash, &ids, &digests);
    let digest = apex_digest(hash, SIGNED_INFO, signed_info.as_bytes());
    let signature_value = key
        .private_key()
        .sign(hash.hash(), digest.as_ref())
        .map_err(|source| SignError::Rsa { source })?;
    let parts = Parts {
        signed_info: &signed_info,
        signature_value: &signature_value,
        key_info: &key_info,
        signed_properties: &signed_properties,
    };
    let signed = template::assemble(unsigned, &ids, &parts);
    self_check(&signed, key, hash).map_err(|what| SignError::SelfCheckFailed { what })?;
    Ok(signed)
}
