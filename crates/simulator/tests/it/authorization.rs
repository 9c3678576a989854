use tagua_simulator::{Environment, sandbox};

use crate::support::document::invoice;
use crate::support::signer::{self, PASSWORD, Signer};
use crate::support::{DAY, NOON, World};

#[tokio::test]
async fn a_good_document_is_received_and_authorized() {
    let world = World::new().await;
    let invoice = invoice(1);
    let document = world.sign(&invoice);
    let received = world.send(&document).await;
    assert_eq!(
        received.body,
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><ns2:validarComprobanteResponse xmlns:ns2=\"http://ec.gob.sri.ws.recepcion\"><RespuestaRecepcionComprobante><estado>RECIBIDA</estado><comprobantes/></RespuestaRecepcionComprobante></ns2:validarComprobanteResponse></soap:Body></soap:Envelope>"
    );
    let answer = world.ask(&invoice.key()).await;
    assert_eq!(answer.one("comprobante").as_bytes(), document);
    let without_document = {
        let start = answer.body.find("<comprobante>").expect("a document");
        let end = answer.body.find("</comprobante>").expect("its end");
        answer.body[..start].to_owned() + &answer.body[end..]
    };
    let key = invoice.key();
    assert_eq!(
        without_document,
        format!(
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><ns2:autorizacionComprobanteResponse xmlns:ns2=\"http://ec.gob.sri.ws.autorizacion\"><RespuestaAutorizacionComprobante><claveAccesoConsultada>{key}</claveAccesoConsultada><numeroComprobantes>1</numeroComprobantes><autorizaciones><autorizacion><estado>AUTORIZADO</estado><numeroAutorizacion>{key}</numeroAutorizacion><fechaAutorizacion>2026-11-20T12:00:00-05:00</fechaAutorizacion><ambiente>PRUEBAS</ambiente></comprobante><mensajes><mensaje><identificador>60</identificador><mensaje>ESTE PROCESO FUE REALIZADO EN EL AMBIENTE DE PRUEBAS</mensaje><tipo>ADVERTENCIA</tipo></mensaje></mensajes></autorizacion></autorizaciones></RespuestaAutorizacionComprobante></ns2:autorizacionComprobanteResponse></soap:Body></soap:Envelope>"
        )
    );
}

#[tokio::test]
async fn a_carriage_return_survives_the_way_back() {
    let world = World::new().await;
    let invoice = invoice(1);
    // A declaration with CRLF after it, as Windows tools write it: outside of the
    // signed element, inside of the authorized text.
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n{}",
        invoice.xml()
    );
    let document = Signer::sandbox(&invoice.ruc).sign(&xml, NOON);
    world.send(&document).await.expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice.key()).await;
    answer.expect("AUTORIZADO", &["60"]);
    assert!(answer.body.contains("?&gt;&#13;\n&lt;factura"));
    assert_eq!(answer.one("comprobante").as_bytes(), document);
}

#[tokio::test]
async fn an_altered_document_is_not_authorized() {
    let world = World::new().await;
    let invoice = invoice(1);
    let signed = String::from_utf8(world.sign(&invoice)).expect("UTF-8");
    let altered = signed.replace("Cacao", "Cacas");
    world.send(altered.as_bytes()).await.expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice.key()).await;
    answer.expect("NO AUTORIZADO", &["39"]);
    answer.expect_detail("firma y/o certificados alterados");
}

#[tokio::test]
async fn a_document_without_signature_is_not_authorized() {
    let world = World::new().await;
    let invoice = invoice(1);
    world
        .send(invoice.xml().as_bytes())
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice.key()).await;
    answer.expect("NO AUTORIZADO", &["39"]);
    answer.expect_detail("Error en la estructura de la firma");
    assert!(answer.all("numeroAutorizacion").is_empty());
    assert_eq!(answer.one("comprobante"), invoice.xml());
}

#[tokio::test]
async fn the_certificate_must_be_the_issuers() {
    let world = World::new().await;
    let invoice = invoice(1);
    let document = Signer::sandbox("0990000000001").sign(&invoice.xml(), NOON);
    world.send(&document).await.expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice.key()).await;
    answer.expect("NO AUTORIZADO", &["39"]);
    assert_eq!(
        answer.one("informacionAdicional"),
        "La firma es invalida [La firma es invalida RucComprobante:1790011674001 RucCertificado:0990000000001]"
    );
}

#[tokio::test]
async fn the_authority_must_be_known() {
    let world = World::new().await;
    let stranger = sandbox::create(PASSWORD, "Otra", NOON / 1000).expect("created");
    let signer = Signer::of_authority(&stranger, "1790011674001", NOON / 1000);
    let first = invoice(1);
    world
        .send(&signer.sign(&first.xml(), NOON))
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.ask(&first.key()).await;
    answer.expect("NO AUTORIZADO", &["39"]);
    answer.expect_detail("no existe certificado root registrado");

    // Put into the directory while the simulator runs, it is known.
    let path = world.path("sandbox-ca").join("second.der");
    std::fs::write(path, &stranger.ca_certificate_der).expect("written");
    let second = invoice(2);
    world
        .send(&signer.sign(&second.xml(), NOON))
        .await
        .expect("RECIBIDA", &[]);
    world.ask(&second.key()).await.expect("AUTORIZADO", &["60"]);
}

#[tokio::test]
async fn an_authority_may_come_from_a_pem_file() {
    use base64::Engine;
    let directory = tempfile::tempdir().expect("a directory");
    let other = sandbox::create(PASSWORD, "Otra", NOON / 1000).expect("created");
    let path = directory.path().join("ca.pem");
    let encoded = base64::engine::general_purpose::STANDARD.encode(&other.ca_certificate_der);
    let pem =
        format!("Autoridad\n-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n");
    std::fs::write(&path, pem).expect("written");
    let world = World::with(|config| config.trusted_ca_pems.push(path)).await;
    let signer = Signer::of_authority(&other, "1790011674001", NOON / 1000);
    let invoice = invoice(1);
    world
        .send(&signer.sign(&invoice.xml(), NOON))
        .await
        .expect("RECIBIDA", &[]);
    world
        .ask(&invoice.key())
        .await
        .expect("AUTORIZADO", &["60"]);
}

#[tokio::test]
async fn no_sandbox_certificate_counts_in_production() {
    let der = signer::authority().ca_certificate_der.clone();
    let world = World::with(|config| {
        config.environment = Environment::Produccion;
        config.trusted_ca_ders.push(der);
    })
    .await;
    let mut invoice = invoice(1);
    invoice.environment = '2';
    world.send_invoice(&invoice).await.expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice.key()).await;
    answer.expect("NO AUTORIZADO", &["39"]);
    answer.expect_detail("no existe certificado root registrado");
    assert_eq!(answer.one("ambiente"), "PRODUCCIÓN");
}

#[tokio::test]
async fn the_signing_time_must_be_inside_the_certificates_validity() {
    let world = World::new().await;
    let expired = Signer::issued_at("1790011674001", (NOON - 800 * DAY) / 1000);
    let invoice = invoice(1);
    world
        .send(&expired.sign(&invoice.xml(), NOON))
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice.key()).await;
    answer.expect("NO AUTORIZADO", &["39"]);
    answer.expect_detail("periodo de validez del certificado firmante");
}

#[tokio::test]
async fn the_signing_time_must_not_be_ahead_of_the_authority() {
    let world = World::new().await;
    let signer = Signer::sandbox("1790011674001");
    let (near, far) = (invoice(1), invoice(2));
    world
        .send(&signer.sign(&near.xml(), NOON + 10_000))
        .await
        .expect("RECIBIDA", &[]);
    world.ask(&near.key()).await.expect("AUTORIZADO", &["60"]);
    world
        .send(&signer.sign(&far.xml(), NOON + 600_000))
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.ask(&far.key()).await;
    answer.expect("NO AUTORIZADO", &["39"]);
    answer.expect_detail("posterior a la del servidor");
}

#[tokio::test]
async fn latency_hides_the_decision_for_a_while() {
    let latency = std::time::Duration::from_secs(5);
    let world = World::with(|config| config.latency = latency).await;
    let invoice = invoice(1);
    let document = world.sign(&invoice);
    world.send(&document).await.expect("RECIBIDA", &[]);
    let empty = world.ask(&invoice.key()).await;
    assert_eq!(empty.one("numeroComprobantes"), "0");
    assert!(empty.body.contains("<autorizaciones/>"));
    world.pass(4_999);
    world.send(&document).await.expect("DEVUELTA", &["70"]);
    world.pass(1);
    world.send(&document).await.expect("DEVUELTA", &["43"]);
    let answer = world.ask(&invoice.key()).await;
    answer.expect("AUTORIZADO", &["60"]);
    assert_eq!(answer.one("fechaAutorizacion"), "2026-11-20T12:00:05-05:00");
}

#[tokio::test]
async fn an_unknown_key_has_no_authorizations() {
    let world = World::new().await;
    let key = invoice(1).key();
    let answer = world.ask(&key).await;
    assert_eq!(
        answer.body,
        format!(
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><ns2:autorizacionComprobanteResponse xmlns:ns2=\"http://ec.gob.sri.ws.autorizacion\"><RespuestaAutorizacionComprobante><claveAccesoConsultada>{key}</claveAccesoConsultada><numeroComprobantes>0</numeroComprobantes><autorizaciones/></RespuestaAutorizacionComprobante></ns2:autorizacionComprobanteResponse></soap:Body></soap:Envelope>"
        )
    );
}

#[tokio::test]
async fn a_key_of_another_shape_is_refused() {
    let world = World::new().await;
    for key in ["", "123", "x".repeat(49).as_str()] {
        let answer = world.ask(key).await;
        answer.expect("RECHAZADA", &["80"]);
        assert_eq!(answer.one("claveAccesoConsultada"), key);
    }
}
