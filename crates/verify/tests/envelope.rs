//! Documents inside the answers and files of the authority.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use support::{DOCUMENT, failed, signed, warned};
use tagua_verify::{EnvelopeFacts, Report, Rule, Verdict, verify_document};

const KEY: &str = "2110201101179214673900110020010000000011234567813";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('\r', "&#13;")
}

fn authorization(content: &str) -> String {
    format!(
        "<autorizacion><estado>AUTORIZADO</estado><numeroAutorizacion>{KEY}</numeroAutorizacion><fechaAutorizacion class=\"fechaAutorizacion\">21/10/2011 10:21:00</fechaAutorizacion><ambiente>PRUEBAS</ambiente><comprobante>{content}</comprobante><mensajes/></autorizacion>"
    )
}

fn soap(authorizations: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><ns2:autorizacionComprobanteResponse xmlns:ns2=\"http://ec.gob.sri.ws.autorizacion\"><RespuestaAutorizacionComprobante><claveAccesoConsultada>{KEY}</claveAccesoConsultada><numeroComprobantes>1</numeroComprobantes><autorizaciones>{authorizations}</autorizaciones></RespuestaAutorizacionComprobante></ns2:autorizacionComprobanteResponse></soap:Body></soap:Envelope>"
    )
}

fn verify(text: &str) -> Report {
    verify_document(text.as_bytes())
}

#[track_caller]
fn passes(text: &str) {
    let report = verify(text);
    assert!(report.ok(), "{report:#?}");
    assert_eq!(warned(&report), [""; 0]);
    let envelope = EnvelopeFacts {
        status: Some("AUTORIZADO".to_owned()),
        authorization_number: Some(KEY.to_owned()),
        authorization_date: Some("21/10/2011 10:21:00".to_owned()),
        environment: Some("PRUEBAS".to_owned()),
    };
    assert_eq!(report.summary.envelope, Some(envelope));
    for rule in [
        Rule::Envelope,
        Rule::InnerWellFormed,
        Rule::AuthorizationNumber,
        Rule::EnvelopeEnvironment,
    ] {
        assert_eq!(report.check(rule).unwrap().verdict, Verdict::Pass);
    }
}

#[test]
fn the_document_is_found_in_every_form() {
    let in_cdata = authorization(&format!("<![CDATA[{}]]>", signed()));
    passes(&in_cdata);
    passes(&authorization(&escaped(&signed())));
    passes(&authorization(&format!("\n<![CDATA[{}]]>\n", signed())));
    passes(&format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{in_cdata}"
    ));
    passes(&soap(&in_cdata));
    let answer = format!(
        "<RespuestaAutorizacionComprobante><autorizaciones>{in_cdata}</autorizaciones></RespuestaAutorizacionComprobante>"
    );
    passes(&answer);
    // Carriage returns of the file arrive as references and are line ends again.
    passes(&authorization(&escaped(&signed().replace('\n', "\r\n"))));
}

#[test]
fn what_the_envelope_says_is_compared() {
    let good = authorization(&escaped(&signed()));
    let report = verify(&good.replacen(KEY, &KEY.replace("12345678", "12345679"), 1));
    assert_eq!(failed(&report), ["authorization_number"]);
    let report = verify(&good.replace("PRUEBAS", "PRODUCCIÓN"));
    assert_eq!(failed(&report), ["envelope_environment"]);
    let report = verify(&good.replace("PRUEBAS", "LUNA"));
    assert_eq!(warned(&report), ["envelope_environment"]);
    let number = format!("<numeroAutorizacion>{KEY}</numeroAutorizacion>");
    let report = verify(&good.replace(&number, ""));
    assert_eq!(failed(&report), ["authorization_number"]);
    let old = "<numeroAutorizacion>2110201110210017921467390011234567890</numeroAutorizacion>";
    let report = verify(&good.replace(&number, old));
    assert!(report.ok());
    assert_eq!(warned(&report), ["authorization_number"]);
}

#[test]
fn a_document_that_is_not_authorised_is_verified_all_the_same() {
    let number = format!("<numeroAutorizacion>{KEY}</numeroAutorizacion>");
    let refused = authorization(&escaped(&signed()))
        .replace("AUTORIZADO", "NO AUTORIZADO")
        .replace(&number, "");
    let report = verify(&refused);
    assert!(report.ok(), "{report:#?}");
    assert_eq!(warned(&report), ["envelope"]);
    let check = report.check(Rule::AuthorizationNumber).unwrap();
    assert_eq!(check.verdict, Verdict::NotApplicable);
}

#[test]
fn of_several_authorisations_the_authorised_one_is_verified() {
    let good = authorization(&escaped(&signed()));
    let bad = good
        .replace("AUTORIZADO", "NO AUTORIZADO")
        .replace("34.01", "34.02");
    let report = verify(&soap(&format!("{bad}{good}")));
    assert!(report.ok(), "{report:#?}");
    assert_eq!(warned(&report), ["envelope"]);
    let check = report.check(Rule::Envelope).unwrap();
    assert!(
        check
            .detail
            .starts_with("one of 2 autorizacion is verified")
    );
}

#[test]
fn an_envelope_without_document_says_so() {
    for text in [
        soap(""),
        authorization(""),
        authorization("<factura/>"),
        authorization("  "),
    ] {
        let report = verify(&text);
        assert_eq!(failed(&report), ["envelope"], "{text}");
    }
}

#[test]
fn a_document_spoilt_inside_its_envelope_fails_where_it_is() {
    let report = verify(&authorization(&escaped(
        &signed().replace("34.01", "34.02"),
    )));
    assert_eq!(failed(&report), ["document_digest"]);
    let report = verify(&authorization(&escaped(DOCUMENT)));
    assert_eq!(failed(&report), ["signature_present"]);
    for text in ["text", "<!DOCTYPE a><a/>", "<a>"] {
        let report = verify(&authorization(&escaped(text)));
        assert_eq!(failed(&report), ["inner_well_formed"]);
    }
}

#[test]
fn an_envelope_in_an_envelope_is_no_document() {
    let report = verify(&authorization(&escaped(&authorization(
        &escaped(&signed()),
    ))));
    assert!(failed(&report).contains(&"root_element"));
    assert!(failed(&report).contains(&"signature_present"));
}
