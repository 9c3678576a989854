//! One document's steps while a worker holds it.

mod ask;
mod record;
mod submit;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tagua_sri::CallError;
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{
    BlobPart, ClaimedJob, Document, FAR_AHEAD_MILLIS, Lane, NextJob, Service, Stage, Store,
    StoreError, UnixMillis,
};

use self::record::Outcome;
use crate::authority::Authorities;
use crate::breaker::Breakers;
use crate::calls::Calls;
use crate::clock::{Clock, Random};
use crate::observer::Observer;
use crate::order::Turn;
use crate::pace::Pace;
use crate::table::{Action, Event, IllegalTransition, Refusal, action};
use crate::verdict::stored_refusal;
use crate::words::attention;

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
    /// Goes on by sending the document once more.
    SendAgain,
    Leave,
    /// It is due again then.
    Wait(UnixMillis),
}

/// A call to SRI that is over.
struct Called<T> {
    answer: Result<T, CallError>,
    took: Duration,
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
        let mut step = Flow::Continue;
        loop {
            step = match (action(document.stage), step) {
                (_, Flow::Leave) | (Action::Rest, _) => return Ok(None),
                (_, Flow::Wait(until)) => return Ok(Some(until)),
                (Action::Submit, _) => {
                    let turn = turn.take();
                    self.submit(&mut document, &signed, place, turn).await?
                }
                (Action::Ask, Flow::SendAgain) => {
                    let now = self.clock.now();
                    self.submit(&mut document, &signed, now, None).await?
                }
                (Action::Ask, Flow::Continue) => self.ask(&mut document, &signed).await?,
            };
        }
    }

    /// Makes a call when it is its turn; `None` when the service's breaker is
    /// open by then. `turn` ends when the call begins.
    async fn call<T>(
        &self,
        document: &Document,
        service: Service,
        pace: &Pace,
        mut turn: Option<Turn>,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Option<Called<T>> {
        let lane = Lane::of(document.environment, service);
        if let Some(turn) = &mut turn {
            turn.come().await;
        }
        let place = self.calls.enter(document.account).await;
        if !self.breakers.begin(lane, self.clock.now()) {
            return None;
        }
        drop(turn);
        let started = Instant::now();
        let answer = self.within_limit(call).await;
        let took = started.elapsed();
        drop(place);
        self.breakers
            .learn(lane, &answer, self.clock.now(), pace.retry_min);
        Some(Called { answer, took })
    }

    async fn within_limit<T>(
        &self,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        tokio::time::timeout(self.call_limit, call)
            .await
            .unwrap_or(Err(CallError::TimedOut))
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

    /// After a clock was set back nobody knows: where it would not be known for
    /// hours, time enough for another submission, and not for giving up.
    fn since(&self, then: UnixMillis) -> Duration {
        const UNKNOWN: Duration = Duration::from_secs(3600);
        let elapsed = self.clock.now().0.saturating_sub(then.0);
        if elapsed < -FAR_AHEAD_MILLIS {
            return UNKNOWN;
        }
        Duration::from_millis(elapsed.max(0).unsigned_abs())
    }

    fn job_in(&self, pause: Duration) -> NextJob {
        let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
        NextJob::RunAt(UnixMillis(self.clock.now().0.saturating_add(pause)))
    }
}
