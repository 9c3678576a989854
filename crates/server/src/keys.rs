//! Which access key a document gets (CONTRACT 4.5 and 7.2).

use aws_lc_rs::hmac;
use tagua_fiscal::access_key::{DocumentNumber, numeric_code};
use tagua_fiscal::{AccessKey, Sequential};
use tagua_store::{Document, Issuer};

use tagua_wire::DocumentRequest;

/// A new document: the key that was sent, else one with a code of our own.
pub(crate) fn first(
    request: &DocumentRequest,
    sequential: Sequential,
    issuer: &Issuer,
) -> AccessKey {
    request.key(sequential, code(issuer, &number(request, sequential)))
}

/// A corrected document: the key stays while all its parts do, also after a
/// refusal. SRI wants the correction under the same key (ficha técnica, section
/// 5) and answers 45 to the same number under another one; its answers about
/// the former bytes are told apart by the signature they carry.
pub(crate) fn corrected(
    request: &mut DocumentRequest,
    sequential: Sequential,
    issuer: &Issuer,
    old: &Document,
) -> AccessKey {
    // A client that corrects an answer it got sends our own key back: what was
    // corrected decides, not the key.
    request.access_key = request
        .access_key
        .filter(|key| !made_here(issuer, old, key));
    if let Some(parts) = old.access_key.parts() {
        let same = request.key(sequential, parts.numeric_code);
        if same == old.access_key {
            return same;
        }
    }
    first(request, sequential, issuer)
}

/// Whether the key is one that this server made for the document, in any of
/// its revisions, and not the client's.
fn made_here(issuer: &Issuer, old: &Document, key: &AccessKey) -> bool {
    if old.issuer != issuer.id {
        return *key == old.access_key;
    }
    let Some(parts) = key.parts() else {
        return false;
    };
    let number = DocumentNumber {
        environment: parts.environment,
        document_type: parts.document_type,
        series: parts.series,
        sequential: parts.sequential,
        date: parts.date,
    };
    (old.series, old.sequential) == (number.series, number.sequential)
        && code(issuer, &number) == parts.numeric_code
}

fn number(request: &DocumentRequest, sequential: Sequential) -> DocumentNumber {
    DocumentNumber {
        environment: request.environment,
        document_type: request.collection.document_type(),
        series: request.series,
        sequential,
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
