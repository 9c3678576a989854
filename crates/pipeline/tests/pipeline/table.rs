//! The protocol as a table: all of it in a text, and what must never be in it.

use std::fmt::Write as _;

use tagua_pipeline::{Action, Event, Refusal, action, next};
use tagua_store::Stage;

const FINAL: [Stage; 4] = [
    Stage::Returned,
    Stage::Authorized,
    Stage::NotAuthorized,
    Stage::NeedsAttention,
];

const REFUSALS: [Option<Refusal>; 4] = [
    None,
    Some(Refusal::Content),
    Some(Refusal::SequentialTaken),
    Some(Refusal::DailyLimit),
];

/// What the authorization service said.
const ANSWERS: [Event; 5] = [
    Event::Authorized,
    Event::AuthorizedOtherBytes,
    Event::NotAuthorized,
    Event::InProcess,
    Event::NotFound,
];

fn steps() -> impl Iterator<Item = (Stage, Option<Refusal>, Event, Stage)> {
    Stage::ALL.into_iter().flat_map(|stage| {
        REFUSALS.into_iter().flat_map(move |refusal| {
            Event::ALL.into_iter().filter_map(move |event| {
                let after = next(stage, refusal, event).ok()?;
                Some((stage, refusal, event, after))
            })
        })
    })
}

#[test]
fn reads_as_the_text_beside_it() {
    let mut text = String::from("stage, refusal to confirm, event -> stage\n");
    for stage in Stage::ALL {
        writeln!(text, "\n{stage:?}: {:?}", action(stage)).unwrap();
        for event in Event::ALL {
            let results = REFUSALS.map(|refusal| next(stage, refusal, event).ok());
            match results {
                [None, None, None, None] => {}
                [first, ..] if results.iter().all(|result| *result == first) => {
                    writeln!(text, "  *, {event:?} -> {:?}", first.unwrap()).unwrap();
                }
                _ => {
                    for (refusal, after) in REFUSALS.into_iter().zip(results) {
                        let after = after.map_or("illegal".into(), |after| format!("{after:?}"));
                        writeln!(text, "  {refusal:?}, {event:?} -> {after}").unwrap();
                    }
                }
            }
        }
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/table.txt");
    if std::env::var_os("TAGUA_UPDATE_TABLE").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    assert_eq!(
        text,
        std::fs::read_to_string(file).unwrap(),
        "TAGUA_UPDATE_TABLE=1 writes the file anew"
    );
}

#[test]
fn final_stages_and_drafts_admit_nothing() {
    for (stage, _, event, _) in steps() {
        assert!(!FINAL.contains(&stage), "{event:?} leaves {stage:?}");
        assert_ne!(stage, Stage::Created, "{event:?}");
    }
}

#[test]
fn a_stage_rests_exactly_when_nothing_leaves_it() {
    for stage in Stage::ALL {
        let leaves = steps().any(|(from, ..)| from == stage);
        assert_eq!(action(stage) == Action::Rest, !leaves, "{stage:?}");
    }
}

#[test]
fn only_an_answer_about_the_key_makes_anything_final() {
    for (stage, refusal, event, after) in steps() {
        let decided = matches!(
            after,
            Stage::Returned | Stage::Authorized | Stage::NotAuthorized
        );
        assert!(
            !decided || ANSWERS.contains(&event),
            "{stage:?}, {refusal:?}, {event:?}"
        );
        assert_eq!(after == Stage::Authorized, event == Event::Authorized);
        assert_eq!(after == Stage::NotAuthorized, event == Event::NotAuthorized);
        if after == Stage::Returned {
            let confirmed = (stage, refusal, event);
            let only = (Stage::Unknown, Some(Refusal::Content), Event::NotFound);
            assert_eq!(confirmed, only);
        }
    }
}

#[test]
fn a_refusal_outside_of_unknown_changes_nothing() {
    for stage in Stage::ALL.into_iter().filter(|s| *s != Stage::Unknown) {
        for event in Event::ALL {
            for refusal in REFUSALS {
                let (with, without) = (next(stage, refusal, event), next(stage, None, event));
                assert_eq!(with, without, "{stage:?}, {refusal:?}, {event:?}");
            }
        }
    }
}

#[test]
fn nothing_is_sent_over_a_refusal_nor_twice_without_asking() {
    for refusal in Refusal::ALL {
        assert!(next(Stage::Unknown, Some(refusal), Event::SubmissionStarted).is_err());
    }
    assert!(next(Stage::Submitting, None, Event::SubmissionStarted).is_err());
    for (stage, _, event, after) in steps() {
        if after == Stage::Submitting && stage != Stage::Submitting {
            assert_eq!(event, Event::SubmissionStarted);
        }
        // Back to "nothing ever left" only by the event that proves it.
        if after == Stage::Signed && stage != Stage::Signed {
            assert_eq!((stage, event), (Stage::Submitting, Event::NothingLeft));
        }
        assert_ne!(after, Stage::Created);
    }
}

#[test]
fn an_illegal_step_names_itself() {
    let error = next(Stage::Authorized, None, Event::NotFound).unwrap_err();
    assert_eq!(
        error.to_string(),
        "NotFound cannot happen in stage Authorized"
    );
}

#[test]
fn names_of_events_are_unique_and_snake_case() {
    let names: std::collections::BTreeSet<_> = Event::ALL.iter().map(|e| e.kind()).collect();
    assert_eq!(names.len(), Event::ALL.len());
    for name in names {
        assert!(
            name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'),
            "{name}"
        );
    }
}
