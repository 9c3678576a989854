mod listing;
mod support;
mod withholding;

use std::collections::HashSet;

use jiff::civil::{Date, date};
use tagua_fiscal::catalogue::*;

#[track_caller]
fn in_force(code: &str, day: Date, expected: InForce) {
    let row = vat_rate(code).unwrap();
    assert_eq!(row.in_force_on(day), expected, "{code} on {day}");
    assert_eq!(vat_rate_on(code, day).is_some(), expected == InForce::Yes);
}

#[test]
fn iva_rates_have_their_days() {
    use InForce::{No, Unknown, Yes};
    in_force("2", date(2015, 2, 28), Yes);
    in_force("2", date(2016, 5, 31), Yes);
    in_force("2", date(2016, 6, 1), No);
    in_force("3", date(2016, 5, 31), No);
    in_force("3", date(2016, 6, 1), Yes);
    in_force("3", date(2017, 5, 31), Yes);
    in_force("3", date(2017, 6, 1), No);
    in_force("2", date(2017, 6, 1), Yes);
    in_force("2", date(2024, 3, 31), Yes);
    in_force("2", date(2024, 4, 1), No);
    in_force("4", date(2024, 3, 31), No);
    in_force("4", date(2024, 4, 1), Yes);
    in_force("5", date(2024, 4, 1), Yes);
    in_force("10", date(2026, 7, 1), Yes);
    in_force("8", date(2026, 1, 4), Yes);
    in_force("8", date(2026, 1, 5), Unknown);
    in_force("8", date(2026, 2, 14), Yes);
    for code in ["0", "6", "7"] {
        in_force(code, date(2013, 1, 1), Yes);
    }
    assert_eq!(vat_rate("1"), None);
}

/// One rate above the reduced ones on any day, as the law has it.
#[test]
fn one_general_rate_on_each_day() {
    let mut day = date(2013, 1, 1);
    while day < date(2027, 1, 1) {
        let rates = ["2", "3", "4"].map(|code| vat_rate_on(code, day));
        assert_eq!(rates.iter().flatten().count(), 1, "{day}");
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn iva_codes_have_their_rates() {
    let rates = VAT_RATES
        .iter()
        .map(|row| format!("{} {}", row.code, row.rate));
    assert_eq!(
        rates.collect::<Vec<_>>(),
        [
            "0 0.00", "2 12.00", "3 14.00", "4 15.00", "5 5.00", "6 0.00", "7 0.00", "8 8.00",
            "10 13.00"
        ]
    );
}

#[test]
fn countries_are_found_by_both_codes() {
    assert_eq!(country_by_iso("EC").unwrap().code, ECUADOR);
    assert_eq!(country_by_iso("de").unwrap().code, "202");
    assert_eq!(country_by_iso("US").unwrap().code, "110");
    assert_eq!(country_by_iso("CD").unwrap().code, "453");
    assert_eq!(country_by_iso("JE").unwrap().code, "832");
    assert_eq!(country_by_code("120").unwrap().name, "Perú");
    assert_eq!(country_by_code("464").unwrap().iso, None);
    for unknown in ["", "E", "XX", "593", "ECU"] {
        assert_eq!(country_by_iso(unknown), None, "{unknown}");
    }
}

#[test]
fn no_code_is_listed_twice() {
    #[track_caller]
    fn unique<'a>(codes: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for code in codes {
            assert!(seen.insert(code), "{code}");
        }
    }
    unique(COUNTRIES.iter().map(|row| row.code));
    unique(COUNTRIES.iter().filter_map(|row| row.iso));
    unique(COUNTRIES.iter().map(|row| row.name));
    unique(ICE_CODES.iter().map(|row| row.code));
    unique(PAYMENT_METHODS.iter().map(|row| row.code));
    unique(SUPPORT_DOCUMENTS.iter().map(|row| row.code));
    unique(WITHHOLDING_CODES.iter().map(|row| row.code));
    unique(VAT_RATES.iter().map(|row| row.code));
}

#[test]
fn country_codes_have_their_form() {
    for row in COUNTRIES {
        assert!(row.code.len() == 3 && row.code.bytes().all(|b| b.is_ascii_digit()));
        let iso = row.iso.unwrap_or("AA");
        assert!(
            iso.len() == 2 && iso.bytes().all(|b| b.is_ascii_uppercase()),
            "{iso}"
        );
    }
}

#[test]
fn ice_tells_percentages_from_dollars() {
    let IceBasis::AdValorem(perfume) = ice_code("3610").unwrap().basis else {
        panic!("3610 is a percentage");
    };
    assert_eq!(perfume.to_string(), "20.00");
    let IceBasis::Specific(bag) = ice_code("3680").unwrap().basis else {
        panic!("3680 is so much per bag");
    };
    assert_eq!(
        (bag.amount.to_string().as_str(), bag.per),
        ("0.08", "funda")
    );
    assert!(matches!(
        ice_code("3031").unwrap().basis,
        IceBasis::Mixed(..)
    ));
    assert_eq!(ice_code("3532").unwrap().basis, IceBasis::Import);
    assert_eq!(ice_code("3072"), None);
    assert_eq!(IRBPNR.to_string(), "0.02");
}

#[test]
fn payment_methods_in_use_are_not_retired() {
    for row in PAYMENT_METHODS {
        assert!(!is_retired_payment_method(row.code));
        assert_eq!(payment_method(row.code), Some(row));
    }
    for code in ["02", "09", "10", "14"] {
        assert!(is_retired_payment_method(code) && payment_method(code).is_none());
    }
    for code in ["", "2", "0x", "1 ", "22", "020"] {
        assert!(!is_retired_payment_method(code), "{code}");
    }
}

#[test]
fn small_tables_are_found_by_code() {
    assert_eq!(support_document("41").unwrap().code, REIMBURSEMENT_DOCUMENT);
    assert_eq!(support_document("06"), None);
    assert_eq!(
        withholding_code("327").unwrap().kind,
        InvoiceWithholdingKind::IncomeTax
    );
    assert_eq!(
        withholding_code("3").unwrap().kind,
        InvoiceWithholdingKind::Vat
    );
    assert_eq!(RIMPE_ENTREPRENEUR.chars().count(), 27);
    assert_eq!(RIMPE_SMALL_BUSINESS.chars().count(), 45);
}
