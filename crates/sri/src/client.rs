//! The HTTP side: one POST per question, with hard limits.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use crate::answer::{
    AuthorizationReading, ReadError, Reception, read_authorization, read_reception,
};
use crate::envelope::{ask_envelope, submit_envelope};

/// The addresses of the two services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// `RecepcionComprobantesOffline`.
    pub reception: String,
    /// `AutorizacionComprobantesOffline`.
    pub authorization: String,
}

impl Endpoints {
    /// The services under a base address such as `https://celcer.sri.gob.ec`
    /// (ficha técnica, sections 7.2 and 8.2).
    pub fn under(base: &str) -> Self {
        let base = base.trim_end_matches('/');
        let path = "comprobantes-electronicos-ws";
        Self {
            reception: format!("{base}/{path}/RecepcionComprobantesOffline"),
            authorization: format!("{base}/{path}/AutorizacionComprobantesOffline"),
        }
    }

    /// SRI's test environment.
    pub fn sri_test() -> Self {
        Self::under("https://celcer.sri.gob.ec")
    }

    /// SRI's production environment.
    pub fn sri_production() -> Self {
        Self::under("https://cel.sri.gob.ec")
    }
}

/// How long and how much the client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To open a connection.
    pub connect: Duration,
    /// For the whole call.
    pub total: Duration,
    /// Bytes of an answer.
    pub answer_bytes: usize,
}

impl Default for Limits {
    /// 5 s, 30 s, 2 MiB.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            total: Duration::from_secs(30),
            answer_bytes: 2 * 1024 * 1024,
        }
    }
}

/// The client could not be built.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be set up")]
pub struct ClientError(#[source] reqwest::Error);

/// An answer: the bytes as they came and what they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// The body, untouched.
    pub raw: Bytes,
    /// What it says.
    pub reading: T,
    /// The answer's `Date` (RFC 9110, section 6.6.1), as it came: what time SRI has.
    pub date: Option<String>,
}

/// No usable answer. Only [`CallError::NotConnected`] proves that nothing left.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No connection was made: not a byte of the document left.
    #[error("no connection to SRI could be made")]
    NotConnected(#[source] reqwest::Error),
    /// The time ran out.
    #[error("SRI did not answer in time")]
    TimedOut,
    /// The connection broke.
    #[error("the connection to SRI broke")]
    Broken(#[source] reqwest::Error),
    /// An HTTP status other than success without a readable SOAP answer.
    #[error("SRI answered HTTP {status}")]
    Status {
        /// The status.
        status: u16,
        /// The body.
        raw: Bytes,
    },
    /// More bytes than the limit.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
        /// What came before the cut.
        raw: Bytes,
    },
    /// A body that is not the answer asked for.
    #[error("the answer cannot be used")]
    Unreadable {
        /// Why.
        #[source]
        source: ReadError,
        /// The body.
        raw: Bytes,
    },
}

impl CallError {
    /// Whether bytes of the request may have reached SRI.
    pub const fn may_have_left(&self) -> bool {
        !matches!(self, Self::NotConnected(_))
    }

    /// What came back, if anything did: evidence to keep.
    pub fn evidence(&self) -> Option<&Bytes> {
        match self {
            Self::Status { raw, .. }
            | Self::TooLarge { raw, .. }
            | Self::Unreadable { raw, .. } => Some(raw),
            Self::NotConnected(_) | Self::TimedOut | Self::Broken(_) => None,
        }
    }

    /// A stable name for events and metrics.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotConnected(_) => "sri_not_connected",
            Self::TimedOut => "sri_timeout",
            Self::Broken(_) => "sri_connection_broken",
            Self::Status { .. } => "sri_http_status",
            Self::TooLarge { .. } => "sri_answer_too_large",
            Self::Unreadable { .. } => "sri_answer_unreadable",
        }
    }
}

/// A client of one environment of SRI (or of the simulator).
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    endpoints: Endpoints,
    limits: Limits,
}

impl Client {
    /// Redirects are never followed: SRI has none, and its maintenance pages do.
    pub fn new(endpoints: Endpoints, limits: Limits) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder()
            .connect_timeout(limits.connect)
            .timeout(limits.total)
            .redirect(reqwest::redirect::Policy::none())
            .http1_only()
            .tcp_nodelay(true)
            .build()
            .map_err(ClientError)?;
        Ok(Self {
            http,
            endpoints,
            limits,
        })
    }

    /// Sends a signed document (`validarComprobante`).
    pub async fn submit(
        &self,
        signed: &[u8],
        access_key: &str,
    ) -> Result<Answer<Reception>, CallError> {
        let body = submit_envelope(signed);
        let posted = self.post(&self.endpoints.reception, body).await?;
        read(posted, |body| read_reception(body, access_key))
    }

    /// Asks what became of an access key (`autorizacionComprobante`).
    pub async fn ask(&self, access_key: &str) -> Result<Answer<AuthorizationReading>, CallError> {
        let body = ask_envelope(access_key);
        let posted = self.post(&self.endpoints.authorization, body).await?;
        read(posted, |body| read_authorization(body, access_key))
    }

    async fn post(&self, url: &str, body: Vec<u8>) -> Result<Posted, CallError> {
        let response = self
            .http
            .post(url)
            .header("content-type", "text/xml; charset=utf-8")
            .header("soapaction", "\"\"")
            .body(body)
            .send()
            .await
            .map_err(call_error)?;
        let status = response.status().as_u16();
        let date = response.headers().get("date");
        let date = date.and_then(|date| Some(date.to_str().ok()?.to_owned()));
        let raw = self.body(response).await?;
        Ok(Posted { status, date, raw })
    }

    async fn body(&self, mut response: Response) -> Result<Bytes, CallError> {
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(call_error)? {
            body.extend_from_slice(&chunk);
            if body.len() > self.limits.answer_bytes {
                body.truncate(self.limits.answer_bytes);
                return Err(CallError::TooLarge {
                    limit: self.limits.answer_bytes,
                    raw: body.freeze(),
                });
            }
        }
        Ok(body.freeze())
    }
}

/// What came back of a call.
struct Posted {
    status: u16,
    date: Option<String>,
    raw: Bytes,
}

/// Refusals come with HTTP 200. Whatever comes with another status says nothing
/// about the document, even where it reads as an answer.
fn read<T>(
    posted: Posted,
    reader: impl FnOnce(&[u8]) -> Result<T, ReadError>,
) -> Result<Answer<T>, CallError> {
    let Posted { status, date, raw } = posted;
    match reader(&raw) {
        Ok(reading) if (200..300).contains(&status) => Ok(Answer { raw, reading, date }),
        Err(source) if (200..300).contains(&status) => Err(CallError::Unreadable { source, raw }),
        _ => Err(CallError::Status { status, raw }),
    }
}

fn call_error(error: reqwest::Error) -> CallError {
    if error.is_connect() {
        CallError::NotConnected(error)
    } else if error.is_timeout() {
        CallError::TimedOut
    } else {
        CallError::Broken(error)
    }
}
