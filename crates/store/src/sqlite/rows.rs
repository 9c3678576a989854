//! Rows to values. What cannot be read back names its row and column.

use rusqlite::{Connection, OptionalExtension, Params, Row, types::FromSql};
use serde::de::DeserializeOwned;
use tagua_fiscal::{DocumentType, Environment, Sequential, Series};

use crate::words::Searched;
use crate::{
    Account, AccountId, Certificate, CertificateId, Document, DocumentId, Event, IdempotentAnswer,
    Issuer, IssuerId, ListedDocument, SeriesKey, Stage, StoreError, UnixMillis,
};

/// The first row of the answer, if any.
pub(super) fn one<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement
        .query_row(params, |row| Ok(read(row)))
        .optional()?;
    found.transpose()
}

/// Every row of the answer.
pub(super) fn many<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(read(row)?);
    }
    Ok(values)
}

/// Executes one statement; answers how many rows it touched.
pub(super) fn execute(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> Result<usize, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(params)?)
}

pub(super) fn environment_number(environment: Environment) -> u8 {
    match environment {
        Environment::Test => 1,
        Environment::Production => 2,
    }
}

/// Columns `account_id, name, sandbox`.
pub(super) fn account(row: &Row<'_>) -> Result<Account, StoreError> {
    Ok(Account {
        id: AccountId(row.get(0)?),
        name: row.get(1)?,
        sandbox: row.get(2)?,
    })
}

/// Columns `issuer_id, account, ruc, code_secret, settings`.
pub(super) fn issuer(row: &Row<'_>) -> Result<Issuer, StoreError> {
    let id: i64 = row.get(0)?;
    let columns = Columns {
        row,
        of: &|| format!("issuer {id}"),
    };
    Ok(Issuer {
        id: IssuerId(id),
        account: AccountId(row.get(1)?),
        ruc: columns.text(2, |text| text.parse().ok())?,
        code_secret: columns.get(3)?,
        settings: columns.get(4)?,
    })
}

/// Columns `certificate_id, issuer, p12, sha256, sandbox, not_after`.
pub(super) fn certificate(row: &Row<'_>) -> Result<Certificate, StoreError> {
    let id: i64 = row.get(0)?;
    let columns = Columns {
        row,
        of: &|| format!("certificate {id}"),
    };
    Ok(Certificate {
        id: CertificateId(id),
        issuer: IssuerId(row.get(1)?),
        p12: columns.get(2)?,
        sha256: columns.get(3)?,
        sandbox: columns.get(4)?,
        not_after: columns.get::<Option<i64>>(5)?.map(UnixMillis),
    })
}

/// What [`document`] reads, to be put after `SELECT` by [`concat!`].
macro_rules! document_columns {
    () => {
        "id, account, issuer, environment, document_type, \
        establishment, point, sequential, access_key, schema_version, revision, stage, version, \
        submissions, last_submission_at, valid, signature_error, attention, reception, \
        authorization, external_id, created_at, updated_at"
    };
}
pub(super) use document_columns;

pub(super) fn document(row: &Row<'_>) -> Result<Document, StoreError> {
    let id = DocumentId(row.get(0)?);
    let columns = Columns {
        row,
        of: &|| format!("document {id}"),
    };
    Ok(Document {
        id,
        account: AccountId(columns.get(1)?),
        issuer: IssuerId(columns.get(2)?),
        environment: columns.environment(3)?,
        document_type: columns.text(4, DocumentType::from_code)?,
        series: columns.series(5)?,
        sequential: columns.number(7, |number| Sequential::new(number).ok())?,
        access_key: columns.text(8, |text| text.parse().ok())?,
        schema_version: columns.get(9)?,
        revision: columns.get(10)?,
        stage: columns.stage(11)?,
        version: columns.get(12)?,
        submissions: columns.get(13)?,
        last_submission_at: columns.get::<Option<i64>>(14)?.map(UnixMillis),
        valid: columns.get(15)?,
        signature_error: columns.get(16)?,
        attention: columns.get(17)?,
        reception: columns.json(18)?,
        authorization: columns.json(19)?,
        external_id: columns.get(20)?,
        created_at: UnixMillis(columns.get(21)?),
        updated_at: UnixMillis(columns.get(22)?),
    })
}

/// What [`listed`] reads, to be put after `SELECT` by [`concat!`].
macro_rules! listed_columns {
    () => {
        "id, issuer, environment, document_type, establishment, point, sequential, access_key, \
        schema_version, stage, valid, issue_date, receiver_id, receiver_name, total, external_id, \
        created_at, updated_at"
    };
}
pub(super) use listed_columns;

pub(super) fn listed(row: &Row<'_>) -> Result<ListedDocument, StoreError> {
    let id = DocumentId(row.get(0)?);
    let columns = Columns {
        row,
        of: &|| format!("document {id}"),
    };
    Ok(ListedDocument {
        id,
        issuer: IssuerId(columns.get(1)?),
        environment: columns.environment(2)?,
        document_type: columns.text(3, DocumentType::from_code)?,
        series: columns.series(4)?,
        sequential: columns.number(6, |number| Sequential::new(number).ok())?,
        access_key: columns.text(7, |text| text.parse().ok())?,
        schema_version: columns.get(8)?,
        stage: columns.stage(9)?,
        valid: columns.get(10)?,
        issue_date: columns.get(11)?,
        receiver_id: columns.get(12)?,
        receiver_name: columns.get(13)?,
        total: columns.get(14)?,
        external_id: columns.get(15)?,
        created_at: UnixMillis(columns.get(16)?),
        updated_at: UnixMillis(columns.get(17)?),
    })
}

/// What [`listed`] reads, as far as words find it. A text that is none has no
/// words.
pub(super) fn searched<'a>(row: &'a Row<'_>) -> Result<Searched<'a>, StoreError> {
    let text = |column| Ok::<_, StoreError>(row.get_ref(column)?.as_str().unwrap_or_default());
    Ok(Searched {
        receiver_id: text(12)?,
        receiver_name: text(13)?,
        establishment: text(4)?,
        point: text(5)?,
        sequential: row.get(6).unwrap_or_default(),
        external_id: Some(text(15)?),
    })
}

/// Columns `environment, document_type, establishment, point`.
pub(super) fn series_key(
    account: AccountId,
    issuer: IssuerId,
    row: &Row<'_>,
) -> Result<SeriesKey, StoreError> {
    let columns = Columns {
        row,
        of: &|| format!("a series of issuer {}", issuer.0),
    };
    Ok(SeriesKey {
        account,
        issuer,
        environment: columns.environment(0)?,
        document_type: columns.text(1, DocumentType::from_code)?,
        series: columns.series(2)?,
    })
}

/// Column `sequential` alone.
pub(super) fn sequential(row: &Row<'_>) -> Result<Sequential, StoreError> {
    let columns = Columns {
        row,
        of: &|| "a number".to_owned(),
    };
    columns.number(0, |number| Sequential::new(number).ok())
}

/// Columns `fingerprint, answer, id`.
pub(super) fn idempotent_answer(row: &Row<'_>) -> Result<IdempotentAnswer, StoreError> {
    let columns = Columns {
        row,
        of: &|| "an idempotent answer".to_owned(),
    };
    Ok(IdempotentAnswer {
        fingerprint: columns.get(0)?,
        answer: columns.get(1)?,
        document: DocumentId(columns.get(2)?),
    })
}

/// Columns `ordinal, revision, stage, kind, at, detail, codec, evidence`.
pub(super) fn event(of: DocumentId, row: &Row<'_>) -> Result<Event, StoreError> {
    let ordinal: u32 = row.get(0)?;
    let columns = Columns {
        row,
        of: &|| format!("event {ordinal} of document {of}"),
    };
    Ok(Event {
        ordinal,
        revision: columns.get(1)?,
        stage: columns.stage(2)?,
        kind: columns.get(3)?,
        at: UnixMillis(columns.get(4)?),
        detail: columns.get(5)?,
        evidence: columns.plain(6, 7)?,
    })
}

/// Bytes of a blob: columns codec and data.
pub(super) fn blob(of: DocumentId, row: &Row<'_>) -> Result<Option<Vec<u8>>, StoreError> {
    let columns = Columns {
        row,
        of: &|| format!("bytes of document {of}"),
    };
    columns.plain(0, 1)
}

/// A row with the name it goes by in a complaint.
struct Columns<'a> {
    row: &'a Row<'a>,
    of: &'a dyn Fn() -> String,
}

impl Columns<'_> {
    fn get<T: FromSql>(&self, column: usize) -> Result<T, StoreError> {
        self.row
            .get(column)
            .map_err(|error| self.corrupt(column, &error.to_string()))
    }

    fn text<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text = self.row.get_ref(column)?.as_str().ok();
        text.and_then(read)
            .ok_or_else(|| self.corrupt(column, "not what it should be"))
    }

    fn number<T>(
        &self,
        column: usize,
        read: impl FnOnce(u32) -> Option<T>,
    ) -> Result<T, StoreError> {
        read(self.get(column)?).ok_or_else(|| self.corrupt(column, "out of range"))
    }

    fn environment(&self, column: usize) -> Result<Environment, StoreError> {
        self.number(column, |number| match number {
            1 => Some(Environment::Test),
            2 => Some(Environment::Production),
            _ => None,
        })
    }

    /// Establishment, and the point in the column after it.
    fn series(&self, column: usize) -> Result<Series, StoreError> {
        Ok(Series {
            establishment: self.text(column, |text| text.parse().ok())?,
            point: self.text(column + 1, |text| text.parse().ok())?,
        })
    }

    fn stage(&self, column: usize) -> Result<Stage, StoreError> {
        self.number(column, |number| {
            Stage::from_number(u8::try_from(number).ok()?)
        })
    }

    fn json<T: DeserializeOwned>(&self, column: usize) -> Result<Option<T>, StoreError> {
        let text = self.row.get_ref(column)?.as_str_or_null();
        let text = text.map_err(|error| self.corrupt(column, &error.to_string()))?;
        let read = |text| {
            serde_json::from_str(text).map_err(|error| self.corrupt(column, &error.to_string()))
        };
        text.map(read).transpose()
    }

    fn plain(&self, codec: usize, data: usize) -> Result<Option<Vec<u8>>, StoreError> {
        match self.get(codec)? {
            PLAIN => self.get(data),
            _ => Err(self.corrupt(codec, "an unknown codec")),
        }
    }

    fn corrupt(&self, column: usize, why: &str) -> StoreError {
        let name = self.row.as_ref().column_name(column).unwrap_or("?");
        let what = format!("{}, column {name}: {why}", (self.of)());
        StoreError::Corrupt { what }
    }
}

/// The codec of bytes kept as they are.
pub(super) const PLAIN: u8 = 0;
