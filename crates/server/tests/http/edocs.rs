//! Operations 6, 7, 11 and 12.

use tagua_store::{BlobPart, Stage};

use crate::support::client::{Answer, Call};
use crate::support::documents::id;
use crate::support::sample::invoice;
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

async fn created(world: &World, number: u32) -> String {
    let answer = world.post("/invoices", &invoice(number)).await;
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_created_document_is_issued_later_by_post_or_get() {
    let world = World::start().await;
    for (number, method) in [(1, "POST"), (2, "GET")] {
        let id = created(&world, number).await;
        let before = world.document(id.parse().unwrap()).await;
        world.clock.forward(3 * 86_400_000);
        let path = format!("/edocs/{id}/issue");
        let call = Call::new(method, &path).key(KEY).password(PASSWORD);
        let body = call.send(world.address).await.json();
        assert_eq!(body["id"], id.as_str());
        assert_eq!(body["tipo"], "01");
        assert_eq!(body["ambiente"], "1");
        assert_eq!(
            body["clave_acceso"],
            before.access_key.as_str(),
            "nothing changed"
        );
        assert_eq!(body["emisor"]["ruc"], invoice(1)["emisor"]["ruc"]);
        assert_eq!(body["receptor"]["email"], invoice(1)["comprador"]["email"]);
        let after = world.document(id.parse().unwrap()).await;
        assert_eq!((after.stage, after.revision), (Stage::Signed, 1));
    }
    assert_eq!(world.count("job"), 2);
}

#[tokio::test]
async fn a_document_without_a_date_keeps_the_day_it_was_accepted_on() {
    let world = World::start().await;
    let mut body = invoice(1);
    body.as_object_mut().unwrap().remove("fecha_emision");
    let answer = world.post("/invoices", &body).await.json();
    world.clock.forward(40 * 86_400_000);
    let path = format!("/edocs/{}/issue", answer["id"].as_str().unwrap());
    let issued = Call::post(&path)
        .key(KEY)
        .password(PASSWORD)
        .send(world.address)
        .await;
    assert_eq!(issued.json()["clave_acceso"], answer["clave_acceso"]);
}

#[tokio::test]
async fn issuing_needs_a_password_and_a_document_that_is_open() {
    let world = World::start().await;
    let id = created(&world, 1).await;
    let path = format!("/edocs/{id}/issue");
    let bare = Call::post(&path).key(KEY);
    bare.send(world.address)
        .await
        .refused(400, &[("X-Password", "MISSING_PARAMETER")]);
    let issue = || {
        Call::post(&path)
            .key(KEY)
            .password(PASSWORD)
            .send(world.address)
    };
    assert_eq!(issue().await.status, 200);
    issue().await.refused(400, &[("estado", "INVALID_VALUE")]);
    assert_eq!(world.document(id.parse().unwrap()).await.revision, 1);
}

#[tokio::test]
async fn a_head_request_never_issues() {
    let world = World::start().await;
    let id = created(&world, 1).await;
    let call = Call::new("HEAD", &format!("/edocs/{id}/issue")).key(KEY);
    let mut wire = crate::support::client::Wire::open(world.address).await;
    wire.send(
        &call
            .password(PASSWORD)
            .header("Connection", "close")
            .bytes(),
    )
    .await;
    assert_eq!(wire.answer().await.unwrap().status, 405);
    assert_eq!(world.document(id.parse().unwrap()).await.revision, 0);
}

#[tokio::test]
async fn the_state_of_any_document() {
    let world = World::start().await;
    let issued = world.issued(&invoice(1)).await;
    let path = format!("/edocs/{}", issued["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.json()["estado"], "CREADO");
    world.put_in(id(&issued), Stage::Authorized).await;
    let body = world.get(&path).await.json();
    assert_eq!(body["estado"], "AUTORIZADO");
    assert_eq!(body["numero"], "001-002-000000001");
    assert_eq!(body["autorizacion"]["mensajes"][0]["identificador"], "60");
}

#[tokio::test]
async fn the_file_in_each_of_its_three_forms() {
    let world = World::start().await;
    let unsigned = created(&world, 1).await;
    let document = world.document(unsigned.parse().unwrap()).await;
    let file = download(&world, &unsigned, "/xml").await;
    assert_eq!(
        Some(file.body),
        world.blob(&document, BlobPart::Unsigned).await
    );

    let issued = world.issued(&invoice(2)).await;
    let (id, document) = (
        issued["id"].as_str().unwrap(),
        world.document(id(&issued)).await,
    );
    let signed = world.blob(&document, BlobPart::Signed).await.unwrap();
    for path in ["/xml", "/xml/legacy", "/xml/", "/xml?x=1"] {
        assert_eq!(download(&world, id, path).await.body, signed, "{path}");
    }
    world.put_in(document.id, Stage::NotAuthorized).await;
    assert_eq!(download(&world, id, "/xml").await.body, signed);

    let issued = world.issued(&invoice(3)).await;
    let (id, document) = (
        issued["id"].as_str().unwrap(),
        world.document(self::id(&issued)).await,
    );
    let signed = world.blob(&document, BlobPart::Signed).await.unwrap();
    world.put_in(document.id, Stage::Authorized).await;
    let file = download(&world, id, "/xml").await.text();
    let tree = roxmltree::Document::parse(&file).unwrap();
    let text = |name| {
        tree.descendants()
            .find(|n| n.has_tag_name(name))
            .unwrap()
            .text()
    };
    assert_eq!(text("estado"), Some("AUTORIZADO"));
    assert_eq!(
        text("numeroAutorizacion"),
        Some(document.access_key.as_str())
    );
    assert_eq!(text("mensaje"), None, "an element");
    assert_eq!(text("identificador"), Some("60"));
    assert_eq!(
        text("comprobante").map(str::as_bytes),
        Some(signed.as_slice())
    );
}

#[tokio::test]
async fn headers_of_a_download() {
    let world = World::start().await;
    let issued = world.issued(&invoice(2)).await;
    let id = issued["id"].as_str().unwrap();
    let plain = download(&world, id, "/xml").await;
    assert_eq!(plain.header("content-disposition"), None);
    assert_eq!(plain.header("cache-control"), Some("private, no-store"));
    assert_eq!(plain.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(plain.header("x-robots-tag"), Some("noindex"));
    let key = issued["clave_acceso"].as_str().unwrap();
    let name = format!("attachment; filename=\"{key}.xml\"");
    for query in ["?download", "?download=1", "?a=b&download=false"] {
        let file = download(&world, id, &format!("/xml{query}")).await;
        assert_eq!(
            file.header("content-disposition"),
            Some(name.as_str()),
            "{query}"
        );
    }
}

#[tokio::test]
async fn the_printed_form_says_that_it_is_not_there_yet() {
    let world = World::start().await;
    let id = created(&world, 1).await;
    for path in ["", "/pdf", "/ride"] {
        let answer = Call::get(&format!("/ver/{id}{path}"))
            .send(world.address)
            .await;
        answer.refused(404, &[("", "NOT_FOUND")]);
        assert!(answer.text().contains("RIDE"));
    }
}

async fn download(world: &World, id: &str, path: &str) -> Answer {
    let answer = Call::get(&format!("/ver/{id}{path}"))
        .send(world.address)
        .await;
    assert_eq!(answer.status, 200, "{path}");
    assert_eq!(answer.header("content-type"), Some("application/xml"));
    answer
}
