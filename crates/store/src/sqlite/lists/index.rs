//! What lists walk, kept beside the documents and filled after they were
//! accepted, because it costs more than the acceptance.

use rusqlite::{Connection, Params, Row, params};

use super::super::rows::{execute, many, one};
use crate::StoreError;
use crate::words::Searched;

/// Documents taken in by one operation of the writer.
pub(in super::super) const INDEXED_AT_ONCE: usize = 128;

/// What the indexes hold of a document.
struct Indexed {
    row: i64,
    account: i64,
    issuer: i64,
    receiver_id: String,
    environment: u8,
    document_type: String,
    schema_version: String,
    establishment: String,
    point: String,
    sequential: i64,
    position: i64,
    words: String,
}

macro_rules! indexed_columns {
    () => {
        "document_id, account, receiver_id, environment, document_type, position, receiver_name, \
        establishment, point, sequential, external_id, issuer, schema_version"
    };
}

/// Takes in up to `limit` of the documents accepted first; answers how many.
pub(in super::super) fn index(connection: &Connection, limit: usize) -> Result<usize, StoreError> {
    let sql = concat!(
        "SELECT ",
        indexed_columns!(),
        " FROM document WHERE document_id > ?1 ORDER BY document_id LIMIT ?2"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let from = indexed_to(connection)?;
    let mut found = many(connection, sql, params![from, limit], read)?;
    let Some(last) = found.last().map(|last| last.row) else {
        return Ok(0);
    };
    // In any other order the engine writes out what it gathered each time.
    found.sort_unstable_by_key(|indexed| indexed.position);
    for indexed in &found {
        add(connection, indexed)?;
    }
    execute(
        connection,
        "UPDATE search_progress SET indexed_to = ?1",
        [last],
    )?;
    Ok(found.len())
}

/// The last row that was taken in.
pub(super) fn indexed_to(connection: &Connection) -> Result<i64, StoreError> {
    let sql = "SELECT indexed_to FROM search_progress";
    let row = one(connection, sql, [], |row| Ok(row.get(0)?))?;
    row.ok_or_else(|| StoreError::Corrupt {
        what: "search_progress is empty".to_owned(),
    })
}

/// Before a change of what is searched.
pub(in super::super) fn forget(connection: &Connection, row: i64) -> Result<(), StoreError> {
    let Some(old) = taken_in(connection, row)? else {
        return Ok(());
    };
    execute(
        connection,
        "DELETE FROM account_position WHERE account = ?1 AND environment = ?2
             AND document_type = ?3 AND schema_version = ?4 AND position = ?5",
        old.of_account(),
    )?;
    execute(
        connection,
        "DELETE FROM issuer_position WHERE issuer = ?1 AND environment = ?2
             AND document_type = ?3 AND schema_version = ?4 AND establishment = ?5 AND point = ?6
             AND position = ?7 AND sequential = ?8",
        old.of_issuer(),
    )?;
    execute(
        connection,
        "DELETE FROM number_position WHERE account = ?1 AND document_type = ?2
             AND sequential = ?3 AND position = ?4",
        old.of_number(),
    )?;
    execute(
        connection,
        "DELETE FROM receiver_position WHERE account = ?1 AND receiver_id = ?2
             AND environment = ?3 AND document_type = ?4 AND position = ?5",
        old.of_receiver(),
    )?;
    let sql = "DELETE FROM document_words WHERE rowid = ?1";
    execute(connection, sql, [old.position]).map(drop)
}

/// After a change of what is searched.
pub(in super::super) fn remember(connection: &Connection, row: i64) -> Result<(), StoreError> {
    match taken_in(connection, row)? {
        Some(new) => add(connection, &new),
        None => Ok(()),
    }
}

/// The document, where the indexes have come as far as it.
fn taken_in(connection: &Connection, row: i64) -> Result<Option<Indexed>, StoreError> {
    let sql = concat!(
        "SELECT ",
        indexed_columns!(),
        " FROM document WHERE document_id = ?1
             AND document_id <= (SELECT indexed_to FROM search_progress)"
    );
    one(connection, sql, [row], read)
}

fn add(connection: &Connection, new: &Indexed) -> Result<(), StoreError> {
    let sql = "INSERT INTO account_position VALUES (?1, ?2, ?3, ?4, ?5)";
    execute(connection, sql, new.of_account())?;
    let sql = "INSERT INTO issuer_position VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    execute(connection, sql, new.of_issuer())?;
    let sql = "INSERT INTO number_position VALUES (?1, ?2, ?3, ?4)";
    execute(connection, sql, new.of_number())?;
    let sql = "INSERT INTO receiver_position VALUES (?1, ?2, ?3, ?4, ?5)";
    execute(connection, sql, new.of_receiver())?;
    let sql = "INSERT INTO document_words (rowid, words) VALUES (?1, ?2)";
    execute(connection, sql, params![new.position, new.words]).map(drop)
}

/// The columns of each table, in their order.
impl Indexed {
    fn of_account(&self) -> impl Params + '_ {
        let (kind, version) = (&self.document_type, &self.schema_version);
        (self.account, self.environment, kind, version, self.position)
    }

    fn of_issuer(&self) -> impl Params + '_ {
        (
            self.issuer,
            self.environment,
            &self.document_type,
            &self.schema_version,
            &self.establishment,
            &self.point,
            self.position,
            self.sequential,
        )
    }

    fn of_number(&self) -> impl Params + '_ {
        let kind = &self.document_type;
        (self.account, kind, self.sequential, self.position)
    }

    fn of_receiver(&self) -> impl Params + '_ {
        let (receiver, kind) = (&self.receiver_id, &self.document_type);
        (
            self.account,
            receiver,
            self.environment,
            kind,
            self.position,
        )
    }
}

fn read(row: &Row<'_>) -> Result<Indexed, StoreError> {
    let receiver_id: String = row.get(2)?;
    let text = |column| Ok::<_, StoreError>(row.get_ref(column)?.as_str().unwrap_or_default());
    let words = Searched {
        receiver_id: &receiver_id,
        receiver_name: text(6)?,
        establishment: text(7)?,
        point: text(8)?,
        sequential: row.get::<_, u32>(9).unwrap_or_default(),
        external_id: Some(text(10)?),
    };
    let words = words.words().join(" ");
    Ok(Indexed {
        row: row.get(0)?,
        account: row.get(1)?,
        environment: row.get(3)?,
        document_type: row.get(4)?,
        position: row.get(5)?,
        establishment: row.get(7)?,
        point: row.get(8)?,
        sequential: row.get(9)?,
        issuer: row.get(11)?,
        schema_version: row.get(12)?,
        receiver_id,
        words,
    })
}
