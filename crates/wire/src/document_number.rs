//! The number of another document: the one a note modifies, the one goods
//! travel for, the one that caused a withholding.

use super::finding::ErrorCode;
use super::reader::Reader;
use super::text::is_digits;

/// Establishment, point of emission and sequential, all digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DocumentNumber {
    establishment: String,
    point: String,
    sequential: String,
}

impl DocumentNumber {
    /// `001-002-000000003`, as invoices, notes and waybills write it.
    pub(super) fn with_hyphens(&self) -> String {
        let Self {
            establishment,
            point,
            sequential,
        } = self;
        format!("{establishment}-{point}-{sequential}")
    }

    /// `001002000000003`, as withholdings write it.
    pub(super) fn without_hyphens(&self) -> String {
        let Self {
            establishment,
            point,
            sequential,
        } = self;
        format!("{establishment}{point}{sequential}")
    }

    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let (establishment, point, sequential) = match parts.as_slice() {
            [establishment, point, sequential] => (*establishment, *point, *sequential),
            [digits] => (digits.get(..3)?, digits.get(3..6)?, digits.get(6..)?),
            _ => return None,
        };
        let well_formed =
            is_digits(establishment, 3, 3) && is_digits(point, 3, 3) && is_digits(sequential, 9, 9);
        well_formed.then(|| Self {
            establishment: establishment.to_owned(),
            point: point.to_owned(),
            sequential: sequential.to_owned(),
        })
    }
}

/// The number at `key`, with hyphens or as fifteen digits (CONTRACT 2.4).
pub(super) fn read_document_number(r: &Reader<'_, '_>, key: &str) -> Option<DocumentNumber> {
    let number = DocumentNumber::parse(&r.code(key)?);
    if number.is_none() {
        let details = "Debe tener la forma 001-002-000000003";
        r.invalid(key, ErrorCode::InvalidFormat, details);
    }
    number
}

/// The number at `key`, which must be there.
pub(super) fn required_document_number(r: &Reader<'_, '_>, key: &str) -> Option<DocumentNumber> {
    if r.value(key).is_none() {
        r.missing(key);
    }
    read_document_number(r, key)
}
