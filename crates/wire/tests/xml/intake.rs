//! The XML of a body: bare or in JSON, its declaration dropped.

use std::borrow::Cow;

use tagua_wire::xml_of_body;

use crate::shared::{Vectors, collection_of, invoice};

fn xml_of(body: &str) -> String {
    let xml = xml_of_body(body.as_bytes()).unwrap();
    String::from_utf8(xml.into_owned()).unwrap()
}

fn refused(body: &[u8]) -> (String, &'static str) {
    let finding = xml_of_body(body).unwrap_err();
    (finding.parameter, finding.code.as_str())
}

#[test]
fn the_first_character_tells_the_kind_of_body() {
    assert_eq!(xml_of("<a/>"), "<a/>");
    assert_eq!(xml_of("\u{feff} \r\n\t<a/>\n"), "<a/>\n");
    assert_eq!(xml_of("{\"xml\": \"<a b=\\\"c\\\"/>\"}"), "<a b=\"c\"/>");
    assert_eq!(xml_of("\u{feff}{\"xml\":\"\u{feff} <a/>\"}"), "<a/>");
    assert_eq!(
        xml_of("{\"xml\":\"<b/>\",\"xml\":\"<a>\n\t</a>\"}"),
        "<a>\n\t</a>"
    );
}

#[test]
fn a_bare_body_is_not_copied() {
    assert!(matches!(xml_of_body(b" <a/>"), Ok(Cow::Borrowed(b"<a/>"))));
    assert!(matches!(
        xml_of_body(b"{\"xml\":\"<a/>\"}"),
        Ok(Cow::Borrowed(_))
    ));
}

#[test]
fn declarations_are_dropped_however_they_are_written() {
    for declaration in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        "<?xml version=\"1.1.0\" encoding=\"UTF-8\">",
        "<?xml version='1.0' encoding='ISO-8859-1' standalone='yes' ?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"",
        "<?xml?>",
        "<?xml>",
        "<?xml\n>",
    ] {
        assert_eq!(
            xml_of(&format!("{declaration}<a/>")),
            "<a/>",
            "{declaration}"
        );
    }
    for other in [
        "<?xml-stylesheet href='a'?><a/>",
        "<!-- <?xml ?> --><a/>",
        "<?xml",
        "<?xm ?>",
    ] {
        assert_eq!(xml_of(other), other);
    }
}

#[test]
fn bodies_without_xml_are_refused() {
    let xml = |code| ("xml".to_owned(), code);
    assert_eq!(refused(b""), xml("MISSING_PARAMETER"));
    assert_eq!(refused(b" \n"), xml("MISSING_PARAMETER"));
    assert_eq!(refused(b"{}"), xml("MISSING_PARAMETER"));
    assert_eq!(refused(b"{\"xml\": null}"), xml("MISSING_PARAMETER"));
    assert_eq!(refused(b"{\"xml\": \"  \"}"), xml("MISSING_PARAMETER"));
    assert_eq!(refused(b"{\"xml\": []}"), xml("MISSING_PARAMETER"));
    assert_eq!(refused(b"{\"xml\": 5}"), xml("INVALID_DATA_TYPE"));
    assert_eq!(refused(b"{\"xml\": {\"a\": 1}}"), xml("INVALID_DATA_TYPE"));
    assert_eq!(refused(b"[1]"), (String::new(), "INVALID_DATA_TYPE"));
    assert_eq!(refused(b"factura"), (String::new(), "INVALID_FORMAT"));
    assert_eq!(
        refused(b"{\"xml\": \"<a/>\",}"),
        (String::new(), "INVALID_FORMAT")
    );
    assert_eq!(
        refused(b"\xff\xfe<\0a\0"),
        (String::new(), "INVALID_FORMAT")
    );
}

#[test]
fn the_line_of_a_mistake_is_that_of_the_body() {
    let xml = invoice().replacen("</codDoc>", "</codoc>", 1);
    let body = format!("<?xml version=\"1.1.0\">\n{xml}");
    let xml = xml_of_body(body.as_bytes()).unwrap();
    let findings = tagua_wire::read_xml(&xml, tagua_wire::Collection::Invoices).unwrap_err();
    assert!(
        findings[0].details.contains("línea 2"),
        "{}",
        findings[0].details
    );
    assert!(
        findings[0].details.contains("'codoc'"),
        "{}",
        findings[0].details
    );
}

/// Every body of the material is taken or refused as expected.
#[test]
fn shared_bodies_are_taken_or_refused_as_expected() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let mut counts = [0, 0];
    let of_xml = |v: &&serde_json::Value| {
        let path = v["operation"]["path"].as_str().unwrap_or_default();
        v["kind"] == "request" && path.ends_with("/issue/xml")
    };
    for vector in vectors.list.iter().filter(of_xml) {
        let (body, expected) = (vectors.file_of(vector), &vector["expected"]);
        let read = xml_of_body(&body).map_err(|f| vec![f]).and_then(|xml| {
            let read = tagua_wire::read_xml(&xml, collection_of(vector));
            read.map(|request| (request.collection, request.access_key))
        });
        match read {
            Ok((collection, key)) => {
                counts[0] += 1;
                assert_eq!(expected["http_status"], 200, "{}", vector["id"]);
                assert_eq!(collection, collection_of(vector), "{}", vector["id"]);
                if let Some(wanted) = expected["clave_acceso"].as_str() {
                    assert_eq!(key.is_some(), wanted == "kept", "{}", vector["id"]);
                }
            }
            Err(findings) => {
                counts[1] += 1;
                let found = (findings[0].parameter.as_str(), findings[0].code.as_str());
                let error = &expected["error"];
                let wanted = error["parameter"].as_str().unwrap_or_default();
                assert_eq!(
                    found,
                    (wanted, error["code"].as_str().unwrap_or_default()),
                    "{}",
                    vector["id"]
                );
            }
        }
    }
    println!("{counts:?} accepted and refused");
    assert!(counts[0] >= 30 && counts[1] >= 6, "only {counts:?}");
}
