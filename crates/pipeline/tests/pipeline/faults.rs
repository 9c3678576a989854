//! SRI down, storage down, kills, several runners, stops.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tagua_fiscal::Environment;
use tagua_store::{NextJob, Stage, Store as _, UnixMillis};

use crate::sri::{AUTHORIZED, Call, RECEIVED, Reply, Scripted};
use crate::world::{HOUR, MINUTE, World, signed};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn without_a_connection_nothing_left() {
    let world = World::new(Scripted::new([Reply::Refused], [])).await;
    let id = world.accept(1).await;
    world.run_for(24 * HOUR).await;
    let document = world.document(id).await;
    assert_eq!(document.stage, Stage::Signed);
    assert_eq!(
        (document.submissions, document.last_submission_at),
        (0, None)
    );
    let history = world.history(id).await;
    assert!(
        history
            .chunks(2)
            .all(|pair| pair == ["submission_started", "not_sent"])
    );
    // No busy loop: one probe in 30 s.
    let tries = world.sri.submissions().len();
    assert!((2000..=2900).contains(&tries), "{tries} tries in a day");

    // A day of tries has used up nothing: a submission that is lost now is sent again.
    world.sri.now_says(Reply::TimedOut, Reply::NotFound);
    world.run_for(10 * MINUTE).await;
    let document = world.document(id).await;
    assert_eq!(document.stage, Stage::Unknown);
    assert!(document.submissions >= 2, "{}", document.submissions);
    world.sri.now_says(RECEIVED, AUTHORIZED);
    world.run_for(HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
}

#[tokio::test(start_paused = true)]
async fn a_connection_refused_later_proves_nothing() {
    let submits = [Reply::TimedOut, Reply::Refused];
    let world = World::new(Scripted::new(submits, [Reply::NotFound])).await;
    let id = world.accept(1).await;
    world.run_for(50 * SECOND).await;
    let history = world.history(id).await;
    assert!(!history.contains(&"not_sent".to_owned()), "{history:?}");
    assert_eq!(world.document(id).await.stage, Stage::Unknown);
}

#[tokio::test(start_paused = true)]
async fn many_documents_do_not_storm_an_sri_that_is_down() {
    let world = World::new(Scripted::new([Reply::Refused], [])).await;
    for number in 1..=100 {
        world.accept(number).await;
    }
    world.run_for(2 * HOUR).await;
    let tries = world.sri.submissions().len() / 100;
    assert!(tries < 80, "{tries} tries of each document in two hours");
    let last: Vec<_> = world.sri.seen().iter().map(|seen| seen.at).collect();
    // They do not come back together.
    let moment = *last.last().unwrap();
    let together = last.iter().filter(|at| moment - **at < SECOND).count();
    assert!(together < 20, "{together} in one second");
}

#[tokio::test(start_paused = true)]
async fn an_sri_that_hangs_holds_nobody_for_ever() {
    let world = World::new(Scripted::new([Reply::Hang], [Reply::Hang])).await;
    let id = world.accept(1).await;
    world.run_for(HOUR).await;
    let history = world.history(id).await;
    assert_eq!(
        history[..3],
        ["submission_started", "no_answer", "ask_failed"]
    );
    world.sri.now_says(RECEIVED, AUTHORIZED);
    world.run_for(HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
    assert_eq!(world.sri.submissions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn killed_between_mark_and_answer_it_asks_first() {
    // The store answers a failure after it stored the mark: nothing is sent,
    // and the next worker cannot know that.
    let world = World::new(Scripted::new([RECEIVED], vec![Reply::NotFound; 20])).await;
    world.store.lose_applies.store(1, Ordering::SeqCst);
    let id = world.accept(1).await;
    world.run_for(MINUTE).await;
    assert_eq!(world.document(id).await.stage, Stage::Submitting);
    assert!(world.sri.seen().is_empty());
    world.run_for(5 * MINUTE).await;
    let seen = world.sri.seen();
    assert_eq!(seen[0].call, Call::Ask);
    let sent = seen.iter().position(|seen| seen.call != Call::Ask).unwrap();
    assert!(
        seen[sent].at - seen[0].at >= 25 * SECOND,
        "{:?}",
        seen[sent].at - seen[0].at
    );
    world.sri.now_says(RECEIVED, AUTHORIZED);
    world.run_for(HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
    assert_eq!(world.sri.submissions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn killed_with_the_answer_in_its_hands_it_asks_first() {
    let world = World::new(Scripted::new([Reply::Hang, RECEIVED], [AUTHORIZED])).await;
    let id = world.accept(1).await;
    let running = world.start();
    tokio::time::sleep(SECOND).await;
    running.kill().await;
    assert_eq!(world.document(id).await.stage, Stage::Submitting);
    // The answer names the bytes that were submitted: SRI got them.
    world.run_until_rested(1, HOUR).await;
    let document = world.document(id).await;
    assert_eq!(document.stage, Stage::Authorized);
    assert_eq!(document.submissions, 1);
    assert_eq!(
        world.history(id).await,
        ["submission_started", "authorized"]
    );
    assert_eq!(world.sri.submissions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_long_power_cut_does_not_give_up() {
    let world = World::new(Scripted::new(
        [Reply::TimedOut, RECEIVED],
        [Reply::NotFound],
    ))
    .await;
    let id = world.accept(1).await;
    world.run_for(10 * SECOND).await;
    assert_eq!(world.document(id).await.stage, Stage::Unknown);
    tokio::time::sleep(80 * HOUR).await;
    world.run_for(MINUTE).await;
    assert_eq!(world.document(id).await.stage, Stage::Received);
    assert_eq!(world.sri.submissions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_clock_set_back_or_forward_breaks_nothing() {
    for jump in [-3_600_000, 86_400_000, -30 * 86_400_000] {
        let world = World::new(Scripted::new(
            [Reply::TimedOut, RECEIVED],
            [Reply::NotFound],
        ))
        .await;
        let id = world.accept(1).await;
        world.run_for(10 * SECOND).await;
        world.clock.jump(jump);
        world.run_for(2 * HOUR).await;
        world.sri.now_says(RECEIVED, AUTHORIZED);
        world.run_for(2 * HOUR).await;
        assert_eq!(world.document(id).await.stage, Stage::Authorized, "{jump}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_workers_on_one_document_one_records() {
    let world = World::new(Scripted::new([Reply::Hang], [AUTHORIZED])).await;
    let id = world.accept(1).await;
    let first = world.start();
    tokio::time::sleep(SECOND).await;
    // The first is in its call still, its lease is over for everybody else.
    world.clock.jump(90_000);
    let second = world.start();
    let mut rested = world.store.rested();
    rested.wait_for(|rested| *rested == 1).await.unwrap();
    tokio::time::sleep(HOUR).await;
    first.stop().await;
    second.stop().await;
    let document = world.document(id).await;
    assert_eq!(document.stage, Stage::Authorized);
    let versions = world.events(id).await.len() - 1;
    assert_eq!(usize::try_from(document.version).unwrap(), versions);
    assert_eq!(world.store.stale.load(Ordering::SeqCst), 1);
    assert_eq!(
        world.history(id).await,
        ["submission_started", "authorized"]
    );
    assert_eq!(world.sri.submissions(), [signed(1, 0)]);
}

#[tokio::test(start_paused = true)]
async fn two_runners_share_the_work() {
    let world = World::new(Scripted::new([RECEIVED], [Reply::NotFound])).await;
    for number in 1..=60 {
        world.accept(number).await;
    }
    let runners = [world.start(), world.start()];
    tokio::time::sleep(10 * SECOND).await;
    for runner in runners {
        runner.stop().await;
    }
    assert_eq!(world.sri.submissions().len(), 60);
    assert_eq!(world.store.stale.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_stop_finishes_the_step_and_gives_leases_back() {
    let world = World::new(Scripted::new([Reply::Hang], [AUTHORIZED])).await;
    let id = world.accept(1).await;
    let running = world.start();
    tokio::time::sleep(SECOND).await;
    let asked = tokio::time::Instant::now();
    running.stop().await;
    assert!(asked.elapsed() <= 90 * SECOND, "{:?}", asked.elapsed());
    let document = world.document(id).await;
    assert_eq!(document.stage, Stage::Unknown);
    // Given back: due again without waiting for the lease.
    assert!(
        world
            .store
            .next_run_at(UnixMillis(0))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(world.history(id).await, ["submission_started", "no_answer"]);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_stop_signal_stops() {
    let world = World::new(Scripted::new([RECEIVED], [Reply::NotFound])).await;
    world.accept(1).await;
    let running = world.start();
    tokio::time::sleep(SECOND).await;
    let claims = world.store.claims.load(Ordering::SeqCst);
    assert!(claims < 10, "{claims} claims");
    running.abandon().await;
}

#[tokio::test(start_paused = true)]
async fn new_work_wakes_a_sleeping_runner() {
    let mut world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    world.config.poll = HOUR;
    let running = world.start();
    tokio::time::sleep(MINUTE).await;
    world.accept(1).await;
    running.wake.wake();
    tokio::time::sleep(SECOND / 10).await;
    assert_eq!(world.sri.submissions().len(), 1);
    running.stop().await;
}

#[tokio::test(start_paused = true)]
async fn storage_errors_do_not_end_the_runner() {
    for failing in 1..=4 {
        for losing in 0..=2 {
            let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
            world.store.fail_applies.store(failing, Ordering::SeqCst);
            world.store.lose_applies.store(losing, Ordering::SeqCst);
            let document = world.carry().await;
            // Without a submission SRI knows no bytes of this script: at
            // most one was needed all the same.
            assert!(matches!(
                document.stage,
                Stage::Authorized | Stage::NeedsAttention
            ));
            assert!(world.sri.submissions().len() <= 1);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_cannot_be_claimed_is_no_hot_loop() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    let id = world.accept(1).await;
    world.store.fail_claims.store(true, Ordering::SeqCst);
    world.run_for(HOUR).await;
    let claims = world.store.claims.load(Ordering::SeqCst);
    assert!((50..=70).contains(&claims), "{claims} claims in an hour");
    world.store.fail_claims.store(false, Ordering::SeqCst);
    world.run_for(MINUTE).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
}

#[tokio::test(start_paused = true)]
async fn bytes_that_cannot_be_read_need_a_person() {
    for damaged in [false, true] {
        for interrupted in [false, true] {
            let world = World::new(Scripted::new([RECEIVED], [Reply::NotFound])).await;
            let id = world.accept(1).await;
            if interrupted {
                world.store.lose_applies.store(1, Ordering::SeqCst);
                world.run_for(SECOND).await;
                assert_eq!(world.document(id).await.stage, Stage::Submitting);
            }
            let missing = match damaged {
                true => &world.store.damaged_bytes,
                false => &world.store.no_bytes,
            };
            missing.store(true, Ordering::SeqCst);
            world.run_until_rested(1, HOUR).await;
            let document = world.document(id).await;
            assert_eq!(document.stage, Stage::NeedsAttention);
            assert!(document.attention.unwrap().contains("El archivo firmado"));
            assert!(world.sri.seen().is_empty());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_disabled_environment_is_waited_for_in_sight() {
    let mut world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    let id = world
        .accept_new(world.invoice_of(Environment::Production, 1))
        .await;
    world.run_for(48 * HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::Signed);
    assert!(world.sri.seen().is_empty());
    let events = world.events(id).await;
    let waits: Vec<_> = events[1..]
        .windows(2)
        .map(|pair| pair[1].at.0 - pair[0].at.0)
        .collect();
    assert!(
        (48..72).contains(&waits.len()),
        "{} waits in two days",
        waits.len()
    );
    let minutes = |millis: i64| millis / 60_000;
    assert!(minutes(waits[0]) < 7, "{waits:?}");
    assert!(
        (47..=73).contains(&minutes(*waits.last().unwrap())),
        "{waits:?}"
    );
    assert!(
        events[1..]
            .iter()
            .all(|event| event.kind == "environment_disabled")
    );
    assert!(events[1].detail.contains("no está habilitado"));
    world.production = true;
    world.run_until_rested(1, 2 * HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
}

#[tokio::test(start_paused = true)]
async fn documents_of_the_test_environment_do_not_wait_for_production() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    for number in 1..=40 {
        world
            .accept_new(world.invoice_of(Environment::Production, number))
            .await;
    }
    let id = world.accept(41).await;
    world.run_for(10 * SECOND).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
}

#[tokio::test(start_paused = true)]
async fn documents_for_later_are_left_until_later() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    let mut later = world.invoice(1);
    later.job = NextJob::RunAt(UnixMillis(later.at.0 + 7_200_000));
    let id = world.accept_new(later).await;
    world.run_for(HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::Signed);
    world.run_for(HOUR + MINUTE).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
}
