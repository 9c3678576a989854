//! SRI's templates and other public samples. There is none of a purchase
//! settlement.

use tagua_fiscal::credit_note::CreditNote;
use tagua_fiscal::debit_note::DebitNote;

use crate::support::door::{mended_samples_survive, samples_agree};
use crate::support::{shared, xmllint};

#[test]
fn survive_reading_and_writing_once_mended() {
    let Some(shared) = shared() else { return };
    assert_eq!(mended_samples_survive::<CreditNote>(&shared), 8);
    assert_eq!(mended_samples_survive::<DebitNote>(&shared), 3);
}

#[test]
fn are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        assert_eq!(samples_agree::<CreditNote>(&shared, 4), 6);
        assert_eq!(samples_agree::<DebitNote>(&shared, 3), 2);
    }
}
