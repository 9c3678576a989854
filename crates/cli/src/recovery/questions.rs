//! Since when SRI is still to be asked, as the database keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tagua_fiscal::Environment;
use tagua_store::{Store, UnixMillis};

use crate::failure::{Failure, While};

/// In every backup: when it was made. Empty once it was read.
const RESTORED: &str = "restored";
/// For each environment since when SRI is to be asked, as [`ToAsk`].
const TO_ASK: &str = "ask_sri_since";

/// The note that goes into a backup made at this time.
pub(crate) fn mark(at: UnixMillis) -> (String, Vec<u8>) {
    (RESTORED.to_owned(), at.0.to_string().into_bytes())
}

/// Has the next start ask SRI about everything issued since then.
pub(crate) async fn plan(store: &dyn Store, since: UnixMillis) -> Result<(), Failure> {
    let (name, mark) = mark(since);
    let kept = store.put_note(&name, mark).await;
    kept.during("what is to be asked was not stored")?;
    open_questions(store).await.map(drop)
}

/// By the digit of the environment, in Unix milliseconds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct ToAsk(pub(super) BTreeMap<char, i64>);

/// What is to be asked, the mark of a new restore included.
pub(super) async fn open_questions(store: &dyn Store) -> Result<ToAsk, Failure> {
    let kept = note(store, TO_ASK).await?;
    let mut to_ask: ToAsk = match kept.is_empty() {
        true => ToAsk::default(),
        false => serde_json::from_slice(&kept).during("what is to be asked could not be read")?,
    };
    let mark = note(store, RESTORED).await?;
    if mark.is_empty() {
        return Ok(to_ask);
    }
    let since = std::str::from_utf8(&mark)
        .ok()
        .and_then(|text| text.parse().ok());
    let since: i64 =
        since.ok_or_else(|| Failure::new("the mark of the restore could not be read"))?;
    for environment in [Environment::Test, Environment::Production] {
        let kept = to_ask.0.entry(environment.digit()).or_insert(since);
        *kept = since.min(*kept);
    }
    keep(store, &to_ask).await?;
    let read = store.put_note(RESTORED, Vec::new()).await;
    read.during("the mark of the restore was not stored")?;
    Ok(to_ask)
}

pub(super) async fn keep(store: &dyn Store, to_ask: &ToAsk) -> Result<(), Failure> {
    let text = serde_json::to_vec(to_ask).during("what is to be asked could not be written")?;
    let kept = store.put_note(TO_ASK, text).await;
    kept.during("what is to be asked was not stored")
}

async fn note(store: &dyn Store, name: &str) -> Result<Vec<u8>, Failure> {
    let found = store.note(name).await;
    Ok(found
        .during("the database could not be read")?
        .unwrap_or_default())
}
