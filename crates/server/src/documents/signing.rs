//! What became of the signature.

use tagua_store::{Account, Issuer, NewEvent, ReceptionResult, Stage, UnixMillis};

use crate::app::App;
use crate::draft::Draft;
use crate::error::ApiError;
use crate::signer::SignerError;

/// The event of a document whose totals the server computed: what is stored of
/// its lines is as it was sent.
pub(super) const COMPLETED: &str = "totals_completed";

/// How far a document came inside its request.
pub(super) enum Signing {
    /// The finished file.
    Signed { file: Vec<u8> },
    /// Kept: nothing was to be signed, or it could not be.
    Created { error: Option<String> },
    /// Refused by a local check in SRI's stead.
    Returned { detail: String },
}

impl Signing {
    pub(super) async fn sign(
        app: &App,
        account: &Account,
        issuer: &Issuer,
        draft: &Draft,
        password: &str,
    ) -> Result<Self, ApiError> {
        let environment = draft.facts.environment;
        let canonical = draft.canonical.clone();
        let timer = app.metrics.sign();
        let signed = app
            .signer
            .sign(issuer, account.sandbox, environment, password, canonical)
            .await;
        let error = match signed {
            Ok(file) => {
                timer.signed();
                return Ok(Self::Signed { file });
            }
            Err(error) => error,
        };
        timer.failed();
        match error {
            SignerError::Client(failure) => {
                let access_key = &draft.facts.access_key;
                tracing::info!(%access_key, issuer = %issuer.ruc, why = failure.0, "not signed");
                Ok(Self::Created {
                    error: Some(failure.0),
                })
            }
            SignerError::Store(error) => Err(error.into()),
            SignerError::Defect(what) => Err(ApiError::Internal(what)),
        }
    }

    pub(super) fn returned(refusal: &ReceptionResult) -> Self {
        let detail = refusal
            .messages
            .first()
            .and_then(|message| message.additional.clone());
        Self::Returned {
            detail: detail.unwrap_or_default(),
        }
    }

    pub(super) const fn stage(&self) -> Stage {
        match self {
            Self::Signed { .. } => Stage::Signed,
            Self::Created { .. } => Stage::Created,
            Self::Returned { .. } => Stage::Returned,
        }
    }

    pub(super) fn error(&self) -> Option<String> {
        match self {
            Self::Created { error } => error.clone(),
            _ => None,
        }
    }

    /// What happened inside the request; `completed` is whether totals and
    /// taxes are the server's.
    pub(super) fn events(&self, at: UnixMillis, completed: bool) -> Vec<NewEvent> {
        let event = |kind, detail: &str| NewEvent {
            kind,
            at,
            detail: detail.to_owned(),
            evidence: None,
        };
        let mut events = vec![event("stored", "Recibido y guardado")];
        if completed {
            events.push(event(COMPLETED, "Totales e impuestos calculados"));
        }
        match self {
            Self::Signed { .. } => events.push(event("signed", "Firmado (XAdES-BES)")),
            Self::Created { error: Some(error) } => events.push(event("not_signed", error)),
            Self::Created { error: None } => {}
            Self::Returned { detail } => events.push(event("structure_refused", detail)),
        }
        events
    }
}
