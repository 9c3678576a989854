//! Who carries on which document, and when.

use tagua_store::{
    Acceptance, Document, NewDocument, NewEvent, NextJob, QueueDepth, Stage, Transition, UnixMillis,
};

use super::world::{AnyStore, NOW, World, event, later, step};

pub(crate) async fn come_oldest_first(store: AnyStore) {
    let world = World::new(store).await;
    for (sequential, due) in [(1, 30), (2, 10), (3, 20), (4, 10)] {
        due_at(&world, sequential, later(due)).await;
    }
    let claim = async |limit| {
        let jobs = world.store.claim(1, later(30), later(99), limit).await;
        let jobs = jobs.unwrap();
        let order = jobs.iter().map(|job| job.document.sequential.get());
        order.collect::<Vec<_>>()
    };
    assert_eq!(claim(0).await, [0; 0]);
    assert_eq!(claim(3).await, [2, 4, 3]);
    assert_eq!(claim(usize::MAX).await, [1]);
    assert_eq!(claim(3).await, [0; 0]);
}

pub(crate) async fn carry_their_document(store: AnyStore) {
    let world = World::new(store).await;
    let document = world.accepted(1).await;
    let job = world.claim(u64::MAX, later(5)).await.pop().unwrap();
    assert_eq!(job.document, document);
    assert_eq!((job.attempt, job.run_at), (1, NOW));
}

pub(crate) async fn wait_until_they_are_due(store: AnyStore) {
    let world = World::new(store).await;
    due_at(&world, 1, later(10)).await;
    assert_eq!(world.claim(1, later(9)).await, []);
    assert_eq!(world.claim(1, later(10)).await.len(), 1);
}

pub(crate) async fn a_lease_keeps_others_away(store: AnyStore) {
    let world = World::new(store).await;
    world.accepted(1).await;
    let claim = async |owner, now, until| {
        let jobs = world.store.claim(owner, later(now), later(until), 9).await;
        jobs.unwrap().len()
    };
    assert_eq!(claim(1, 0, 100).await, 1);
    assert_eq!(claim(2, 99, 200).await, 0);
    assert_eq!(claim(1, 99, 200).await, 0);
    assert_eq!(claim(2, 100, 200).await, 1);
    assert_eq!(claim(1, 150, 300).await, 0);
}

pub(crate) async fn attempts_count_since_the_last_transition(store: AnyStore) {
    let world = World::new(store).await;
    let document = world.accepted(1).await;
    let attempt = async |at| world.claim(1, later(at)).await[0].attempt;
    assert_eq!(attempt(0).await, 1);
    assert_eq!(attempt(1000).await, 2);
    assert_eq!(attempt(2000).await, 3);
    world.apply(step(&document, Stage::Submitting)).await;
    assert_eq!(attempt(3000).await, 1);
}

pub(crate) async fn done_is_gone(store: AnyStore) {
    let world = World::new(store).await;
    let none = NewDocument {
        job: NextJob::Done,
        ..world.invoice(1)
    };
    assert_eq!(world.accept(none).await, Acceptance::Stored);
    assert_eq!(world.claim(1, later(9)).await, []);
    let document = world.accepted(2).await;
    then(&world, &document, NextJob::Done).await;
    assert_eq!(world.claim(1, later(9)).await, []);
    assert_eq!(
        world.store.queue_depth().await.unwrap(),
        QueueDepth::default()
    );
}

pub(crate) async fn run_at_ends_the_lease(store: AnyStore) {
    let world = World::new(store).await;
    let document = world.accepted(1).await;
    world.claim(1, NOW).await;
    then(&world, &document, NextJob::RunAt(later(10))).await;
    assert_eq!(world.claim(2, later(9)).await, []);
    let job = world.claim(2, later(10)).await.pop().unwrap();
    assert_eq!((job.attempt, job.run_at), (1, later(10)));
}

pub(crate) async fn keep_lease_keeps_it(store: AnyStore) {
    let world = World::new(store).await;
    let document = world.accepted(1).await;
    world.claim(1, NOW).await;
    then(&world, &document, NextJob::KeepLease).await;
    assert_eq!(world.claim(2, later(999)).await, []);
    assert_eq!(world.store.next_run_at().await.unwrap(), None);
    let job = world.claim(2, later(1000)).await.pop().unwrap();
    assert_eq!((job.attempt, job.run_at), (1, later(5)));
    assert_eq!(job.document.version, 1);
}

pub(crate) async fn a_transition_may_bring_one_back(store: AnyStore) {
    let world = World::new(store).await;
    for (sequential, again) in [(1, NextJob::RunAt(later(5))), (2, NextJob::KeepLease)] {
        let document = world.accepted(sequential).await;
        then(&world, &document, NextJob::Done).await;
        let document = world.document(document.id).await;
        then(&world, &document, again).await;
        let job = world.claim(1, later(5)).await.pop().unwrap();
        assert_eq!((job.attempt, job.run_at), (1, later(5)));
    }
}

pub(crate) async fn release_gives_back_ones_own(store: AnyStore) {
    let world = World::new(store).await;
    world.accepted(1).await;
    assert_eq!(world.claim(u64::MAX, NOW).await.len(), 1);
    world.accepted(2).await;
    assert_eq!(world.claim(7, NOW).await.len(), 1);
    world.store.release(u64::MAX).await.unwrap();
    let jobs = world.claim(8, NOW).await;
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].document.sequential.get(), 1);
    assert_eq!(jobs[0].attempt, 2);
}

pub(crate) async fn the_next_run_skips_leased(store: AnyStore) {
    let world = World::new(store).await;
    let next = async || world.store.next_run_at().await.unwrap();
    assert_eq!(next().await, None);
    due_at(&world, 1, later(20)).await;
    due_at(&world, 2, later(10)).await;
    assert_eq!(next().await, Some(later(10)));
    world.claim(1, later(10)).await;
    assert_eq!(next().await, Some(later(20)));
    world.claim(1, later(20)).await;
    assert_eq!(next().await, None);
    world.store.release(1).await.unwrap();
    assert_eq!(next().await, Some(later(10)));
}

pub(crate) async fn depth_counts_and_dates(store: AnyStore) {
    let world = World::new(store).await;
    let depth = async || {
        let depth = world.store.queue_depth().await.unwrap();
        (depth.waiting, depth.oldest)
    };
    assert_eq!(depth().await, (0, None));
    let first = due_at(&world, 1, later(50)).await;
    let newer = NewDocument {
        at: later(7),
        ..world.invoice(2)
    };
    world.accept(newer).await;
    assert_eq!(depth().await, (2, Some(NOW)));
    world.claim(1, later(60)).await;
    assert_eq!(depth().await, (2, Some(NOW)));
    then(&world, &first, NextJob::Done).await;
    assert_eq!(depth().await, (1, Some(later(7))));
}

async fn due_at(world: &World, sequential: u32, due: UnixMillis) -> Document {
    let new = NewDocument {
        job: NextJob::RunAt(due),
        ..world.invoice(sequential)
    };
    let id = new.id;
    assert_eq!(world.accept(new).await, Acceptance::Stored);
    world.document(id).await
}

/// A transition five milliseconds later that does this with the job.
async fn then(world: &World, document: &Document, job: NextJob) {
    let transition = Transition {
        event: NewEvent {
            at: later(5),
            ..event("stepped")
        },
        job,
        ..step(document, Stage::Unknown)
    };
    world.apply(transition).await;
}
