//! Verification of a finished file by what its readers will see.
//!
//! The signed parts are cut out of the final bytes, not taken from the pieces that made
//! them, so that a mistake in the assembly shows. The parts that no digest covers are
//! compared with the template.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use crate::{
    SignatureHash, SigningKey,
    template::{DECLARATION, KEY_INFO, NAMESPACES, SIGNED_INFO, SIGNED_PROPERTIES, apex_digest},
};

/// The part of a signed file that does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The file is not laid out as the template, or its parts refer to each other wrongly.
    Layout,
    /// The digest of the signed properties.
    SignedProperties,
    /// The digest of the key information.
    KeyInfo,
    /// The digest of the document.
    Document,
    /// The certificate in the file is not the key's.
    Certificate,
    /// The RSA signature over the signed information.
    Signature,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Layout => "layout",
            Self::SignedProperties => "digest of the signed properties",
            Self::KeyInfo => "digest of the key information",
            Self::Document => "digest of the document",
            Self::Certificate => "certificate",
            Self::Signature => "RSA signature",
        })
    }
}

/// Checks a file that [`sign`](crate::sign) made with `key` and `hash`.
///
/// Every byte counts, except the digits in the `Id` of `ds:SignatureValue` and
/// `ds:Object`, to which nothing refers. Costs some microseconds and one RSA
/// verification. Files of other programs fail with [`Flaw::Layout`], however good.
///
/// # Errors
/// The first [`Flaw`] found.
pub fn self_check(signed: &[u8], key: &SigningKey, hash: SignatureHash) -> Result<(), Flaw> {
    let file = File::read(signed).ok_or(Flaw::Layout)?;
    let references = References::read(file.signed_info, hash).ok_or(Flaw::Layout)?;
    if !references.point_into(&file) {
        return Err(Flaw::Layout);
    }
    let [properties, key_info, document] = references.digests;
    let properties_found = element_digest(hash, SIGNED_PROPERTIES, file.signed_properties);
    same(properties, &properties_found, Flaw::SignedProperties)?;
    let key_info_found = element_digest(hash, KEY_INFO, file.key_info);
    same(key_info, &key_info_found, Flaw::KeyInfo)?;
    let document_found = hash.hash().digest_parts(&file.document);
    same(document, &document_found, Flaw::Document)?;
    check_certificate(file.key_info, key)?;
    check_signature(&file, key, hash)
}

/// A signed file, cut into the parts that are hashed.
struct File<'a> {
    /// Number of the signature, in digits.
    id: &'a [u8],
    /// The document before and after the signature.
    document: [&'a [u8]; 2],
    signed_info: &'a [u8],
    signature_value: &'a [u8],
    key_info: &'a [u8],
    signed_properties: &'a [u8],
}

impl<'a> File<'a> {
    fn read(signed: &'a [u8]) -> Option<Self> {
        let body = signed.strip_prefix(DECLARATION.as_bytes())?;
        let (before, rest) = body.split_at_checked(last(body, b"<ds:Signature ")?)?;
        let mut cursor = Cursor(rest);
        cursor.literal("<ds:Signature")?;
        cursor.literal(NAMESPACES)?;
        cursor.literal(" Id=\"Signature")?;
        let id = cursor.number()?;
        cursor.literal("\">")?;
        let signed_info = cursor.element(SIGNED_INFO, "</ds:SignedInfo>")?;
        cursor.literal("<ds:SignatureValue Id=\"SignatureValue")?;
        cursor.number()?;
        cursor.literal("\">")?;
        let signature_value = cursor.until(b"</ds:SignatureValue>")?;
        let key_info = cursor.element(KEY_INFO, "</ds:KeyInfo>")?;
        cursor.literal("<ds:Object Id=\"Signature")?;
        cursor.exactly(id)?;
        cursor.literal("-Object")?;
        cursor.number()?;
        cursor.literal("\"><etsi:QualifyingProperties Target=\"#Signature")?;
        cursor.exactly(id)?;
        cursor.literal("\">")?;
        let signed_properties = cursor.element(SIGNED_PROPERTIES, "</etsi:SignedProperties>")?;
        cursor.literal("</etsi:QualifyingProperties></ds:Object></ds:Signature>")?;
        Some(Self {
            id,
            document: [before, cursor.0],
            signed_info,
            signature_value,
            key_info,
            signed_properties,
        })
    }
}

/// What `ds:SignedInfo` says of the three references, in their order.
struct References<'a> {
    targets: [&'a [u8]; 3],
    digests: [&'a [u8]; 3],
}

impl<'a> References<'a> {
    fn read(signed_info: &'a [u8], hash: SignatureHash) -> Option<Self> {
        let mut cursor = Cursor(signed_info);
        cursor.until(b"<ds:SignatureMethod Algorithm=\"")?;
        cursor.literal(hash.signature_uri())?;
        cursor.literal("\"")?;
        let mut references = Self {
            targets: [&[]; 3],
            digests: [&[]; 3],
        };
        for (target, digest) in references.targets.iter_mut().zip(&mut references.digests) {
            cursor.until(b" URI=\"#")?;
            *target = cursor.until(b"\"")?;
            cursor.until(b"<ds:DigestMethod Algorithm=\"")?;
            cursor.literal(hash.digest_uri())?;
            cursor.literal("\"></ds:DigestMethod><ds:DigestValue>")?;
            *digest = cursor.until(b"</ds:DigestValue></ds:Reference>")?;
        }
        cursor.literal("</ds:SignedInfo>")?;
        Some(references)
    }

    fn point_into(&self, file: &File<'_>) -> bool {
        let [properties, key_info, document] = self.targets;
        let properties_prefix = [b"Signature", file.id, b"-SignedProperties"].concat();
        id_of(SIGNED_PROPERTIES, file.signed_properties) == Some(properties)
            && properties.starts_with(&properties_prefix)
            && id_of(KEY_INFO, file.key_info) == Some(key_info)
            && document == b"comprobante"
    }
}

/// `Id` of an element whose only attribute it is.
fn id_of<'a>(name: &str, element: &'a [u8]) -> Option<&'a [u8]> {
    let mut cursor = Cursor(element);
    cursor.literal(name)?;
    cursor.literal(" Id=\"")?;
    cursor.until(b"\">")
}

fn element_digest(hash: SignatureHash, name: &str, element: &[u8]) -> tagua_rsa::Digest {
    apex_digest(hash, name, element.get(name.len()..).unwrap_or_default())
}

fn same(written: &[u8], found: &tagua_rsa::Digest, flaw: Flaw) -> Result<(), Flaw> {
    if BASE64.encode(found).as_bytes() == written {
        Ok(())
    } else {
        Err(flaw)
    }
}

/// Equal base64 is equal DER; comparing text saves decoding the certificate.
fn check_certificate(key_info: &[u8], key: &SigningKey) -> Result<(), Flaw> {
    let mut cursor = Cursor(key_info);
    let certificate = cursor
        .until(b"<ds:X509Certificate>")
        .and_then(|_| cursor.until(b"</ds:X509Certificate>"));
    if certificate == Some(key.certificate_base64().as_bytes()) {
        Ok(())
    } else {
        Err(Flaw::Certificate)
    }
}

fn check_signature(file: &File<'_>, key: &SigningKey, hash: SignatureHash) -> Result<(), Flaw> {
    let signature = BASE64
        .decode(file.signature_value)
        .map_err(|_| Flaw::Signature)?;
    let digest = element_digest(hash, SIGNED_INFO, file.signed_info);
    key.certificate_key()
        .verify(hash.hash(), digest.as_ref(), &signature)
        .map_err(|_| Flaw::Signature)
}

/// What is left to read.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn literal(&mut self, text: &str) -> Option<()> {
        self.exactly(text.as_bytes())
    }

    fn exactly(&mut self, wanted: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(wanted)?;
        Some(())
    }

    fn number(&mut self) -> Option<&'a [u8]> {
        let digits = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (number, rest) = self.0.split_at_checked(digits)?;
        self.0 = rest;
        (!number.is_empty()).then_some(number)
    }

    /// What comes before `stop`; goes on behind it.
    fn until(&mut self, stop: &[u8]) -> Option<&'a [u8]> {
        let (before, rest) = self.0.split_at_checked(first(self.0, stop)?)?;
        self.0 = rest.strip_prefix(stop)?;
        Some(before)
    }

    /// A whole element, tags included.
    fn element(&mut self, start: &str, end: &str) -> Option<&'a [u8]> {
        let whole = self.0;
        self.literal(start)?;
        self.until(end.as_bytes())?;
        whole.get(..whole.len() - self.0.len())
    }
}

/// Position of the first `needle`. Looking for its first byte skips base64 quickly.
fn first(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let start = *needle.first()?;
    memchr::memchr_iter(start, haystack).find(|position| {
        haystack
            .get(*position..)
            .is_some_and(|rest| rest.starts_with(needle))
    })
}

/// Position of the last `needle`.
fn last(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let start = *needle.first()?;
    memchr::memrchr_iter(start, haystack).find(|position| {
        haystack
            .get(*position..)
            .is_some_and(|rest| rest.starts_with(needle))
    })
}
