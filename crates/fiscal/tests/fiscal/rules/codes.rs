use std::collections::HashSet;

use tagua_fiscal::rules::{RuleCode, Severity};

#[test]
fn names_are_unique_snake_case() {
    let mut seen = HashSet::new();
    for code in RuleCode::ALL {
        let name = code.as_str();
        assert!(seen.insert(name), "{name}");
        assert!(
            name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{name}"
        );
    }
}

/// What makes a document not valid: a change here changes `es_valida`.
#[test]
fn errors_are_these() {
    let errors = RuleCode::ALL
        .iter()
        .filter(|code| code.severity() == Severity::Error);
    assert_eq!(
        errors.map(|code| code.as_str()).collect::<Vec<_>>(),
        [
            "line_net",
            "tax_amount",
            "line_vat_base",
            "line_ice_base",
            "vat_rate_mismatch",
            "vat_rate_not_in_force",
            "net_total",
            "tax_total_without_lines",
            "tax_total_missing",
            "tax_total_base",
            "tax_total_amount",
            "discount_total",
            "total",
            "payment_sum",
            "reimbursement_sum",
            "reimbursement_net",
            "reimbursement_item_vat",
            "final_consumer_id",
            "final_consumer_not_allowed",
            "transport_start",
            "withheld_amount",
            "subject_type_missing",
            "supporting_total",
            "supporting_vat_base",
        ]
    );
    assert!(Severity::Error > Severity::Warning);
}
