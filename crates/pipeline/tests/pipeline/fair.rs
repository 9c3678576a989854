//! A batch of one account is no burden to another.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tagua_pipeline::{Authorities, Authority, Pace};
use tagua_sri::{
    Answer, AuthorizationReading, CallError, Reception, read_authorization, read_reception,
};
use tagua_store::{Stage, Store as _};
use tokio::time::Instant;

use crate::answers::{self, Entry};
use crate::sri::{AUTHORIZED, RECEIVED, Scripted, answer};
use crate::world::{HOUR, World};

/// An SRI that takes its time for each call and counts those at once.
#[derive(Default)]
struct Counting {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Counting {
    async fn call(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(200)).await;
        self.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Authority for Counting {
    async fn submit(&self, _: &[u8], key: &str) -> Result<Answer<Reception>, CallError> {
        self.call().await;
        let body = answers::RECEIVED.to_owned();
        answer(body.into(), |body| read_reception(body, key))
    }

    async fn ask(&self, key: &str) -> Result<Answer<AuthorizationReading>, CallError> {
        self.call().await;
        let entry = Entry {
            state: "AUTORIZADO",
            number: Some(key),
            date: None,
            document: None,
            messages: &[],
        };
        let body = answers::authorization(Some(key), &[entry]);
        answer(body.into(), |body| read_authorization(body, key))
    }
}

fn authorities(sri: &Arc<Counting>) -> Authorities {
    Authorities::new((Arc::clone(sri) as Arc<dyn Authority>, Pace::SRI), None)
}

/// How long ten documents of a second account take to AUTORIZADO, one after the
/// other, while `queued` of the first wait.
async fn till_beside(queued: u32) -> Duration {
    let world = World::new(Scripted::new([], [])).await;
    let till = world.another_account("otra").await;
    for number in 1..=queued {
        world.accept(number).await;
    }
    let sri = Arc::new(Counting::default());
    let running = world.start_with(authorities(&sri));
    tokio::time::sleep(Duration::from_secs(5)).await;
    let began = Instant::now();
    for number in 1..=10 {
        let mut document = world.invoice(500_000 + number);
        till.take_over(&mut document);
        let id = world.accept_new(document).await;
        running.wake.wake();
        while world.document(id).await.stage != Stage::Authorized {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    let took = began.elapsed();
    running.stop().await;
    assert!(
        sri.most.load(Ordering::SeqCst) <= 8,
        "two accounts, four calls each"
    );
    took
}

#[tokio::test(start_paused = true)]
async fn a_till_beside_twenty_thousand_documents_is_as_fast_as_alone() {
    let alone = till_beside(0).await;
    let beside = till_beside(20_000).await;
    let ratio = beside.as_secs_f64() / alone.as_secs_f64();
    println!("ten sales: alone {alone:?}, beside 20000 documents {beside:?}, ratio {ratio:.2}");
    assert!(beside < 2 * alone, "{beside:?} instead of {alone:?}");
}

#[tokio::test(start_paused = true)]
async fn sixteen_calls_at_once_and_four_of_an_account() {
    let world = World::new(Scripted::new([], [])).await;
    let sri = Arc::new(Counting::default());
    for number in 1..=40 {
        world.accept(number).await;
    }
    let running = world.start_with(authorities(&sri));
    tokio::time::sleep(HOUR).await;
    assert_eq!(sri.most.load(Ordering::SeqCst), 4);
    for account in 0..6 {
        let other = world.another_account(&format!("otra {account}")).await;
        for number in 1..=20 {
            let mut document = world.invoice(1000 * (account + 1) + number);
            other.take_over(&mut document);
            world.accept_new(document).await;
        }
    }
    running.wake.wake();
    tokio::time::sleep(HOUR).await;
    running.stop().await;
    assert_eq!(sri.most.load(Ordering::SeqCst), 16);
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn the_lower_number_is_begun_first_however_it_came() {
    let world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    let mut expected = Vec::new();
    for number in [7, 3, 5, 1, 9] {
        expected.push((number, world.accept(number).await));
    }
    world.run_for(Duration::from_millis(500)).await;
    expected.sort_unstable();
    let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
    assert_eq!(*world.store.read.lock(), expected);
}
