//! A connection's bytes, watched for two kinds of slowness that hyper does not
//! tell or does not limit.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::Sleep;

use crate::refused::Refused;

/// Notes whether a header has begun to arrive: only then is a timeout worth an
/// answer. On an idle connection a 408 could be taken for the answer to the
/// next request. And a client that reads nothing of its answer holds its
/// connection no longer than `write_time`.
pub(crate) struct Watched {
    io: TokioIo<TcpStream>,
    header_started: Arc<AtomicBool>,
    write_time: Duration,
    /// Runs while a write makes no progress.
    stalled: Option<Pin<Box<Sleep>>>,
    /// What hyper wanted to refuse by itself, without a word.
    refused: Option<Refused>,
}

impl Watched {
    pub(crate) fn new(
        stream: TcpStream,
        header_started: Arc<AtomicBool>,
        write_time: Duration,
    ) -> Self {
        Self {
            io: TokioIo::new(stream),
            header_started,
            write_time,
            stalled: None,
            refused: None,
        }
    }

    /// The stream, and the refusal that was kept back from it.
    pub(crate) fn into_inner(self) -> (TcpStream, Option<Refused>) {
        (self.io.into_inner(), self.refused)
    }

    /// Keeps hyper's own refusals back: they have no body. True where these
    /// bytes are one.
    fn keeps_back(&mut self, bytes: &[u8]) -> bool {
        let refused = Refused::of_hyper(bytes);
        self.refused = self.refused.or(refused);
        refused.is_some()
    }

    fn progress<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stalled = None;
            return polled;
        }
        let write_time = self.write_time;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(write_time)));
        match stalled.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
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
        if self.keeps_back(buf) {
            return Poll::Ready(Ok(buf.len()));
        }
        let polled = Pin::new(&mut self.io).poll_write(cx, buf);
        self.progress(cx, polled)
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
        if let [only] = bufs
            && self.keeps_back(only)
        {
            return Poll::Ready(Ok(only.len()));
        }
        let polled = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.progress(cx, polled)
    }
}
