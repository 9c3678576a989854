//! What is true of every type of document, said once.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{Element, StructuralFinding, check, read, write};

use super::{documents, sample, vectors, xmllint};

/// The three public functions of a type of document, and its schemas.
pub(crate) trait Door: Sized + PartialEq + Debug {
    const SCHEMAS: &'static [&'static Schema];

    /// Those of which no other allows all they allow.
    const WIDEST: &'static [&'static Schema] = Self::SCHEMAS.split_at(Self::SCHEMAS.len() - 1).1;

    /// Texts on both sides of the forms that only this type has.
    const TEXTS: &'static [&'static str] = &[];

    /// The document with everything its version allows.
    fn maximal(schema: &Schema) -> Self;

    fn schema(&self) -> &'static Schema;

    fn check(&self) -> Vec<StructuralFinding>;

    fn write(&self) -> Vec<u8>;

    /// The document and the notes about it.
    fn read(bytes: &[u8]) -> Result<(Self, Vec<StructuralFinding>), Vec<StructuralFinding>>;

    fn root() -> &'static str {
        Self::SCHEMAS[0].root.name
    }
}

/// Every expected document comes back element by element.
pub(crate) fn vectors_survive<D: Door>(shared: &Path, count_min: usize) {
    let files = vectors(shared, D::root());
    assert!(files.len() >= count_min, "only {} found", files.len());
    for (path, bytes) in files {
        let (document, notes) = D::read(&bytes).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
        assert!(notes.is_empty(), "{path:?}: {notes:?}");
        assert_eq!(document.check(), [], "{path:?}");
        assert_eq!(read(&document.write()), read(&bytes), "{path:?}");
    }
}

/// xmllint accepts what is written: every expected document, and everything.
pub(crate) fn written_is_valid<D: Door>(shared: &Path) {
    let folder = xmllint::Folder::new(&format!("written-{}", D::root()));
    let mut files: BTreeMap<&str, (&Schema, Vec<_>)> = BTreeMap::new();
    let mut add = |document: D, name: &str| {
        let file = folder.add(&format!("{name}.xml"), &document.write());
        let schema = document.schema();
        let entry = files.entry(schema.version);
        entry.or_insert((schema, Vec::new())).1.push(file);
    };
    for (at, (path, bytes)) in vectors(shared, D::root()).into_iter().enumerate() {
        let (document, _) = D::read(&bytes).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
        add(document, &at.to_string());
    }
    for schema in D::SCHEMAS {
        add(D::maximal(schema), &format!("maximal-{}", schema.version));
    }
    assert_eq!(files.len(), D::SCHEMAS.len());
    for (schema, files) in files.into_values() {
        for (file, complaints) in xmllint::validate(shared, schema, &files) {
            assert_eq!(complaints, None, "{file:?}");
        }
    }
}

/// Whatever `version` a sample names, its structure is held against every
/// schema of its type. Gives how many verdicts were favourable.
pub(crate) fn samples_agree<D: Door>(shared: &Path, count_min: usize) -> usize {
    let samples = documents(&shared.join("samples"), D::root());
    assert!(samples.len() >= count_min, "only {} found", samples.len());
    let files: Vec<_> = samples.iter().map(|(path, _)| path.clone()).collect();
    let mut accepted = 0;
    for schema in D::SCHEMAS {
        let verdicts = xmllint::validate(shared, schema, &files);
        for (path, bytes) in &samples {
            let ours = match read(bytes) {
                Ok(tree) => check(&tree, schema),
                Err(error) => vec![error.finding()],
            };
            let theirs = &verdicts[path];
            accepted += usize::from(theirs.is_none());
            let agree = ours.is_empty() == theirs.is_none();
            let version = schema.version;
            assert!(agree, "{path:?} {version}\n{ours:#?}\n{theirs:?}");
        }
    }
    accepted
}

/// Every sample comes back byte by byte from every schema that accepts it, once
/// its placeholders (keys of zeros, years 1000, taxes 0) are such as a model can hold.
/// Gives how many did.
pub(crate) fn mended_samples_survive<D: Door>(shared: &Path) -> usize {
    let mut survived = 0;
    for (path, bytes) in documents(&shared.join("samples"), D::root()) {
        for schema in D::SCHEMAS {
            let Ok(mut tree) = read(&bytes) else { continue };
            mend(&mut tree, schema);
            if check(&tree, schema).is_empty() {
                let mended = write(&tree);
                let (document, notes) =
                    D::read(&mended).unwrap_or_else(|e| panic!("{path:?}: {e:?}"));
                assert!(notes.is_empty(), "{path:?}: {notes:?}");
                assert_eq!(read(&document.write()), read(&mended), "{path:?}");
                survived += 1;
            }
        }
    }
    survived
}

fn mend(root: &mut Element<'_>, schema: &Schema) {
    root.attributes.clear();
    let id = Element::default().with("id", "comprobante");
    let with_version = id.with("version", schema.version);
    root.attributes.extend(with_version.attributes);
    root.children.retain(|child| !child.is_signature());
    let header = sample::tax_info(schema.document);
    for field in root
        .children
        .iter_mut()
        .take(1)
        .flat_map(|header| &mut header.children)
    {
        match field.name.as_ref() {
            "claveAcceso" => field.text = header.access_key.to_string().into(),
            "codDoc" => field.text = schema.document.code().into(),
            "secuencial" => field.text = header.sequential.to_string().into(),
            _ => {}
        }
    }
    mend_texts(root);
}

fn mend_texts(element: &mut Element<'_>) {
    if element.name == "codigo" && element.text == "0" {
        element.text = "2".into();
    }
    if let Some(day) = element.text.strip_suffix("/1000") {
        element.text = format!("{day}/2026").into();
    }
    element.children.iter_mut().for_each(mend_texts);
}

/// Whatever a model holds: findings, or bytes that say exactly the same.
pub(crate) fn complained_about_or_the_same<D: Door>(strategy: &impl Strategy<Value = D>) {
    let (kept, refused) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(Config::with_cases(2_000));
    let root = format!("/{}/", D::root());
    let placed = |f: &StructuralFinding| {
        f.path.starts_with(&root) && f.kind.is_structural() && !f.message_es.is_empty()
    };
    let result = runner.run(strategy, |document| {
        let findings = document.check();
        if findings.is_empty() {
            kept.set(kept.get() + 1);
            comes_back(&document);
        } else {
            refused.set(refused.get() + 1);
            assert!(findings.iter().all(placed), "{findings:#?}");
            // Even then the bytes are well-formed.
            read(&document.write()).expect("well-formed");
        }
        Ok(())
    });
    result.expect("the property holds");
    assert!(
        kept.get() > 200 && refused.get() > 200,
        "{kept:?} {refused:?}"
    );
}

fn comes_back<D: Door>(document: &D) {
    let bytes = document.write();
    let (read_back, notes) = D::read(&bytes).expect("what is written can be read");
    assert_eq!(&read_back, document);
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(read_back.write(), bytes);
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

/// xmllint canonicalises what is written into itself.
pub(crate) fn written_is_canonical<D: Door>(strategy: &impl Strategy<Value = D>) {
    let folder = xmllint::Folder::new(&format!("canonical-{}", D::root()));
    let mut runner = TestRunner::deterministic();
    for at in 0..60 {
        let tree = strategy.new_tree(&mut runner);
        let bytes = tree.expect("a strategy without rejects").current().write();
        let file = folder.add(&format!("{at}.xml"), &bytes);
        let (ours, canonical) = (String::from_utf8_lossy(&bytes), xmllint::canonical(&file));
        assert_eq!(ours, String::from_utf8_lossy(&canonical), "{file:?}");
    }
}
