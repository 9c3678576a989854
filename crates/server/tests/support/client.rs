//! A client that sends exactly the bytes it is told to.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value as Json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than any answer may take, and shorter than any limit by default.
const LONG: Duration = Duration::from_secs(9);

/// A request in the making.
#[derive(Clone)]
pub(crate) struct Call {
    line: String,
    headers: Vec<u8>,
    body: Option<Vec<u8>>,
}

impl Call {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            line: format!("{method} {path} HTTP/1.1\r\nHost: tagua\r\n"),
            headers: Vec::new(),
            body: None,
        }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub(crate) fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.extend_from_slice(name.as_bytes());
        self.headers.extend_from_slice(b": ");
        self.headers.extend_from_slice(value.as_ref());
        self.headers.extend_from_slice(b"\r\n");
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("X-Key", key)
    }

    pub(crate) fn password(self, password: &str) -> Self {
        self.header("X-Password", password)
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub(crate) fn json(self, body: &Json) -> Self {
        self.header("Content-Type", "application/json")
            .body(body.to_string())
    }

    /// The bytes of the request on a connection that stays open.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.line.clone().into_bytes();
        bytes.extend_from_slice(&self.headers);
        if let Some(body) = &self.body {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(self.body.as_deref().unwrap_or_default());
        bytes
    }

    /// Sends on a connection of its own. Holds no reference, so that it can
    /// run beside others.
    pub(crate) fn send(self, to: SocketAddr) -> impl Future<Output = Answer> + 'static {
        let bytes = self.header("Connection", "close").bytes();
        async move {
            let mut wire = Wire::open(to).await;
            wire.send(&bytes).await;
            wire.answer().await.unwrap()
        }
    }
}

/// A connection.
pub(crate) struct Wire {
    pub(crate) stream: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    pub(crate) async fn open(to: SocketAddr) -> Self {
        Self {
            stream: TcpStream::connect(to).await.unwrap(),
            read: Vec::new(),
        }
    }

    /// Sends as much as the server takes: it may have answered and closed.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next answer; `None` at the end of the connection.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let head = loop {
            if let Some(end) = self.read.windows(4).position(|part| part == b"\r\n\r\n") {
                break self.read.drain(..end + 4).collect::<Vec<_>>();
            }
            if !self.more().await {
                assert!(self.read.is_empty(), "cut: {:?}", self.read);
                return None;
            }
        };
        let mut answer = Answer::head(std::str::from_utf8(&head).unwrap());
        if answer.status == 100 {
            return Some(answer);
        }
        let length = answer.header("content-length");
        let length = length.map_or(usize::MAX, |length| length.parse().unwrap());
        while self.read.len() < length && self.more().await {}
        let length = length.min(self.read.len());
        answer.body = self.read.drain(..length).collect();
        Some(answer)
    }

    /// Whether the server ends the connection without another byte.
    pub(crate) async fn ends_silently(&mut self) -> bool {
        self.read.is_empty() && !self.more().await
    }

    /// Whether the connection is closed, and not reset, after what was read.
    pub(crate) async fn ends_in_order(&mut self) -> bool {
        self.read.is_empty() && self.stream.read_buf(&mut self.read).await.ok() == Some(0)
    }

    async fn more(&mut self) -> bool {
        let read = self.stream.read_buf(&mut self.read);
        let read = tokio::time::timeout(LONG, read).await;
        read.expect("an answer in time").unwrap_or(0) > 0
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    fn head(text: &str) -> Self {
        let mut lines = text.split("\r\n").filter(|line| !line.is_empty());
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let header = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        };
        Self {
            status: status.parse().unwrap(),
            headers: lines.map(header).collect(),
            body: Vec::new(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(own, _)| own == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Json {
        let kind = self.header("content-type");
        assert_eq!(kind, Some("application/json; charset=utf-8"), "{self:?}");
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    /// Checks the shape of an error and gives its findings as (parameter, code).
    #[track_caller]
    pub(crate) fn findings(&self) -> Vec<(String, String)> {
        let body = self.json();
        let errors = body["errors"].as_array().unwrap().clone();
        assert!(!errors.is_empty(), "{body}");
        for field in ["message", "code", "details", "parameter", "value"] {
            assert_eq!(body[field], errors[0][field], "{field} of {body}");
        }
        let finding = |error: &Json| {
            assert_eq!(error.as_object().unwrap().len(), 5, "{error}");
            for field in ["message", "code", "details"] {
                assert!(!error[field].as_str().unwrap().is_empty(), "{error}");
            }
            let parameter = error["parameter"].as_str().unwrap_or_default();
            (
                parameter.to_owned(),
                error["code"].as_str().unwrap().to_owned(),
            )
        };
        errors.iter().map(finding).collect()
    }

    /// That it is an error with exactly these findings.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, findings: &[(&str, &str)]) {
        assert_eq!(self.status, status, "{}", self.text());
        let own = |(parameter, code): &(&str, &str)| ((*parameter).to_owned(), (*code).to_owned());
        assert_eq!(
            self.findings(),
            findings.iter().map(own).collect::<Vec<_>>()
        );
    }
}
