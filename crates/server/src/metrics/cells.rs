//! What is counted in: no lock, one or three atomic additions.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Goes up.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn increment(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many are there now.
#[derive(Debug, Default)]
pub(crate) struct Gauge(AtomicU64);

impl Gauge {
    pub(crate) fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts one until what is returned is dropped.
    pub(crate) fn enter(&self) -> Present<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Present(self)
    }
}

/// One that is there.
pub(crate) struct Present<'g>(&'g Gauge);

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Upper bounds of durations, in microseconds, with their seconds as text.
pub(crate) const BOUNDS: [(u64, &str); 14] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (5_000_000, "5"),
    (10_000_000, "10"),
    (30_000_000, "30"),
];

/// How many durations were how long.
#[derive(Debug, Default)]
pub(crate) struct Histogram {
    /// Each counts what the former bounds do not hold; beyond the last: `over`.
    buckets: [Counter; BOUNDS.len()],
    over: Counter,
    sum_micros: AtomicU64,
}

impl Histogram {
    pub(crate) fn record(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let place = BOUNDS.partition_point(|(bound, _)| *bound < micros);
        self.buckets.get(place).unwrap_or(&self.over).increment();
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// How many there were of at most each bound, then how many in all.
    pub(crate) fn cumulative(&self) -> (Vec<u64>, u64) {
        let mut sum = 0_u64;
        let all = self.buckets.iter().map(|bucket| {
            sum = sum.saturating_add(bucket.value());
            sum
        });
        let all = all.collect();
        (all, sum.saturating_add(self.over.value()))
    }

    /// The sum in seconds.
    pub(crate) fn sum(&self) -> String {
        let micros = self.sum_micros.load(Ordering::Relaxed);
        format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{BOUNDS, Gauge, Histogram};

    #[test]
    fn a_duration_is_counted_where_it_belongs() {
        let histogram = Histogram::default();
        for micros in [0, 1_000, 1_001, 29_999_999, 30_000_001] {
            histogram.record(Duration::from_micros(micros));
        }
        let (buckets, all) = histogram.cumulative();
        assert_eq!(all, 5);
        assert_eq!(buckets.first(), Some(&2));
        assert_eq!(buckets.get(1), Some(&3));
        assert_eq!(buckets.last(), Some(&4));
        assert_eq!(histogram.sum(), "60.002001");
    }

    #[test]
    fn bounds_grow_and_say_their_seconds() {
        assert!(BOUNDS.is_sorted());
        for (micros, seconds) in BOUNDS {
            let (whole, part) = seconds.split_once('.').unwrap_or((seconds, ""));
            let text = format!("{whole}{part:0<6}");
            assert_eq!(text.parse(), Ok(micros), "{seconds}");
        }
    }

    #[test]
    fn a_gauge_counts_who_is_there() {
        let gauge = Gauge::default();
        let (one, two) = (gauge.enter(), gauge.enter());
        assert_eq!(gauge.value(), 2);
        drop(two);
        assert_eq!(gauge.value(), 1);
        drop(one);
        assert_eq!(gauge.value(), 0);
    }
}
