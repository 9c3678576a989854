//! The document itself, as far as a signature verifier reads it: root, header,
//! access key.

use roxmltree::{Document, Node};

use crate::access_key::{PARTS, complaint};
use crate::report::Recorder;
use crate::rules::Rule;
use crate::scan::is_blank;
use crate::xml::{DS, child_named, child_text};

/// Roots and their `codDoc` (ficha técnica, table 3).
const DOCUMENTS: [(&str, &str); 6] = [
    ("factura", "01"),
    ("liquidacionCompra", "03"),
    ("notaCredito", "04"),
    ("notaDebito", "05"),
    ("guiaRemision", "06"),
    ("comprobanteRetencion", "07"),
];

pub(super) fn check(tree: &Document<'_>, recorder: &mut Recorder) {
    let root = tree.root_element();
    check_root(root, recorder);
    check_header(root, recorder);
    check_signature_position(root, recorder);
    check_comments(tree, recorder);
    check_access_key(root, recorder);
}

fn check_root(root: Node<'_, '_>, recorder: &mut Recorder) {
    let name = root.tag_name();
    recorder.summary.root = Some(name.name().to_owned());
    let known = DOCUMENTS.iter().any(|(known, _)| *known == name.name());
    let namespace = name.namespace().unwrap_or_default();
    match (known, namespace) {
        (true, "") => recorder.pass(Rule::RootElement, name.name()),
        (true, _) => recorder.fail(
            Rule::RootElement,
            format!("{} is in the namespace {namespace}", name.name()),
        ),
        (false, _) => recorder.fail(
            Rule::RootElement,
            format!("{} is none of the six documents", name.name()),
        ),
    }
    match root.attribute("id") {
        Some("comprobante") => recorder.pass(Rule::RootId, "comprobante"),
        Some(other) => recorder.fail(Rule::RootId, format!("id is \"{other}\"")),
        None => recorder.fail(Rule::RootId, "the root has no id"),
    }
    recorder.summary.version = root.attribute("version").map(str::to_owned);
    match root.attribute("version") {
        Some(version) if !version.is_empty() => recorder.pass(Rule::DocumentVersion, version),
        _ => recorder.fail(Rule::DocumentVersion, "the root has no version"),
    }
}

fn check_header(root: Node<'_, '_>, recorder: &mut Recorder) {
    let rule = Rule::InfoTributaria;
    let first = root.first_element_child();
    let found: Vec<_> = root
        .children()
        .filter(|child| child.has_tag_name("infoTributaria"))
        .collect();
    match found.as_slice() {
        [] => recorder.fail(rule, "there is none"),
        [only] if first == Some(*only) => recorder.pass(rule, "first element"),
        [_] => recorder.fail(rule, "it is not the first element"),
        _ => recorder.fail(rule, format!("there are {}", found.len())),
    }
}

fn check_signature_position(root: Node<'_, '_>, recorder: &mut Recorder) {
    let rule = Rule::SignaturePosition;
    let is_signature = |node: &Node<'_, '_>| node.has_tag_name((DS, "Signature"));
    let Some(signature) = root.children().find(is_signature) else {
        return recorder.skip(rule, "the root has no signature");
    };
    // White space after the signature is signed and harmless.
    let follows = signature
        .next_siblings()
        .skip(1)
        .any(|node| !node.text().is_some_and(|text| text.chars().all(is_blank)));
    if follows {
        recorder.fail(rule, "something follows the signature in the root");
    } else {
        recorder.pass(rule, "last child of the root");
    }
}

fn check_comments(tree: &Document<'_>, recorder: &mut Recorder) {
    match tree.descendants().filter(Node::is_comment).count() {
        0 => recorder.pass(Rule::Comments, "none"),
        count => recorder.warn(
            Rule::Comments,
            format!("{count}, which anybody can change without breaking the signature"),
        ),
    }
}

fn check_access_key(root: Node<'_, '_>, recorder: &mut Recorder) {
    let header = child_named(root, "infoTributaria");
    let text = |name| header.and_then(|header| child_text(header, name));
    recorder.summary.ruc = text("ruc");
    let Some(key) = text("claveAcceso") else {
        recorder.fail(Rule::AccessKey, "there is no claveAcceso");
        return recorder.skip(Rule::AccessKeyFields, "there is no claveAcceso");
    };
    recorder.summary.access_key = Some(key.clone());
    match complaint(&key) {
        None => recorder.pass(Rule::AccessKey, "49 digits, check digit correct"),
        Some(problem) => recorder.fail(Rule::AccessKey, problem),
    }
    let mut complaints = Vec::new();
    for (name, range) in PARTS {
        let in_key = key.get(range).unwrap_or_default();
        let in_document = match name {
            "fechaEmision" => emission_date(root),
            _ => Some(text(name).unwrap_or_default()),
        };
        if let Some(value) = in_document.filter(|value| value != in_key) {
            complaints.push(format!("{name} is {value}, in the key {in_key}"));
        }
    }
    complaints.extend(code_complaint(root, text("codDoc").as_deref()));
    recorder.judge(
        Rule::AccessKeyFields,
        &complaints,
        "every part agrees with the document",
    );
}

/// `fechaEmision` as `ddmmaaaa`; the guía de remisión has none.
fn emission_date(root: Node<'_, '_>) -> Option<String> {
    if root.tag_name().name() == "guiaRemision" {
        return None;
    }
    let date = root
        .children()
        .filter(|child| child.is_element() && is_particular(child.tag_name().name()))
        .find_map(|info| child_text(info, "fechaEmision"));
    Some(date.unwrap_or_default().replace('/', ""))
}

fn is_particular(name: &str) -> bool {
    name.starts_with("info") && name != "infoTributaria" && name != "infoAdicional"
}

fn code_complaint(root: Node<'_, '_>, code: Option<&str>) -> Option<String> {
    let name = root.tag_name().name();
    let (_, expected) = DOCUMENTS.iter().find(|(known, _)| *known == name)?;
    let found = code.unwrap_or("(none)");
    (found != *expected).then(|| format!("codDoc of {name} is {found}, should be {expected}"))
}
