//! Access keys: recoverable codes, and which key a correction gets.

use std::collections::HashSet;

use aws_lc_rs::hmac;
use serde_json::{Value as Json, json};
use tagua_fiscal::{AccessKey, AccessKeyParts, DocumentType, Environment, Sequential, Series};
use tagua_store::{DocumentId, Stage};

use crate::support::World;
use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{RUC, invoice, with};
use crate::support::{KEY, sandbox::PASSWORD};

/// What somebody with the issuer's secret computes after a disaster.
fn recovered(secret: &[u8; 32], message: &str) -> u32 {
    let tag = hmac::sign(
        &hmac::Key::new(hmac::HMAC_SHA256, secret),
        message.as_bytes(),
    );
    let first = u64::from_be_bytes(tag.as_ref()[..8].try_into().unwrap());
    u32::try_from(first % 100_000_000).unwrap()
}

fn code(answer: &Json) -> u32 {
    key(answer).parts().unwrap().numeric_code
}

fn key(answer: &Json) -> AccessKey {
    answer["clave_acceso"].as_str().unwrap().parse().unwrap()
}

/// A key of the invoice's own day, as a client with its own codes makes it.
fn own_key(numeric_code: u32, sequential: u32) -> String {
    let parts = AccessKeyParts {
        date: jiff::civil::date(2026, 11, 18),
        document_type: DocumentType::Invoice,
        ruc: RUC.parse().unwrap(),
        environment: Environment::Test,
        series: Series {
            establishment: "001".parse().unwrap(),
            point: "002".parse().unwrap(),
        },
        sequential: Sequential::new(sequential).unwrap(),
        numeric_code,
        emission_type: 1,
    };
    parts.key().to_string()
}

async fn reissued(world: &World, id: DocumentId, body: &Json) -> Json {
    let answer = world.post(&format!("/invoices/{id}/reissue"), body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn codes_are_recovered_from_the_issuers_secret() {
    let world = World::start().await;
    let first = world.issued(&invoice(148)).await;
    let secret = world.issuer(RUC).await.code_secret;
    assert_eq!(
        code(&first),
        recovered(&secret, "1|01|001|002|000000148|20261118")
    );
    world.put_in(id(&first), Stage::NotAuthorized).await;
    let later = with(invoice(148), "/fecha_emision", json!("2026-11-19"));
    let second = reissued(&world, id(&first), &later).await;
    assert_eq!(
        code(&second),
        recovered(&secret, "1|01|001|002|000000148|20261119")
    );
}

#[tokio::test]
async fn no_two_numbers_share_a_code() {
    let world = World::start().await;
    let mut codes = HashSet::new();
    for number in 1..=60 {
        let call = Call::post("/invoices").key(KEY).json(&invoice(number));
        assert!(
            codes.insert(code(&call.send(world.address).await.json())),
            "{number}"
        );
    }
    // Nor two issuers.
    let other = with(invoice(1), "/emisor/ruc", json!("0990000000001"));
    assert!(codes.insert(code(&world.issued(&other).await)));
}

#[tokio::test]
async fn a_key_that_was_given_is_kept() {
    let world = World::start().await;
    let given = own_key(1, 148);
    let body = with(invoice(148), "/clave_acceso", json!(given));
    assert_eq!(world.issued(&body).await["clave_acceso"], given.as_str());
    // Also one whose parts are others than the document's.
    let body = with(invoice(149), "/clave_acceso", json!(own_key(2, 7)));
    assert_eq!(
        world.issued(&body).await["clave_acceso"],
        own_key(2, 7).as_str()
    );
    let wrong = with(
        invoice(150),
        "/clave_acceso",
        json!(format!("{}x", &given[..48])),
    );
    world
        .issue(&wrong)
        .await
        .refused(400, &[("clave_acceso", "INVALID_FORMAT")]);
}

#[tokio::test]
async fn an_unregistered_key_stays_while_its_parts_do() {
    let world = World::start().await;
    for (number, stage) in [(1, Stage::Created), (2, Stage::Returned)] {
        let first = world.issued(&invoice(number)).await;
        world.put_in(id(&first), stage).await;
        let corrected = with(
            invoice(number),
            "/comprador/razon_social",
            json!("Otro Nombre"),
        );
        let second = reissued(&world, id(&first), &corrected).await;
        assert_eq!(second["clave_acceso"], first["clave_acceso"]);
        assert_eq!(second["id"], first["id"]);

        world.put_in(id(&first), stage).await;
        let sent_back = with(corrected, "/clave_acceso", first["clave_acceso"].clone());
        let third = reissued(&world, id(&first), &sent_back).await;
        assert_eq!(third["clave_acceso"], first["clave_acceso"]);
    }
}

#[tokio::test]
async fn another_day_makes_another_key_even_when_ours_is_sent_back() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    world.put_in(id(&first), Stage::Returned).await;
    let later = with(invoice(1), "/fecha_emision", json!("2026-11-19"));
    let later = with(later, "/clave_acceso", first["clave_acceso"].clone());
    let second = reissued(&world, id(&first), &later).await;
    assert!(
        second["clave_acceso"]
            .as_str()
            .unwrap()
            .starts_with("19112026")
    );
    assert_ne!(code(&second), code(&first));
}

#[tokio::test]
async fn an_answer_of_long_ago_does_not_decide_the_key() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    for day in ["2026-11-19", "2026-11-20"] {
        world.put_in(id(&first), Stage::Returned).await;
        let body = with(invoice(1), "/fecha_emision", json!(day));
        let body = with(body, "/clave_acceso", first["clave_acceso"].clone());
        let answer = reissued(&world, id(&first), &body).await;
        let digits: String = day.split('-').rev().collect();
        assert!(
            answer["clave_acceso"]
                .as_str()
                .unwrap()
                .starts_with(&digits)
        );
    }
}

#[tokio::test]
async fn another_issuer_makes_another_key() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    world.put_in(id(&first), Stage::Returned).await;
    let body = with(invoice(1), "/emisor/ruc", json!("0990000000001"));
    let body = with(body, "/clave_acceso", first["clave_acceso"].clone());
    let answer = reissued(&world, id(&first), &body).await;
    assert_eq!(
        &answer["clave_acceso"].as_str().unwrap()[10..23],
        "0990000000001"
    );
}

#[tokio::test]
async fn another_number_makes_another_key() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    world.put_in(id(&first), Stage::Returned).await;
    let second = reissued(&world, id(&first), &invoice(2)).await;
    assert_eq!(second["numero"], "001-002-000000002");
    assert_eq!(key(&second).parts().unwrap().sequential.get(), 2);
    // The old number is free again.
    assert_eq!(world.issue(&invoice(1)).await.status, 200);
}

/// SRI answers 45 to the number of a refused document under another key.
#[tokio::test]
async fn a_refused_key_is_used_again() {
    for stage in [Stage::NotAuthorized, Stage::Returned, Stage::NeedsAttention] {
        let world = World::start().await;
        let first = world.issued(&invoice(1)).await;
        let number = id(&first);
        world.put_in(number, stage).await;
        let sent_back = with(invoice(1), "/clave_acceso", first["clave_acceso"].clone());
        let second = reissued(&world, number, &sent_back).await;
        assert_eq!(second["clave_acceso"], first["clave_acceso"]);

        world.put_in(number, stage).await;
        let later = with(invoice(1), "/fecha_emision", json!("2026-11-19"));
        let third = reissued(&world, number, &later).await;
        assert_ne!(third["clave_acceso"], first["clave_acceso"]);
    }
}

#[tokio::test]
async fn a_clients_own_key_stays() {
    let world = World::start().await;
    // Its number is another than the document's: as given, all the same.
    let given = with(invoice(1), "/clave_acceso", json!(own_key(77, 148)));
    let first = world.post("/invoices", &given).await.json();
    let path = format!("/edocs/{}/issue", first["id"].as_str().unwrap());
    for stage in [Stage::Created, Stage::NotAuthorized] {
        world.put_in(id(&first), stage).await;
        let issued = Call::post(&path)
            .key(KEY)
            .password(PASSWORD)
            .send(world.address)
            .await
            .json();
        assert_eq!(issued["clave_acceso"], own_key(77, 148).as_str());
    }
}

#[tokio::test]
async fn a_correction_may_bring_a_key_of_its_own() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    world.put_in(id(&first), Stage::NotAuthorized).await;
    let body = with(invoice(1), "/clave_acceso", json!(own_key(5, 1)));
    let second = reissued(&world, id(&first), &body).await;
    assert_eq!(second["clave_acceso"], own_key(5, 1).as_str());
}
