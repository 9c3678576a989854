//! The JSON reading of documents, compared with the documented answers.

use rust_decimal::Decimal;
use serde_json::{Value as Json, json};
use tagua_wire::{Collection, json_reading, read_xml, xml_of_body};

use crate::shared::{Vectors, invoice, with};

fn reading(xml: &str) -> Json {
    let tree = tagua_sri_xml::read(xml.as_bytes()).unwrap();
    serde_json::from_str(&json_reading(&tree)).unwrap()
}

#[test]
fn an_invoice_reads_as_its_request() {
    let read = reading(&invoice());
    let expected = json!({
        "version": "2.1.0", "ambiente": "1", "tipo_emision": "1", "tipo": "01",
        "emisor": {
            "razon_social": "QUINDE AZUL", "ruc": "1799999990001", "direccion": "Quito",
            "establecimiento": {"codigo": "001", "punto_emision": "002"},
            "contribuyente_especial": ""
        },
        "clave_acceso": crate::shared::KEY, "secuencial": "000001028",
        "fecha_emision": "2026-11-18T00:00:00-05:00",
        "comprador": {
            "tipo_identificacion": "05", "razon_social": "Rosaura Quimí",
            "identificacion": "2459999914", "direccion": ""
        },
        "totales": {
            "total_sin_impuestos": "100.00", "descuento": "0.00", "importe_total": "115.00",
            "impuestos": [{
                "codigo": "2", "codigo_porcentaje": "4", "base_imponible": "100.00",
                "valor": "15.00"
            }]
        },
        "moneda": "USD",
        "items": [{
            "descripcion": "Cafetera", "cantidad": "4", "precio_unitario": "25",
            "descuento": "0.00", "precio_total_sin_impuestos": "100.00",
            "impuestos": [{
                "codigo": "2", "codigo_porcentaje": "4", "tarifa": "15",
                "base_imponible": "100.00", "valor": "15.00"
            }],
            "codigo_auxiliar": "", "detalles_adicionales": {}
        }],
        "informacion_adicional": {"Email": "rosaura@correo.example; otra@correo.example"}
    });
    assert_eq!(read, expected);
}

#[test]
fn texts_of_no_known_form_stand_as_they_are() {
    for (old, new, path, value) in [
        (
            "18/11/2026",
            "31/02/2026",
            "/fecha_emision",
            json!("31/02/2026"),
        ),
        (
            "18/11/2026",
            "2026-11-18",
            "/fecha_emision",
            json!("2026-11-18"),
        ),
        (">DOLAR<", ">SUCRE<", "/moneda", json!("SUCRE")),
        (">DOLAR<", "> dolares <", "/moneda", json!("USD")),
        (
            ">115.00<",
            ">  115.0 <",
            "/totales/importe_total",
            json!("115.0"),
        ),
        (
            "<moneda>",
            "<obligadoContabilidad>TALVEZ</obligadoContabilidad><moneda>",
            "/emisor/obligado_contabilidad",
            json!("TALVEZ"),
        ),
        (
            "<moneda>",
            "<obligadoContabilidad>NO</obligadoContabilidad><moneda>",
            "/emisor/obligado_contabilidad",
            json!(false),
        ),
        (
            "<moneda>",
            "<paisOrigen>593</paisOrigen><moneda>",
            "/exportacion/origen/codigo_pais",
            json!("EC"),
        ),
        (
            "<moneda>",
            "<paisOrigen>000</paisOrigen><moneda>",
            "/exportacion/origen/codigo_pais",
            json!("000"),
        ),
        (
            "</infoTributaria>",
            "<contribuyenteRimpe>CONTRIBUYENTE RÉGIMEN RIMPE</contribuyenteRimpe></infoTributaria>",
            "/emisor/regimen_rimpe",
            json!("1"),
        ),
        (
            "</infoTributaria>",
            "<contribuyenteRimpe>RIMPE</contribuyenteRimpe></infoTributaria>",
            "/emisor/regimen_rimpe",
            json!("RIMPE"),
        ),
    ] {
        assert_eq!(
            reading(&with(old, new)).pointer(path),
            Some(&value),
            "{new}"
        );
    }
}

#[test]
fn nothing_vanishes() {
    let unread = |old: &str, new: &str| reading(&with(old, new))["xml_no_reconocido"].clone();
    assert_eq!(
        unread(
            "</factura>",
            "<exportacion a=\"b\"><pais>EC</pais><pais>PE</pais></exportacion></factura>"
        ),
        json!({"/factura/exportacion/@a": "b", "/factura/exportacion/pais": "EC",
               "/factura/exportacion/pais[2]": "PE"})
    );
    assert_eq!(
        unread(
            "<moneda>DOLAR</moneda>",
            "<moneda>DOLAR</moneda><moneda>EURO</moneda>"
        ),
        json!({"/factura/infoFactura/moneda[2]": "EURO"})
    );
    assert_eq!(
        unread("<detalles>", "<detalles b=\"c\">texto<nota/>"),
        json!({"/factura/detalles/text()": "texto", "/factura/detalles/@b": "c",
               "/factura/detalles/nota[1]": ""})
    );
    assert_eq!(
        unread(
            "<ruc>1799999990001</ruc>",
            "<ruc x=\"1\">1799999990001<y>2</y></ruc>"
        ),
        json!({"/factura/infoTributaria/ruc/@x": "1", "/factura/infoTributaria/ruc/y": "2"})
    );
    assert_eq!(
        unread("id=\"comprobante\"", "id=\"otro\""),
        json!({"/factura/@id": "otro"})
    );
    assert_eq!(
        unread(
            "<impuestos>",
            "<detallesAdicionales><detAdicional nombre=\"a\" valor=\"1\"/>\
                <detAdicional nombre=\"a\" valor=\"2\"/></detallesAdicionales><impuestos>"
        ),
        json!({"/factura/detalles/detalle[1]/detallesAdicionales/detAdicional[2]": "",
               "/factura/detalles/detalle[1]/detallesAdicionales/detAdicional[2]/@nombre": "a",
               "/factura/detalles/detalle[1]/detallesAdicionales/detAdicional[2]/@valor": "2"})
    );
    assert_eq!(
        reading("<otro><a>1</a></otro>"),
        json!({"xml_no_reconocido": {"/otro/a": "1"}})
    );
}

#[test]
fn fields_of_one_name_come_as_a_list() {
    let field = "<campoAdicional nombre=\"Email\">z</campoAdicional></infoAdicional>";
    let read = reading(&with("</infoAdicional>", field));
    assert!(read.get("informacion_adicional").is_none());
    assert_eq!(
        read["info_adicional"][1],
        json!({"nombre": "Email", "valor": "z"})
    );
    let read = reading(&with(" nombre=\"Email\"", ""));
    let text = "rosaura@correo.example; otra@correo.example";
    assert_eq!(read["info_adicional"], json!([{"valor": text}]));
}

#[test]
fn a_negotiable_invoice_says_so() {
    let element = "<tipoNegociable><correo>n@x.example</correo></tipoNegociable></factura>";
    let read = reading(&with("</factura>", element));
    assert_eq!(read["negociable"], true);
    assert_eq!(read["comprador"]["email"], "n@x.example");
}

/// Members of documented answers that no XML tells: the account's, the server's.
const OF_THE_SERVER: [&str; 14] = [
    "id",
    "es_valida",
    "numero",
    "email",
    "provincia",
    "categoria",
    "subcategoria",
    "pais",
    "market_id",
    "ciudad",
    "exportador",
    "telefono",
    "tipoentidad",
    "clave_acceso",
];

/// Differences the documented answers have from their own requests: another
/// issuer, another number, a guessed identification type.
fn documented_otherwise(name: &str, path: &str) -> bool {
    match name {
        "settlement-xml" | "settlement-xml-reimbursement" => {
            path.starts_with("emisor.") || path == "secuencial"
        }
        "debit-note-xml" => path == "secuencial",
        // Printed 05 for an identification of thirteen digits.
        "waybill-xml" => path == "destinatarios.0.tipo_identificacion",
        _ => false,
    }
}

#[test]
fn readings_are_the_documented_answers() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let mut compared = 0;
    for (name, collection) in [
        ("credit-note-xml", Collection::CreditNotes),
        ("debit-note-xml", Collection::DebitNotes),
        ("settlement-xml", Collection::PurchaseSettlements),
        (
            "settlement-xml-reimbursement",
            Collection::PurchaseSettlements,
        ),
        ("retention-xml", Collection::Retentions),
        ("waybill-xml", Collection::Waybills),
    ] {
        let body = vectors.file(&format!("documented/requests/{name}.json"));
        let xml = xml_of_body(&body).unwrap();
        let request = read_xml(&xml, collection).unwrap();
        let read: Json = serde_json::from_str(&json_reading(request.tree())).unwrap();
        let answer = vectors.file(&format!("documented/responses/{name}.json"));
        let answer: Json = serde_json::from_slice(&answer).unwrap();
        let mut differences = Vec::new();
        compared += compare(&answer, &read, "", &mut differences);
        differences.retain(|(path, _)| !documented_otherwise(name, path));
        assert!(differences.is_empty(), "{name}: {differences:#?}");
    }
    println!("{compared} documented values compared");
    assert!(compared > 180, "only {compared}");
}

/// Compares everything the documented answer has; how many values there were.
fn compare(answer: &Json, read: &Json, path: &str, out: &mut Vec<(String, String)>) -> usize {
    let below = |key: &str| match path {
        "" => key.to_owned(),
        _ => format!("{path}.{key}"),
    };
    match (answer, read) {
        (Json::Object(members), _) if !members.is_empty() => members
            .iter()
            .filter(|(key, _)| !OF_THE_SERVER.contains(&key.as_str()) || read.get(key).is_some())
            .map(|(key, value)| {
                let found = read.get(key).unwrap_or(&Json::Null);
                compare(value, found, &below(key), out)
            })
            .sum(),
        (Json::Array(rows), Json::Array(found)) if rows.len() == found.len() => {
            let pairs = rows.iter().zip(found).enumerate();
            pairs
                .map(|(i, (row, found))| compare(row, found, &below(&i.to_string()), out))
                .sum()
        }
        _ => {
            if !same(answer, read) && !path.ends_with("clave_acceso") {
                out.push((path.to_owned(), format!("{read}, documented {answer}")));
            }
            1
        }
    }
}

/// Equal as values: numbers by amount, booleans by meaning, dates by day.
fn same(answer: &Json, read: &Json) -> bool {
    let text = |value: &Json| value.as_str().map_or(value.to_string(), str::to_owned);
    let (answer_text, read_text) = (text(answer), text(read));
    let boolean = |text: &str| match text {
        "SI" | "true" => Some(true),
        "NO" | "false" => Some(false),
        _ => None,
    };
    let timed = |text: &str| text.get(10..11) == Some("T");
    let days = timed(&answer_text) || timed(&read_text);
    let amount = |text: &str| text.parse::<Decimal>().ok();
    answer_text == read_text
        || boolean(&answer_text).is_some_and(|b| Some(b) == boolean(&read_text))
        || (days && answer_text.get(..10) == read_text.get(..10))
        || amount(&answer_text).is_some_and(|a| Some(a) == amount(&read_text))
}

#[test]
fn a_reading_has_the_amounts_of_the_request_it_is_the_same_document_as() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let mut documents = 0;
    let own = vectors
        .xml_bodies()
        .filter(|v| v["origin"] == "own" && v["same_document_as"].is_string());
    for vector in own {
        let body = vectors.file_of(vector);
        let xml = xml_of_body(&body).unwrap();
        let request = read_xml(&xml, crate::shared::collection_of(vector)).unwrap();
        let read: Json = serde_json::from_str(&json_reading(request.tree())).unwrap();
        let sent = vectors.file_of(vectors.named(&vector["same_document_as"]));
        let sent: Json = serde_json::from_slice(&sent).unwrap();
        for part in [
            "items",
            "totales",
            "documentos_soporte",
            "reembolso",
            "destinatarios",
        ] {
            let mut differences = Vec::new();
            compare(&sent[part], &read[part], part, &mut differences);
            let only_in_requests = |path: &str| {
                let no_element = ["email", "telefono", "tipo_identificacion"];
                no_element.iter().any(|key| path.ends_with(key))
            };
            differences.retain(|(path, _)| !only_in_requests(path));
            assert!(
                differences.is_empty(),
                "{} {part}: {differences:#?}",
                vector["id"]
            );
        }
        documents += 1;
    }
    assert!(documents >= 8, "only {documents}");
}

/// Real documents, whole or not: nothing of one that keeps its schema is left over.
#[test]
fn real_documents_are_read_to_the_last_element() {
    let Some(shared) = tagua_testing::shared() else {
        return;
    };
    let files = std::fs::read_dir(shared.join("samples")).unwrap();
    let mut counts = [0, 0];
    for file in files.map(|file| file.unwrap().path()) {
        let body = std::fs::read(&file).unwrap();
        if file.extension().is_none_or(|extension| extension != "xml") {
            continue;
        }
        let Ok(tree) = xml_of_body(&body).map(|xml| xml.into_owned()) else {
            continue;
        };
        let Ok(tree) = tagua_sri_xml::read(&tree) else {
            continue;
        };
        let read: Json = serde_json::from_str(&json_reading(&tree)).unwrap();
        let valid = tagua_wire::structural_findings(&tree).is_empty();
        counts[usize::from(valid)] += 1;
        let whole = read.get("xml_no_reconocido").is_none();
        assert!(whole || !valid, "{}: {read}", file.display());
    }
    println!("{counts:?} invalid and valid samples");
    assert!(counts[1] >= 10, "only {counts:?}");
}
