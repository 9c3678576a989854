//! A request to accept or correct a document, before its body is read.

use bytes::Bytes;
use tagua_fiscal::DocumentType;
use tagua_store::{Account, Document, Stage};
use tagua_wire::{Collection, ErrorCode, WireFinding};

use super::intake::Intake;
use crate::error::ApiError;
use crate::idempotency::Once;
use crate::settings::{IssuerSettings, Profile};
use crate::wishes::{COMPLETE, Wishes};

/// What the caller asks to happen after the document is stored.
#[derive(Clone, Copy)]
pub(crate) enum Purpose<'a> {
    /// Sign with this password and send.
    Issue {
        /// The certificate's password; without one the request is refused.
        password: Option<&'a str>,
    },
    /// Keep only.
    Create,
}

/// What the address takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// JSON; XML is understood too.
    Any,
    /// XML, bare or as `{"xml": "..."}`.
    Xml,
}

/// A request to accept or correct a document.
#[derive(Clone, Copy)]
pub(crate) struct Order<'o> {
    /// Who asks.
    pub(crate) account: &'o Account,
    /// Where.
    pub(crate) collection: Collection,
    /// How.
    pub(crate) door: Door,
    /// The document.
    pub(crate) body: &'o Bytes,
    /// What is to happen with it.
    pub(crate) purpose: Purpose<'o>,
    /// How it is to be read.
    pub(crate) wishes: Wishes,
    /// The key that makes a repetition harmless.
    pub(crate) once: Option<&'o Once>,
}

impl Order<'_> {
    /// The same, read as a document of the stored one's collection: both
    /// addresses of withholdings correct either (CONTRACT 4.5).
    pub(super) fn correcting(&self, old: &Document) -> Result<Self, ApiError> {
        let collection = Collection::of(old.document_type, &old.schema_version);
        if collection.document_type() == self.collection.document_type() {
            return Ok(Self {
                collection,
                ..*self
            });
        }
        let details = format!(
            "El documento {} es {}; un documento no puede cambiar de tipo. Corríjalo en \
             /{}/{}/reissue, o emita uno nuevo.",
            old.id,
            type_in_spanish(old.document_type),
            collection.as_str(),
            old.id,
        );
        self.refuse("id", &details)
    }

    /// Authorized, or still under way: not to be corrected (CONTRACT 4.5).
    pub(super) fn refuse_unless_open(&self, document: &Document) -> Result<(), ApiError> {
        let details = match document.stage {
            Stage::Created | Stage::Returned | Stage::NotAuthorized | Stage::NeedsAttention => {
                return Ok(());
            }
            Stage::Authorized => match document.document_type {
                DocumentType::Invoice => {
                    "El documento está autorizado y no se puede reemitir. Para corregirlo emita \
                     una nota de crédito."
                }
                _ => {
                    "El documento está autorizado y no se puede reemitir. Para corregirlo \
                     solicite su anulación en el portal del SRI y emita otro."
                }
            },
            Stage::Signed | Stage::Submitting | Stage::Unknown | Stage::Received => {
                "El documento está en proceso. Espere la respuesta del SRI antes de reemitirlo."
            }
        };
        self.refuse("estado", details)
    }

    /// Totals cannot be completed in a document that is taken as it is.
    pub(super) fn vain_wish(&self, intake: &Intake<'_>) -> Option<WireFinding> {
        let vain = self.wishes.complete_totals && matches!(intake, Intake::Xml(_));
        let details =
            "Los totales se completan solo en documentos JSON; el XML se firma como llega";
        vain.then(|| WireFinding::new(COMPLETE.to_owned(), ErrorCode::InvalidValue, details))
    }

    /// The profile that counts (CONTRACT 5.3).
    pub(super) fn profile(&self, settings: &IssuerSettings) -> Profile {
        let profile = self.wishes.profile.or(settings.profile);
        profile.unwrap_or_default()
    }

    pub(super) fn refuse<T>(&self, parameter: &str, details: &str) -> Result<T, ApiError> {
        let finding = WireFinding::new(parameter.to_owned(), ErrorCode::InvalidValue, details);
        Err(self.refused(vec![finding]))
    }

    pub(super) fn refused(&self, findings: Vec<WireFinding>) -> ApiError {
        ApiError::refused(findings, self.body)
    }
}

const fn type_in_spanish(document_type: DocumentType) -> &'static str {
    match document_type {
        DocumentType::Invoice => "una factura",
        DocumentType::PurchaseSettlement => "una liquidación de compra",
        DocumentType::CreditNote => "una nota de crédito",
        DocumentType::DebitNote => "una nota de débito",
        DocumentType::Waybill => "una guía de remisión",
        DocumentType::Withholding => "un comprobante de retención",
    }
}
