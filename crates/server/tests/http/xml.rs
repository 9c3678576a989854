//! Operation 2: documents that come as XML.

use serde_json::json;
use tagua_store::{BlobPart, Stage};

use crate::support::client::{Answer, Call};
use crate::support::documents::id;
use crate::support::sample::{COLLECTIONS, example};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

/// The XML of a document that was sent as JSON, under another number.
async fn xml_of(world: &World, collection: &str, number: u32) -> String {
    let answer = world
        .post(&format!("/{collection}"), &example(collection, 999))
        .await;
    let document = world.document(id(&answer.json())).await;
    let xml = world.blob(&document, BlobPart::Unsigned).await.unwrap();
    let key = document.access_key.as_str();
    String::from_utf8(xml)
        .unwrap()
        .replace(
            "000000999</secuencial>",
            &format!("{number:09}</secuencial>"),
        )
        .replace(key, "")
}

async fn post(world: &World, path: &str, body: impl Into<Vec<u8>>) -> Answer {
    let call = Call::post(path).key(KEY).password(PASSWORD).body(body);
    call.send(world.address).await
}

#[tokio::test]
async fn each_collection_takes_it_bare_and_wrapped() {
    for (collection, tipo, version) in COLLECTIONS {
        let world = World::start().await;
        let path = format!("/{collection}/issue/xml");
        let bare = xml_of(&world, collection, 1).await;
        let other = bare.replace("000000001</secuencial>", "000000002</secuencial>");
        let wrapped = json!({ "xml": other }).to_string();
        for (number, body) in (1..).zip([bare.clone(), wrapped]) {
            let answer = post(&world, &path, body).await;
            assert_eq!(answer.status, 200, "{collection}: {}", answer.text());
            let body = answer.json();
            assert_eq!(body["es_valida"], true, "{collection}");
            assert_eq!(body["version"], version, "{collection}");
            assert_eq!(&body["clave_acceso"].as_str().unwrap()[8..10], tipo);
            assert_eq!(
                body["emisor"]["ruc"],
                example(collection, 1)["emisor"]["ruc"]
            );
            let document = world.document(id(&body)).await;
            assert_eq!(document.stage, Stage::Signed, "{collection}");
            assert_eq!(document.sequential.get(), number);
            let signed = world.blob(&document, BlobPart::Signed).await.unwrap();
            let signed = String::from_utf8(signed).unwrap();
            let key = format!("<claveAcceso>{}</claveAcceso>", document.access_key);
            let (_, root) = signed.split_once("?>\n").unwrap();
            let (start, _) = root.split_once("<ds:Signature").unwrap();
            let sent = bare.replace("<claveAcceso></claveAcceso>", &key);
            let sent = sent.replace("000000001</sec", &format!("{number:09}</sec"));
            let (end, _) = sent.rsplit_once("</").unwrap();
            assert_eq!(start, end, "{collection}: signed as it came");
        }
    }
}

#[tokio::test]
async fn a_query_reads_it_back() {
    let world = World::start().await;
    for (collection, ..) in COLLECTIONS.into_iter().filter(|c| c.0 != "ats-retentions") {
        let xml = xml_of(&world, collection, 1).await;
        let answer = post(&world, &format!("/{collection}/issue/xml"), xml).await;
        let issued = answer.json();
        let document = world.document(id(&issued)).await;
        let stored = world.blob(&document, BlobPart::Request).await.unwrap();
        assert_eq!(stored.first(), Some(&b'<'), "{collection}");
        let query = world.get(&format!("/{collection}/{}", document.id)).await;
        let query = query.json();
        for (key, value) in issued.as_object().unwrap() {
            assert_eq!(&query[key], value, "{collection} {key}");
        }
        assert_eq!(query["envio_sri"], json!({}), "{collection}");
    }
}

#[tokio::test]
async fn every_door_takes_what_its_body_is() {
    let world = World::start().await;
    let xml = |number: u32, base: &str| {
        base.replace(
            "000000001</secuencial>",
            &format!("{number:09}</secuencial>"),
        )
    };
    let base = xml_of(&world, "invoices", 1).await;
    let bodies = [
        ("/invoices/issue", xml(2, &base)),
        (
            "/invoices/issue",
            json!({ "xml": xml(3, &base) }).to_string(),
        ),
        ("/invoices", xml(4, &base)),
        ("/facturar", xml(5, &base)),
        (
            "/invoices/issue/xml",
            format!("\u{feff}\r\n {}", xml(6, &base)),
        ),
        (
            "/invoices/issue/xml",
            format!("<?xml version=\"1.1.0\"?>{}", xml(7, &base)),
        ),
    ];
    for (path, body) in bodies {
        let answer = post(&world, path, body).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let path = format!("/invoices/{}", answer.json()["id"].as_str().unwrap());
        assert_eq!(world.get(&path).await.json()["es_valida"], true);
    }
}

#[tokio::test]
async fn namespaces_that_nothing_uses_and_a_missing_id_do_not_matter() {
    let world = World::start().await;
    let xml = xml_of(&world, "invoices", 1).await.replace(
        "<factura id=\"comprobante\"",
        "<factura xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
         xsi:noNamespaceSchemaLocation=\"factura.xsd\" id=\"comprobante\"",
    );
    let body = post(&world, "/invoices/issue/xml", xml).await.json();
    let document = world.document(id(&body)).await;
    assert_eq!(document.stage, Stage::Signed, "{body}");

    let xml = xml_of(&world, "retentions", 1).await;
    let xml = xml.replace(" id=\"comprobante\"", "");
    let body = post(&world, "/retentions/issue/xml", xml).await.json();
    let document = world.document(id(&body)).await;
    assert_eq!(document.stage, Stage::Signed, "{body}");
}

#[tokio::test]
async fn a_signature_is_made_again() {
    let world = World::start().await;
    let issued = world
        .post("/invoices/issue", &example("invoices", 1))
        .await
        .json();
    let document = world.document(id(&issued)).await;
    let signed = world.blob(&document, BlobPart::Signed).await.unwrap();
    let signed = String::from_utf8(signed).unwrap();
    let again = signed
        .replace("000000001</secuencial>", "000000002</secuencial>")
        .replace(document.access_key.as_str(), "None");
    let answer = post(&world, "/invoices/issue/xml", again).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let second = world.document(id(&answer.json())).await;
    let second = world.blob(&second, BlobPart::Signed).await.unwrap();
    let second = String::from_utf8(second).unwrap();
    assert_eq!(second.matches("<ds:Signature ").count(), 1);
    let value = |xml: &str| {
        let (_, rest) = xml.split_once("<ds:SignatureValue").unwrap();
        rest.split_once("</").unwrap().0.to_owned()
    };
    assert_ne!(value(&signed), value(&second));
}

#[tokio::test]
async fn the_version_says_which_withholding_it_is() {
    let world = World::start().await;
    let xml = xml_of(&world, "ats-retentions", 1).await;
    let body = post(&world, "/retentions/issue/xml", xml).await.json();
    assert_eq!(body["version"], "2.0.0", "{body}");
    let path = format!("/ats-retentions/{}", body["id"].as_str().unwrap());
    assert_eq!(world.get(&path).await.json()["version"], "2.0.0");
}

#[tokio::test]
async fn what_is_no_document_is_refused_with_words() {
    let world = World::start().await;
    let xml = xml_of(&world, "invoices", 1).await;
    let path = "/invoices/issue/xml";
    let refused = async |path: &str, body: &str, parameter: &str, code: &str| {
        let answer = post(&world, path, body).await;
        answer.refused(400, &[(parameter, code)]);
    };
    refused(path, "", "xml", "MISSING_PARAMETER").await;
    refused(path, "{}", "xml", "MISSING_PARAMETER").await;
    refused(path, "{\"xml\": 1}", "xml", "INVALID_DATA_TYPE").await;
    refused(path, "<factura>", "xml", "INVALID_FORMAT").await;
    refused(path, "<a/>", "xml", "INVALID_VALUE").await;
    refused("/credit-notes/issue/xml", &xml, "xml", "INVALID_VALUE").await;
    let bare = Call::post(path).key(KEY).body(xml);
    let answer = bare.send(world.address).await;
    answer.refused(400, &[("X-Password", "MISSING_PARAMETER")]);
    assert_eq!(world.count("document"), 1);
}

#[tokio::test]
async fn a_broken_structure_is_stored_and_returned() {
    let world = World::start().await;
    let xml = xml_of(&world, "invoices", 1).await;
    let xml = xml
        .replace("<dirMatriz>", "<dirMatri>")
        .replace("</dirMatriz>", "</dirMatri>");
    let answer = post(&world, "/invoices/issue/xml", xml).await;
    let body = answer.json();
    assert_eq!((answer.status, &body["estado"]), (200, &json!("DEVUELTO")));
    assert_eq!(body["es_valida"], false);
    let path = format!("/invoices/{}", body["id"].as_str().unwrap());
    let query = world.get(&path).await.json();
    assert_eq!(query["envio_sri"]["mensajes"][0]["identificador"], "35");
    assert_eq!(world.count("job"), 0);
}

#[tokio::test]
async fn it_is_corrected_by_json_or_xml_and_issued_again_from_what_is_stored() {
    let world = World::start().await;
    let xml = xml_of(&world, "invoices", 1).await;
    let first = post(&world, "/invoices", xml.clone()).await.json();
    let edoc = format!("/edocs/{}/issue", first["id"].as_str().unwrap());
    let issued = world.post(&edoc, &json!({})).await;
    assert_eq!(issued.json()["clave_acceso"], first["clave_acceso"]);

    let path = format!("/invoices/{}/reissue", first["id"].as_str().unwrap());
    let other = xml.replace("<moneda>DOLAR</moneda>", "");
    let bodies = [
        other.clone(),
        json!({ "xml": xml }).to_string(),
        example("invoices", 1).to_string(),
    ];
    for body in bodies {
        world.put_in(id(&first), Stage::Returned).await;
        let answer = post(&world, &path, body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["clave_acceso"], first["clave_acceso"]);
        assert_eq!(world.document(id(&first)).await.stage, Stage::Signed);
    }
}
