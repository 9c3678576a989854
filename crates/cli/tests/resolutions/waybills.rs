//! Waybills.

use super::bodies::waybill;
use super::{api, element, with, without};

const ISSUE: &str = "/waybills/issue";

#[test]
fn resolution_28_a_carrier_without_address() {
    let api = api();
    let body = waybill();
    assert_eq!(body["transportista"].get("email"), None);
    let issued = api.accepted(ISSUE, &body);
    api.ends(&issued, "AUTORIZADO");
    let body = with(waybill(), "/transportista/email", "carga@example.com");
    assert_eq!(api.accepted(ISSUE, &body)["estado"], "CREADO");
}

#[test]
fn resolution_58_what_a_waybill_may_lack() {
    let api = api();
    // The schema can do without these.
    let body = without(waybill(), "/destinatarios/0/items/0/codigo_principal");
    let issued = api.accepted(ISSUE, &without(body, "/direccion_partida"));
    let xml = api.xml(issued["id"].as_str().unwrap());
    assert_eq!(element(&xml, "dirPartida"), Some("Quito"));
    api.ends(&issued, "AUTORIZADO");
    // And not without these.
    for pointer in ["/transportista/placa", "/destinatarios/0/direccion"] {
        let issued = api.accepted(ISSUE, &without(waybill(), pointer));
        let ended = api.ends(&issued, "DEVUELTO");
        assert_eq!(
            ended["envio_sri"]["mensajes"][0]["identificador"], "35",
            "{pointer}"
        );
    }
}
