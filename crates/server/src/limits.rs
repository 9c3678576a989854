//! What one client may take of the server: requests a second, documents that
//! wait. Both in memory and of this process.

use std::collections::HashMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use parking_lot::Mutex;
use tagua_store::{AccountId, Store, StoreError, UnixMillis, sha256};

/// Requests of one API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many a second in the long run.
    pub per_second: u32,
    /// So many at once.
    pub burst: u32,
}

impl Rate {
    /// Five seconds' worth at once.
    pub const fn per_second(per_second: u32) -> Self {
        Self {
            per_second,
            burst: per_second.saturating_mul(5),
        }
    }

    /// What operations that issue get: half of it.
    fn for_issuing(self) -> Self {
        let half = |number: u32| if number < 2 { 1 } else { number / 2 };
        Self {
            per_second: half(self.per_second),
            burst: half(self.burst),
        }
    }
}

/// What the operator allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitOptions {
    /// Requests of one API key; `None` for any number. Those that issue get half.
    pub rate: Option<Rate>,
    /// Documents of one account that SRI has not decided about; 0 for any number.
    pub open_documents: u64,
}

impl Default for LimitOptions {
    /// Any number of requests; 50,000 documents.
    fn default() -> Self {
        Self {
            rate: None,
            open_documents: 50_000,
        }
    }
}

/// Which of a key's two rates a request uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lane {
    /// Everything.
    All,
    /// What stores documents counts here as well.
    Issue,
}

/// Keeps clients within the options.
#[derive(Debug, Default)]
pub struct RequestLimits {
    options: LimitOptions,
    buckets: Mutex<HashMap<(Lane, [u8; 32]), Bucket>>,
    backlogs: Mutex<HashMap<AccountId, Backlog>>,
    /// One counts at a time: it costs a look at every job.
    counting: tokio::sync::Mutex<()>,
}

/// Keys remembered before those with a full bucket are forgotten.
const KEYS_MAX: usize = 10_000;
/// After a count that found an account full.
const RECOUNT_MS: i64 = 2_000;

impl RequestLimits {
    /// Keeps to the options.
    pub fn new(options: LimitOptions) -> Self {
        Self {
            options,
            ..Self::default()
        }
    }

    /// Counts a request of the key in the headers. `None` where nothing is
    /// limited: no rate is set, or there is no key, which is refused anyway.
    pub(crate) fn request(
        &self,
        headers: &HeaderMap,
        lane: Lane,
        now: UnixMillis,
    ) -> Option<Standing> {
        let rate = self.options.rate?;
        let key = sha256(headers.get("x-key")?.as_bytes());
        let all = self.take(Lane::All, key, rate, now);
        if lane == Lane::All || all.wait_ms > 0 {
            return Some(all);
        }
        Some(self.take(Lane::Issue, key, rate.for_issuing(), now))
    }

    fn take(&self, lane: Lane, key: [u8; 32], rate: Rate, now: UnixMillis) -> Standing {
        let mut buckets = self.buckets.lock();
        if buckets.len() >= KEYS_MAX && !buckets.contains_key(&(lane, key)) {
            buckets.retain(|_, bucket| bucket.empty_at > now.0.saturating_mul(1000));
            // Keys invented by the thousand must not grow without end.
            if buckets.len() >= KEYS_MAX {
                buckets.clear();
            }
        }
        let bucket = buckets.entry((lane, key)).or_default();
        bucket.take(lane, rate, now)
    }

    /// Whether the account may have one more document that waits.
    pub(crate) async fn has_room(
        &self,
        store: &dyn Store,
        account: AccountId,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        if self.options.open_documents == 0 {
            return Ok(true);
        }
        if let Some(room) = self.known_room(account, now) {
            return Ok(room);
        }
        let _one_at_a_time = self.counting.lock().await;
        if let Some(room) = self.known_room(account, now) {
            return Ok(room);
        }
        let waiting = store.unsettled_by_issuer(usize::MAX).await?;
        let waiting = waiting.iter().filter(|issuer| issuer.account == account);
        let open = waiting.fold(0_u64, |sum, issuer| sum.saturating_add(issuer.waiting));
        let counted = Backlog {
            open,
            counted_at: now,
        };
        self.backlogs.lock().insert(account, counted);
        Ok(open < self.options.open_documents)
    }

    /// What the last count and the documents accepted since say: too much at
    /// most. `None` where it is time to count.
    fn known_room(&self, account: AccountId, now: UnixMillis) -> Option<bool> {
        let backlogs = self.backlogs.lock();
        let backlog = backlogs.get(&account)?;
        if backlog.open < self.options.open_documents {
            return Some(true);
        }
        let age = now.0.saturating_sub(backlog.counted_at.0);
        (0..RECOUNT_MS).contains(&age).then_some(false)
    }

    /// One more document of the account waits.
    pub(crate) fn accepted(&self, account: AccountId) {
        if let Some(backlog) = self.backlogs.lock().get_mut(&account) {
            backlog.open = backlog.open.saturating_add(1);
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Backlog {
    open: u64,
    counted_at: UnixMillis,
}

/// When the bucket will be empty again, in microseconds: the generic cell rate
/// algorithm (ITU-T I.371), which needs no timer.
#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    empty_at: i64,
}

impl Bucket {
    fn take(&mut self, lane: Lane, rate: Rate, now: UnixMillis) -> Standing {
        let now = now.0.saturating_mul(1000);
        let each = 1_000_000 / i64::from(rate.per_second.max(1));
        let whole = each.saturating_mul(i64::from(rate.burst.max(1)));
        // A clock that was set back must not lock anybody out.
        self.empty_at = self.empty_at.min(now.saturating_add(whole));
        let level = self.empty_at.saturating_sub(now).clamp(0, whole);
        let wait = level.saturating_add(each).saturating_sub(whole);
        if wait <= 0 {
            self.empty_at = now.saturating_add(level).saturating_add(each);
        }
        let left = (whole - level) / each.max(1) - i64::from(wait <= 0);
        Standing {
            lane,
            rate,
            left: left.max(0),
            wait_ms: (wait.max(0) + 999) / 1000,
        }
    }
}

/// How a client stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    lane: Lane,
    rate: Rate,
    left: i64,
    /// Until a request is taken again; 0 where this one is.
    pub(crate) wait_ms: i64,
}

impl Standing {
    /// `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10).
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let name = match self.lane {
            Lane::All => "todas",
            Lane::Issue => "emisiones",
        };
        let window = self.rate.burst.div_ceil(self.rate.per_second.max(1)).max(1);
        let policy = format!("\"{name}\";q={};w={window}", self.rate.burst);
        let limit = format!("\"{name}\";r={};t={}", self.left, self.wait_seconds());
        for (header, value) in [("ratelimit", limit), ("ratelimit-policy", policy)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(header), value);
            }
        }
    }

    /// For `Retry-After`.
    pub(crate) const fn wait_seconds(&self) -> i64 {
        (self.wait_ms + 999) / 1000
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue};
    use tagua_store::UnixMillis;

    use super::{KEYS_MAX, Lane, LimitOptions, Rate, RequestLimits};

    fn limits(per_second: u32) -> RequestLimits {
        RequestLimits::new(LimitOptions {
            rate: Some(Rate::per_second(per_second)),
            ..LimitOptions::default()
        })
    }

    fn headers(key: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("x-key", HeaderValue::from_str(key).unwrap());
        headers
    }

    fn wait(limits: &RequestLimits, key: &str, lane: Lane, at: i64) -> i64 {
        let standing = limits.request(&headers(key), lane, UnixMillis(at));
        standing.unwrap().wait_ms
    }

    #[test]
    fn a_burst_goes_through_and_then_the_rate() {
        let limits = limits(20);
        for _ in 0..100 {
            assert_eq!(wait(&limits, "a", Lane::All, 0), 0);
        }
        assert_eq!(wait(&limits, "a", Lane::All, 0), 50);
        assert_eq!(wait(&limits, "a", Lane::All, 49), 1);
        assert_eq!(wait(&limits, "a", Lane::All, 50), 0);
        assert_eq!(wait(&limits, "a", Lane::All, 50), 50);
        // Another key has its own.
        assert_eq!(wait(&limits, "b", Lane::All, 50), 0);
        // In a minute the whole burst is back.
        for _ in 0..100 {
            assert_eq!(wait(&limits, "a", Lane::All, 60_000), 0);
        }
        assert_eq!(wait(&limits, "a", Lane::All, 60_000), 50);
    }

    #[test]
    fn issuing_has_half_and_counts_for_all() {
        let limits = limits(20);
        for _ in 0..50 {
            assert_eq!(wait(&limits, "a", Lane::Issue, 0), 0);
        }
        assert_eq!(wait(&limits, "a", Lane::Issue, 0), 100);
        for _ in 0..49 {
            assert_eq!(wait(&limits, "a", Lane::All, 0), 0);
        }
        assert_eq!(wait(&limits, "a", Lane::All, 0), 50);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let limits = limits(1);
        for _ in 0..5 {
            assert_eq!(wait(&limits, "a", Lane::All, 1_000_000_000), 0);
        }
        assert_eq!(wait(&limits, "a", Lane::All, 0), 1_000);
        assert_eq!(wait(&limits, "a", Lane::All, 1_000), 0);
        assert_eq!(wait(&limits, "a", Lane::All, i64::MAX), 0);
        assert_eq!(wait(&limits, "a", Lane::All, 0), 1_000);
        assert_eq!(wait(&limits, "a", Lane::All, 1_000), 0);
    }

    #[test]
    fn the_headers_say_what_is_left() {
        let limits = limits(2);
        let mut told = HeaderMap::new();
        let standing = limits.request(&headers("a"), Lane::All, UnixMillis(0));
        standing.unwrap().tell(&mut told);
        assert_eq!(told.get("ratelimit").unwrap(), "\"todas\";r=9;t=0");
        assert_eq!(told.get("ratelimit-policy").unwrap(), "\"todas\";q=10;w=5");
    }

    #[test]
    fn invented_keys_do_not_pile_up() {
        let limits = limits(1);
        for number in 0..KEYS_MAX + 10 {
            assert_eq!(wait(&limits, &number.to_string(), Lane::All, 0), 0);
        }
        assert!(limits.buckets.lock().len() <= KEYS_MAX);
    }

    #[test]
    fn without_a_rate_or_a_key_nothing_is_counted() {
        let unlimited = RequestLimits::default();
        let now = UnixMillis(0);
        assert_eq!(unlimited.request(&headers("a"), Lane::All, now), None);
        let limited = limits(1);
        assert_eq!(limited.request(&HeaderMap::new(), Lane::All, now), None);
    }
}
