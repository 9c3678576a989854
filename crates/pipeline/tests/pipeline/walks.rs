//! Random walks of whole runners against an SRI with a ledger, faults, late
//! deliveries and late answers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;
use tagua_pipeline::{Authorities, Authority, Pace};
use tagua_sri::{
    Answer, AuthorizationReading, CallError, Reception, read_authorization, read_reception,
};
use tagua_store::Stage;
use tokio::time::Instant;

use crate::answers::{self, Entry};
use crate::sri::{Scripted, answer};
use crate::world::{HOUR, MINUTE, Seeded, World, signed};

#[derive(Default)]
struct Entries {
    /// Every file that was seen at the door, in order.
    submitted: Vec<Vec<u8>>,
    /// When SRI took it, and when it shows what it decided.
    taken: Option<(Instant, Instant)>,
    authorizations: u32,
    /// A file on its way, and when it arrives.
    late: Option<(Instant, Vec<u8>)>,
}

/// SRI by seed. A document's number decides its fate: every fifth is refused at
/// the door, every seventh not authorized.
struct Chaotic {
    random: Seeded,
    ledger: Mutex<BTreeMap<String, Entries>>,
    healthy_from: Instant,
}

enum Fault {
    None,
    Lost,
    AnswerLost,
    Late,
    Refused,
}

impl Chaotic {
    fn number(key: &str) -> u32 {
        key[30..39].parse().unwrap()
    }

    fn faulty(&self) -> bool {
        Instant::now() < self.healthy_from
    }

    fn fault(&self) -> Fault {
        match self.random.below(10) {
            _ if !self.faulty() => Fault::None,
            0 | 1 => Fault::Lost,
            2 | 3 => Fault::AnswerLost,
            4 => Fault::Late,
            5 => Fault::Refused,
            _ => Fault::None,
        }
    }

    /// An answer that cannot be used, of whichever kind.
    fn nothing(&self) -> CallError {
        let raw = Bytes::from_static(b"<html>");
        match self.random.below(4) {
            0 => CallError::TimedOut,
            1 => CallError::Status { status: 503, raw },
            2 => CallError::TooLarge { limit: 6, raw },
            _ => CallError::Broken(reqwest::Proxy::all("http://[").unwrap_err()),
        }
    }

    /// The file is at the door.
    fn arrive(&self, entries: &mut Entries, key: &str, file: &[u8]) -> String {
        entries.submitted.push(file.to_vec());
        let number = Self::number(key);
        if entries.taken.is_some() {
            return answers::returned(
                key,
                &[(["43", "70"][self.random.below(2) as usize], "ERROR")],
            );
        }
        if self.faulty() && self.random.below(8) == 0 {
            return answers::returned(
                key,
                &[(["50", "777"][self.random.below(2) as usize], "ERROR")],
            );
        }
        if number.is_multiple_of(5) {
            return answers::returned(key, &[("35", "ERROR")]);
        }
        let now = Instant::now();
        let work = match self.random.below(4) {
            0 => Duration::ZERO,
            1 => 10 * MINUTE,
            _ => Duration::from_secs(self.random.below(10)),
        };
        entries.taken = Some((now, now + work));
        answers::RECEIVED.to_owned()
    }

    fn look_up(&self, entries: &mut Entries, key: &str) -> String {
        let number = Self::number(key);
        let Some((_, decided)) = entries.taken else {
            return answers::authorization(Some(key), &[]);
        };
        let file = entries.submitted[0].clone();
        let mut entry = Entry {
            state: "EN PROCESO",
            number: None,
            date: None,
            document: Some(std::str::from_utf8(&file).unwrap()),
            messages: &[],
        };
        if Instant::now() < decided {
            return match self.random.below(2) {
                0 => answers::authorization(Some(key), &[]),
                _ => answers::authorization(Some(key), &[entry]),
            };
        }
        if number.is_multiple_of(7) {
            entry.state = "NO AUTORIZADO";
        } else {
            entries.authorizations = 1;
            entry.state = "AUTORIZADO";
            entry.number = Some(key);
        }
        answers::authorization(Some(key), &[entry])
    }

    fn deliver_late(&self, entries: &mut Entries, key: &str) {
        if let Some((at, file)) = entries.late.take() {
            if at <= Instant::now() {
                self.arrive(entries, key, &file);
            } else {
                entries.late = Some((at, file));
            }
        }
    }
}

#[async_trait]
impl Authority for Chaotic {
    async fn submit(&self, file: &[u8], key: &str) -> Result<Answer<Reception>, CallError> {
        tokio::time::sleep(Duration::from_millis(self.random.below(400))).await;
        let mut ledger = self.ledger.lock();
        let entries = ledger.entry(key.to_owned()).or_default();
        self.deliver_late(entries, key);
        match self.fault() {
            Fault::None => {
                let body = self.arrive(entries, key, file);
                answer(body.into(), |body| read_reception(body, key))
            }
            Fault::AnswerLost => {
                self.arrive(entries, key, file);
                Err(self.nothing())
            }
            Fault::Late => {
                let at = Instant::now() + Duration::from_secs(self.random.below(120));
                entries.late = Some((at, file.to_vec()));
                Err(CallError::TimedOut)
            }
            Fault::Lost => Err(self.nothing()),
            Fault::Refused => Err(CallError::NotConnected(
                reqwest::Proxy::all("http://[").unwrap_err(),
            )),
        }
    }

    async fn ask(&self, key: &str) -> Result<Answer<AuthorizationReading>, CallError> {
        tokio::time::sleep(Duration::from_millis(self.random.below(400))).await;
        let mut ledger = self.ledger.lock();
        let entries = ledger.entry(key.to_owned()).or_default();
        self.deliver_late(entries, key);
        match self.fault() {
            Fault::None | Fault::Late => {
                let body = self.look_up(entries, key);
                answer(body.into(), |body| read_authorization(body, key))
            }
            _ => Err(self.nothing()),
        }
    }
}

/// Runs `documents` through two runners that are killed again and again.
async fn walk(seed: u64, documents: u32) {
    let mut world = World::new(Scripted::new([], [])).await;
    world.config.call_limit = MINUTE;
    let sri = Arc::new(Chaotic {
        random: Seeded::new(seed),
        ledger: Mutex::default(),
        healthy_from: Instant::now() + HOUR,
    });
    for number in 1..=documents {
        world.accept(number).await;
    }
    let authority = Arc::clone(&sri) as Arc<dyn Authority>;
    let authorities = || Authorities::new((Arc::clone(&authority), Pace::SRI), None);
    let steady = world.start_with(authorities());
    for _ in 0..20 {
        let killed = world.start_with(authorities());
        tokio::time::sleep(3 * MINUTE + Duration::from_millis(sri.random.below(5000))).await;
        killed.kill().await;
    }
    let mut rested = world.store.rested();
    let all = rested.wait_for(|rested| *rested == documents);
    let waited = tokio::time::timeout(3 * HOUR, all).await;
    assert!(
        waited.is_ok(),
        "seed {seed}: {} of {documents} rest",
        *world.store.rested().borrow()
    );
    steady.stop().await;
    for number in 1..=documents {
        let document = world.document(world.invoice(number).id).await;
        let ledger = sri
            .ledger
            .lock()
            .remove(document.access_key.as_str())
            .unwrap();
        let expected = match number {
            _ if number.is_multiple_of(5) => Stage::Returned,
            _ if number.is_multiple_of(7) => Stage::NotAuthorized,
            _ => Stage::Authorized,
        };
        assert_eq!(document.stage, expected, "seed {seed}, number {number}");
        assert_eq!(ledger.authorizations == 1, expected == Stage::Authorized);
        let same = ledger
            .submitted
            .iter()
            .all(|file| *file == signed(number, 0));
        assert!(same, "seed {seed}, number {number}: other bytes were sent");
        world.check_events(&document).await;
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_goes_wrong_sri_and_the_store_agree() {
    for seed in 1..=4 {
        walk(seed, 70).await;
    }
}
