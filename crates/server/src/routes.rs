//! Addresses and handlers.

mod catalogue;
mod documents;
mod downloads;
mod edocs;
mod home;
mod lists;
mod openapi;
mod table;

use axum::Router;

use crate::app::App;
use crate::error::ApiError;

pub(crate) use table::operations;

/// Every route of the server.
pub fn router(app: App) -> Router {
    let routes = operations().into_iter();
    routes
        .fold(Router::new(), |router, operation| {
            router.route(&operation.path, operation.route)
        })
        .fallback(|| async { ApiError::NotFound })
        .method_not_allowed_fallback(not_allowed)
        .with_state(app)
}

async fn not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}
