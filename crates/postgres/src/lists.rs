//! Pages of documents.

use tagua_store::words::asked;
use tagua_store::{AccountId, Cursor, ListPage, ListQuery, StoreError};
use tokio_postgres::types::ToSql;

use crate::error::refused;
use crate::rows::{self, environment_number, int4, listed_columns};
use crate::session::Session;

/// Documents of a page at most.
const LIMIT_MAX: usize = 1_000;

pub(crate) async fn page(
    session: &Session,
    account: AccountId,
    query: &ListQuery,
) -> Result<ListPage, StoreError> {
    let limit = query.limit.min(LIMIT_MAX);
    let mut question = Question::default();
    question.add(account.0, |n| format!("account = ${n}"));
    ask_what(&mut question, query)?;
    ask_when(&mut question, query)?;
    ask_words(&mut question, query);
    // One more than the page tells whether there is another.
    let more = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let sql = format!(
        concat!(
            "SELECT ",
            listed_columns!(),
            " FROM document WHERE {} ORDER BY position DESC LIMIT {}"
        ),
        question.conditions.join(" AND "),
        more
    );
    let values: Vec<&(dyn ToSql + Sync)> = question.values.iter().map(|v| &**v as _).collect();
    let mut found = session.many(&sql, &values, rows::listed).await?;
    let is_last = found.len() <= limit;
    found.truncate(limit);
    let next = found.last().filter(|_| !is_last);
    Ok(ListPage {
        next: next.map(|(_, position)| Cursor::at(*position)),
        documents: found.into_iter().map(|(listed, _)| listed).collect(),
    })
}

/// Conditions and the values they name.
#[derive(Default)]
struct Question {
    conditions: Vec<String>,
    values: Vec<Box<dyn ToSql + Sync + Send>>,
}

impl Question {
    fn add(
        &mut self,
        value: impl ToSql + Sync + Send + 'static,
        condition: impl FnOnce(usize) -> String,
    ) {
        self.values.push(Box::new(value));
        self.conditions.push(condition(self.values.len()));
    }
}

fn ask_what(question: &mut Question, query: &ListQuery) -> Result<(), StoreError> {
    if let Some(kind) = query.document_type {
        question.add(kind.code(), |n| format!("document_type = ${n}"));
    }
    if let Some(version) = &query.schema_version {
        question.add(version.clone(), |n| format!("schema_version = ${n}"));
    }
    if let Some(environment) = query.environment {
        let number = environment_number(environment);
        question.add(number, |n| format!("environment = ${n}"));
    }
    if let Some(issuer) = query.issuer {
        question.add(issuer.0, |n| format!("issuer = ${n}"));
    }
    if !query.stages.is_empty() {
        let stages = query.stages.iter().map(|stage| i16::from(*stage as u8));
        let stages: Vec<i16> = stages.collect();
        // Said once more so that the engine sees that the partial index serves.
        if !query.stages.contains(&tagua_store::Stage::Authorized) {
            question.conditions.push("stage <> 6".to_owned());
        }
        question.add(stages, |n| format!("stage = ANY (${n})"));
    }
    if let Some(receiver) = &query.receiver_id {
        question.add(receiver.clone(), |n| format!("receiver_id = ${n}"));
    }
    if let Some(series) = query.series {
        let (establishment, point) = (series.establishment, series.point);
        question.add(establishment.as_str().to_owned(), |n| {
            format!("establishment = ${n}")
        });
        question.add(point.as_str().to_owned(), |n| format!("point = ${n}"));
    }
    if let Some(from) = query.sequential_from {
        question.add(int4(from.get())?, |n| format!("sequential >= ${n}"));
    }
    if let Some(to) = query.sequential_to {
        question.add(int4(to.get())?, |n| format!("sequential <= ${n}"));
    }
    if let Some(key) = query.access_key {
        question.add(key.as_str().to_owned(), |n| format!("access_key = ${n}"));
    }
    if let Some(id) = &query.external_id {
        question.add(id.clone(), |n| format!("external_id = ${n}"));
    }
    Ok(())
}

/// Days and the cursor restrict the position, which the indexes end in.
fn ask_when(question: &mut Question, query: &ListQuery) -> Result<(), StoreError> {
    const DAY: &str = "::text::date - DATE '1970-01-01') * 1099511627776";
    for day in query.issued_from.iter().chain(&query.issued_to) {
        if !is_day(day) {
            return Err(refused(format!("{day:?} is no day")));
        }
    }
    if let Some(from) = &query.issued_from {
        question.add(from.clone(), |n| format!("position >= (${n}{DAY}"));
    }
    if let Some(to) = &query.issued_to {
        question.add(to.clone(), |n| {
            format!("position < (${n}{DAY} + 1099511627776")
        });
    }
    if let Some(after) = query.after {
        question.add(after.place(), |n| format!("position < ${n}"));
    }
    Ok(())
}

/// The form alone: the engine knows the calendar, and words such as `today`.
fn is_day(text: &str) -> bool {
    let is_right = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(is_right)
}

/// Each word begins a word of the document, or is its number.
fn ask_words(question: &mut Question, query: &ListQuery) {
    for word in asked(query.text.as_deref().unwrap_or_default()) {
        // Letters and digits only: nothing in it means anything to the engine.
        let mut pattern = format!("'{}':*", word.beginning);
        if let Some(number) = word.number {
            pattern = format!("{pattern} | '{number}'");
        }
        question.add(pattern, |n| format!("words @@ ${n}::text::tsquery"));
    }
}
