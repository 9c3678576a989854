//! Canonical documents with awkward texts.

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};

/// A small document; `text` and `value` are written in canonical form.
pub(crate) fn document(text: &str, value: &str) -> String {
    let (text, value) = (escape_text(text), escape_value(value));
    format!(
        "<factura id=\"comprobante\" version=\"2.1.0\">\
         <infoTributaria><razonSocial>{text}</razonSocial><nombreComercial></nombreComercial>\
         </infoTributaria>\n  <infoAdicional>\
         <campoAdicional nombre=\"{value}\">{text}</campoAdicional></infoAdicional></factura>"
    )
}

/// Documents with texts of every kind that XML allows.
pub(crate) fn documents() -> impl Strategy<Value = String> {
    (texts(), texts()).prop_map(|(text, value)| document(&text, &value))
}

/// `count` documents, different ones in every run.
pub(crate) fn some_documents(count: usize) -> Vec<String> {
    let mut runner = TestRunner::default();
    let strategy = documents();
    let mut one = || {
        strategy
            .new_tree(&mut runner)
            .expect("a document")
            .current()
    };
    (0..count).map(|_| one()).collect()
}

/// About `bytes` bytes long.
pub(crate) fn long_document(bytes: usize) -> String {
    document(&"Plátano & piña <maduro> ".repeat(bytes / 70), "Línea")
}

fn texts() -> impl Strategy<Value = String> {
    let awkward = select(
        "&<>\"'áéíóúñÑü€\t\n\r \u{85}\u{2028}\u{7f}\u{fffd}\u{e000}\u{feff}😀𝔸]]>aZ09"
            .chars()
            .collect::<Vec<_>>(),
    );
    let any = any::<char>().prop_filter("allowed in XML", |character| {
        !matches!(character, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
    });
    vec(prop_oneof![4 => awkward, 1 => any], 0..60).prop_map(String::from_iter)
}

fn escape_text(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('\r', "&#xD;")
}

fn escape_value(value: &str) -> String {
    let value = value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    value
        .replace('\t', "&#x9;")
        .replace('\n', "&#xA;")
        .replace('\r', "&#xD;")
}
