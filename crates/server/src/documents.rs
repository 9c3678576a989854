//! Accepting and correcting documents: every decision between a request that
//! was understood and a row that is durable.

mod intake;
mod issuers;
mod outcome;
mod signing;

use bytes::Bytes;
use tagua_fiscal::{DocumentType, Sequential};
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{
    Account, BlobPart, Document, DocumentId, Issuer, NewDocument, NewRevision, NextJob, Stage,
    UnixMillis,
};
use tagua_wire::{
    Collection, DocumentRequest, ErrorCode, IssueOverlay, Sent, WireContext, WireFinding,
    issue_answer,
};

use self::intake::Intake;
use self::issuers::KnownIssuer;
use self::signing::Signing;
use crate::app::App;
use crate::draft::{Draft, too_large};
use crate::error::ApiError;
use crate::keys;

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

/// A request to accept or correct a document.
#[derive(Clone, Copy)]
pub(crate) struct Order<'o> {
    /// Who asks.
    pub(crate) account: &'o Account,
    /// Where.
    pub(crate) collection: Collection,
    /// The document.
    pub(crate) body: &'o Bytes,
    /// What is to happen with it.
    pub(crate) purpose: Purpose<'o>,
}

/// Accepts a new document and gives the body of the answer.
pub(crate) async fn accept(app: &App, order: &Order<'_>) -> Result<String, ApiError> {
    let now = app.now();
    let place = Place {
        id: app.new_id(),
        accepted_at: now,
        at: now,
    };
    let (intake, issuer, request) = understand(app, order, now).await?;
    let sequential = order.number(&request, None)?;
    let key = keys::first(&request, sequential, &issuer);
    let draft = Draft::new(request.into_document(sequential, key), now);
    let (document, overlay) = finish(app, order, &issuer, draft, place).await?;
    let answer = answer(intake, order, &overlay);
    let outcome = app.store.accept(document).await?;
    order.stored(app, outcome, &overlay).await?;
    Ok(answer)
}

/// Replaces the content of a document that SRI did not accept. Where the body
/// names no day of issue, the day the document was accepted on stays.
pub(crate) async fn reissue(
    app: &App,
    order: &Order<'_>,
    old: &Document,
) -> Result<String, ApiError> {
    let order = &order.correcting(old)?;
    order.refuse_unless_open(old)?;
    let accepted_at = jiff::Timestamp::from_millisecond(old.created_at.0)
        .map_err(|_| ApiError::Internal("a stored time is out of range"))?;
    let place = Place {
        id: old.id,
        accepted_at,
        at: app.now(),
    };
    let (intake, issuer, mut request) = understand(app, order, accepted_at).await?;
    let sequential = order.number(&request, Some(old.sequential))?;
    let key = keys::corrected(&mut request, sequential, &issuer, old);
    let draft = Draft::new(request.into_document(sequential, key), app.now());
    let (document, overlay) = finish(app, order, &issuer, draft, place).await?;
    let answer = answer(intake, order, &overlay);
    let revision = NewRevision {
        expected_version: old.version,
        document,
    };
    let outcome = app.store.revise(revision).await?;
    order.stored(app, outcome, &overlay).await?;
    Ok(answer)
}

/// Reads the body; every complaint about the request happens here.
async fn understand<'o>(
    app: &App,
    order: &Order<'o>,
    now: jiff::Timestamp,
) -> Result<(Intake<'o>, Issuer, DocumentRequest), ApiError> {
    let intake = Intake::read(order.body);
    let known = match &intake {
        Ok(intake) => KnownIssuer::find(app, order.account, intake.ruc()).await?,
        Err(_) => KnownIssuer::default(),
    };
    let context = WireContext::at(now);
    let read = match &intake {
        Ok(intake) => intake.document(order.collection, &context),
        Err(finding) => Err(vec![finding.clone()]),
    };
    let missing = match order.purpose {
        Purpose::Issue { password: None } => Some(WireFinding::missing("X-Password".to_owned())),
        _ => None,
    };
    let (intake, request) = match (intake, read, missing) {
        (Ok(intake), Ok(request), None) => (intake, request),
        (_, read, missing) => {
            let findings = read.err().into_iter().flatten().chain(missing);
            return Err(order.refused(findings.collect()));
        }
    };
    let issuer = known.admit(app, order, &request).await?;
    failpoint::hit(Failpoint::ServerParsed);
    Ok((intake, issuer, request))
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
    order: &Order<'_>,
    issuer: &Issuer,
    draft: Draft,
    place: Place,
) -> Result<(NewDocument, IssueOverlay<'static>), ApiError> {
    let at = UnixMillis(place.at.as_millisecond());
    let mut reception = draft.local_refusal(at);
    let mut outcome = match (&reception, order.purpose) {
        (Some(refusal), _) => Signing::returned(refusal),
        (None, Purpose::Create) => Signing::Created { error: None },
        (None, Purpose::Issue { password }) => {
            let password = password.unwrap_or_default();
            Signing::sign(app, order.account, issuer, &draft, password).await?
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
        account: order.account.id,
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
        blobs: vec![(BlobPart::Request, order.body.to_vec()), file],
        events,
        job,
        at,
    };
    Ok((document, overlay))
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

/// The body of the answer: the request is given back as it was read.
fn answer(intake: Intake<'_>, order: &Order<'_>, overlay: &IssueOverlay<'_>) -> String {
    issue_answer(&Sent::json(order.body, intake.into_value()), overlay)
}

impl Order<'_> {
    /// The number that was sent; for `auto` the number the document has.
    fn number(
        &self,
        request: &DocumentRequest,
        old: Option<Sequential>,
    ) -> Result<Sequential, ApiError> {
        match request.number().or(old) {
            Some(number) => Ok(number),
            None => self.refuse("secuencial", "Envíe el número"),
        }
    }

    /// The same, read as a document of the stored one's collection: both
    /// addresses of withholdings correct either (CONTRACT 4.5).
    fn correcting(&self, old: &Document) -> Result<Self, ApiError> {
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
    fn refuse_unless_open(&self, document: &Document) -> Result<(), ApiError> {
        let details = match document.stage {
            Stage::Created | Stage::Returned | Stage::NotAuthorized | Stage::NeedsAttention => {
                return Ok(());
            }
            Stage::Authorized => {
                "El documento está autorizado y no se puede reemitir. Para corregirlo emita una \
                 nota de crédito."
            }
            Stage::Signed | Stage::Submitting | Stage::Unknown | Stage::Received => {
                "El documento está en proceso. Espere la respuesta del SRI antes de reemitirlo."
            }
        };
        self.refuse("estado", details)
    }

    fn refuse<T>(&self, parameter: &str, details: &str) -> Result<T, ApiError> {
        let finding = WireFinding::new(parameter.to_owned(), ErrorCode::InvalidValue, details);
        Err(self.refused(vec![finding]))
    }

    fn refused(&self, findings: Vec<WireFinding>) -> ApiError {
        ApiError::Refused {
            findings,
            request: (!self.body.is_empty()).then(|| self.body.clone()),
        }
    }
}
