//! Operations 15 to 18: the catalogues, each whole on one page (CONTRACT 8.10).

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tagua_fiscal::catalogue::{self, ListedRate, NamedCode};
use tagua_wire::JsonWriter;

use crate::app::{App, in_ecuador};
use crate::error::{ApiError, json};
use crate::request;

/// Operation 15.
pub(super) async fn id_types(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    request::account(&app, &headers).await?;
    Ok(page(catalogue::identification_types(), named))
}

/// Operation 16.
pub(super) async fn document_types(
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    request::account(&app, &headers).await?;
    Ok(page(catalogue::document_types(), named))
}

/// Operation 17.
pub(super) async fn sales_rates(
    State(app): State<App>,
    tax: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    request::account(&app, &headers).await?;
    let rates = tax
        .ok()
        .and_then(|Path(tax)| catalogue::sales_tax_rates(&tax));
    let rates = rates.ok_or(ApiError::NotFoundBecause(
        "Los impuestos de venta son 2 (IVA), 3 (ICE) y 5 (IRBPNR)",
    ))?;
    Ok(page(&rates, |w, rate| {
        field(w, "nombre", rate.name);
        percentage(w, "tarifa", rate);
        field(w, "codigo_porcentaje", rate.code);
    }))
}

/// Operation 18, as of today.
pub(super) async fn withholding_rates(
    State(app): State<App>,
    tax: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    request::account(&app, &headers).await?;
    let today = in_ecuador(app.now()).date();
    let rates = tax
        .ok()
        .and_then(|Path(tax)| catalogue::withholding_rates(&tax, today));
    let rates = rates.ok_or(ApiError::NotFoundBecause(
        "Los impuestos de retención son 1 (renta), 2 (IVA) y 6 (ISD)",
    ))?;
    Ok(page(&rates, |w, rate| {
        field(w, "nombre", rate.name);
        field(w, "codigo", rate.code);
        percentage(w, "porcentaje", rate);
    }))
}

fn page<T>(rows: &[T], write: impl Fn(&mut JsonWriter, &T)) -> Response {
    let mut writer = JsonWriter::default();
    writer.object(|w| {
        w.key("count");
        w.raw(&rows.len().to_string());
        w.key("results");
        w.array(|w| rows.iter().for_each(|row| w.object(|w| write(w, row))));
    });
    json(StatusCode::OK, writer.finish())
}

fn named(w: &mut JsonWriter, row: &NamedCode) {
    field(w, "nombre", row.name);
    field(w, "codigo", row.code);
}

fn field(w: &mut JsonWriter, name: &str, value: &str) {
    w.key(name);
    w.string(value);
}

/// Two places; null where the law leaves a choice.
fn percentage(w: &mut JsonWriter, name: &str, rate: &ListedRate) {
    let text = rate.rate.map(|rate| format!("{:.2}", rate.value()));
    w.key(name);
    w.optional_string(text.as_deref());
}
