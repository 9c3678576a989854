//! The first page somebody sees who opens the base address.

use axum::http::StatusCode;
use axum::response::Response;

use crate::error::json;
use tagua_wire::JsonWriter;

/// `GET /`: what this is and where to go on.
pub(super) async fn home() -> Response {
    let mut writer = JsonWriter::default();
    writer.object(|w| {
        w.key("servicio");
        w.string("Tagua: comprobantes electrónicos del Ecuador");
        w.key("version");
        w.string(env!("CARGO_PKG_VERSION"));
        w.key("emitir");
        w.string("POST /invoices/issue con las cabeceras X-Key y X-Password");
        w.key("consultar");
        w.string("GET /invoices/{id} con la cabecera X-Key");
        w.key("documentacion");
        w.string("/docs para personas, /openapi.json para programas");
    });
    json(StatusCode::OK, writer.finish())
}
