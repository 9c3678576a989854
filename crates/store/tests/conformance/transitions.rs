//! Moving documents on.

use tagua_store::{
    AuthorizationResult, BlobPart, Document, NewDocument, NewEvent, NextJob, ReceptionResult,
    Stage, StoreError, Transition, TransitionOutcome,
};

use super::world::{AnyStore, World, document_id, event, later, step};

const APPLIED: TransitionOutcome = TransitionOutcome::Applied { version: 1 };

pub(crate) async fn change_what_they_name(store: AnyStore) {
    let world = World::new(store).await;
    let before = world.accepted(1).await;
    let transition = Transition {
        event: NewEvent {
            at: later(5),
            evidence: Some(b"<respuesta/>".to_vec()),
            ..event("authorized")
        },
        submission_over: true,
        signature_error: Some(Some("otra".into())),
        attention: Some("revise".into()),
        reception: Some(received()),
        authorization: Some(authorized()),
        blobs: vec![(BlobPart::Authorization, b"raw".to_vec())],
        ..step(&before, Stage::Authorized)
    };
    assert_eq!(world.apply(transition).await, APPLIED);
    let expected = Document {
        stage: Stage::Authorized,
        version: 1,
        submissions: 1,
        last_submission_at: Some(later(5)),
        signature_error: Some("otra".into()),
        attention: Some("revise".into()),
        reception: Some(received()),
        authorization: Some(authorized()),
        updated_at: later(5),
        ..before
    };
    assert_eq!(world.document(expected.id).await, expected);
    let raw = world.blob(expected.id, 0, BlobPart::Authorization).await;
    assert_eq!(raw.as_deref(), Some(&b"raw"[..]));
    let events = world.store.events(world.account.id, expected.id).await;
    let event = events.unwrap().pop().unwrap();
    assert_eq!((event.ordinal, event.revision), (3, 0));
    assert_eq!(
        (event.stage, event.kind.as_str()),
        (Stage::Authorized, "authorized")
    );
    assert_eq!(event.evidence.as_deref(), Some(&b"<respuesta/>"[..]));
}

pub(crate) async fn leave_what_they_do_not_name(store: AnyStore) {
    let world = World::new(store).await;
    let before = world.accepted(1).await;
    let full = Transition {
        submission_over: true,
        signature_error: Some(Some("otra".into())),
        attention: Some("revise".into()),
        reception: Some(received()),
        authorization: Some(authorized()),
        ..step(&before, Stage::Received)
    };
    world.apply(full).await;
    let full = world.document(before.id).await;
    world.apply(step(&full, Stage::Received)).await;
    let bare = world.document(before.id).await;
    assert_eq!(bare, Document { version: 2, ..full });
    let clearing = Transition {
        signature_error: Some(None),
        ..step(&bare, Stage::Received)
    };
    world.apply(clearing).await;
    assert_eq!(world.document(before.id).await.signature_error, None);
}

pub(crate) async fn a_stale_one_changes_nothing(store: AnyStore) {
    let world = World::new(store).await;
    let before = world.accepted(1).await;
    assert_eq!(world.apply(step(&before, Stage::Submitting)).await, APPLIED);
    let moved = world.document(before.id).await;
    for expected_version in [0, 2, u32::MAX] {
        let stale = Transition {
            expected_version,
            blobs: vec![(BlobPart::Authorization, b"raw".to_vec())],
            job: NextJob::Done,
            ..step(&before, Stage::Authorized)
        };
        assert_eq!(world.apply(stale).await, TransitionOutcome::Stale);
    }
    assert_eq!(world.document(before.id).await, moved);
    let raw = world.blob(before.id, 0, BlobPart::Authorization).await;
    assert_eq!(raw, None);
    let events = world.store.events(world.account.id, before.id).await;
    assert_eq!(events.unwrap().len(), 3);
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 1);
}

pub(crate) async fn an_unknown_document_is_stale(store: AnyStore) {
    let world = World::new(store).await;
    let mut nobody = world.accepted(1).await;
    nobody.id = document_id(0);
    let outcome = world.apply(step(&nobody, Stage::Submitting)).await;
    assert_eq!(outcome, TransitionOutcome::Stale);
}

pub(crate) async fn a_stored_part_is_never_overwritten(store: AnyStore) {
    let world = World::new(store).await;
    let before = world.accepted(1).await;
    let signed = world.blob(before.id, 0, BlobPart::Signed).await;
    let again = Transition {
        blobs: vec![
            (BlobPart::Unsigned, b"new".to_vec()),
            (BlobPart::Signed, b"other".to_vec()),
        ],
        ..step(&before, Stage::Submitting)
    };
    assert_eq!(world.apply(again).await, TransitionOutcome::Stale);
    assert_eq!(world.blob(before.id, 0, BlobPart::Signed).await, signed);
    assert_eq!(world.blob(before.id, 0, BlobPart::Unsigned).await, None);
    assert_eq!(world.document(before.id).await, before);
}

pub(crate) async fn a_part_given_twice_is_refused(store: AnyStore) {
    let world = World::new(store).await;
    let before = world.accepted(1).await;
    let twice = Transition {
        blobs: vec![
            (BlobPart::Unsigned, b"one".to_vec()),
            (BlobPart::Unsigned, b"two".to_vec()),
        ],
        ..step(&before, Stage::Submitting)
    };
    let refused = world.store.apply(twice).await;
    assert!(matches!(refused, Err(StoreError::Refused { .. })));
    assert_eq!(world.document(before.id).await, before);
    assert_eq!(world.blob(before.id, 0, BlobPart::Unsigned).await, None);
}

pub(crate) async fn submissions_are_counted(store: AnyStore) {
    let world = World::new(store).await;
    let mut document = world.accepted(1).await;
    for count in 1..=3_u32 {
        let started = Transition {
            submission_over: true,
            event: NewEvent {
                at: later(count.into()),
                ..event("submission_started")
            },
            ..step(&document, Stage::Submitting)
        };
        world.apply(started).await;
        document = world.document(document.id).await;
        world.apply(step(&document, Stage::Unknown)).await;
        document = world.document(document.id).await;
        assert_eq!(document.submissions, count);
        assert_eq!(document.last_submission_at, Some(later(count.into())));
    }
}

pub(crate) async fn long_evidence_is_cut(store: AnyStore) {
    let world = World::new(store).await;
    let mut new = world.invoice(1);
    for length in [65_535, 65_536, 65_537, 300_000] {
        new.events.push(NewEvent {
            evidence: Some(vec![7; length]),
            ..event("answered")
        });
    }
    let id = new.id;
    world.accept(new).await;
    let events = world.store.events(world.account.id, id).await.unwrap();
    let lengths: Vec<_> = events
        .iter()
        .map(|event| event.evidence.as_ref().map(Vec::len))
        .collect();
    let kept = Some(65_536);
    assert_eq!(lengths, [None, None, Some(65_535), kept, kept, kept]);
}

/// The current state equals the fold of the events, after every change.
pub(crate) async fn the_last_event_tells_the_stage(store: AnyStore) {
    let world = World::new(store).await;
    let mut document = world.accepted(1).await;
    let mut stages = vec![Stage::Signed, Stage::Signed];
    for (round, stage) in (0..).zip(Stage::ALL.into_iter().chain([Stage::Returned])) {
        if round % 3 == 2 {
            let corrected = NewDocument {
                stage: Stage::Created,
                ..world.invoice(1)
            };
            world.revise(&document, corrected).await;
            document = world.document(document.id).await;
            stages.extend([Stage::Created; 2]);
        }
        world.apply(step(&document, stage)).await;
        document = world.document(document.id).await;
        stages.push(stage);
        let events = world.store.events(world.account.id, document.id).await;
        let events = events.unwrap();
        assert!(
            events
                .iter()
                .map(|event| event.ordinal)
                .eq(1..=u32::try_from(stages.len()).unwrap())
        );
        assert!(
            events
                .iter()
                .map(|event| event.stage)
                .eq(stages.iter().copied())
        );
        let last = events.last().unwrap();
        assert_eq!(
            (last.stage, last.revision),
            (document.stage, document.revision)
        );
    }
    assert_eq!(document.revision, 3);
}

fn received() -> ReceptionResult {
    ReceptionResult {
        state: "RECIBIDA".into(),
        at: later(3).0,
        messages: Vec::new(),
    }
}

fn authorized() -> AuthorizationResult {
    AuthorizationResult {
        state: "AUTORIZADO".into(),
        number: Some("2011202601".into()),
        date: Some("2026-11-20T10:00:00-05:00".into()),
        environment: Some("PRUEBAS".into()),
        messages: Vec::new(),
    }
}
