//! Where in the indexes the documents of a query are.

use rusqlite::types::Value;
use rusqlite::{Connection, params};

use super::super::rows::{environment_number, one};
use super::filter::Filter;
use super::streams::Stream;
use crate::{AccountId, ListQuery, StoreError};

pub(super) fn streams(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
    filter: &Filter,
) -> Result<Vec<Stream>, StoreError> {
    of_account(connection, account, query, filter)
}

/// What an account's documents are told apart by in `document_of_account`.
struct Kind {
    environment: u8,
    document_type: String,
    schema_version: String,
}

impl Kind {
    fn is_asked_for(&self, query: &ListQuery) -> bool {
        let environment = query.environment.map(environment_number);
        environment.is_none_or(|asked| asked == self.environment)
            && query
                .document_type
                .is_none_or(|asked| asked.code() == self.document_type)
            && query
                .schema_version
                .as_ref()
                .is_none_or(|asked| *asked == self.schema_version)
    }
}

fn of_account(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
    filter: &Filter,
) -> Result<Vec<Stream>, StoreError> {
    let sql = "SELECT position FROM document INDEXED BY document_of_account
         WHERE account = ?4 AND environment = ?5 AND document_type = ?6 AND schema_version = ?7
             AND position >= ?1 AND position < ?2
         ORDER BY position DESC LIMIT ?3";
    let mut streams = Vec::new();
    let mut before = None;
    while let Some(kind) = kind_after(connection, account, before.as_ref())? {
        if kind.is_asked_for(query) {
            let place: Vec<Value> = vec![
                account.0.into(),
                kind.environment.into(),
                kind.document_type.clone().into(),
                kind.schema_version.clone().into(),
            ];
            streams.push(Stream::new(sql, place, filter.window));
        }
        before = Some(kind);
    }
    Ok(streams)
}

/// The next kind that has documents: one step in the index, whatever the
/// number of documents.
fn kind_after(
    connection: &Connection,
    account: AccountId,
    before: Option<&Kind>,
) -> Result<Option<Kind>, StoreError> {
    let (environment, kind, version) = match before {
        Some(kind) => (
            kind.environment,
            kind.document_type.as_str(),
            kind.schema_version.as_str(),
        ),
        None => (0, "", ""),
    };
    one(
        connection,
        "SELECT environment, document_type, schema_version FROM document
             INDEXED BY document_of_account
         WHERE account = ?1 AND (environment, document_type, schema_version) > (?2, ?3, ?4)
         ORDER BY environment, document_type, schema_version LIMIT 1",
        params![account.0, environment, kind, version],
        |row| {
            Ok(Kind {
                environment: row.get(0)?,
                document_type: row.get(1)?,
                schema_version: row.get(2)?,
            })
        },
    )
}
