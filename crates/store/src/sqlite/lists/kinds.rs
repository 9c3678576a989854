//! What documents are told apart by in the indexes of lists. Each kind is one
//! place of the index, in which the documents come in the order of the list.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::super::rows::{environment_number, one};
use super::streams::{Stream, Window};
use crate::{ListQuery, StoreError};

/// An index that begins with an owner (the account or the issuer, and perhaps
/// the stage), goes on with the columns of a kind, and ends in the position.
pub(super) struct KindIndex {
    /// The first kind of the owner after a kind: one step in the index,
    /// whatever the number of documents.
    after: &'static str,
    /// What [`Stream::new`] asks for, of an owner and a kind.
    positions: &'static str,
    /// Columns of a kind: the first so many of [`Wanted`].
    width: usize,
}

macro_rules! kind_index {
    ($width:literal, $from:literal, $owner:literal, $kind:literal,
        $last:literal, $place:literal) => {
        KindIndex {
            after: concat!(
                "SELECT ",
                $kind,
                " FROM ",
                $from,
                " WHERE ",
                $owner,
                // Ends in the last position there could be, because the engine
                // begins at what is equal and would pass over every document.
                " AND (",
                $kind,
                ", position) > (",
                $last,
                ", 9223372036854775807) ORDER BY ",
                $kind,
                " LIMIT 1"
            ),
            positions: concat!(
                "SELECT position FROM ",
                $from,
                " WHERE ",
                $place,
                " AND position >= ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3"
            ),
            width: $width,
        }
    };
}

/// Owner: the account. As far as the documents are taken in.
pub(super) const OF_ACCOUNT: KindIndex = kind_index!(
    3,
    "account_position",
    "account = ?1",
    "environment, document_type, schema_version",
    "?2, ?3, ?4",
    "account = ?4 AND environment = ?5 AND document_type = ?6 AND schema_version = ?7"
);

/// Owner: the issuer. As far as the documents are taken in.
pub(super) const OF_ISSUER: KindIndex = kind_index!(
    5,
    "issuer_position",
    "issuer = ?1",
    "environment, document_type, schema_version, establishment, point",
    "?2, ?3, ?4, ?5, ?6",
    "issuer = ?4 AND environment = ?5 AND document_type = ?6 AND schema_version = ?7
         AND establishment = ?8 AND point = ?9"
);

/// [`OF_ISSUER`], with the smallest and the greatest number after the kind:
/// looks at numbers without looking at documents.
pub(super) const NUMBERS_OF_ISSUER: KindIndex = KindIndex {
    positions: "SELECT position FROM issuer_position
         WHERE issuer = ?4 AND environment = ?5 AND document_type = ?6 AND schema_version = ?7
             AND establishment = ?8 AND point = ?9 AND position >= ?1 AND position < ?2
             AND sequential BETWEEN ?10 AND ?11
         ORDER BY position DESC LIMIT ?3",
    ..OF_ISSUER
};

/// Owner: the account and one of the stages of the index.
pub(super) const RESTING: KindIndex = kind_index!(
    3,
    "document INDEXED BY document_resting",
    "stage IN (0, 5, 7, 8) AND account = ?1 AND stage = ?2",
    "environment, document_type, schema_version",
    "?3, ?4, ?5",
    "stage IN (0, 5, 7, 8) AND account = ?4 AND stage = ?5 AND environment = ?6
         AND document_type = ?7 AND schema_version = ?8"
);

/// Owner: the issuer and one of the stages of the index.
pub(super) const RESTING_OF_ISSUER: KindIndex = kind_index!(
    3,
    "document INDEXED BY document_resting_of_issuer",
    "stage IN (0, 5, 7, 8) AND issuer = ?1 AND stage = ?2",
    "environment, document_type, schema_version",
    "?3, ?4, ?5",
    "stage IN (0, 5, 7, 8) AND issuer = ?4 AND stage = ?5 AND environment = ?6
         AND document_type = ?7 AND schema_version = ?8"
);

impl KindIndex {
    /// A stream for each kind of the owner that the query asks for; `rest` are
    /// the parameters of the positions after the kind.
    pub(super) fn streams(
        &self,
        connection: &Connection,
        (owner, rest): (&[Value], &[Value]),
        wanted: &Wanted,
        window: Window,
    ) -> Result<Vec<Stream>, StoreError> {
        let mut streams = Vec::new();
        // Before every kind.
        let mut kind: Vec<Value> = vec![Value::Integer(0)];
        kind.resize(self.width, Value::Text(String::new()));
        while let Some(next) = self.kind_after(connection, owner, &kind)? {
            if wanted.has(&next) {
                let place = owner.iter().chain(&next).chain(rest).cloned().collect();
                streams.push(Stream::new(self.positions, place, window));
            }
            kind = next;
        }
        Ok(streams)
    }

    fn kind_after(
        &self,
        connection: &Connection,
        owner: &[Value],
        kind: &[Value],
    ) -> Result<Option<Vec<Value>>, StoreError> {
        let params = params_from_iter(owner.iter().chain(kind));
        one(connection, self.after, params, |row| {
            let columns = 0..self.width;
            Ok(columns
                .map(|column| row.get(column))
                .collect::<Result<_, _>>()?)
        })
    }
}

/// What a query asks of `environment`, `document_type`, `schema_version`,
/// `establishment` and `point`.
pub(super) struct Wanted([Option<Value>; 5]);

impl Wanted {
    pub(super) fn new(query: &ListQuery) -> Self {
        let text = |text: &str| Value::Text(text.to_owned());
        let series = query.series.as_ref();
        Self([
            query
                .environment
                .map(|environment| environment_number(environment).into()),
            query.document_type.map(|kind| text(kind.code())),
            query.schema_version.as_deref().map(text),
            series.map(|series| text(series.establishment.as_str())),
            series.map(|series| text(series.point.as_str())),
        ])
    }

    fn has(&self, kind: &[Value]) -> bool {
        let agree = |(wanted, has): (&Option<Value>, &Value)| {
            wanted.as_ref().is_none_or(|wanted| wanted == has)
        };
        self.0.iter().zip(kind).all(agree)
    }
}
