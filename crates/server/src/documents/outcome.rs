//! What the store made of a document, told to the client.

use tagua_fiscal::{AccessKey, DocumentType, Ruc, Sequential, Series};
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{Acceptance, DocumentId, Stage};

use super::{Answer, Order};
use crate::app::App;
use crate::error::ApiError;

/// What is said about a document that went to the store.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) id: DocumentId,
    pub(super) access_key: AccessKey,
    pub(super) series: Series,
    pub(super) sequential: Sequential,
    pub(super) stage: Stage,
    pub(super) document_type: DocumentType,
    pub(super) issuer: Ruc,
}

impl Order<'_> {
    pub(super) async fn stored(
        &self,
        app: &App,
        outcome: Acceptance,
        name: Name,
        answer: String,
    ) -> Result<Answer, ApiError> {
        match outcome {
            Acceptance::Stored => {
                failpoint::hit(Failpoint::ServerStored);
                if name.stage == Stage::Signed {
                    app.limits.accepted(self.account.id);
                    app.wake.wake();
                }
                app.metrics.accepted(name.document_type, name.stage);
                tracing::info!(
                    document = %name.id,
                    access_key = %name.access_key,
                    issuer = %name.issuer,
                    account = self.account.id.0,
                    stage = ?name.stage,
                    "accepted"
                );
                Ok(Answer::Stored(answer))
            }
            Acceptance::NumberTaken { by } => {
                let number = format!("{}-{}", name.series, name.sequential);
                let details = format!(
                    "El número {number} ya está en uso por el documento {by}. Use el siguiente \
                     secuencial, o corrija aquel documento con reissue."
                );
                self.refuse("secuencial", &details)
            }
            Acceptance::AccessKeyTaken { by } => {
                // The id opens the download: only its own account reads it.
                let holder = match app.store.document(self.account.id, by).await? {
                    Some(_) => format!("ya es del documento {by}"),
                    None => "ya está en uso".to_owned(),
                };
                let details =
                    format!("La clave de acceso {holder}. Omítala para que se genere otra.");
                self.refuse("clave_acceso", &details)
            }
            Acceptance::Repeated(found) => Ok(Answer::Repeated(found)),
            Acceptance::Stale => self.refuse(
                "estado",
                "El documento cambió mientras se corregía. Consúltelo y decida de nuevo.",
            ),
        }
    }
}
