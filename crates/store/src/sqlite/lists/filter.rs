//! Whether a document is one of those a query asks for.

use std::cell::OnceCell;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::super::rows::{self, environment_number, listed_columns, many, one};
use super::index::indexed_to;
use super::position::{day_number, first_position, row_of};
use super::streams::Window;
use crate::words::{Asked, asked};
use crate::{AccountId, ListQuery, ListedDocument, StoreError};

/// Every condition but words and the window, on the parameters of [`Filter`].
macro_rules! conditions {
    () => {
        "account = ?2 AND (?3 IS NULL OR environment = ?3)
             AND (?4 IS NULL OR document_type = ?4) AND (?5 IS NULL OR schema_version = ?5)
             AND (?6 IS NULL OR issuer = ?6) AND ?7 >> stage & 1
             AND (?8 IS NULL OR receiver_id = ?8) AND (?9 IS NULL OR establishment = ?9)
             AND (?10 IS NULL OR point = ?10) AND (?11 IS NULL OR sequential >= ?11)
             AND (?12 IS NULL OR sequential <= ?12) AND (?13 IS NULL OR access_key = ?13)
             AND (?14 IS NULL OR external_id = ?14)"
    };
}

/// Every condition of a query, ready to be put to one document after another.
pub(super) struct Filter {
    /// From `?2` on.
    params: Vec<Value>,
    pub(super) words: Vec<Asked>,
    pub(super) window: Window,
    tail: OnceCell<Vec<i64>>,
}

impl Filter {
    pub(super) fn new(account: AccountId, query: &ListQuery) -> Result<Self, StoreError> {
        let text = |text: Option<&str>| text.map_or(Value::Null, |text| text.to_owned().into());
        let number = |number: Option<i64>| number.map_or(Value::Null, Into::into);
        let series = query.series.as_ref();
        let params = vec![
            account.0.into(),
            number(query.environment.map(|e| environment_number(e).into())),
            text(query.document_type.map(|kind| kind.code())),
            text(query.schema_version.as_deref()),
            number(query.issuer.map(|issuer| issuer.0)),
            stage_mask(query).into(),
            text(query.receiver_id.as_deref()),
            text(series.map(|series| series.establishment.as_str())),
            text(series.map(|series| series.point.as_str())),
            number(query.sequential_from.map(|n| n.get().into())),
            number(query.sequential_to.map(|n| n.get().into())),
            text(query.access_key.as_ref().map(|key| key.as_str())),
            text(query.external_id.as_deref()),
        ];
        Ok(Self {
            params,
            words: asked(query.text.as_deref().unwrap_or_default()),
            window: window(query)?,
            tail: OnceCell::new(),
        })
    }

    /// The document at this position, where it is one of those asked for.
    pub(super) fn document(
        &self,
        connection: &Connection,
        position: i64,
    ) -> Result<Option<ListedDocument>, StoreError> {
        let sql = concat!(
            "SELECT ",
            listed_columns!(),
            " FROM document WHERE document_id = ?1 AND ",
            conditions!()
        );
        let row: Value = row_of(position).into();
        let params = params_from_iter(std::iter::once(&row).chain(&self.params));
        let found = one(connection, sql, params, |row| {
            let is_asked_for = self.words.is_empty() || rows::searched(row)?.has_all(&self.words);
            is_asked_for.then(|| rows::listed(row)).transpose()
        })?;
        Ok(found.flatten())
    }

    /// Positions of the documents that the indexes filled afterwards do not
    /// have yet: those asked for, by anything but words. Read once.
    pub(super) fn tail(&self, connection: &Connection) -> Result<Vec<i64>, StoreError> {
        if let Some(tail) = self.tail.get() {
            return Ok(tail.clone());
        }
        let tail = self.not_taken_in(connection)?;
        Ok(self.tail.get_or_init(|| tail).clone())
    }

    fn not_taken_in(&self, connection: &Connection) -> Result<Vec<i64>, StoreError> {
        let sql = concat!(
            "SELECT position FROM document NOT INDEXED WHERE document_id > ?1 AND ",
            conditions!(),
            " AND position >= ?15 AND position < ?16"
        );
        let from: Value = indexed_to(connection)?.into();
        let window = [self.window.from.into(), self.window.before.into()];
        let params = std::iter::once(&from).chain(&self.params).chain(&window);
        many(connection, sql, params_from_iter(params), |row| {
            Ok(row.get(0)?)
        })
    }
}

/// One bit for each stage; no stage asked for is any stage.
fn stage_mask(query: &ListQuery) -> i64 {
    let bits = query.stages.iter().map(|stage| 1 << *stage as u8);
    match bits.fold(0, |mask, bit| mask | bit) {
        0 => -1,
        mask => mask,
    }
}

fn window(query: &ListQuery) -> Result<Window, StoreError> {
    let from = query.issued_from.as_deref().map(day).transpose()?;
    let to = query.issued_to.as_deref().map(day).transpose()?;
    let before = to.map_or(i64::MAX, |to| first_position(to + 1));
    let after = query.after.map_or(i64::MAX, |cursor| cursor.0);
    Ok(Window {
        from: from.map_or(i64::MIN, first_position),
        before: before.min(after),
    })
}

fn day(day: &str) -> Result<i64, StoreError> {
    day_number(day).ok_or_else(|| StoreError::Refused {
        what: "a day that is not AAAA-MM-DD".to_owned(),
    })
}
