//! What rules and schema say of the documents of `issue/xml` (`es_valida`).

use serde_json::Value as Json;
use tagua_fiscal::rules::{self, RuleContext};
use tagua_sri_xml::any;
use tagua_wire::{read_xml, structural_findings, xml_of_body};

use crate::shared::{Vectors, collection_of};

/// The documents of issue/xml that are accepted.
const EXPECTED_COUNT: usize = 23;

#[test]
fn local_rules_and_schema_agree_on_es_valida() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let known = |v: &&Json| v["expected"]["es_valida"].is_boolean();
    let (mut count, mut problems) = (0, Vec::new());
    for vector in vectors.xml_bodies().filter(known) {
        count += 1;
        let against = objections(&vectors.file_of(vector), vector);
        if vector["expected"]["es_valida"] != against.is_empty() {
            problems.push(format!("{}: {against:?}", vector["id"]));
        }
    }
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(count, EXPECTED_COUNT);
}

/// What speaks against the document.
fn objections(body: &[u8], vector: &Json) -> Vec<String> {
    let xml = xml_of_body(body).unwrap();
    let request = read_xml(&xml, collection_of(vector)).unwrap();
    let key = request.key(12_345_678);
    let tree = request.with_key(key);
    let structural = structural_findings(&tree).into_iter();
    let structural = structural.map(|finding| format!("{finding:?}"));
    // What no model can hold speaks for itself.
    let document = any::from_tree(&tree).ok().map(|(document, _)| document);
    let context = RuleContext::on(jiff::civil::date(2026, 11, 20));
    let found = document
        .iter()
        .flat_map(|d| rules::check_document(d, &context));
    let errors = found.filter(|finding| finding.severity == rules::Severity::Error);
    structural
        .chain(errors.map(|finding| format!("{}: {}", finding.path, finding.message)))
        .collect()
}
