//! The expected documents, SRI's templates and the public samples.

mod support;

use support::{documents, door, shared, xmllint};
use tagua_fiscal::invoice::Invoice;
use tagua_sri_xml::{Element, read, read_invoice, write_invoice};

#[test]
fn every_vector_survives_reading_and_writing() {
    if let Some(shared) = shared() {
        door::vectors_survive::<Invoice>(&shared, 60);
    }
}

#[test]
fn the_official_schemas_accept_what_is_written() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        door::written_is_valid::<Invoice>(&shared);
    }
}

#[test]
fn samples_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        let accepted = door::samples_agree::<Invoice>(&shared, 10);
        assert!(accepted >= 5, "only {accepted} samples are valid");
    }
}

#[test]
fn a_signature_is_set_apart() {
    let Some(shared) = shared() else { return };
    let samples = documents(&shared.join("samples"), "factura");
    let is_signed = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("<ds:Signature ");
    let mut signed = samples.iter().filter(|(_, bytes)| is_signed(bytes));
    let (_, bytes) = signed.next().expect("one signed sample");
    let document = read_invoice(bytes).expect("a valid invoice");
    let signature = document.signature.expect("a signature");
    assert!(signature.is_signature());
    assert!(signature.children.len() >= 3);
    let written = write_invoice(&document.invoice);
    let mut original = read(bytes).expect("well-formed");
    original.children.pop();
    original
        .attributes
        .retain(|attribute| !attribute.is_declaration());
    assert_eq!(read(&written).expect("well-formed"), Element { ..original });
}

#[test]
fn mended_samples_survive_reading_and_writing() {
    let Some(shared) = shared() else { return };
    let survived = door::mended_samples_survive::<Invoice>(&shared);
    assert!(survived >= 20, "only {survived}");
}
