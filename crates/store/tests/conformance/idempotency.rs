//! Repeated requests are answered as the first one was.

use std::sync::Arc;

use tagua_store::{
    Acceptance, AccountId, DocumentId, IdempotentAnswer, NewDocument, NewIdempotency, NextJob,
    QueueDepth, Stage, StoreError, Transition, UnixMillis,
};
use tokio::task::JoinSet;

use super::world::{AnyStore, NOW, World, later, step};

pub(crate) async fn a_repeated_acceptance_stores_nothing(store: AnyStore) {
    let world = World::new(store).await;
    let first = with_key(&world, 1, "clave");
    assert_eq!(world.accept(first.clone()).await, Acceptance::Stored);
    let expected = answer(&first);
    // Before the number, before the access key, and whatever the fingerprint.
    let second = NewDocument {
        access_key: first.access_key,
        idempotency: Some(NewIdempotency {
            fingerprint: [9; 32],
            answer: b"otra".to_vec(),
            ..idempotency("clave")
        }),
        ..world.invoice(1)
    };
    let repeated = world.accept(second.clone()).await;
    assert_eq!(repeated, Acceptance::Repeated(expected.clone()));
    let fresh = with_key(&world, 2, "clave");
    assert_eq!(
        world.accept(fresh.clone()).await,
        Acceptance::Repeated(expected)
    );
    for id in [second.id, fresh.id] {
        assert_eq!(world.store.document_by_id(id).await.unwrap(), None);
    }
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 1);
}

pub(crate) async fn answers_read_back(store: AnyStore) {
    let world = World::new(store).await;
    for (number, key) in (1..).zip(["a", "ñ'\"%_ \u{1}", "A", &"k".repeat(255)]) {
        let new = with_key(&world, number, key);
        assert_eq!(world.accept(new.clone()).await, Acceptance::Stored);
        assert_eq!(look_up(&world, key, NOW).await, Some(answer(&new)));
    }
    let empty = NewDocument {
        idempotency: Some(NewIdempotency {
            answer: Vec::new(),
            ..idempotency("vacía")
        }),
        ..world.invoice(9)
    };
    world.accept(empty).await;
    let found = look_up(&world, "vacía", NOW).await.unwrap();
    assert_eq!(found.answer, b"");
    assert_eq!(look_up(&world, "b", NOW).await, None);
}

pub(crate) async fn keys_are_apart_by_account(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store, "dos").await;
    for world in [&first, &second] {
        let new = with_key(world, 1, "clave");
        assert_eq!(world.accept(new.clone()).await, Acceptance::Stored);
        assert_eq!(look_up(world, "clave", NOW).await, Some(answer(&new)));
    }
    let nobody = AccountId(first.account.id.0 + 100);
    let found = first.store.idempotent_answer(nobody, "clave", NOW).await;
    assert_eq!(found.unwrap(), None);
}

pub(crate) async fn a_refused_document_leaves_the_key_free(store: AnyStore) {
    let world = World::new(store).await;
    let by = world.accepted(1).await.id;
    let taken = world.accept(with_key(&world, 1, "clave")).await;
    assert_eq!(taken, Acceptance::NumberTaken { by });
    assert_eq!(look_up(&world, "clave", NOW).await, None);
    let next = with_key(&world, 2, "clave");
    assert_eq!(world.accept(next).await, Acceptance::Stored);
}

pub(crate) async fn bad_keys_are_refused(store: AnyStore) {
    let world = World::new(store).await;
    for key in [String::new(), "k".repeat(256), "ñ".repeat(128)] {
        let new = with_key(&world, 1, &key);
        let refused = world.store.accept(new).await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })), "{key}");
    }
    assert_eq!(
        world.store.queue_depth().await.unwrap(),
        QueueDepth::default()
    );
}

pub(crate) async fn an_expired_key_is_free(store: AnyStore) {
    let world = World::new(store).await;
    let first = with_key(&world, 1, "clave");
    world.accept(first.clone()).await;
    let last = UnixMillis(EXPIRY.0 - 1);
    assert_eq!(look_up(&world, "clave", last).await, Some(answer(&first)));
    assert_eq!(look_up(&world, "clave", EXPIRY).await, None);
    let second = NewDocument {
        at: EXPIRY,
        idempotency: Some(NewIdempotency {
            answer: b"segunda".to_vec(),
            expires_at: later(9_000_000),
            ..idempotency("clave")
        }),
        ..world.invoice(2)
    };
    assert_eq!(world.accept(second.clone()).await, Acceptance::Stored);
    let found = look_up(&world, "clave", EXPIRY).await;
    assert_eq!(found, Some(answer(&second)));
}

pub(crate) async fn expired_answers_are_forgotten(store: AnyStore) {
    let world = World::new(store).await;
    for number in 1..=150 {
        let mut new = with_key(&world, number, &format!("clave {number}"));
        if let Some(idempotency) = &mut new.idempotency
            && number > 140
        {
            idempotency.expires_at = UnixMillis(EXPIRY.0 + 1);
        }
        world.accept(new).await;
    }
    let forget = async |now| world.store.forget_idempotent_answers(now).await.unwrap();
    assert_eq!(forget(UnixMillis(EXPIRY.0 - 1)).await, 0);
    assert_eq!(forget(EXPIRY).await, 140);
    assert_eq!(forget(EXPIRY).await, 0);
    assert_eq!(look_up(&world, "clave 140", NOW).await, None);
    assert!(look_up(&world, "clave 141", NOW).await.is_some());
}

pub(crate) async fn a_repeated_revision_changes_nothing(store: AnyStore) {
    let world = World::new(store).await;
    let document = world.accepted(1).await;
    let refused = Transition {
        job: NextJob::Done,
        ..step(&document, Stage::Returned)
    };
    world.apply(refused).await;
    let before = world.document(document.id).await;
    let revision = with_key(&world, 1, "corrección");
    let revised = world.revise(&before, revision.clone()).await;
    assert_eq!(revised, Acceptance::Stored);
    let after = world.document(document.id).await;
    let expected = IdempotentAnswer {
        document: document.id,
        ..answer(&revision)
    };
    // The version is stale by now; the key is looked at first.
    let again = world
        .revise(&before, with_key(&world, 1, "corrección"))
        .await;
    assert_eq!(again, Acceptance::Repeated(expected.clone()));
    let again = world
        .revise(&after, with_key(&world, 1, "corrección"))
        .await;
    assert_eq!(again, Acceptance::Repeated(expected.clone()));
    assert_eq!(world.document(document.id).await, after);
    let other = world.accept(with_key(&world, 2, "corrección")).await;
    assert_eq!(other, Acceptance::Repeated(expected));
}

pub(crate) async fn a_stale_revision_leaves_the_key_free(store: AnyStore) {
    let world = World::new(store).await;
    let mut stale = world.accepted(1).await;
    stale.version += 1;
    let outcome = world.revise(&stale, with_key(&world, 1, "clave")).await;
    assert_eq!(outcome, Acceptance::Stale);
    assert_eq!(look_up(&world, "clave", NOW).await, None);
}

pub(crate) async fn many_at_once_store_one(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    let outcomes = (1..=50).map(|number| {
        let world = world.clone();
        async move {
            let new = with_key(&world, number, "clave");
            (new.id, world.accept(new).await)
        }
    });
    let outcomes = outcomes.collect::<JoinSet<_>>().join_all().await;
    let winner = look_up(&world, "clave", NOW).await.unwrap();
    for (id, outcome) in outcomes {
        let expected = match id == winner.document {
            true => Acceptance::Stored,
            false => Acceptance::Repeated(winner.clone()),
        };
        assert_eq!(outcome, expected);
    }
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 1);
}

/// A client that repeats its request through another node sends the same number.
pub(crate) async fn one_request_many_times_is_repeated(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    let outcomes = (0..50).map(|_| {
        let world = world.clone();
        async move { world.accept(with_key(&world, 1, "clave")).await }
    });
    let outcomes = outcomes.collect::<JoinSet<_>>().join_all().await;
    let repeated = Acceptance::Repeated(look_up(&world, "clave", NOW).await.unwrap());
    let repetitions = outcomes.iter().filter(|outcome| **outcome == repeated);
    assert_eq!(repetitions.count(), 49, "{outcomes:?}");
    assert!(outcomes.contains(&Acceptance::Stored));
}

const EXPIRY: UnixMillis = UnixMillis(NOW.0 + 1_000_000);

fn idempotency(key: &str) -> NewIdempotency {
    NewIdempotency {
        key: key.into(),
        fingerprint: [5; 32],
        answer: b"{\"id\": \xff}".to_vec(),
        expires_at: EXPIRY,
    }
}

fn with_key(world: &World, number: u32, key: &str) -> NewDocument {
    NewDocument {
        idempotency: Some(idempotency(key)),
        ..world.invoice(number)
    }
}

/// What is to be repeated after `new` was stored.
fn answer(new: &NewDocument) -> IdempotentAnswer {
    let idempotency = new.idempotency.clone().unwrap();
    IdempotentAnswer {
        fingerprint: idempotency.fingerprint,
        answer: idempotency.answer,
        document: DocumentId(new.id.0),
    }
}

async fn look_up(world: &World, key: &str, now: UnixMillis) -> Option<IdempotentAnswer> {
    let found = world.store.idempotent_answer(world.account.id, key, now);
    found.await.unwrap()
}
