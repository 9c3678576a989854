//! A body that was read, before anything is known of its issuer.

use tagua_fiscal::Ruc;
use tagua_wire::{Collection, DocumentRequest, Value, WireContext, WireFinding};
use tagua_wire::{parse_body, read_document};

/// The body of a document.
pub(super) struct Intake<'b>(Value<'b>);

impl<'b> Intake<'b> {
    pub(super) fn read(body: &'b [u8]) -> Result<Self, WireFinding> {
        parse_body(body).map(Self)
    }

    /// `emisor.ruc`, where one can be read: the issuer's settings decide how
    /// the rest is.
    pub(super) fn ruc(&self) -> Option<Ruc> {
        let issuer = self.0.as_object()?.last("emisor")?;
        match issuer.as_object()?.last("ruc")? {
            Value::String(text) => text.trim().parse().ok(),
            Value::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn document(
        &self,
        collection: Collection,
        context: &WireContext,
    ) -> Result<DocumentRequest, Vec<WireFinding>> {
        read_document(collection, &self.0, context)
    }

    pub(super) fn into_value(self) -> Value<'b> {
        self.0
    }
}
