//! Addresses and handlers.

mod catalogue;
mod documents;
mod downloads;
mod edocs;
pub(crate) mod health;
mod home;
mod lists;
mod openapi;
mod table;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::{App, ServerConfig};
use crate::error::ApiError;
use crate::gate::Gates;
use crate::openapi::Operation;

pub(crate) use table::operations;

/// Every route of the server.
pub fn router(app: App) -> Router {
    serve(app, |_| true)
}

/// Only `/livez`, `/readyz` and `/metrics`, for a listener of their own, where
/// metrics are for whoever can reach it.
pub fn watch_router(app: App) -> Router {
    let config = ServerConfig {
        metrics_public: true,
        ..ServerConfig::clone(&app.config)
    };
    let app = App {
        config: Arc::new(config),
        ..app
    };
    serve(app, |operation| {
        table::WATCHING.contains(&operation.path.as_str())
    })
}

fn serve(app: App, wanted: impl Fn(&Operation) -> bool) -> Router {
    let all = operations().into_iter().enumerate();
    all.filter(|(_, operation)| wanted(operation))
        .fold(Router::new(), |router, (place, operation)| {
            let gates = Gates {
                app: app.clone(),
                operation: place,
                lane: operation.lane(),
            };
            router.route(&operation.path, operation.route.layer(gates))
        })
        .fallback(not_found)
        .method_not_allowed_fallback(no_such_method)
        .with_state(app)
}

async fn not_found(State(app): State<App>) -> Response {
    refused(&app, ApiError::NotFound)
}

async fn no_such_method(State(app): State<App>) -> Response {
    refused(&app, ApiError::MethodNotAllowed)
}

/// Counts what has no operation.
fn refused(app: &App, error: ApiError) -> Response {
    let timer = app.metrics.request(usize::MAX);
    let response = error.into_response();
    timer.answered(response.status());
    response
}

/// A method that an operation does not want, though its route would take it.
async fn not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}
