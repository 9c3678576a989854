//! A cheap HTTP/1.1 client: the load runs on the same cores as the server, so
//! it must not cost what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::micros;
use crate::failure::{Failure, While};

/// A kept-alive connection.
pub(super) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A status and a body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address)
            .await
            .during("no connection to the server")?;
        stream
            .set_nodelay(true)
            .during("no connection to the server")?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    pub(super) async fn send(&mut self, request: &[u8]) -> Result<Answer, Failure> {
        self.stream
            .write_all(request)
            .await
            .during("the request broke off")?;
        self.buffer.clear();
        loop {
            if let Some(answer) = complete(&self.buffer) {
                return Ok(answer);
            }
            let count = self
                .stream
                .read_buf(&mut self.buffer)
                .await
                .during("the answer broke off")?;
            if count == 0 {
                return Err(Failure::new("the server closed the connection"));
            }
        }
    }

    /// Issues; the id of the document.
    pub(super) async fn issue(&mut self, request: &[u8]) -> Result<String, Failure> {
        let answer = self.send(request).await?;
        if answer.status != 200 {
            return Err(answer.refused());
        }
        let id = answer.body.split_once("\"id\":\"");
        let id = id.and_then(|(_, rest)| rest.split_once('"'));
        id.map(|(id, _)| id.to_owned())
            .ok_or_else(|| answer.refused())
    }

    /// Whether the document that this asks for is authorized.
    pub(super) async fn authorized(&mut self, query: &[u8]) -> Result<bool, Failure> {
        let answer = self.send(query).await?;
        match answer.status {
            200 => Ok(answer.body.contains("\"estado\":\"AUTORIZADO\"")),
            _ => Err(answer.refused()),
        }
    }

    /// How many documents the server has seen authorized since it started.
    pub(super) async fn authorized_so_far(&mut self) -> Result<u32, Failure> {
        const COUNTER: &str = "tagua_transitions_total{stage=\"authorized\"} ";
        let answer = self
            .send(b"GET /metrics HTTP/1.1\r\nHost: bench\r\n\r\n")
            .await?;
        let count = answer.body.split_once(COUNTER);
        let count = count.and_then(|(_, rest)| rest.lines().next()?.parse().ok());
        count.ok_or_else(|| answer.refused())
    }
}

impl Answer {
    fn refused(&self) -> Failure {
        Failure::new(format!("answer {}: {}", self.status, self.body))
    }
}

/// The answer, once its announced length is there.
fn complete(buffer: &[u8]) -> Option<Answer> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(buffer.get(..end)?).ok()?;
    // As hyper writes it.
    let length = head.split_once("content-length: ")?.1.split_once('\r')?.0;
    let body = buffer.get(end..end + length.parse::<usize>().ok()?)?;
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        body: std::str::from_utf8(body).ok()?.to_owned(),
    })
}

/// The request that issues one invoice.
pub(super) fn issue_request(key: &str, password: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /invoices/issue HTTP/1.1\r\nHost: bench\r\nX-Key: {key}\r\nX-Password: {password}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Issues from `connections` connections for `time`; gives the microseconds of
/// every answer.
pub(super) async fn run(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    request: impl Fn(u32) -> Vec<u8> + Send + Sync + 'static,
) -> Result<Vec<u64>, Failure> {
    let (request, next) = (Arc::new(request), Arc::new(AtomicU32::new(1)));
    let mut clients = JoinSet::new();
    let until = Instant::now() + time;
    for _ in 0..connections {
        let (request, next) = (Arc::clone(&request), Arc::clone(&next));
        clients.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut latencies = Vec::new();
            while Instant::now() < until {
                let bytes = request(next.fetch_add(1, Ordering::Relaxed));
                let started = Instant::now();
                let answer = connection.send(&bytes).await?;
                latencies.push(micros(started.elapsed()));
                if answer.status != 200 {
                    return Err(answer.refused());
                }
            }
            Ok(latencies)
        });
    }
    let mut all = Vec::new();
    while let Some(client) = clients.join_next().await {
        all.extend(client.during("a client ended")??);
    }
    all.sort_unstable();
    Ok(all)
}
