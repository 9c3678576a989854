//! Reading documents, their bytes and their events.

use tagua_store::{AccountId, BlobPart, Document, DocumentId, Event, StoreError, UnixMillis};

use crate::rows::{self, document_columns, int4};
use crate::session::Session;

pub(crate) async fn of_account(
    session: &Session,
    account: AccountId,
    id: DocumentId,
) -> Result<Option<Document>, StoreError> {
    let sql = concat!(
        "SELECT ",
        document_columns!(),
        " FROM document WHERE id = $1 AND account = $2"
    );
    let row = session.one(sql, &[&id.0.as_slice(), &account.0]).await?;
    row.as_ref().map(rows::document).transpose()
}

pub(crate) async fn by_id(
    session: &Session,
    id: DocumentId,
) -> Result<Option<Document>, StoreError> {
    let sql = concat!(
        "SELECT ",
        document_columns!(),
        " FROM document WHERE id = $1"
    );
    let row = session.one(sql, &[&id.0.as_slice()]).await?;
    row.as_ref().map(rows::document).transpose()
}

pub(crate) async fn blob(
    session: &Session,
    id: DocumentId,
    revision: u32,
    part: BlobPart,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT codec, data FROM blob
         JOIN document ON document.document_id = blob.document
         WHERE document.id = $1 AND blob.revision = $2 AND part = $3";
    let (revision, part) = (int4(revision)?, i16::from(part as u8));
    let row = session
        .one(sql, &[&id.0.as_slice(), &revision, &part])
        .await?;
    Ok(row.as_ref().map(rows::blob).transpose()?.flatten())
}

pub(crate) async fn events(
    session: &Session,
    account: AccountId,
    id: DocumentId,
) -> Result<Vec<Event>, StoreError> {
    let sql = "SELECT ordinal, event.revision, event.stage, kind, at, detail, codec, evidence
         FROM document JOIN event ON event.document = document.document_id
         WHERE document.id = $1 AND document.account = $2 ORDER BY ordinal";
    session
        .many(sql, &[&id.0.as_slice(), &account.0], rows::event)
        .await
}

/// A document's `updated_at` is the time of its newest event.
pub(crate) async fn newest_change(session: &Session) -> Result<Option<UnixMillis>, StoreError> {
    let sql = "SELECT max(updated_at) FROM
         (SELECT updated_at FROM document ORDER BY document_id DESC LIMIT 100) AS newest";
    let row = session.one(sql, &[]).await?;
    let newest = row.map(|row| rows::value::<Option<i64>>(&row, 0));
    Ok(newest.transpose()?.flatten().map(UnixMillis))
}
