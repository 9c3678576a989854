//! The breaker by itself, and what waits while it is open.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tagua_fiscal::Environment;
use tagua_pipeline::{Authorities, Authority, Breaker, BreakerState, OPENS_AFTER, Pace, Readiness};
use tagua_store::{Lane, Service, Stage, Store as _, UnixMillis};

use crate::sri::{AUTHORIZED, Call, RECEIVED, Reply, Scripted};
use crate::world::{HOUR, MINUTE, START, World};

const SECOND: Duration = Duration::from_secs(1);
const PROBE_EVERY: Duration = Pace::SRI.probe_every;

fn at(seconds: i64) -> UnixMillis {
    UnixMillis(START + seconds * 1000)
}

fn closed() -> Breaker {
    Breaker::new(PROBE_EVERY)
}

fn opened() -> Breaker {
    let mut breaker = closed();
    for _ in 0..OPENS_AFTER {
        assert!(breaker.begin(at(0)));
        breaker.failed(at(0), None);
    }
    breaker
}

#[test]
fn ten_failures_in_a_row_open_it_and_one_answer_closes_it() {
    let mut breaker = closed();
    for _ in 0..3 {
        for _ in 1..OPENS_AFTER {
            breaker.failed(at(0), None);
        }
        assert_eq!(breaker.state(), BreakerState::Closed);
        breaker.succeeded();
    }
    let mut breaker = opened();
    assert_eq!(breaker.state(), BreakerState::Open { since: at(0) });
    breaker.succeeded();
    assert_eq!(breaker, closed());
}

#[test]
fn one_call_in_half_a_minute_tries() {
    let mut breaker = opened();
    assert_eq!(breaker.readiness(at(29)), Readiness::NotBefore(at(30)));
    assert!(!breaker.begin(at(29)));
    assert_eq!(breaker.readiness(at(30)), Readiness::Probe);
    assert!(breaker.lets_through(at(30)) && breaker.begin(at(30)));
    assert!(!breaker.lets_through(at(59)) && !breaker.begin(at(59)));
    breaker.failed(at(59), None);
    assert!(breaker.begin(at(60)));
}

#[test]
fn who_reaches_nobody_holds_the_others_a_while() {
    let mut breaker = closed();
    for (now, held) in [(0, 1), (1, 2), (3, 4), (7, 8), (15, 16), (31, 30), (61, 30)] {
        assert_eq!(breaker.readiness(at(now)), Readiness::Free);
        breaker.failed(at(now), Some(SECOND));
        let next = at(now + held);
        assert_eq!(breaker.readiness(at(now)), Readiness::NotBefore(next));
        // What is under way goes on.
        assert!(breaker.begin(at(now)));
    }
}

#[test]
fn a_clock_set_back_does_not_keep_it_shut() {
    let mut breaker = opened();
    assert!(breaker.begin(at(-3600)));
}

#[test]
fn the_simulator_is_tried_each_second() {
    let mut breaker = Breaker::new(Pace::SIMULATOR.probe_every);
    for _ in 0..OPENS_AFTER {
        breaker.failed(at(0), Some(SECOND / 10));
    }
    assert_eq!(breaker.readiness(at(0)), Readiness::NotBefore(at(1)));
    assert!(breaker.begin(at(1)) && !breaker.begin(at(1)));
    // Two seconds ahead is no pause of this breaker, but a clock set back.
    assert!(breaker.begin(at(-1)));
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Pass(u16),
    Begin,
    Fail,
    Succeed,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        1 => (0..20_000_u16).prop_map(Step::Pass),
        1 => Just(Step::Begin),
        4 => Just(Step::Fail),
        1 => Just(Step::Succeed),
    ];
    proptest::collection::vec(step, 0..200)
}

proptest! {
    #[test]
    fn open_lets_one_call_in_half_a_minute_through(steps in steps()) {
        let mut breaker = closed();
        let (mut now, mut in_a_row) = (at(0), 0);
        let mut last: Option<UnixMillis> = None;
        for step in steps {
            match step {
                Step::Pass(millis) => now = UnixMillis(now.0 + i64::from(millis)),
                Step::Fail => {
                    breaker.failed(now, None);
                    in_a_row += 1;
                    if in_a_row == OPENS_AFTER {
                        last = Some(now);
                    }
                }
                Step::Succeed => {
                    breaker.succeeded();
                    in_a_row = 0;
                }
                Step::Begin => {
                    let since = last.map_or(i64::MAX, |last| now.0 - last.0);
                    let due = u128::from(since.unsigned_abs()) >= PROBE_EVERY.as_millis();
                    let begins = breaker.begin(now);
                    prop_assert_eq!(begins, in_a_row < OPENS_AFTER || due);
                    if begins && in_a_row >= OPENS_AFTER {
                        last = Some(now);
                    }
                }
            }
            let open = breaker.state() != BreakerState::Closed;
            prop_assert_eq!(open, in_a_row >= OPENS_AFTER);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_writes_nothing_keeps_its_order_and_then_goes() {
    let world = World::new(Scripted::new([Reply::Refused], [])).await;
    let mut ids = Vec::new();
    for number in 1..=200 {
        ids.push(world.accept(number).await);
    }
    let authorities = world.authorities();
    let breakers = authorities.breakers();
    let running = world.start_with(authorities);
    tokio::time::sleep(24 * HOUR).await;
    let reception = Lane::of(Environment::Test, Service::Reception);
    for (lane, state) in breakers.states() {
        assert_eq!(state != BreakerState::Closed, lane == reception, "{lane:?}");
    }
    let probes = world.sri.submissions().len();
    assert!((2000..=2920).contains(&probes), "{probes} calls in a day");
    // Nobody but the first few ever heard of it.
    assert_eq!(world.history(ids[199]).await, [""; 0]);
    assert_eq!(world.document(ids[0]).await.submissions, 0);

    let probes = world.sri.submissions().len();
    world.sri.now_says(RECEIVED, AUTHORIZED);
    tokio::time::sleep(2 * MINUTE).await;
    running.stop().await;
    assert_eq!(
        breakers.states().map(|(_, state)| state),
        [BreakerState::Closed; 4]
    );
    for id in ids {
        assert_eq!(world.document(id).await.stage, Stage::Authorized);
    }
    let sent = world.sri.numbers_sent().split_off(probes);
    assert_eq!(sent, (1..=200).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_silent_authorization_service_does_not_stop_reception() {
    let world = World::new(Scripted::new([RECEIVED], [Reply::TimedOut])).await;
    let mut ids = Vec::new();
    for number in 1..=40 {
        ids.push(world.accept(number).await);
    }
    world.run_for(HOUR).await;
    assert_eq!(world.sri.submissions().len(), 40);
    // A few before it opened, then two a minute.
    let questions = world.sri.questions();
    assert!((100..=170).contains(&questions), "{questions} questions");
    world.sri.now_says(Reply::Hang, AUTHORIZED);
    world.run_for(30 * MINUTE).await;
    for id in ids {
        assert_eq!(world.document(id).await.stage, Stage::Authorized);
    }
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_again_while_reception_is_silent() {
    let world = World::new(Scripted::new([Reply::TimedOut], [Reply::NotFound])).await;
    for number in 1..=20 {
        world.accept(number).await;
    }
    world.run_for(HOUR).await;
    let seen = world.sri.seen();
    let sent: Vec<_> = seen.iter().filter(|seen| seen.call != Call::Ask).collect();
    assert!(sent.len() < 20 + 121, "{} submissions", sent.len());
    let late = sent.windows(2).skip(20);
    for pair in late {
        assert!(pair[1].at - pair[0].at >= PROBE_EVERY - SECOND);
    }
    world.sri.now_says(RECEIVED, AUTHORIZED);
    world.run_until_rested(20, 3 * HOUR).await;
}

#[tokio::test(start_paused = true)]
async fn a_simulator_that_was_away_is_found_within_a_second() {
    let mut world = World::new(Scripted::new([Reply::Refused], [])).await;
    world.pace = Pace::SIMULATOR;
    let id = world.accept(1).await;
    let running = world.start();
    tokio::time::sleep(MINUTE).await;
    let tried = world.sri.submissions().len();
    assert!((55..=70).contains(&tried), "{tried} calls in a minute");
    world.sri.now_says(RECEIVED, AUTHORIZED);
    tokio::time::sleep(2 * SECOND).await;
    running.stop().await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
}

#[tokio::test(start_paused = true)]
async fn production_keeps_its_own_pause_beside_the_simulator() {
    let world = World::new(Scripted::new([Reply::Refused], [])).await;
    let sri = || Arc::clone(&world.sri) as Arc<dyn Authority>;
    let authorities = Authorities::new((sri(), Pace::SIMULATOR), Some((sri(), Pace::SRI)));
    let production = world.invoice_of(Environment::Production, 1);
    world.accept_new(production).await;
    let running = world.start_with(authorities);
    tokio::time::sleep(10 * MINUTE).await;
    running.stop().await;
    let tried = world.sri.submissions().len();
    assert!((20..=35).contains(&tried), "{tried} calls in ten minutes");
}
