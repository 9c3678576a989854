//! Storing a step, and telling of it.

use std::time::Duration;

use tagua_sri::CallError;
use tagua_store::{
    AuthorizationResult, BlobPart, Document, NewEvent, NextJob, ReceptionResult, Service, Stage,
    Transition, TransitionOutcome,
};

use super::{AdvanceError, Flow, Worker};
use crate::observer::{Call, CallOutcome};
use crate::table::{Event, next};
use crate::words::cut;

/// What a step stores besides its stage.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) detail: String,
    pub(super) evidence: Option<Vec<u8>>,
    pub(super) reception: Option<ReceptionResult>,
    pub(super) authorization: Option<AuthorizationResult>,
    pub(super) attention: Option<String>,
    pub(super) blobs: Vec<(BlobPart, Vec<u8>)>,
}

impl Worker {
    /// Stores the step. `Leave` when the document rests, waits, or somebody else moved it.
    pub(super) async fn record(
        &self,
        document: &mut Document,
        event: Event,
        outcome: Outcome,
        job: NextJob,
    ) -> Result<Flow, AdvanceError> {
        let stage = next(document.stage, self.refusal(document), event)?;
        let at = self.clock.now();
        // Counted when it is over: a try that reached nobody must not use up
        // the limit of submissions while SRI is down.
        let submitted = document.stage == Stage::Submitting
            && stage != Stage::Submitting
            && event != Event::NothingLeft;
        let transition = Transition {
            id: document.id,
            expected_version: document.version,
            stage,
            event: NewEvent {
                kind: event.kind(),
                at,
                detail: cut(outcome.detail),
                evidence: outcome.evidence,
            },
            submission_over: submitted,
            signature_error: None,
            attention: outcome.attention,
            reception: outcome.reception.clone(),
            authorization: outcome.authorization,
            blobs: outcome.blobs,
            job,
        };
        let TransitionOutcome::Applied { version } = self.store.apply(transition).await? else {
            tracing::info!(document = %document.id, event = event.kind(), "somebody else moved the document first");
            return Ok(Flow::Leave);
        };
        tracing::info!(
            document = %document.id,
            access_key = %document.access_key,
            account = document.account.0,
            issuer = document.issuer.0,
            event = event.kind(),
            from = ?document.stage,
            to = ?stage,
            "step"
        );
        self.observer.moved(event, stage);
        document.version = version;
        document.stage = stage;
        document.updated_at = at;
        if submitted {
            document.submissions += 1;
            document.last_submission_at = Some(at);
        }
        if outcome.reception.is_some() {
            document.reception = outcome.reception;
        }
        Ok(match job {
            NextJob::KeepLease => Flow::Continue,
            NextJob::RunAt(at) => Flow::Wait(at),
            NextJob::Done => Flow::Leave,
        })
    }

    pub(super) fn called(
        &self,
        document: &Document,
        service: Service,
        took: Duration,
        outcome: CallOutcome<'_>,
    ) {
        self.observer.called(&Call {
            environment: document.environment,
            service,
            took,
            outcome,
        });
    }
}

/// What is stored of a call without an answer.
pub(super) fn call_failed(error: &CallError) -> Outcome {
    let mut detail = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        detail.push_str(": ");
        detail.push_str(&cause.to_string());
        source = cause.source();
    }
    Outcome {
        detail: format!("{}: {detail}", error.code()),
        evidence: error.evidence().map(|bytes| bytes.to_vec()),
        ..Outcome::default()
    }
}
