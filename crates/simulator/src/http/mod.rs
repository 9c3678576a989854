//! HTTP/1.1 in front of the authority.
//!
//! Connections are served with hyper itself: a simulator must be able to close a
//! connection without an answer, or in the middle of one.

mod body;
mod control;

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CONTENT_TYPE, HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::faults::Fault;
use crate::ledger::Service;
use crate::simulator::{Answer, Inner, Simulator};
use crate::{soap, wsdl};
use body::ReplyBody;

const RECEPTION_PATH: &str = "/comprobantes-electronicos-ws/RecepcionComprobantesOffline";
const AUTHORIZATION_PATH: &str = "/comprobantes-electronicos-ws/AutorizacionComprobantesOffline";
const CONTROL_PATH: &str = "/simulator/control";

/// A document of 320 KB in base64 with its envelope, and room to see that one is
/// too large (26).
const BODY_BYTES_MAX: usize = 1 << 20;
/// Also the time a connection may lie idle: more than clients keep one in their
/// pool (90 s is usual), so that it is not closed under a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(120);
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
const HOLD_MAX: Duration = Duration::from_secs(600);
/// How long open requests may take after the shutdown began.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

type Reply = Response<ReplyBody>;

/// The connection is to be closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on demand")]
struct Hangup;

impl Simulator {
    /// Serves both services until `shutdown` resolves, then lets open requests finish
    /// for a few seconds.
    ///
    /// Besides, `POST /simulator/control` from a loopback address queues faults.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> std::io::Result<()> {
        let slots = Arc::new(Semaphore::new(self.inner.config.connections_max));
        let (closing, closed) = watch::channel(());
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                Some(_) = connections.join_next() => continue,
                accepted = accept(&listener, &slots) => accepted,
            };
            let Some((stream, peer, slot)) = accepted else {
                continue;
            };
            let inner = Arc::clone(&self.inner);
            let closed = closed.clone();
            connections.spawn(async move {
                serve_connection(inner, stream, peer, closed).await;
                drop(slot);
            });
        }
        drop(closing);
        let drained = async { while connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, drained).await;
        Ok(())
    }
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, slot)),
        Err(error) => {
            // For example no file descriptor left: wait for one to come free.
            tracing::warn!(%error, "the simulator cannot accept a connection");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn serve_connection(
    inner: Arc<Inner>,
    stream: TcpStream,
    peer: SocketAddr,
    mut closed: watch::Receiver<()>,
) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let inner = Arc::clone(&inner);
        async move { handle(&inner, peer, request).await }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service)
    );
    tokio::select! {
        // Clients hang up as they like, and so do faults on demand.
        _ = connection.as_mut() => return,
        _ = closed.changed() => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

async fn handle(
    inner: &Inner,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Reply, Hangup> {
    let service = match request.uri().path() {
        RECEPTION_PATH => Service::Recepcion,
        AUTHORIZATION_PATH => Service::Autorizacion,
        CONTROL_PATH => return Ok(control::handle(inner, peer, request).await),
        _ => return Ok(plain(StatusCode::NOT_FOUND, "not found")),
    };
    match *request.method() {
        Method::GET => Ok(description(service, &request)),
        Method::POST => answer(inner, service, request).await,
        _ => {
            let mut reply = plain(StatusCode::METHOD_NOT_ALLOWED, "GET ?wsdl or POST");
            let methods = HeaderValue::from_static("GET, POST");
            reply.headers_mut().insert(ALLOW, methods);
            Ok(reply)
        }
    }
}

fn description(service: Service, request: &Request<Incoming>) -> Reply {
    let asks_wsdl = request
        .uri()
        .query()
        .is_some_and(|query| query.eq_ignore_ascii_case("wsdl"));
    if !asks_wsdl {
        return plain(StatusCode::NOT_FOUND, "add ?wsdl");
    }
    let host = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok());
    let is_plain = |host: &&str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        host.bytes().all(allowed)
    };
    let host = host.filter(is_plain).unwrap_or("localhost");
    let address = format!("http://{host}{}", request.uri().path());
    let text = match service {
        Service::Recepcion => wsdl::reception(&address),
        Service::Autorizacion => wsdl::authorization(&address),
    };
    xml(StatusCode::OK, text)
}

async fn answer(
    inner: &Inner,
    service: Service,
    request: Request<Incoming>,
) -> Result<Reply, Hangup> {
    let body = match read_body(request).await {
        Ok(body) => body,
        Err(reply) => return Ok(reply),
    };
    match inner.answer(service, &body).await {
        Ok(answer) => deliver(answer).await,
        Err(error) => Ok(server_fault(&error.to_string())),
    }
}

async fn read_body(request: Request<Incoming>) -> Result<Bytes, Reply> {
    let collecting = Limited::new(request.into_body(), BODY_BYTES_MAX).collect();
    match tokio::time::timeout(BODY_TIMEOUT, collecting).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too large",
        )),
        Ok(Err(_)) => Err(plain(StatusCode::BAD_REQUEST, "the body is not complete")),
        Err(_) => Err(plain(StatusCode::REQUEST_TIMEOUT, "the body took too long")),
    }
}

/// Sends the answer, or does to it what the fault asks for.
async fn deliver(answer: Answer) -> Result<Reply, Hangup> {
    wait(answer.delay).await;
    let status = if answer.is_fault {
        StatusCode::INTERNAL_SERVER_ERROR
    } else {
        StatusCode::OK
    };
    let text = answer.body;
    let body = match answer.fault {
        Some(Fault::AcceptThenTimeout { hold_ms } | Fault::LoseThenTimeout { hold_ms }) => {
            wait(Duration::from_millis(hold_ms)).await;
            return Err(Hangup);
        }
        Some(Fault::Reset { .. }) => return Err(Hangup),
        Some(Fault::Http500 { .. }) => return Ok(server_fault("Error interno general")),
        Some(Fault::Http503 { .. }) => return Ok(unavailable()),
        Some(Fault::Html { .. }) => return Ok(maintenance()),
        Some(Fault::Slow { delay_ms }) => {
            wait(Duration::from_millis(delay_ms)).await;
            ReplyBody::whole(text)
        }
        Some(Fault::Drip { pause_ms }) => {
            ReplyBody::dripping(text, Duration::from_millis(pause_ms))
        }
        Some(Fault::Empty { .. }) => ReplyBody::whole(String::new()),
        Some(Fault::Truncated) => ReplyBody::cut_in_half(text),
        Some(Fault::CutShort) => ReplyBody::half(text),
        Some(Fault::Misencoded) => ReplyBody::latin_1(&text),
        Some(Fault::ByteOrderMark) => ReplyBody::whole(format!("\u{feff}{text}")),
        _ => ReplyBody::whole(text),
    };
    let mut reply = xml(status, String::new());
    *reply.body_mut() = body;
    Ok(reply)
}

async fn wait(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time.min(HOLD_MAX)).await;
    }
}

fn unavailable() -> Reply {
    let page = "<html><body><h1>503 Service Unavailable</h1>No server is available to handle this request.</body></html>";
    let status = StatusCode::SERVICE_UNAVAILABLE;
    typed(status, "text/html", page.to_owned())
}

fn server_fault(reason: &str) -> Reply {
    let text = soap::write_fault(reason, soap::Blame::Server);
    xml(StatusCode::INTERNAL_SERVER_ERROR, text)
}

fn maintenance() -> Reply {
    let page = "<!DOCTYPE html><html><head><title>SRI</title></head><body><h1>Servicio en mantenimiento</h1><p>Página del simulador</p></body></html>";
    typed(StatusCode::OK, "text/html; charset=utf-8", page.to_owned())
}

fn xml(status: StatusCode, text: String) -> Reply {
    typed(status, "text/xml;charset=UTF-8", text)
}

fn plain(status: StatusCode, text: &str) -> Reply {
    typed(status, "text/plain; charset=utf-8", text.to_owned())
}

fn typed(status: StatusCode, content_type: &'static str, text: String) -> Reply {
    let mut reply = Response::new(ReplyBody::whole(text));
    *reply.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    reply.headers_mut().insert(CONTENT_TYPE, content_type);
    reply
}
