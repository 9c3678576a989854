//! Documents of many lines.

use tagua_fiscal::invoice::Invoice;
use tagua_fiscal::rules::RuleCode;

use crate::sample::{amount, findings, invoice, tax};

const LINES: usize = 2_000;

/// As many lines as `LINES`, each with a tax code of its own.
fn many() -> Invoice {
    let mut invoice = invoice();
    let line = invoice.lines[0].clone();
    invoice.lines = (0..LINES)
        .map(|number| {
            let mut line = line.clone();
            let code = format!("{:04}", 9_999 - number);
            line.taxes = vec![tax("5", &code, "0.02", "1.00", "0.02")];
            line
        })
        .collect();
    invoice.info.net_total = amount("38000.00");
    invoice.info.discount_total = amount("2000.00");
    invoice.info.tax_totals.clear();
    invoice
}

#[test]
fn every_tax_of_many_lines_is_looked_for_in_their_order() {
    let found = findings(&many());
    let missing = found
        .iter()
        .filter(|finding| finding.code == RuleCode::TaxTotalMissing);
    let paths = missing.map(|finding| finding.path.to_string());
    assert!(paths.eq((0..LINES).map(|number| format!("lines[{number}].taxes[0]"))));
}

#[test]
fn sums_of_many_lines_are_exact() {
    let mut invoice = many();
    let found = findings(&invoice);
    let has = |code| {
        move |found: &[tagua_fiscal::rules::Finding]| {
            found.iter().any(|finding| finding.code == code)
        }
    };
    assert!(!has(RuleCode::NetTotal)(&found));
    assert!(!has(RuleCode::DiscountTotal)(&found));
    invoice.info.net_total = amount("38000.02");
    assert!(has(RuleCode::NetTotal)(&findings(&invoice)));
}
