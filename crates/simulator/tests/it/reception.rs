use tagua_simulator::{Fault, ledger};

use crate::support::document::invoice;
use crate::support::http;
use crate::support::{DAY, World};

#[tokio::test]
async fn a_returned_document_has_the_live_shape() {
    let world = World::new().await;
    let first = invoice(1);
    world.send_invoice(&first).await.expect("RECIBIDA", &[]);
    let mut second = invoice(1);
    second.numeric_code = 87_654_321;
    let answer = world.send_invoice(&second).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .head
            .to_ascii_lowercase()
            .contains("content-type: text/xml")
    );
    assert_eq!(
        answer.body,
        format!(
            "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><ns2:validarComprobanteResponse xmlns:ns2=\"http://ec.gob.sri.ws.recepcion\"><RespuestaRecepcionComprobante><estado>DEVUELTA</estado><comprobantes><comprobante><claveAcceso>{}</claveAcceso><mensajes><mensaje><identificador>45</identificador><mensaje>ERROR SECUENCIAL REGISTRADO</mensaje><tipo>ERROR</tipo></mensaje></mensajes></comprobante></comprobantes></RespuestaRecepcionComprobante></ns2:validarComprobanteResponse></soap:Body></soap:Envelope>",
            second.key()
        )
    );
    // The document that was returned is not known.
    let query = world.ask(&second.key()).await;
    assert_eq!(query.one("numeroComprobantes"), "0");
}

#[tokio::test]
async fn the_same_bytes_again_are_answered_43() {
    let world = World::new().await;
    let document = world.sign(&invoice(1));
    world.send(&document).await.expect("RECIBIDA", &[]);
    for _ in 0..3 {
        world.send(&document).await.expect("DEVUELTA", &["43"]);
    }
    world
        .ask(&invoice(1).key())
        .await
        .expect("AUTORIZADO", &["60"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_the_same_document_at_once_one_is_received() {
    let world = World::new().await;
    for sequential in 1..=20 {
        let document = world.sign(&invoice(sequential));
        let body = http::reception(&document);
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (address, body) = (world.address, body.clone());
            clients.spawn(async move {
                let answer = http::post(address, http::RECEPTION, &body).await;
                answer.outcome().0
            });
        }
        let states = clients.join_all().await;
        let received = states.iter().filter(|state| *state == "RECIBIDA").count();
        assert_eq!(received, 1, "{states:?}");
    }
    let path = world.path(ledger::LEDGER_FILE);
    let authorizations = ledger::authorizations(path).expect("readable");
    assert_eq!(authorizations.len(), 20);
    assert!(authorizations.values().all(|found| found.len() == 1));
}

#[tokio::test]
async fn size_is_the_first_thing_to_be_looked_at() {
    let world = World::new().await;
    let answer = world.send(&vec![b'x'; 320 * 1024 + 1]).await;
    answer.expect("DEVUELTA", &["26"]);
    assert_eq!(answer.one("claveAcceso"), "N/A");
    world
        .send(&vec![b'x'; 320 * 1024])
        .await
        .expect("DEVUELTA", &["35"]);
}

#[tokio::test]
async fn an_empty_argument_is_answered_49() {
    let world = World::new().await;
    world.send(b"").await.expect("DEVUELTA", &["49"]);
}

#[tokio::test]
async fn the_environment_must_be_the_simulators() {
    let world = World::new().await;
    let mut invoice = invoice(1);
    invoice.environment = '2';
    let answer = world.send_invoice(&invoice).await;
    answer.expect("DEVUELTA", &["35"]);
    assert_eq!(
        answer.one("informacionAdicional"),
        "El ambiente de la solicitud PRODUCCIÓN no coincide con el de ejecución PRUEBAS"
    );
}

#[tokio::test]
async fn the_key_must_agree_with_the_document() {
    let world = World::new().await;
    let key = invoice(1).key();
    let wrong_digit = format!("{}{}", &key[..48], (key.as_bytes()[48] - b'0' + 1) % 10);
    for (from, to, detail) in [
        (key.as_str(), wrong_digit.as_str(), "no cumple módulo 11"),
        (
            "<fechaEmision>20/11",
            "<fechaEmision>19/11",
            "fecha de emisión 19/11/2026 no consta",
        ),
        (
            "<secuencial>000000001",
            "<secuencial>000000002",
            "El Secuencial 000000001",
        ),
        ("<estab>001", "<estab>003", "El Establecimiento 001"),
        ("<ptoEmi>002", "<ptoEmi>001", "El Punto de emisión 002"),
        (
            "<ruc>1790011674001",
            "<ruc>1790011675001",
            "El RUC 1790011674001",
        ),
        ("<tipoEmision>1", "<tipoEmision>2", "El Tipo de emisión 1"),
    ] {
        let answer = world.send_invoice(&invoice(1).change(from, to)).await;
        answer.expect("DEVUELTA", &["58"]);
        answer.expect_detail(detail);
    }
}

#[tokio::test]
async fn what_is_registered_comes_before_a_wrong_key() {
    let world = World::new().await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    let wrong = invoice(1).change("<estab>001", "<estab>003");
    world.send_invoice(&wrong).await.expect("DEVUELTA", &["43"]);
}

#[tokio::test]
async fn a_date_that_does_not_exist_is_answered_67() {
    let world = World::new().await;
    let mut invoice = invoice(1);
    invoice.date = "31/02/2026".to_owned();
    world
        .send_invoice(&invoice)
        .await
        .expect("DEVUELTA", &["67"]);
}

#[tokio::test]
async fn tomorrow_is_refused_by_both_profiles() {
    for world in [World::new().await, World::strict().await] {
        let mut invoice = invoice(1);
        invoice.date = "21/11/2026".to_owned();
        let answer = world.send_invoice(&invoice).await;
        answer.expect("DEVUELTA", &["65"]);
        answer.expect_detail("21/11/2026 es posterior");
        // Half past midnight in Ecuador.
        world.pass(DAY / 2 + 1_800_000);
        world.send_invoice(&invoice).await.expect("RECIBIDA", &[]);
    }
}

#[tokio::test]
async fn an_old_date_passes_with_a_warning_or_not_at_all() {
    let old = |sequential, date: &str| {
        let mut invoice = invoice(sequential);
        invoice.date = date.to_owned();
        invoice
    };
    let strict = World::strict().await;
    strict
        .send_invoice(&old(1, "22/08/2026"))
        .await
        .expect("RECIBIDA", &[]);
    strict
        .send_invoice(&old(2, "21/08/2026"))
        .await
        .expect("DEVUELTA", &["65"]);

    let kind = World::new().await;
    let invoice = old(1, "25/12/2015");
    kind.send_invoice(&invoice).await.expect("RECIBIDA", &[]);
    let answer = kind.ask(&invoice.key()).await;
    answer.expect("AUTORIZADO", &["60", "65"]);
    assert_eq!(answer.all("tipo"), ["ADVERTENCIA", "ADVERTENCIA"]);
    answer.expect_detail("el ambiente de producción lo rechazaría con el código 65");
}

#[tokio::test]
async fn a_refused_key_may_come_again_three_times_a_day() {
    let world = World::new().await;
    let document = world.sign(&invoice(1));
    for _ in 0..3 {
        world.inject(Fault::NotAuthorized { code: 39 });
        world.send(&document).await.expect("RECIBIDA", &[]);
        world
            .ask(&invoice(1).key())
            .await
            .expect("NO AUTORIZADO", &["39"]);
    }
    world.send(&document).await.expect("DEVUELTA", &["90"]);
    // The day changes at midnight in Ecuador.
    world.pass(DAY / 2 - 1);
    world.send(&document).await.expect("DEVUELTA", &["90"]);
    world.pass(1);
    world.send(&document).await.expect("RECIBIDA", &[]);
    world
        .ask(&invoice(1).key())
        .await
        .expect("AUTORIZADO", &["60"]);
}

#[tokio::test]
async fn a_corrected_document_keeps_its_key() {
    let world = World::new().await;
    world
        .send(invoice(1).xml().as_bytes())
        .await
        .expect("RECIBIDA", &[]);
    world
        .ask(&invoice(1).key())
        .await
        .expect("NO AUTORIZADO", &["39"]);
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice(1).key()).await;
    answer.expect("AUTORIZADO", &["60"]);
    assert!(answer.one("comprobante").contains("SignatureValue"));
}
