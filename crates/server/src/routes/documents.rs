//! Operations 1 to 5 and 19 of the contract, the same for every collection.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{Account, BlobPart, Document, DocumentId};
use tagua_wire::{Collection, Sent, query_answer};
use zeroize::Zeroizing;

use crate::app::App;
use crate::documents::{self, Answer, Door, Order, Purpose};
use crate::error::{ApiError, json};
use crate::idempotency::Once;
use crate::request::{self, PathId};
use crate::wishes::Wishes;

/// Operation 1. 200 means: stored, numbered, signed (or `firma` says why not),
/// and followed until SRI decides.
pub(super) async fn issue(
    app: App,
    collection: Collection,
    request: Request,
) -> Result<Response, ApiError> {
    let call = Call::read(&app, request).await?;
    let order = call.order(collection, Door::Any, call.to_issue());
    call.answer(&app, &order, Task::Accept).await
}

/// Operation 2: the document comes as XML.
pub(super) async fn issue_xml(
    app: App,
    collection: Collection,
    request: Request,
) -> Result<Response, ApiError> {
    let call = Call::read(&app, request).await?;
    let order = call.order(collection, Door::Xml, call.to_issue());
    call.answer(&app, &order, Task::Accept).await
}

/// Operation 3: stored as CREADO; nothing is signed or sent.
pub(super) async fn create(
    app: App,
    collection: Collection,
    request: Request,
) -> Result<Response, ApiError> {
    let call = Call::read(&app, request).await?;
    let order = call.order(collection, Door::Any, Purpose::Create);
    call.answer(&app, &order, Task::Accept).await
}

/// Operation 4. The id of another type's document gives that document
/// (CONTRACT 4.4).
pub(super) async fn query(app: App, id: PathId, headers: HeaderMap) -> Result<Response, ApiError> {
    let account = request::account(&app, &headers).await?;
    let document = find(&app, &account, id.id()?).await?;
    let sent = stored_request(&app, &document).await?;
    let sent = Sent::read(&sent).map_err(|_| UNREADABLE)?;
    let body = query_answer(&sent, &document, &app.config.public_url);
    Ok(json(StatusCode::OK, body))
}

/// Operation 5.
pub(super) async fn reissue(
    app: App,
    collection: Collection,
    id: PathId,
    request: Request,
) -> Result<Response, ApiError> {
    let call = Call::read(&app, request).await?;
    let order = call.order(collection, Door::Any, call.to_issue());
    call.answer(&app, &order, Task::Reissue(id.id()?)).await
}

/// Says everything about a document that would be accepted, and keeps nothing.
pub(super) async fn validate(
    app: App,
    collection: Collection,
    request: Request,
) -> Result<Response, ApiError> {
    let call = Call::read(&app, request).await?;
    let order = call.order(collection, Door::Any, Purpose::Create);
    Ok(json(
        StatusCode::OK,
        documents::validate(&app, &order).await?,
    ))
}

/// What is to be done with a body.
#[derive(Clone, Copy)]
enum Task {
    Accept,
    Reissue(DocumentId),
}

/// A request with a document in it.
struct Call {
    account: Account,
    password: Option<Zeroizing<String>>,
    wishes: Wishes,
    once: Option<Once>,
    body: Bytes,
}

impl Call {
    async fn read(app: &App, request: Request) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let account = request::account(app, &parts.headers).await?;
        let body = request::body(&parts, body).await?;
        let refused = |findings| ApiError::refused(findings, &body);
        Ok(Self {
            account,
            password: request::password(&parts.headers),
            wishes: Wishes::read(&parts.headers).map_err(refused)?,
            once: Once::read(&parts.headers, parts.uri.path(), &body)?,
            body,
        })
    }

    fn to_issue(&self) -> Purpose<'_> {
        Purpose::Issue {
            password: self.password.as_deref().map(String::as_str),
        }
    }

    fn order<'c>(&'c self, collection: Collection, door: Door, purpose: Purpose<'c>) -> Order<'c> {
        Order {
            account: &self.account,
            collection,
            door,
            body: &self.body,
            purpose,
            wishes: self.wishes,
            once: self.once.as_ref(),
        }
    }

    /// Does the task, or repeats what it gave the first time.
    async fn answer(&self, app: &App, order: &Order<'_>, task: Task) -> Result<Response, ApiError> {
        let Some(once) = &self.once else {
            return match self.perform(app, order, task).await? {
                Answer::Stored(body) => Ok(answered(body)),
                Answer::Repeated(_) => Err(ApiError::Internal("a repetition without a key")),
            };
        };
        app.turns.sweep(&app.store, &app.clock);
        let _turn = app.turns.wait(self.account.id, once).await;
        let stored = async || {
            let store = &app.store;
            let now = app.clock.now();
            store
                .idempotent_answer(self.account.id, once.key(), now)
                .await
        };
        if let Some(found) = stored().await? {
            return Ok(repeated(app, once.repeat(found, &self.body)?));
        }
        match self.perform(app, order, task).await {
            Ok(Answer::Stored(body)) => Ok(answered(body)),
            Ok(Answer::Repeated(found)) => Ok(repeated(app, once.repeat(found, &self.body)?)),
            // The same request may have been stored by another node, or for a
            // client that left, since we looked: what refused this one is that.
            Err(refused) => match stored().await {
                Ok(Some(found)) => Ok(repeated(app, once.repeat(found, &self.body)?)),
                _ => Err(refused),
            },
        }
    }

    async fn perform(&self, app: &App, order: &Order<'_>, task: Task) -> Result<Answer, ApiError> {
        match task {
            Task::Accept => documents::accept(app, order).await,
            Task::Reissue(id) => {
                let document = find(app, &self.account, id).await?;
                documents::reissue(app, order, &document).await
            }
        }
    }
}

fn answered(body: String) -> Response {
    failpoint::hit(Failpoint::ServerAnswered);
    json(StatusCode::OK, body)
}

fn repeated(app: &App, body: String) -> Response {
    app.metrics.replayed();
    let mut response = json(StatusCode::OK, body);
    let replayed = HeaderValue::from_static("true");
    response
        .headers_mut()
        .insert("idempotent-replayed", replayed);
    response
}

/// Only requests that were read are stored.
pub(super) const UNREADABLE: ApiError = ApiError::Internal("a stored request cannot be read");

/// The account's document; another account's is as absent as no document.
pub(super) async fn find(
    app: &App,
    account: &Account,
    id: DocumentId,
) -> Result<Document, ApiError> {
    app.store
        .document(account.id, id)
        .await?
        .ok_or(ApiError::NotFound)
}

/// The body as it was sent for the current revision.
pub(super) async fn stored_request(app: &App, document: &Document) -> Result<Bytes, ApiError> {
    app.store
        .blob(document.id, document.revision, BlobPart::Request)
        .await?
        .map(Bytes::from)
        .ok_or(ApiError::Internal("a document without its request"))
}
