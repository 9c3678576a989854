//! Documents of one series leave in the order of their numbers.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tagua_store::Stage;

use crate::sri::{AUTHORIZED, RECEIVED, Reply, Scripted};
use crate::world::{HOUR, World};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn whose_answer_is_missing_holds_nobody_up() {
    let world = World::new(Scripted::new([Reply::Hang, RECEIVED], [AUTHORIZED])).await;
    for number in 1..=60 {
        world.accept(number).await;
    }
    world.run_for(20 * SECOND).await;
    assert_eq!(world.sri.numbers_sent(), (1..=60).collect::<Vec<_>>());
}

/// A call takes a second here, and four of an account run side by side.
#[tokio::test(start_paused = true)]
async fn calls_of_a_series_run_side_by_side() {
    let world = World::new(Scripted::new([Reply::Late(1)], [AUTHORIZED])).await;
    for number in 1..=40 {
        world.accept(number).await;
    }
    world.run_for(11 * SECOND).await;
    assert_eq!(world.sri.numbers_sent(), (1..=40).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn who_cannot_be_marked_holds_nobody_up() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    let mut ids = Vec::new();
    for number in 1..=12 {
        ids.push(world.accept(number).await);
    }
    world.store.fail_applies.store(1, Ordering::SeqCst);
    let running = world.start();
    tokio::time::sleep(2 * SECOND).await;
    let sent = world.sri.numbers_sent();
    assert_eq!(sent.len(), 11, "{sent:?}");
    assert!(sent.is_sorted(), "{sent:?}");
    tokio::time::sleep(HOUR).await;
    running.stop().await;
    for id in ids {
        assert_eq!(world.document(id).await.stage, Stage::Authorized);
    }
}

/// Claimed together in another order than that of their numbers.
#[tokio::test(start_paused = true)]
async fn numbers_come_before_the_order_of_acceptance() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    for number in [5, 3, 9, 1, 7, 2, 8, 4, 6] {
        world.accept(number).await;
    }
    world.run_for(SECOND).await;
    assert_eq!(world.sri.numbers_sent(), (1..=9).collect::<Vec<_>>());
}
