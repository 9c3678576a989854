//! What a server that was restored from a backup asks SRI before it serves.
//!
//! Between the backup and the restore documents may have been issued that the
//! database does not know. Their access keys can be computed: the numeric code
//! is an HMAC of the number and the day under the issuer's secret. SRI is asked
//! about the next numbers of every series that the backup knows, and what it
//! has is stored, so that no number is given to a second document. It is asked
//! too about documents that the backup knows as refused or not yet signed: they
//! may have been corrected since.
//!
//! Not found this way: keys that clients sent themselves, series first used
//! after the backup, and documents dated before it.

mod asking;
mod documents;
mod questions;
mod refused;
mod series;

pub(crate) use self::questions::{mark, plan};

use std::ops::AddAssign;
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use tagua_fiscal::Environment;
use tagua_pipeline::{Authorities, Authority, Clock, Random};
use tagua_store::{AccountId, Store, UnixMillis};

use self::questions::{keep, open_questions};
use crate::failure::{Failure, While};

/// Asks SRI about everything that may have been issued since the backup that
/// this database is restored from; does nothing for any other database. Waits
/// for SRI as long as it takes: without its answers no number can be given out.
///
/// An environment that is not enabled is asked about at the first start with it.
pub(crate) async fn recover(
    store: &dyn Store,
    authorities: &Authorities,
    clock: &dyn Clock,
    random: &dyn Random,
) -> Result<(), Failure> {
    let mut to_ask = open_questions(store).await?;
    for environment in [Environment::Test, Environment::Production] {
        let digit = environment.digit();
        let (Some(since), Some((authority, _))) =
            (to_ask.0.get(&digit).copied(), authorities.of(environment))
        else {
            continue;
        };
        let recovery = Recovery {
            store,
            authority,
            clock,
            random,
            environment,
            days: days(UnixMillis(since), clock.now()),
        };
        recovery.run().await?;
        to_ask.0.remove(&digit);
        keep(store, &to_ask).await?;
    }
    Ok(())
}

/// The days of issue that documents since then may have, in Ecuador; one more
/// in front for what was dated the day before.
fn days(since: UnixMillis, now: UnixMillis) -> Vec<Date> {
    let (Some(first), Some(last)) = (day(since), day(now)) else {
        return Vec::new();
    };
    let first = first.yesterday().unwrap_or(first).min(last);
    first
        .series(1.day())
        .take_while(|day| *day <= last)
        .collect()
}

fn day(at: UnixMillis) -> Option<Date> {
    let time = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(jiff::tz::Offset::constant(-5).to_datetime(time).date())
}

/// One environment.
struct Recovery<'a> {
    store: &'a dyn Store,
    authority: &'a Arc<dyn Authority>,
    clock: &'a dyn Clock,
    random: &'a dyn Random,
    environment: Environment,
    days: Vec<Date>,
}

/// Questions, and documents that were stored after them.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    asked: u64,
    recovered: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.asked += other.asked;
        self.recovered += other.recovered;
    }
}

impl Recovery<'_> {
    async fn run(&self) -> Result<(), Failure> {
        let mut tally = Tally::default();
        let accounts = self.store.accounts().await;
        for account in accounts.during("the accounts could not be read")? {
            tally += self.refused(account.id).await?;
            tally += self.every_series(account.id).await?;
        }
        tracing::info!(
            environment = %self.environment.digit(),
            asked = tally.asked,
            recovered = tally.recovered,
            "asked SRI about documents issued since the backup"
        );
        Ok(())
    }

    async fn every_series(&self, account: AccountId) -> Result<Tally, Failure> {
        let mut tally = Tally::default();
        let issuers = self.store.issuers(account).await;
        for issuer in issuers.during("the issuers could not be read")? {
            let series = self.store.series(account, issuer.id).await;
            for state in series.during("the series could not be read")? {
                if state.key.environment == self.environment {
                    tally += self.series(&issuer, &state).await?;
                }
            }
        }
        Ok(tally)
    }
}
