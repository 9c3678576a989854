//! Documents of one series leave in the order of their numbers.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::sri::{AUTHORIZED, RECEIVED, Reply, Scripted};
use crate::world::{HOUR, World};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn whose_answer_is_missing_holds_nobody_up() {
    let world = World::new(Scripted::new([Reply::Hang, RECEIVED], [AUTHORIZED])).await;
    for number in 1..=60 {
        world.accept(number).await;
    }
    world.run_until_rested(60, HOUR).await;
    assert_eq!(world.sri.numbers_sent(), (1..=60).collect::<Vec<_>>());
}

/// A call takes a second here, and four of an account run side by side.
#[tokio::test(start_paused = true)]
async fn calls_of_a_series_run_side_by_side() {
    let world = World::new(Scripted::new([Reply::Late(1)], [AUTHORIZED])).await;
    for number in 1..=40 {
        world.accept(number).await;
    }
    world.run_until_rested(40, HOUR).await;
    assert_eq!(world.sri.numbers_sent(), (1..=40).collect::<Vec<_>>());
    let seen = world.sri.seen();
    let whole = seen[seen.len() - 1].at - seen[0].at;
    assert!(whole < 25 * SECOND, "{whole:?}");
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_marked_holds_nobody_up() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    for number in 1..=12 {
        world.accept(number).await;
    }
    world.store.fail_applies.store(1, Ordering::SeqCst);
    world.run_until_rested(12, HOUR).await;
    let sent = world.sri.numbers_sent();
    let without_one = (0..12).any(|place| {
        let mut others = sent.clone();
        others.remove(place);
        others.is_sorted()
    });
    assert!(sent.len() == 12 && without_one, "{sent:?}");
}

/// Claimed together in another order than that of their numbers.
#[tokio::test(start_paused = true)]
async fn numbers_come_before_the_order_of_acceptance() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    for number in [5, 3, 9, 1, 7, 2, 8, 4, 6] {
        world.accept(number).await;
    }
    world.run_until_rested(9, HOUR).await;
    assert_eq!(world.sri.numbers_sent(), (1..=9).collect::<Vec<_>>());
}
