//! The ways to the documents of a query.

use rusqlite::types::Value;
use rusqlite::{Connection, params};
use tagua_fiscal::{DocumentType, Environment};

use super::super::rows::{environment_number, many, one};
use super::super::{accounts, jobs};
use super::filter::Filter;
use super::kinds::{
    KindIndex, NUMBERS_OF_ISSUER, OF_ACCOUNT, OF_ISSUER, RESTING, RESTING_OF_ISSUER, Wanted,
};
use super::streams::{Stream, Window};
use crate::words::{Asked, words};
use crate::{AccountId, IssuerId, ListQuery, Stage, StoreError};

/// Documents that a way may have to read all at once; with more it is none.
const AT_ONCE_MAX: i64 = 10_000;
/// The same for numbers, of which the index has all that is needed.
const NUMBERS_MAX: usize = 100_000;
/// Numbers of a series that are looked up one after the other.
const RANGE_MAX: u32 = 1_000;
/// Issuers that are looked through for a query that names none.
const ISSUERS_MAX: usize = 64;
/// Characters of the longest beginnings that have an index of their own
/// (`prefix` of `document_words`).
const INDEXED_BEGINNING: usize = 6;

/// A way finds every document asked for, and others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    AccessKey,
    ExternalId,
    /// By the numbers of a series, which are unique.
    NumbersOfSeries,
    Receiver,
    /// By the beginnings that have an index.
    Words,
    Stages,
    Account,
    Issuer,
    /// By the whole beginnings.
    WholeWords,
    Numbers,
    /// By the numbers beside the positions.
    IssuerNumbers,
}

impl Way {
    /// The ways of a query, those that are likely to be short first. The
    /// account's or the issuer's is always there.
    pub(super) fn all(query: &ListQuery, filter: &Filter) -> Vec<Self> {
        if query.access_key.is_some() {
            return vec![Self::AccessKey];
        }
        if query.external_id.is_some() {
            return vec![Self::ExternalId];
        }
        let (from, to) = number_range(query);
        let few = to.saturating_sub(from) <= RANGE_MAX;
        if query.series.is_some() && few {
            let other = match query.issuer {
                None => Self::Account,
                Some(_) => Self::Issuer,
            };
            return vec![Self::NumbersOfSeries, other];
        }
        let authorized = query.stages.contains(&Stage::Authorized);
        let numbers = query.sequential_from.or(query.sequential_to).is_some();
        let words = expression(&filter.words, indexed_beginning);
        let whole = expression(&filter.words, whole_beginning);
        let ways = [
            (Self::Receiver, query.receiver_id.is_some()),
            (Self::Words, words.is_some()),
            (Self::Stages, !query.stages.is_empty() && !authorized),
            (Self::Account, query.issuer.is_none()),
            (
                Self::Issuer,
                query.issuer.is_some() || query.series.is_some(),
            ),
            (Self::WholeWords, words != whole),
            (Self::Numbers, numbers),
            (Self::IssuerNumbers, numbers),
        ];
        let ways = ways.into_iter().filter(|(_, there)| *there);
        ways.map(|(way, _)| way).collect()
    }

    /// Whether it reads much before its first document.
    pub(super) fn is_costly_to_begin(self) -> bool {
        matches!(self, Self::WholeWords | Self::Numbers | Self::IssuerNumbers)
    }

    /// `None` where there is no such way after all.
    pub(super) fn streams(
        self,
        connection: &Connection,
        account: AccountId,
        query: &ListQuery,
        filter: &Filter,
    ) -> Result<Option<Vec<Stream>>, StoreError> {
        let mut streams = self.indexed(connection, account, query, filter)?;
        if let (Some(streams), false) = (&mut streams, self.is_by_the_document_itself()) {
            streams.push(Stream::of(filter.tail(connection)?));
        }
        Ok(streams)
    }

    /// Whether its index has a document from its acceptance on.
    fn is_by_the_document_itself(self) -> bool {
        matches!(
            self,
            Self::AccessKey | Self::ExternalId | Self::NumbersOfSeries | Self::Stages
        )
    }

    /// What the indexes have.
    fn indexed(
        self,
        connection: &Connection,
        account: AccountId,
        query: &ListQuery,
        filter: &Filter,
    ) -> Result<Option<Vec<Stream>>, StoreError> {
        let window = filter.window;
        let wanted = Wanted::new(query);
        let asked = (query.receiver_id.as_deref(), filter);
        match self {
            Self::AccessKey => by_access_key(connection, query, window).map(Some),
            Self::ExternalId => Ok(Some(by_external_id(account, query, window))),
            Self::NumbersOfSeries => by_series(connection, account, query, window),
            Self::Receiver => Ok(Some(by_receiver(account, query, window))),
            Self::Words => Ok(by_words(asked, indexed_beginning)),
            Self::WholeWords => Ok(by_words(asked, whole_beginning)),
            Self::Stages => by_stages(connection, account, query, window),
            Self::Account => OF_ACCOUNT
                .streams(connection, (&[account.0.into()], &[]), &wanted, window)
                .map(Some),
            Self::Issuer => by_issuer(connection, account, query, (&OF_ISSUER, &[]), window),
            Self::IssuerNumbers => {
                let (from, to) = number_range(query);
                let numbers = (&NUMBERS_OF_ISSUER, &[from.into(), to.into()][..]);
                by_issuer(connection, account, query, numbers, window)
            }
            Self::Numbers => by_numbers(connection, account, query, window),
        }
    }
}

fn by_access_key(
    connection: &Connection,
    query: &ListQuery,
    window: Window,
) -> Result<Vec<Stream>, StoreError> {
    let sql = "SELECT position FROM document
         WHERE access_key = ?1 AND position >= ?2 AND position < ?3";
    let key = query.access_key.as_ref().map(|key| key.as_str());
    let params = params![key, window.from, window.before];
    let found = many(connection, sql, params, |row| Ok(row.get(0)?))?;
    Ok(vec![Stream::of(found)])
}

fn by_external_id(account: AccountId, query: &ListQuery, window: Window) -> Vec<Stream> {
    let sql = "SELECT position FROM document INDEXED BY document_external
         WHERE account = ?4 AND external_id = ?5 AND position >= ?1 AND position < ?2
         ORDER BY position DESC LIMIT ?3";
    let external_id = query.external_id.clone();
    let place = vec![account.0.into(), external_id.into()];
    vec![Stream::new(sql, place, window)]
}

fn by_receiver(account: AccountId, query: &ListQuery, window: Window) -> Vec<Stream> {
    let sql = "SELECT position FROM receiver_position
         WHERE account = ?4 AND receiver_id = ?5 AND environment = ?6 AND document_type = ?7
             AND position >= ?1 AND position < ?2
         ORDER BY position DESC LIMIT ?3";
    let receiver = query.receiver_id.as_deref();
    let mut streams = Vec::new();
    for environment in [Environment::Test, Environment::Production] {
        for kind in DocumentType::ALL {
            if query.environment.is_none_or(|asked| asked == environment)
                && query.document_type.is_none_or(|asked| asked == kind)
            {
                let place: Vec<Value> = vec![
                    account.0.into(),
                    receiver.map(str::to_owned).into(),
                    environment_number(environment).into(),
                    kind.code().to_owned().into(),
                ];
                streams.push(Stream::new(sql, place, window));
            }
        }
    }
    streams
}

fn by_words(
    (receiver, filter): (Option<&str>, &Filter),
    beginning: Beginning,
) -> Option<Vec<Stream>> {
    let sql = "SELECT rowid FROM document_words
         WHERE document_words MATCH ?4 AND rowid >= ?1 AND rowid < ?2
         ORDER BY rowid DESC LIMIT ?3";
    let window = filter.window;
    let mut expression = expression(&filter.words, beginning)?;
    // A receiver may have many documents and none with the word.
    for word in words(receiver.unwrap_or_default()) {
        expression.push_str(" AND \"");
        expression.push_str(&word);
        expression.push('"');
    }
    Some(vec![
        Stream::new(sql, vec![expression.into()], window).long(),
    ])
}

/// How much of what a word begins with the index of words is asked for.
type Beginning = fn(&str) -> &str;

/// As much as has an index of its own: the documents come one by one. The
/// filter looks at the rest of the word.
fn indexed_beginning(beginning: &str) -> &str {
    match beginning.char_indices().nth(INDEXED_BEGINNING) {
        Some((end, _)) => beginning.get(..end).unwrap_or(beginning),
        None => beginning,
    }
}

/// All of it, where there is a digit: the documents of every such word are
/// gathered before the first one comes, but few share an identification, while
/// many share a name.
fn whole_beginning(beginning: &str) -> &str {
    match beginning.bytes().any(|b| b.is_ascii_digit()) {
        true => beginning,
        false => indexed_beginning(beginning),
    }
}

/// The words in the language of FTS5.
fn expression(words: &[Asked], beginning: Beginning) -> Option<String> {
    let words = words.iter().map(|word| {
        let beginning = beginning(&word.beginning);
        match &word.number {
            Some(number) => format!("(\"{beginning}\"* OR \"{number}\")"),
            None => format!("\"{beginning}\"*"),
        }
    });
    let words: Vec<_> = words.collect();
    (!words.is_empty()).then(|| words.join(" AND "))
}

fn by_stages(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
    window: Window,
) -> Result<Option<Vec<Stream>>, StoreError> {
    let mut streams = Vec::new();
    if query.stages.iter().copied().any(jobs::is_under_way) {
        match under_way(connection, account, window)? {
            Some(under_way) => streams.push(under_way),
            None => return Ok(None),
        }
    }
    let wanted = Wanted::new(query);
    let (index, owner) = match query.issuer {
        Some(issuer) => (RESTING_OF_ISSUER, issuer.0),
        None => (RESTING, account.0),
    };
    for stage in &query.stages {
        if !jobs::is_under_way(*stage) {
            let owner = [owner.into(), (*stage as u8).into()];
            streams.extend(index.streams(connection, (&owner, &[]), &wanted, window)?);
        }
    }
    Ok(Some(streams))
}

/// The documents that have a job.
fn under_way(
    connection: &Connection,
    account: AccountId,
    window: Window,
) -> Result<Option<Stream>, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM job LIMIT ?1)";
    let jobs = one(connection, sql, [AT_ONCE_MAX + 1], |row| Ok(row.get(0)?))?;
    if jobs.unwrap_or(0_i64) > AT_ONCE_MAX {
        return Ok(None);
    }
    let sql = "SELECT position FROM job CROSS JOIN document ON document_id = job.document
         WHERE account = ?1 AND position >= ?2 AND position < ?3";
    let params = params![account.0, window.from, window.before];
    let found = many(connection, sql, params, |row| Ok(row.get(0)?))?;
    Ok(Some(Stream::of(found)))
}

fn by_issuer(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
    (index, rest): (&KindIndex, &[Value]),
    window: Window,
) -> Result<Option<Vec<Stream>>, StoreError> {
    let wanted = Wanted::new(query);
    let Some(issuers) = issuers(connection, account, query)? else {
        return Ok(None);
    };
    let mut streams = Vec::new();
    for issuer in issuers {
        let owner = [issuer.0.into()];
        streams.extend(index.streams(connection, (&owner, rest), &wanted, window)?);
    }
    Ok(Some(streams))
}

/// The issuers that may have the documents, unless there are too many.
fn issuers(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
) -> Result<Option<Vec<IssuerId>>, StoreError> {
    if let Some(issuer) = query.issuer {
        return Ok(Some(vec![issuer]));
    }
    let all = accounts::issuers(connection, account)?;
    Ok((all.len() <= ISSUERS_MAX).then(|| all.iter().map(|issuer| issuer.id).collect()))
}

/// By the index of numbers, which has another order: only where they are few.
fn by_numbers(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
    window: Window,
) -> Result<Option<Vec<Stream>>, StoreError> {
    let sql = "SELECT position FROM number_position
         WHERE account = ?1 AND document_type = ?2 AND sequential BETWEEN ?3 AND ?4 LIMIT ?5";
    let (from, to) = number_range(query);
    let mut found = Vec::new();
    for kind in DocumentType::ALL {
        if query.document_type.is_none_or(|asked| asked == kind) {
            let most = NUMBERS_MAX.saturating_sub(found.len()).saturating_add(1);
            let most = i64::try_from(most).unwrap_or(i64::MAX);
            let params = params![account.0, kind.code(), from, to, most];
            let positions: Vec<i64> = many(connection, sql, params, |row| Ok(row.get(0)?))?;
            found.extend(positions);
        }
        if found.len() > NUMBERS_MAX {
            return Ok(None);
        }
    }
    found.retain(|position| window.has(*position));
    Ok(Some(vec![Stream::of(found)]))
}

/// By the index that keeps numbers unique: in each of its places there are no
/// more documents than numbers asked for.
fn by_series(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
    window: Window,
) -> Result<Option<Vec<Stream>>, StoreError> {
    let (Some(series), Some(issuers)) = (query.series, issuers(connection, account, query)?) else {
        return Ok(None);
    };
    let sql = "SELECT position FROM document
         WHERE issuer = ?1 AND environment = ?2 AND document_type = ?3 AND establishment = ?4
             AND point = ?5 AND sequential BETWEEN ?6 AND ?7";
    let (establishment, point) = (series.establishment.as_str(), series.point.as_str());
    let (from, to) = number_range(query);
    let mut found: Vec<i64> = Vec::new();
    for issuer in issuers {
        for environment in [Environment::Test, Environment::Production] {
            let number = environment_number(environment);
            for kind in DocumentType::ALL {
                let key = params![
                    issuer.0,
                    number,
                    kind.code(),
                    establishment,
                    point,
                    from,
                    to
                ];
                found.extend(many(connection, sql, key, |row| Ok(row.get::<_, i64>(0)?))?);
            }
        }
    }
    found.retain(|position| window.has(*position));
    Ok(Some(vec![Stream::of(found)]))
}

fn number_range(query: &ListQuery) -> (u32, u32) {
    (
        query.sequential_from.map_or(0, |from| from.get()),
        query.sequential_to.map_or(u32::MAX, |to| to.get()),
    )
}
