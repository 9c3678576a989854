//! `id` and `version` of the root, which each schema demands in its own way.

use tagua_fiscal::credit_note::CreditNote;
use tagua_fiscal::debit_note::DebitNote;
use tagua_fiscal::purchase_settlement::PurchaseSettlement;
use tagua_sri_xml::{check, read};

use crate::support::door::Door;
use crate::support::root_attributes::agree;
use crate::support::{shared, xmllint};

#[test]
fn are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        agree::<CreditNote>(&shared);
        agree::<DebitNote>(&shared);
        agree::<PurchaseSettlement>(&shared);
    }
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
