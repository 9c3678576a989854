//! Accepting and correcting documents: every decision between a request that
//! was understood and a row that is durable.

mod findings;
mod intake;
mod issuers;
mod order;
mod outcome;
mod report;
mod signing;
mod understood;
mod validation;

use bytes::Bytes;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{
    Account, BlobPart, Document, DocumentId, Event, IdempotentAnswer, NewDocument, NewRevision,
    NextJob, ReceptionResult, UnixMillis,
};
use tagua_wire::{Collection, IssueOverlay, Sent, issue_answer};

use self::intake::Intake;
pub(crate) use self::order::{Door, Order, Purpose};
use self::outcome::Name;
use self::signing::{COMPLETED, Signing};
use self::understood::{Understood, Work};
pub(crate) use self::validation::validate;
use crate::app::App;
use crate::draft::{Draft, too_large};
use crate::error::ApiError;
use crate::keys;
use crate::wishes::Wishes;

/// What is answered.
pub(crate) enum Answer {
    /// The body about a document that was stored now.
    Stored(String),
    /// Another request with the same idempotency key was first.
    Repeated(IdempotentAnswer),
}

/// Accepts a new document.
pub(crate) async fn accept(app: &App, order: &Order<'_>) -> Result<Answer, ApiError> {
    let now = app.now();
    let place = Place {
        id: app.new_id(),
        accepted_at: now,
        at: now,
    };
    let intake = Intake::read(order.body, order.door);
    let read = Understood::read(app, order, &intake, now).await?;
    read.hold_before_storing(app, order).await?;
    let sequential = read.number(app, order, now).await?;
    let key = keys::first(&read.head, sequential, &read.issuer);
    let work = read.into_work(order, &intake, sequential, key, now)?;
    let (document, name, answer) = finish(app, order, intake, work, place).await?;
    let outcome = app.store.accept(document).await?;
    order.stored(app, outcome, name, answer).await
}

/// Replaces the content of a document that SRI did not accept. Where the body
/// names no day of issue, the day the document was accepted on stays.
pub(crate) async fn reissue(
    app: &App,
    order: &Order<'_>,
    old: &Document,
) -> Result<Answer, ApiError> {
    let order = &order.correcting(old)?;
    order.refuse_unless_open(old)?;
    let accepted_at = jiff::Timestamp::from_millisecond(old.created_at.0)
        .map_err(|_| ApiError::Internal("a stored time is out of range"))?;
    let place = Place {
        id: old.id,
        accepted_at,
        at: app.now(),
    };
    let intake = Intake::read(order.body, order.door);
    let read = Understood::read(app, order, &intake, accepted_at).await?;
    read.hold_before_storing(app, order).await?;
    let sequential = read.kept_number(order, old)?;
    let key = keys::corrected(&read.head, sequential, &read.issuer, old);
    let work = read.into_work(order, &intake, sequential, key, place.at)?;
    let (document, name, answer) = finish(app, order, intake, work, place).await?;
    let revision = NewRevision {
        expected_version: old.version,
        document,
    };
    let outcome = app.store.revise(revision).await?;
    order.stored(app, outcome, name, answer).await
}

/// Starts or restarts a stored document as it is: the day of issue stays the
/// one its access key was given for, and totals that were computed are again.
pub(crate) async fn issue_stored(
    app: &App,
    account: &Account,
    old: &Document,
    body: &Bytes,
    password: Option<&str>,
) -> Result<(), ApiError> {
    let events = app.store.events(account.id, old.id).await?;
    let completed = |event: &Event| event.revision == old.revision && event.kind == COMPLETED;
    let order = Order {
        account,
        collection: Collection::of(old.document_type, &old.schema_version),
        door: Door::Any,
        body,
        purpose: Purpose::Issue { password },
        wishes: Wishes {
            complete_totals: events.iter().any(completed),
            ..Wishes::default()
        },
        once: None,
    };
    reissue(app, &order, old).await.map(drop)
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
    intake: Intake<'_>,
    work: Work,
    place: Place,
) -> Result<(NewDocument, Name, String), ApiError> {
    let at = UnixMillis(place.at.as_millisecond());
    let (signing, reception) = sign(app, order, &work, at).await?;
    failpoint::hit(Failpoint::ServerSigned);
    let Work {
        draft,
        issuer,
        filled,
        completed,
        external_id,
        payment_due,
    } = work;
    let valid = reception.is_none() && draft.valid();
    let Draft {
        facts, canonical, ..
    } = draft;
    let overlay = IssueOverlay {
        id: place.id,
        access_key: facts.access_key,
        stage: signing.stage(),
        series: facts.series,
        sequential: facts.sequential,
        valid,
        schema_version: &facts.schema_version,
        accepted_at: place.accepted_at,
        signature_error: signing.error(),
    };
    let (answer, request) = echo(intake, filled, &overlay)?;
    let name = Name {
        id: place.id,
        access_key: facts.access_key,
        series: facts.series,
        sequential: facts.sequential,
        stage: overlay.stage,
        document_type: facts.document_type,
        issuer: issuer.ruc,
    };
    let signature_error = overlay.signature_error;
    let job = match &signing {
        Signing::Signed { .. } => NextJob::RunAt(at),
        _ => NextJob::Done,
    };
    let events = signing.events(at, completed);
    let file = match signing {
        Signing::Signed { file } => (BlobPart::Signed, file),
        _ => (BlobPart::Unsigned, canonical),
    };
    let document = NewDocument {
        id: place.id,
        account: order.account.id,
        issuer: issuer.id,
        environment: facts.environment,
        document_type: facts.document_type,
        series: facts.series,
        sequential: facts.sequential,
        access_key: facts.access_key,
        schema_version: facts.schema_version.into_owned(),
        issue_date: facts.issue_date,
        receiver_id: facts.receiver_id,
        receiver_name: facts.receiver_name,
        total: facts.total,
        valid,
        external_id,
        payment_due,
        stage: name.stage,
        signature_error,
        reception,
        blobs: vec![(BlobPart::Request, request), file],
        events,
        job,
        idempotency: order.once.map(|once| once.remember(&answer, at)),
        at,
    };
    Ok((document, name, answer))
}

/// The answer, and the bytes that later ones are made of.
fn echo(
    intake: Intake<'_>,
    filled: Option<Vec<u8>>,
    overlay: &IssueOverlay<'_>,
) -> Result<(String, Vec<u8>), ApiError> {
    const LOST: ApiError = ApiError::Internal("a request that was read cannot be read");
    if let Some(filled) = filled {
        let sent = Sent::read(&filled).map_err(|_| LOST)?;
        return Ok((issue_answer(&sent, overlay), filled));
    }
    let stored = intake.stored();
    let answer = intake.echo(|sent| issue_answer(sent, overlay));
    Ok((answer.map_err(|_| LOST)?, stored))
}

/// The signature, unless nobody wants it or SRI would refuse the document.
async fn sign(
    app: &App,
    order: &Order<'_>,
    work: &Work,
    at: UnixMillis,
) -> Result<(Signing, Option<ReceptionResult>), ApiError> {
    if let Some(refusal) = work.draft.local_refusal(at) {
        return Ok((Signing::returned(&refusal), Some(refusal)));
    }
    let Purpose::Issue { password } = order.purpose else {
        return Ok((Signing::Created { error: None }, None));
    };
    let password = password.unwrap_or_default();
    let signing = Signing::sign(app, order.account, &work.issuer, &work.draft, password).await?;
    if let Signing::Signed { file } = &signing
        && let Some(refusal) = too_large(file.len(), at)
    {
        return Ok((Signing::returned(&refusal), Some(refusal)));
    }
    Ok((signing, None))
}
