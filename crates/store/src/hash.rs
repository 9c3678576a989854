//! Hashes, as they are made and written down.

use sha2::{Digest, Sha256};

/// SHA-256, by which API keys and certificates are known and contents compared.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hexadecimal digits, two a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{hex, sha256};

    /// The first example of FIPS 180-4.
    #[test]
    fn a_hash_is_written_as_everywhere() {
        assert_eq!(
            hex(&sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
