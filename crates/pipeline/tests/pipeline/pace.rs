//! Pauses: bounds, growth, jitter, and no overflow.

use std::time::Duration;

use proptest::prelude::*;
use tagua_pipeline::{Pace, Random};

struct Byte(u8);

impl Random for Byte {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0);
    }
}

const MIDDLE: Byte = Byte(128);
const PACES: [Pace; 2] = [Pace::SRI, Pace::SIMULATOR];

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn questions_follow_the_suggested_growth() {
    let mut elapsed = Duration::ZERO;
    let mut pauses = Vec::new();
    while elapsed < Pace::SRI.give_up_after {
        let pause = Pace::SRI.until_ask(elapsed, &MIDDLE);
        pauses.push(pause);
        elapsed += pause;
    }
    assert!(pauses.is_sorted());
    assert!(pauses[0] <= seconds(2), "{:?}", pauses[0]);
    // One every hour in the end, and not many on the way.
    assert!(pauses.len() < 60, "{} questions", pauses.len());
    assert!(*pauses.last().unwrap() > seconds(3500));
}

#[test]
fn submissions_wait_half_a_minute_and_then_longer() {
    let until = |count| Pace::SRI.until_resend(count, false);
    assert_eq!(until(0), seconds(30));
    assert_eq!(until(1), seconds(30));
    assert_eq!(until(2), seconds(60));
    assert_eq!(until(3), seconds(120));
    assert_eq!(until(8), seconds(3600));
    assert_eq!(until(u32::MAX), seconds(3600));
    assert_eq!(Pace::SRI.until_resend(1, true), seconds(3600));
    assert_eq!(Pace::SRI.until_resend(9, true), seconds(3600));
}

#[test]
fn sri_has_its_24_hours_after_it_said_recibida() {
    let sri = Pace::SRI;
    let asked_for = sri.until_resend(1, true) * sri.max_submissions;
    assert!(asked_for > seconds(24 * 3600));
    assert!(sri.give_up_after > seconds(24 * 3600));
}

#[test]
fn chance_moves_a_pause_by_a_fifth() {
    let elapsed = seconds(2000);
    let pause = |byte| Pace::SRI.until_ask(elapsed, &Byte(byte)).as_millis();
    assert!((800_000..=802_000).contains(&pause(0)), "{}", pause(0));
    assert!(
        (1_195_000..=1_200_000).contains(&pause(255)),
        "{}",
        pause(255)
    );
    assert!((0..255).all(|byte| pause(byte) <= pause(byte + 1)));
}

#[test]
fn a_pace_at_odds_with_itself_does_not_panic() {
    let pace = Pace {
        ask_min: Duration::MAX,
        ask_max: Duration::ZERO,
        retry_min: Duration::MAX,
        retry_max: Duration::MAX,
        resend_after: Duration::MAX,
        resend_received_after: Duration::MAX,
        ..Pace::SRI
    };
    assert_eq!(pace.until_ask(Duration::MAX, &MIDDLE), Duration::ZERO);
    assert!(pace.until_retry(Duration::MAX, &Byte(255)) > seconds(1));
    assert_eq!(pace.until_resend(u32::MAX, false), Duration::MAX);
}

proptest! {
    #[test]
    fn pauses_stay_within_a_fifth_of_their_bounds(millis: u64, byte: u8, count: u32) {
        let (elapsed, random) = (Duration::from_millis(millis), Byte(byte));
        for pace in PACES {
            let ask = pace.until_ask(elapsed, &random);
            prop_assert!(ask >= pace.ask_min * 4 / 5 && ask <= pace.ask_max * 6 / 5);
            let retry = pace.until_retry(elapsed, &random);
            prop_assert!(retry >= pace.retry_min * 4 / 5 && retry <= pace.retry_max * 6 / 5);
            let resend = pace.until_resend(count, false);
            prop_assert!(resend >= pace.resend_after && resend <= pace.resend_received_after);
            prop_assert!(resend <= pace.until_resend(count.saturating_add(1), false));
            let after = pace.until_resend(count, true);
            prop_assert!(after >= resend);
        }
    }
}
