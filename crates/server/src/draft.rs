//! A document between the request that was read and the row that is stored:
//! what local checks say about it.

use tagua_fiscal::Document;
use tagua_fiscal::rules::{self, RuleContext};
use tagua_sri_xml::{StructuralFinding, any};
use tagua_store::{ReceptionResult, SriMessage, UnixMillis};

use crate::app::in_ecuador;

/// What SRI takes as one document (ficha técnica, section 7.5).
const SRI_BYTES: usize = 320 * 1024;

/// A document with everything that local checks say about it.
pub(crate) struct Draft {
    pub(crate) document: Document,
    pub(crate) canonical: Vec<u8>,
    structural: Vec<StructuralFinding>,
    /// Whether the local checks found no error.
    pub(crate) valid: bool,
}

impl Draft {
    pub(crate) fn new(document: Document, now: jiff::Timestamp) -> Self {
        let tree = any::to_tree(&document);
        let structural = tagua_sri_xml::check(&tree, any::schema(&document));
        let context = RuleContext::on(in_ecuador(now).date());
        let canonical = tagua_sri_xml::write(&tree);
        drop(tree);
        let valid = structural.is_empty()
            && canonical.len() <= SRI_BYTES
            && rules::valid(&rules::check_document(&document, &context));
        Self {
            document,
            canonical,
            structural,
            valid,
        }
    }

    /// A local refusal in the form SRI would give (CONTRACT 3.1): such a
    /// document is stored and not sent.
    pub(crate) fn local_refusal(&self, at: UnixMillis) -> Option<ReceptionResult> {
        let Some(first) = self.structural.first() else {
            return too_large(self.canonical.len(), at);
        };
        let rest = match self.structural.len() {
            1 => String::new(),
            all => format!(" (y {} más)", all - 1),
        };
        let additional = format!("{}: {}{rest}", first.path, first.message_es);
        Some(returned(
            "35",
            "ARCHIVO NO CUMPLE ESTRUCTURA XML",
            additional,
            at,
        ))
    }
}

/// The refusal of a file of more bytes than SRI takes, signature included.
pub(crate) fn too_large(bytes: usize, at: UnixMillis) -> Option<ReceptionResult> {
    if bytes <= SRI_BYTES {
        return None;
    }
    let additional = format!(
        "El comprobante ocupa {bytes} bytes y el SRI acepta hasta {SRI_BYTES}: divídalo en varios \
         comprobantes."
    );
    Some(returned("26", "TAMAÑO MÁXIMO SUPERADO", additional, at))
}

fn returned(
    identifier: &str,
    message: &str,
    additional: String,
    at: UnixMillis,
) -> ReceptionResult {
    let message = SriMessage {
        identifier: identifier.to_owned(),
        message: message.to_owned(),
        kind: "ERROR".to_owned(),
        additional: Some(additional),
    };
    ReceptionResult {
        state: "DEVUELTA".to_owned(),
        at: at.0,
        messages: vec![message],
    }
}
