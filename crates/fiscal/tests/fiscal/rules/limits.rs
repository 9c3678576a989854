//! Of the documents that are no invoice, the last that passes and the first
//! that does not.

use jiff::civil::date;
use rust_decimal::Decimal;
use tagua_fiscal::common::Compensation;
use tagua_fiscal::credit_note::CreditNote;
use tagua_fiscal::debit_note::{DebitNote, DebitNoteReason};
use tagua_fiscal::rules::{Finding, RuleCode, valid};
use tagua_fiscal::waybill::{SupportingReference, Waybill};
use tagua_fiscal::withholding::{SupportingTax, Withholding, WithholdingBody};
use tagua_fiscal::{Amount, Document};

use super::documents::{findings, withholding_of};
use crate::documents::{self, credit_tax, debit_tax, first, first_tax, withheld};
use crate::sample::{TODAY, amount, rate, tax_total};

#[track_caller]
fn finds(found: &[Finding], expected: &[RuleCode]) {
    let codes: Vec<_> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, expected, "{found:#?}");
}

fn credit(change: impl FnOnce(&mut CreditNote)) -> Vec<Finding> {
    let mut note = documents::credit_note();
    change(&mut note);
    findings(&Document::CreditNote(Box::new(note)))
}

fn debit(change: impl FnOnce(&mut DebitNote)) -> Vec<Finding> {
    let mut note = documents::debit_note();
    change(&mut note);
    findings(&Document::DebitNote(Box::new(note)))
}

fn waybill(change: impl FnOnce(&mut Waybill)) -> Vec<Finding> {
    let mut waybill = documents::waybill();
    change(&mut waybill);
    findings(&Document::Waybill(Box::new(waybill)))
}

fn ats(change: impl FnOnce(&mut Withholding)) -> Vec<Finding> {
    let mut certificate = documents::ats();
    change(&mut certificate);
    findings(&withholding_of(certificate))
}

fn compensation(value: &str) -> Compensation {
    Compensation {
        code: "1".into(),
        rate: rate("2.00"),
        amount: amount(value),
    }
}

#[test]
fn a_credit_note_may_be_a_cent_off() {
    let total = |total: &str| credit(|note| note.info.total = amount(total));
    finds(&total("21.86"), &[]);
    finds(&total("21.84"), &[]);
    finds(&total("21.87"), &[RuleCode::Total]);
}

#[test]
fn compensations_of_notes_may_be_subtracted() {
    let of_credit = |total: &str| {
        credit(|note| {
            note.info.compensations = vec![compensation("0.38")];
            note.info.total = amount(total);
        })
    };
    finds(&of_credit("21.47"), &[]);
    finds(&of_credit("21.85"), &[]);
    finds(&of_credit("21.60"), &[RuleCode::Total]);
    finds(
        &debit(|note| {
            note.info.compensations = vec![compensation("0.30")];
            note.info.total = amount("16.20");
            note.info.payment_lists.clear();
        }),
        &[],
    );
}

#[test]
fn a_tax_without_a_rate_takes_that_of_its_code() {
    let with = |value: &str| {
        credit(|note| note.lines[0].taxes[0] = credit_tax("2", "4", None, "19.00", value))
    };
    finds(&with("2.86"), &[]);
    finds(
        &with("2.82"),
        &[RuleCode::TaxAmount, RuleCode::TaxTotalAmount],
    );
}

#[test]
fn a_note_carries_the_rate_of_what_it_modifies() {
    let with = |day, code: &str, percent: &str, tax: &str, total: &str| {
        credit(|note| {
            note.info.modified_document.issue_date = day;
            note.lines[0].taxes[0] = credit_tax("2", code, Some(percent), "19.00", tax);
            note.info.tax_totals = vec![tax_total("2", code, "19.00", tax)];
            note.info.total = amount(total);
        })
    };
    finds(&with(date(2024, 3, 31), "2", "12.00", "2.28", "21.28"), &[]);
    finds(
        &with(date(2024, 4, 1), "2", "12.00", "2.28", "21.28"),
        &[RuleCode::VatRateNotInForce],
    );
    finds(
        &with(date(2024, 3, 31), "4", "15.00", "2.85", "21.85"),
        &[RuleCode::VatRateOfModified],
    );
    finds(&with(date(2026, 2, 17), "8", "8.00", "1.52", "20.52"), &[]);
    finds(
        &with(date(2026, 2, 18), "8", "8.00", "1.52", "20.52"),
        &[RuleCode::VatRateDayUnconfirmed],
    );
}

#[test]
fn a_refund_goes_to_a_cedula_up_to_the_tax() {
    let with = |kind: &str, id: &str, refund: &str, total: &str| {
        credit(|note| {
            note.info.receiver_id_type = kind.into();
            note.info.receiver_id = id.into();
            note.info.tax_totals[0].vat_refund = Some(amount(refund));
            note.info.total = amount(total);
        })
    };
    finds(&with("05", "1710034065", "2.85", "19.00"), &[]);
    let refused = [RuleCode::VatRefund];
    finds(&with("05", "1710034065", "2.86", "18.99"), &refused);
    finds(&with("04", "1760013210001", "2.85", "19.00"), &refused);
}

#[test]
fn a_debit_note_may_have_no_payment_and_an_ice() {
    finds(&debit(|note| note.info.payment_lists.clear()), &[]);
    let with_ice = |base: &str| {
        debit(|note| {
            note.reasons = vec![DebitNoteReason {
                reason: "Ajuste".into(),
                amount: amount("10.00"),
            }];
            note.info.net_total = amount("10.00");
            let mut ice = tax_total("3", "3610", "10.00", "2.00");
            ice.rate = Some(rate("20.00"));
            note.info.tax_totals = vec![ice, debit_tax("0", "0.00", base, "0.00")];
            note.info.total = amount("12.00");
            note.info.payment_lists.clear();
        })
    };
    finds(&with_ice("12.00"), &[]);
    finds(&with_ice("10.00"), &[]);
    finds(&with_ice("11.00"), &[RuleCode::TaxTotalBase]);
}

#[test]
fn a_waybill_needs_no_supporting_document() {
    finds(
        &waybill(|w| w.recipients[0].supporting_document = SupportingReference::default()),
        &[],
    );
    finds(
        &waybill(|w| w.recipients[0].supporting_document.authorization = None),
        &[],
    );
    // Neither a RUC nor a cédula: a passport perhaps.
    finds(&waybill(|w| w.recipients[0].id = "AB123456".into()), &[]);
    finds(
        &waybill(|w| w.recipients[0].id = "9999999999999".into()),
        &[],
    );
}

#[test]
fn a_waybill_may_start_after_its_day() {
    let later = waybill(|w| {
        w.info.start_date = TODAY.tomorrow().unwrap();
        w.info.end_date = w.info.start_date;
    });
    finds(&later, &[]);
}

/// A document of the first electronic scheme has 37 digits, a printed one 10;
/// of the offline scheme the number is a key.
#[test]
fn authorisations_are_of_three_lengths() {
    let with = |number: String| ats(|c| first(c).authorization = Some(number));
    finds(&with("1".repeat(10)), &[]);
    finds(&with("1".repeat(37)), &[]);
    let wrong = [RuleCode::SupportingAuthorization];
    finds(&with("1".repeat(49)), &wrong);
    finds(&with("1".repeat(11)), &wrong);
    let mut other = documents::ats();
    let day = first(&mut other).issue_date;
    let of_another_day = ats(|c| first(c).issue_date = day.yesterday().unwrap());
    finds(&of_another_day, &wrong);
    let of_another_type = ats(|c| first(c).document_code = "05".into());
    finds(&of_another_type, &wrong);
    // Keys know no reimbursement: its type is not compared.
    let invoices = ats(|c| first(c).document_code = "41".into());
    finds(&invoices, &[RuleCode::ReimbursementIncomplete]);
}

#[test]
fn a_withheld_amount_may_be_a_cent_off() {
    let with = |value: &str| ats(|c| first(c).withholdings[0].amount = amount(value));
    finds(&with("2.01"), &[]);
    finds(&with("1.99"), &[]);
    finds(&with("2.02"), &[RuleCode::WithheldAmount]);
}

#[test]
fn a_note_may_be_of_the_day_of_its_document() {
    let same = |note: &mut CreditNote| note.info.modified_document.issue_date = TODAY;
    finds(&credit(same), &[]);
}

/// Res. NAC-DGERCGC24-00000013 names the goods of 5 %.
#[test]
fn a_reduced_rate_is_of_a_building_material() {
    let with = |code: &str| {
        credit(|note| {
            note.lines[0].auxiliary_code = Some(code.into());
            note.lines[0].taxes[0] = credit_tax("2", "5", Some("5.00"), "19.00", "0.95");
            note.info.tax_totals = vec![tax_total("2", "5", "19.00", "0.95")];
            note.info.total = amount("19.95");
        })
    };
    finds(&with("F010803"), &[]);
    finds(&with("A-1"), &[RuleCode::BuildingMaterialCode]);
}

#[test]
fn a_supporting_total_may_hold_a_tip() {
    let with = |total: &str| {
        ats(|c| {
            first(c).total = amount(total);
            first(c).payments[0].total = amount(total);
        })
    };
    finds(&with("115.01"), &[]);
    finds(&with("125.00"), &[RuleCode::SupportingTotalForm]);
    finds(&with("125.01"), &[RuleCode::SupportingTotalForm]);
    finds(&with("125.02"), &[RuleCode::SupportingTotal]);
    finds(&with("114.98"), &[RuleCode::SupportingTotal]);
}

#[test]
fn the_ice_of_a_supporting_document_is_in_its_iva_base() {
    let with = |base: &str, vat: &str, total: &str| {
        ats(|c| {
            let document = first(c);
            document.taxes[0].base = amount(base);
            document.taxes[0].amount = amount(vat);
            document.taxes.push(SupportingTax {
                code: "3".into(),
                rate_code: "3610".into(),
                base: amount("100.00"),
                rate: rate("20.00"),
                amount: amount("20.00"),
            });
            document.total = amount(total);
            document.payments[0].total = amount(total);
        })
    };
    finds(&with("120.00", "18.00", "138.00"), &[]);
    finds(&with("100.00", "15.00", "135.00"), &[]);
    let wrong = [RuleCode::SupportingVatBase];
    finds(&with("110.00", "16.50", "136.50"), &wrong);
}

#[test]
fn a_finding_tells_which_of_the_documents() {
    let mut certificate = documents::ats();
    let mut second = first(&mut certificate).clone();
    second.withholdings[1] = withheld("2", "1", "15.00", "30.00", "4.40");
    let WithholdingBody::Documents(documents) = &mut certificate.body else {
        panic!("documents");
    };
    documents.push(second);
    let found = findings(&withholding_of(certificate));
    finds(&found, &[RuleCode::WithheldAmount]);
    assert_eq!(
        found[0].path.to_string(),
        "body.documents[1].withholdings[1].amount"
    );
}

/// The subject, the document and its number, each of the certificate itself.
#[test]
fn a_withholding_from_oneself_has_its_shape() {
    let of_ats = |change: fn(&mut Withholding)| {
        let mut certificate = documents::self_withholding();
        change(&mut certificate);
        let found = findings(&withholding_of(certificate));
        found.iter().any(|f| f.code == RuleCode::SelfWithholding)
    };
    assert!(!of_ats(|_| ()));
    assert!(of_ats(|c| c.info.subject_id = "1760013210001".into()));
    assert!(of_ats(|c| first(c).support_code = "01".into()));
    assert!(of_ats(|c| first(c).document_code = "01".into()));
    assert!(of_ats(|c| first(c).number = "001002000000124".into()));
    let mut certificate = documents::retention();
    certificate.info.subject_id = certificate.tax_info.ruc.to_string();
    let tax = first_tax(&mut certificate);
    tax.withholding_code = "350".into();
    (tax.rate, tax.amount) = (rate("1.50"), amount("1.50"));
    tax.document_code = Some("42".into());
    finds(&findings(&withholding_of(certificate)), &[]);
}

/// Amounts that no schema can carry are findings, not panics.
#[test]
fn the_largest_amounts_are_answered() {
    let most = Amount::exact(Decimal::MAX);
    let least = Amount::exact(Decimal::MIN);
    for huge in [most, least] {
        let of_credit = credit(|note| {
            note.lines[0].net = huge;
            note.lines[0].taxes[0].base = huge;
            note.info.net_total = huge;
            note.info.tax_totals[0].vat_refund = Some(huge);
        });
        let of_debit = debit(|note| {
            note.reasons[0].amount = huge;
            note.reasons[1].amount = huge;
            note.info.tax_totals[0].base = huge;
            note.info.total = huge;
        });
        let of_ats = ats(|c| {
            first(c).net_total = huge;
            first(c).taxes[0].base = huge;
            first(c).withholdings[0].base = huge;
            first(c).withholdings[1].base = huge;
            first(c).total = huge;
        });
        for found in [of_credit, of_debit, of_ats] {
            assert!(!valid(&found));
        }
    }
}
