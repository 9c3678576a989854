//! Sending a document, and what the door says.

use std::time::Duration;

use tagua_sri::{Answer, CallError, Reception};
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{Document, Lane, NextJob, Service, Stage, UnixMillis};

use super::record::{Outcome, call_failed};
use super::{AdvanceError, Flow, Worker};
use crate::observer::CallOutcome;
use crate::order::Turn;
use crate::pace::Pace;
use crate::table::Event;
use crate::verdict::reception_verdict;
use crate::words::reception_detail;

impl Worker {
    /// `place` is when the job was due: who reaches nobody is due then again,
    /// before those behind it.
    pub(super) async fn submit(
        &self,
        document: &mut Document,
        signed: &[u8],
        place: UnixMillis,
        turn: Option<Turn>,
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
        let call = authority.submit(signed, key.as_str());
        let service = Service::Reception;
        let Some(called) = self.call(document, service, pace, turn, call).await else {
            return self.not_begun(document, first, place).await;
        };
        failpoint::hit(Failpoint::PipelineAnswerRead);
        let flow = match called.answer {
            Ok(answer) => self.answered(document, pace, answer, called.took).await?,
            Err(error) => {
                let outcome = CallOutcome::Failed(error.code());
                self.called(document, service, called.took, outcome);
                let place = first.then_some(place);
                self.unanswered(document, pace, &error, place).await?
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

    async fn answered(
        &self,
        document: &mut Document,
        pace: &Pace,
        answer: Answer<Reception>,
        took: Duration,
    ) -> Result<Flow, AdvanceError> {
        let verdict = reception_verdict(&answer.reading, self.clock.now());
        let codes = answer.reading.messages();
        let told = CallOutcome::Answered {
            event: verdict.event,
            codes: codes.map(|message| message.identifier.as_str()).collect(),
            date: answer.date.as_deref(),
        };
        self.called(document, Service::Reception, took, told);
        let outcome = Outcome {
            detail: reception_detail(verdict.event, &answer.reading),
            evidence: Some(answer.raw.to_vec()),
            reception: verdict.result,
            ..Outcome::default()
        };
        let job = self.after_reception(verdict.event, document, pace);
        self.record(document, verdict.event, outcome, job).await
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

    async fn unanswered(
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
}
