//! Many at once: exactly one wins, and nobody else is harmed.

use std::collections::BTreeSet;
use std::sync::Arc;

use tagua_store::{
    Acceptance, BlobPart, NewDocument, NewRevision, Shares, Stage, StoreError, Transition,
    TransitionOutcome,
};
use tokio::task::JoinSet;

use super::world::{AnyStore, NOW, World, later, new_issuer, step};

const RUNNERS: u32 = 50;

pub(crate) async fn one_number_is_stored_once(store: AnyStore) {
    let world = World::new(store).await;
    let documents = (0..RUNNERS).map(|_| world.invoice(1));
    let outcomes = accept_all(&world, documents.collect()).await;
    let winner = winner(&outcomes);
    for (document, outcome) in outcomes {
        let taken = Acceptance::NumberTaken { by: winner };
        assert!(document.id == winner || outcome == taken);
        let found = world.store.document_by_id(document.id).await.unwrap();
        assert_eq!(found.is_some(), document.id == winner);
    }
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 1);
}

pub(crate) async fn one_key_is_stored_once(store: AnyStore) {
    let world = World::new(store).await;
    let access_key = world.invoice(1).access_key;
    let documents = (1..=RUNNERS).map(|sequential| NewDocument {
        access_key,
        ..world.invoice(sequential)
    });
    let outcomes = accept_all(&world, documents.collect()).await;
    let winner = winner(&outcomes);
    for (document, outcome) in outcomes {
        let taken = Acceptance::AccessKeyTaken { by: winner };
        assert!(document.id == winner || outcome == taken);
    }
}

pub(crate) async fn one_version_moves_once(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    let mut document = world.accepted(1).await;
    for version in 1..=5 {
        let outcomes = (0..RUNNERS).map(|_| {
            let (world, transition) = (world.clone(), step(&document, Stage::Unknown));
            async move { world.apply(transition).await }
        });
        let outcomes = outcomes.collect::<JoinSet<_>>().join_all().await;
        let applied = TransitionOutcome::Applied { version };
        let won = outcomes.iter().filter(|o| **o == applied).count();
        let stale = outcomes.iter().filter(|o| **o == TransitionOutcome::Stale);
        assert_eq!((won, stale.count()), (1, 49));
        document = world.document(document.id).await;
        assert_eq!(document.version, version);
    }
    let events = world.store.events(world.account.id, document.id).await;
    assert_eq!(events.unwrap().len(), 7);
}

pub(crate) async fn one_version_is_revised_once(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    let document = world.accepted(1).await;
    let outcomes = (1..=RUNNERS).map(|sequential| {
        let world = world.clone();
        let revision = NewRevision {
            expected_version: document.version,
            document: NewDocument {
                id: document.id,
                ..world.invoice(sequential)
            },
        };
        async move { world.store.revise(revision).await.unwrap() }
    });
    let outcomes = outcomes.collect::<JoinSet<_>>().join_all().await;
    let won = outcomes.iter().filter(|o| **o == Acceptance::Stored);
    assert_eq!(won.count(), 1);
    assert_eq!(world.document(document.id).await.revision, 1);
}

pub(crate) async fn one_job_has_one_owner(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    let documents = (1..=100).map(|sequential| world.invoice(sequential));
    accept_all(&world, documents.collect()).await;
    let owners = (1..=8).map(|owner| {
        let world = world.clone();
        async move {
            let mut claimed = Vec::new();
            loop {
                let jobs = world
                    .store
                    .claim(owner, NOW, later(1000), Shares::any(7))
                    .await;
                match jobs.unwrap() {
                    jobs if jobs.is_empty() => return claimed,
                    jobs => claimed.extend(jobs.iter().map(|job| job.document.id)),
                }
            }
        }
    });
    let claimed = owners.collect::<JoinSet<_>>().join_all().await.concat();
    assert_eq!(claimed.len(), 100);
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>().len(), 100);
}

pub(crate) async fn one_issuer_is_put_once(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    let puts = (0..RUNNERS).map(|_| {
        let world = world.clone();
        async move {
            let new = new_issuer(&world.account, "0992222222001");
            world.store.put_issuer(new).await.unwrap().id
        }
    });
    let ids = puts.collect::<JoinSet<_>>().join_all().await;
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>().len(), 1);
}

/// Operations share a transaction; those that are refused must not take the
/// others down with them.
pub(crate) async fn failures_leave_the_others_alone(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    let all = (1..=100).map(|sequential| {
        let world = world.clone();
        let mut new = world.invoice(sequential);
        async move {
            if sequential % 2 == 0 {
                new.blobs.push((BlobPart::Signed, Vec::new()));
                let refused = world.store.accept(new).await;
                assert!(matches!(refused, Err(StoreError::Refused { .. })));
                return;
            }
            let id = new.id;
            assert_eq!(world.accept(new).await, Acceptance::Stored);
            let mut document = world.document(id).await;
            for stage in [Stage::Submitting, Stage::Received, Stage::Authorized] {
                let transition = Transition {
                    submission_over: stage == Stage::Submitting,
                    ..step(&document, stage)
                };
                world.apply(transition).await;
                document = world.document(id).await;
                assert_eq!(document.stage, stage);
            }
        }
    });
    all.collect::<JoinSet<_>>().join_all().await;
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 50);
}

async fn accept_all(world: &World, documents: Vec<NewDocument>) -> Vec<(NewDocument, Acceptance)> {
    let all = documents.into_iter().map(|document| {
        let store = world.store.clone();
        async move {
            let outcome = store.accept(document.clone()).await.unwrap();
            (document, outcome)
        }
    });
    all.collect::<JoinSet<_>>().join_all().await
}

fn winner(outcomes: &[(NewDocument, Acceptance)]) -> tagua_store::DocumentId {
    let mut stored = outcomes.iter().filter(|(_, o)| *o == Acceptance::Stored);
    let winner = stored.next().expect("somebody won").0.id;
    assert_eq!(stored.count(), 0);
    winner
}
