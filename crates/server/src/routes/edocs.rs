//! Operations 6 and 7: documents by id, whatever their type.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::documents::{UNREADABLE, find, stored_request};
use crate::app::App;
use crate::documents;
use crate::error::{ApiError, json};
use crate::request::{self, PathId};
use tagua_wire::{Sent, edoc_issue_answer, edoc_query_answer};

/// Operation 6: starts or restarts a stored document. The day of issue stays
/// the one its access key was given for.
pub(super) async fn issue(
    State(app): State<App>,
    id: PathId,
    request: Request,
) -> Result<Response, ApiError> {
    let account = request::account(&app, request.headers()).await?;
    let password = request::password(request.headers());
    let document = find(&app, &account, id.id()?).await?;
    let sent = stored_request(&app, &document).await?;
    let password = password.as_deref().map(String::as_str);
    documents::issue_stored(&app, &account, &document, &sent, password).await?;
    let document = find(&app, &account, document.id).await?;
    let sent = Sent::read(&sent).map_err(|_| UNREADABLE)?;
    let body = edoc_issue_answer(&sent, &document, &app.config.public_url);
    Ok(json(StatusCode::OK, body))
}

/// Operation 7.
pub(super) async fn query(
    State(app): State<App>,
    id: PathId,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let account = request::account(&app, &headers).await?;
    let document = find(&app, &account, id.id()?).await?;
    Ok(json(
        StatusCode::OK,
        edoc_query_answer(&document, &app.config.public_url),
    ))
}
