//! The next numbers of a series, which may have been given since.

use tagua_fiscal::access_key::DocumentNumber;
use tagua_fiscal::{AccessKey, Sequential};
use tagua_server::recoverable_key;
use tagua_store::{Acceptance, DocumentId, Issuer, SeriesKey, SeriesState};

use super::asking::{Found, ask};
use super::{Recovery, Tally};
use crate::failure::{Failure, While};

/// So many numbers that SRI does not know end a series. So many before the
/// next one are asked about too: they may have been under way during the backup.
const GAP: u32 = 20;

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Stored now.
    Recovered,
    /// Stored before.
    Known,
    /// Not stored; the number is taken all the same.
    NumberAlone,
}

impl Recovery<'_> {
    pub(super) async fn series(
        &self,
        issuer: &Issuer,
        state: &SeriesState,
    ) -> Result<Tally, Failure> {
        let Some(next) = state.next().map(Sequential::get) else {
            return Ok(Tally::default());
        };
        let mut from = next.saturating_sub(GAP).max(1);
        let mut to = next.saturating_add(GAP - 1);
        let (mut tally, mut greatest) = (Tally::default(), next - 1);
        while from <= to {
            let until = to.min(from.saturating_add(GAP - 1));
            let keys = self.keys(issuer, &state.key, from, until);
            tally.asked += u64::try_from(keys.len()).unwrap_or(u64::MAX);
            for found in ask(self.authority, keys).await {
                let outcome = self.keep(&state.key, &found).await?;
                tracing::info!(key = %found.key, ?outcome, "SRI knows a document");
                tally.recovered += u64::from(outcome == Outcome::Recovered);
                let number = found.number.get();
                greatest = greatest.max(number);
                to = to.max(number.saturating_add(GAP));
            }
            from = until.saturating_add(1);
        }
        if greatest >= next {
            let set = self.store.set_last_sequential(state.key, greatest).await;
            set.during("the last number was not stored")?;
        }
        Ok(tally)
    }

    fn keys(
        &self,
        issuer: &Issuer,
        key: &SeriesKey,
        from: u32,
        until: u32,
    ) -> Vec<(Sequential, AccessKey)> {
        let numbers = (from..=until).filter_map(|number| Sequential::new(number).ok());
        let of_number = |sequential| {
            self.days.iter().map(move |date| {
                let number = DocumentNumber {
                    environment: key.environment,
                    document_type: key.document_type,
                    series: key.series,
                    sequential,
                    date: *date,
                };
                (sequential, recoverable_key(issuer, &number))
            })
        };
        numbers.flat_map(of_number).collect()
    }

    async fn keep(&self, series: &SeriesKey, found: &Found) -> Result<Outcome, Failure> {
        let Some((new, signed)) = self.document(series, found) else {
            tracing::warn!(
                key = %found.key,
                "SRI knows a document and does not show it: its number stays taken"
            );
            return Ok(Outcome::NumberAlone);
        };
        let id = new.id;
        let accepted = self.store.accept(new).await;
        match accepted.during("a document that SRI knows was not stored")? {
            Acceptance::Stored => {
                self.settle(id, 0, found, &signed).await?;
                Ok(Outcome::Recovered)
            }
            Acceptance::NumberTaken { by } | Acceptance::AccessKeyTaken { by } => {
                self.compare(by, found).await
            }
            Acceptance::Repeated(_) | Acceptance::Stale => Ok(Outcome::Known),
        }
    }

    /// The number is another document's, which somebody must hear of.
    async fn compare(&self, by: DocumentId, found: &Found) -> Result<Outcome, Failure> {
        let stored = self.store.document_by_id(by).await;
        let stored = stored.during("a document could not be read")?;
        let key = stored.map(|document| document.access_key);
        if key != Some(found.key) {
            tracing::warn!(
                key = %found.key,
                document = %by,
                "SRI knows this number under a key that is not the stored document's: look at both"
            );
        }
        Ok(Outcome::Known)
    }
}
