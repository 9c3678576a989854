//! Addresses and handlers.

mod downloads;
mod edocs;
mod home;
mod invoices;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
use crate::error::ApiError;

/// Every route of the server.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/", get(home::home))
        .route("/invoices", post(invoices::create))
        .route("/invoices/issue", post(invoices::issue))
        .route("/invoices/{id}", get(invoices::query))
        .route("/invoices/{id}/reissue", post(invoices::reissue))
        // The first version's addresses (CONTRACT 2.1).
        .route("/api/facturar", post(invoices::issue))
        .route("/facturar", post(invoices::issue))
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

async fn not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}
