//! The random integers that tell the parts of a signature apart.

/// Numbers of the `Id` attributes of one signature.
///
/// Each has a prefix of its own in the template, so that they are unique in the document
/// even when two numbers are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureIds {
    pub(crate) signature: u32,
    pub(crate) signed_info: u32,
    pub(crate) properties_reference: u32,
    pub(crate) properties: u32,
    pub(crate) certificate: u32,
    pub(crate) document_reference: u32,
    pub(crate) signature_value: u32,
    pub(crate) object: u32,
}

impl SignatureIds {
    /// Makes eight numbers of up to seven digits, as long as the SRI's own tool makes them.
    /// They are no secret; `bytes` need not come from a cryptographic source.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        let (words, _) = bytes.as_chunks::<4>();
        let mut numbers = words
            .iter()
            .map(|word| u32::from_le_bytes(*word) % 10_000_000);
        let mut next = || numbers.next().unwrap_or_default();
        Self {
            signature: next(),
            signed_info: next(),
            properties_reference: next(),
            properties: next(),
            certificate: next(),
            document_reference: next(),
            signature_value: next(),
            object: next(),
        }
    }
}
