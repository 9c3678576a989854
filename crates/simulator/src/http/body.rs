//! Bodies of answers: whole ones, and ones that break off.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Interval;

/// The bytes of an answer. The announced length may be more than what comes.
pub(super) struct ReplyBody {
    rest: Bytes,
    announced: u64,
    pace: Pace,
}

enum Pace {
    /// All at once; `breaks_off`: then the connection ends.
    AtOnce {
        breaks_off: bool,
    },
    /// One byte at each tick.
    Dripping(Pin<Box<Interval>>),
    Over,
}

impl ReplyBody {
    pub(super) fn whole(text: String) -> Self {
        Self::at_once(Bytes::from(text))
    }

    pub(super) fn cut_in_half(text: String) -> Self {
        let bytes = Bytes::from(text);
        Self {
            announced: length(&bytes),
            rest: bytes.slice(..bytes.len() / 2),
            pace: Pace::AtOnce { breaks_off: true },
        }
    }

    pub(super) fn half(text: String) -> Self {
        let bytes = Bytes::from(text);
        Self::at_once(bytes.slice(..bytes.len() / 2))
    }

    /// Characters that Latin-1 lacks become question marks. Should all be ASCII,
    /// a comment at the end is not.
    pub(super) fn latin_1(text: &str) -> Self {
        let byte = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
        let marked = text.chars().chain("<!-- página -->".chars());
        Self::at_once(marked.map(byte).collect::<Vec<u8>>().into())
    }

    pub(super) fn dripping(text: String, pause: Duration) -> Self {
        let rest = Bytes::from(text);
        let interval = tokio::time::interval(pause.max(Duration::from_millis(1)));
        Self {
            announced: length(&rest),
            rest,
            pace: Pace::Dripping(Box::pin(interval)),
        }
    }

    fn at_once(rest: Bytes) -> Self {
        Self {
            announced: length(&rest),
            rest,
            pace: Pace::AtOnce { breaks_off: false },
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
        if !self.rest.is_empty() {
            let next = match &mut self.pace {
                Pace::Dripping(ticks) => {
                    ready!(ticks.as_mut().poll_tick(context));
                    self.rest.split_to(1)
                }
                _ => self.rest.split_off(0),
            };
            return Poll::Ready(Some(Ok(Frame::data(next))));
        }
        if !matches!(self.pace, Pace::AtOnce { breaks_off: true }) {
            return Poll::Ready(None);
        }
        // Gives hyper a turn to send what it has. The end that follows comes before
        // the announced length, and hyper closes the connection for it.
        self.pace = Pace::Over;
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
