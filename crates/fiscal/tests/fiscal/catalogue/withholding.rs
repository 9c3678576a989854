use std::collections::HashSet;

use jiff::civil::{Date, date};
use tagua_fiscal::catalogue::*;

use crate::sample::rate;

const TODAY: Date = date(2026, 11, 20);

/// The percentages of a day, as messages print them.
fn on(tax: &str, code: &str, day: Date) -> Option<String> {
    let (percentages, _) = withholding_rate(tax, code).unwrap().on(day)?;
    Some(percentages.to_string())
}

#[track_caller]
fn is(tax: &str, code: &str, day: Date, expected: &str) {
    assert_eq!(
        on(tax, code, day).as_deref(),
        Some(expected),
        "{code} {day}"
    );
}

#[test]
fn iva_has_the_codes_of_the_document_and_not_of_the_form() {
    let rows = VAT_WITHHOLDINGS
        .iter()
        .map(|row| format!("{} {}", row.code, on("2", row.code, TODAY).unwrap()));
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [
            "9 10.00", "10 20.00", "1 30.00", "11 50.00", "2 70.00", "3 100.00", "7 0.00", "8 0.00"
        ]
    );
    assert_eq!(withholding_rate("2", "721"), None);
    assert_eq!(withholding_rate("4", "327"), None);
    assert!(withholding_table("3").is_none());
}

#[test]
fn isd_fell_by_quarters_and_rose_again() {
    let days = [
        (date(2021, 12, 31), "5.00"),
        (date(2022, 1, 1), "4.75"),
        (date(2022, 6, 30), "4.50"),
        (date(2022, 7, 1), "4.25"),
        (date(2022, 12, 31), "4.00"),
        (date(2023, 2, 1), "3.75"),
        (date(2024, 3, 31), "3.50"),
        (date(2024, 4, 1), "5.00"),
        (TODAY, "5.00"),
    ];
    for (day, percent) in days {
        is("6", "4580", day, percent);
    }
    assert_eq!(on("6", "4580", date(2023, 1, 31)), None);
    assert_eq!(on("6", "4586", date(2025, 4, 30)), None);
    is("6", "4586", date(2025, 5, 1), "2.50");
}

#[test]
fn renta_changed_in_march_2026() {
    let (before, since) = (date(2026, 2, 28), date(2026, 3, 1));
    let changes = [
        ("303A", "3.00", "5.00"),
        ("307", "2.00", "3.00"),
        ("309", "2.75", "3.00"),
        ("312", "1.75", "2.00"),
        ("312C", "1.75", "1.75"),
        ("322", "1.00", "2.00"),
        ("3440", "2.75", "3.00"),
        ("343A", "1.00", "2.00"),
        ("336", "0.20", "0.20"),
        ("350", "1.50 o 1.75", "1.50 o 1.75"),
        ("338", "entre 1.00 y 2.00", "entre 1.00 y 2.00"),
        ("346C", "0.00 o 10.00", "entre 0.00 y 10.00"),
    ];
    for (code, old, new) in changes {
        is("1", code, before, old);
        is("1", code, since, new);
    }
    assert_eq!(on("1", "323", before), None);
    is("1", "323", since, "3.00");
    assert_eq!(on("1", "312", date(2021, 12, 31)), None);
    assert_eq!(on("1", "346", since), None);
    is("1", "320", date(2024, 2, 29), "8.00");
    is("1", "320", date(2024, 3, 1), "10.00");
    is("1", "501", before, "25.00 o 37.00");
    assert_eq!(on("1", "501", since), None);
}

#[test]
fn codes_are_of_five_characters_and_told_once() {
    for tax in WITHHELD_TAXES {
        let mut seen = HashSet::new();
        for row in withholding_table(tax.code).unwrap() {
            assert!(seen.insert(row.code), "{}", row.code);
            assert!((1..=5).contains(&row.code.len()), "{}", row.code);
            assert!(row.code.bytes().all(|b| b.is_ascii_alphanumeric()));
            assert!(!row.name.is_empty());
            for day in [date(2022, 1, 1), date(2024, 3, 1), TODAY] {
                let periods = row.percentages.iter();
                let periods = periods.filter(|dated| dated.period.contains(day));
                assert!(periods.count() <= 1, "{} {day}", row.code);
            }
        }
    }
    for code in SELF_WITHHOLDING_CODES {
        assert!(withholding_rate("1", code).is_some(), "{code}");
    }
}

#[test]
fn percentages_allow_what_they_say() {
    let one = Percentages::One(rate("1.75"));
    assert!(one.allows(rate("1.750")) && !one.allows(rate("2")));
    assert_eq!(one.only(), Some(rate("1.75")));
    let between = Percentages::Between(rate("1.00"), rate("2.00"));
    let ends = ["0.99", "1.00", "2.00", "2.01"].map(|percent| between.allows(rate(percent)));
    assert_eq!(ends, [false, true, true, false]);
    assert_eq!(between.only(), None);
}
