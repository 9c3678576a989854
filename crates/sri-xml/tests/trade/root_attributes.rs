//! `id` and `version` of the root, which each schema demands in its own way.

use std::path::Path;

use tagua_fiscal::credit_note::CreditNote;
use tagua_fiscal::debit_note::DebitNote;
use tagua_fiscal::purchase_settlement::PurchaseSettlement;
use tagua_sri_xml::{check, read};

use crate::support::door::Door;
use crate::support::{shared, xmllint};

/// Each between the quotes of an attribute.
const VALUES: [&str; 16] = [
    "1.0.0",
    " 1.1.0 ",
    "&#9;1.1.0&#10;",
    "1.0 0",
    "",
    " ",
    "9.9.9",
    "v-1_a:b",
    "1/0",
    "1,0",
    "número",
    "·",
    "n\u{BA}1",
    "comprobante",
    " comprobante",
    "Comprobante",
];

#[test]
fn are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        agree::<CreditNote>(&shared);
        agree::<DebitNote>(&shared);
        agree::<PurchaseSettlement>(&shared);
    }
}

fn agree<D: Door>(shared: &Path) {
    let folder = xmllint::Folder::new(&format!("attributes-{}", D::root()));
    for schema in D::SCHEMAS {
        let documents = with_attributes(&D::maximal(schema));
        let files: Vec<_> = documents
            .iter()
            .enumerate()
            .map(|(at, document)| folder.add(&format!("{at}.xml"), document.as_bytes()))
            .collect();
        let verdicts = xmllint::validate(shared, schema, &files);
        let mut accepted = 0;
        for (document, file) in documents.iter().zip(&files) {
            let ours = check(&read(document.as_bytes()).expect("well-formed"), schema);
            let theirs = &verdicts[file];
            let shown = document.get(..80).unwrap_or_default();
            let agree = ours.is_empty() == theirs.is_none();
            assert!(agree, "{shown}\n{ours:#?}\n{theirs:?}");
            accepted += usize::from(ours.is_empty());
        }
        assert!((5..documents.len() - 5).contains(&accepted), "{accepted}");
    }
}

fn with_attributes<D: Door>(document: &D) -> Vec<String> {
    let source = String::from_utf8(document.write()).expect("UTF-8");
    let (tag, rest) = source.split_once('>').expect("a start tag");
    let name = tag.split(' ').next().expect("a name");
    let with = |attributes: String| format!("{name}{attributes}>{rest}");
    let mut all = vec![with(String::new()), with(" id=\"comprobante\"".to_owned())];
    for value in VALUES {
        all.push(with(format!(" version=\"{value}\"")));
        all.push(with(format!(" id=\"comprobante\" version=\"{value}\"")));
        all.push(with(format!(" id=\"{value}\" version=\"1.0.0\"")));
    }
    all
}

/// The class "characters of versions" of `MUTANTS.md`.
#[test]
fn a_version_of_letters_unknown_in_2000_is_accepted_by_the_tables_alone() {
    let Some(shared) = shared() else { return };
    if !xmllint::is_available() {
        return;
    }
    let schema = CreditNote::SCHEMAS[1];
    let source = String::from_utf8(CreditNote::maximal(schema).write()).expect("UTF-8");
    let document = source.replacen("\"1.1.0\"", "\"\u{132}\"", 1);
    let tree = read(document.as_bytes()).expect("well-formed");
    assert_eq!(check(&tree, schema), []);
    let file = xmllint::Folder::new("newer-letters").add("0.xml", document.as_bytes());
    let verdicts = xmllint::validate(&shared, schema, std::slice::from_ref(&file));
    assert!(verdicts[&file].is_some());
}
