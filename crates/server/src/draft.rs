//! A document between the request that was read and the row that is stored:
//! what local checks say about it.

use tagua_fiscal::invoice::Invoice;
use tagua_fiscal::rules::{self, RuleContext};
use tagua_sri_xml::{StructuralFinding, check_invoice, write_invoice};
use tagua_store::{ReceptionResult, SriMessage, UnixMillis};

use crate::app::in_ecuador;

/// What SRI takes as one document (ficha técnica, section 7.5).
const SRI_BYTES: usize = 320 * 1024;

/// A document with everything that local checks say about it.
pub(crate) struct Draft {
    pub(crate) invoice: Invoice,
    pub(crate) canonical: Vec<u8>,
    structural: Vec<StructuralFinding>,
    /// Whether the local checks found no error.
    pub(crate) valid: bool,
}

impl Draft {
    pub(crate) fn new(invoice: Invoice, now: jiff::Timestamp) -> Self {
        let structural = check_invoice(&invoice);
        let context = RuleContext {
            today: in_ecuador(now).date(),
        };
        let canonical = write_invoice(&invoice);
        let valid = structural.is_empty()
            && canonical.len() <= SRI_BYTES
            && rules::valid(&rules::check(&invoice, &context));
        Self {
            invoice,
            canonical,
            structural,
            valid,
        }
    }

    /// A local refusal in the form SRI would give (CONTRACT 3.1): such a
    /// document is stored and not sent.
    pub(crate) fn local_refusal(&self, at: UnixMillis) -> Option<ReceptionResult> {
        let (identifier, message, additional) = if let Some(first) = self.structural.first() {
            let more = self.structural.len() - 1;
            let rest = if more > 0 {
                format!(" (y {more} más)")
            } else {
                String::new()
            };
            let additional = format!("{}: {}{rest}", first.path, first.message_es);
            ("35", "ARCHIVO NO CUMPLE ESTRUCTURA XML", additional)
        } else if self.canonical.len() > SRI_BYTES {
            let additional = format!(
                "El comprobante ocupa {} bytes y el SRI acepta hasta {SRI_BYTES}: divídalo en \
                 varios comprobantes.",
                self.canonical.len()
            );
            ("26", "TAMAÑO MÁXIMO SUPERADO", additional)
        } else {
            return None;
        };
        let message = SriMessage {
            identifier: identifier.to_owned(),
            message: message.to_owned(),
            kind: "ERROR".to_owned(),
            additional: Some(additional),
        };
        Some(ReceptionResult {
            state: "DEVUELTA".to_owned(),
            at: at.0,
            messages: vec![message],
        })
    }
}
