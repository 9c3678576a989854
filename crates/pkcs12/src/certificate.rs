//! The fields of an X.509 certificate (RFC 5280, 4.1), borrowed.
//!
//! More tolerant than a validating parser: names and extensions stay bytes, so
//! that one odd field does not make a usable certificate unreadable.

use crate::ber::{
    BIT_STRING, BOOLEAN, BerError, Element, INTEGER, OCTET_STRING, Reader, SEQUENCE, context,
};
use crate::oid;

/// Real certificates have about 15.
const EXTENSIONS_MAX: usize = 200;

pub(crate) struct Certificate<'a> {
    /// Content of the INTEGER.
    pub(crate) serial: Element<'a>,
    pub(crate) issuer: Element<'a>,
    pub(crate) not_before: Element<'a>,
    pub(crate) not_after: Element<'a>,
    pub(crate) subject: Element<'a>,
    /// Dotted identifier of the public key's algorithm.
    pub(crate) key_algorithm: String,
    /// Content of subjectPublicKey without the count of unused bits.
    pub(crate) public_key: &'a [u8],
    pub(crate) extensions: Vec<Extension<'a>>,
}

pub(crate) struct Extension<'a> {
    pub(crate) oid: String,
    pub(crate) value: Element<'a>,
}

impl<'a> Certificate<'a> {
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, BerError> {
        let certificate = Reader::new(der).expect(SEQUENCE)?;
        let mut fields = certificate.children().expect(SEQUENCE)?.children();
        fields.take_if(context(0))?;
        let serial = fields.expect(INTEGER)?;
        fields.expect(SEQUENCE)?; // the signature's algorithm
        let issuer = fields.expect(SEQUENCE)?;
        let mut validity = fields.expect(SEQUENCE)?.children();
        let (not_before, not_after) = (validity.read()?, validity.read()?);
        let subject = fields.expect(SEQUENCE)?;
        let (key_algorithm, public_key) = read_public_key(&fields.expect(SEQUENCE)?)?;
        let extensions = read_extensions(&mut fields)?;
        Ok(Self {
            serial,
            issuer,
            not_before,
            not_after,
            subject,
            key_algorithm,
            public_key,
            extensions,
        })
    }

    /// The value of the extension with that identifier.
    pub(crate) fn extension(&self, oid: &str) -> Option<&'a [u8]> {
        let found = self
            .extensions
            .iter()
            .find(|extension| extension.oid == oid);
        found.map(|extension| extension.value.content)
    }
}

fn read_public_key<'a>(info: &Element<'a>) -> Result<(String, &'a [u8]), BerError> {
    let mut fields = info.children();
    let algorithm = oid::read(&mut fields.expect(SEQUENCE)?.children())?;
    let bits = fields.expect(BIT_STRING)?;
    match bits.content.split_first() {
        Some((0, key)) => Ok((algorithm, key)),
        _ => Err(bits.error("the public key is no whole number of bytes")),
    }
}

fn read_extensions<'a>(fields: &mut Reader<'a>) -> Result<Vec<Extension<'a>>, BerError> {
    let mut extensions = Vec::new();
    while let Some(field) = fields.read_optional()? {
        if field.identifier != context(3) {
            continue;
        }
        let mut list = field.children().expect(SEQUENCE)?.children();
        while let Some(extension) = list.read_optional()? {
            if extensions.len() == EXTENSIONS_MAX {
                return Err(extension.error("too many extensions"));
            }
            let mut parts = extension.expect(SEQUENCE)?.children();
            let oid = oid::read(&mut parts)?;
            parts.take_if(BOOLEAN)?;
            let value = parts.expect(OCTET_STRING)?;
            extensions.push(Extension { oid, value });
        }
    }
    Ok(extensions)
}
