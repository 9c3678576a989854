//! The JSON reader and writer: the language of RFC 8259 plus two leniencies,
//! checked against `serde_json`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::prelude::*;
use serde_json::Value as Json;
use tagua_wire::{JsonError, JsonErrorKind, JsonWriter, Value, parse, parse_body};

/// Our value as `serde_json` would have it, when its numbers fit.
fn to_serde(value: &Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(digits) => serde_json::from_str(digits).unwrap(),
        Value::String(text) => Json::from(text.as_ref()),
        Value::Array(values) => values.iter().map(to_serde).collect(),
        Value::Object(object) => {
            let pairs = object.members.iter();
            pairs
                .map(|m| (m.key.to_string(), to_serde(&m.value)))
                .collect()
        }
    }
}

#[track_caller]
fn check_same(text: &str) {
    let theirs = serde_json::from_str::<Json>(text);
    match (parse(text.as_bytes()), theirs) {
        (Ok(ours), Ok(theirs)) => assert_eq!(to_serde(&ours), theirs, "{text:?}"),
        (Err(_), Err(_)) => {}
        (ours, theirs) => panic!("{text:?}: {ours:?}, but serde_json {theirs:?}"),
    }
}

#[test]
fn accepts_and_refuses_what_serde_json_does() {
    let texts = [
        "",
        " ",
        "null",
        "nul",
        "nulll",
        "true",
        "false",
        "tru",
        "True",
        "NaN",
        "Infinity",
        "0",
        "-0",
        "-",
        "+1",
        "01",
        "-01",
        "00",
        "1.",
        ".5",
        "0.5",
        "1.e1",
        "1e",
        "1e+",
        "1e5",
        "1E-5",
        "-1.5e+3",
        "0x10",
        "1_000",
        "1,5",
        "1 2",
        "--1",
        "1.5.2",
        "1a",
        "\"\"",
        "\"a",
        "a\"",
        "'a'",
        "\"\\n\\t\\u0041\\/\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"\\u+123\"",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83d\\n\"",
        "\"\\ud83d\\u0041\"",
        "\"ñandú — 😀\"",
        "\"\u{7f}\"",
        "[]",
        "[ ]",
        "[1,2]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[",
        "]",
        "[1",
        "[[]]",
        "[]]",
        "{}",
        "{ }",
        "{\"a\":1}",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{1:1}",
        "{\"a\" : [ 1 , { } ] }",
        "{\"a\":1 \"b\":2}",
        "{",
        "}",
        "{\"a\":1",
        "{\"a\":1,\"a\":2}",
        "// c\n1",
        "/* c */ 1",
        "1 //",
        "\u{a0}1",
        "\u{b}1",
        "[1]\n\t\r ",
    ];
    texts.into_iter().for_each(check_same);
}

#[test]
fn control_characters_may_stand_raw_in_strings() {
    let value = parse(b"{\"xml\":\"a\nb\tc\rd\x01\"}").unwrap();
    let object = value.as_object().unwrap();
    assert_eq!(
        object.last("xml"),
        Some(&Value::String("a\nb\tc\rd\u{1}".into()))
    );
}

#[test]
fn a_byte_order_mark_is_skipped_and_counted_in_spans() {
    let body = b"\xef\xbb\xbf{\"a\": 1.50}";
    let value = parse(body).unwrap();
    let member = &value.as_object().unwrap().members[0];
    assert_eq!(&body[member.span.clone()], b"1.50");
    assert!(parse(b"\xef\xbb\xbf\xef\xbb\xbf1").is_err());
}

#[test]
fn numbers_keep_their_digits_and_keys_their_order() {
    let value = parse(br#"{"b": 1.50, "a": 1e400, "b": -0.0}"#).unwrap();
    let object = value.as_object().unwrap();
    let keys: Vec<_> = object.members.iter().map(|m| m.key.as_ref()).collect();
    assert_eq!(keys, ["b", "a", "b"]);
    assert_eq!(object.last("a"), Some(&Value::Number("1e400")));
    assert_eq!(object.last("b"), Some(&Value::Number("-0.0")));
    assert_eq!(object.last("c"), None);
}

#[track_caller]
fn check_error(text: &[u8], kind: JsonErrorKind, line: usize, column: usize) {
    assert_eq!(parse(text), Err(JsonError { kind, line, column }));
}

#[test]
fn errors_say_what_and_where() {
    use JsonErrorKind as K;
    check_error(b"", K::UnexpectedEnd, 1, 1);
    check_error(b"{\n  \"a\": 1,\n}", K::UnexpectedCharacter, 3, 1);
    check_error("[\"ñ\", x]".as_bytes(), K::UnexpectedCharacter, 1, 7);
    check_error("\u{feff}[x]".as_bytes(), K::UnexpectedCharacter, 1, 2);
    check_error(b"[01]", K::MalformedNumber, 1, 3);
    check_error(b"\"\\q\"", K::MalformedEscape, 1, 2);
    check_error(b"\"\\ud800\"", K::MalformedEscape, 1, 8);
    check_error(b"[\"abc", K::UnexpectedEnd, 1, 6);
    check_error(b"1\n2", K::TrailingText, 2, 1);
    check_error(b"[\"a\xff\"]", K::NotUtf8, 1, 4);
    let error = parse(b"[1,]").unwrap_err();
    assert_eq!(
        error.to_string(),
        "unexpected character at line 1, column 4"
    );
}

#[test]
fn nesting_ends_at_64_levels() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(nested(64).as_bytes()).is_ok());
    let error = parse(nested(65).as_bytes()).unwrap_err();
    assert_eq!((error.kind, error.column), (JsonErrorKind::TooDeep, 65));
    assert!(parse("[{\"a\":".repeat(200_000).as_bytes()).is_err());
}

#[test]
fn a_body_that_is_no_json_gives_one_finding() {
    let finding = parse_body(b"{\"a\": 1,}").unwrap_err();
    assert_eq!(finding.code.as_str(), "INVALID_FORMAT");
    assert!(
        finding.details.starts_with("Línea 1, columna 9"),
        "{}",
        finding.details
    );
    let finding = parse_body(b" \n ").unwrap_err();
    assert_eq!(finding.code.as_str(), "MISSING_PARAMETER");
}

#[test]
fn the_writer_separates_and_escapes() {
    let mut writer = JsonWriter::default();
    writer.object(|w| {
        w.key("a\"\\");
        w.array(|w| {
            w.raw("1.50");
            w.boolean(true);
            w.optional_string(None);
            w.object(|_| {});
        });
        w.key("b");
        w.string("\n\r\t\u{1}\u{7f}ñ😀");
        w.key("c");
        w.raw("{\n\"x\": \"a\nb\\\"\tc\"}");
    });
    let text = writer.finish();
    let expected = "{\"a\\\"\\\\\":[1.50,true,null,{}],\
                    \"b\":\"\\n\\r\\t\\u0001\u{7f}ñ😀\",\
                    \"c\":{\n\"x\": \"a\\nb\\\"\\tc\"}}";
    assert_eq!(text, expected);
    assert!(serde_json::from_str::<Json>(&text).is_ok());
}

/// Small JSON-like soup: mostly broken, often nearly right.
fn soup() -> impl Strategy<Value = String> {
    let token = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"b\\n\"",
        "\\u00e9",
        "1",
        "-1.5",
        "0",
        ".",
        "e3",
        "true",
        "null",
        " ",
        "ñ",
        "\\",
        "\"\\ud83d\\ude00\"",
        "{\"k\":",
        "[1,",
    ]);
    prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat())
}

fn tree() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::btree_map(any::<String>(), inner, 0..5)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn same_language_on_soup(text in soup()) {
        check_same(&text);
    }

    #[test]
    fn same_values_on_trees(tree in tree()) {
        check_same(&tree.to_string());
        check_same(&format!("{tree:#}"));
    }

    #[test]
    fn what_is_written_reads_back_equal(tree in tree()) {
        let text = tree.to_string();
        let value = parse(text.as_bytes()).unwrap();
        let mut writer = JsonWriter::default();
        writer.value(&value);
        let written = writer.finish();
        prop_assert_eq!(serde_json::from_str::<Json>(&written).unwrap(), tree);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = parse(&bytes);
        let _ = parse_body(&bytes);
    }
}
