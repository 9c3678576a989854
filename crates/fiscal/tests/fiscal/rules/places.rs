//! Every place that a finding names is in the list for its document.

use std::collections::HashSet;

use tagua_fiscal::rules::{RuleCode, places};
use tagua_fiscal::{Document, DocumentType};

use super::{cases, documents, law};

#[test]
fn every_rule_has_a_case() {
    let documents = documents::cases();
    let tried: HashSet<_> = cases::codes_tried()
        .into_iter()
        .chain(documents.iter().map(|case| case.code))
        .chain(law::TRIED)
        .collect();
    let untried = RuleCode::ALL.iter().filter(|code| !tried.contains(code));
    assert_eq!(untried.collect::<Vec<_>>(), Vec::<&RuleCode>::new());
}

#[test]
fn findings_name_listed_places() {
    let documents = documents::cases();
    let invoices = cases::broken_invoices().into_iter();
    let invoices = invoices.map(|invoice| Document::Invoice(Box::new(invoice)));
    for document in documents
        .into_iter()
        .map(|case| case.document)
        .chain(invoices)
    {
        let listed: Vec<_> = places(document.document_type()).collect();
        for finding in documents::findings(&document) {
            let pattern = finding.path.pattern();
            assert!(listed.contains(&pattern.as_str()), "{pattern}");
        }
    }
}

#[test]
fn places_are_listed_once() {
    for of in DocumentType::ALL {
        let mut seen = HashSet::new();
        for place in places(of) {
            assert!(seen.insert(place), "{place}");
        }
    }
    assert!(places(DocumentType::Waybill).any(|place| place == "recipients[].id"));
    assert!(places(DocumentType::Waybill).all(|place| !place.starts_with("info.total")));
}
