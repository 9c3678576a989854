//! Moving a document from stage to stage.

use deadpool_postgres::Transaction;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{StoreError, Transition, TransitionOutcome};

use crate::jobs::schedule;
use crate::rows;
use crate::session::{Session, Value, commit, one};
use crate::written::{Place, add_blobs, add_events, json};

pub(crate) async fn apply(
    session: &mut Session,
    transition: &Transition,
) -> Result<TransitionOutcome, StoreError> {
    let transaction = session.begin().await?;
    let Some((place, version)) = advance(&transaction, transition).await? else {
        return Ok(TransitionOutcome::Stale);
    };
    failpoint::hit(Failpoint::StoreApplyInside);
    let parts: Vec<i16> = transition
        .blobs
        .iter()
        .map(|(part, _)| i16::from(*part as u8))
        .collect();
    if has_any(&transaction, &place, &parts).await? {
        return Ok(TransitionOutcome::Stale);
    }
    add_blobs(&transaction, &place, &transition.blobs).await?;
    add_events(
        &transaction,
        &place,
        std::slice::from_ref(&transition.event),
    )
    .await?;
    schedule(&transaction, place.row, transition.job, transition.event.at).await?;
    failpoint::hit(Failpoint::StoreApplyBeforeCommit);
    commit(transaction).await?;
    failpoint::hit(Failpoint::StoreApplyAfterCommit);
    Ok(TransitionOutcome::Applied { version })
}

/// Whether the current revision has one of the parts already.
async fn has_any(
    transaction: &Transaction<'_>,
    place: &Place,
    parts: &[i16],
) -> Result<bool, StoreError> {
    if parts.is_empty() {
        return Ok(false);
    }
    let sql = "SELECT 1 FROM blob WHERE document = $1 AND revision = $2 AND part = ANY ($3)
         LIMIT 1";
    let found = one(transaction, sql, &[&place.row, &place.revision, &parts]).await?;
    Ok(found.is_some())
}

/// The compare-and-set: `None` where the version is another one.
async fn advance(
    transaction: &Transaction<'_>,
    transition: &Transition,
) -> Result<Option<(Place, u32)>, StoreError> {
    let sql = "UPDATE document SET stage = $3, version = version + 1, events = events + 1,
             submissions = submissions + $4::boolean::int,
             last_submission_at = CASE WHEN $4 THEN $5 ELSE last_submission_at END,
             signature_error = CASE WHEN $6 THEN $7 ELSE signature_error END,
             attention = coalesce($8, attention), reception = coalesce($9, reception),
             \"authorization\" = coalesce($10, \"authorization\"), updated_at = $5
         WHERE id = $1 AND version = $2::bigint
         RETURNING document_id, revision, events, version";
    let id = transition.id.0.as_slice();
    let version = i64::from(transition.expected_version);
    let stage = i16::from(transition.stage as u8);
    let sets_error = transition.signature_error.is_some();
    let error = transition.signature_error.as_ref().and_then(Option::as_ref);
    let reception = json(transition.reception.as_ref())?;
    let authorization = json(transition.authorization.as_ref())?;
    let values: [Value<'_>; 10] = [
        &id,
        &version,
        &stage,
        &transition.submission_over,
        &transition.event.at.0,
        &sets_error,
        &error,
        &transition.attention,
        &reception,
        &authorization,
    ];
    let Some(row) = one(transaction, sql, &values).await? else {
        return Ok(None);
    };
    let place = Place {
        row: rows::value(&row, 0)?,
        revision: rows::value(&row, 1)?,
        stage,
        events: rows::value::<i32>(&row, 2)?.saturating_sub(1),
    };
    Ok(Some((place, rows::number(&row, 3)?)))
}
