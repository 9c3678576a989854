//! Certificates and passwords: why a document stays unsigned, in words.

use std::sync::atomic::Ordering;

use serde_json::{Value as Json, json};
use tagua_store::{BlobPart, Stage, UnixMillis};

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{RUC, invoice, with};
use crate::support::sandbox::{PASSWORD, p12};
use crate::support::{KEY, NOW_MS, World};

const WRONG: &str = "Clave de firma incorrecta, por favor inténtalo nuevamente.";
const NOW: i64 = NOW_MS / 1000;
const YEAR: i64 = 365 * 86_400;

async fn issue_with(world: &World, password: impl AsRef<[u8]>, body: &Json) -> Json {
    let call = Call::post("/invoices/issue")
        .key(KEY)
        .header("X-Password", password);
    let answer = call.json(body).send(world.address).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// That the document is stored unsigned, with these words in it.
async fn unsigned(world: &World, answer: &Json, words: &str) {
    assert_eq!(answer["estado"], "CREADO");
    assert_eq!(answer["firma"]["result"], "bad");
    assert_eq!(answer["firma"]["status"], 400);
    let error = answer["firma"]["error"].as_str().unwrap();
    assert!(error.contains(words), "{error}");
    let document = world.document(id(answer)).await;
    assert_eq!(document.stage, Stage::Created);
    assert_eq!(document.signature_error.as_deref(), Some(error));
    assert!(world.blob(&document, BlobPart::Unsigned).await.is_some());
    assert_eq!(world.blob(&document, BlobPart::Signed).await, None);
    assert_eq!(world.count("job"), 0);
}

#[tokio::test]
async fn a_wrong_password_leaves_the_document_created() {
    let world = World::start().await;
    let answer = issue_with(&world, "otra", &invoice(1)).await;
    unsigned(&world, &answer, WRONG).await;
    // Also when the certificate is there and its key unlocked already.
    let path = format!("/edocs/{}/issue", answer["id"].as_str().unwrap());
    let call = Call::post(&path).key(KEY).password(PASSWORD);
    assert_eq!(call.send(world.address).await.status, 200);
    assert_eq!(world.document(id(&answer)).await.signature_error, None);
    assert_eq!(world.count("job"), 1);
    for (number, password) in [(2, "otra"), (3, ""), (4, "CLAVE-ÑANDÚ-7391")] {
        let answer = issue_with(&world, password, &invoice(number)).await;
        assert_eq!(answer["firma"]["error"], WRONG, "{password:?}");
        assert_eq!(world.document(id(&answer)).await.stage, Stage::Created);
    }
    assert_eq!(world.count("job"), 1);
}

#[tokio::test]
async fn a_password_in_latin_1_opens_too() {
    let world = World::start().await;
    let latin1: Vec<u8> = PASSWORD.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let answer = issue_with(&world, latin1, &invoice(1)).await;
    assert_eq!(answer.get("firma"), None);
}

#[tokio::test]
async fn an_issuers_sandbox_certificate_is_made_once() {
    let world = World::start().await;
    for number in 1..=3 {
        world.issued(&invoice(number)).await;
        // Long enough for the unlocked key to be dropped.
        world.clock.forward(11 * 60_000);
    }
    let other = with(invoice(1), "/emisor/ruc", json!("0990000000001"));
    world.issued(&other).await;
    assert_eq!(world.certificates_made.load(Ordering::Relaxed), 2);
    assert_eq!(world.count("certificate"), 2);
}

#[tokio::test]
async fn an_unlocked_key_is_dropped_when_nobody_uses_it() {
    let world = World::start().await;
    world.issued(&invoice(1)).await;
    assert_eq!(world.signer.unlocked_keys(), 1);
    for number in 2..=4 {
        world.clock.forward(9 * 60_000);
        world.signer.drop_idle_keys();
        world.issued(&invoice(number)).await;
    }
    assert_eq!(world.signer.unlocked_keys(), 1);
    issue_with(&world, "otra", &invoice(5)).await;
    assert_eq!(
        world.signer.unlocked_keys(),
        1,
        "a wrong password unlocks nothing"
    );
    world.clock.forward(10 * 60_000);
    world.signer.drop_idle_keys();
    assert_eq!(world.signer.unlocked_keys(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_first_requests_make_one_certificate() {
    let world = World::start().await;
    let calls = (1..=12).map(|number| {
        let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
        tokio::spawn(call.json(&invoice(number)).send(world.address))
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        assert_eq!(call.await.unwrap().json().get("firma"), None);
    }
    assert_eq!(world.certificates_made.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_certificate_that_was_registered_is_used() {
    let world = World::start().await;
    world.register(RUC, p12(RUC, NOW), None).await;
    assert_eq!(world.issued(&invoice(1)).await.get("firma"), None);
    assert_eq!(world.certificates_made.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn expired_certificates() {
    // By the date beside the file.
    let world = World::start().await;
    let ended = UnixMillis(NOW_MS - 1);
    world
        .register(RUC, p12(RUC, NOW - 3 * YEAR), Some(ended))
        .await;
    world
        .issue(&invoice(1))
        .await
        .refused(400, &[("emisor.ruc", "INVALID_VALUE")]);
    // A valid one is found behind an expired one.
    world
        .register(RUC, p12(RUC, NOW), Some(UnixMillis(NOW_MS + 1)))
        .await;
    world
        .register(RUC, p12(RUC, NOW - 4 * YEAR), Some(ended))
        .await;
    assert_eq!(world.issued(&invoice(2)).await.get("firma"), None);
    // It ends while its key is unlocked.
    world.clock.forward(2);
    let answer = world.issue(&invoice(3)).await;
    answer.refused(400, &[("emisor.ruc", "INVALID_VALUE")]);
    assert!(answer.text().contains("caducado"));

    // By the file alone.
    let world = World::start().await;
    world.register(RUC, p12(RUC, NOW - 3 * YEAR), None).await;
    let answer = issue_with(&world, PASSWORD, &invoice(1)).await;
    unsigned(&world, &answer, "venció").await;
}

#[tokio::test]
async fn certificates_that_cannot_sign() {
    let foreign = p12("0990000000001", NOW);
    let cases: [(Vec<u8>, &str, &str); 5] = [
        (foreign, PASSWORD, "0990000000001"),
        (b"not a PKCS#12 file".to_vec(), PASSWORD, "PKCS#12"),
        (Vec::new(), PASSWORD, "PKCS#12"),
        (pkcs12_file("ec.p12"), "Clave123", "RSA"),
        (
            pkcs12_file("rc4-128.p12")[..700].to_vec(),
            "Clave123",
            "dañado",
        ),
    ];
    for (file, password, words) in cases {
        let world = World::start().await;
        world.register(RUC, file, None).await;
        let answer = issue_with(&world, password, &invoice(1)).await;
        unsigned(&world, &answer, words).await;
    }
}

fn pkcs12_file(name: &str) -> Vec<u8> {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/../pkcs12/tests/files/");
    std::fs::read(format!("{dir}{name}")).unwrap()
}

/// What breaks the schema is stored as SRI would have returned it.
#[tokio::test]
async fn a_broken_structure_is_returned_and_never_signed() {
    let world = World::start().await;
    let long = with(
        invoice(1),
        "/maquina_fiscal",
        json!({"marca": "x".repeat(200)}),
    );
    let plate = with(long, "/comprador/tipo_identificacion", json!("09"));
    let answer = world.issued(&plate).await;
    assert_eq!(answer["estado"], "DEVUELTO", "{answer}");
    assert_eq!(answer["es_valida"], false);
    assert_eq!(answer.get("firma"), None);
    let message = returned(&world, &answer).await;
    assert_eq!(message["identificador"], "35");
    assert_eq!(message["mensaje"], "ARCHIVO NO CUMPLE ESTRUCTURA XML");
}

/// An invoice of this number with so many lines of about 700 bytes.
fn long_invoice(number: u32, lines: usize) -> Json {
    let line = with(
        json!({ "l": invoice(1)["items"][0] }),
        "/l/descripcion",
        json!("x".repeat(290)),
    );
    with(
        invoice(number),
        "/items",
        json!(vec![line["l"].clone(); lines]),
    )
}

#[tokio::test]
async fn a_document_over_320_kilobytes_is_returned_and_never_signed() {
    let world = World::start().await;
    let answer = world.issued(&long_invoice(1, 800)).await;
    assert_eq!(answer["estado"], "DEVUELTO");
    let message = returned(&world, &answer).await;
    assert_eq!(message["identificador"], "26");
    assert_eq!(message["mensaje"], "TAMAÑO MÁXIMO SUPERADO");
    let details = message["informacion_adicional"].as_str().unwrap();
    assert!(details.contains("327680"), "{details}");
}

#[tokio::test]
async fn the_signature_counts_for_the_size() {
    const LIMIT: usize = 327_680;
    let world = World::start().await;
    let mut sizes = [0; 2];
    for (size, lines) in sizes.iter_mut().zip([1, 2]) {
        let number = 100 + u32::try_from(lines).unwrap();
        let created = world.post("/invoices", &long_invoice(number, lines)).await;
        let document = world.document(id(&created.json())).await;
        *size = world
            .blob(&document, BlobPart::Unsigned)
            .await
            .unwrap()
            .len();
    }
    // Some 2,000 bytes below the limit, which no signature fits in.
    let lines = 1 + (LIMIT - 2_000 - sizes[0]) / (sizes[1] - sizes[0]);
    let answer = world.issued(&long_invoice(1, lines)).await;
    assert_eq!(answer["estado"], "DEVUELTO");
    assert_eq!(answer["es_valida"], false);
    let document = world.document(id(&answer)).await;
    let unsigned = world.blob(&document, BlobPart::Unsigned).await.unwrap();
    assert!(
        (LIMIT - 4_000..LIMIT).contains(&unsigned.len()),
        "{}",
        unsigned.len()
    );
    assert_eq!(returned(&world, &answer).await["identificador"], "26");
}

/// The only message of a document that was returned here; corrected, it is sent.
async fn returned(world: &World, answer: &Json) -> Json {
    let document = world.document(id(answer)).await;
    assert_eq!(document.stage, Stage::Returned);
    assert!(world.blob(&document, BlobPart::Unsigned).await.is_some());
    assert_eq!(world.blob(&document, BlobPart::Signed).await, None);
    assert_eq!(world.count("job"), 0);
    let query = world
        .get(&format!("/invoices/{}", document.id))
        .await
        .json();
    assert_eq!(query["envio_sri"]["estado"], "DEVUELTA");
    assert_eq!(query["envio_sri"]["fecha"], "2026-11-20T10:00:00-05:00");
    let messages = query["envio_sri"]["mensajes"].as_array().unwrap().clone();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["tipo"], "ERROR");
    let path = format!("/invoices/{}/reissue", document.id);
    let corrected = world.post(&path, &invoice(1)).await.json();
    assert_eq!(corrected["clave_acceso"], answer["clave_acceso"]);
    assert_eq!(world.document(document.id).await.stage, Stage::Signed);
    messages[0].clone()
}
