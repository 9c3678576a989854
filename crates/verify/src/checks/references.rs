//! The references of `SignedInfo`: what they cover and whether it is unchanged.

use roxmltree::Document;

use crate::report::Recorder;
use crate::rules::Rule;
use crate::signature::{REFERENCES_MAX, Reference, Role, Signature};

const SIGNED_PROPERTIES_TYPE: &str = "http://uri.etsi.org/01903#SignedProperties";

pub(super) fn check(tree: &Document<'_>, signature: &Signature<'_, '_>, recorder: &mut Recorder) {
    let mut references = signature.references(tree);
    let too_many = references.len() > REFERENCES_MAX;
    references.truncate(REFERENCES_MAX);
    check_targets(&references, too_many, recorder);
    check_parts(&references, recorder);
    check_document(&references, recorder);
    check_signed_properties(&references, recorder);
    check_key_info(&references, recorder);
    for (rule, role) in [
        (Rule::DocumentDigest, Role::Document),
        (Rule::SignedPropertiesDigest, Role::SignedProperties),
        (Rule::KeyInfoDigest, Role::KeyInfo),
        (Rule::OtherReferences, Role::Other),
    ] {
        check_digests(rule, role, &references, signature, recorder);
    }
}

fn check_targets(references: &[Reference<'_, '_>], too_many: bool, recorder: &mut Recorder) {
    let mut targets = complaints(references, |reference| reference.target.as_ref().err());
    if references.is_empty() {
        targets.push("there is no reference".to_owned());
    }
    if too_many {
        targets.push(format!("there are more than {REFERENCES_MAX} references"));
    }
    let uris: Vec<_> = references.iter().map(|r| r.uri.as_str()).collect();
    recorder.judge(Rule::ReferenceTargets, &targets, uris.join(", "));
}

fn check_parts(references: &[Reference<'_, '_>], recorder: &mut Recorder) {
    let transforms = complaints(references, |reference| reference.transforms.as_ref().err());
    recorder.judge(Rule::Transforms, &transforms, "all known");
    let methods = complaints(references, |reference| reference.method.as_ref().err());
    recorder.judge(Rule::DigestMethods, &methods, "all known");
}

fn complaints<'r>(
    references: &'r [Reference<'_, '_>],
    complaint: impl Fn(&'r Reference<'_, '_>) -> Option<&'r String>,
) -> Vec<String> {
    references
        .iter()
        .filter_map(|reference| {
            complaint(reference).map(|text| format!("\"{}\": {text}", reference.uri))
        })
        .collect()
}

fn of_role<'r, 'a, 'i>(
    references: &'r [Reference<'a, 'i>],
    role: Role,
) -> impl Iterator<Item = &'r Reference<'a, 'i>> {
    references
        .iter()
        .filter(move |reference| reference.role == Some(role))
}

fn check_document(references: &[Reference<'_, '_>], recorder: &mut Recorder) {
    let rule = Rule::DocumentReference;
    let covering: Vec<_> = of_role(references, Role::Document).collect();
    let enveloped =
        |reference: &&Reference<'_, '_>| reference.transforms.as_ref().is_ok_and(|t| t.enveloped);
    match covering.as_slice() {
        [] => recorder.fail(rule, "no reference covers the document"),
        [only] if !enveloped(only) => recorder.fail(
            rule,
            "the reference to the document has no enveloped-signature transform",
        ),
        [only] if only.uri == "#comprobante" => recorder.pass(rule, only.uri.clone()),
        [only] => recorder.warn(rule, format!("\"{}\" instead of #comprobante", only.uri)),
        _ => recorder.fail(rule, "more than one reference covers the document"),
    }
}

fn check_signed_properties(references: &[Reference<'_, '_>], recorder: &mut Recorder) {
    let rule = Rule::SignedPropertiesReference;
    match of_role(references, Role::SignedProperties).next() {
        None => recorder.fail(rule, "no reference covers SignedProperties"),
        Some(reference) if reference.kind == Some(SIGNED_PROPERTIES_TYPE) => {
            recorder.pass(rule, reference.uri.clone());
        }
        Some(_) => recorder.warn(rule, format!("its Type is not {SIGNED_PROPERTIES_TYPE}")),
    }
}

fn check_key_info(references: &[Reference<'_, '_>], recorder: &mut Recorder) {
    let rule = Rule::KeyInfoReference;
    match of_role(references, Role::KeyInfo).next() {
        Some(reference) => recorder.pass(rule, reference.uri.clone()),
        // The ficha técnica asks for it, yet documents without it were authorised.
        None => recorder.warn(rule, "no reference covers KeyInfo"),
    }
}

fn check_digests(
    rule: Rule,
    role: Role,
    references: &[Reference<'_, '_>],
    signature: &Signature<'_, '_>,
    recorder: &mut Recorder,
) {
    let (mut praise, mut complaints) = (Vec::new(), Vec::new());
    for reference in of_role(references, role) {
        match reference.check_digest(signature.node) {
            Ok(text) => praise.push(text),
            Err(text) => complaints.push(text),
        }
    }
    if praise.is_empty() && complaints.is_empty() {
        recorder.skip(rule, "no such reference");
    } else {
        recorder.judge(rule, &complaints, praise.join("; "));
    }
}
