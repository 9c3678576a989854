//! One document's steps while a worker holds it.

use std::sync::Arc;
use std::time::Duration;

use tagua_sri::CallError;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{
    AuthorizationResult, BlobPart, Document, NewEvent, NextJob, ReceptionResult, Stage, Store,
    StoreError, Transition, TransitionOutcome, UnixMillis,
};

use crate::authority::{Authorities, Authority};
use crate::clock::{Clock, Random};
use crate::pace::Pace;
use crate::table::{Action, Event, IllegalTransition, Refusal, action, next};
use crate::verdict::{authorization_verdict, reception_verdict, stored_refusal};

/// Why a document could not be moved on now. Its lease runs out and it is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdvanceError {
    #[error("the storage failed")]
    Store(#[from] StoreError),
    #[error("a defect in the protocol")]
    Illegal(#[from] IllegalTransition),
    #[error("documents of this environment may not leave")]
    NoAuthority,
}

/// What a worker needs besides the document.
pub(crate) struct Worker {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) authorities: Authorities,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

/// Whether the worker goes on with the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Continue,
    Leave,
}

/// What a step stores besides its stage.
#[derive(Default)]
struct Outcome {
    detail: String,
    evidence: Option<Vec<u8>>,
    reception: Option<ReceptionResult>,
    authorization: Option<AuthorizationResult>,
    attention: Option<String>,
    blobs: Vec<(BlobPart, Vec<u8>)>,
}

impl Worker {
    /// Takes a claimed document as far as it goes without waiting.
    pub(crate) async fn advance(&self, mut document: Document) -> Result<(), AdvanceError> {
        failpoint::hit(Failpoint::PipelineClaimed);
        let mut resend = false;
        loop {
            let step = match action(document.stage) {
                Action::Rest => return Ok(()),
                Action::Submit => self.submit(&mut document).await?,
                Action::Ask if std::mem::take(&mut resend) => self.submit(&mut document).await?,
                Action::Ask => {
                    let (flow, again) = self.ask(&mut document).await?;
                    resend = again;
                    flow
                }
            };
            if step == Flow::Leave {
                return Ok(());
            }
        }
    }

    async fn submit(&self, document: &mut Document) -> Result<Flow, AdvanceError> {
        let (authority, pace) = self.authority(document)?;
        let Some(signed) = self.signed(document).await? else {
            return self.bytes_missing(document).await;
        };
        // Only `NothingLeft` leads back to `Signed`: no byte ever left from there.
        let first = document.stage == Stage::Signed;
        let started = Outcome {
            detail: "Envío iniciado".to_owned(),
            ..Outcome::default()
        };
        let flow = self
            .record(
                document,
                Event::SubmissionStarted,
                started,
                NextJob::KeepLease,
            )
            .await?;
        if flow == Flow::Leave {
            return Ok(Flow::Leave);
        }
        failpoint::hit(Failpoint::PipelineSubmissionMarked);
        let answer = authority
            .submit(&signed, document.access_key.as_str())
            .await;
        failpoint::hit(Failpoint::PipelineAnswerRead);
        let flow = match answer {
            Ok(answer) => {
                let verdict = reception_verdict(&answer.reading, self.clock.now());
                let outcome = Outcome {
                    detail: reception_detail(verdict.event, verdict.result.as_ref()),
                    evidence: Some(answer.raw.to_vec()),
                    reception: verdict.result,
                    ..Outcome::default()
                };
                let job = self.after_reception(verdict.event, document, pace);
                self.record(document, verdict.event, outcome, job).await?
            }
            Err(error) => {
                self.unanswered_submission(document, pace, &error, first)
                    .await?
            }
        };
        failpoint::hit(Failpoint::PipelineReceptionSettled);
        Ok(flow)
    }

    fn after_reception(&self, event: Event, document: &Document, pace: &Pace) -> NextJob {
        match event {
            // A refusal is asked about at once: an earlier submission may have won.
            Event::Refused(_) => NextJob::KeepLease,
            Event::ReceptionConfirmed | Event::AlreadyThere if pace.first_ask.is_zero() => {
                NextJob::KeepLease
            }
            Event::ReceptionConfirmed | Event::AlreadyThere => {
                self.job_in(pace.until_ask(pace.first_ask * 2, &*self.random))
            }
            _ => self.job_in(pace.until_ask(self.since_submission(document), &*self.random)),
        }
    }

    async fn unanswered_submission(
        &self,
        document: &mut Document,
        pace: &Pace,
        error: &CallError,
        first: bool,
    ) -> Result<Flow, AdvanceError> {
        let event = match error.may_have_left() {
            false if first => Event::NothingLeft,
            _ => Event::NoAnswer,
        };
        let since = self.since(document.created_at);
        let job = self.job_in(pace.until_retry(since.min(pace.retry_max), &*self.random));
        self.record(document, event, call_failed(error), job).await
    }

    async fn ask(&self, document: &mut Document) -> Result<(Flow, bool), AdvanceError> {
        let (authority, pace) = self.authority(document)?;
        let Some(signed) = self.signed(document).await? else {
            return Ok((self.bytes_missing(document).await?, false));
        };
        failpoint::hit(Failpoint::PipelineAskSent);
        let answer = authority.ask(document.access_key.as_str()).await;
        failpoint::hit(Failpoint::PipelineAuthorizationRead);
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let since = self.since_submission(document);
                let job = self.job_in(pace.until_retry(since, &*self.random));
                let flow = self
                    .record(document, Event::AskFailed, call_failed(&error), job)
                    .await?;
                return Ok((flow, false));
            }
        };
        let key = document.access_key;
        let verdict = authorization_verdict(&answer.reading, key.as_str(), &signed);
        let resend = verdict.event == Event::NotFound && self.may_resend(document, pace);
        let event = self.unless_too_long(verdict.event, document, pace);
        let after = next(document.stage, self.refusal(document), event)?;
        let outcome = Outcome {
            detail: authorization_detail(event, verdict.result.as_ref()),
            attention: (after == Stage::NeedsAttention)
                .then(|| attention(event, self.refusal(document)).to_owned()),
            blobs: match event {
                Event::Authorized => vec![(BlobPart::Authorization, answer.raw.to_vec())],
                _ => Vec::new(),
            },
            evidence: (event != Event::Authorized).then(|| answer.raw.to_vec()),
            authorization: verdict.result,
            ..Outcome::default()
        };
        let job = match action(after) {
            Action::Rest => NextJob::Done,
            _ if resend && event == Event::NotFound => NextJob::KeepLease,
            _ => self.job_in(pace.until_ask(self.since_submission(document), &*self.random)),
        };
        let flow = self.record(document, event, outcome, job).await?;
        failpoint::hit(Failpoint::PipelineAuthorizationSettled);
        Ok((flow, resend && event == Event::NotFound))
    }

    /// SRI answers and decides nothing for longer than it may: a person must look.
    fn unless_too_long(&self, event: Event, document: &Document, pace: &Pace) -> Event {
        let undecided = matches!(event, Event::NotFound | Event::InProcess)
            && self.refusal(document).is_none()
            && matches!(document.stage, Stage::Unknown | Stage::Received);
        let too_long = self.since_submission(document) > pace.give_up_after
            || (event == Event::NotFound
                && document.submissions >= pace.max_submissions
                && self.since_submission(document) > pace.until_resend(document.submissions, true));
        if undecided && too_long {
            Event::GaveUp
        } else {
            event
        }
    }

    fn may_resend(&self, document: &Document, pace: &Pace) -> bool {
        let received = document.stage == Stage::Received;
        self.refusal(document).is_none()
            && document.stage != Stage::Submitting
            && document.submissions < pace.max_submissions
            && self.since_submission(document) >= pace.until_resend(document.submissions, received)
    }

    /// Stores the step. `Leave` when the document rests, waits, or somebody else moved it.
    async fn record(
        &self,
        document: &mut Document,
        event: Event,
        outcome: Outcome,
        job: NextJob,
    ) -> Result<Flow, AdvanceError> {
        let stage = next(document.stage, self.refusal(document), event)?;
        let at = self.clock.now();
        let transition = Transition {
            id: document.id,
            expected_version: document.version,
            stage,
            event: NewEvent {
                kind: event.kind(),
                at,
                detail: outcome.detail,
                evidence: outcome.evidence,
            },
            submission_started: event == Event::SubmissionStarted,
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
            event = event.kind(),
            from = ?document.stage,
            to = ?stage,
            "step"
        );
        document.version = version;
        document.stage = stage;
        document.updated_at = at;
        if event == Event::SubmissionStarted {
            document.submissions += 1;
            document.last_submission_at = Some(at);
        }
        if outcome.reception.is_some() {
            document.reception = outcome.reception;
        }
        Ok(if job == NextJob::KeepLease {
            Flow::Continue
        } else {
            Flow::Leave
        })
    }

    async fn signed(&self, document: &Document) -> Result<Option<Vec<u8>>, StoreError> {
        self.store
            .blob(document.id, document.revision, BlobPart::Signed)
            .await
    }

    async fn bytes_missing(&self, document: &mut Document) -> Result<Flow, AdvanceError> {
        if document.stage == Stage::Submitting {
            return Err(StoreError::Corrupt {
                what: format!("signed file of {}", document.id),
            }
            .into());
        }
        let outcome = Outcome {
            detail: "El archivo firmado no se puede leer".to_owned(),
            attention: Some(attention(Event::BytesMissing, None).to_owned()),
            ..Outcome::default()
        };
        self.record(document, Event::BytesMissing, outcome, NextJob::Done)
            .await
    }

    fn authority(&self, document: &Document) -> Result<(Arc<dyn Authority>, &Pace), AdvanceError> {
        let found = self
            .authorities
            .of(document.environment)
            .ok_or(AdvanceError::NoAuthority)?;
        Ok((Arc::clone(found.0), found.1))
    }

    fn refusal(&self, document: &Document) -> Option<Refusal> {
        match document.stage {
            Stage::Unknown => stored_refusal(document.reception.as_ref()),
            _ => None,
        }
    }

    fn since_submission(&self, document: &Document) -> Duration {
        self.since(document.last_submission_at.unwrap_or(document.updated_at))
    }

    fn since(&self, then: UnixMillis) -> Duration {
        let elapsed = self.clock.now().0.saturating_sub(then.0).max(0);
        Duration::from_millis(elapsed.unsigned_abs())
    }

    fn job_in(&self, pause: Duration) -> NextJob {
        let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        NextJob::RunAt(UnixMillis(self.clock.now().0.saturating_add(pause)))
    }
}

fn call_failed(error: &CallError) -> Outcome {
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

fn reception_detail(event: Event, result: Option<&ReceptionResult>) -> String {
    match (event, result) {
        (Event::ReceptionConfirmed, _) => "RECIBIDA".to_owned(),
        (_, Some(result)) => messages("DEVUELTA", &result.messages),
        _ => "El SRI no dio una respuesta que decida".to_owned(),
    }
}

fn authorization_detail(event: Event, result: Option<&AuthorizationResult>) -> String {
    match (event, result) {
        (_, Some(result)) => messages(&result.state, &result.messages),
        (Event::InProcess, _) => "EN PROCESO".to_owned(),
        (Event::NotFound, _) => "El SRI todavía no conoce la clave de acceso".to_owned(),
        _ => "El SRI no decidió dentro del plazo".to_owned(),
    }
}

fn messages(state: &str, messages: &[tagua_store::SriMessage]) -> String {
    let listed: Vec<_> = messages
        .iter()
        .map(|m| format!("{} {}", m.identifier, m.message))
        .collect();
    if listed.is_empty() {
        state.to_owned()
    } else {
        format!("{state}: {}", listed.join("; "))
    }
}

/// What a person is told: what happened, and what to do.
const fn attention(event: Event, refusal: Option<Refusal>) -> &'static str {
    match (event, refusal) {
        (_, Some(Refusal::SequentialTaken)) => {
            "El SRI dice que este secuencial ya está registrado y no reconoce esta clave de \
             acceso: el número pertenece a otro comprobante. No lo emita de nuevo sin revisar \
             cuál es; corrija el secuencial y reemita."
        }
        (_, Some(Refusal::DailyLimit)) => {
            "El SRI no admite más intentos de esta clave hoy (código 90). Corrija el comprobante \
             y reemítalo mañana."
        }
        (Event::AuthorizedOtherBytes, _) => {
            "El SRI autorizó con esta clave de acceso un archivo distinto del que firmó este \
             sistema. Descargue el comprobante del portal del SRI y compárelo antes de hacer nada."
        }
        (Event::BytesMissing, _) => {
            "El archivo firmado no se puede leer del almacenamiento. Revise el disco y restaure \
             una copia de seguridad."
        }
        _ => {
            "El SRI conoce o recibió el comprobante y no decidió dentro de su plazo de 24 horas. \
             Consulte la clave de acceso en el portal del SRI antes de reemitir."
        }
    }
}
