//! Every answer shape that SRI is known to give, and what is not an answer.

use tagua_sri::{
    AuthorizationState, CodeMeaning, ReadError, ReceptionState, meaning, read_authorization,
    read_reception,
};

const KEY: &str = "2111202405176001321000110010010000001241234567810";
const OTHER: &str = "1704202507099000419600120010640006186590001199610";

fn reception(inner: &str) -> String {
    format!(
        r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><ns2:validarComprobanteResponse xmlns:ns2="http://ec.gob.sri.ws.recepcion"><RespuestaRecepcionComprobante>{inner}</RespuestaRecepcionComprobante></ns2:validarComprobanteResponse></soap:Body></soap:Envelope>"#
    )
}

fn authorization(inner: &str) -> String {
    format!(
        r#"<ns2:autorizacionComprobanteResponse xmlns:ns2="http://ec.gob.sri.ws.autorizacion"><RespuestaAutorizacionComprobante>{inner}</RespuestaAutorizacionComprobante></ns2:autorizacionComprobanteResponse>"#
    )
}

fn returned(key: &str, messages: &str) -> String {
    reception(&format!(
        "<estado>DEVUELTA</estado><comprobantes><comprobante><claveAcceso>{key}</claveAcceso><mensajes>{messages}</mensajes></comprobante></comprobantes>"
    ))
}

#[test]
fn reads_received() {
    let body = reception("<estado>RECIBIDA</estado><comprobantes/>");
    let answer = read_reception(body.as_bytes(), KEY).unwrap();
    assert_eq!(answer.state, ReceptionState::Received);
    assert_eq!(answer.messages().count(), 0);
}

#[test]
fn reads_returned_with_several_messages() {
    let body = returned(
        KEY,
        "<mensaje><identificador>45</identificador><mensaje>ERROR SECUENCIAL REGISTRADO</mensaje><tipo>ERROR</tipo></mensaje>\
         <mensaje><identificador>35</identificador><mensaje>ARCHIVO NO CUMPLE ESTRUCTURA XML</mensaje><informacionAdicional>cvc-elt.1 &amp; más</informacionAdicional><tipo>ERROR</tipo></mensaje>",
    );
    let answer = read_reception(body.as_bytes(), KEY).unwrap();
    assert_eq!(answer.state, ReceptionState::Returned);
    let messages: Vec<_> = answer.messages().collect();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].identifier, "45");
    assert_eq!(messages[0].additional, None);
    assert_eq!(messages[1].additional.as_deref(), Some("cvc-elt.1 & más"));
    assert_eq!(messages[1].kind, "ERROR");
}

#[test]
fn reads_whatever_prefix_and_namespace_comes() {
    let body = "<E><B xmlns='urn:x'><q:RespuestaRecepcionComprobante xmlns:q='urn:y'><q:estado> recibida </q:estado></q:RespuestaRecepcionComprobante></B></E>";
    assert_eq!(
        read_reception(body.as_bytes(), KEY).unwrap().state,
        ReceptionState::Received
    );
}

#[test]
fn skips_a_byte_order_mark_and_a_declaration() {
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}",
        reception("<estado>RECIBIDA</estado>")
    );
    assert_eq!(
        read_reception(body.as_bytes(), KEY).unwrap().state,
        ReceptionState::Received
    );
}

#[test]
fn keeps_an_unknown_reception_state() {
    let body = reception("<estado>EN MANTENIMIENTO</estado>");
    let state = read_reception(body.as_bytes(), KEY).unwrap().state;
    assert_eq!(state, ReceptionState::Other("EN MANTENIMIENTO".to_owned()));
    let body = reception("");
    assert_eq!(
        read_reception(body.as_bytes(), KEY).unwrap().state,
        ReceptionState::Other(String::new())
    );
}

#[test]
fn refuses_a_reception_answer_about_another_key() {
    let body = returned(OTHER, "");
    assert_eq!(
        read_reception(body.as_bytes(), KEY),
        Err(ReadError::OtherKey {
            found: OTHER.to_owned()
        })
    );
}

#[test]
fn a_refusal_without_a_usable_key_is_ours() {
    for key in ["N/A", "", "123"] {
        assert!(
            read_reception(returned(key, "").as_bytes(), KEY).is_ok(),
            "{key}"
        );
    }
}

fn one_authorization(inner: &str) -> String {
    authorization(&format!(
        "<claveAccesoConsultada>{KEY}</claveAccesoConsultada><numeroComprobantes>1</numeroComprobantes><autorizaciones><autorizacion>{inner}</autorizacion></autorizaciones>"
    ))
}

#[test]
fn reads_authorized_with_an_escaped_document() {
    let body = one_authorization(&format!(
        "<estado>AUTORIZADO</estado><numeroAutorizacion>{KEY}</numeroAutorizacion><fechaAutorizacion>2025-07-16T07:16:17-05:00</fechaAutorizacion><ambiente>PRUEBAS</ambiente><comprobante>&lt;?xml version=\"1.0\"?&gt;&lt;factura&gt;&#13;\n ñ &amp;amp; &lt;/factura&gt;</comprobante><mensajes/>"
    ));
    let answer = read_authorization(body.as_bytes(), KEY).unwrap();
    let found = &answer.authorizations[0];
    assert_eq!(found.state, AuthorizationState::Authorized);
    assert_eq!(found.number.as_deref(), Some(KEY));
    assert_eq!(found.date.as_deref(), Some("2025-07-16T07:16:17-05:00"));
    assert_eq!(
        found.document.as_deref(),
        Some("<?xml version=\"1.0\"?><factura>\r\n ñ &amp; </factura>")
    );
}

#[test]
fn reads_a_document_in_cdata() {
    let body = one_authorization(
        "<estado>AUTORIZADO</estado><comprobante><![CDATA[<factura>á</factura>]]></comprobante>",
    );
    let answer = read_authorization(body.as_bytes(), KEY).unwrap();
    assert_eq!(
        answer.authorizations[0].document.as_deref(),
        Some("<factura>á</factura>")
    );
}

#[test]
fn reads_every_spelling_of_a_state() {
    for (text, expected) in [
        ("AUTORIZADO", AuthorizationState::Authorized),
        ("autorizado", AuthorizationState::Authorized),
        ("NO AUTORIZADO", AuthorizationState::NotAuthorized),
        ("No  autorizado", AuthorizationState::NotAuthorized),
        ("RECHAZADO", AuthorizationState::NotAuthorized),
        ("RECHAZADA", AuthorizationState::NotAuthorized),
        ("EN PROCESO", AuthorizationState::InProcess),
        ("EN PROCESAMIENTO", AuthorizationState::InProcess),
        ("PPR", AuthorizationState::InProcess),
        ("", AuthorizationState::InProcess),
        ("ANULADO", AuthorizationState::Other("ANULADO".to_owned())),
    ] {
        let body = one_authorization(&format!("<estado>{text}</estado>"));
        let answer = read_authorization(body.as_bytes(), KEY).unwrap();
        assert_eq!(answer.authorizations[0].state, expected, "{text:?}");
    }
}

#[test]
fn an_empty_list_is_an_answer() {
    for list in ["<autorizaciones/>", "<autorizaciones></autorizaciones>", ""] {
        let body = authorization(&format!(
            "<claveAccesoConsultada>{KEY}</claveAccesoConsultada><numeroComprobantes>0</numeroComprobantes>{list}"
        ));
        let answer = read_authorization(body.as_bytes(), KEY).unwrap();
        assert!(answer.authorizations.is_empty());
        assert_eq!(answer.access_key.as_deref(), Some(KEY));
    }
}

#[test]
fn reads_several_authorizations_in_order() {
    let body = authorization(&format!(
        "<claveAccesoConsultada>{KEY}</claveAccesoConsultada><autorizaciones><autorizacion><estado>NO AUTORIZADO</estado><mensajes><mensaje><identificador>39</identificador><mensaje>FIRMA INVALIDA</mensaje><tipo>ERROR</tipo></mensaje></mensajes></autorizacion><autorizacion><estado>AUTORIZADO</estado><numeroAutorizacion>{KEY}</numeroAutorizacion></autorizacion></autorizaciones>"
    ));
    let answer = read_authorization(body.as_bytes(), KEY).unwrap();
    let states: Vec<_> = answer
        .authorizations
        .iter()
        .map(|a| a.state.clone())
        .collect();
    assert_eq!(
        states,
        [
            AuthorizationState::NotAuthorized,
            AuthorizationState::Authorized
        ]
    );
    assert_eq!(answer.authorizations[0].messages[0].text, "FIRMA INVALIDA");
}

#[test]
fn refuses_an_authorization_of_another_key() {
    let asked = authorization(&format!(
        "<claveAccesoConsultada>{OTHER}</claveAccesoConsultada>"
    ));
    let numbered = one_authorization(&format!(
        "<estado>AUTORIZADO</estado><numeroAutorizacion>{OTHER}</numeroAutorizacion>"
    ));
    for body in [asked, numbered] {
        assert!(matches!(
            read_authorization(body.as_bytes(), KEY),
            Err(ReadError::OtherKey { .. })
        ));
    }
}

#[test]
fn a_fault_is_not_an_answer() {
    let body = r#"<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>java.lang.NullPointerException</faultstring></soap:Fault></soap:Body></soap:Envelope>"#;
    let expected = ReadError::Fault {
        text: "java.lang.NullPointerException".to_owned(),
    };
    assert_eq!(read_reception(body.as_bytes(), KEY), Err(expected.clone()));
    assert_eq!(read_authorization(body.as_bytes(), KEY), Err(expected));
}

#[test]
fn what_is_not_an_answer_is_refused() {
    let whole = reception("<estado>RECIBIDA</estado>");
    let truncated = &whole.as_bytes()[..whole.len() - 20];
    let latin: Vec<u8> = [b"<a>".as_slice(), &[0xf1], b"</a>"].concat();
    let deep = "<a>".repeat(100_000);
    let cases: [&[u8]; 9] = [
        b"",
        b"<html><body><h1>503 Service Unavailable<br></body></html>",
        b"<!DOCTYPE html><html></html>",
        truncated,
        &latin,
        deep.as_bytes(),
        b"<a>&undefined;</a>",
        b"<a/><b/>",
        b"{\"estado\": \"RECIBIDA\"}",
    ];
    for body in cases {
        let error = read_reception(body, KEY).unwrap_err();
        assert!(matches!(error, ReadError::NotXml { .. }), "{error:?}");
    }
    let html = b"<html><body>Mantenimiento</body></html>";
    assert!(matches!(
        read_reception(html, KEY),
        Err(ReadError::Unexpected { .. })
    ));
    assert!(matches!(
        read_authorization(whole.as_bytes(), KEY),
        Err(ReadError::Unexpected { .. })
    ));
}

#[test]
fn numbers_have_one_meaning_each() {
    for (number, expected) in [
        ("43", CodeMeaning::AlreadyRegistered),
        ("70", CodeMeaning::InProcessing),
        ("45", CodeMeaning::SequentialRegistered),
        ("90", CodeMeaning::DailyLimit),
        ("50", CodeMeaning::ServerTrouble),
        ("35", CodeMeaning::Refused),
        (" 65 ", CodeMeaning::Refused),
        ("80", CodeMeaning::Question),
        ("99", CodeMeaning::Question),
        ("60", CodeMeaning::Warning),
        ("4711", CodeMeaning::ServerTrouble),
        ("", CodeMeaning::ServerTrouble),
        ("x", CodeMeaning::ServerTrouble),
    ] {
        assert_eq!(meaning(number), expected, "{number}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let _ = read_reception(&body, KEY);
        let _ = read_authorization(&body, KEY);
    }

    #[test]
    fn a_cut_answer_is_never_taken_for_a_whole_one(cut in 0usize..300) {
        let body = reception("<estado>RECIBIDA</estado><comprobantes/>");
        let cut = cut.min(body.len() - 1);
        proptest::prop_assert!(read_reception(&body.as_bytes()[..cut], KEY).is_err());
    }
}
