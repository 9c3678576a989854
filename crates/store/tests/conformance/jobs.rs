//! Who carries on which document, and when.

use tagua_fiscal::Environment;
use tagua_store::{
    Acceptance, Document, DocumentId, FAR_AHEAD_MILLIS, Lane, Lanes, NewDocument, NewEvent,
    NextJob, QueueDepth, Shares, Stage, Transition, UnixMillis, UnsettledIssuer,
};

use super::world::{AnyStore, NOW, World, event, later, step};

pub(crate) async fn come_oldest_first(store: AnyStore) {
    let world = World::new(store).await;
    for (sequential, due) in [(1, 30), (2, 10), (3, 20), (4, 10)] {
        due_at(&world, sequential, later(due)).await;
    }
    let claim = async |limit| {
        let jobs = world
            .store
            .claim(1, later(30), later(99), Shares::any(limit))
            .await;
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
        let jobs = world
            .store
            .claim(owner, later(now), later(until), Shares::any(9))
            .await;
        jobs.unwrap().len()
    };
    assert_eq!(claim(1, 0, 100).await, 1);
    assert_eq!(claim(2, 99, 200).await, 0);
    assert_eq!(claim(1, 99, 200).await, 0);
    assert_eq!(claim(2, 100, 200).await, 1);
    assert_eq!(claim(1, 150, 300).await, 0);
}

pub(crate) async fn a_renewed_lease_keeps_others_away(store: AnyStore) {
    let world = World::new(store).await;
    let ids = [world.accepted(1).await.id, world.accepted(2).await.id];
    assert_eq!(claim_until(&world, 1, 0, 100).await, [1, 2]);
    assert_eq!(renew(&world, 1, &ids[..1], 300).await, 1);
    assert_eq!(claim_until(&world, 2, 100, 900).await, [2]);
    assert_eq!(claim_until(&world, 2, 299, 900).await, [0; 0]);
    // Run out, and nobody came: it is still one's own.
    assert_eq!(renew(&world, 1, &ids[..1], 500).await, 1);
    assert_eq!(claim_until(&world, 2, 499, 900).await, [0; 0]);
    assert_eq!(claim_until(&world, 2, 500, 900).await, [1]);
}

pub(crate) async fn a_lease_taken_over_is_not_renewed(store: AnyStore) {
    let world = World::new(store).await;
    let ids = [world.accepted(1).await.id, world.accepted(2).await.id];
    assert_eq!(claim_until(&world, u64::MAX, 0, 100).await, [1, 2]);
    assert_eq!(claim_until(&world, 2, 100, 200).await, [1, 2]);
    assert_eq!(renew(&world, u64::MAX, &ids, 900).await, 0);
    assert_eq!(renew(&world, 2, &ids, 150).await, 2);
    assert_eq!(claim_until(&world, 3, 150, 200).await, [1, 2]);
}

pub(crate) async fn what_is_not_leased_is_not_renewed(store: AnyStore) {
    let world = World::new(store).await;
    let waiting = world.accepted(1).await;
    let put_off = world.accepted(2).await;
    let done = world.accepted(3).await;
    let ids = [waiting.id, put_off.id, done.id, DocumentId([9; 16])];
    assert_eq!(renew(&world, 1, &ids, 900).await, 0);
    assert_eq!(claim_until(&world, 1, 0, 100).await, [1, 2, 3]);
    then(&world, &put_off, NextJob::RunAt(later(5))).await;
    then(&world, &done, NextJob::Done).await;
    assert_eq!(renew(&world, 1, &[], 900).await, 0);
    assert_eq!(renew(&world, 1, &ids, 900).await, 1);
    world.store.release(1).await.unwrap();
    assert_eq!(renew(&world, 1, &ids, 900).await, 0);
    assert_eq!(claim_until(&world, 2, 5, 100).await, [1, 2]);
}

async fn renew(world: &World, owner: u64, documents: &[DocumentId], until: i64) -> u64 {
    let renewed = world.store.renew(owner, documents, later(until)).await;
    renewed.unwrap()
}

/// The numbers of what was claimed, in order.
async fn claim_until(world: &World, owner: u64, now: i64, until: i64) -> Vec<u32> {
    let (now, until) = (later(now), later(until));
    let jobs = world.store.claim(owner, now, until, Shares::any(9)).await;
    let order = jobs.unwrap().into_iter();
    let mut numbers: Vec<_> = order.map(|job| job.document.sequential.get()).collect();
    numbers.sort_unstable();
    numbers
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

/// What is further ahead than any pause was written by a clock that was set
/// back since.
pub(crate) async fn a_clock_set_back_keeps_nothing_waiting(store: AnyStore) {
    let world = World::new(store).await;
    let first = world.accepted(1).await.id;
    assert_eq!(world.claim(1, NOW).await.len(), 1);
    let second = world.accepted(2).await.id;
    let back = |millis| UnixMillis(NOW.0 - millis);
    assert_eq!(world.claim(2, back(FAR_AHEAD_MILLIS - 2_000)).await, []);
    let claimed = world.claim(2, back(FAR_AHEAD_MILLIS + 1)).await;
    let claimed: Vec<_> = claimed.iter().map(|job| job.document.id).collect();
    assert_eq!(claimed, [first, second]);
    let again = world.claim(3, back(FAR_AHEAD_MILLIS + 1)).await;
    assert_eq!(again, [], "leased by the clock as it is now");
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
    assert_eq!(
        world.store.next_run_at(UnixMillis(i64::MIN)).await.unwrap(),
        None
    );
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
    let next = async || world.store.next_run_at(UnixMillis(i64::MIN)).await.unwrap();
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

/// Accounts whose first has documents 1 to 30 due, the second 31 due later.
async fn two_accounts(store: AnyStore) -> (World, World) {
    let busy = World::with_account(store.clone(), "mucho").await;
    let quiet = World::with_account(store, "poco").await;
    for sequential in 1..=30 {
        due_at(&busy, sequential, NOW).await;
    }
    due_at(&quiet, 31, later(9)).await;
    (busy, quiet)
}

async fn claim_shares(world: &World, shares: Shares) -> Vec<u32> {
    let jobs = world.store.claim(1, later(9), later(99), shares).await;
    let order = jobs.unwrap().into_iter();
    order.map(|job| job.document.sequential.get()).collect()
}

pub(crate) async fn accounts_take_turns(store: AnyStore) {
    let (busy, _quiet) = two_accounts(store).await;
    assert_eq!(claim_shares(&busy, Shares::any(3)).await, [1, 31, 2]);
}

pub(crate) async fn who_holds_much_gets_less(store: AnyStore) {
    let (busy, quiet) = two_accounts(store).await;
    let shares = Shares {
        per_account: 4,
        held: vec![(busy.account.id, 1), (quiet.account.id, 0)],
        ..Shares::any(1)
    };
    // A single place goes to who holds nothing, however long others wait.
    assert_eq!(claim_shares(&busy, shares.clone()).await, [31]);
    let more = Shares {
        limit: 99,
        ..shares.clone()
    };
    assert_eq!(claim_shares(&busy, more).await, [1, 2, 3]);
    let full = Shares {
        limit: 99,
        held: vec![(busy.account.id, 4)],
        ..shares
    };
    assert_eq!(claim_shares(&busy, full).await, [0; 0]);
}

pub(crate) async fn lanes_are_claimed_apart(store: AnyStore) {
    let world = World::new(store).await;
    let asked = world.accepted(1).await;
    then(&world, &asked, NextJob::RunAt(NOW)).await;
    world.accepted(2).await;
    let production = NewDocument {
        environment: Environment::Production,
        ..world.invoice(3)
    };
    assert_eq!(world.accept(production).await, Acceptance::Stored);
    let expected = [(0, 2), (1, 1), (2, 3)];
    for lane in Lane::ALL {
        let shares = Shares {
            lanes: Lanes::NONE.with(lane),
            ..Shares::any(9)
        };
        let number = usize::from(lane.number());
        let found = expected.iter().filter(|(lane, _)| *lane == number);
        let found: Vec<_> = found.map(|(_, sequential)| *sequential).collect();
        assert_eq!(claim_shares(&world, shares).await, found, "{lane:?}");
    }
}

pub(crate) async fn sending_and_asking_alternate(store: AnyStore) {
    let world = World::new(store).await;
    for sequential in 1..=6 {
        let document = world.accepted(sequential).await;
        if sequential > 3 {
            then(&world, &document, NextJob::RunAt(later(5))).await;
        }
    }
    let claimed = claim_shares(&world, Shares::any(4)).await;
    assert_eq!(claimed, [1, 4, 2, 5]);
}

pub(crate) async fn the_next_run_is_after_what_is_due(store: AnyStore) {
    let (busy, _quiet) = two_accounts(store).await;
    let next = async |after| busy.store.next_run_at(after).await.unwrap();
    assert_eq!(next(later(-1)).await, Some(NOW));
    assert_eq!(next(NOW).await, Some(later(9)));
    assert_eq!(next(later(9)).await, None);
}

pub(crate) async fn unsettled_ones_are_told_by_issuer(store: AnyStore) {
    let world = World::new(store).await;
    let none = world.store.unsettled_by_issuer(9).await.unwrap();
    assert_eq!(none, []);
    let settled = world.accepted(1).await;
    then(&world, &settled, NextJob::Done).await;
    for sequential in 2..=3 {
        let new = NewDocument {
            at: later(i64::from(sequential)),
            ..world.invoice(sequential)
        };
        assert_eq!(world.accept(new).await, Acceptance::Stored);
    }
    let other = World::with_account(world.store.clone(), "otra").await;
    other.accepted(4).await;
    let of = |world: &World, waiting, oldest| UnsettledIssuer {
        account: world.account.id,
        issuer: world.issuer.id,
        ruc: world.issuer.ruc,
        waiting,
        oldest,
    };
    let (first, second) = (of(&other, 1, NOW), of(&world, 2, later(2)));
    let all = world.store.unsettled_by_issuer(9).await.unwrap();
    assert_eq!(all, [first.clone(), second]);
    let one = world.store.unsettled_by_issuer(1).await.unwrap();
    assert_eq!(one, [first]);
}

pub(crate) async fn the_newest_change_is_known(store: AnyStore) {
    let world = World::new(store).await;
    let newest = async || world.store.newest_change().await.unwrap();
    assert_eq!(newest().await, None);
    let old = world.accepted(1).await;
    let new = NewDocument {
        at: later(5),
        ..world.invoice(2)
    };
    assert_eq!(world.accept(new).await, Acceptance::Stored);
    assert_eq!(newest().await, Some(later(5)));
    // A step of an older document counts as well.
    let step = Transition {
        event: NewEvent {
            at: later(7),
            ..event("stepped")
        },
        ..step(&old, Stage::Unknown)
    };
    world.apply(step).await;
    assert_eq!(newest().await, Some(later(7)));
}
