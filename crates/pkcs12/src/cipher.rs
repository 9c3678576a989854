//! The ciphers of PKCS#12 files, decryption only.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, InnerIvInit, KeyInit};
use zeroize::Zeroizing;

/// A cipher and, where it varies, its key size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cipher {
    Rc4 {
        key_size: usize,
    },
    Rc2 {
        key_size: usize,
        effective_bits: usize,
    },
    TripleDes2Key,
    TripleDes3Key,
    Aes128,
    Aes192,
    Aes256,
}

impl Cipher {
    pub(crate) fn key_size(self) -> usize {
        match self {
            Self::Rc4 { key_size } | Self::Rc2 { key_size, .. } => key_size,
            Self::TripleDes2Key | Self::Aes128 => 16,
            Self::TripleDes3Key | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    pub(crate) fn iv_size(self) -> usize {
        match self {
            Self::Rc4 { .. } => 0,
            Self::Rc2 { .. } | Self::TripleDes2Key | Self::TripleDes3Key => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }

    /// The plain text; `None` when sizes or padding are wrong, which mostly
    /// means a wrong key.
    pub(crate) fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if key.len() != self.key_size() || iv.len() != self.iv_size() {
            return None;
        }
        match self {
            Self::Rc4 { .. } => Some(rc4(key, data)),
            Self::Rc2 { effective_bits, .. } => cbc_mode(
                rc2::Rc2::new_with_eff_key_len(key, effective_bits),
                iv,
                data,
            ),
            Self::TripleDes2Key => cbc_mode(des::TdesEde2::new_from_slice(key).ok()?, iv, data),
            Self::TripleDes3Key => cbc_mode(des::TdesEde3::new_from_slice(key).ok()?, iv, data),
            Self::Aes128 => cbc_mode(aes::Aes128::new_from_slice(key).ok()?, iv, data),
            Self::Aes192 => cbc_mode(aes::Aes192::new_from_slice(key).ok()?, iv, data),
            Self::Aes256 => cbc_mode(aes::Aes256::new_from_slice(key).ok()?, iv, data),
        }
    }
}

fn cbc_mode<C>(cipher: C, iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>>
where
    C: BlockCipherDecrypt,
{
    let mut buffer = Zeroizing::new(data.to_vec());
    let mode = cbc::Decryptor::inner_iv_slice_init(cipher, iv).ok()?;
    let size = mode.decrypt_padded::<Pkcs7>(&mut buffer).ok()?.len();
    buffer.truncate(size);
    Some(buffer)
}

/// RC4, which is its own inverse.
fn rc4(key: &[u8], data: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut state: Zeroizing<[u8; 256]> = Zeroizing::new(std::array::from_fn(|i| i as u8));
    let mut j = 0_u8;
    for (i, &key_byte) in (0..=255_u8).zip(key.iter().cycle()) {
        j = j.wrapping_add(state[usize::from(i)]).wrapping_add(key_byte);
        state.swap(usize::from(i), usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    let mut output = Zeroizing::new(data.to_vec());
    for byte in output.iter_mut() {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        let sum = state[usize::from(i)].wrapping_add(state[usize::from(j)]);
        *byte ^= state[usize::from(sum)];
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rc4_gives_the_known_stream() {
        let expected = [0xbb, 0xf3, 0x16, 0xe8, 0xd9, 0x40, 0xaf, 0x0a, 0xd3];
        assert_eq!(rc4(b"Key", b"Plaintext").as_slice(), expected);
        assert!(rc4(b"Key", b"").is_empty());
    }

    #[test]
    fn wrong_sizes_are_refused() {
        let all = [
            Cipher::Rc4 { key_size: 16 },
            Cipher::Rc2 {
                key_size: 5,
                effective_bits: 40,
            },
            Cipher::TripleDes2Key,
            Cipher::TripleDes3Key,
            Cipher::Aes128,
            Cipher::Aes192,
            Cipher::Aes256,
        ];
        for cipher in all {
            let (key, iv) = (vec![7; cipher.key_size()], vec![9; cipher.iv_size()]);
            assert!(
                cipher.decrypt(&key[1..], &iv, &[0; 16]).is_none(),
                "{cipher:?} key"
            );
            assert!(
                cipher.decrypt(&key, &[0; 3], &[0; 16]).is_none(),
                "{cipher:?} iv"
            );
            if cipher.iv_size() > 0 {
                assert!(
                    cipher.decrypt(&key, &iv, &[0; 17]).is_none(),
                    "{cipher:?} data"
                );
                assert!(
                    cipher.decrypt(&key, &iv, &[]).is_none(),
                    "{cipher:?} no data"
                );
            }
        }
    }
}
