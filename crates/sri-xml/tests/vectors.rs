//! The expected documents, SRI's templates and the public samples.

mod support;

use std::collections::BTreeMap;

use support::{sample, shared, vectors, xmllint};
use tagua_fiscal::invoice::InvoiceVersion;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{Element, check, check_invoice, read, read_invoice, write_invoice};

#[test]
fn every_vector_survives_reading_and_writing() {
    let Some(shared) = shared() else { return };
    let files = vectors(&shared);
    assert!(files.len() >= 60, "only {} facturas found", files.len());
    for (path, bytes) in files {
        let read_back = read_invoice(&bytes).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
        assert!(
            read_back.notes.is_empty(),
            "{path:?}: {:?}",
            read_back.notes
        );
        assert_eq!(check_invoice(&read_back.invoice), [], "{path:?}");
        let written = write_invoice(&read_back.invoice);
        assert_eq!(read(&written), read(&bytes), "{path:?}");
    }
}

#[test]
fn the_official_schemas_accept_what_is_written() {
    let Some(shared) = shared() else { return };
    if !xmllint::is_available() {
        return;
    }
    let folder = xmllint::Folder::new("written");
    let mut files: BTreeMap<InvoiceVersion, Vec<_>> = BTreeMap::new();
    for (at, (path, bytes)) in vectors(&shared).into_iter().enumerate() {
        let invoice = read_invoice(&bytes).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
        let bytes = write_invoice(&invoice.invoice);
        let file = folder.add(&format!("{at}.xml"), &bytes);
        files.entry(invoice.invoice.version).or_default().push(file);
    }
    for version in InvoiceVersion::ALL {
        let bytes = write_invoice(&sample::maximal(version));
        let file = folder.add(&format!("maximal-{}.xml", version.as_str()), &bytes);
        files.entry(version).or_default().push(file);
    }
    for (version, files) in files {
        for (file, complaints) in xmllint::validate(&shared, version.as_str(), &files) {
            assert_eq!(complaints, None, "{file:?}");
        }
    }
}

/// Whatever `version` a sample names, its structure is held against all four schemas.
#[test]
fn samples_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if !xmllint::is_available() {
        return;
    }
    let samples = support::facturas(&shared.join("samples"));
    assert!(samples.len() >= 10, "only {} samples found", samples.len());
    let files: Vec<_> = samples.iter().map(|(path, _)| path.clone()).collect();
    let mut accepted = 0;
    for version in InvoiceVersion::ALL {
        let verdicts = xmllint::validate(&shared, version.as_str(), &files);
        for (path, bytes) in &samples {
            let ours = complaints(bytes, version);
            let theirs = &verdicts[path];
            accepted += usize::from(theirs.is_none());
            let agree = ours.is_empty() == theirs.is_none();
            assert!(agree, "{path:?} {version:?}\n{ours:#?}\n{theirs:?}");
        }
    }
    assert!(accepted >= 5, "only {accepted} samples are valid");
}

fn complaints(bytes: &[u8], version: InvoiceVersion) -> Vec<String> {
    match read(bytes) {
        Ok(tree) => check(&tree, Schema::invoice(version))
            .iter()
            .map(ToString::to_string)
            .collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn a_signature_is_set_apart() {
    let Some(shared) = shared() else { return };
    let samples = support::facturas(&shared.join("samples"));
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
