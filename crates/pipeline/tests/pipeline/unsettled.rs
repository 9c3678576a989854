//! Nothing waits in silence (L14).

use std::sync::Arc;
use std::time::Duration;

use tagua_pipeline::{Clock, OVERDUE_AFTER, Reminders, watch_unsettled};
use tagua_store::{AccountId, IssuerId, Store, UnixMillis, UnsettledIssuer};
use tokio::sync::watch;

use crate::sri::{RECEIVED, Reply, Scripted};
use crate::world::{MINUTE, START, World};

fn issuer(id: i64, oldest_minute: i64) -> UnsettledIssuer {
    UnsettledIssuer {
        account: AccountId(1),
        issuer: IssuerId(id),
        ruc: "1790011674001".parse().unwrap(),
        waiting: 1,
        oldest: minute(oldest_minute),
    }
}

fn minute(minute: i64) -> UnixMillis {
    UnixMillis(START + minute * 60_000)
}

#[test]
fn each_issuer_is_named_once_in_ten_minutes() {
    let mut reminders = Reminders::default();
    let waiting = [issuer(1, 0), issuer(2, 5)];
    let mut named = Vec::new();
    for now in 0..=26 {
        for due in reminders.due(&waiting, minute(now)) {
            named.push((now, due.issuer.0));
        }
    }
    assert_eq!(named, [(10, 1), (15, 2), (20, 1), (25, 2)]);
    // Settled and overdue again is news.
    assert_eq!(reminders.due(&[], minute(27)).len(), 0);
    assert_eq!(reminders.due(&waiting, minute(28)).len(), 2);
}

#[test]
fn a_clock_set_back_silences_nobody() {
    let mut reminders = Reminders::default();
    let waiting = [issuer(1, 0)];
    assert_eq!(reminders.due(&waiting, minute(1000)).len(), 1);
    assert_eq!(reminders.due(&waiting, minute(20)).len(), 1);
    assert_eq!(reminders.due(&waiting, minute(-20)).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_last_look_is_there_for_metrics() {
    let world = World::new(Scripted::new([RECEIVED], [Reply::NotFound])).await;
    world.accept(1).await;
    world.accept(2).await;
    let (seen, look) = watch::channel(Vec::new());
    let (stop, stopping) = watch::channel(false);
    let store = Arc::clone(&world.store) as Arc<dyn Store>;
    let clock = Arc::clone(&world.clock) as Arc<dyn Clock>;
    let watching = tokio::spawn(watch_unsettled(store, clock, seen, stopping));
    tokio::time::sleep(MINUTE + Duration::from_secs(1)).await;
    let [ref of_issuer] = look.borrow()[..] else {
        panic!("not one issuer");
    };
    assert_eq!(
        (of_issuer.waiting, of_issuer.oldest),
        (2, UnixMillis(START))
    );
    assert!(OVERDUE_AFTER > MINUTE);
    stop.send(true).unwrap();
    watching.await.unwrap();
}
