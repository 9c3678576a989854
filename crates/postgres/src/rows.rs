//! Rows to values. What cannot be read back names its row and column.

use serde::de::DeserializeOwned;
use tagua_fiscal::{DocumentType, Environment, Sequential, Series};
use tagua_store::{
    Account, AccountId, Certificate, CertificateId, Document, DocumentId, Event, IdempotentAnswer,
    Issuer, IssuerId, ListedDocument, SeriesKey, Stage, StoreError, UnixMillis,
};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

/// The codec of bytes kept as they are.
pub(crate) const PLAIN: i16 = 0;

pub(crate) fn environment_number(environment: Environment) -> i16 {
    match environment {
        Environment::Test => 1,
        Environment::Production => 2,
    }
}

/// A number of the model in a column of PostgreSQL, which has no unsigned ones.
pub(crate) fn int4(number: u32) -> Result<i32, StoreError> {
    i32::try_from(number).map_err(|_| StoreError::Refused {
        what: format!("the number {number} is too large"),
    })
}

/// Columns `account_id, name, sandbox`.
pub(crate) fn account(row: &Row) -> Result<Account, StoreError> {
    let columns = Columns::new(row, "account");
    Ok(Account {
        id: AccountId(columns.get(0)?),
        name: columns.get(1)?,
        sandbox: columns.get(2)?,
    })
}

/// Columns `issuer_id, account, ruc, code_secret, settings`.
pub(crate) fn issuer(row: &Row) -> Result<Issuer, StoreError> {
    let columns = Columns::new(row, "issuer");
    Ok(Issuer {
        id: IssuerId(columns.get(0)?),
        account: AccountId(columns.get(1)?),
        ruc: columns.text(2, |text| text.parse().ok())?,
        code_secret: columns.bytes(3)?,
        settings: columns.get(4)?,
    })
}

/// Columns `certificate_id, issuer, p12, sha256, sandbox, not_after`.
pub(crate) fn certificate(row: &Row) -> Result<Certificate, StoreError> {
    let columns = Columns::new(row, "certificate");
    Ok(Certificate {
        id: CertificateId(columns.get(0)?),
        issuer: IssuerId(columns.get(1)?),
        p12: columns.get(2)?,
        sha256: columns.bytes(3)?,
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
        \"authorization\", external_id, created_at, updated_at"
    };
}
pub(crate) use document_columns;

pub(crate) fn document(row: &Row) -> Result<Document, StoreError> {
    let columns = Columns::new(row, "document");
    Ok(Document {
        id: DocumentId(columns.bytes(0)?),
        account: AccountId(columns.get(1)?),
        issuer: IssuerId(columns.get(2)?),
        environment: columns.environment(3)?,
        document_type: columns.text(4, DocumentType::from_code)?,
        series: columns.series(5)?,
        sequential: columns.sequential(7)?,
        access_key: columns.text(8, |text| text.parse().ok())?,
        schema_version: columns.get(9)?,
        revision: columns.number(10)?,
        stage: columns.stage(11)?,
        version: columns.number(12)?,
        submissions: columns.number(13)?,
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

/// Columns of a claimed job after those of its document: `attempt, run_at`.
pub(crate) fn lease(row: &Row) -> Result<(u32, UnixMillis), StoreError> {
    let columns = Columns::new(row, "job");
    Ok((columns.number(23)?, UnixMillis(columns.get(24)?)))
}

/// What [`listed`] reads, to be put after `SELECT` by [`concat!`].
macro_rules! listed_columns {
    () => {
        "id, issuer, environment, document_type, establishment, point, sequential, access_key, \
        schema_version, stage, valid, issue_date, receiver_id, receiver_name, total, external_id, \
        created_at, updated_at, position"
    };
}
pub(crate) use listed_columns;

/// The document and its position.
pub(crate) fn listed(row: &Row) -> Result<(ListedDocument, i64), StoreError> {
    let columns = Columns::new(row, "document");
    let listed = ListedDocument {
        id: DocumentId(columns.bytes(0)?),
        issuer: IssuerId(columns.get(1)?),
        environment: columns.environment(2)?,
        document_type: columns.text(3, DocumentType::from_code)?,
        series: columns.series(4)?,
        sequential: columns.sequential(6)?,
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
    };
    Ok((listed, columns.get(18)?))
}

/// Columns `environment, document_type, establishment, point`.
pub(crate) fn series_key(
    account: AccountId,
    issuer: IssuerId,
    row: &Row,
) -> Result<SeriesKey, StoreError> {
    let columns = Columns::new(row, "series");
    Ok(SeriesKey {
        account,
        issuer,
        environment: columns.environment(0)?,
        document_type: columns.text(1, DocumentType::from_code)?,
        series: columns.series(2)?,
    })
}

/// Columns `fingerprint, answer, id`.
pub(crate) fn idempotent_answer(row: &Row) -> Result<IdempotentAnswer, StoreError> {
    let columns = Columns::new(row, "idempotent answer");
    Ok(IdempotentAnswer {
        fingerprint: columns.bytes(0)?,
        answer: columns.get(1)?,
        document: DocumentId(columns.bytes(2)?),
    })
}

/// Columns `ordinal, revision, stage, kind, at, detail, codec, evidence`.
pub(crate) fn event(row: &Row) -> Result<Event, StoreError> {
    let columns = Columns::new(row, "event");
    Ok(Event {
        ordinal: columns.number(0)?,
        revision: columns.number(1)?,
        stage: columns.stage(2)?,
        kind: columns.get(3)?,
        at: UnixMillis(columns.get(4)?),
        detail: columns.get(5)?,
        evidence: columns.plain(6, 7)?,
    })
}

/// Bytes of a blob: columns codec and data.
pub(crate) fn blob(row: &Row) -> Result<Option<Vec<u8>>, StoreError> {
    Columns::new(row, "bytes").plain(0, 1)
}

/// The only column: `id`.
pub(crate) fn id(row: &Row) -> Result<DocumentId, StoreError> {
    Columns::new(row, "document").bytes(0).map(DocumentId)
}

/// A column of any plain type.
pub(crate) fn value<T: for<'a> FromSql<'a>>(row: &Row, column: usize) -> Result<T, StoreError> {
    Columns::new(row, "row").get(column)
}

/// A number that cannot be negative.
pub(crate) fn number(row: &Row, column: usize) -> Result<u32, StoreError> {
    Columns::new(row, "row").number(column)
}

/// A row with the name it goes by in a complaint.
struct Columns<'a> {
    row: &'a Row,
    of: &'static str,
}

impl<'a> Columns<'a> {
    const fn new(row: &'a Row, of: &'static str) -> Self {
        Self { row, of }
    }

    fn get<T: for<'r> FromSql<'r>>(&self, column: usize) -> Result<T, StoreError> {
        let value = self.row.try_get(column);
        value.map_err(|error| self.corrupt(column, &error.to_string()))
    }

    fn bytes<const N: usize>(&self, column: usize) -> Result<[u8; N], StoreError> {
        let bytes: Vec<u8> = self.get(column)?;
        let bytes = bytes.try_into();
        bytes.map_err(|_| self.corrupt(column, "of another length"))
    }

    fn text<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text: String = self.get(column)?;
        read(&text).ok_or_else(|| self.corrupt(column, "not what it should be"))
    }

    fn number(&self, column: usize) -> Result<u32, StoreError> {
        let number: i32 = self.get(column)?;
        u32::try_from(number).map_err(|_| self.corrupt(column, "out of range"))
    }

    fn sequential(&self, column: usize) -> Result<Sequential, StoreError> {
        let number = Sequential::new(self.number(column)?);
        number.map_err(|_| self.corrupt(column, "out of range"))
    }

    fn environment(&self, column: usize) -> Result<Environment, StoreError> {
        match self.get::<i16>(column)? {
            1 => Ok(Environment::Test),
            2 => Ok(Environment::Production),
            _ => Err(self.corrupt(column, "out of range")),
        }
    }

    /// Establishment, and the point in the column after it.
    fn series(&self, column: usize) -> Result<Series, StoreError> {
        Ok(Series {
            establishment: self.text(column, |text| text.parse().ok())?,
            point: self.text(column + 1, |text| text.parse().ok())?,
        })
    }

    fn stage(&self, column: usize) -> Result<Stage, StoreError> {
        let number = u8::try_from(self.get::<i16>(column)?).ok();
        number
            .and_then(Stage::from_number)
            .ok_or_else(|| self.corrupt(column, "out of range"))
    }

    fn json<T: DeserializeOwned>(&self, column: usize) -> Result<Option<T>, StoreError> {
        let text: Option<String> = self.get(column)?;
        let read = |text: String| {
            serde_json::from_str(&text).map_err(|error| self.corrupt(column, &error.to_string()))
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
        let name = self.row.columns().get(column).map_or("?", |c| c.name());
        StoreError::Corrupt {
            what: format!("{} in column {name}: {why}", self.of),
        }
    }
}
