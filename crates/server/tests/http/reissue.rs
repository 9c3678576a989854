//! Operation 5: what may be corrected, and what a correction leaves behind.

use serde_json::json;
use tagua_store::{BlobPart, Stage, Store};

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{invoice, with, without};
use crate::support::{KEY, World};

#[tokio::test]
async fn each_stage_allows_it_or_says_why_not() {
    for stage in Stage::ALL {
        let world = World::start().await;
        let first = world.issued(&invoice(1)).await;
        world.put_in(id(&first), stage).await;
        let path = format!("/invoices/{}/reissue", first["id"].as_str().unwrap());
        let answer = world.post(&path, &invoice(1)).await;
        let open = matches!(
            stage,
            Stage::Created | Stage::Returned | Stage::NotAuthorized | Stage::NeedsAttention
        );
        if open {
            assert_eq!(answer.status, 200, "{stage:?}");
            assert_eq!(answer.json()["id"], first["id"]);
        } else {
            answer.refused(400, &[("estado", "INVALID_VALUE")]);
            assert_eq!(answer.json()["request"], invoice(1));
        }
        let document = world.document(id(&first)).await;
        assert_eq!(document.revision, u32::from(open), "{stage:?}");
        assert_eq!(document.stage, if open { Stage::Signed } else { stage });
    }
}

#[tokio::test]
async fn a_correction_replaces_everything_and_keeps_the_past() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    world.put_in(id(&first), Stage::NotAuthorized).await;
    world.clock.forward(5_000);
    let corrected = with(invoice(1), "/comprador/razon_social", json!("Otro Nombre"));
    let path = format!("/invoices/{}/reissue", first["id"].as_str().unwrap());
    let answer = world.post(&path, &corrected).await.json();
    assert_eq!(answer["comprador"]["razon_social"], "Otro Nombre");
    assert_eq!(answer["estado"], "CREADO");

    let document = world.document(id(&first)).await;
    assert_eq!(document.authorization, None);
    assert_eq!(document.reception, None);
    assert_eq!(document.updated_at.0 - document.created_at.0, 5_000);
    let signed = world.blob(&document, BlobPart::Signed).await.unwrap();
    assert!(String::from_utf8(signed).unwrap().contains("Otro Nombre"));
    let before = world
        .store
        .blob(document.id, 0, BlobPart::Signed)
        .await
        .unwrap();
    assert!(
        !String::from_utf8(before.unwrap())
            .unwrap()
            .contains("Otro Nombre")
    );
    let query = world
        .get(&format!("/invoices/{}", document.id))
        .await
        .json();
    assert_eq!(query["comprador"]["razon_social"], "Otro Nombre");
    assert_eq!(query["envio_sri"], json!({}));
}

#[tokio::test]
async fn a_correction_is_read_like_any_request() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    world.put_in(id(&first), Stage::Returned).await;
    let path = format!("/invoices/{}/reissue", first["id"].as_str().unwrap());
    let broken = without(without(invoice(1), "/ambiente"), "/emisor/ruc");
    let call = Call::post(&path).key(KEY).json(&broken);
    let answer = call.send(world.address).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.findings().len(), 3, "{}", answer.text());
    assert_eq!(world.document(id(&first)).await.stage, Stage::Returned);
}

#[tokio::test]
async fn a_date_that_was_left_out_stays_the_day_of_acceptance() {
    let world = World::start().await;
    let undated = without(invoice(1), "/fecha_emision");
    let first = world.issued(&undated).await;
    world.put_in(id(&first), Stage::Returned).await;
    world.clock.forward(2 * 86_400_000);
    let path = format!("/invoices/{}/reissue", first["id"].as_str().unwrap());
    let second = world.post(&path, &undated).await.json();
    assert_eq!(second["fecha_emision"], first["fecha_emision"]);
    assert_eq!(second["clave_acceso"], first["clave_acceso"]);
}

#[tokio::test]
async fn a_correction_cannot_take_anothers_number_or_key() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    let second = world.issued(&invoice(2)).await;
    world.put_in(id(&second), Stage::Returned).await;
    let path = format!("/invoices/{}/reissue", second["id"].as_str().unwrap());
    let answer = world.post(&path, &invoice(1)).await;
    answer.refused(400, &[("secuencial", "INVALID_VALUE")]);
    assert!(answer.text().contains(first["id"].as_str().unwrap()));
    let body = with(invoice(2), "/clave_acceso", first["clave_acceso"].clone());
    let answer = world.post(&path, &body).await;
    answer.refused(400, &[("clave_acceso", "INVALID_VALUE")]);
    let document = world.document(id(&second)).await;
    assert_eq!((document.stage, document.revision), (Stage::Returned, 0));
}

#[tokio::test]
async fn an_issuer_of_another_account_is_no_way_out() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    world.put_in(id(&first), Stage::Returned).await;
    let path = format!("/invoices/{}/reissue", first["id"].as_str().unwrap());
    let production = with(invoice(1), "/ambiente", json!(2));
    world
        .post(&path, &production)
        .await
        .refused(400, &[("ambiente", "INVALID_VALUE")]);
}
