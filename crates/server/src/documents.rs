//! Accepting and correcting documents: every decision between a request that
//! was understood and a row that is durable.

use bytes::Bytes;
use tagua_fiscal::{Environment, Sequential};
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{
    Acceptance, Account, BlobPart, Document, DocumentId, Issuer, NewDocument, NewEvent, NewIssuer,
    NewRevision, NextJob, ReceptionResult, Stage, UnixMillis,
};

use crate::app::App;
use crate::draft::{Draft, too_large};
use crate::error::ApiError;
use crate::keys;
use crate::signer::SignerError;
use tagua_wire::{
    Collection, DocumentRequest, ErrorCode, IssueOverlay, WireContext, WireFinding, parse_body,
    read_document,
};

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

/// A document as it was stored, for the answer.
pub(crate) struct Stored {
    pub(crate) overlay: IssueOverlay<'static>,
    pub(crate) request: Bytes,
}

/// Accepts a new invoice.
pub(crate) async fn accept(
    app: &App,
    account: &Account,
    body: Bytes,
    purpose: Purpose<'_>,
) -> Result<Stored, ApiError> {
    let now = app.now();
    let request = understand(&body, now, purpose)?;
    let issuer = issuer(app, account, &request, &body).await?;
    failpoint::hit(Failpoint::ServerParsed);
    let sequential = number(&request, None, &body)?;
    let key = keys::first(&request, sequential, &issuer);
    let draft = Draft::new(request.into_document(sequential, key), now);
    let place = Place {
        id: app.new_id(),
        accepted_at: now,
        at: now,
    };
    let (document, overlay) = finish(app, account, &issuer, draft, place, &body, purpose).await?;
    let outcome = app.store.accept(document).await?;
    stored(app, account, outcome, overlay, body).await
}

/// Replaces the content of a document that SRI did not accept. Where the body
/// names no day of issue, the day the document was accepted on stays.
pub(crate) async fn reissue(
    app: &App,
    account: &Account,
    old: &Document,
    body: Bytes,
    password: Option<&str>,
) -> Result<Stored, ApiError> {
    refuse_unless_open(old, &body)?;
    let purpose = Purpose::Issue { password };
    let accepted_at = jiff::Timestamp::from_millisecond(old.created_at.0)
        .map_err(|_| ApiError::Internal("a stored time is out of range"))?;
    let mut request = understand(&body, accepted_at, purpose)?;
    let issuer = issuer(app, account, &request, &body).await?;
    failpoint::hit(Failpoint::ServerParsed);
    let sequential = number(&request, Some(old.sequential), &body)?;
    let key = keys::corrected(&mut request, sequential, &issuer, old);
    let draft = Draft::new(request.into_document(sequential, key), app.now());
    let place = Place {
        id: old.id,
        accepted_at,
        at: app.now(),
    };
    let (document, overlay) = finish(app, account, &issuer, draft, place, &body, purpose).await?;
    let revision = NewRevision {
        expected_version: old.version,
        document,
    };
    let outcome = app.store.revise(revision).await?;
    stored(app, account, outcome, overlay, body).await
}

/// Reads the body; every complaint about the request happens here.
fn understand(
    body: &Bytes,
    now: jiff::Timestamp,
    purpose: Purpose<'_>,
) -> Result<DocumentRequest, ApiError> {
    let read = parse_body(body)
        .map_err(|error| vec![error])
        .and_then(|value| read_document(Collection::Invoices, &value, &WireContext::at(now)));
    let missing = match purpose {
        Purpose::Issue { password: None } => Some(WireFinding::missing("X-Password".to_owned())),
        _ => None,
    };
    let findings = match (read, missing) {
        (Ok(request), None) => return Ok(request),
        (read, missing) => read.err().into_iter().flatten().chain(missing).collect(),
    };
    Err(ApiError::Refused {
        findings,
        request: (!body.is_empty()).then(|| body.clone()),
    })
}

/// The number that was sent; for `auto` the number the document has.
fn number(
    request: &DocumentRequest,
    old: Option<Sequential>,
    body: &Bytes,
) -> Result<Sequential, ApiError> {
    match request.number().or(old) {
        Some(number) => Ok(number),
        None => refuse("secuencial", "Envíe el número", body),
    }
}

/// The issuer of the request, if the account may use it. In a sandbox any
/// well-formed RUC may issue simulated documents.
async fn issuer(
    app: &App,
    account: &Account,
    request: &DocumentRequest,
    body: &Bytes,
) -> Result<Issuer, ApiError> {
    if request.environment == Environment::Production && !app.config.production_enabled {
        return refuse(
            "ambiente",
            "Esta instalación no está habilitada para producción: acepta solo ambiente 1. \
             Habilítela con `tagua start --enable-production` cuando tenga el certificado y la \
             autorización del SRI.",
            body,
        );
    }
    if let Some(issuer) = app.store.issuer(account.id, request.ruc).await? {
        return Ok(issuer);
    }
    let simulated =
        account.sandbox && app.signer.has_sandbox() && request.environment == Environment::Test;
    if !simulated {
        return refuse(
            "emisor.ruc",
            "Esta clave de API no puede emitir por ese RUC. Registre su certificado con \
             `tagua cert add`.",
            body,
        );
    }
    let mut code_secret = [0; 32];
    app.random.fill(&mut code_secret);
    let new = NewIssuer {
        account: account.id,
        ruc: request.ruc,
        code_secret,
        at: app.clock.now(),
    };
    Ok(app.store.put_issuer(new).await?)
}

/// Which document the content becomes.
struct Place {
    id: DocumentId,
    /// When the document was first accepted.
    accepted_at: jiff::Timestamp,
    /// When this content was.
    at: jiff::Timestamp,
}

/// Signs where asked and puts together what the store takes.
async fn finish(
    app: &App,
    account: &Account,
    issuer: &Issuer,
    draft: Draft,
    place: Place,
    body: &Bytes,
    purpose: Purpose<'_>,
) -> Result<(NewDocument, IssueOverlay<'static>), ApiError> {
    let at = UnixMillis(place.at.as_millisecond());
    let mut reception = draft.local_refusal(at);
    let mut outcome = match (&reception, purpose) {
        (Some(refusal), _) => Signing::returned(refusal),
        (None, Purpose::Create) => Signing::Created { error: None },
        (None, Purpose::Issue { password }) => {
            sign(app, account, issuer, &draft, password.unwrap_or_default()).await?
        }
    };
    if let Signing::Signed { file } = &outcome
        && let Some(refusal) = too_large(file.len(), at)
    {
        outcome = Signing::returned(&refusal);
        reception = Some(refusal);
    }
    let valid = draft.valid && reception.is_none();
    failpoint::hit(Failpoint::ServerSigned);
    let Draft {
        document: content,
        canonical,
        ..
    } = draft;
    let tax = content.tax_info();
    let receiver = content.receiver();
    let overlay = IssueOverlay {
        id: place.id,
        access_key: tax.access_key,
        stage: outcome.stage(),
        series: tax.series,
        sequential: tax.sequential,
        valid,
        schema_version: content.schema_version(),
        accepted_at: place.accepted_at,
        signature_error: outcome.error(),
    };
    let job = match &outcome {
        Signing::Signed { .. } => NextJob::RunAt(at),
        _ => NextJob::Done,
    };
    let events = outcome.events(at);
    let file = match outcome {
        Signing::Signed { file } => (BlobPart::Signed, file),
        _ => (BlobPart::Unsigned, canonical),
    };
    let document = NewDocument {
        id: place.id,
        account: account.id,
        issuer: issuer.id,
        environment: tax.environment,
        document_type: content.document_type(),
        series: tax.series,
        sequential: tax.sequential,
        access_key: tax.access_key,
        schema_version: content.schema_version().to_owned(),
        issue_date: content.issue_date().to_string(),
        receiver_id: receiver.map_or("", |r| r.id).to_owned(),
        receiver_name: receiver.map_or("", |r| r.name).to_owned(),
        total: content.total().map_or_else(String::new, |t| t.to_string()),
        valid,
        stage: overlay.stage,
        signature_error: overlay.signature_error.clone(),
        reception,
        blobs: vec![(BlobPart::Request, body.to_vec()), file],
        events,
        job,
        at,
    };
    Ok((document, overlay))
}

/// What became of the signature.
enum Signing {
    Signed { file: Vec<u8> },
    Created { error: Option<String> },
    Returned { detail: String },
}

impl Signing {
    fn returned(refusal: &ReceptionResult) -> Self {
        let detail = refusal
            .messages
            .first()
            .and_then(|message| message.additional.clone());
        Self::Returned {
            detail: detail.unwrap_or_default(),
        }
    }

    const fn stage(&self) -> Stage {
        match self {
            Self::Signed { .. } => Stage::Signed,
            Self::Created { .. } => Stage::Created,
            Self::Returned { .. } => Stage::Returned,
        }
    }

    fn error(&self) -> Option<String> {
        match self {
            Self::Created { error } => error.clone(),
            _ => None,
        }
    }

    fn events(&self, at: UnixMillis) -> Vec<NewEvent> {
        let event = |kind, detail: &str| NewEvent {
            kind,
            at,
            detail: detail.to_owned(),
            evidence: None,
        };
        let mut events = vec![event("stored", "Recibido y guardado")];
        match self {
            Self::Signed { .. } => events.push(event("signed", "Firmado (XAdES-BES)")),
            Self::Created { error: Some(error) } => events.push(event("not_signed", error)),
            Self::Created { error: None } => {}
            Self::Returned { detail } => events.push(event("structure_refused", detail)),
        }
        events
    }
}

async fn sign(
    app: &App,
    account: &Account,
    issuer: &Issuer,
    draft: &Draft,
    password: &str,
) -> Result<Signing, ApiError> {
    let environment = draft.document.tax_info().environment;
    let canonical = draft.canonical.clone();
    let signed = app
        .signer
        .sign(issuer, account.sandbox, environment, password, canonical)
        .await;
    match signed {
        Ok(file) => Ok(Signing::Signed { file }),
        Err(SignerError::Client(failure)) => Ok(Signing::Created {
            error: Some(failure.0),
        }),
        Err(SignerError::Store(error)) => Err(error.into()),
        Err(SignerError::Defect(what)) => Err(ApiError::Internal(what)),
    }
}

async fn stored(
    app: &App,
    account: &Account,
    outcome: Acceptance,
    overlay: IssueOverlay<'static>,
    request: Bytes,
) -> Result<Stored, ApiError> {
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
            Ok(Stored { overlay, request })
        }
        Acceptance::NumberTaken { by } => {
            let number = format!("{}-{}", overlay.series, overlay.sequential);
            let details = format!(
                "El número {number} ya está en uso por el documento {by}. Use el siguiente \
                 secuencial, o corrija aquel documento con reissue."
            );
            refuse("secuencial", &details, &request)
        }
        Acceptance::AccessKeyTaken { by } => {
            // The id opens the download: only its own account reads it.
            let holder = match app.store.document(account.id, by).await? {
                Some(_) => format!("ya es del documento {by}"),
                None => "ya está en uso".to_owned(),
            };
            let details = format!("La clave de acceso {holder}. Omítala para que se genere otra.");
            refuse("clave_acceso", &details, &request)
        }
        Acceptance::Stale => refuse(
            "estado",
            "El documento cambió mientras se corregía. Consúltelo y decida de nuevo.",
            &request,
        ),
    }
}

/// Authorized, or still under way: not to be corrected (CONTRACT 4.5).
pub(crate) fn refuse_unless_open(document: &Document, body: &Bytes) -> Result<(), ApiError> {
    let details = match document.stage {
        Stage::Created | Stage::Returned | Stage::NotAuthorized | Stage::NeedsAttention => {
            return Ok(());
        }
        Stage::Authorized => {
            "El documento está autorizado y no se puede reemitir. Para corregirlo emita una nota \
             de crédito."
        }
        Stage::Signed | Stage::Submitting | Stage::Unknown | Stage::Received => {
            "El documento está en proceso. Espere la respuesta del SRI antes de reemitirlo."
        }
    };
    refuse("estado", details, body)
}

fn refuse<T>(parameter: &str, details: &str, body: &Bytes) -> Result<T, ApiError> {
    let finding = WireFinding::new(parameter.to_owned(), ErrorCode::InvalidValue, details);
    let request = (!body.is_empty()).then(|| body.clone());
    Err(ApiError::finding(finding, request))
}
