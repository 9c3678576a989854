//! What the authority remembers of each sequential: one small record.

use std::collections::HashMap;

use crate::access_key::{AccessKey, SequentialId};
use crate::clock::ecuador_day;
use crate::ledger::{Decision, DecisionState, Place};
use crate::message::Message;

/// Refusals of one key on one day after which it is no longer looked at. The
/// figure is from recorded answers of 2020; in 2018 it was 2.
const REFUSALS_PER_DAY_MAX: u8 = 3;

/// Everything that is registered. Issuer, type, series and sequential are part of
/// the key, so one table answers for both.
#[derive(Default)]
pub(crate) struct Registry {
    records: HashMap<SequentialId, Record>,
}

/// A registered document. Its messages are read from the ledger, its bytes from
/// the file of documents.
#[derive(Clone, Copy)]
pub(crate) struct Record {
    key: AccessKey,
    /// Milliseconds since 1970-01-01 UTC; before that nothing can be seen.
    pub(crate) decided_at: i64,
    pub(crate) state: DecisionState,
    pub(crate) document: Place,
    /// The line of the ledger with the decision.
    pub(crate) line: Place,
    refusal_day: i32,
    refusals: u8,
}

impl Registry {
    /// Why a document with this key cannot be registered now.
    pub(crate) fn refusal(&self, key: &AccessKey, now: i64) -> Option<Message> {
        let record = self.records.get(&key.sequential_id())?;
        if record.key != *key {
            return Some(Message::error(45, None));
        }
        if now < record.decided_at {
            return Some(Message::error(
                70,
                format!("La clave de acceso {} está en procesamiento", key.as_str()),
            ));
        }
        match record.state {
            DecisionState::Authorized => Some(Message::error(
                43,
                format!("La clave de acceso {} ya está registrada", key.as_str()),
            )),
            DecisionState::NotAuthorized => {
                let today = ecuador_day(now) == record.refusal_day;
                let is_over = today && record.refusals >= REFUSALS_PER_DAY_MAX;
                is_over.then(|| {
                    Message::error(
                        90,
                        "Corrija el comprobante e intente nuevamente el día de mañana".to_owned(),
                    )
                })
            }
        }
    }

    /// Registers a decision, in place of an earlier refusal of the same key.
    pub(crate) fn register(&mut self, key: AccessKey, decision: &Decision, line: Place) {
        let refusal_day = ecuador_day(decision.at);
        let earlier = self
            .records
            .get(&key.sequential_id())
            .filter(|record| record.key == key && record.refusal_day == refusal_day)
            .map_or(0, |record| record.refusals);
        let refusals = match decision.state {
            DecisionState::Authorized => 0,
            DecisionState::NotAuthorized => earlier.saturating_add(1),
        };
        let record = Record {
            key,
            decided_at: decision.at,
            state: decision.state,
            document: decision.document,
            line,
            refusal_day,
            refusals,
        };
        self.records.insert(key.sequential_id(), record);
    }

    /// The record of a key, if its decision can be seen.
    pub(crate) fn decided(&self, key: &AccessKey, now: i64) -> Option<Record> {
        let record = self.records.get(&key.sequential_id())?;
        (record.key == *key && now >= record.decided_at).then_some(*record)
    }
}
