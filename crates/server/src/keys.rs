//! Which access key a document gets (CONTRACT 4.5 and 7.2).

use aws_lc_rs::hmac;
use tagua_fiscal::DocumentType;
use tagua_fiscal::access_key::{DocumentNumber, numeric_code};
use tagua_fiscal::invoice::Invoice;
use tagua_store::{Document, Issuer};

use crate::wire::InvoiceRequest;

/// A new document: the key that was sent, else one with a code of our own.
pub(crate) fn first(request: InvoiceRequest, issuer: &Issuer) -> Invoice {
    let code = code(issuer, &number(&request));
    request.into_invoice(code)
}

/// A corrected document: the key stays while all its parts do, also after a
/// refusal. SRI wants the correction under the same key (ficha técnica, section
/// 5) and answers 45 to the same number under another one; its answers about
/// the former bytes are told apart by the signature they carry.
pub(crate) fn corrected(mut request: InvoiceRequest, issuer: &Issuer, old: &Document) -> Invoice {
    // A client that corrects the answer it got sends our own key back.
    request.access_key = request
        .access_key
        .filter(|key| *key != old.access_key || !made_here(issuer, old));
    if let Some(parts) = old.access_key.parts() {
        let same = request.clone().into_invoice(parts.numeric_code);
        if same.tax_info.access_key == old.access_key {
            return same;
        }
    }
    first(request, issuer)
}

/// Whether the current key has a code of this server, and not the client's.
fn made_here(issuer: &Issuer, old: &Document) -> bool {
    let Some(parts) = old.access_key.parts().filter(|_| old.issuer == issuer.id) else {
        return true;
    };
    let number = DocumentNumber {
        environment: old.environment,
        document_type: old.document_type,
        series: old.series,
        sequential: old.sequential,
        date: parts.date,
    };
    code(issuer, &number) == parts.numeric_code
}

fn number(request: &InvoiceRequest) -> DocumentNumber {
    DocumentNumber {
        environment: request.environment,
        document_type: DocumentType::Invoice,
        series: request.series,
        sequential: request.sequential,
        date: request.issue_date,
    }
}

/// The numeric code of an access key, recoverable from the issuer's secret.
fn code(issuer: &Issuer, number: &DocumentNumber) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &issuer.code_secret);
    let mac = |message: &[u8]| {
        let mut out = [0; 32];
        out.copy_from_slice(hmac::sign(&key, message).as_ref());
        out
    };
    numeric_code(&mac, number)
}
