//! The raw speed of the library that signs, and a key to measure it with.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tagua_pipeline::{Clock, Random};
use tagua_pkcs12::{Choice, Limits};
use tagua_rsa::{Hash, RsaKey};
use tagua_simulator::sandbox;

use super::Speed;
use crate::failure::{Failure, While};
use crate::install::SAMPLE_RUC;
use crate::world::{SystemClock, SystemRandom};

/// A fresh RSA-2048 key with a sandbox certificate.
pub(super) fn choice() -> Result<Choice, Failure> {
    let seconds = SystemClock.now().0 / 1000;
    let mut serial = [0; 16];
    SystemRandom.fill(&mut serial);
    let authority = sandbox::create("bench", "bench", seconds).during("no sandbox authority")?;
    let p12 = sandbox::issue(
        &authority.p12,
        "bench",
        SAMPLE_RUC,
        "BENCH",
        seconds,
        serial,
    )
    .during("no sandbox certificate")?;
    let bundle = tagua_pkcs12::open(&p12, "bench", &Limits::default())
        .during("the sandbox certificate could not be opened")?;
    tagua_pkcs12::choose(&bundle, None, seconds).during("the sandbox certificate has no key")
}

/// Signs digests on this thread for `time`.
pub(super) fn one_core(key: &RsaKey, time: Duration) -> Result<Speed, Failure> {
    let (mut speed, started) = (Speed::default(), Instant::now());
    let mut count = 0;
    while started.elapsed() < time {
        key.sign(Hash::Sha1, &[7; 20]).during("RSA failed")?;
        count += 1;
    }
    speed.add(count, started.elapsed());
    Ok(speed)
}

/// Signs digests on every core for `time`; the speeds add up.
pub(super) fn all_cores(key: &RsaKey, time: Duration) -> Result<Speed, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let stop = AtomicBool::new(false);
    let started = Instant::now();
    let counts = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores)
            .map(|_| {
                scope.spawn(|| {
                    let mut count = 0_u64;
                    while !stop.load(Ordering::Relaxed) && key.sign(Hash::Sha1, &[7; 20]).is_ok() {
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        std::thread::sleep(time);
        stop.store(true, Ordering::Relaxed);
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_default())
            .sum()
    });
    let mut speed = Speed::default();
    speed.add(counts, started.elapsed());
    Ok(speed)
}
