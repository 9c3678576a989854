//! The simulator's idea of the time, and Ecuador's calendar.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// The time as the simulator sees it; tests and operators may move it.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_unix_millis(&self) -> i64;
}

/// A clock that can be set: another clock and how far it was moved.
pub(crate) struct MovableClock {
    clock: Arc<dyn Clock>,
    moved_by: AtomicI64,
}

impl MovableClock {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            moved_by: AtomicI64::new(0),
        }
    }

    /// Goes on from `unix_millis`.
    pub(crate) fn set(&self, unix_millis: i64) {
        let moved_by = unix_millis.saturating_sub(self.clock.now_unix_millis());
        self.moved_by.store(moved_by, Ordering::Relaxed);
    }

    pub(crate) fn now_unix_millis(&self) -> i64 {
        let moved_by = self.moved_by.load(Ordering::Relaxed);
        self.clock.now_unix_millis().saturating_add(moved_by)
    }
}

/// Continental Ecuador: UTC−5 all year.
pub(crate) const ECUADOR: Offset = Offset::constant(-5);

/// The wall clock of Quito and Guayaquil. Values outside jiff's range become 1970.
pub(crate) fn ecuador_time(unix_millis: i64) -> DateTime {
    let timestamp = Timestamp::from_millisecond(unix_millis).unwrap_or(Timestamp::UNIX_EPOCH);
    timestamp.to_zoned(TimeZone::fixed(ECUADOR)).datetime()
}

/// `fechaAutorizacion`: local time with milliseconds left out, `-05:00` at the end.
pub(crate) fn iso_with_offset(unix_millis: i64) -> String {
    let time = ecuador_time(unix_millis);
    format!("{}-05:00", time.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// Days since 1970-01-01 on Ecuador's calendar.
pub(crate) fn ecuador_day(unix_millis: i64) -> i32 {
    let local_seconds = unix_millis.div_euclid(1000) + i64::from(ECUADOR.seconds());
    i32::try_from(local_seconds.div_euclid(86_400)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_five_in_the_morning_of_greenwich() {
        let new_year_utc = 1_767_225_600_000;
        assert_eq!(iso_with_offset(new_year_utc), "2025-12-31T19:00:00-05:00");
        let five = new_year_utc + 5 * 3_600_000;
        assert_eq!(ecuador_day(five), ecuador_day(five - 1) + 1);
        assert_eq!(iso_with_offset(i64::MAX), "1969-12-31T19:00:00-05:00");
    }
}
