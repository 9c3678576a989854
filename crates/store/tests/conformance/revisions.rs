//! Correcting documents that were not authorized.

use tagua_fiscal::{DocumentType, Sequential};
use tagua_store::{
    Acceptance, AuthorizationResult, BlobPart, Document, NewDocument, NewRevision, NextJob,
    ReceptionResult, Stage, StoreError, Transition,
};

use super::world::{AnyStore, World, event, later, step};

pub(crate) async fn start_afresh(store: AnyStore) {
    let world = World::new(store).await;
    let refused = refused(&world).await;
    let corrected = NewDocument {
        schema_version: "1.1.0".into(),
        valid: false,
        at: later(9),
        events: vec![event("revised")],
        job: NextJob::RunAt(later(20)),
        ..world.invoice(1)
    };
    let revised = world.revise(&refused, corrected.clone()).await;
    assert_eq!(revised, Acceptance::Stored);
    let expected = Document {
        access_key: corrected.access_key,
        schema_version: "1.1.0".into(),
        revision: 1,
        stage: Stage::Signed,
        version: refused.version + 1,
        submissions: 0,
        last_submission_at: None,
        valid: false,
        signature_error: None,
        attention: None,
        reception: None,
        authorization: None,
        updated_at: later(9),
        ..refused
    };
    assert_eq!(world.document(expected.id).await, expected);
    let events = world.store.events(world.account.id, expected.id).await;
    let last = events.unwrap().pop().unwrap();
    assert_eq!((last.ordinal, last.revision), (4, 1));
    let next = world.store.next_run_at(later(0)).await.unwrap();
    assert_eq!(next, Some(later(20)));
}

pub(crate) async fn keep_the_bytes_before(store: AnyStore) {
    let world = World::new(store).await;
    let refused = refused(&world).await;
    let before = world.blob(refused.id, 0, BlobPart::Signed).await;
    let corrected = world.invoice(1);
    let after = corrected.blobs[1].1.clone();
    world.revise(&refused, corrected).await;
    assert_eq!(world.blob(refused.id, 0, BlobPart::Signed).await, before);
    let signed = world.blob(refused.id, 1, BlobPart::Signed).await;
    assert_eq!(signed, Some(after));
    // Bytes of a later transition belong to the new revision.
    let current = world.document(refused.id).await;
    let authorized = Transition {
        blobs: vec![(BlobPart::Authorization, b"raw".to_vec())],
        ..step(&current, Stage::Authorized)
    };
    world.apply(authorized).await;
    let raw = world.blob(refused.id, 1, BlobPart::Authorization).await;
    assert_eq!(raw.as_deref(), Some(&b"raw"[..]));
}

pub(crate) async fn may_keep_number_and_key(store: AnyStore) {
    let world = World::new(store).await;
    let refused = refused(&world).await;
    let same = NewDocument {
        access_key: refused.access_key,
        ..world.invoice(1)
    };
    assert_eq!(world.revise(&refused, same).await, Acceptance::Stored);
    let revised = world.document(refused.id).await;
    assert_eq!(revised.access_key, refused.access_key);
}

pub(crate) async fn may_change_number_and_key(store: AnyStore) {
    let world = World::new(store).await;
    let refused = refused(&world).await;
    let other = world.invoice(2);
    let key = other.access_key;
    assert_eq!(world.revise(&refused, other).await, Acceptance::Stored);
    let revised = world.document(refused.id).await;
    assert_eq!(revised.sequential, Sequential::new(2).unwrap());
    assert_eq!(revised.access_key, key);
    let second = world.accept(world.invoice(2)).await;
    assert_eq!(second, Acceptance::NumberTaken { by: refused.id });
    let first = NewDocument {
        access_key: refused.access_key,
        ..world.invoice(1)
    };
    assert_eq!(world.accept(first).await, Acceptance::Stored);
}

pub(crate) async fn do_not_take_what_others_have(store: AnyStore) {
    let world = World::new(store).await;
    let refused = refused(&world).await;
    let by = world.accepted(2).await;
    let number = world.revise(&refused, world.invoice(2)).await;
    assert_eq!(number, Acceptance::NumberTaken { by: by.id });
    let same_key = NewDocument {
        access_key: by.access_key,
        ..world.invoice(1)
    };
    let key = world.revise(&refused, same_key).await;
    assert_eq!(key, Acceptance::AccessKeyTaken { by: by.id });
    assert_eq!(world.document(refused.id).await, refused);
}

pub(crate) async fn a_stale_one_changes_nothing(store: AnyStore) {
    let world = World::new(store).await;
    let refused = refused(&world).await;
    let stale = Document {
        version: refused.version + 1,
        ..refused.clone()
    };
    let outcome = world.revise(&stale, world.invoice(1)).await;
    assert_eq!(outcome, Acceptance::Stale);
    assert_eq!(world.document(refused.id).await, refused);
    assert_eq!(world.blob(refused.id, 1, BlobPart::Signed).await, None);
}

pub(crate) async fn are_refused_to_other_accounts(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store, "dos").await;
    let refused = refused(&first).await;
    let foreign = second.revise(&refused, second.invoice(1)).await;
    assert_eq!(foreign, Acceptance::Stale);
    assert_eq!(first.document(refused.id).await, refused);
}

pub(crate) async fn an_authorized_document_stays(store: AnyStore) {
    let world = World::new(store).await;
    let document = world.accepted(1).await;
    world.apply(step(&document, Stage::Authorized)).await;
    let authorized = world.document(document.id).await;
    let outcome = world.revise(&authorized, world.invoice(1)).await;
    assert_eq!(outcome, Acceptance::Stale);
    assert_eq!(world.document(document.id).await, authorized);
}

pub(crate) async fn the_type_stays(store: AnyStore) {
    let world = World::new(store).await;
    let refused = refused(&world).await;
    let revision = NewRevision {
        expected_version: refused.version,
        document: NewDocument {
            id: refused.id,
            document_type: DocumentType::CreditNote,
            ..world.invoice(1)
        },
    };
    let outcome = world.store.revise(revision).await;
    assert!(matches!(outcome, Err(StoreError::Refused { .. })));
    assert_eq!(world.document(refused.id).await, refused);
}

/// A document with everything that a revision clears.
async fn refused(world: &World) -> Document {
    let document = world.accepted(1).await;
    let transition = Transition {
        submission_over: true,
        signature_error: Some(Some("antes".into())),
        attention: Some("antes".into()),
        reception: Some(ReceptionResult {
            state: "DEVUELTA".into(),
            at: 1,
            messages: Vec::new(),
        }),
        authorization: Some(AuthorizationResult {
            state: "NO AUTORIZADO".into(),
            number: None,
            date: None,
            environment: None,
            messages: Vec::new(),
        }),
        job: NextJob::Done,
        ..step(&document, Stage::NotAuthorized)
    };
    world.apply(transition).await;
    world.document(document.id).await
}
