//! The accept loop: one task a connection, with the limits that keep a slow or
//! greedy client from holding anything for long.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioTimer;
use tagua_pipeline::Random;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;
use tracing::Instrument;

use crate::addresses::Addresses;
use crate::error::ApiError;
use crate::metrics::{Metrics, Reason};
use crate::paths;
use crate::refused;
use crate::request::{BODY_TIME, BodyTime};
use crate::request_id;
use crate::routes::health::Peer;
use crate::watched::Watched;

/// The limits of the listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenerLimits {
    /// For a request's header to arrive; idle connections are closed after it too.
    pub header_time: Duration,
    /// Bytes of a request's header.
    pub header_bytes: usize,
    /// For a request's body to arrive.
    pub body_time: Duration,
    /// For a client to read anything at all of an answer that waits to be written.
    pub write_time: Duration,
    /// Connections at once; further ones wait in the kernel's queue.
    pub connections: usize,
    /// Connections at once of one address; 0 for any number. This machine's own
    /// addresses are not counted unless `count_loopback`: a proxy on it speaks
    /// for everybody.
    pub connections_per_address: usize,
    /// Whether connections from this machine count as well.
    pub count_loopback: bool,
    /// How long a graceful stop waits for requests in flight.
    pub stop_time: Duration,
}

impl Default for ListenerLimits {
    fn default() -> Self {
        Self {
            header_time: Duration::from_secs(10),
            header_bytes: 16 * 1024,
            body_time: BODY_TIME,
            write_time: Duration::from_secs(30),
            connections: 2_000,
            connections_per_address: 100,
            count_loopback: false,
            stop_time: Duration::from_secs(8),
        }
    }
}

const DRAIN_BYTES: usize = 4 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// What a connection shares with every other.
#[derive(Clone)]
struct Shared {
    router: Router,
    metrics: Arc<Metrics>,
    limits: ListenerLimits,
    random: Arc<dyn Random>,
    stop: watch::Receiver<bool>,
}

/// Serves until `stop` turns true or its sender is gone, then lets requests in
/// flight end. `random` names the requests that have no `X-Request-Id`;
/// `metrics` counts the connections that are turned away.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ListenerLimits,
    random: Arc<dyn Random>,
    metrics: Arc<Metrics>,
    stop: watch::Receiver<bool>,
) {
    let shared = Shared {
        router,
        metrics,
        limits,
        random,
        stop: stop.clone(),
    };
    let addresses = Addresses::new(&limits);
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    let mut stopping = pin!(stopped(stop));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            let (stream, peer) = usable(listener.accept().await).await?;
            Some((place, stream, peer))
        };
        tokio::select! {
            () = &mut stopping => break,
            next = next => {
                if let Some((place, stream, peer)) = next {
                    let shared = shared.clone();
                    let of_address = addresses.enter(peer.ip());
                    connections.spawn(async move {
                        match of_address {
                            Some(_of_address) => connection(stream, peer, shared).await,
                            None => turn_away(stream, &shared).await,
                        }
                        drop(place);
                    });
                }
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.stop_time, drained)
        .await
        .is_err()
    {
        tracing::warn!("connections were closed with requests in flight");
    }
}

async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Out of descriptors is a reason to wait, not to spin or to stop.
async fn usable(accepted: io::Result<(TcpStream, SocketAddr)>) -> Option<(TcpStream, SocketAddr)> {
    match accepted {
        Ok((stream, peer)) => {
            let _ = stream.set_nodelay(true);
            Some((stream, peer))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

/// A connection too many of its address: a word, and the end.
async fn turn_away(mut stream: TcpStream, shared: &Shared) {
    shared.metrics.refused(Reason::Connections);
    let answer = refused::TOO_MANY_CONNECTIONS.bytes(&*shared.random);
    let written = stream.write_all(&answer);
    if let Ok(Ok(())) = tokio::time::timeout(shared.limits.write_time, written).await {
        close(stream).await;
    }
}

async fn connection(stream: TcpStream, peer: SocketAddr, shared: Shared) {
    let limits = shared.limits;
    let header_started = Arc::new(AtomicBool::new(false));
    let (service, flag) = (shared.clone(), Arc::clone(&header_started));
    let service = service_fn(move |request| {
        Box::pin(answer(service.clone(), peer, request, Arc::clone(&flag)))
    });
    let io = Watched::new(stream, Arc::clone(&header_started), limits.write_time);
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(limits.header_bytes)
        .serve_connection(io, service);
    let mut stopping = pin!(stopped(shared.stop));
    let mut asked_to_stop = false;
    let ended = loop {
        let ended = tokio::select! {
            ended = poll_fn(|cx| connection.poll_without_shutdown(cx)) => Some(ended),
            () = &mut stopping, if !asked_to_stop => None,
        };
        if let Some(ended) = ended {
            break ended;
        }
        asked_to_stop = true;
        Pin::new(&mut connection).graceful_shutdown();
    };
    let timed_out = ended.is_err_and(|error| error.is_timeout());
    let (mut stream, mut said) = connection.into_parts().io.into_inner();
    if timed_out && header_started.load(Ordering::Relaxed) {
        said = Some(refused::HEADER_TIMEOUT);
    }
    if let Some(refused) = said {
        let _ = stream.write_all(&refused.bytes(&*shared.random)).await;
    }
    close(stream).await;
}

/// Closing with unread bytes in the receive queue resets the connection, and a
/// client still sending would lose the answer that says why. So: say that
/// nothing more comes, then read a little on.
async fn close(mut stream: TcpStream) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let drain = async {
        let mut left = DRAIN_BYTES;
        let mut buffer = [0; 8 * 1024];
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            left = left.saturating_sub(count);
            if left == 0 {
                return;
            }
        }
    };
    let _ = tokio::time::timeout(DRAIN_TIME, drain).await;
}

async fn answer(
    shared: Shared,
    peer: SocketAddr,
    mut request: Request<Incoming>,
    header_started: Arc<AtomicBool>,
) -> Result<Response<Body>, Infallible> {
    let id = request_id::of(request.headers(), &*shared.random);
    paths::normalize(&mut request);
    let limit = BodyTime(shared.limits.body_time);
    request.extensions_mut().insert(limit);
    request.extensions_mut().insert(Peer(peer));
    let work = caught(shared.router.oneshot(request.map(Body::new)));
    let response = work.instrument(request_id::span(&id)).await;
    header_started.store(false, Ordering::Relaxed);
    let mut response = match response {
        Some(response) => response?,
        None => ApiError::Internal("a handler panicked").into_response(),
    };
    response.headers_mut().insert(request_id::HEADER, id);
    Ok(response)
}

/// The outcome of `work`; `None` where it panicked. The other requests of the
/// process go on, and this one is answered.
async fn caught<F: Future>(work: F) -> Option<F::Output> {
    let mut work = pin!(work);
    poll_fn(|cx| {
        // After a panic the future is never polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)));
        polled.map_or(Poll::Ready(None), |polled| polled.map(Some))
    })
    .await
}
