//! The document that a credit or debit note modifies (CONTRACT 7.5).

use tagua_fiscal::common::ModifiedDocument;

use super::document_number::required_document_number;
use super::finding::ErrorCode;
use super::reader::{Need, Reader};
use super::text::{is_digits, zero_padded};

/// The three flat fields; a member of `documento_sustento` stands in for one
/// that is absent.
pub(super) fn read_modified_document(r: &Reader<'_, '_>) -> Option<ModifiedDocument> {
    let object = r.child("documento_sustento", Need::Optional);
    let place = |flat, member| Place::of(r, object.as_ref(), flat, member);
    let document_code = place("tipo_documento_modificado", "tipo_documento").code();
    let number = place("numero_documento_modificado", "numero_documento");
    let number = required_document_number(number.reader, number.key);
    let date = place("fecha_emision_documento_modificado", "fecha_documento");
    let issue_date = date.reader.required_date(date.key);
    Some(ModifiedDocument {
        document_code: document_code?,
        number: number?.with_hyphens(),
        issue_date: issue_date?,
    })
}

/// Where a field was sent.
struct Place<'p, 'r, 'a> {
    reader: &'p Reader<'r, 'a>,
    key: &'static str,
}

impl<'p, 'r, 'a> Place<'p, 'r, 'a> {
    fn of(
        root: &'p Reader<'r, 'a>,
        object: Option<&'p Reader<'r, 'a>>,
        flat: &'static str,
        member: &'static str,
    ) -> Self {
        let stand_in = object.filter(|o| root.value(flat).is_none() && o.value(member).is_some());
        match stand_in {
            Some(reader) => Self {
                reader,
                key: member,
            },
            None => Self {
                reader: root,
                key: flat,
            },
        }
    }

    /// A code of two digits (ficha técnica, table 3).
    fn code(&self) -> Option<String> {
        let code = self.reader.required_code(self.key)?;
        if !is_digits(&code, 1, 2) {
            let details = "Use el código del tipo de documento en dos dígitos, como 01 (factura)";
            let code = ErrorCode::InvalidValue;
            self.reader.invalid(self.key, code, details);
            return None;
        }
        Some(zero_padded(&code, 2))
    }
}
