use crate::support::World;
use crate::support::document::invoice;
use crate::support::http::{self, AUTHORIZATION, RECEPTION, envelope};

#[tokio::test]
async fn each_service_describes_itself() {
    let world = World::new().await;
    for (path, operation) in [
        (RECEPTION, "validarComprobante"),
        (AUTHORIZATION, "autorizacionComprobante"),
    ] {
        let reply = http::get(world.address, &format!("{path}?wsdl")).await;
        assert_eq!(reply.status, 200);
        let tree = roxmltree::Document::parse(&reply.body).expect("a description in XML");
        let location = tree
            .descendants()
            .find_map(|node| node.attribute("location"))
            .expect("a location");
        assert_eq!(location, format!("http://{}{path}", world.address));
        let mut names = tree.descendants().filter_map(|node| node.attribute("name"));
        assert!(names.any(|name| name == operation));
        assert_eq!(http::get(world.address, path).await.status, 404);
    }
}

#[tokio::test]
async fn what_is_no_envelope_is_a_fault() {
    let world = World::new().await;
    let deep = envelope(&format!("{}{}", "<a>".repeat(20), "</a>".repeat(20)));
    let wide = envelope(&format!("<o>{}</o>", "<a/>".repeat(100)));
    let doctype = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", http::query("1"));
    let entity = http::query("&a;");
    let open = http::query("1").replace("</soapenv:Envelope>", "");
    for body in [
        "",
        "not xml",
        "<a/>",
        "<a",
        "\u{0}",
        &envelope(""),
        &envelope("<otra/>"),
        &deep,
        &wide,
        &doctype,
        &entity,
        &open,
        // The operation of the other service.
        &http::reception(b"x"),
    ] {
        let reply = http::post(world.address, AUTHORIZATION, body).await;
        assert_eq!(reply.status, 500, "{body}");
        assert_eq!(reply.one("faultcode"), "soap:Client");
    }
    assert!(world.entries().iter().all(|entry| entry.answer == "FAULT"));
}

#[tokio::test]
async fn a_fault_has_the_shape_of_the_live_service() {
    let world = World::new().await;
    let body = http::reception(b"x").replace("<xml>", "<xml>*");
    let reply = http::post(world.address, RECEPTION, &body).await;
    assert_eq!(
        reply.body,
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>Unmarshalling Error: the value of xml is not base64Binary</faultstring></soap:Fault></soap:Body></soap:Envelope>"
    );
}

#[tokio::test]
async fn requests_may_be_written_in_other_ways() {
    let world = World::new().await;
    let key = invoice(1).key();
    let plain = http::query(&key);
    let spaced = plain.replace("><", ">\n  <");
    let prefix = plain
        .replace("soapenv", "S")
        .replace("ec:", "ns2:")
        .replace(":ec=", ":ns2=");
    let cdata = plain.replace(&key, &format!("<![CDATA[{key}]]>"));
    let declared = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?><!-- a -->{plain}");
    for body in [spaced, prefix, cdata, declared] {
        let reply = http::post(world.address, AUTHORIZATION, &body).await;
        assert_eq!(reply.one("claveAccesoConsultada"), key, "{body}");
    }
}

#[tokio::test]
async fn base64_may_be_broken_into_lines() {
    let world = World::new().await;
    let body = http::reception(&world.sign(&invoice(1)));
    let start = body.find("<xml>").expect("the argument") + "<xml>".len();
    let broken = format!("{}\r\n{}", &body[..start + 76], &body[start + 76..]);
    let unpadded = broken
        .replace("=</xml>", "</xml>")
        .replace("=</xml>", "</xml>");
    let reply = http::post(world.address, RECEPTION, &unpadded).await;
    reply.expect("RECIBIDA", &[]);
}

#[tokio::test]
async fn a_missing_argument_is_null() {
    let world = World::new().await;
    let body = envelope("<validarComprobante xmlns=\"http://ec.gob.sri.ws.recepcion\"/>");
    let reply = http::post(world.address, RECEPTION, &body).await;
    reply.expect("DEVUELTA", &["49"]);
}

#[tokio::test]
async fn batches_are_unknown() {
    let world = World::new().await;
    let body = http::query("1").replace("autorizacionComprobante", "autorizacionComprobanteLote");
    let body = body.replace("claveAccesoComprobante", "claveAccesoLote");
    let reply = http::post(world.address, AUTHORIZATION, &body).await;
    assert_eq!(reply.one("claveAccesoLoteConsultada"), "1");
    assert_eq!(reply.one("numeroComprobantesLote"), "0");
}

#[tokio::test]
async fn other_paths_and_methods_are_not_served() {
    let world = World::new().await;
    assert_eq!(http::get(world.address, "/").await.status, 404);
    let request = format!("DELETE {RECEPTION} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let reply = http::parse(&http::exchange(world.address, &request).await);
    assert_eq!(reply.status, 405);
}

#[tokio::test]
async fn a_body_has_a_limit() {
    let world = World::new().await;
    let body = "x".repeat((1 << 20) + 1);
    let reply = http::post(world.address, RECEPTION, &body).await;
    assert_eq!(reply.status, 413);
}
