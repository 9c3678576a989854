//! Reading documents, their bytes and their events.

use rusqlite::{Connection, params};

use super::rows::{self, document_columns, many, one};
use crate::{AccountId, BlobPart, Document, DocumentId, Event, StoreError, UnixMillis};

pub(super) fn of_account(
    connection: &Connection,
    account: AccountId,
    id: DocumentId,
) -> Result<Option<Document>, StoreError> {
    let sql = concat!(
        "SELECT ",
        document_columns!(),
        " FROM document WHERE id = ?1 AND account = ?2"
    );
    one(connection, sql, params![id.0, account.0], rows::document)
}

pub(super) fn by_id(
    connection: &Connection,
    id: DocumentId,
) -> Result<Option<Document>, StoreError> {
    let sql = concat!(
        "SELECT ",
        document_columns!(),
        " FROM document WHERE id = ?1"
    );
    one(connection, sql, [id.0], rows::document)
}

pub(super) fn blob(
    connection: &Connection,
    id: DocumentId,
    revision: u32,
    part: BlobPart,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT codec, data FROM blob
         JOIN document ON document.document_id = blob.document
         WHERE document.id = ?1 AND blob.revision = ?2 AND part = ?3";
    let key = params![id.0, revision, part as u8];
    Ok(one(connection, sql, key, |row| rows::blob(id, row))?.flatten())
}

pub(super) fn events(
    connection: &Connection,
    account: AccountId,
    id: DocumentId,
) -> Result<Vec<Event>, StoreError> {
    let sql = "SELECT ordinal, event.revision, event.stage, kind, at, detail, codec, evidence
         FROM document JOIN event ON event.document = document.document_id
         WHERE document.id = ?1 AND document.account = ?2 ORDER BY ordinal";
    many(connection, sql, params![id.0, account.0], |row| {
        rows::event(id, row)
    })
}

/// A document's `updated_at` is the time of its newest event.
pub(super) fn newest_change(connection: &Connection) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT max(updated_at) FROM
         (SELECT updated_at FROM document ORDER BY document_id DESC LIMIT 100)";
    let newest = one(connection, sql, [], |row| Ok(row.get::<_, Option<i64>>(0)?))?;
    Ok(newest.flatten().map(UnixMillis))
}
