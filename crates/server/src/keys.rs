//! Which access key a document gets (CONTRACT 4.5 and 7.2).

use aws_lc_rs::hmac;
use tagua_fiscal::DocumentType;
use tagua_fiscal::access_key::{DocumentNumber, numeric_code};
use tagua_fiscal::invoice::Invoice;
use tagua_store::{Document, Issuer, Stage};

use crate::wire::InvoiceRequest;

/// A new document: the key that was sent, else one with a code of our own.
pub(crate) fn first(request: InvoiceRequest, issuer: &Issuer) -> Invoice {
    let code = code(issuer, &number(&request), 0);
    request.into_invoice(code)
}

/// A corrected document. The key stays while all its parts do and SRI has not
/// registered it; otherwise it gets a code that no revision had.
pub(crate) fn corrected(mut request: InvoiceRequest, issuer: &Issuer, old: &Document) -> Invoice {
    let registered = registered(old);
    // A client that corrects the answer it got sends our own key back.
    request.access_key = request
        .access_key
        .filter(|key| *key != old.access_key || !(registered || made_here(issuer, old)));
    if let Some(parts) = old.access_key.parts().filter(|_| !registered) {
        let same = request.clone().into_invoice(parts.numeric_code);
        if same.tax_info.access_key == old.access_key {
            return same;
        }
    }
    // Any earlier revision may have been registered under the codes so far.
    let revision = match old.revision {
        0 if !registered => 0,
        earlier => earlier.saturating_add(1),
    };
    let code = code(issuer, &number(&request), revision);
    request.into_invoice(code)
}

/// Whether SRI may know the current key.
fn registered(old: &Document) -> bool {
    let reception = old.reception.as_ref();
    matches!(old.stage, Stage::NotAuthorized | Stage::NeedsAttention)
        || reception.is_some_and(|result| result.state == "RECIBIDA")
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
    (0..=old.revision).any(|revision| code(issuer, &number, revision) == parts.numeric_code)
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
/// Corrections that need another code mix their revision in.
fn code(issuer: &Issuer, number: &DocumentNumber, revision: u32) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &issuer.code_secret);
    let mac = |message: &[u8]| {
        let mut context = hmac::Context::with_key(&key);
        context.update(message);
        if revision > 0 {
            context.update(format!("|{revision}").as_bytes());
        }
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        out
    };
    numeric_code(&mac, number)
}
