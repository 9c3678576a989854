//! SRI's answers as text.

use std::fmt::Write as _;

pub(crate) const RECEIVED: &str = concat!(
    r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>"#,
    r#"<ns2:validarComprobanteResponse xmlns:ns2="http://ec.gob.sri.ws.recepcion">"#,
    "<RespuestaRecepcionComprobante><estado>RECIBIDA</estado><comprobantes/>",
    "</RespuestaRecepcionComprobante></ns2:validarComprobanteResponse></soap:Body></soap:Envelope>",
);

/// DEVUELTA with messages given as number and `tipo`.
pub(crate) fn returned(key: &str, messages: &[(&str, &str)]) -> String {
    let comprobante = format!(
        "<comprobantes><comprobante><claveAcceso>{key}</claveAcceso>{}</comprobante></comprobantes>",
        list(messages)
    );
    RECEIVED
        .replace("RECIBIDA", "DEVUELTA")
        .replace("<comprobantes/>", &comprobante)
}

/// One `autorizacion`.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) state: &'a str,
    pub(crate) number: Option<&'a str>,
    pub(crate) date: Option<&'a str>,
    pub(crate) document: Option<&'a str>,
    pub(crate) messages: &'a [(&'a str, &'a str)],
}

pub(crate) fn authorization(consulted: Option<&str>, entries: &[Entry<'_>]) -> String {
    let mut list_of_entries = String::new();
    for entry in entries {
        let number = element("numeroAutorizacion", entry.number);
        let date = element("fechaAutorizacion", entry.date);
        let document = element("comprobante", entry.document.map(escaped).as_deref());
        write!(
            list_of_entries,
            "<autorizacion><estado>{}</estado>{number}{date}<ambiente>PRUEBAS</ambiente>{document}{}\
             </autorizacion>",
            entry.state,
            list(entry.messages)
        )
        .unwrap();
    }
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         <ns2:autorizacionComprobanteResponse xmlns:ns2=\"http://ec.gob.sri.ws.autorizacion\">\
         <RespuestaAutorizacionComprobante>{}<numeroComprobantes>{}</numeroComprobantes>\
         <autorizaciones>{list_of_entries}</autorizaciones></RespuestaAutorizacionComprobante>\
         </ns2:autorizacionComprobanteResponse></soap:Body></soap:Envelope>",
        element("claveAccesoConsultada", consulted),
        entries.len()
    )
}

fn element(name: &str, text: Option<&str>) -> String {
    text.map_or(String::new(), |text| format!("<{name}>{text}</{name}>"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\r', "&#13;")
}

fn list(messages: &[(&str, &str)]) -> String {
    let mut list = String::from("<mensajes>");
    for (number, kind) in messages {
        write!(
            list,
            "<mensaje><identificador>{number}</identificador><mensaje>TEXTO {number}</mensaje>\
             <informacionAdicional>detalle de {number}</informacionAdicional><tipo>{kind}</tipo>\
             </mensaje>"
        )
        .unwrap();
    }
    list + "</mensajes>"
}
