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

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tagua_fiscal::access_key::DocumentNumber;
use tagua_fiscal::{AccessKey, Environment, Sequential};
use tagua_pipeline::{Authorities, Authority, Clock, Event, Random, authorization_verdict, next};
use tagua_server::recoverable_key;
use tagua_sri::{Answer, AuthorizationReading};
use tagua_store::{
    Acceptance, AccountId, BlobPart, Document, DocumentId, Issuer, ListQuery, ListedDocument,
    NewDocument, NewEvent, NewRevision, NextJob, SeriesKey, SeriesState, Stage, Store, Transition,
    UnixMillis,
};
use tagua_wire::{Collection, read_xml, xml_of_body};
use tokio::task::JoinSet;

use crate::failure::{Failure, While};

/// In every backup: when it was made. Empty once it was read.
const RESTORED: &str = "restored";
/// For each environment since when SRI is to be asked, as [`ToAsk`].
const TO_ASK: &str = "ask_sri_since";
/// So many numbers that SRI does not know end a series. So many before the
/// next one are asked about too: they may have been under way during the backup.
const GAP: u32 = 20;
/// Documents read at once.
const PAGE: usize = 100;
/// Questions at once.
const AT_ONCE: usize = 4;
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_MAX: Duration = Duration::from_secs(60);

/// The note that goes into a backup made at this time.
pub(crate) fn mark(at: UnixMillis) -> (String, Vec<u8>) {
    (RESTORED.to_owned(), at.0.to_string().into_bytes())
}

/// Has the next start ask SRI about everything issued since then.
pub(crate) async fn plan(store: &dyn Store, since: UnixMillis) -> Result<(), Failure> {
    let (name, mark) = mark(since);
    let kept = store.put_note(&name, mark).await;
    kept.during("what is to be asked was not stored")?;
    open_questions(store).await.map(drop)
}

/// By the digit of the environment, in Unix milliseconds.
#[derive(Debug, Default, Serialize, Deserialize)]
struct ToAsk(BTreeMap<char, i64>);

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

/// What is to be asked, the mark of a new restore included.
async fn open_questions(store: &dyn Store) -> Result<ToAsk, Failure> {
    let kept = note(store, TO_ASK).await?;
    let mut to_ask: ToAsk = match kept.is_empty() {
        true => ToAsk::default(),
        false => serde_json::from_slice(&kept).during("what is to be asked could not be read")?,
    };
    let mark = note(store, RESTORED).await?;
    if mark.is_empty() {
        return Ok(to_ask);
    }
    let since = std::str::from_utf8(&mark)
        .ok()
        .and_then(|text| text.parse().ok());
    let since: i64 =
        since.ok_or_else(|| Failure::new("the mark of the restore could not be read"))?;
    for environment in [Environment::Test, Environment::Production] {
        let kept = to_ask.0.entry(environment.digit()).or_insert(since);
        *kept = since.min(*kept);
    }
    keep(store, &to_ask).await?;
    let read = store.put_note(RESTORED, Vec::new()).await;
    read.during("the mark of the restore was not stored")?;
    Ok(to_ask)
}

async fn note(store: &dyn Store, name: &str) -> Result<Vec<u8>, Failure> {
    let found = store.note(name).await;
    Ok(found
        .during("the database could not be read")?
        .unwrap_or_default())
}

async fn keep(store: &dyn Store, to_ask: &ToAsk) -> Result<(), Failure> {
    let text = serde_json::to_vec(to_ask).during("what is to be asked could not be written")?;
    let kept = store.put_note(TO_ASK, text).await;
    kept.during("what is to be asked was not stored")
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

/// A key that SRI knows, with what it said.
struct Found {
    number: Sequential,
    key: AccessKey,
    answer: Answer<AuthorizationReading>,
}

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
    async fn run(&self) -> Result<(), Failure> {
        let (mut asked, mut recovered) = (0, 0);
        let accounts = self.store.accounts().await;
        for account in accounts.during("the accounts could not be read")? {
            let (questions, found) = self.refused(account.id).await?;
            asked += questions;
            recovered += found;
            let issuers = self.store.issuers(account.id).await;
            for issuer in issuers.during("the issuers could not be read")? {
                let series = self.store.series(account.id, issuer.id).await;
                for state in series.during("the series could not be read")? {
                    if state.key.environment == self.environment {
                        let (questions, found) = self.series(&issuer, &state).await?;
                        asked += questions;
                        recovered += found;
                    }
                }
            }
        }
        tracing::info!(
            environment = %self.environment.digit(),
            asked,
            recovered,
            "asked SRI about documents issued since the backup"
        );
        Ok(())
    }

    /// Documents that may have been corrected after the backup, under the key
    /// they have. How many were asked about, and how many are authorized.
    async fn refused(&self, account: AccountId) -> Result<(u64, u64), Failure> {
        let listed = self.resting(account).await?;
        let keys = listed.values().map(|own| (own.sequential, own.access_key));
        let (asked, mut recovered) = (listed.len(), 0);
        for found in self.ask(keys.collect()).await {
            if let Some(own) = listed.get(&found.key) {
                let series = SeriesKey {
                    account,
                    issuer: own.issuer,
                    environment: own.environment,
                    document_type: own.document_type,
                    series: own.series,
                };
                recovered += u64::from(self.correct(own.id, &series, &found).await?);
            }
        }
        Ok((u64::try_from(asked).unwrap_or(u64::MAX), recovered))
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
        if self.verdict(found, &signed).0 != Event::Authorized {
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

    /// How many keys were asked about, and how many documents were stored.
    async fn series(&self, issuer: &Issuer, state: &SeriesState) -> Result<(u64, u64), Failure> {
        let Some(next) = state.next().map(Sequential::get) else {
            return Ok((0, 0));
        };
        let mut from = next.saturating_sub(GAP).max(1);
        let mut to = next.saturating_add(GAP - 1);
        let (mut asked, mut recovered, mut greatest) = (0, 0, next - 1);
        while from <= to {
            let until = to.min(from.saturating_add(GAP - 1));
            let keys = self.keys(issuer, &state.key, from, until);
            asked += u64::try_from(keys.len()).unwrap_or(u64::MAX);
            for found in self.ask(keys).await {
                let outcome = self.keep(&state.key, &found).await?;
                tracing::info!(key = %found.key, ?outcome, "SRI knows a document");
                recovered += u64::from(outcome == Outcome::Recovered);
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
        Ok((asked, recovered))
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

    /// Those of the keys that SRI knows, in the order of their numbers.
    async fn ask(&self, keys: Vec<(Sequential, AccessKey)>) -> Vec<Found> {
        let mut keys = keys.into_iter();
        let (mut asking, mut found) = (JoinSet::new(), Vec::new());
        loop {
            while asking.len() < AT_ONCE
                && let Some((number, key)) = keys.next()
            {
                let authority = Arc::clone(self.authority);
                asking.spawn(async move {
                    let answer = ask_until_answered(&*authority, &key).await;
                    Found {
                        number,
                        key,
                        answer,
                    }
                });
            }
            match asking.join_next().await {
                Some(Ok(answered)) => found.push(answered),
                Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
                None => break,
            }
        }
        found.retain(|found| !found.answer.reading.authorizations.is_empty());
        found.sort_by_key(|found| found.number);
        found
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

    /// The document as its issuer would have stored it, sent and not answered:
    /// whatever comes between, a worker asks and finds out.
    fn document(&self, series: &SeriesKey, found: &Found) -> Option<(NewDocument, Vec<u8>)> {
        let shown = found.answer.reading.authorizations.iter();
        let signed = shown.filter_map(|shown| shown.document.as_deref());
        let signed = signed.max_by_key(|text| {
            let event = self.verdict(found, text.as_bytes()).0;
            event == Event::Authorized
        })?;
        let xml = xml_of_body(signed.as_bytes()).ok()?;
        let expected = Collection::of(series.document_type, "");
        let read = read_xml(&xml, expected).ok()?;
        if read.access_key != Some(found.key) {
            return None;
        }
        let now = self.clock.now();
        let mut id = [0; 16];
        self.random.fill(&mut id);
        let signed = signed.as_bytes().to_vec();
        let new = NewDocument {
            id: DocumentId(id),
            account: series.account,
            issuer: series.issuer,
            environment: series.environment,
            document_type: series.document_type,
            series: series.series,
            sequential: found.number,
            access_key: found.key,
            schema_version: read.version.clone(),
            issue_date: read.issue_date.to_string(),
            receiver_id: read.receiver.id.clone(),
            receiver_name: read.receiver.name.clone(),
            total: read.total.clone().unwrap_or_default(),
            external_id: None,
            payment_due: None,
            idempotency: None,
            valid: true,
            stage: Stage::Unknown,
            signature_error: None,
            reception: None,
            blobs: vec![
                (BlobPart::Request, xml.to_vec()),
                (BlobPart::Signed, signed.clone()),
            ],
            events: vec![NewEvent {
                kind: "recovered",
                at: now,
                detail: "El SRI tiene este comprobante, emitido después del respaldo con el que \
                         se restauró el servidor"
                    .to_owned(),
                evidence: None,
            }],
            job: NextJob::RunAt(now),
            at: now,
        };
        Some((new, signed))
    }

    /// What SRI's answer means for the document, where it is final. The rest is
    /// a worker's.
    async fn settle(
        &self,
        id: DocumentId,
        version: u32,
        found: &Found,
        signed: &[u8],
    ) -> Result<(), Failure> {
        let (event, authorization) = self.verdict(found, signed);
        let stage = next(Stage::Unknown, None, event);
        let (Event::Authorized, Ok(stage)) = (event, stage) else {
            return Ok(());
        };
        let transition = Transition {
            id,
            expected_version: version,
            stage,
            event: NewEvent {
                kind: event.kind(),
                at: self.clock.now(),
                detail: "El SRI lo había autorizado".to_owned(),
                evidence: None,
            },
            submission_over: false,
            signature_error: None,
            attention: None,
            reception: None,
            authorization,
            blobs: vec![(BlobPart::Authorization, found.answer.raw.to_vec())],
            job: NextJob::Done,
        };
        let applied = self.store.apply(transition).await;
        applied.during("an authorization was not stored").map(drop)
    }

    fn verdict(
        &self,
        found: &Found,
        signed: &[u8],
    ) -> (Event, Option<tagua_store::AuthorizationResult>) {
        let key = found.key.as_str();
        let verdict = authorization_verdict(&found.answer.reading, key, signed, 0);
        (verdict.event, verdict.result)
    }

    /// The number is another document's, which somebody must hear of.
    async fn compare(&self, by: DocumentId, found: &Found) -> Result<Outcome, Failure> {
        let stored = self.store.document_by_id(by).await;
        let stored = stored.during("a document could not be read")?;
        let key = stored
            .as_ref()
            .map(|document: &Document| document.access_key);
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

async fn ask_until_answered(
    authority: &dyn Authority,
    key: &AccessKey,
) -> Answer<AuthorizationReading> {
    let mut pause = RETRY_FIRST;
    loop {
        match authority.ask(key.as_str()).await {
            Ok(answer) => return answer,
            Err(error) => tracing::warn!(
                %key,
                error = &error as &dyn std::error::Error,
                seconds = pause.as_secs(),
                "SRI must be asked before the server starts, and does not answer: trying again"
            ),
        }
        tokio::time::sleep(pause).await;
        pause = RETRY_MAX.min(pause * 2);
    }
}
