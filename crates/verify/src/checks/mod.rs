//! The checks, in the order in which a reader would make them.

mod document;
mod enveloping;
mod keys;
mod properties;
mod references;
mod structure;

use roxmltree::{Document, Node};

use crate::report::{Recorder, Report};
use crate::rules::Rule;
use crate::scan::ScanLimits;
use crate::signature::Signature;
use crate::xml::{DS, XmlText, chain};

/// Verifies a signed document, bare or in SRI's envelope, with the usual limits.
pub fn verify_document(bytes: &[u8]) -> Report {
    verify_with_limits(bytes, &ScanLimits::default())
}

/// Verifies a signed document, bare or in SRI's envelope.
///
/// Never fails as a function: octets that are not even XML give a report, too.
pub fn verify_with_limits(bytes: &[u8], limits: &ScanLimits) -> Report {
    let mut recorder = Recorder::default();
    with_tree(
        Rule::WellFormed,
        bytes,
        limits,
        &mut recorder,
        |tree, recorder| check_content(tree, limits, recorder),
    );
    finish(recorder)
}

/// Verifies a document that was read before, as [`XmlText::tree`] gives it: a
/// caller that needs the tree for itself saves reading it twice.
pub fn verify_tree(tree: &Document<'_>) -> Report {
    let mut recorder = Recorder::default();
    recorder.pass(Rule::WellFormed, "read before");
    check_content(tree, &ScanLimits::default(), &mut recorder);
    finish(recorder)
}

fn finish(recorder: Recorder) -> Report {
    recorder.finish("nothing to look at: an earlier check says why")
}

fn check_content(tree: &Document<'_>, limits: &ScanLimits, recorder: &mut Recorder) {
    match enveloping::check(tree, recorder) {
        enveloping::Content::Bare => check_document(tree, recorder),
        enveloping::Content::Nothing => {}
        enveloping::Content::Document(text) => with_tree(
            Rule::InnerWellFormed,
            text.as_bytes(),
            limits,
            recorder,
            check_document,
        ),
    }
}

fn with_tree(
    rule: Rule,
    bytes: &[u8],
    limits: &ScanLimits,
    recorder: &mut Recorder,
    then: impl FnOnce(&Document<'_>, &mut Recorder),
) {
    let text = match XmlText::read(bytes, limits) {
        Ok(text) => text,
        Err(error) => return recorder.fail(rule, chain(&error)),
    };
    let tree = match text.tree() {
        Ok(tree) => tree,
        Err(error) => return recorder.fail(rule, chain(&error)),
    };
    let facts = text.facts();
    let detail = format!("{} elements, {} deep", facts.elements, facts.depth);
    if facts.byte_order_mark {
        recorder.warn(rule, format!("{detail}, starts with a byte order mark"));
    } else {
        recorder.pass(rule, detail);
    }
    then(&tree, recorder);
}

fn check_document(tree: &Document<'_>, recorder: &mut Recorder) {
    document::check(tree, recorder);
    enveloping::check_agreement(tree, recorder);
    match find_signature(tree, recorder) {
        Some(node) => check_signature(tree, &Signature::new(node), recorder),
        None => {
            for rule in Rule::ALL
                .iter()
                .filter(|rule| **rule > Rule::SignaturePresent)
            {
                recorder.skip(*rule, "there is no signature");
            }
        }
    }
}

fn check_signature(tree: &Document<'_>, signature: &Signature<'_, '_>, recorder: &mut Recorder) {
    structure::check(tree, signature, recorder);
    references::check(tree, signature, recorder);
    let certificate = keys::check(signature, recorder);
    properties::check(signature, certificate.as_ref(), recorder);
    recorder.certificate = certificate;
}

/// The signature that a verifier must take: a child of the root and the only one
/// anywhere. Others are still looked at, so that every check has a verdict.
fn find_signature<'a, 'i: 'a>(
    tree: &'a Document<'i>,
    recorder: &mut Recorder,
) -> Option<Node<'a, 'i>> {
    let all: Vec<_> = tree
        .descendants()
        .filter(|node| node.has_tag_name((DS, "Signature")))
        .collect();
    let is_child = |node: &&Node<'_, '_>| node.parent_element() == Some(tree.root_element());
    let child = all.iter().find(is_child);
    match (child, all.len()) {
        (_, 0) => recorder.fail(Rule::SignaturePresent, "there is no signature"),
        (Some(_), 1) => recorder.pass(Rule::SignaturePresent, "one, a child of the root"),
        (None, _) => recorder.fail(
            Rule::SignaturePresent,
            "the signature is not a child of the root",
        ),
        (_, count) => recorder.fail(
            Rule::SignaturePresent,
            format!("there are {count} signatures"),
        ),
    }
    child.or_else(|| all.first()).copied()
}
