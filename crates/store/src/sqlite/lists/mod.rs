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
mod position;
mod streams;
mod ways;

use std::error::Error;

use rusqlite::Connection;

use self::filter::Filter;
pub(super) use self::index::{INDEXED_AT_ONCE, forget, index, remember};
pub(super) use self::position::position;
use self::streams::Merged;
use self::ways::Way;
use crate::{AccountId, Cursor, ListPage, ListQuery, ListedDocument, StoreError};

/// Documents looked at in the first turn, and how turns grow.
const FIRST_TURN: usize = 256;
const TURN_GROWS_BY: usize = 2;
/// The turn in which the ways begin that read much before their first document.
const COSTLY_TURN: usize = 2048;

pub(super) fn page(
    connection: &Connection,
    account: AccountId,
    query: &ListQuery,
) -> Result<ListPage, StoreError> {
    // What is read in several statements is of one moment.
    let moment = connection.unchecked_transaction()?;
    let filter = Filter::new(account, query)?;
    let ways = Way::all(query, &filter);
    let page = take_turns(connection, (account, query, &filter), ways)?;
    moment.finish()?;
    Ok(page)
}

/// The page of the way that arrives first.
fn take_turns(
    connection: &Connection,
    ask: Ask<'_>,
    ways: Vec<Way>,
) -> Result<ListPage, StoreError> {
    let mut walks: Vec<_> = ways.into_iter().map(Walk::new).collect();
    let mut turn = FIRST_TURN;
    while !walks.is_empty() {
        for walk in &mut walks {
            if turn < COSTLY_TURN && walk.way.is_costly_to_begin() {
                continue;
            }
            if let Some(page) = walk.go_on(connection, ask, turn)? {
                return Ok(page);
            }
        }
        walks.retain(|walk| !matches!(walk.positions, Positions::None));
        turn = turn.saturating_mul(TURN_GROWS_BY);
    }
    Err(StoreError::Refused {
        what: "a list that no index leads to".to_owned(),
    })
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tagua_fiscal::{DocumentType, Environment, Sequential};

    use super::super::{accounts, changes, migrations};
    use super::*;
    use crate::{
        Acceptance, DocumentId, Issuer, NewAccount, NewDocument, NewIssuer, NewRevision, NextJob,
        Stage, UnixMillis,
    };

    const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

    /// The suite of all engines is content with the first way that arrives.
    #[test]
    fn every_way_leads_to_the_same_page() {
        let (connection, issuer) = stored();
        let mut walked: BTreeMap<String, usize> = BTreeMap::new();
        for indexed in [0, 40, 200] {
            index(&connection, indexed).unwrap();
            // Of what is taken in and of what is not.
            for number in [4, 31, 100, 199] {
                revise(&connection, &issuer, number);
            }
            for query in queries(&issuer) {
                let filter = Filter::new(issuer.account, &query).unwrap();
                let ask = (issuer.account, &query, &filter);
                let expected = take_turns(&connection, ask, vec![Way::Account]).unwrap();
                assert!(!expected.documents.is_empty(), "{query:?}");
                for way in Way::all(&query, &filter) {
                    let page = take_turns(&connection, ask, vec![way]).unwrap();
                    assert_eq!(page, expected, "{way:?}: {query:?}");
                    *walked.entry(format!("{way:?}")).or_default() += 1;
                }
            }
        }
        assert_eq!(walked.len(), 10, "{walked:?}");
    }

    fn stored() -> (Connection, Issuer) {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::migrate(&mut connection).unwrap();
        let account = NewAccount {
            name: "una".into(),
            sandbox: false,
            at: NOW,
        };
        let account = accounts::create(&connection, &account).unwrap();
        let issuer = NewIssuer {
            account: account.id,
            ruc: "1790011674001".parse().unwrap(),
            code_secret: [7; 32],
            at: NOW,
        };
        let issuer = accounts::put_issuer(&connection, &issuer).unwrap();
        for number in 1..=200 {
            changes::accept(&connection, &document(&issuer, number)).unwrap();
        }
        (connection, issuer)
    }

    /// Everything that lists go by becomes what another document has, and at the
    /// second time what the first one had.
    fn revise(connection: &Connection, issuer: &Issuer, number: u32) {
        let sql = "SELECT version FROM document WHERE id = ?1";
        let id = document(issuer, number).id;
        let version = connection.query_row(sql, [id.0], |row| row.get(0)).unwrap();
        let other = match version % 2 {
            0 => number + 1000,
            _ => number,
        };
        let revision = NewRevision {
            document: NewDocument {
                id,
                ..document(issuer, other)
            },
            expected_version: version,
        };
        let revised = changes::revise(connection, &revision).unwrap();
        assert_eq!(revised, Acceptance::Stored);
        let rows = "SELECT count(*) FROM account_position
             UNION ALL SELECT count(*) FROM issuer_position
             UNION ALL SELECT count(*) FROM number_position
             UNION ALL SELECT count(*) FROM receiver_position
             UNION ALL SELECT indexed_to FROM search_progress";
        let mut statement = connection.prepare(rows).unwrap();
        let counts = statement.query_map([], |row| row.get(0)).unwrap();
        let counts: Vec<u32> = counts.collect::<Result<_, _>>().unwrap();
        assert!(
            counts.iter().all(|count| Some(count) == counts.last()),
            "{counts:?}"
        );
    }

    fn document(issuer: &Issuer, number: u32) -> NewDocument {
        let series = ["001-001", "001-002", "002-001"][number as usize % 3];
        let parts = tagua_fiscal::AccessKeyParts {
            date: jiff::civil::date(2026, 11, 20),
            document_type: DocumentType::Invoice,
            ruc: issuer.ruc,
            environment: Environment::Test,
            series: series.parse().unwrap(),
            sequential: Sequential::new(number).unwrap(),
            numeric_code: number,
            emission_type: 1,
        };
        NewDocument {
            id: DocumentId(u128::from(number).to_be_bytes()),
            account: issuer.account,
            issuer: issuer.id,
            environment: parts.environment,
            document_type: parts.document_type,
            series: parts.series,
            sequential: parts.sequential,
            access_key: parts.key(),
            schema_version: ["1.1.0", "2.1.0"][number as usize / 2 % 2].into(),
            issue_date: format!("2026-11-{:02}", 1 + number * 7 % 5),
            receiver_id: format!("09123456{}", 70 + number % 5),
            receiver_name: ["Fernanda Vera", "Fernando Tene"][number as usize % 2].into(),
            total: "1.00".into(),
            external_id: number.is_multiple_of(4).then(|| "Pedido".into()),
            payment_due: None,
            idempotency: None,
            valid: true,
            stage: [Stage::Signed, Stage::Returned, Stage::Created][number as usize / 3 % 3],
            signature_error: None,
            reception: None,
            blobs: Vec::new(),
            events: Vec::new(),
            job: NextJob::Done,
            at: NOW,
        }
    }

    fn queries(issuer: &Issuer) -> Vec<ListQuery> {
        let asked = |set: &dyn Fn(&mut ListQuery)| {
            let mut query = ListQuery {
                limit: 20,
                ..ListQuery::default()
            };
            set(&mut query);
            query
        };
        let number = |number| Some(Sequential::new(number).unwrap());
        vec![
            asked(&|_| ()),
            asked(&|q| q.issuer = Some(issuer.id)),
            asked(&|q| q.series = Some("002-001".parse().unwrap())),
            asked(&|q| q.stages = vec![Stage::Signed, Stage::Returned]),
            asked(&|q| q.receiver_id = Some("0912345671".into())),
            asked(&|q| q.text = Some("fernanda 091234567".into())),
            asked(&|q| {
                (q.receiver_id, q.text) = (Some("0912345671".into()), Some("f".into()));
            }),
            asked(&|q| q.external_id = Some("Pedido".into())),
            asked(&|q| q.access_key = Some(document(issuer, 7).access_key)),
            asked(&|q| (q.sequential_from, q.sequential_to) = (number(20), number(90))),
            asked(&|q| {
                (q.issuer, q.sequential_from) = (Some(issuer.id), number(20));
                q.stages = vec![Stage::Created, Stage::Signed];
                q.text = Some("fernando 0912345".into());
                q.issued_to = Some("2026-11-04".into());
            }),
        ]
    }
}
