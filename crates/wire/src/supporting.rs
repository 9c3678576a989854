//! How documents cite other documents: type, authorization, establishment.

use super::finding::ErrorCode;
use super::reader::Reader;
use super::text::{is_digits, zero_padded};

/// A short code of SRI's tables, padded to two digits. Which codes there are
/// is the schema's matter: SRI's lists grow.
pub(super) fn read_short_code(r: &Reader<'_, '_>, key: &str, max: usize) -> Option<String> {
    let code = r.code(key)?;
    if code.chars().count() > max {
        let details = format!("Es un código de hasta {max} caracteres");
        r.invalid(key, ErrorCode::InvalidLength, details);
        return None;
    }
    Some(zero_padded(&code, 2))
}

pub(super) fn required_short_code(r: &Reader<'_, '_>, key: &str, max: usize) -> Option<String> {
    if r.value(key).is_none() {
        r.missing(key);
    }
    read_short_code(r, key, max)
}

/// A document type (CONTRACT 8.8): two digits, three for some ATS types.
pub(super) fn read_document_type(r: &Reader<'_, '_>, key: &str) -> Option<String> {
    read_short_code(r, key, 3)
}

pub(super) fn required_document_type(r: &Reader<'_, '_>, key: &str) -> Option<String> {
    required_short_code(r, key, 3)
}

/// The authorization of a document: its access key, or one of the older forms.
pub(super) fn read_authorization(r: &Reader<'_, '_>, key: &str) -> Option<String> {
    let digits = r.code(key)?;
    if !is_digits(&digits, 10, 49) {
        let details = "Debe tener de 10 a 49 dígitos";
        r.invalid(key, ErrorCode::InvalidLength, details);
        return None;
    }
    Some(digits)
}
