//! The folder `examples`: a request of every kind, the XML it becomes and what
//! a person would read. The requests are written by hand; `TAGUA_REGENERATE=1`
//! writes the rest again, without it the test compares.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod cases;
mod indented;
mod index;
mod money;
mod text;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cases::{CASES, Case};
use jiff::Timestamp;
use jiff::civil::date;
use tagua_fiscal::rules::{RuleCode, RuleContext, check_document, valid};
use tagua_fiscal::{Document, Sequential};
use tagua_sri_xml::{any, check};
use tagua_testing::{has_tool, shared, xmllint};
use tagua_wire::{WireContext, parse_body, read_document, read_xml, xml_of_body};

/// The numeric code of the keys.
const NUMERIC_CODE: u32 = 12_345_678;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// What a request became.
struct Made {
    document: Document,
    xml: String,
}

/// 10:00 of 20 November 2026 in Guayaquil.
fn context() -> WireContext {
    WireContext::at("2026-11-20T15:00:00Z".parse::<Timestamp>().unwrap())
}

impl Case {
    fn file(&self, extension: &str) -> PathBuf {
        let folder = folder().join(self.collection.as_str());
        folder.join(format!("{}.{extension}", self.name))
    }

    fn made(&self) -> Made {
        let body = fs::read(self.file("json")).unwrap();
        match self.is_xml() {
            true => self.of_xml(&body),
            false => self.of_json(&body),
        }
    }

    fn of_json(&self, body: &[u8]) -> Made {
        let value = parse_body(body).unwrap();
        let request = read_document(self.collection, &value, &context());
        let request = request.unwrap_or_else(|f| panic!("{}: {f:#?}", self.name));
        let number = request.number().unwrap_or(Sequential::new(1).unwrap());
        let key = request.key(number, NUMERIC_CODE);
        let document = request.into_document(number, key);
        let xml = indented::xml(&any::to_tree(&document));
        Made { document, xml }
    }

    fn of_xml(&self, body: &[u8]) -> Made {
        let xml = xml_of_body(body).unwrap();
        let request = read_xml(&xml, self.collection).unwrap();
        let key = request.key(NUMERIC_CODE);
        let tree = request.with_key(key);
        let (document, _) = any::from_tree(&tree).unwrap();
        Made {
            document,
            xml: indented::xml(&tree),
        }
    }
}

/// Rewrites the file or compares it.
#[track_caller]
fn hold(path: &Path, text: &str) {
    if std::env::var("TAGUA_REGENERATE").is_ok_and(|v| v == "1") {
        fs::write(path, text).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    let help = "run the test with TAGUA_REGENERATE=1 and look at what changed";
    assert!(
        found == text,
        "{} is not up to date: {help}",
        path.display()
    );
}

#[test]
fn every_example_becomes_what_lies_beside_it() {
    for case in CASES {
        let made = case.made();
        hold(&case.file("xml"), &made.xml);
        hold(&case.file("txt"), &text::of(&made.document));
    }
    hold(&folder().join("README.md"), &index::text());
}

/// Dátil takes the additional discount off the total (CONTRACT 7.4.1), the ficha
/// técnica off the tax alone: whoever follows Dátil is told.
fn warnings(case: &Case) -> Option<RuleCode> {
    (case.name == "additional-discount").then_some(RuleCode::TotalForm)
}

#[test]
fn nothing_is_wrong_with_any() {
    let rules = RuleContext::on(date(2026, 11, 20));
    for case in CASES {
        let Made { document, xml } = case.made();
        let found = check_document(&document, &rules);
        let codes = found.iter().map(|finding| finding.code);
        assert!(codes.eq(warnings(case)), "{}: {found:#?}", case.name);
        assert!(valid(&found), "{}: {found:#?}", case.name);
        let tree = tagua_sri_xml::read(xml.as_bytes()).unwrap();
        assert_eq!(check(&tree, any::schema(&document)), [], "{}", case.name);
        let read = any::from_tree(&tree).unwrap();
        assert_eq!(read, (document, Vec::new()), "{}", case.name);
    }
}

#[test]
fn the_official_schemas_accept_them() {
    let Some(shared) = shared().filter(|_| has_tool("xmllint")) else {
        return;
    };
    for case in CASES {
        let file = case.file("xml");
        let schema = any::schema(&case.made().document);
        let (root, version) = (schema.root.name, schema.version);
        for (file, complaints) in xmllint::validate(&shared, root, version, &[file]) {
            assert_eq!(complaints, None, "{}", file.display());
        }
    }
}

/// Every document is shown, every file is tested, and every request has a number
/// of its own in its series, so that all can be sent to one server.
#[test]
fn the_folder_holds_the_cases_and_nothing_else() {
    let listed: BTreeSet<_> = CASES
        .iter()
        .flat_map(|case| ["json", "xml", "txt"].map(|kind| case.file(kind)))
        .collect();
    let mut found = BTreeSet::new();
    for collection in tagua_wire::Collection::ALL {
        let entries = fs::read_dir(folder().join(collection.as_str())).unwrap();
        found.extend(entries.map(|entry| entry.unwrap().path()));
    }
    assert_eq!(found, listed);
    let mut keys = BTreeSet::new();
    for case in CASES {
        let document = case.made().document;
        let tax = document.tax_info();
        let number = (document.document_type().code(), tax.series, tax.sequential);
        assert!(keys.insert(number), "{}: {number:?} again", case.name);
    }
}
