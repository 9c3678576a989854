//! What local checks found, in the words of the wire.

use tagua_fiscal::rules::{Finding, RuleCode, Severity};
use tagua_sri_xml::StructuralFinding;
use tagua_wire::{Collection, ErrorCode, WireFinding, parameter, parameter_of_xml_path};

use super::order::Order;
use crate::draft::{Draft, size_refusal};
use crate::error::ApiError;

/// A place where the schema is broken. The path in the XML goes into the
/// details: not every element has a field.
pub(super) fn of_structure(collection: Collection, finding: &StructuralFinding) -> WireFinding {
    let parameter = parameter_of_xml_path(collection, &finding.path);
    let details = format!("{}: {}", finding.path, finding.message_es);
    WireFinding::new(parameter, ErrorCode::InvalidFormat, details)
}

/// A rule that is broken.
pub(super) fn of_rule(collection: Collection, finding: &Finding) -> WireFinding {
    let parameter = parameter(collection, &finding.path);
    let code = match finding.code {
        RuleCode::SubjectTypeMissing => ErrorCode::MissingParameter,
        _ => ErrorCode::InvalidValue,
    };
    WireFinding::new(parameter, code, finding.message.clone())
}

/// A file of more bytes than SRI takes.
pub(super) fn of_size(draft: &Draft) -> Option<WireFinding> {
    let details = size_refusal(draft.canonical.len())?;
    Some(WireFinding::new(
        String::new(),
        ErrorCode::InvalidLength,
        details,
    ))
}

/// The strict profile: what SRI would return, and what contradicts itself, is
/// refused (CONTRACT 5.3).
pub(super) fn hold_strictly(
    order: &Order<'_>,
    collection: Collection,
    draft: &Draft,
) -> Result<(), ApiError> {
    if draft.valid() {
        return Ok(());
    }
    let errors = draft.rules.iter();
    let errors = errors.filter(|finding| finding.severity == Severity::Error);
    let structural = draft.structural.iter();
    let findings = errors
        .map(|finding| of_rule(collection, finding))
        .chain(structural.map(|finding| of_structure(collection, finding)))
        .chain(of_size(draft));
    Err(order.refused(findings.collect()))
}
