//! The accept loop: one task a connection, with the limits that keep a slow or
//! greedy client from holding anything for long.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::paths;

/// The limits of the listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListenerLimits {
    /// For a request's header to arrive; idle connections are closed after it too.
    pub header_time: Duration,
    /// Bytes of a request's header.
    pub header_bytes: usize,
    /// Connections at once; further ones wait in the kernel's queue.
    pub connections: usize,
    /// How long a graceful stop waits for requests in flight.
    pub stop_time: Duration,
}

impl Default for ListenerLimits {
    fn default() -> Self {
        Self {
            header_time: Duration::from_secs(10),
            header_bytes: 16 * 1024,
            connections: 2_000,
            stop_time: Duration::from_secs(8),
        }
    }
}

const DRAIN_BYTES: usize = 4 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(1);

const HEADER_TIMEOUT: &str = concat!(
    "HTTP/1.1 408 Request Timeout\r\n",
    "content-type: application/json\r\nconnection: close\r\n\r\n",
    r#"{"message":"La petición no llegó a tiempo","code":"REQUEST_TIMEOUT","#,
    r#""details":"La cabecera debe llegar completa en 10 segundos; repita la petición","#,
    r#""parameter":null,"value":null,"errors":[]}"#,
);

/// Serves until `stop` turns true, then lets requests in flight end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ListenerLimits,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    while !*stop.borrow() {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        tokio::select! {
            accepted = listener.accept() => {
                if let Some(stream) = usable(accepted).await {
                    let connection = connection(stream, router.clone(), limits, stop.clone());
                    connections.spawn(async move {
                        connection.await;
                        drop(place);
                    });
                }
            }
            _ = stop.changed() => {}
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

/// Out of descriptors is a reason to wait, not to spin or to stop.
async fn usable(accepted: io::Result<(TcpStream, SocketAddr)>) -> Option<TcpStream> {
    match accepted {
        Ok((stream, _)) => {
            let _ = stream.set_nodelay(true);
            Some(stream)
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn connection(
    stream: TcpStream,
    router: Router,
    limits: ListenerLimits,
    mut stop: watch::Receiver<bool>,
) {
    let header_started = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&header_started);
    let service =
        service_fn(move |request| Box::pin(answer(router.clone(), request, Arc::clone(&flag))));
    let io = Watched {
        io: TokioIo::new(stream),
        header_started: Arc::clone(&header_started),
    };
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_header_size(limits.header_bytes)
        .serve_connection(io, service);
    let mut stopping = false;
    let ended = loop {
        if *stop.borrow_and_update() && !stopping {
            stopping = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        tokio::select! {
            ended = poll_fn(|cx| connection.poll_without_shutdown(cx)) => break ended,
            _ = stop.changed(), if !stopping => {}
        }
    };
    let timed_out = ended.is_err_and(|error| error.is_timeout());
    let mut stream = connection.into_parts().io.io.into_inner();
    if timed_out && header_started.load(Ordering::Relaxed) {
        let _ = stream.write_all(HEADER_TIMEOUT.as_bytes()).await;
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
    router: Router,
    mut request: Request<Incoming>,
    header_started: Arc<AtomicBool>,
) -> Result<Response<Body>, Infallible> {
    paths::normalize(&mut request);
    let response = router.oneshot(request.map(Body::new)).await;
    header_started.store(false, Ordering::Relaxed);
    response
}

/// Notes whether a header has begun to arrive: only then is a timeout worth an
/// answer. On an idle connection a 408 could be taken for the answer to the
/// next request.
struct Watched {
    io: TokioIo<TcpStream>,
    header_started: Arc<AtomicBool>,
}

impl Read for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.io).poll_read(cx, buf);
        if let Poll::Ready(Ok(())) = polled {
            self.header_started.store(true, Ordering::Relaxed);
        }
        polled
    }
}

impl Write for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }
}
