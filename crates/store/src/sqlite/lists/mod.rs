//! Pages of documents.
//!
//! Every index that serves lists ends in `position`, so in one place of it the
//! documents come in the order of the list. A [`Way`] is a merge of such places
//! that holds every document asked for; each of its documents is then held
//! against the whole query.
//!
//! Which way is the shortest depends on the data: a filter may be met by nearly
//! all documents or by none of the last year. Instead of guessing, the ways
//! take turns, longer and longer ones, and the first that arrives has the page.
//! That costs at most as many times the shortest as there are ways, a handful.

mod filter;
mod index;
mod kinds;
mod streams;
mod ways;

use std::error::Error;

use rusqlite::Connection;

use self::filter::Filter;
pub(super) use self::index::{INDEXED_AT_ONCE, forget, index, remember};
use self::streams::Merged;
use self::ways::Way;
use crate::{AccountId, Cursor, ListPage, ListQuery, ListedDocument, StoreError};

/// Documents looked at in the first turn, and how turns grow.
const FIRST_TURN: usize = 256;
const TURN_GROWS_BY: usize = 2;

pub(super) fn page(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
) -> Result<ListPage, StoreError> {
    // What is read in several statements is of one moment.
    let moment = connection.unchecked_transaction()?;
    let filter = Filter::new(connection, account, query)?;
    let mut walks: Vec<_> = Way::all(query, &filter)
        .into_iter()
        .map(Walk::new)
        .collect();
    let mut turn = FIRST_TURN;
    let page = 'arrived: loop {
        for walk in &mut walks {
            let ask = (account, query, &filter);
            if let Some(page) = walk.go_on(connection, ask, turn)? {
                break 'arrived page;
            }
        }
        walks.retain(|walk| !matches!(walk.positions, Positions::None));
        turn = turn.saturating_mul(TURN_GROWS_BY);
    };
    moment.finish()?;
    Ok(page)
}

type Ask<'a> = (AccountId, &'a ListQuery, &'a Filter);

/// How far one way was followed.
struct Walk {
    way: Way,
    positions: Positions,
    documents: Vec<ListedDocument>,
    /// Position of the last of `documents`.
    last: Option<i64>,
}

enum Positions {
    NotBegun,
    Here(Merged),
    /// The way is not there.
    None,
}

impl Walk {
    fn new(way: Way) -> Self {
        Self {
            way,
            positions: Positions::NotBegun,
            documents: Vec::new(),
            last: None,
        }
    }

    /// Looks at up to `turn` documents; the page, if that was enough.
    fn go_on(
        &mut self,
        connection: &Connection,
        (account, query, filter): Ask<'_>,
        turn: usize,
    ) -> Result<Option<ListPage>, StoreError> {
        if let Positions::NotBegun = self.positions {
            let streams = self.way.streams(connection, account, query, filter)?;
            self.positions = match streams {
                Some(streams) => Positions::Here(Merged::new(connection, streams)?),
                None => Positions::None,
            };
        }
        let Positions::Here(positions) = &mut self.positions else {
            return Ok(None);
        };
        for _ in 0..turn {
            let Some(position) = positions.next(connection)? else {
                return Ok(Some(self.arrive(None)));
            };
            let Some(document) = document(connection, filter, position)? else {
                continue;
            };
            if self.documents.len() == query.limit {
                let next = self.last.map(Cursor);
                return Ok(Some(self.arrive(next)));
            }
            self.documents.push(document);
            self.last = Some(position);
        }
        Ok(None)
    }

    fn arrive(&mut self, next: Option<Cursor>) -> ListPage {
        ListPage {
            documents: std::mem::take(&mut self.documents),
            next,
        }
    }
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
