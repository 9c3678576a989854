//! What the store made of a document, told to the client.

use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{Acceptance, Stage};
use tagua_wire::IssueOverlay;

use super::Order;
use crate::app::App;
use crate::error::ApiError;

impl Order<'_> {
    pub(super) async fn stored(
        &self,
        app: &App,
        outcome: Acceptance,
        overlay: &IssueOverlay<'_>,
    ) -> Result<(), ApiError> {
        match outcome {
            Acceptance::Stored => {
                failpoint::hit(Failpoint::ServerStored);
                if overlay.stage == Stage::Signed {
                    app.wake.wake();
                }
                // The document's first event says the same.
                tracing::debug!(
                    document = %overlay.id,
                    access_key = %overlay.access_key,
                    stage = ?overlay.stage,
                    "accepted"
                );
                Ok(())
            }
            Acceptance::NumberTaken { by } => {
                let number = format!("{}-{}", overlay.series, overlay.sequential);
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
            Acceptance::Stale => self.refuse(
                "estado",
                "El documento cambió mientras se corregía. Consúltelo y decida de nuevo.",
            ),
        }
    }
}
