//! Whatever the model holds: findings, or bytes that say exactly the same.

mod support;

use std::cell::Cell;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use support::{arbitrary, xmllint};
use tagua_fiscal::invoice::Invoice;
use tagua_sri_xml::{Element, check_invoice, read, read_invoice, write, write_invoice};

#[test]
fn an_invoice_is_complained_about_or_comes_back_the_same() {
    let (kept, refused) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config::with_cases(2_000));
    let result = runner.run(&arbitrary::invoice(), |invoice| {
        let findings = check_invoice(&invoice);
        if findings.is_empty() {
            kept.set(kept.get() + 1);
            comes_back(&invoice);
        } else {
            refused.set(refused.get() + 1);
            let placed = |f: &tagua_sri_xml::StructuralFinding| {
                f.path.starts_with("/factura/")
                    && f.kind.is_structural()
                    && !f.message_es.is_empty()
            };
            assert!(findings.iter().all(placed), "{findings:#?}");
            // Even then the bytes are well-formed.
            read(&write_invoice(&invoice)).expect("well-formed");
        }
        Ok(())
    });
    result.expect("the property holds");
    assert!(
        kept.get() > 200 && refused.get() > 200,
        "{kept:?} {refused:?}"
    );
}

fn comes_back(invoice: &Invoice) {
    let bytes = write_invoice(invoice);
    let document = read_invoice(&bytes).expect("what is written can be read");
    assert_eq!(&document.invoice, invoice);
    assert!(document.notes.is_empty(), "{:?}", document.notes);
    assert_eq!(write_invoice(&document.invoice), bytes);
    let tree = read(&bytes).expect("well-formed");
    assert_eq!(write(&tree), bytes);
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    let other = roxmltree::Document::parse(text).expect("well-formed");
    same(&tree, other.root_element());
}

/// Two readers see the same document.
fn same(ours: &Element<'_>, theirs: roxmltree::Node<'_, '_>) {
    assert_eq!(ours.name, theirs.tag_name().name());
    assert_eq!(ours.attributes.len(), theirs.attributes().len());
    for attribute in &ours.attributes {
        let value = theirs.attribute(attribute.name.as_ref());
        assert_eq!(value, Some(attribute.value.as_ref()));
    }
    let children: Vec<_> = theirs
        .children()
        .filter(roxmltree::Node::is_element)
        .collect();
    assert_eq!(ours.children.len(), children.len());
    for (ours, theirs) in ours.children.iter().zip(children) {
        same(ours, theirs);
    }
    if ours.children.is_empty() {
        assert_eq!(ours.text, theirs.text().unwrap_or_default());
    }
}

#[test]
fn written_bytes_are_canonical() {
    if !xmllint::is_available() {
        return;
    }
    let folder = xmllint::Folder::new("canonical");
    let mut runner = TestRunner::deterministic();
    for at in 0..60 {
        let tree = arbitrary::invoice().new_tree(&mut runner);
        let bytes = write_invoice(&tree.expect("a strategy without rejects").current());
        let file = folder.add(&format!("{at}.xml"), &bytes);
        let (ours, canonical) = (String::from_utf8_lossy(&bytes), xmllint::canonical(&file));
        assert_eq!(ours, String::from_utf8_lossy(&canonical), "{file:?}");
    }
}
