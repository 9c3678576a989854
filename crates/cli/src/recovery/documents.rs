//! From what SRI shows to what the store keeps.

use tagua_pipeline::{Event, next};
use tagua_store::{
    BlobPart, DocumentId, NewDocument, NewEvent, NextJob, SeriesKey, Stage, Transition, UnixMillis,
};
use tagua_wire::{Collection, XmlRequest, read_xml, xml_of_body};

use super::Recovery;
use super::asking::Found;
use crate::failure::{Failure, While};

impl Recovery<'_> {
    /// The document as its issuer would have stored it, sent and not answered:
    /// whatever comes between, a worker asks and finds out.
    pub(super) fn document(
        &self,
        series: &SeriesKey,
        found: &Found,
    ) -> Option<(NewDocument, Vec<u8>)> {
        let signed = signed_text(found)?;
        let xml = xml_of_body(signed.as_bytes()).ok()?;
        let expected = Collection::of(series.document_type, "");
        let read = read_xml(&xml, expected).ok()?;
        if read.access_key != Some(found.key) {
            return None;
        }
        let signed = signed.as_bytes().to_vec();
        let blobs = vec![
            (BlobPart::Request, xml.to_vec()),
            (BlobPart::Signed, signed.clone()),
        ];
        Some((self.unanswered(series, found, &read, blobs), signed))
    }

    fn unanswered(
        &self,
        series: &SeriesKey,
        found: &Found,
        read: &XmlRequest<'_>,
        blobs: Vec<(BlobPart, Vec<u8>)>,
    ) -> NewDocument {
        let now = self.clock.now();
        let mut id = [0; 16];
        self.random.fill(&mut id);
        NewDocument {
            id: DocumentId(id),
            account: series.account,
            issuer: series.issuer,
            environment: series.environment,
            document_type: series.document_type,
            series: series.series,
            sequential: found.number,
            access_key: found.key,
            schema_version: read.version.clone(),
            issue_date: read.issue_date.to_string(),
            receiver_id: read.receiver.id.clone(),
            receiver_name: read.receiver.name.clone(),
            total: read.total.clone().unwrap_or_default(),
            external_id: None,
            payment_due: None,
            idempotency: None,
            valid: true,
            stage: Stage::Unknown,
            signature_error: None,
            reception: None,
            blobs,
            events: vec![recovered(now)],
            job: NextJob::RunAt(now),
            at: now,
        }
    }

    /// What SRI's answer means for the document, where it is final. The rest is
    /// a worker's.
    pub(super) async fn settle(
        &self,
        id: DocumentId,
        version: u32,
        found: &Found,
        signed: &[u8],
    ) -> Result<(), Failure> {
        let (event, authorization) = found.verdict(signed);
        let stage = next(Stage::Unknown, None, event);
        let (Event::Authorized, Ok(stage)) = (event, stage) else {
            return Ok(());
        };
        let transition = Transition {
            id,
            expected_version: version,
            stage,
            event: NewEvent {
                kind: event.kind(),
                at: self.clock.now(),
                detail: "El SRI lo había autorizado".to_owned(),
                evidence: None,
            },
            submission_over: false,
            signature_error: None,
            attention: None,
            reception: None,
            authorization,
            blobs: vec![(BlobPart::Authorization, found.answer.raw.to_vec())],
            job: NextJob::Done,
        };
        let applied = self.store.apply(transition).await;
        applied.during("an authorization was not stored").map(drop)
    }
}

/// What SRI shows, best with its authorization.
fn signed_text(found: &Found) -> Option<&str> {
    let shown = found.answer.reading.authorizations.iter();
    let signed = shown.filter_map(|shown| shown.document.as_deref());
    signed.max_by_key(|text| found.verdict(text.as_bytes()).0 == Event::Authorized)
}

fn recovered(at: UnixMillis) -> NewEvent {
    NewEvent {
        kind: "recovered",
        at,
        detail: "El SRI tiene este comprobante, emitido después del respaldo con el que se \
                 restauró el servidor"
            .to_owned(),
        evidence: None,
    }
}
