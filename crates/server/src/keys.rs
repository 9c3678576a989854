//! Which access key a document gets (CONTRACT 4.5 and 7.2).

use aws_lc_rs::hmac;
use jiff::civil::Date;
use tagua_fiscal::access_key::{DocumentNumber, numeric_code};
use tagua_fiscal::{AccessKey, DocumentType, Environment, Ruc, Sequential, Series};
use tagua_store::{Document, Issuer};

/// What a request says that its access key is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    pub(crate) environment: Environment,
    pub(crate) document_type: DocumentType,
    pub(crate) ruc: Ruc,
    pub(crate) series: Series,
    /// `None` where the server numbers.
    pub(crate) sequential: Option<Sequential>,
    pub(crate) issue_date: Date,
    pub(crate) emission_type: u8,
    /// The key that was sent: it is used as it is.
    pub(crate) access_key: Option<AccessKey>,
}

/// A new document: the key that was sent, else one with a code of our own.
pub(crate) fn first(head: &Head, sequential: Sequential, issuer: &Issuer) -> AccessKey {
    head.access_key
        .unwrap_or_else(|| head.key(sequential, code(issuer, &head.number(sequential))))
}

/// A corrected document: the key stays while all its parts do, also after a
/// refusal. SRI wants the correction under the same key (ficha técnica, section
/// 5) and answers 45 to the same number under another one; its answers about
/// the former bytes are told apart by the signature they carry.
pub(crate) fn corrected(
    head: &Head,
    sequential: Sequential,
    issuer: &Issuer,
    old: &Document,
) -> AccessKey {
    // A client that corrects an answer it got sends our own key back: what was
    // corrected decides, not the key.
    let sent = head.access_key;
    if let Some(key) = sent.filter(|key| !made_here(issuer, old, key)) {
        return key;
    }
    if let Some(parts) = old.access_key.parts() {
        let same = head.key(sequential, parts.numeric_code);
        if same == old.access_key {
            return same;
        }
    }
    head.key(sequential, code(issuer, &head.number(sequential)))
}

impl Head {
    /// The key of the document's own parts.
    pub(crate) fn key(&self, sequential: Sequential, numeric_code: u32) -> AccessKey {
        let number = self.number(sequential);
        number.key(self.ruc, numeric_code, self.emission_type)
    }

    const fn number(&self, sequential: Sequential) -> DocumentNumber {
        DocumentNumber {
            environment: self.environment,
            document_type: self.document_type,
            series: self.series,
            sequential,
            date: self.issue_date,
        }
    }
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
    let number = parts.number();
    (old.series, old.sequential) == (number.series, number.sequential)
        && code(issuer, &number) == parts.numeric_code
}

/// The access key that this server gives to a number of the issuer where the
/// client sends none: a server restored from a backup asks SRI about it.
pub fn recoverable_key(issuer: &Issuer, number: &DocumentNumber) -> AccessKey {
    number.key(issuer.ruc, code(issuer, number), 1)
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
