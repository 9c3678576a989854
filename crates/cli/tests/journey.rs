//! Documents from the client's request to the authority's decision, through the
//! command, its HTTP address and its files.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::net::TcpListener;

use serde_json::{Value, json};
use tagua_simulator::ledger::DecisionState;

use support::body::{RUC, invoice};
use support::http;
use support::world::{Server, World, text};

fn id(document: &Value) -> &str {
    document["id"].as_str().unwrap()
}

fn key(document: &Value) -> &str {
    document["clave_acceso"].as_str().unwrap()
}

#[test]
fn an_invoice_is_authorized() {
    let world = World::new();
    let server = world.start();
    let issued = server.issue(&invoice(1));
    assert_eq!(issued["estado"], "CREADO");
    assert_eq!(issued["numero"], "001-002-000000001");
    assert_eq!(issued["comprador"], invoice(1)["comprador"]);
    assert_eq!(key(&issued).len(), 49);
    assert_eq!(issued.get("firma"), None);

    let document = server.settled(id(&issued), "AUTORIZADO");
    assert_eq!(key(&document), key(&issued));
    assert_eq!(document["envio_sri"]["estado"], "RECIBIDA");
    assert_eq!(document["autorizacion"]["estado"], "AUTORIZADO");
    assert_eq!(document["autorizacion"]["numero"], issued["clave_acceso"]);

    let edoc = server.get(&format!("/edocs/{}", id(&issued))).json();
    assert_eq!(edoc["tipo"], "01");
    assert_eq!(edoc["estado"], "AUTORIZADO");
    assert_eq!(edoc["clave_acceso"], issued["clave_acceso"]);
    let link = document["url_documento_electronico"].as_str().unwrap();
    let expected = format!("http://{}/ver/{}/xml", server.address, id(&issued));
    assert_eq!(link, expected);
}

#[test]
fn a_created_document_waits_until_it_is_issued() {
    let world = World::new();
    let server = world.start();
    let created = server.post("/invoices", "", &invoice(1)).json();
    assert_eq!(created["estado"], "CREADO");
    let unsigned = server.xml(id(&created));
    assert!(unsigned.contains("<factura id=\"comprobante\""));
    assert!(!unsigned.contains("Signature"));

    let path = format!("/edocs/{}/issue", id(&created));
    let answer = server.post(&path, &world.password, &Value::Null);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["emisor"]["ruc"], RUC);
    let document = server.settled(id(&created), "AUTORIZADO");
    assert_eq!(key(&document), key(&created));
}

#[test]
fn the_link_gives_the_signed_file_then_the_authorized_one() {
    let world = World::new();
    let mut holding = world.start_with(&["--hold"], &[]);
    let issued = holding.issue(&invoice(1));
    let signed = holding.xml(id(&issued));
    assert!(signed.starts_with("<?xml"));
    assert!(signed.contains("</ds:Signature></factura>"));
    holding.process.stop();

    let server = world.start();
    server.settled(id(&issued), "AUTORIZADO");
    let authorized = server.xml(id(&issued));
    assert!(authorized.contains("<estado>AUTORIZADO</estado>"));
    let number = format!("<numeroAutorizacion>{}</numeroAutorizacion>", key(&issued));
    assert!(authorized.contains(&number));
    assert!(authorized.contains(&format!("<![CDATA[{signed}]]>")));
}

#[test]
fn a_structural_defect_is_returned_and_corrected() {
    let world = World::new();
    let server = world.start();
    let mut body = invoice(1);
    // A plate: the contract has it, the schema does not.
    body["comprador"]["tipo_identificacion"] = "09".into();
    let issued = server.issue(&body);
    assert_eq!(issued["estado"], "DEVUELTO", "{issued}");
    let refused = server.query(id(&issued));
    assert_eq!(refused["envio_sri"]["estado"], "DEVUELTA");
    let message = &refused["envio_sri"]["mensajes"][0];
    assert_eq!(message["identificador"], "35");
    let details = message["informacion_adicional"].as_str().unwrap();
    assert!(details.contains("tipoIdentificacionComprador"), "{details}");

    let corrected = server.reissue(id(&issued), &invoice(1));
    assert_eq!(corrected["id"], issued["id"]);
    let document = server.settled(id(&issued), "AUTORIZADO");
    assert_eq!(key(&document), key(&issued));
    // What was refused here never left.
    let receptions = world.embedded_ledger();
    assert_eq!(
        receptions.iter().filter(|e| e.decision.is_some()).count(),
        1
    );
}

#[test]
fn what_reception_refuses_is_returned_and_sent_again() {
    let world = World::new();
    let simulator = world.start_simulator();
    let server = world.start_against(simulator.address);
    simulator.order("recepcion", &json!({ "fault": "returned", "code": 65 }));
    let issued = server.issue(&invoice(1));
    let refused = server.settled(id(&issued), "DEVUELTO");
    assert_eq!(refused["envio_sri"]["mensajes"][0]["identificador"], "65");

    let path = format!("/edocs/{}/issue", id(&issued));
    let answer = server.post(&path, &world.password, &Value::Null);
    assert_eq!(answer.status, 200);
    let document = server.settled(id(&issued), "AUTORIZADO");
    assert_eq!(key(&document), key(&issued));
}

#[test]
fn wrong_sums_are_not_authorized_and_corrected() {
    let world = World::new();
    let server = world.start_with(&["--simulator-severity", "estricto"], &[]);
    let mut body = invoice(1);
    body["totales"]["importe_total"] = json!(12.5);
    body["pagos"][0]["total"] = json!(12.5);
    let issued = server.issue(&body);
    let refused = server.settled(id(&issued), "NO AUTORIZADO");
    assert_eq!(
        refused["autorizacion"]["mensajes"][0]["identificador"],
        "52"
    );

    let corrected = server.reissue(id(&issued), &invoice(1));
    assert_eq!(corrected["id"], issued["id"]);
    let document = server.settled(id(&issued), "AUTORIZADO");
    assert_eq!(key(&document), key(&corrected));
    let decisions = world.embedded_ledger();
    let decisions = decisions.iter().filter_map(|e| e.decision.as_ref());
    let states: Vec<_> = decisions.map(|decision| decision.state).collect();
    assert_eq!(
        states,
        [DecisionState::NotAuthorized, DecisionState::Authorized]
    );
    refused_because(&server, id(&issued), "estado", "nota de crédito");
}

/// A correction of an authorized document.
#[track_caller]
fn refused_because(server: &Server, id: &str, parameter: &str, words: &str) {
    let path = format!("/invoices/{id}/reissue");
    let answer = server.post(&path, &server.password, &invoice(1));
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["parameter"], parameter);
    let details = answer.json()["details"].as_str().unwrap().to_owned();
    assert!(details.contains(words), "{details}");
}

#[test]
fn a_wrong_password_is_said_and_the_document_kept() {
    let world = World::new();
    let server = world.start();
    let answer = server.post("/invoices/issue", "equivocada", &invoice(1));
    assert_eq!(answer.status, 200);
    let issued = answer.json();
    let firma = json!({
        "result": "bad",
        "error": "Clave de firma incorrecta, por favor inténtalo nuevamente.",
        "status": 400
    });
    assert_eq!(issued["estado"], "CREADO");
    assert_eq!(issued["firma"], firma);
    let kept = server.query(id(&issued));
    assert_eq!(kept["estado"], "CREADO");
    assert_eq!(kept["firma"], firma);

    let path = format!("/edocs/{}/issue", id(&issued));
    assert_eq!(
        server.post(&path, &world.password, &Value::Null).status,
        200
    );
    let document = server.settled(id(&issued), "AUTORIZADO");
    assert_eq!(document.get("firma"), None);
    assert_eq!(key(&document), key(&issued));
}

#[test]
fn production_is_refused_unless_it_was_enabled() {
    let world = World::new();
    let server = world.start();
    let mut body = invoice(1);
    body["ambiente"] = json!(2);
    let answer = server.post("/invoices/issue", &world.password, &body);
    assert_eq!(answer.status, 400);
    let refusal = answer.json();
    assert_eq!(refusal["parameter"], "ambiente");
    let details = refusal["details"].as_str().unwrap();
    assert!(details.contains("--enable-production"), "{details}");
    assert_eq!(refusal["request"], body);
}

#[test]
fn every_operation_wants_a_known_key() {
    let world = World::new();
    let server = world.start();
    let issued = server.issue(&invoice(1));
    let operations = [
        ("POST", "/invoices/issue".to_owned()),
        ("POST", "/invoices".to_owned()),
        ("GET", format!("/invoices/{}", id(&issued))),
        ("POST", format!("/invoices/{}/reissue", id(&issued))),
        ("GET", format!("/edocs/{}", id(&issued))),
        ("POST", format!("/edocs/{}/issue", id(&issued))),
    ];
    let keys: [&[_]; 3] = [&[], &[("x-key", "unknown")], &[("x-key", "")]];
    for (method, path) in &operations {
        for key in keys {
            let body = invoice(2).to_string();
            let answer = http::call(server.address, method, path, key, body.as_bytes()).unwrap();
            assert_eq!(answer.status, 401, "{method} {path} {key:?}");
            assert_eq!(answer.json()["code"], "UNAUTHORIZED");
        }
    }
}

#[test]
fn documents_of_another_account_do_not_exist() {
    let world = World::new();
    world.add_account("another-key");
    let server = world.start();
    let issued = server.issue(&invoice(1));
    let missing = "0".repeat(32);
    for (method, path) in [
        ("GET", "/invoices/ID"),
        ("POST", "/invoices/ID/reissue"),
        ("GET", "/edocs/ID"),
        ("POST", "/edocs/ID/issue"),
    ] {
        let ask = |id: &str| {
            let headers = [("x-key", "another-key"), ("x-password", &world.password)];
            let path = path.replace("ID", id);
            let body = invoice(1).to_string();
            http::call(server.address, method, &path, &headers, body.as_bytes()).unwrap()
        };
        let (foreign, absent) = (ask(id(&issued)), ask(&missing));
        assert_eq!(foreign.status, 404, "{method} {path}");
        assert_eq!(foreign.body, absent.body, "{method} {path}");
    }
    server.settled(id(&issued), "AUTORIZADO");
}

#[test]
fn a_restart_changes_nothing() {
    let world = World::new();
    let mut server = world.start();
    let issued = server.issue(&invoice(1));
    let created = server.post("/invoices", "", &invoice(2)).json();
    let before = server.settled(id(&issued), "AUTORIZADO");
    let file = server.xml(id(&issued));
    server.process.stop();

    let server = world.start();
    let mut after = server.query(id(&issued));
    // The links name the port, which is another one now.
    for link in ["url_formato_impresion", "url_documento_electronico"] {
        after[link] = before[link].clone();
    }
    assert_eq!(after, before);
    assert_eq!(server.xml(id(&issued)), file);
    assert_eq!(server.query(id(&created))["estado"], "CREADO");
    let again = server.post("/invoices/issue", &world.password, &invoice(1));
    assert_eq!(again.status, 400);
    assert_eq!(again.json()["parameter"], "secuencial");
}

#[test]
fn documents_wait_for_an_authority_that_is_down() {
    let world = World::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let server = world.start_against(address);
    let issued: Vec<_> = (1..=3).map(|n| server.issue(&invoice(n))).collect();
    let tried = |line: &str| line.contains("not_sent");
    server.process.line(support::PATIENCE, tried);
    for document in &issued {
        assert_ne!(server.query(id(document))["estado"], "AUTORIZADO");
    }
    let _simulator = world.start_simulator_at(&address.to_string());
    for document in &issued {
        server.settled(id(document), "AUTORIZADO");
    }
    let decided = world.ledger();
    assert_eq!(decided.iter().filter(|e| e.decision.is_some()).count(), 3);
}

#[test]
fn secrets_are_written_nowhere() {
    let world = World::new();
    // Not even where somebody asks for every detail of every crate.
    let mut server = world.start_with(&[], &[("TAGUA_LOG", "trace")]);
    let issued = server.issue(&invoice(1));
    server.post("/invoices/issue", "otra-clave-secreta", &invoice(2));
    server.settled(id(&issued), "AUTORIZADO");
    server.process.stop();
    let secrets = [&*world.key, &*world.password, "otra-clave-secreta"];
    let said = server.process.said();
    assert!(said.contains("accepted"), "the log is there: {said}");
    let mut places = vec![("the log".to_owned(), said.into_bytes())];
    collect(&world.data(), &mut places);
    assert!(places.iter().any(|(name, _)| name.ends_with("tagua.db")));
    for (name, bytes) in places {
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{secret} stands in {name}");
        }
    }
}

fn collect(directory: &std::path::Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push((text(&path).to_owned(), std::fs::read(&path).unwrap()));
        }
    }
}
