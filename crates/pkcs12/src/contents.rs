//! The AuthenticatedSafe, its SafeContents and their bags (RFC 7292, 4.1, 4.2).

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::ber::{BerError, Element, INTEGER, OCTET_STRING, Reader, SEQUENCE, SET, context};
use crate::derive::Budget;
use crate::open::{CertificateEntry, DATA, KeyEntry};
use crate::password::{Octets, Passwords, prefer};
use crate::scheme::{PasswordKind, Scheme};
use crate::{OpenError, oid, text};

const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";

const KEY_BAG: &str = "1.2.840.113549.1.12.10.1.1";
const SHROUDED_KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG: &str = "1.2.840.113549.1.12.10.1.3";
const SAFE_CONTENTS_BAG: &str = "1.2.840.113549.1.12.10.1.6";

const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";
const FRIENDLY_NAME: &str = "1.2.840.113549.1.9.20";
const LOCAL_KEY_ID: &str = "1.2.840.113549.1.9.21";

const AUTHENTICATED_SAFE: &str = "AuthenticatedSafe";
const SAFE_CONTENTS: &str = "SafeContents";
const ENCRYPTED_CONTENT: &str = "encrypted content";
const PRIVATE_KEY: &str = "private key";
const CERTIFICATE: &str = "certificate bag";

/// SafeContents inside SafeContents; nobody was seen to nest at all.
const NESTING_MAX: usize = 8;

/// Collects keys and certificates while it reads.
pub(crate) struct Contents {
    pub(crate) keys: Vec<KeyEntry>,
    pub(crate) certificates: Vec<CertificateEntry>,
    passwords: Passwords,
    budget: Budget,
    entries_left: usize,
    password_is_proven: bool,
}

impl Contents {
    /// `password_is_proven`: a MAC fits, so that what does not decrypt has
    /// another password.
    pub(crate) fn new(
        passwords: Passwords,
        budget: Budget,
        entries_max: usize,
        password_is_proven: bool,
    ) -> Self {
        let (keys, certificates) = (Vec::new(), Vec::new());
        Self {
            keys,
            certificates,
            passwords,
            budget,
            entries_left: entries_max,
            password_is_proven,
        }
    }

    pub(crate) fn read_authenticated_safe(&mut self, content: &[u8]) -> Result<(), OpenError> {
        let mut infos = authenticated_safe(content)?;
        while let Some(info) = infos.read_optional().map_err(in_safe)? {
            self.take_entry()?;
            match ContentInfo::read(&info)? {
                ContentInfo::Plain(octets) => self.read_safe_contents(&octets, NESTING_MAX)?,
                ContentInfo::Encrypted(scheme, octets) => {
                    let plain = self.decrypt(&scheme, &octets, is_sequence, ENCRYPTED_CONTENT)?;
                    self.read_safe_contents(&plain, NESTING_MAX)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the likeliest password decrypts the first encrypted part. Costs
    /// one derivation, so that a wrong password stays cheap.
    pub(crate) fn decrypts_something(&mut self, content: &[u8]) -> bool {
        let Ok(mut infos) = authenticated_safe(content) else {
            return false;
        };
        while let Ok(Some(info)) = infos.read_optional() {
            let Ok(ContentInfo::Encrypted(scheme, octets)) = ContentInfo::read(&info) else {
                continue;
            };
            let first = self.candidates(&scheme).first().cloned();
            let plain = first.map(|password| scheme.decrypt(&password, &octets, &mut self.budget));
            return matches!(plain, Some(Ok(Some(plain))) if is_sequence(&plain));
        }
        false
    }

    fn read_safe_contents(&mut self, bytes: &[u8], nesting_left: usize) -> Result<(), OpenError> {
        let within = |error: BerError| error.within(SAFE_CONTENTS);
        let mut bags = Reader::new(bytes)
            .expect(SEQUENCE)
            .map_err(within)?
            .children();
        while let Some(bag) = bags.read_optional().map_err(within)? {
            self.take_entry()?;
            self.read_bag(&bag, nesting_left)?;
        }
        Ok(())
    }

    fn read_bag(&mut self, bag: &Element<'_>, nesting_left: usize) -> Result<(), OpenError> {
        let within = |error: BerError| error.within(SAFE_CONTENTS);
        let mut fields = bag.expect(SEQUENCE).map_err(within)?.children();
        let kind = oid::read(&mut fields).map_err(within)?;
        let value = fields.expect(context(0)).map_err(within)?;
        let attributes = Attributes::read(&mut fields).map_err(within)?;
        match kind.as_str() {
            KEY_BAG => self.add_key(value.content, attributes),
            SHROUDED_KEY_BAG => {
                let plain = self.unshroud(&value)?;
                self.add_key(&plain, attributes)
            }
            CERTIFICATE_BAG => self.add_certificate(&value, attributes),
            SAFE_CONTENTS_BAG => {
                let deep = value.error("nested too deep").within(SAFE_CONTENTS);
                let nesting_left = nesting_left.checked_sub(1).ok_or(deep)?;
                self.read_safe_contents(value.content, nesting_left)
            }
            // Revocation lists and secrets are of no use here.
            _ => Ok(()),
        }
    }

    /// Decrypts an EncryptedPrivateKeyInfo (RFC 5208, 6).
    fn unshroud(&mut self, value: &Element<'_>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let within = |error: BerError| error.within(PRIVATE_KEY);
        let info = value.children().expect(SEQUENCE).map_err(within)?;
        let mut fields = info.children();
        let scheme = Scheme::read(&fields.read().map_err(within)?)?;
        let data = fields
            .read()
            .and_then(|data| data.octets())
            .map_err(within)?;
        self.decrypt(&scheme, &data, is_private_key, PRIVATE_KEY)
    }

    fn add_key(&mut self, bytes: &[u8], attributes: Attributes) -> Result<(), OpenError> {
        let within = |error: BerError| error.within(PRIVATE_KEY);
        let info = Reader::new(bytes).expect(SEQUENCE).map_err(within)?;
        // Room for everything at once: growing would leave copies behind.
        let mut pkcs8 = Zeroizing::new(Vec::with_capacity(bytes.len()));
        info.write_der(&mut pkcs8).map_err(within)?;
        let Attributes {
            friendly_name,
            local_key_id,
        } = attributes;
        self.keys.push(KeyEntry {
            pkcs8,
            friendly_name,
            local_key_id,
        });
        Ok(())
    }

    fn add_certificate(
        &mut self,
        value: &Element<'_>,
        attributes: Attributes,
    ) -> Result<(), OpenError> {
        let within = |error: BerError| error.within(CERTIFICATE);
        let mut fields = value
            .children()
            .expect(SEQUENCE)
            .map_err(within)?
            .children();
        if oid::read(&mut fields).map_err(within)? != X509_CERTIFICATE {
            return Ok(());
        }
        let explicit = fields.expect(context(0)).map_err(within)?;
        let der = explicit
            .children()
            .read()
            .and_then(|octets| octets.octets());
        let der = der.map_err(within)?;
        // What is embedded and digested later must end where the certificate does.
        let der = Reader::new(&der)
            .read()
            .map_or(&*der, |certificate| certificate.raw)
            .to_vec();
        let Attributes {
            friendly_name,
            local_key_id,
        } = attributes;
        self.certificates.push(CertificateEntry {
            der,
            friendly_name,
            local_key_id,
        });
        Ok(())
    }

    /// Tries the spellings of the password until `plausible` likes the result.
    fn decrypt(
        &mut self,
        scheme: &Scheme,
        data: &[u8],
        plausible: fn(&[u8]) -> bool,
        part: &'static str,
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        for index in 0..self.candidates(scheme).len() {
            let Some(password) = self.candidates(scheme).get(index).cloned() else {
                break;
            };
            let plain = scheme.decrypt(&password, data, &mut self.budget)?;
            if let Some(plain) = plain.filter(|plain| plausible(plain)) {
                prefer(self.candidates(scheme), index);
                self.password_is_proven = true;
                return Ok(plain);
            }
        }
        if self.password_is_proven {
            return Err(OpenError::OtherPasswordInside { part });
        }
        Err(OpenError::WrongPassword)
    }

    fn candidates(&mut self, scheme: &Scheme) -> &mut [Octets] {
        match scheme.password_kind() {
            PasswordKind::Utf16 => &mut self.passwords.utf16,
            PasswordKind::Plain => &mut self.passwords.plain,
        }
    }

    fn take_entry(&mut self) -> Result<(), OpenError> {
        let problem = "more entries than allowed";
        let full = OpenError::Damaged {
            part: AUTHENTICATED_SAFE,
            offset: 0,
            problem,
        };
        self.entries_left = self.entries_left.checked_sub(1).ok_or(full)?;
        Ok(())
    }
}

/// One part of the AuthenticatedSafe.
enum ContentInfo<'a> {
    Plain(Cow<'a, [u8]>),
    Encrypted(Box<Scheme>, Cow<'a, [u8]>),
}

impl<'a> ContentInfo<'a> {
    fn read(info: &Element<'a>) -> Result<Self, OpenError> {
        let mut fields = info.expect(SEQUENCE).map_err(in_safe)?.children();
        let kind = oid::read(&mut fields).map_err(in_safe)?;
        let mut value = fields.expect(context(0)).map_err(in_safe)?.children();
        match kind.as_str() {
            DATA => {
                let octets = value.read().and_then(|octets| octets.octets());
                Ok(Self::Plain(octets.map_err(in_safe)?))
            }
            ENCRYPTED_DATA => Self::read_encrypted(&mut value),
            _ => Err(OpenError::Unsupported {
                what: "content type",
                oid: kind,
            }),
        }
    }

    /// EncryptedData (RFC 5652, 8).
    fn read_encrypted(value: &mut Reader<'a>) -> Result<Self, OpenError> {
        let within = |error: BerError| error.within(ENCRYPTED_CONTENT);
        let mut fields = value.expect(SEQUENCE).map_err(within)?.children();
        fields.expect(INTEGER).map_err(within)?;
        let mut fields = fields.expect(SEQUENCE).map_err(within)?.children();
        let kind = oid::read(&mut fields).map_err(within)?;
        if kind != DATA {
            return Err(OpenError::Unsupported {
                what: "encrypted content type",
                oid: kind,
            });
        }
        let scheme = Scheme::read(&fields.read().map_err(within)?)?;
        // [0] IMPLICIT OCTET STRING, which BER may send in chunks.
        let octets = fields.read().map_err(within)?;
        if octets.identifier & 0xdf != 0x80 {
            return Err(within(octets.error("expected the encrypted octets")));
        }
        let octets = octets.implicit_octets().map_err(within)?;
        Ok(Self::Encrypted(Box::new(scheme), octets))
    }
}

/// The attributes of a bag that matter.
struct Attributes {
    friendly_name: Option<String>,
    local_key_id: Option<Vec<u8>>,
}

impl Attributes {
    fn read(fields: &mut Reader<'_>) -> Result<Self, BerError> {
        let mut found = Self {
            friendly_name: None,
            local_key_id: None,
        };
        let Some(set) = fields.take_if(SET)? else {
            return Ok(found);
        };
        let mut attributes = set.children();
        while let Some(attribute) = attributes.read_optional()? {
            let mut fields = attribute.expect(SEQUENCE)?.children();
            let kind = oid::read(&mut fields)?;
            let Some(value) = fields.expect(SET)?.children().read_optional()? else {
                continue;
            };
            match kind.as_str() {
                FRIENDLY_NAME => found.friendly_name = text::of_element(&value),
                LOCAL_KEY_ID => found.local_key_id = value.octets().ok().map(Cow::into_owned),
                _ => {}
            }
        }
        Ok(found)
    }
}

fn authenticated_safe(content: &[u8]) -> Result<Reader<'_>, OpenError> {
    Ok(Reader::new(content)
        .expect(SEQUENCE)
        .map_err(in_safe)?
        .children())
}

fn in_safe(error: BerError) -> OpenError {
    error.within(AUTHENTICATED_SAFE)
}

/// Whether decrypted bytes are a SEQUENCE and nothing else: what a wrong key
/// leaves, when the padding fits by chance, is not.
fn is_sequence(bytes: &[u8]) -> bool {
    Element::only(bytes).is_ok_and(|element| element.identifier == SEQUENCE)
}

/// Whether decrypted bytes have the fields of a PrivateKeyInfo.
fn is_private_key(bytes: &[u8]) -> bool {
    let read = || -> Result<bool, BerError> {
        let mut fields = Element::only(bytes)?.expect(SEQUENCE)?.children();
        fields.expect(INTEGER)?;
        fields.expect(SEQUENCE)?;
        let key = fields.read()?;
        Ok(key.identifier & 0xdf == OCTET_STRING)
    };
    read().unwrap_or(false)
}
