//! Asking what became of a document.

use tagua_sri::{Answer, AuthorizationReading};
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{BlobPart, Document, Lane, NextJob, ReceptionResult, Service, Stage};

use super::record::{Outcome, call_failed};
use super::{AdvanceError, Flow, Worker};
use crate::observer::CallOutcome;
use crate::pace::Pace;
use crate::table::{Action, Event, action, next};
use crate::verdict::{AuthorizationVerdict, authorization_verdict};
use crate::words::{attention, authorization_detail};

impl Worker {
    /// Answers [`Flow::SendAgain`] where SRI does not know the key and the time
    /// to send it once more has come.
    pub(super) async fn ask(
        &self,
        document: &mut Document,
        signed: &[u8],
    ) -> Result<Flow, AdvanceError> {
        let Some((authority, pace)) = self.authorities.of(document.environment) else {
            return self.environment_disabled(document).await;
        };
        failpoint::hit(Failpoint::PipelineBeforeAsk);
        let key = document.access_key;
        let service = Service::Authorization;
        let call = authority.ask(key.as_str());
        let Some(called) = self.call(document, service, pace, None, call).await else {
            let now = self.clock.now();
            return self.unavailable(document, now).await;
        };
        failpoint::hit(Failpoint::PipelineAuthorizationRead);
        let answer = match called.answer {
            Ok(answer) => answer,
            Err(error) => {
                let outcome = CallOutcome::Failed(error.code());
                self.called(document, service, called.took, outcome);
                let since = self.since_submission(document);
                let job = self.job_in(pace.until_retry(since, &*self.random));
                let outcome = call_failed(&error);
                return self.record(document, Event::AskFailed, outcome, job).await;
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
        self.called(document, service, called.took, told);
        let flow = self.settle(document, pace, answer, verdict).await?;
        failpoint::hit(Failpoint::PipelineAuthorizationSettled);
        Ok(flow)
    }

    async fn settle(
        &self,
        document: &mut Document,
        pace: &Pace,
        answer: Answer<AuthorizationReading>,
        verdict: AuthorizationVerdict,
    ) -> Result<Flow, AdvanceError> {
        let event = self.unless_too_long(verdict.event, document, pace);
        let resend = event == Event::NotFound && self.may_resend(document, pace);
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
            _ if resend => NextJob::KeepLease,
            _ => self.job_in(pace.until_ask(self.since_submission(document), &*self.random)),
        };
        match self.record(document, event, outcome, job).await? {
            Flow::Continue if resend => Ok(Flow::SendAgain),
            flow => Ok(flow),
        }
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
}
