//! Whether this machine's clock can be believed: a document issued in
//! production with the wrong day has the wrong access key for ever.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::fmt::rfc2822;
use parking_lot::Mutex;
use tagua_fiscal::Environment;
use tagua_pipeline::{Call, CallOutcome};
use tagua_store::UnixMillis;

/// Farther off than this is wrong: time zones and slow clocks are not.
const TOLERATED_MS: i64 = 24 * 3_600_000;

/// What is known about the time besides what the clock says.
#[derive(Debug, Default)]
pub(crate) struct ClockWatch {
    /// The newest time in the database, 0 for none.
    newest_change: AtomicI64,
    /// What SRI said the time was, last.
    sri: Mutex<Option<SriTime>>,
}

/// A `Date` of SRI, kept with a clock that nobody sets.
#[derive(Clone, Copy, Debug)]
struct SriTime {
    date: UnixMillis,
    heard: Instant,
    /// Only the real authority can overrule the database; a simulator's time is
    /// often this machine's own.
    production: bool,
}

impl SriTime {
    /// The clock minus what SRI's would say now.
    fn offset_ms(&self, now: UnixMillis) -> i64 {
        let since = i64::try_from(self.heard.elapsed().as_millis()).unwrap_or(i64::MAX);
        now.0.saturating_sub(self.date.0.saturating_add(since))
    }
}

impl ClockWatch {
    /// A document of the database changed at this time.
    pub(super) fn saw_change(&self, at: UnixMillis) {
        self.newest_change.fetch_max(at.0, Ordering::Relaxed);
    }

    /// Takes the time out of an answer of SRI.
    pub(super) fn heard(&self, call: &Call<'_>, now: UnixMillis) {
        let CallOutcome::Answered {
            date: Some(date), ..
        } = call.outcome
        else {
            return;
        };
        let Ok(date) = rfc2822::DateTimeParser::new().parse_timestamp(date) else {
            return;
        };
        let time = SriTime {
            date: UnixMillis(date.as_millisecond()),
            heard: Instant::now(),
            production: call.environment == Environment::Production,
        };
        let was_wrong = self.is_skewed(now);
        *self.sri.lock() = Some(time);
        if self.is_skewed(now) && !was_wrong {
            let hours = time.offset_ms(now) / 3_600_000;
            tracing::error!(hours, "the clock differs from SRI's: ambiente 2 is refused");
        }
    }

    /// This machine's clock minus SRI's, in milliseconds.
    pub(super) fn offset_ms(&self, now: UnixMillis) -> Option<i64> {
        Some(self.sri.lock().as_ref()?.offset_ms(now))
    }

    /// Whether the clock is more than a day away from SRI's, or behind the
    /// newest change in the database. SRI's production has the last word.
    pub(crate) fn is_skewed(&self, now: UnixMillis) -> bool {
        let sri = *self.sri.lock();
        let off = |time: &SriTime| time.offset_ms(now).saturating_abs() > TOLERATED_MS;
        if sri.is_some_and(|time| off(&time)) {
            return true;
        }
        if sri.is_some_and(|time| time.production) {
            return false;
        }
        let newest = self.newest_change.load(Ordering::Relaxed);
        newest.saturating_sub(now.0) > TOLERATED_MS
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tagua_fiscal::Environment;
    use tagua_pipeline::{Call, CallOutcome, Event};
    use tagua_store::{Service, UnixMillis};

    use super::{ClockWatch, TOLERATED_MS};

    /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
    const THEN: UnixMillis = UnixMillis(784_111_777_000);
    const SECOND: i64 = 1_000;

    fn hear(watch: &ClockWatch, environment: Environment, date: Option<&str>) {
        let outcome = CallOutcome::Answered {
            event: Event::InProcess,
            codes: Vec::new(),
            date,
        };
        let call = Call {
            environment,
            service: Service::Authorization,
            took: Duration::ZERO,
            outcome,
        };
        watch.heard(&call, THEN);
    }

    fn after(milliseconds: i64) -> UnixMillis {
        UnixMillis(THEN.0 + milliseconds)
    }

    #[test]
    fn nothing_known_is_no_reason() {
        let watch = ClockWatch::default();
        assert!(!watch.is_skewed(UnixMillis(0)));
        assert_eq!(watch.offset_ms(THEN), None);
    }

    #[test]
    fn a_clock_behind_the_database_is_wrong() {
        let watch = ClockWatch::default();
        watch.saw_change(THEN);
        watch.saw_change(after(-TOLERATED_MS));
        assert!(!watch.is_skewed(after(-TOLERATED_MS)));
        assert!(watch.is_skewed(after(-TOLERATED_MS - 1)));
        // Nobody issued anything for a year.
        assert!(!watch.is_skewed(after(365 * TOLERATED_MS)));
    }

    #[test]
    fn a_clock_away_from_sri_is_wrong_until_it_is_set() {
        for date in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 6 Nov 1994 08:49:37 +0000",
        ] {
            let watch = ClockWatch::default();
            hear(&watch, Environment::Test, Some(date));
            assert!(watch.offset_ms(THEN).unwrap().abs() < SECOND);
            assert!(!watch.is_skewed(after(TOLERATED_MS - SECOND)));
            assert!(watch.is_skewed(after(TOLERATED_MS + 100 * SECOND)));
            assert!(watch.is_skewed(after(-TOLERATED_MS - SECOND)));
            assert!(!watch.is_skewed(THEN));
        }
    }

    #[test]
    fn production_overrules_the_database_and_a_simulator_does_not() {
        let watch = ClockWatch::default();
        watch.saw_change(after(3 * TOLERATED_MS));
        let date = Some("Sun, 06 Nov 1994 08:49:37 GMT");
        hear(&watch, Environment::Test, date);
        assert!(watch.is_skewed(THEN));
        hear(&watch, Environment::Production, date);
        assert!(!watch.is_skewed(THEN));
    }

    #[test]
    fn what_is_no_date_teaches_nothing() {
        let watch = ClockWatch::default();
        for date in [None, Some(""), Some("ayer"), Some("Sun, 99 Nov 1994")] {
            hear(&watch, Environment::Production, date);
            assert_eq!(watch.offset_ms(THEN), None, "{date:?}");
        }
    }
}
