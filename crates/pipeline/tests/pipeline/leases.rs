//! Short leases, renewed while somebody works: nobody else takes the work of the
//! living, and the work of the dead does not wait.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tagua_store::{Stage, Store as _};
use tokio::time::Instant;

use crate::sri::{AUTHORIZED, Call, RECEIVED, Reply, Scripted};
use crate::world::{HOUR, MINUTE, Running, World};

const SECOND: Duration = Duration::from_secs(1);
/// What is promised after a crash.
const RESUMED: Duration = Duration::from_secs(5);

/// Two runners at once, the first in a call of twenty seconds about one invoice.
async fn in_a_long_call() -> (World, [Running; 2]) {
    let mut world = World::new(Scripted::new([Reply::Hang], [AUTHORIZED])).await;
    world.config.poll = SECOND;
    world.config.call_limit = 20 * SECOND;
    world.accept(1).await;
    let first = world.start();
    tokio::time::sleep(SECOND / 10).await;
    let second = world.start();
    (world, [first, second])
}

/// Since now until SRI has seen so many calls.
async fn until_called(world: &World, calls: usize) -> Duration {
    let asked = Instant::now();
    while world.sri.seen().len() < calls {
        assert!(asked.elapsed() < HOUR, "{:?}", world.sri.seen());
        tokio::time::sleep(SECOND / 100).await;
    }
    asked.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_long_call_keeps_its_document() {
    let (world, runners) = in_a_long_call().await;
    tokio::time::sleep(19 * SECOND).await;
    assert_eq!(world.sri.seen().len(), 1);
    // Not a lease that long: it was renewed again and again.
    assert!(world.config.lease < RESUMED);
    let renewals = world.store.renewals.load(Ordering::SeqCst);
    assert!((10..=40).contains(&renewals), "{renewals}");
    tokio::time::sleep(HOUR).await;
    for runner in runners {
        runner.stop().await;
    }
    let id = world.invoice(1).id;
    assert_eq!(
        world.history(id).await,
        ["submission_started", "no_answer", "authorized"]
    );
    assert_eq!(world.store.stale.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_runner_held_is_taken_up_at_once() {
    let (world, [first, second]) = in_a_long_call().await;
    tokio::time::sleep(10 * SECOND).await;
    first.kill().await;
    let waited = until_called(&world, 2).await;
    assert!((2 * SECOND..RESUMED).contains(&waited), "{waited:?}");
    assert_eq!(world.sri.seen()[1].call, Call::Ask);
    second.stop().await;
    let document = world.document(world.invoice(1).id).await;
    assert_eq!(document.stage, Stage::Authorized);
    assert_eq!(world.sri.submissions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_keeps_what_it_finishes() {
    let (world, [first, second]) = in_a_long_call().await;
    let stopped = Instant::now();
    let stopping = tokio::spawn(first.stop());
    tokio::time::sleep(15 * SECOND).await;
    assert_eq!(world.sri.seen().len(), 1);
    stopping.await.unwrap();
    assert!(stopped.elapsed() > 19 * SECOND, "{:?}", stopped.elapsed());
    assert_eq!(world.store.stale.load(Ordering::SeqCst), 0);
    second.stop().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_holds_nothing_renews_nothing() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    world.accept(1).await;
    world.run_for(HOUR).await;
    assert_eq!(
        world.document(world.invoice(1).id).await.stage,
        Stage::Authorized
    );
    assert_eq!(world.store.renewals.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_tried_again_beside_what_is_in_work() {
    let mut world = World::new(Scripted::new([Reply::Hang], [])).await;
    world.config.poll = SECOND;
    world.config.call_limit = MINUTE;
    world.store.fail_applies.store(1, Ordering::SeqCst);
    for number in [1, 2] {
        world.accept(number).await;
    }
    let running = world.start();
    until_called(&world, 1).await;
    // Of one the mark was not stored; the other one's lease is renewed meanwhile.
    let waited = until_called(&world, 2).await;
    assert!(waited < RESUMED, "{waited:?}");
    running.kill().await;
}

#[tokio::test(start_paused = true)]
async fn a_storage_that_does_not_renew_starts_nothing_twice() {
    let mut world = World::new(Scripted::new([Reply::Hang], [AUTHORIZED])).await;
    world.config.poll = SECOND;
    world.config.call_limit = 20 * SECOND;
    world.store.fail_renewals.store(true, Ordering::SeqCst);
    let id = world.accept(1).await;
    let running = world.start();
    tokio::time::sleep(19 * SECOND).await;
    assert!(world.store.renewals.load(Ordering::SeqCst) > 10);
    assert_eq!(world.sri.seen().len(), 1);
    tokio::time::sleep(MINUTE).await;
    assert_eq!(
        world.history(id).await,
        ["submission_started", "no_answer", "authorized"]
    );
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_document_that_cannot_be_moved_on_is_no_hot_loop() {
    let mut world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    world.config.poll = SECOND;
    world.store.refuse_applies.store(true, Ordering::SeqCst);
    let id = world.accept(1).await;
    world.run_for(HOUR).await;
    let tries = world.store.read.lock().len();
    assert!((30..=45).contains(&tries), "{tries} tries in an hour");
    world.store.refuse_applies.store(false, Ordering::SeqCst);
    world.run_for(MINUTE).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 0);
}
