//! Documents that the database knows as refused or not yet signed, and that may
//! have been corrected since.

use std::collections::BTreeMap;

use tagua_fiscal::AccessKey;
use tagua_pipeline::Event;
use tagua_store::{
    Acceptance, AccountId, DocumentId, ListQuery, ListedDocument, NewDocument, NewRevision,
    SeriesKey, Stage,
};

use super::asking::{Found, ask};
use super::{Recovery, Tally};
use crate::failure::{Failure, While};

/// Documents read at once.
const PAGE: usize = 100;

impl Recovery<'_> {
    /// Documents that may have been corrected after the backup, under the key
    /// they have.
    pub(super) async fn refused(&self, account: AccountId) -> Result<Tally, Failure> {
        let listed = self.resting(account).await?;
        let keys = listed.values().map(|own| (own.sequential, own.access_key));
        let mut tally = Tally {
            asked: u64::try_from(listed.len()).unwrap_or(u64::MAX),
            recovered: 0,
        };
        for found in ask(self.authority, keys.collect()).await {
            if let Some(own) = listed.get(&found.key) {
                let series = SeriesKey {
                    account,
                    issuer: own.issuer,
                    environment: own.environment,
                    document_type: own.document_type,
                    series: own.series,
                };
                tally.recovered += u64::from(self.correct(own.id, &series, &found).await?);
            }
        }
        Ok(tally)
    }

    /// Documents that nobody works on and that are not authorized, by key.
    async fn resting(
        &self,
        account: AccountId,
    ) -> Result<BTreeMap<AccessKey, ListedDocument>, Failure> {
        let mut query = ListQuery {
            environment: Some(self.environment),
            stages: vec![Stage::Created, Stage::Returned, Stage::NotAuthorized],
            limit: PAGE,
            ..ListQuery::default()
        };
        let mut found = BTreeMap::new();
        loop {
            let page = self.store.list(account, &query).await;
            let page = page.during("the documents could not be read")?;
            let documents = page.documents.into_iter();
            found.extend(documents.map(|document| (document.access_key, document)));
            match page.next {
                Some(next) => query.after = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// One more revision with what SRI authorized, if it did.
    async fn correct(
        &self,
        id: DocumentId,
        series: &SeriesKey,
        found: &Found,
    ) -> Result<bool, Failure> {
        let stored = self.store.document_by_id(id).await;
        let stored = stored.during("a document could not be read")?;
        let (Some(stored), Some((new, signed))) = (stored, self.document(series, found)) else {
            return Ok(false);
        };
        if found.verdict(&signed).0 != Event::Authorized {
            return Ok(false);
        }
        let revision = NewRevision {
            expected_version: stored.version,
            document: NewDocument {
                id,
                external_id: stored.external_id,
                ..new
            },
        };
        let revised = self.store.revise(revision).await;
        if revised.during("a document that SRI knows was not stored")? != Acceptance::Stored {
            return Ok(false);
        }
        let version = stored.version.saturating_add(1);
        self.settle(id, version, found, &signed).await?;
        tracing::info!(key = %found.key, "SRI authorized a document that the backup knows as refused");
        Ok(true)
    }
}
