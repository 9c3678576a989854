//! The shape of the signature and the algorithms it names.

use std::collections::HashSet;

use roxmltree::{Document, Node};

use crate::c14n::Canonicalization;
use crate::digest::RsaMethod;
use crate::report::Recorder;
use crate::rules::Rule;
use crate::scan::is_blank;
use crate::signature::{Signature, ids};
use crate::xml::{DS, XADES};

pub(super) fn check(tree: &Document<'_>, signature: &Signature<'_, '_>, recorder: &mut Recorder) {
    check_children(signature, recorder);
    check_ids(tree, recorder);
    check_algorithms(signature, recorder);
}

fn check_children(signature: &Signature<'_, '_>, recorder: &mut Recorder) {
    let mut complaints = Vec::new();
    let order = ["SignedInfo", "SignatureValue", "KeyInfo", "Object"];
    let names: Vec<_> = elements(signature.node, DS);
    if names != order {
        let shown = names.join(", ");
        complaints.push(format!("the children of Signature are {shown}"));
    }
    if signature.signed_properties.is_none() {
        complaints.push("there is no etsi:SignedProperties".to_owned());
    }
    let qualifying = signature.qualifying;
    let object = qualifying.and_then(|node| node.parent_element());
    check_only(object, XADES, &["QualifyingProperties"], &mut complaints);
    let properties = ["SignedProperties", "UnsignedProperties"];
    check_only(qualifying, XADES, &properties, &mut complaints);
    let containers = [Some(signature.node), object, qualifying];
    let loose = |node: &Node<'_, '_>| node.children().any(|child| is_loose(&child));
    if containers.iter().flatten().any(loose) {
        complaints.push("there is text between the elements".to_owned());
    }
    recorder.judge(Rule::SignatureStructure, &complaints, order.join(", "));
}

/// Names of the child elements; those of another namespace are marked.
fn elements<'a>(node: Node<'a, '_>, namespace: &str) -> Vec<&'a str> {
    node.children()
        .filter(Node::is_element)
        .map(|child| match child.tag_name().namespace() {
            Some(found) if found == namespace => child.tag_name().name(),
            _ => "(foreign element)",
        })
        .collect()
}

/// Each of these names at most once, the first one always, and nothing else.
fn check_only(
    node: Option<Node<'_, '_>>,
    namespace: &str,
    allowed: &[&str],
    complaints: &mut Vec<String>,
) {
    let Some(node) = node else { return };
    let names = elements(node, namespace);
    if !names
        .iter()
        .zip(allowed)
        .all(|(name, allowed)| name == allowed)
        || names.len() > allowed.len()
    {
        let (name, shown) = (node.tag_name().name(), names.join(", "));
        complaints.push(format!("the children of {name} are {shown}"));
    }
}

fn is_loose(node: &Node<'_, '_>) -> bool {
    node.is_pi() || (node.is_text() && !node.text().unwrap_or_default().chars().all(is_blank))
}

fn check_ids(tree: &Document<'_>, recorder: &mut Recorder) {
    let mut seen = HashSet::new();
    let mut complaints = Vec::new();
    for node in tree.descendants() {
        let own: HashSet<_> = ids(node).collect();
        for id in own {
            if !seen.insert(id) {
                complaints.push(format!("more than one element has the id {id}"));
            }
        }
    }
    complaints.truncate(5);
    recorder.judge(
        Rule::IdsUnique,
        &complaints,
        format!("{} ids, all different", seen.len()),
    );
}

fn check_algorithms(signature: &Signature<'_, '_>, recorder: &mut Recorder) {
    let rule = Rule::CanonicalizationMethod;
    match signature.canonicalization_algorithm() {
        None => recorder.fail(rule, "there is none"),
        Some(name) => match Canonicalization::from_algorithm(name) {
            Some(Canonicalization::INCLUSIVE) => recorder.pass(rule, name),
            Some(_) => recorder.warn(rule, format!("{name} is not the one SRI asks for")),
            None => recorder.fail(rule, format!("unknown: {name}")),
        },
    }
    let rule = Rule::SignatureMethod;
    let name = signature.signature_algorithm();
    let method = name.and_then(RsaMethod::from_algorithm);
    recorder.summary.algorithm = method.map(RsaMethod::name).or(name).map(str::to_owned);
    match (method, name) {
        (Some(method), _) => recorder.pass(rule, method.name()),
        (None, Some(name)) => recorder.fail(rule, format!("unknown: {name}")),
        (None, None) => recorder.fail(rule, "there is none"),
    }
}
