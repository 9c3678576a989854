//! What a request says comes out of the XML again, whatever it says.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod sent;

use std::sync::LazyLock;

use proptest::prelude::*;
use rust_decimal::Decimal;
use sent::{Sent, assert_named, context, document, leaves, requests, with, written_and_read};
use serde_json::{Value as Json, json};
use tagua_sri_xml::{Element, any, check};
use tagua_wire::{json_reading, parse_body, read_document};

static REQUESTS: LazyLock<Vec<Sent>> = LazyLock::new(requests);

/// What a field may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// Up to so many characters.
    Text(usize),
    Money,
    /// Up to six places.
    Fine,
    /// A percentage; in reimbursements of withholdings without places.
    Rate {
        whole: bool,
    },
    Day,
    /// `NNN-NNN-NNNNNNNNN`.
    Number,
    Authorization,
    Sequential,
    /// `MM/AAAA`.
    Period,
    Year,
    ThreeDigits,
    /// Digits of the length it has.
    Identification,
    Flag,
}

/// The field tables of CONTRACT 7, by the name of the field and the type it is
/// sent with. Codes of closed lists, addresses of mail and what no element
/// holds are left as they are.
fn kind(pointer: &str, value: &Json) -> Option<Kind> {
    let key = pointer.rsplit('/').next()?;
    match value {
        Json::Number(_) => kind_of_number(pointer, key),
        Json::String(text) if text == "auto" => None,
        Json::String(_) => kind_of_text(pointer, key),
        Json::Bool(_) => {
            matches!(key, "obligado_contabilidad" | "pago_regimen_fiscal").then_some(Kind::Flag)
        }
        _ => None,
    }
}

fn kind_of_number(pointer: &str, key: &str) -> Option<Kind> {
    Some(match key {
        "secuencial" | "secuencia" => Kind::Sequential,
        "cantidad" | "precio_unitario" => Kind::Fine,
        "tarifa" | "porcentaje" => Kind::Rate {
            whole: pointer.contains("documentos_soporte") && pointer.contains("reembolso"),
        },
        "ambiente" | "tipo_emision" | "tasa_cambio" | "plazo" => return None,
        _ => Kind::Money,
    })
}

fn kind_of_text(pointer: &str, key: &str) -> Option<Kind> {
    if pointer.contains("/detalles_adicionales/") {
        return Some(Kind::Text(300));
    }
    Some(match key {
        "razon_social" | "nombre_comercial" | "direccion" | "descripcion" | "motivo" | "lugar"
        | "puerto" | "direccion_partida" | "motivo_traslado" | "ruta" | "nombre" | "valor" => {
            Kind::Text(300)
        }
        "unidad_medida" => Kind::Text(50),
        "marca" | "modelo" | "serie" => Kind::Text(30),
        "codigo_principal" | "codigo_auxiliar" => Kind::Text(25),
        "placa" | "documento_aduanero_unico" => Kind::Text(20),
        "periodo_fiscal" => Kind::Period,
        "annio_fiscal" => Kind::Year,
        "numero" | "guia_remision" => Kind::Number,
        "numero_documento_modificado" | "numero_documento_sustento" => Kind::Number,
        "numero_autorizacion" | "numero_autorizacion_documento_sustento" => Kind::Authorization,
        "punto_emision" | "codigo_establecimiento" | "codigo_punto_emision" => Kind::ThreeDigits,
        "codigo" if pointer.ends_with("/establecimiento/codigo") => Kind::ThreeDigits,
        "codigo_establecimiento_destino" => Kind::ThreeDigits,
        "identificacion" | "identificacion_proveedor" => Kind::Identification,
        "fecha_vencimiento" => return None,
        key if key.starts_with("fecha_") => Kind::Day,
        _ => return None,
    })
}

/// A value of the kind; `now` is the one it replaces.
fn valid(kind: Kind, now: &Json) -> BoxedStrategy<Json> {
    let number = |(whole, part): (u64, u32), places: usize| -> Json {
        serde_json::from_str(&format!("{whole}.{part:0places$}")).unwrap()
    };
    let text = |pattern: &str| {
        let texts = proptest::string::string_regex(pattern).unwrap();
        texts.prop_map(Json::from).boxed()
    };
    match kind {
        Kind::Text(max) => text(&format!("[!-~áñÑüß€漢😀]{{1,{max}}}")),
        Kind::Money => (0..100_000_000_u64, 0..100_u32)
            .prop_map(move |parts| number(parts, 2))
            .boxed(),
        Kind::Fine => (0..1_000_000_u64, 0..1_000_000_u32)
            .prop_map(move |parts| number(parts, 6))
            .boxed(),
        Kind::Rate { whole: true } => (0..100_u64).prop_map(Json::from).boxed(),
        // Schema 1.0.0 of withholdings takes three digits.
        Kind::Rate { whole: false } => (0..10_u64, 0..100_u32)
            .prop_map(move |parts| number(parts, 2))
            .boxed(),
        Kind::Day => (2000..2100, 1..13, 1..29)
            .prop_map(|(year, month, day)| json!(format!("{year}-{month:02}-{day:02}")))
            .boxed(),
        Kind::Number => text("[0-9]{3}-[0-9]{3}-[0-9]{8}[1-9]"),
        Kind::Authorization => text("[0-9]{10}|[0-9]{37}|[0-9]{49}"),
        Kind::Sequential => (1..1_000_000_000_u64).prop_map(Json::from).boxed(),
        Kind::Period => text("(0[1-9]|1[0-2])/20[0-9]{2}"),
        Kind::Year => text("20[0-9]{2}"),
        Kind::ThreeDigits => text("[0-9]{2}[1-9]"),
        Kind::Identification => match now.as_str() {
            Some(now) if now.len() == 13 && now.ends_with("001") => text("[0-2][0-9]{9}001"),
            Some(now) if now.bytes().all(|b| b.is_ascii_digit()) => {
                text(&format!("[0-9]{{{}}}", now.len()))
            }
            _ => text("[A-Z0-9]{5,20}"),
        },
        Kind::Flag => any::<bool>().prop_map(Json::from).boxed(),
    }
}

/// A request with every field of a known kind replaced, some of them not.
fn filled() -> impl Strategy<Value = (&'static Sent, Vec<(String, Kind, Json)>)> {
    (0..REQUESTS.len()).prop_flat_map(|place| {
        let sent = &REQUESTS[place];
        let fields = leaves(&sent.body).into_iter().filter_map(|(pointer, now)| {
            let kind = kind(&pointer, &now)?;
            // What is converted follows from the rest.
            let converted = sent.body.get("tasa_cambio").is_some();
            if converted && matches!(kind, Kind::Money | Kind::Fine) {
                return None;
            }
            let value = valid(kind, &now);
            let change = value.prop_map(move |value| (pointer.clone(), kind, value));
            Some(proptest::option::weighted(0.7, change))
        });
        let fields: Vec<_> = fields.collect();
        fields.prop_map(move |changes| (sent, changes.into_iter().flatten().collect()))
    })
}

/// Whether a field of the request stands in the JSON reading under its own name.
/// Additional fields may be in the other form, and a credit is one of the payments.
fn is_read_under_its_name(sent: &Sent, pointer: &str) -> bool {
    let elsewhere = ["/info_adicional/", "/pagos/", "/credito/"];
    // No element: waybills have no day of issue, notes and withholdings no address.
    let no_element = sent.collection.as_str() == "waybills" && pointer == "/fecha_emision"
        || pointer.ends_with("/direccion")
            && (pointer.starts_with("/sujeto/")
                || pointer.starts_with("/comprador/") && sent.collection.as_str() != "invoices");
    !no_element && !elsewhere.iter().any(|part| pointer.contains(part))
}

fn same(kind: Kind, sent: &Json, read: &Json) -> bool {
    let text = |value: &Json| value.as_str().map_or(value.to_string(), str::to_owned);
    let (sent, read) = (text(sent), text(read));
    let digits = |text: &str| text.replace('-', "");
    match kind {
        Kind::Money | Kind::Fine | Kind::Rate { .. } | Kind::Sequential => {
            sent.parse::<Decimal>().ok() == read.parse::<Decimal>().ok()
        }
        Kind::Day => sent.get(..10) == read.get(..10),
        Kind::Number => digits(&sent) == digits(&read),
        _ => sent == read,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// JSON, model, XML, model, JSON, model.
    #[test]
    fn every_value_comes_back((sent, changes) in filled()) {
        let body = changes.iter().fold(sent.body.clone(), |body, (pointer, _, value)| {
            with(body, pointer, value.clone())
        });
        let made = document(sent.collection, body.to_string().as_bytes());
        let made = made.map_err(|f| TestCaseError::fail(format!("{}: {f:#?}", sent.name)))?;
        let tree = written_and_read(&made);
        prop_assert_eq!(check(&tree, any::schema(&made)), [], "{}", sent.name);
        prop_assert_eq!(any::from_tree(&tree), Ok((made.clone(), Vec::new())));
        let reading = json_reading(&tree);
        let again = document(sent.collection, reading.as_bytes());
        prop_assert_eq!(again.as_ref(), Ok(&made), "{}", reading);
        let reading: Json = serde_json::from_str(&reading).unwrap();
        for (pointer, kind, value) in &changes {
            if is_read_under_its_name(sent, pointer) {
                let read = reading.pointer(pointer).unwrap_or(&Json::Null);
                prop_assert!(same(*kind, value, read), "{} {pointer}: {value}, read {read}", sent.name);
            }
        }
    }

    #[test]
    fn any_text_comes_back_or_is_named(
        place in any::<proptest::sample::Index>(), text in any_text()
    ) {
        let places = text_fields();
        let (sent, pointer) = place.get(&places);
        holds_text(sent, pointer, &text);
    }
}

/// Any Unicode, and what XML, JSON and the schemas care about.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter),
        2 => "\\PC{0,60}",
        2 => "[\\x00-\\x20<>&\"']{0,12}",
        1 => "[\\r\\n\\t \u{85}\u{a0}\u{2028}a]{0,12}",
        1 => "[áñ漢😀]{290,320}",
    ]
}

/// Every text field of every request.
fn text_fields() -> Vec<(&'static Sent, String)> {
    let mut fields = Vec::new();
    for sent in REQUESTS.iter() {
        for (pointer, value) in leaves(&sent.body) {
            if let Some(Kind::Text(_)) = kind(&pointer, &value) {
                fields.push((sent, pointer));
            }
        }
    }
    fields
}

/// Texts that somebody once sent, in every field there is.
#[test]
fn hard_texts_come_back_or_are_named() {
    let long = "ñ".repeat(301);
    let texts = [
        "",
        " ",
        "\0",
        "\u{feff}",
        "\u{feff}x",
        "\u{1}a\u{b}b\u{1f}",
        "a\r\nb",
        "a\n\n\nb",
        "\ta\tb\t",
        "]]>",
        "<![CDATA[x]]>",
        "&amp;&lt;",
        "\"'",
        "a\u{85}b\u{2028}c\u{2029}d",
        "\u{fffe}\u{ffff}",
        "\u{fffd}",
        "\u{202e}oidem",
        "e\u{301}",
        "👩‍👩‍👧",
        "\u{10ffff}",
        "\u{7f}\u{80}\u{9f}",
        "<!--x-->",
        "<?x?>",
        "%&;",
        "a  b",
        "\u{a0}x\u{a0}",
        "0",
        "null",
        &long,
    ];
    let fields = text_fields();
    assert!(fields.len() > 350, "only {}", fields.len());
    for (sent, pointer) in &fields {
        for text in texts {
            holds_text(sent, pointer, text);
        }
    }
    println!("{} texts in {} fields", texts.len(), fields.len());
}

/// That the text comes back whole, or a finding names its place.
fn holds_text(sent: &Sent, pointer: &str, text: &str) {
    const MARK: &str = "MARCA-7319";
    let what = format!("{} {pointer} {text:?}", sent.name);
    let marked = with(sent.body.clone(), pointer, json!(MARK));
    let body = with(sent.body.clone(), pointer, json!(text));
    let made = match document(sent.collection, body.to_string().as_bytes()) {
        Ok(made) => made,
        Err(findings) => return assert_named(&body, &findings, &what),
    };
    let tree = any::to_tree(&made);
    let breaches = check(&tree, any::schema(&made));
    if !breaches.is_empty() {
        return assert!(
            breaches.iter().all(|breach| !breach.path.is_empty()),
            "{what}"
        );
    }
    let marked = document(sent.collection, marked.to_string().as_bytes()).unwrap();
    let mut expected = texts(&written_and_read(&marked));
    let normal = normalized(text);
    let carries = expected.iter().any(|own| own == MARK);
    for own in expected.iter_mut().filter(|own| *own == MARK) {
        own.clone_from(&normal);
    }
    let found = texts(&written_and_read(&made));
    // What is empty is left out, with the element or field that held it.
    let full = |texts: &[String]| -> Vec<String> {
        texts
            .iter()
            .filter(|text| !text.is_empty())
            .cloned()
            .collect()
    };
    if !normal.is_empty() || !carries {
        assert_eq!(full(&found), full(&expected), "{what}");
    }
}

/// Every text and attribute of a document, in order.
fn texts(tree: &Element<'_>) -> Vec<String> {
    let own = tree.attributes.iter().map(|own| own.value.to_string());
    let own = own.chain(std::iter::once(tree.text.to_string()));
    own.chain(tree.children.iter().flat_map(texts)).collect()
}

/// CONTRACT 7: trimmed, runs of line breaks one blank, without the characters
/// that XML 1.0 does not have.
fn normalized(text: &str) -> String {
    let is_break = |c: char| "\n\r\u{85}\u{2028}\u{2029}".contains(c);
    let in_xml = |c: &char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    let text: String = text.chars().filter(in_xml).collect();
    let pieces = text.split(is_break).filter(|piece| !piece.is_empty());
    pieces.collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// The examples are what the properties start from: they must say something.
#[test]
fn most_fields_have_a_kind() {
    let (mut known, mut all) = (0, 0);
    for sent in REQUESTS.iter() {
        let value = sent.body.to_string();
        let value = parse_body(value.as_bytes()).unwrap();
        assert!(
            read_document(sent.collection, &value, &context()).is_ok(),
            "{}",
            sent.name
        );
        for (pointer, value) in leaves(&sent.body) {
            all += 1;
            known += usize::from(kind(&pointer, &value).is_some());
        }
    }
    println!("{known} of {all} fields are bent");
    assert!(known * 2 > all);
}
