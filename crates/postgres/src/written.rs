//! What a change writes, as values for a statement.

use deadpool_postgres::Transaction;
use serde::Serialize;
use tagua_store::words::Searched;
use tagua_store::{BlobPart, NewDocument, NewEvent, StoreError};

use crate::error::refused;
use crate::rows::{PLAIN, environment_number, int4};
use crate::session::{Value, execute};

/// Evidence beyond it is cut; the full length is kept beside it.
const EVIDENCE_MAX: usize = 64 * 1024;

/// The columns of a document that an acceptance and a revision write alike.
pub(crate) struct Content<'a> {
    new: &'a NewDocument,
    id: &'a [u8],
    environment: i16,
    document_type: &'static str,
    establishment: &'a str,
    point: &'a str,
    sequential: i32,
    access_key: &'a str,
    stage: i16,
    reception: Option<String>,
    words: Vec<String>,
    events: i32,
}

impl<'a> Content<'a> {
    pub(crate) fn of(new: &'a NewDocument) -> Result<Self, StoreError> {
        let searched = Searched {
            receiver_id: &new.receiver_id,
            receiver_name: &new.receiver_name,
            establishment: new.series.establishment.as_str(),
            point: new.series.point.as_str(),
            sequential: new.sequential.get(),
            external_id: new.external_id.as_deref(),
        };
        Ok(Self {
            new,
            id: &new.id.0,
            environment: environment_number(new.environment),
            document_type: new.document_type.code(),
            establishment: new.series.establishment.as_str(),
            point: new.series.point.as_str(),
            sequential: int4(new.sequential.get())?,
            access_key: new.access_key.as_str(),
            stage: i16::from(new.stage as u8),
            reception: json(new.reception.as_ref())?,
            words: searched.words(),
            events: count(&new.events)?,
        })
    }

    /// `$1` to `$21`.
    pub(crate) fn values(&self) -> Vec<Value<'_>> {
        let new = self.new;
        vec![
            &self.id,
            &new.issuer.0,
            &self.environment,
            &self.document_type,
            &self.establishment,
            &self.point,
            &self.sequential,
            &self.access_key,
            &new.schema_version,
            &self.stage,
            &new.valid,
            &new.signature_error,
            &self.reception,
            &new.issue_date,
            &new.receiver_id,
            &new.receiver_name,
            &new.total,
            &new.external_id,
            &self.words,
            &self.events,
            &new.at.0,
        ]
    }
}

/// Where bytes and events of a change go.
pub(crate) struct Place {
    pub(crate) row: i64,
    pub(crate) revision: i32,
    /// The stage after the change.
    pub(crate) stage: i16,
    /// Events before the change.
    pub(crate) events: i32,
}

/// Bytes of a change, as arrays.
pub(crate) struct Parts<'a> {
    pub(crate) numbers: Vec<i16>,
    pub(crate) bytes: Vec<&'a [u8]>,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(blobs: &'a [(BlobPart, Vec<u8>)]) -> Self {
        Self {
            numbers: blobs
                .iter()
                .map(|(part, _)| i16::from(*part as u8))
                .collect(),
            bytes: blobs.iter().map(|(_, bytes)| bytes.as_slice()).collect(),
        }
    }
}

/// Events of a change, as arrays.
pub(crate) struct Events<'a> {
    pub(crate) kinds: Vec<&'a str>,
    pub(crate) at: Vec<i64>,
    pub(crate) details: Vec<&'a str>,
    pub(crate) evidence: Vec<Option<&'a [u8]>>,
    pub(crate) lengths: Vec<Option<i64>>,
}

impl<'a> Events<'a> {
    pub(crate) fn of(events: &'a [NewEvent]) -> Result<Self, StoreError> {
        let evidence = |event: &'a NewEvent| event.evidence.as_deref();
        let cut = |bytes: &'a [u8]| bytes.get(..EVIDENCE_MAX).unwrap_or(bytes);
        let lengths = events
            .iter()
            .map(|event| evidence(event).map(length).transpose());
        Ok(Self {
            kinds: events.iter().map(|event| event.kind).collect(),
            at: events.iter().map(|event| event.at.0).collect(),
            details: events.iter().map(|event| event.detail.as_str()).collect(),
            evidence: events
                .iter()
                .map(|event| evidence(event).map(cut))
                .collect(),
            lengths: lengths.collect::<Result<_, _>>()?,
        })
    }
}

pub(crate) async fn add_blobs(
    transaction: &Transaction<'_>,
    place: &Place,
    blobs: &[(BlobPart, Vec<u8>)],
) -> Result<(), StoreError> {
    if blobs.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO blob (document, revision, part, codec, data)
         SELECT $1, $2, part, $3, data
         FROM unnest($4::smallint[], $5::bytea[]) AS given (part, data)";
    let parts = Parts::of(blobs);
    let values: [Value<'_>; 5] = [
        &place.row,
        &place.revision,
        &PLAIN,
        &parts.numbers,
        &parts.bytes,
    ];
    execute(transaction, sql, &values).await.map(drop)
}

pub(crate) async fn add_events(
    transaction: &Transaction<'_>,
    place: &Place,
    events: &[NewEvent],
) -> Result<(), StoreError> {
    let sql = "INSERT INTO event (document, ordinal, revision, stage, kind, at, detail, codec,
             evidence, evidence_length)
         SELECT $1, $2::int + ordinal, $3, $4, kind, at, detail, $5, evidence, length
         FROM unnest($6::text[], $7::bigint[], $8::text[], $9::bytea[], $10::bigint[])
             WITH ORDINALITY AS given (kind, at, detail, evidence, length, ordinal)";
    let events = Events::of(events)?;
    let values: [Value<'_>; 10] = [
        &place.row,
        &place.events,
        &place.revision,
        &place.stage,
        &PLAIN,
        &events.kinds,
        &events.at,
        &events.details,
        &events.evidence,
        &events.lengths,
    ];
    execute(transaction, sql, &values).await.map(drop)
}

pub(crate) fn json<T: Serialize>(value: Option<&T>) -> Result<Option<String>, StoreError> {
    let text = value.map(serde_json::to_string).transpose();
    text.map_err(|error| refused(format!("not representable as JSON: {error}")))
}

fn count<T>(items: &[T]) -> Result<i32, StoreError> {
    i32::try_from(items.len()).map_err(|_| refused("too many at once"))
}

fn length(bytes: &[u8]) -> Result<i64, StoreError> {
    i64::try_from(bytes.len()).map_err(|_| refused("too many bytes"))
}
