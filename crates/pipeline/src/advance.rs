//! One document's steps while a worker holds it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tagua_sri::CallError;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{
    AuthorizationResult, BlobPart, ClaimedJob, Document, Lane, NewEvent, NextJob, ReceptionResult,
    Service, Stage, Store, StoreError, Transition, TransitionOutcome, UnixMillis,
};

use crate::authority::Authorities;
use crate::breaker::Breakers;
use crate::calls::Calls;
use crate::clock::{Clock, Random};
use crate::observer::{Call, CallOutcome, Observer};
use crate::order::Turn;
use crate::pace::Pace;
use crate::table::{Action, Event, IllegalTransition, Refusal, action, next};
use crate::verdict::{authorization_verdict, reception_verdict, stored_refusal};
use crate::words::{attention, authorization_detail, cut, reception_detail};

/// Why a document could not be moved on now. Its lease runs out and it is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdvanceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a defect in the protocol")]
    Illegal(#[from] IllegalTransition),
}

/// What a worker needs besides the document.
pub(crate) struct Worker {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) authorities: Authorities,
    pub(crate) breakers: Breakers,
    pub(crate) calls: Calls,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// No call may take longer, whatever the authority's own limits are.
    pub(crate) call_limit: Duration,
    pub(crate) observer: Arc<dyn Observer>,
}

/// Whether the worker goes on with the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Continue,
    Leave,
    /// It is due again then.
    Wait(UnixMillis),
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
    /// Takes a claimed document as far as it goes without waiting. Answers when
    /// it is due again.
    pub(crate) async fn advance(
        &self,
        job: ClaimedJob,
        mut turn: Option<Turn>,
    ) -> Result<Option<UnixMillis>, AdvanceError> {
        failpoint::hit(Failpoint::PipelineClaimed);
        let ClaimedJob {
            mut document,
            run_at: place,
            ..
        } = job;
        let Some(signed) = self.signed(&document).await? else {
            self.bytes_missing(&mut document).await?;
            return Ok(None);
        };
        let mut resend = false;
        loop {
            let step = match action(document.stage) {
                Action::Rest => return Ok(None),
                Action::Submit => {
                    let turn = turn.take();
                    self.submit(&mut document, &signed, place, turn).await?
                }
                Action::Ask if std::mem::take(&mut resend) => {
                    let now = self.clock.now();
                    self.submit(&mut document, &signed, now, None).await?
                }
                Action::Ask => {
                    let (flow, again) = self.ask(&mut document, &signed).await?;
                    resend = again;
                    flow
                }
            };
            match step {
                Flow::Continue => {}
                Flow::Leave => return Ok(None),
                Flow::Wait(until) => return Ok(Some(until)),
            }
        }
    }

    /// `place` is when the job was due: who reaches nobody is due then again,
    /// before those behind it. `turn` ends when the call begins.
    async fn submit(
        &self,
        document: &mut Document,
        signed: &[u8],
        place: UnixMillis,
        mut turn: Option<Turn>,
    ) -> Result<Flow, AdvanceError> {
        let Some((authority, pace)) = self.authorities.of(document.environment) else {
            return self.environment_disabled(document).await;
        };
        let lane = Lane::of(document.environment, Service::Reception);
        if !self.breakers.lets_through(lane, self.clock.now()) {
            return self.unavailable(document, place).await;
        }
        // Only `NothingLeft` leads back to `Signed`: no byte ever left from there.
        let first = document.stage == Stage::Signed;
        if self.mark(document).await? != Flow::Continue {
            return Ok(Flow::Leave);
        }
        let key = document.access_key;
        if let Some(turn) = &mut turn {
            turn.come().await;
        }
        let call = self.calls.enter(document.account).await;
        if !self.breakers.begin(lane, self.clock.now()) {
            return self.not_begun(document, first, place).await;
        }
        drop(turn);
        let started = Instant::now();
        let answer = self
            .within_limit(authority.submit(signed, key.as_str()))
            .await;
        let took = started.elapsed();
        drop(call);
        self.breakers
            .learn(lane, &answer, self.clock.now(), pace.retry_min);
        failpoint::hit(Failpoint::PipelineAnswerRead);
        let flow = match answer {
            Ok(answer) => {
                let verdict = reception_verdict(&answer.reading, self.clock.now());
                let codes = answer.reading.messages();
                let outcome = CallOutcome::Answered {
                    event: verdict.event,
                    codes: codes.map(|message| message.identifier.as_str()).collect(),
                    date: answer.date.as_deref(),
                };
                self.called(document, Service::Reception, took, outcome);
                let outcome = Outcome {
                    detail: reception_detail(verdict.event, &answer.reading),
                    evidence: Some(answer.raw.to_vec()),
                    reception: verdict.result,
                    ..Outcome::default()
                };
                let job = self.after_reception(verdict.event, document, pace);
                self.record(document, verdict.event, outcome, job).await?
            }
            Err(error) => {
                let outcome = CallOutcome::Failed(error.code());
                self.called(document, Service::Reception, took, outcome);
                let place = first.then_some(place);
                self.unanswered_submission(document, pace, &error, place)
                    .await?
            }
        };
        failpoint::hit(Failpoint::PipelineReceptionSettled);
        Ok(flow)
    }

    /// Stores that a submission begins, before its first byte leaves.
    async fn mark(&self, document: &mut Document) -> Result<Flow, AdvanceError> {
        let started = Outcome {
            detail: "Envío iniciado".to_owned(),
            ..Outcome::default()
        };
        let event = Event::SubmissionStarted;
        let flow = self
            .record(document, event, started, NextJob::KeepLease)
            .await?;
        failpoint::hit(Failpoint::PipelineSubmissionMarked);
        Ok(flow)
    }

    /// The breaker opened while the marked document waited for its turn.
    async fn not_begun(
        &self,
        document: &mut Document,
        first: bool,
        place: UnixMillis,
    ) -> Result<Flow, AdvanceError> {
        if !first {
            return self.unavailable(document, place).await;
        }
        let outcome = Outcome {
            detail: "El SRI no responde; no se envió nada".to_owned(),
            ..Outcome::default()
        };
        self.record(document, Event::NothingLeft, outcome, NextJob::RunAt(place))
            .await
    }

    async fn unavailable(
        &self,
        document: &mut Document,
        place: UnixMillis,
    ) -> Result<Flow, AdvanceError> {
        let outcome = Outcome {
            detail: "El SRI no responde; el comprobante espera su turno".to_owned(),
            ..Outcome::default()
        };
        self.record(document, Event::Unavailable, outcome, NextJob::RunAt(place))
            .await
    }

    fn after_reception(&self, event: Event, document: &Document, pace: &Pace) -> NextJob {
        let asks = Lane::of(document.environment, Service::Authorization);
        let at_once = match self.breakers.lets_through(asks, self.clock.now()) {
            true => NextJob::KeepLease,
            false => self.job_in(Duration::ZERO),
        };
        match event {
            // A refusal is asked about at once: an earlier submission may have won.
            Event::Refused(_) => at_once,
            Event::ReceptionConfirmed | Event::AlreadyThere if pace.first_ask.is_zero() => at_once,
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
        place: Option<UnixMillis>,
    ) -> Result<Flow, AdvanceError> {
        let (event, job) = match place {
            // The breaker says when the service is tried again.
            Some(place) if !error.may_have_left() => (Event::NothingLeft, NextJob::RunAt(place)),
            _ => {
                let since = self.since(document.created_at).min(pace.retry_max);
                let pause = pace.until_retry(since, &*self.random);
                (Event::NoAnswer, self.job_in(pause))
            }
        };
        self.record(document, event, call_failed(error), job).await
    }

    async fn ask(
        &self,
        document: &mut Document,
        signed: &[u8],
    ) -> Result<(Flow, bool), AdvanceError> {
        let Some((authority, pace)) = self.authorities.of(document.environment) else {
            return Ok((self.environment_disabled(document).await?, false));
        };
        failpoint::hit(Failpoint::PipelineBeforeAsk);
        let key = document.access_key;
        let lane = Lane::of(document.environment, Service::Authorization);
        let turn = self.calls.enter(document.account).await;
        let now = self.clock.now();
        if !self.breakers.begin(lane, now) {
            return Ok((self.unavailable(document, now).await?, false));
        }
        let started = Instant::now();
        let answer = self.within_limit(authority.ask(key.as_str())).await;
        let took = started.elapsed();
        drop(turn);
        self.breakers
            .learn(lane, &answer, self.clock.now(), pace.retry_min);
        failpoint::hit(Failpoint::PipelineAuthorizationRead);
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let outcome = CallOutcome::Failed(error.code());
                self.called(document, Service::Authorization, took, outcome);
                let since = self.since_submission(document);
                let job = self.job_in(pace.until_retry(since, &*self.random));
                let flow = self
                    .record(document, Event::AskFailed, call_failed(&error), job)
                    .await?;
                return Ok((flow, false));
            }
        };
        let verdict =
            authorization_verdict(&answer.reading, key.as_str(), signed, document.revision);
        let found = answer.reading.authorizations.iter();
        let codes = found.flat_map(|found| &found.messages);
        let told = CallOutcome::Answered {
            event: verdict.event,
            codes: codes.map(|message| message.identifier.as_str()).collect(),
            date: answer.date.as_deref(),
        };
        self.called(document, Service::Authorization, took, told);
        let resend = verdict.event == Event::NotFound && self.may_resend(document, pace);
        let event = self.unless_too_long(verdict.event, document, pace);
        let after = next(document.stage, self.refusal(document), event)?;
        let outcome = Outcome {
            detail: authorization_detail(event, verdict.result.as_ref()),
            attention: (after == Stage::NeedsAttention)
                .then(|| attention(document, event, verdict.event, self.refusal(document))),
            reception: self.overtaken_refusal(verdict.event, document),
            blobs: match event {
                Event::Authorized => vec![(BlobPart::Authorization, answer.raw.to_vec())],
                _ => Vec::new(),
            },
            evidence: (event != Event::Authorized).then(|| answer.raw.to_vec()),
            authorization: verdict.result,
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
    /// A key that it does not know is sent again before that.
    fn unless_too_long(&self, event: Event, document: &Document, pace: &Pace) -> Event {
        let waited = self.since_submission(document);
        let too_long = match event {
            Event::InProcess => waited > pace.give_up_after,
            Event::NotFound => {
                document.submissions >= pace.max_submissions
                    && waited > pace.until_resend(document.submissions, true)
            }
            _ => false,
        };
        let undecided = self.refusal(document).is_none()
            && matches!(document.stage, Stage::Unknown | Stage::Received);
        if undecided && too_long {
            Event::GaveUp
        } else {
            event
        }
    }

    /// SRI refused at the door and works on the key all the same: an earlier
    /// submission won. The refusal must not come back to judge a later one.
    fn overtaken_refusal(&self, event: Event, document: &Document) -> Option<ReceptionResult> {
        let overtaken = event == Event::InProcess && self.refusal(document).is_some();
        overtaken.then(|| ReceptionResult {
            state: "RECIBIDA".to_owned(),
            at: self.clock.now().0,
            messages: Vec::new(),
        })
    }

    fn may_resend(&self, document: &Document, pace: &Pace) -> bool {
        let received = document.stage == Stage::Received;
        let reception = Lane::of(document.environment, Service::Reception);
        self.refusal(document).is_none()
            && self.breakers.lets_through(reception, self.clock.now())
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

    fn called(
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

    async fn within_limit<T>(
        &self,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        tokio::time::timeout(self.call_limit, call)
            .await
            .unwrap_or(Err(CallError::TimedOut))
    }

    /// The signed file, if it can be read: damaged bytes are as good as none.
    async fn signed(&self, document: &Document) -> Result<Option<Vec<u8>>, StoreError> {
        let (id, revision) = (document.id, document.revision);
        match self.store.blob(id, revision, BlobPart::Signed).await {
            Err(StoreError::Corrupt { what }) => {
                tracing::error!(document = %id, what, "the signed file is damaged");
                Ok(None)
            }
            read => read,
        }
    }

    async fn bytes_missing(&self, document: &mut Document) -> Result<Flow, AdvanceError> {
        let event = Event::BytesMissing;
        let outcome = Outcome {
            detail: "El archivo firmado no se puede leer".to_owned(),
            attention: Some(attention(document, event, event, None)),
            ..Outcome::default()
        };
        self.record(document, event, outcome, NextJob::Done).await
    }

    /// Documents accepted before the operator took the environment away wait
    /// for it, visibly: each wait is an event.
    async fn environment_disabled(&self, document: &mut Document) -> Result<Flow, AdvanceError> {
        tracing::warn!(
            document = %document.id,
            environment = ?document.environment,
            "a document waits for its environment to be enabled"
        );
        let outcome = Outcome {
            detail: "El ambiente del comprobante no está habilitado en este servidor".to_owned(),
            ..Outcome::default()
        };
        let since = self.since(document.last_submission_at.unwrap_or(document.created_at));
        let job = self.job_in(Pace::DISABLED.until_retry(since, &*self.random));
        self.record(document, Event::EnvironmentDisabled, outcome, job)
            .await
    }

    fn refusal(&self, document: &Document) -> Option<Refusal> {
        match document.stage {
            Stage::Unknown => stored_refusal(document.reception.as_ref()),
            _ => None,
        }
    }

    /// Since the last submission was over, or since the one that was not was marked.
    fn since_submission(&self, document: &Document) -> Duration {
        self.since(match document.stage {
            Stage::Submitting => document.updated_at,
            _ => document.last_submission_at.unwrap_or(document.updated_at),
        })
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
