//! Questions to SRI, a few at once, until each is answered.

use std::sync::Arc;
use std::time::Duration;

use tagua_fiscal::{AccessKey, Sequential};
use tagua_pipeline::{Authority, Event, authorization_verdict};
use tagua_sri::{Answer, AuthorizationReading};
use tagua_store::AuthorizationResult;
use tokio::task::JoinSet;

/// Questions at once.
const AT_ONCE: usize = 4;
const RETRY_FIRST: Duration = Duration::from_secs(1);
const RETRY_MAX: Duration = Duration::from_secs(60);

/// A key that SRI knows, with what it said.
pub(super) struct Found {
    pub(super) number: Sequential,
    pub(super) key: AccessKey,
    pub(super) answer: Answer<AuthorizationReading>,
}

impl Found {
    /// What the answer means for a document with these signed bytes.
    pub(super) fn verdict(&self, signed: &[u8]) -> (Event, Option<AuthorizationResult>) {
        let verdict = authorization_verdict(&self.answer.reading, self.key.as_str(), signed, 0);
        (verdict.event, verdict.result)
    }
}

/// Those of the keys that SRI knows, in the order of their numbers.
pub(super) async fn ask(
    authority: &Arc<dyn Authority>,
    keys: Vec<(Sequential, AccessKey)>,
) -> Vec<Found> {
    let mut keys = keys.into_iter();
    let (mut asking, mut found) = (JoinSet::new(), Vec::new());
    loop {
        while asking.len() < AT_ONCE
            && let Some((number, key)) = keys.next()
        {
            let authority = Arc::clone(authority);
            asking.spawn(async move {
                let answer = ask_until_answered(&*authority, &key).await;
                Found {
                    number,
                    key,
                    answer,
                }
            });
        }
        match asking.join_next().await {
            Some(Ok(answered)) => found.push(answered),
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => break,
        }
    }
    found.retain(|found| !found.answer.reading.authorizations.is_empty());
    found.sort_by_key(|found| found.number);
    found
}

async fn ask_until_answered(
    authority: &dyn Authority,
    key: &AccessKey,
) -> Answer<AuthorizationReading> {
    let mut pause = RETRY_FIRST;
    loop {
        match authority.ask(key.as_str()).await {
            Ok(answer) => return answer,
            Err(error) => tracing::warn!(
                %key,
                error = &error as &dyn std::error::Error,
                seconds = pause.as_secs(),
                "SRI must be asked before the server starts, and does not answer: trying again"
            ),
        }
        tokio::time::sleep(pause).await;
        pause = RETRY_MAX.min(pause * 2);
    }
}
