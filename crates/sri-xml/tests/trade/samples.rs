//! The public samples. Most are SRI's templates: their keys, sequentials and
//! versions are placeholders that no model can hold.

use std::path::Path;

use tagua_fiscal::credit_note::CreditNote;
use tagua_fiscal::debit_note::DebitNote;
use tagua_sri_xml::{Element, FindingKind, check, read};

use crate::support::door::{self, Door};
use crate::support::{documents, shared, xmllint};

/// There is none of a purchase settlement.
#[test]
fn survive_reading_and_writing() {
    let Some(shared) = shared() else { return };
    survive::<CreditNote>(&shared, 3);
    survive::<DebitNote>(&shared, 2);
}

#[test]
fn are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        assert_eq!(door::samples_agree::<CreditNote>(&shared, 4), 6);
        assert_eq!(door::samples_agree::<DebitNote>(&shared, 3), 2);
    }
}

/// Every sample that its schema accepts comes back element by element once its
/// placeholders are those of the document with everything.
fn survive<D: Door>(shared: &Path, count_min: usize) {
    let newest = D::SCHEMAS.last().expect("a schema");
    let everything = D::maximal(newest).write();
    let everything = read(&everything).expect("well-formed");
    let mut count = 0;
    for (path, bytes) in documents(&shared.join("samples"), D::root()) {
        let mut sample = read(&bytes).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
        if !check(&sample, newest).is_empty() {
            continue;
        }
        fill_placeholders(&mut sample, &everything);
        let filled = tagua_sri_xml::write(&sample);
        let (document, notes) = D::read(&filled).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
        let harmless = |kind| kind == FindingKind::NotKept;
        assert!(notes.iter().all(|note| harmless(note.kind)), "{notes:?}");
        let written = document.write();
        sample.attributes.retain(|a| a.namespace.is_empty());
        sample.children.retain(|child| !child.is_signature());
        assert_eq!(read(&written).expect("well-formed"), sample, "{path:?}");
        count += 1;
    }
    assert!(count >= count_min, "only {count} samples survived");
}

fn fill_placeholders<'a>(sample: &mut Element<'a>, everything: &Element<'a>) {
    let version = everything.attribute("version").expect("a version");
    for attribute in sample.attributes.iter_mut().filter(|a| a.is("version")) {
        attribute.value = version.to_owned().into();
    }
    let from = &everything.children[0].children;
    for field in &mut sample.children[0].children {
        if ["claveAcceso", "codDoc", "secuencial"].contains(&field.name.as_ref()) {
            let same = from.iter().find(|other| other.name == field.name);
            field.text = same.expect("in every header").text.clone();
        }
    }
}
