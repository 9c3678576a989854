//! Notes and purchase settlements: what is promised of an invoice is promised of
//! them, and what is particular to each.

#[path = "../support/mod.rs"]
mod support;

/// The tests of every type of document.
macro_rules! promises {
    ($document:ty, $parts:expr, vectors: $vectors:literal) => {
        use $crate::support::{arbitrary, door, judge, shared, xmllint};

        #[test]
        fn every_vector_survives_reading_and_writing() {
            if let Some(shared) = shared() {
                door::vectors_survive::<$document>(&shared, $vectors);
            }
        }

        #[test]
        fn the_official_schemas_accept_what_is_written() {
            let Some(shared) = shared() else { return };
            if xmllint::is_available() {
                door::written_is_valid::<$document>(&shared);
            }
        }

        #[test]
        fn a_document_is_complained_about_or_comes_back_the_same() {
            door::complained_about_or_the_same(&arbitrary::document::<$document>($parts));
        }

        #[test]
        fn written_bytes_are_canonical() {
            if xmllint::is_available() {
                door::written_is_canonical(&arbitrary::document::<$document>($parts));
            }
        }

        #[test]
        fn mutants_are_judged_as_the_official_schemas_judge_them() {
            let Some(shared) = shared() else { return };
            if xmllint::is_available() {
                let tally = judge::mutants_agree::<$document>(&shared, 30);
                assert!(tally.accepted >= 200 && tally.refused >= 300);
            }
        }
    };
}

mod credit_note;
mod debit_note;
mod purchase_settlement;
mod root_attributes;
mod samples;
