//! Addresses and handlers.

mod documents;
mod downloads;
mod edocs;
mod home;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};

use tagua_wire::Collection;

use crate::app::App;
use crate::error::ApiError;
use crate::request::PathId;

/// Every route of the server.
pub fn router(app: App) -> Router {
    let mut router = Router::new().route("/", get(home::home));
    for collection in Collection::ALL {
        router = router.merge(routes_of(collection));
    }
    router
        // The first version's addresses (CONTRACT 2.1).
        .route("/api/facturar", post(issue_invoice))
        .route("/facturar", post(issue_invoice))
        .route("/edocs/{id}", get(edocs::query))
        // Clients in the wild use GET; a HEAD would otherwise be taken for one.
        .route(
            "/edocs/{id}/issue",
            post(edocs::issue).get(edocs::issue).head(not_allowed),
        )
        .route("/ver/{id}", get(downloads::ride))
        .route("/ver/{id}/pdf", get(downloads::ride))
        .route("/ver/{id}/ride", get(downloads::ride))
        .route("/ver/{id}/xml", get(downloads::xml))
        .route("/ver/{id}/xml/legacy", get(downloads::xml))
        .fallback(|| async { ApiError::NotFound })
        .method_not_allowed_fallback(not_allowed)
        .with_state(app)
}

/// Operations 1 to 5.
fn routes_of(collection: Collection) -> Router<App> {
    let base = format!("/{}", collection.as_str());
    let create =
        move |State(app): State<App>, request: Request| documents::create(app, collection, request);
    let issue =
        move |State(app): State<App>, request: Request| documents::issue(app, collection, request);
    let query =
        |State(app): State<App>, id: PathId, headers: HeaderMap| documents::query(app, id, headers);
    let reissue = move |State(app): State<App>, id: PathId, request: Request| {
        documents::reissue(app, collection, id, request)
    };
    Router::new()
        .route(&base, post(create))
        .route(&format!("{base}/issue"), post(issue))
        .route(&format!("{base}/{{id}}"), get(query))
        .route(&format!("{base}/{{id}}/reissue"), post(reissue))
}

async fn issue_invoice(State(app): State<App>, request: Request) -> Result<Response, ApiError> {
    documents::issue(app, Collection::Invoices, request).await
}

async fn not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}
