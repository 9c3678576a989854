//! Bodies of answers: whole ones, and ones that break off.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// The bytes of an answer. The announced length may be more than what comes.
pub(super) struct ReplyBody {
    rest: Option<Bytes>,
    announced: u64,
    breaks_off: bool,
}

impl ReplyBody {
    pub(super) fn whole(text: String) -> Self {
        let bytes = Bytes::from(text);
        Self {
            announced: length(&bytes),
            rest: Some(bytes),
            breaks_off: false,
        }
    }

    pub(super) fn cut_in_half(text: String) -> Self {
        let bytes = Bytes::from(text);
        Self {
            announced: length(&bytes),
            rest: Some(bytes.slice(..bytes.len() / 2)),
            breaks_off: true,
        }
    }
}

fn length(bytes: &Bytes) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(bytes) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if !self.breaks_off {
            return Poll::Ready(None);
        }
        // Gives hyper a turn to send what it has. The end that follows comes before
        // the announced length, and hyper closes the connection for it.
        self.breaks_off = false;
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
