//! Pages of documents.
//!
//! Every index that serves lists ends in `position`, so in one place of it the
//! documents come in the order of the list. A page is the merge of such places,
//! each document then held against the whole query.

mod filter;
mod places;
mod streams;
mod words;

use std::error::Error;

use rusqlite::Connection;

use self::filter::Filter;
use self::streams::Merged;
use crate::{AccountId, Cursor, ListPage, ListQuery, ListedDocument, StoreError};

pub(super) fn page(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
) -> Result<ListPage, StoreError> {
    // What is read in several statements is of one moment.
    let moment = connection.unchecked_transaction()?;
    let filter = Filter::new(connection, account, query)?;
    let streams = places::streams(connection, account, query, &filter)?;
    let mut positions = Merged::new(connection, streams)?;
    let mut documents = Vec::new();
    let mut next = None;
    let mut last = None;
    while let Some(position) = positions.next(connection)? {
        let Some(document) = document(connection, &filter, position)? else {
            continue;
        };
        if documents.len() == query.limit {
            next = last.map(Cursor);
            break;
        }
        documents.push(document);
        last = Some(position);
    }
    moment.finish()?;
    Ok(ListPage { documents, next })
}

/// A document that cannot be read is left out: one bad row must not take the
/// list away from everybody.
fn document(
    connection: &Connection,
    filter: &Filter,
    position: i64,
) -> Result<Option<ListedDocument>, StoreError> {
    match filter.document(connection, position) {
        Err(error @ StoreError::Corrupt { .. }) => {
            tracing::error!(
                position,
                error = &error as &dyn Error,
                "a listed document is left out"
            );
            Ok(None)
        }
        found => found,
    }
}

pub(super) fn index(_connection: &Connection, _limit: usize) -> Result<u64, StoreError> {
    Ok(0)
}
