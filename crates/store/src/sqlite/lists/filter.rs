//! Whether a document is one of those a query asks for.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::super::rows::{self, environment_number, listed_columns, one};
use super::streams::Window;
use crate::words::{Asked, Searched, asked};
use crate::{AccountId, ListQuery, ListedDocument, StoreError};

/// `position` is days of issue times 2^40 plus the row.
pub(super) const ROW_BITS: u32 = 40;

/// Every condition of a query, ready to be put to one document after another.
pub(super) struct Filter {
    /// From `?2` on.
    params: Vec<Value>,
    pub(super) words: Vec<Asked>,
    pub(super) window: Window,
}

impl Filter {
    pub(super) fn new(
        connection: &Connection,
        account: AccountId,
        query: &ListQuery,
    ) -> Result<Self, StoreError> {
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
            window: window(connection, query)?,
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
            " FROM document WHERE document_id = ?1 AND account = ?2
                 AND (?3 IS NULL OR environment = ?3) AND (?4 IS NULL OR document_type = ?4)
                 AND (?5 IS NULL OR schema_version = ?5) AND (?6 IS NULL OR issuer = ?6)
                 AND ?7 >> stage & 1 AND (?8 IS NULL OR receiver_id = ?8)
                 AND (?9 IS NULL OR establishment = ?9) AND (?10 IS NULL OR point = ?10)
                 AND (?11 IS NULL OR sequential >= ?11) AND (?12 IS NULL OR sequential <= ?12)
                 AND (?13 IS NULL OR access_key = ?13) AND (?14 IS NULL OR external_id = ?14)"
        );
        let row: Value = (position & ((1 << ROW_BITS) - 1)).into();
        let params = params_from_iter(std::iter::once(&row).chain(&self.params));
        let found = one(connection, sql, params, rows::listed)?;
        Ok(found.filter(|document| self.has_words(document)))
    }

    fn has_words(&self, document: &ListedDocument) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let searched = Searched {
            receiver_id: &document.receiver_id,
            receiver_name: &document.receiver_name,
            establishment: document.series.establishment.as_str(),
            point: document.series.point.as_str(),
            sequential: document.sequential.get(),
            external_id: document.external_id.as_deref(),
        };
        let words = searched.words();
        self.words.iter().all(|asked| asked.finds(&words))
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

fn window(connection: &Connection, query: &ListQuery) -> Result<Window, StoreError> {
    let from = query.issued_from.as_deref();
    let from = from.map(|day| first_position(connection, day, 0));
    let before = query.issued_to.as_deref();
    let before = before.map(|day| first_position(connection, day, 1));
    let before = before.transpose()?.unwrap_or(i64::MAX);
    let after = query.after.map_or(i64::MAX, |cursor| cursor.0);
    Ok(Window {
        from: from.transpose()?.unwrap_or(i64::MIN),
        before: before.min(after),
    })
}

/// Where the day that comes `later` days after `day` begins.
fn first_position(connection: &Connection, day: &str, later: i64) -> Result<i64, StoreError> {
    let sql =
        "SELECT unixepoch(?1) / 86400 WHERE ?1 GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'";
    let found = one(connection, sql, [day], |row| {
        Ok(row.get::<_, Option<i64>>(0)?)
    })?;
    let day = found.flatten().ok_or_else(|| StoreError::Refused {
        what: "a day that is not AAAA-MM-DD".to_owned(),
    })?;
    Ok((day + later) << ROW_BITS)
}
