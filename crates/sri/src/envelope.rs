//! The two request envelopes: fixed text around one value.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `validarComprobante` with the signed file in base64.
pub fn submit_envelope(signed: &[u8]) -> Vec<u8> {
    let mut out = String::with_capacity(signed.len() * 4 / 3 + 320);
    out.push_str(concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" "#,
        r#"xmlns:ec="http://ec.gob.sri.ws.recepcion"><soapenv:Body>"#,
        "<ec:validarComprobante><xml>",
    ));
    STANDARD.encode_string(signed, &mut out);
    out.push_str("</xml></ec:validarComprobante></soapenv:Body></soapenv:Envelope>");
    out.into_bytes()
}

/// `autorizacionComprobante` for one access key. Only digits are written, so
/// nothing needs escaping.
pub fn ask_envelope(access_key: &str) -> Vec<u8> {
    let digits: String = access_key.chars().filter(char::is_ascii_digit).collect();
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8"?>"#,
            r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" "#,
            r#"xmlns:ec="http://ec.gob.sri.ws.autorizacion"><soapenv:Body>"#,
            "<ec:autorizacionComprobante><claveAccesoComprobante>{}</claveAccesoComprobante>",
            "</ec:autorizacionComprobante></soapenv:Body></soapenv:Envelope>",
        ),
        digits
    )
    .into_bytes()
}
