//! Accepting documents and reading them back.

use tagua_fiscal::{DocumentType, Environment};
use tagua_store::{
    Acceptance, BlobPart, Document, Event, NewDocument, NewEvent, NewIssuer, QueueDepth,
    ReceptionResult, SriMessage, Stage, StoreError,
};

use super::world::{AnyStore, NOW, World, document_id, event, new_issuer, three_digits};

pub(crate) async fn reads_back_whole(store: AnyStore) {
    let world = World::new(store).await;
    let new = NewDocument {
        stage: Stage::Returned,
        valid: false,
        signature_error: Some("clave incorrecta".into()),
        reception: Some(returned()),
        ..world.invoice(1)
    };
    assert_eq!(world.accept(new.clone()).await, Acceptance::Stored);
    let expected = as_accepted(&new);
    assert_eq!(world.document(new.id).await, expected);
    let by_id = world.store.document_by_id(new.id).await.unwrap();
    assert_eq!(by_id, Some(expected));
    for (part, bytes) in &new.blobs {
        assert_eq!(world.blob(new.id, 0, *part).await.as_ref(), Some(bytes));
    }
    assert_eq!(world.blob(new.id, 0, BlobPart::Unsigned).await, None);
    assert_eq!(world.blob(new.id, 1, BlobPart::Signed).await, None);
    let events = world.store.events(world.account.id, new.id).await.unwrap();
    let expected = [(1, "accepted"), (2, "signed")].map(|(ordinal, kind)| Event {
        ordinal,
        revision: 0,
        stage: Stage::Returned,
        kind: kind.into(),
        at: NOW,
        detail: format!("{kind} in words"),
        evidence: None,
    });
    assert_eq!(events, expected);
}

pub(crate) async fn reads_back_strange_texts(store: AnyStore) {
    let world = World::new(store).await;
    for (sequential, text) in (1..).zip(["", "'; DROP TABLE document; --", "日本\u{1}🦀", "\\x00"])
    {
        let new = NewDocument {
            schema_version: text.into(),
            signature_error: Some(text.into()),
            receiver_name: text.into(),
            events: vec![NewEvent {
                detail: text.into(),
                evidence: Some(text.into()),
                ..event("accepted")
            }],
            blobs: vec![(BlobPart::Request, text.into())],
            ..world.invoice(sequential)
        };
        let id = new.id;
        assert_eq!(world.accept(new).await, Acceptance::Stored);
        let stored = world.document(id).await;
        assert_eq!(stored.schema_version, text);
        assert_eq!(stored.signature_error.as_deref(), Some(text));
        let events = world.store.events(world.account.id, id).await.unwrap();
        assert_eq!(events[0].detail, text);
        assert_eq!(events[0].evidence.as_deref(), Some(text.as_bytes()));
        let bytes = world.blob(id, 0, BlobPart::Request).await;
        assert_eq!(bytes.as_deref(), Some(text.as_bytes()));
    }
}

pub(crate) async fn large_bytes_read_back(store: AnyStore) {
    let world = World::new(store).await;
    let bytes: Vec<u8> = (0..2_000_003_u32).map(|n| n.to_be_bytes()[3]).collect();
    let new = NewDocument {
        blobs: vec![(BlobPart::Request, bytes.clone())],
        ..world.invoice(1)
    };
    let id = new.id;
    assert_eq!(world.accept(new).await, Acceptance::Stored);
    let stored = world.blob(id, 0, BlobPart::Request).await;
    assert!(stored == Some(bytes), "the bytes are others");
}

pub(crate) async fn the_number_is_taken_before_the_key(store: AnyStore) {
    let world = World::new(store).await;
    let by = world.accepted(1).await;
    let same_number = world.invoice(1);
    let taken = Acceptance::NumberTaken { by: by.id };
    assert_eq!(world.accept(same_number).await, taken);
    let same_both = NewDocument {
        access_key: by.access_key,
        ..world.invoice(1)
    };
    assert_eq!(world.accept(same_both).await, taken);
    let same_key = NewDocument {
        access_key: by.access_key,
        ..world.invoice(2)
    };
    let taken = Acceptance::AccessKeyTaken { by: by.id };
    assert_eq!(world.accept(same_key).await, taken);
}

pub(crate) async fn a_key_is_taken_everywhere(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store, "dos").await;
    let by = first.accepted(1).await;
    let same_number = second.invoice(1);
    assert_eq!(second.accept(same_number).await, Acceptance::Stored);
    let same_key = NewDocument {
        access_key: by.access_key,
        ..second.invoice(2)
    };
    let taken = Acceptance::AccessKeyTaken { by: by.id };
    assert_eq!(second.accept(same_key).await, taken);
}

pub(crate) async fn numbers_count_apart(store: AnyStore) {
    let world = World::new(store).await;
    let other = NewIssuer {
        code_secret: [1; 32],
        ..new_issuer(&world.account, "0992222222001")
    };
    let other = world.store.put_issuer(other).await.unwrap();
    world.accepted(1).await;
    let mut variants = vec![world.invoice(1); 5];
    variants[0].environment = Environment::Production;
    variants[1].document_type = DocumentType::CreditNote;
    variants[2].series.establishment = three_digits(9);
    variants[3].series.point = three_digits(9);
    variants[4].issuer = other.id;
    for variant in variants {
        let fresh = world.invoice(1);
        let variant = NewDocument {
            id: fresh.id,
            access_key: fresh.access_key,
            ..variant
        };
        let expected = as_accepted(&variant);
        assert_eq!(world.accept(variant).await, Acceptance::Stored);
        assert_eq!(world.document(expected.id).await, expected);
    }
}

/// Who got [`StoreError::Unavailable`] and tries again learns that it was stored.
pub(crate) async fn accepted_again_names_itself(store: AnyStore) {
    let world = World::new(store).await;
    let new = world.invoice(1);
    let by = new.id;
    assert_eq!(world.accept(new.clone()).await, Acceptance::Stored);
    let again = world.accept(new).await;
    assert_eq!(again, Acceptance::NumberTaken { by });
}

pub(crate) async fn a_refused_one_leaves_nothing(store: AnyStore) {
    let world = World::new(store).await;
    let good = world.invoice(1);
    let mut bad = good.clone();
    bad.blobs.push((BlobPart::Signed, b"another".to_vec()));
    let refused = world.store.accept(bad).await;
    assert!(matches!(refused, Err(StoreError::Refused { .. })));
    let found = world.store.document_by_id(good.id).await.unwrap();
    assert_eq!(found, None);
    assert_eq!(world.blob(good.id, 0, BlobPart::Request).await, None);
    let depth = world.store.queue_depth().await.unwrap();
    assert_eq!(depth, QueueDepth::default());
    assert_eq!(world.accept(good.clone()).await, Acceptance::Stored);
    let same_id = NewDocument {
        id: good.id,
        ..world.invoice(2)
    };
    let refused = world.store.accept(same_id).await;
    assert!(matches!(refused, Err(StoreError::Refused { .. })));
}

pub(crate) async fn an_issuer_of_another_account_is_refused(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store, "dos").await;
    let foreign = NewDocument {
        issuer: first.issuer.id,
        ..second.invoice(1)
    };
    let refused = second.store.accept(foreign).await;
    assert!(matches!(refused, Err(StoreError::Refused { .. })));
}

pub(crate) async fn nothing_crosses_accounts(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store.clone(), "dos").await;
    let document = first.accepted(1).await;
    let foreign = store.document(second.account.id, document.id).await;
    assert_eq!(foreign.unwrap(), None);
    let foreign = store.events(second.account.id, document.id).await;
    assert_eq!(foreign.unwrap(), []);
    let unknown = store.document(first.account.id, document_id(0)).await;
    assert_eq!(unknown.unwrap(), None);
}

/// The document that an acceptance stores.
fn as_accepted(new: &NewDocument) -> Document {
    Document {
        id: new.id,
        account: new.account,
        issuer: new.issuer,
        environment: new.environment,
        document_type: new.document_type,
        series: new.series,
        sequential: new.sequential,
        access_key: new.access_key,
        schema_version: new.schema_version.clone(),
        revision: 0,
        stage: new.stage,
        version: 0,
        submissions: 0,
        last_submission_at: None,
        valid: new.valid,
        signature_error: new.signature_error.clone(),
        attention: None,
        reception: new.reception.clone(),
        authorization: None,
        external_id: new.external_id.clone(),
        created_at: new.at,
        updated_at: new.at,
    }
}

fn returned() -> ReceptionResult {
    ReceptionResult {
        state: "DEVUELTA".into(),
        at: NOW.0,
        messages: vec![SriMessage {
            identifier: "35".into(),
            message: "ARCHIVO NO CUMPLE ESTRUCTURA XML".into(),
            kind: "ERROR".into(),
            additional: None,
        }],
    }
}
