//! Bodies that mean harm, or come from a program gone wrong, in JSON and XML,
//! for every collection: findings that say what and where, never a panic, and
//! no long wait.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sent;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sent::{Sent, assert_named, context, document, leaves, requests, with};
use serde_json::{Value as Json, json};
use tagua_sri_xml::any;
use tagua_wire::{
    Collection, ErrorCode, WireFinding, json_reading, parse_body, read_document, read_xml,
    structural_findings, xml_of_body,
};

/// A body may have as much (the server's limit).
const BODY_BYTES: usize = 1 << 20;
/// For a body of that size; builds for tests are not optimised and share the machine.
const TIME_MAX: Duration = Duration::from_secs(10);

/// The first request to each collection.
fn one_of_each() -> Vec<Sent> {
    let mut seen = BTreeSet::new();
    let mut all = requests();
    all.retain(|sent| seen.insert(sent.collection));
    assert_eq!(all.len(), Collection::ALL.len());
    all
}

/// What a body gives, which must not take long.
#[track_caller]
fn read(collection: Collection, body: &[u8]) -> Result<(), Vec<WireFinding>> {
    let started = Instant::now();
    let outcome = document(collection, body).map(|document| {
        let tree = any::to_tree(&document);
        tagua_sri_xml::check(&tree, any::schema(&document));
        tagua_sri_xml::write(&tree);
    });
    let took = started.elapsed();
    assert!(
        took < TIME_MAX,
        "{collection:?}: {} bytes in {took:?}",
        body.len()
    );
    outcome
}

/// Parameter and code of every finding.
fn pairs(outcome: Result<(), Vec<WireFinding>>) -> Vec<(String, ErrorCode)> {
    let findings = outcome.err().into_iter().flatten();
    findings.map(|f| (f.parameter, f.code)).collect()
}

/// That the body as a whole is refused with this code, details given.
#[track_caller]
fn refused_whole(collection: Collection, body: &[u8], code: ErrorCode) {
    let start = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
    let findings = read(collection, body).expect_err(&start);
    assert!(!findings[0].details.is_empty(), "{start}");
    assert_eq!(pairs(Err(findings)), [(String::new(), code)], "{start}");
}

/// The text of a body with `raw` in the place of a value.
fn raw_at(sent: &Sent, pointer: &str, raw: &str) -> String {
    let marked = with(sent.body.clone(), pointer, json!("@RAW@"));
    marked.to_string().replace("\"@RAW@\"", raw)
}

/// `emisor.ruc` of `/emisor/ruc`, `items[0].cantidad` of `/items/0/cantidad`.
fn parameter_of(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(place) => path.push_str(&format!("[{place}]")),
            Err(_) if path.is_empty() => path.push_str(step),
            Err(_) => path.push_str(&format!(".{step}")),
        }
    }
    path
}

#[test]
fn what_is_no_json_says_where() {
    for sent in one_of_each() {
        let text = sent.body.to_string();
        let collection = sent.collection;
        refused_whole(collection, b"", ErrorCode::MissingParameter);
        refused_whole(collection, b" \r\n\t", ErrorCode::MissingParameter);
        for body in ["null", "true", "7", "\"x\"", "[]", "[{}]"] {
            refused_whole(collection, body.as_bytes(), ErrorCode::InvalidDataType);
        }
        let two = format!("{text}{text}");
        let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for body in [
            two.as_bytes(),
            &latin,
            &wide,
            b"{",
            b"{]",
            b"{'a':1}",
            b"<factura/>",
            b"a=1",
        ] {
            refused_whole(collection, body, ErrorCode::InvalidFormat);
        }
        for number in [
            "NaN",
            "Infinity",
            "-Infinity",
            "0x10",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "--1",
        ] {
            let body = raw_at(&sent, "/ambiente", number);
            refused_whole(collection, body.as_bytes(), ErrorCode::InvalidFormat);
        }
        for end in (1..text.len()).filter(|end| text.is_char_boundary(*end)) {
            refused_whole(
                collection,
                &text.as_bytes()[..end],
                ErrorCode::InvalidFormat,
            );
        }
    }
}

/// The line and the column of the mistake.
#[test]
fn a_mistake_is_shown_with_line_and_column() {
    let body = b"{\n  \"secuencial\": 1,\n  \"ambiente\": 0x10\n}";
    let findings = read(Collection::Waybills, body).unwrap_err();
    assert_eq!(
        findings[0].details,
        "Línea 3, columna 16: número mal escrito"
    );
}

#[test]
fn the_last_of_two_keys_counts() {
    for sent in one_of_each() {
        let number = ["secuencial", "secuencia"];
        let key = number
            .into_iter()
            .find(|key| sent.body.get(key).is_some())
            .unwrap();
        let value = sent.body[key].to_string();
        let text = sent.body.to_string();
        let twice = text.replacen(
            &format!("\"{key}\":{value}"),
            &format!("\"{key}\":\"x\",\"{key}\":{value}"),
            1,
        );
        assert_ne!(twice, text);
        let expected = document(sent.collection, text.as_bytes());
        assert_eq!(document(sent.collection, twice.as_bytes()), expected);
        let spoiled = text.replacen('{', &format!("{{\"{key}\":{value},"), 1);
        let spoiled = spoiled.replacen(&format!(",\"{key}\":{value},"), ",", 1);
        let spoiled = format!("{},\"{key}\":\"x\"}}", spoiled.strip_suffix('}').unwrap());
        let found = pairs(read(sent.collection, spoiled.as_bytes()));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, key);
    }
}

/// A mark before the body, and control characters raw in strings (CONTRACT 2.3).
#[test]
fn what_clients_send_raw_passes() {
    for sent in one_of_each() {
        let text = sent.body.to_string();
        let expected = document(sent.collection, text.as_bytes());
        let marked = format!("\u{feff}{text}");
        assert_eq!(document(sent.collection, marked.as_bytes()), expected);
        let spaced = format!("\u{feff}\r\n\t {text} \r\n");
        assert_eq!(document(sent.collection, spaced.as_bytes()), expected);
        let raw = raw_at(
            &sent,
            "/emisor/razon_social",
            "\"Uno\r\n\tdos\u{1}\u{0}\u{b}\"",
        );
        let made = document(sent.collection, raw.as_bytes()).unwrap();
        assert_eq!(made.tax_info().legal_name, "Uno \tdos");
        let marks = format!("\u{feff}\u{feff}{text}");
        refused_whole(sent.collection, marks.as_bytes(), ErrorCode::InvalidFormat);
    }
}

#[test]
fn levels_up_to_64() {
    for sent in one_of_each() {
        let text = sent.body.to_string();
        let open = text.strip_suffix('}').unwrap();
        // The body itself is one level.
        let deep = |levels: usize| {
            let (before, after) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
            format!("{open},\"x\":{before}{after}}}")
        };
        let expected = document(sent.collection, text.as_bytes());
        assert_eq!(document(sent.collection, deep(64).as_bytes()), expected);
        for levels in [65, 1_000, 400_000] {
            refused_whole(
                sent.collection,
                deep(levels).as_bytes(),
                ErrorCode::InvalidFormat,
            );
        }
        let objects = format!("{open},\"x\":{}", "{\"a\":".repeat(BODY_BYTES / 5));
        refused_whole(
            sent.collection,
            objects.as_bytes(),
            ErrorCode::InvalidFormat,
        );
    }
}

/// Numbers that no decimal holds, and negative ones, wherever there is a number.
#[test]
fn numbers_out_of_range_are_named() {
    let mut named = 0;
    for sent in requests() {
        for (pointer, value) in leaves(&sent.body) {
            if !value.is_number() {
                continue;
            }
            for raw in [
                "1e400",
                "-1e400",
                "1e-400",
                "-1",
                "-0.01",
                "99999999999999999999999999999999",
            ] {
                let what = format!("{} {pointer} = {raw}", sent.name);
                let body = raw_at(&sent, &pointer, raw);
                let Err(findings) = read(sent.collection, body.as_bytes()) else {
                    // Too small to be told from zero, or nothing that is read.
                    let is_read = raw != "1e-400" && !is_unread(&pointer);
                    assert!(!is_read, "{what} is accepted");
                    continue;
                };
                let shape: Json = with(sent.body.clone(), &pointer, json!(0));
                assert_named(&shape, &findings, &what);
                let own = parameter_of(&pointer);
                let names = |finding: &WireFinding| finding.parameter == own;
                assert!(findings.iter().any(names), "{what}: {findings:?}");
                named += 1;
            }
        }
    }
    println!("{named} numbers named");
    assert!(named > 2_000);
}

/// Members of a free dictionary: what is no number there stays in the record.
fn is_unread(pointer: &str) -> bool {
    pointer.contains("/propiedades/")
}

/// As much as a body may hold, of what costs most.
#[test]
fn a_mebibyte_of_anything() {
    for sent in one_of_each() {
        let fill = |unit: &str| unit.repeat((BODY_BYTES - 4_000) / unit.len());
        let name = "/emisor/razon_social";
        let lists = sent.body.as_object().unwrap().iter();
        let list = lists
            .filter(|(_, value)| value.is_array())
            .map(|(key, _)| key);
        let list = format!("/{}", list.into_iter().next().unwrap());
        let bodies = [
            raw_at(&sent, name, &format!("\"{}\"", fill("ñ"))),
            raw_at(&sent, "/emisor/ruc", &fill("9")),
            raw_at(&sent, &list, &format!("[{}{{}}]", fill("{},"))),
            raw_at(&sent, &list, &format!("[{}null]", fill("null,"))),
            raw_at(&sent, &list, &format!("[{}[]]", fill("[],"))),
            raw_at(
                &sent,
                "/emisor",
                &format!("{{{}\"a\":1}}", fill("\"a\":1,")),
            ),
            fill("\u{0}"),
            fill("\""),
            fill("[1,"),
        ];
        for body in bodies {
            assert!(body.len() <= BODY_BYTES);
            let start: String = body.chars().take(60).collect();
            let findings = read(sent.collection, body.as_bytes()).expect_err(&start);
            assert!(findings.iter().all(|finding| !finding.details.is_empty()));
        }
        // Nothing of it can be written: as if it were absent.
        let name = raw_at(&sent, name, &format!("\"{}\"", fill("\\u0001")));
        let made = document(sent.collection, name.as_bytes()).unwrap();
        assert_eq!(made.tax_info().legal_name, "");
        let rows = vec![sent.body[&list[1..]][0].clone(); 2_000];
        let many = with(sent.body.clone(), &list, Json::Array(rows)).to_string();
        read(sent.collection, many.as_bytes()).unwrap();
        let fields: String = (0..60_000).map(|at| format!("\"k{at}\":{at},")).collect();
        let unknown = format!("{{{fields}{}", &sent.body.to_string()[1..]);
        read(sent.collection, unknown.as_bytes()).unwrap();
    }
}

/// The XML of a request, as it would be sent to `issue/xml`.
fn xml_of(sent: &Sent) -> String {
    let document = document(sent.collection, sent.body.to_string().as_bytes()).unwrap();
    String::from_utf8(tagua_sri_xml::write(&any::to_tree(&document))).unwrap()
}

/// Through everything that happens to a body of `issue/xml`.
fn read_as_xml(collection: Collection, body: &[u8]) -> Result<(), Vec<WireFinding>> {
    let started = Instant::now();
    let outcome = xml_of_body(body)
        .map_err(|finding| vec![finding])
        .and_then(|xml| {
            let request = read_xml(&xml, collection)?;
            let key = request.key(12_345_678);
            let tree = request.with_key(key);
            structural_findings(&tree);
            let reading = json_reading(&tree);
            let value = parse_body(reading.as_bytes()).unwrap();
            let _ = read_document(collection, &value, &context());
            let _ = any::from_tree(&tree);
            Ok(())
        });
    let took = started.elapsed();
    assert!(
        took < TIME_MAX,
        "{collection:?}: {} bytes in {took:?}",
        body.len()
    );
    outcome
}

#[track_caller]
fn xml_refused(collection: Collection, body: &[u8], code: ErrorCode) {
    let start = String::from_utf8_lossy(&body[..body.len().min(90)]).into_owned();
    let findings = read_as_xml(collection, body).expect_err(&start);
    let first = &findings[0];
    assert_eq!(
        (first.parameter.as_str(), first.code),
        ("xml", code),
        "{start}"
    );
    assert!(!first.details.is_empty(), "{start}");
}

/// In both forms of a body: the XML itself, and in JSON.
#[track_caller]
fn xml_refused_in_both_forms(collection: Collection, xml: &str, code: ErrorCode) {
    xml_refused(collection, xml.as_bytes(), code);
    let body = json!({"xml": xml}).to_string();
    xml_refused(collection, body.as_bytes(), code);
}

#[test]
fn xml_that_is_none_is_refused_in_every_collection() {
    for sent in one_of_each() {
        let xml = xml_of(&sent);
        let collection = sent.collection;
        let root = collection.root_element();
        assert_eq!(read_as_xml(collection, xml.as_bytes()), Ok(()));
        let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
        let file = "<!DOCTYPE a [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
        let named = |new: &str| xml.replacen("QUITO", new, 1).replacen("Páramo", new, 1);
        for body in [
            format!("{bomb}{}", named("&b;")),
            format!("{file}{}", named("&a;")),
            format!("<!DOCTYPE {root} SYSTEM \"http://127.0.0.1/x.dtd\">{xml}"),
            format!("{xml}{xml}"),
            format!("{xml}x"),
            format!("x{xml}").replacen("x<", "<x/><", 1),
            named("&nbsp;"),
            named("&#0;"),
            named("&#xFFFE;"),
            named("\u{1}"),
            named("<![CDATA[x"),
            named("<!-- a -- b -->"),
            xml.replacen(&format!("</{root}>"), "", 1),
            xml.replacen("</infoTributaria>", "</infoTributarias>", 1),
            xml.replacen(" version=", " id=\"otro\" version=", 1),
            format!("{}{}", "<a>".repeat(70_000), "</a>".repeat(70_000)),
        ] {
            xml_refused_in_both_forms(collection, &body, ErrorCode::InvalidFormat);
        }
        for other in ["nada", "Factura", "autorizacion"] {
            let body = xml.replacen(&format!("<{root} "), &format!("<{other} "), 1);
            let body = body.replacen(&format!("</{root}>"), &format!("</{other}>"), 1);
            xml_refused_in_both_forms(collection, &body, ErrorCode::InvalidValue);
        }
    }
}

/// What is sent to another collection names the right address.
#[test]
fn a_document_of_another_collection_is_told_where_to_go() {
    let all = one_of_each();
    for sent in &all {
        let xml = xml_of(sent);
        for other in &all {
            let (own, there) = (sent.collection, other.collection);
            if own.root_element() == there.root_element() {
                continue;
            }
            let findings = read_as_xml(there, xml.as_bytes()).unwrap_err();
            let [finding] = findings.as_slice() else {
                panic!("{findings:?}");
            };
            assert_eq!(
                (finding.parameter.as_str(), finding.code),
                ("xml", ErrorCode::InvalidValue)
            );
            let address = format!("/{}/issue/xml", own.as_str());
            assert!(finding.details.contains(&address), "{}", finding.details);
        }
    }
}

#[test]
fn bodies_of_xml_that_are_something_else() {
    for collection in Collection::ALL {
        let findings = [
            (&b""[..], ErrorCode::MissingParameter),
            (b"{}", ErrorCode::MissingParameter),
            (b"{\"xml\":null}", ErrorCode::MissingParameter),
            (b"{\"xml\":\"\"}", ErrorCode::MissingParameter),
            (b"{\"xml\":7}", ErrorCode::InvalidDataType),
            (b"{\"xml\":[\"<a/>\"]}", ErrorCode::InvalidDataType),
            (b"{\"xml\":", ErrorCode::InvalidFormat),
            (b"[]", ErrorCode::InvalidDataType),
            (b"\xff\xfe<\0a\0", ErrorCode::InvalidFormat),
            (b"<", ErrorCode::InvalidFormat),
        ];
        for (body, code) in findings {
            let start = String::from_utf8_lossy(body).into_owned();
            let found = read_as_xml(collection, body).expect_err(&start);
            assert_eq!(found[0].code, code, "{start}");
        }
    }
}

/// A mebibyte of rows, of attributes, of namespaces, of text; and bytes that are lost.
#[test]
fn xml_of_a_mebibyte_and_damaged_xml() {
    for sent in one_of_each() {
        let xml = xml_of(&sent);
        let room = (BODY_BYTES - xml.len() - 4_000) / 16;
        let inside = |piece: &str| {
            let filling = piece.repeat(room * 16 / piece.len());
            xml.replacen(
                "</infoTributaria>",
                &format!("</infoTributaria>{filling}"),
                1,
            )
        };
        for body in [
            inside("<detalles/>"),
            inside("<a b=\"c\"/>"),
            inside("&#65;"),
            inside("<!--x-->"),
            inside("<x xmlns=\"urn:x\"/>"),
            xml.replacen("Páramo", &"&lt;".repeat(room * 4), 1),
        ] {
            assert!(body.len() <= BODY_BYTES);
            if let Err(findings) = read_as_xml(sent.collection, body.as_bytes()) {
                assert!(findings.iter().all(|finding| finding.parameter == "xml"));
            }
        }
        for place in (0..xml.len()).step_by(7) {
            let mut bytes = xml.clone().into_bytes();
            bytes.remove(place);
            let _ = read_as_xml(sent.collection, &bytes);
            bytes.truncate(place);
            assert!(read_as_xml(sent.collection, &bytes).is_err(), "{place}");
        }
    }
}
