//! What every request of an operation passes: the rate of its key, and the
//! counters.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::Request;
use axum::response::{IntoResponse, Response};
use tower::{Layer, Service};

use crate::app::App;
use crate::error::ApiError;
use crate::limits::Lane;
use crate::metrics::Reason;

/// Puts a [`Gate`] before an operation.
#[derive(Clone)]
pub(crate) struct Gates {
    pub(crate) app: App,
    /// The operation's place in the table.
    pub(crate) operation: usize,
    /// The rate it uses; `None` for what needs no key.
    pub(crate) lane: Option<Lane>,
}

impl<S> Layer<S> for Gates {
    type Service = Gate<S>;

    fn layer(&self, inner: S) -> Gate<S> {
        Gate {
            at: self.clone(),
            inner,
        }
    }
}

/// See [`Gates`].
#[derive(Clone)]
pub(crate) struct Gate<S> {
    at: Gates,
    inner: S,
}

impl<S> Service<Request<Body>> for Gate<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Gates {
            app,
            operation,
            lane,
        } = self.at.clone();
        let headers = request.headers();
        let standing = lane.and_then(|lane| app.limits.request(headers, lane, app.clock.now()));
        let refused = standing.filter(|standing| standing.wait_ms > 0);
        let work = match refused {
            None => Some(self.inner.call(request)),
            Some(_) => None,
        };
        Box::pin(async move {
            let timer = app.metrics.request(operation);
            let mut response = match (work, refused) {
                (Some(work), _) => work.await?,
                (None, standing) => {
                    app.metrics.refused(Reason::Rate);
                    let wait = standing.map_or(1, |standing| standing.wait_seconds());
                    ApiError::RateLimited(wait).into_response()
                }
            };
            if let Some(standing) = standing {
                standing.tell(response.headers_mut());
            }
            timer.answered(response.status());
            Ok(response)
        })
    }
}
