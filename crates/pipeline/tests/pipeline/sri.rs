//! An authority that plays a script and keeps a ledger of what it saw.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use parking_lot::Mutex;
use tagua_pipeline::Authority;
use tagua_sri::{
    Answer, AuthorizationReading, CallError, ReadError, Reception, read_authorization,
    read_reception,
};
use tokio::time::Instant;

use crate::answers::{self, Entry};
use crate::world::HOUR;

/// What SRI does with one call. The last of a script goes on for ever.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// The body of an HTTP 200.
    Body(&'static str),
    /// The same in bytes.
    Raw(Vec<u8>),
    /// DEVUELTA with one error.
    Returned(&'static str),
    /// One `autorizacion` over the bytes that were submitted last under the key.
    Decided(&'static str),
    /// The same over these bytes.
    DecidedOver(&'static str, Vec<u8>),
    /// Zero `autorizacion`.
    NotFound,
    Refused,
    TimedOut,
    Broken,
    Status(u16),
    TooLarge,
    /// RECIBIDA after so many seconds.
    Late(u64),
    /// Never answers.
    Hang,
    /// The second one once so many submissions were seen and so many hours
    /// passed since the first call; the first one before.
    Until(usize, u64, Box<(Reply, Reply)>),
}

pub(crate) const RECEIVED: Reply = Reply::Body(answers::RECEIVED);
pub(crate) const HTML: Reply = Reply::Body("<html><body>Mantenimiento<br></body></html>");
pub(crate) const AUTHORIZED: Reply = Reply::Decided("AUTORIZADO");

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Submit(Vec<u8>),
    Ask,
}

/// A call that was seen, and when.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) call: Call,
    pub(crate) at: Instant,
}

pub(crate) struct Scripted {
    submits: Mutex<VecDeque<Reply>>,
    asks: Mutex<VecDeque<Reply>>,
    seen: Mutex<Vec<Seen>>,
    /// The file submitted last under each key.
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Scripted {
    pub(crate) fn new(
        submits: impl IntoIterator<Item = Reply>,
        asks: impl IntoIterator<Item = Reply>,
    ) -> Self {
        Self {
            submits: Mutex::new(submits.into_iter().collect()),
            asks: Mutex::new(asks.into_iter().collect()),
            seen: Mutex::default(),
            files: Mutex::default(),
        }
    }

    /// What is said from now on.
    pub(crate) fn now_says(&self, submit: Reply, ask: Reply) {
        *self.submits.lock() = [submit].into();
        *self.asks.lock() = [ask].into();
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().clone()
    }

    /// The bytes of every submission.
    pub(crate) fn submissions(&self) -> Vec<Vec<u8>> {
        let bytes = |seen: Seen| match seen.call {
            Call::Submit(bytes) => Some(bytes),
            Call::Ask => None,
        };
        self.seen().into_iter().filter_map(bytes).collect()
    }

    /// The `secuencial` of every submission.
    pub(crate) fn numbers_sent(&self) -> Vec<u32> {
        let number = |file: Vec<u8>| {
            let text = String::from_utf8(file).unwrap();
            let (_, rest) = text.split_once("<secuencial>").unwrap();
            rest.split_once('<').unwrap().0.parse().unwrap()
        };
        self.submissions().into_iter().map(number).collect()
    }

    pub(crate) fn questions(&self) -> usize {
        self.seen().len() - self.submissions().len()
    }

    fn note(&self, call: Call, script: &Mutex<VecDeque<Reply>>) -> Reply {
        let at = Instant::now();
        self.seen.lock().push(Seen { call, at });
        let mut script = script.lock();
        let reply = match script.len() {
            0 => panic!("nothing was expected here"),
            1 => script[0].clone(),
            _ => script.pop_front().unwrap(),
        };
        self.by_now(reply)
    }

    fn by_now(&self, reply: Reply) -> Reply {
        let Reply::Until(submissions, hours, replies) = reply else {
            return reply;
        };
        let (before, after) = *replies;
        let waited = self.seen()[0].at.elapsed() >= HOUR * u32::try_from(hours).unwrap();
        match waited && self.submissions().len() >= submissions {
            true => after,
            false => before,
        }
    }

    async fn body(&self, reply: Reply, key: &str) -> Result<Bytes, CallError> {
        let over = |state, bytes: &[u8]| {
            let entry = Entry {
                state,
                number: (state == "AUTORIZADO").then_some(key),
                date: Some("2023-11-14T17:13:20-05:00"),
                document: Some(std::str::from_utf8(bytes).unwrap()),
                messages: match state {
                    "NO AUTORIZADO" => &[("39", "ERROR")],
                    _ => &[("60", "ADVERTENCIA")],
                },
            };
            answers::authorization(Some(key), &[entry])
        };
        Ok(match reply {
            Reply::Body(body) => Bytes::from_static(body.as_bytes()),
            Reply::Raw(body) => body.into(),
            Reply::Returned(number) => answers::returned(key, &[(number, "ERROR")]).into(),
            Reply::Decided(state) => {
                let files = self.files.lock();
                over(state, files.get(key).map_or(&[], Vec::as_slice)).into()
            }
            Reply::DecidedOver(state, bytes) => over(state, &bytes).into(),
            Reply::NotFound => answers::authorization(Some(key), &[]).into(),
            Reply::Late(seconds) => {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                Bytes::from_static(answers::RECEIVED.as_bytes())
            }
            Reply::Hang => std::future::pending().await,
            failure => return Err(failed(failure)),
        })
    }
}

fn failed(reply: Reply) -> CallError {
    let raw = Bytes::from_static(b"<html>");
    // Any error of the HTTP client will do: only the variant counts.
    let source = || reqwest::Proxy::all("http://[").unwrap_err();
    match reply {
        Reply::Refused => CallError::NotConnected(source()),
        Reply::Broken => CallError::Broken(source()),
        Reply::Status(status) => CallError::Status { status, raw },
        Reply::TooLarge => CallError::TooLarge { limit: 6, raw },
        _ => CallError::TimedOut,
    }
}

pub(crate) fn answer<T>(
    raw: Bytes,
    read: impl FnOnce(&[u8]) -> Result<T, ReadError>,
) -> Result<Answer<T>, CallError> {
    match read(&raw) {
        Ok(reading) => Ok(Answer {
            raw,
            reading,
            date: None,
        }),
        Err(source) => Err(CallError::Unreadable { source, raw }),
    }
}

#[async_trait]
impl Authority for Scripted {
    async fn submit(&self, signed: &[u8], key: &str) -> Result<Answer<Reception>, CallError> {
        let reply = self.note(Call::Submit(signed.to_vec()), &self.submits);
        self.files.lock().insert(key.to_owned(), signed.to_vec());
        let body = self.body(reply, key).await?;
        answer(body, |body| read_reception(body, key))
    }

    async fn ask(&self, key: &str) -> Result<Answer<AuthorizationReading>, CallError> {
        let reply = self.note(Call::Ask, &self.asks);
        let body = self.body(reply, key).await?;
        answer(body, |body| read_authorization(body, key))
    }
}
