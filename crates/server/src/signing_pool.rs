//! As many threads as cores, for signatures alone: on the runtime's blocking
//! threads every signature would meet another thread's cold caches.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use parking_lot::Mutex;
use tokio::sync::oneshot;
use tracing::Span;

/// Work, and the request it belongs to.
struct Job {
    span: Span,
    work: Box<dyn FnOnce() + Send>,
}

/// The threads end when this is dropped. What waits is bounded by the
/// connections: each has one request at a time.
pub(crate) struct SigningPool {
    jobs: Mutex<Sender<Job>>,
}

impl SigningPool {
    pub(crate) fn new(threads: usize) -> Self {
        let (sender, receiver) = channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        for number in 0..threads.max(1) {
            let receiver = Arc::clone(&receiver);
            let thread = std::thread::Builder::new().name(format!("tagua-signer-{number}"));
            // A machine that gives no thread at all is told by the first signature.
            if let Err(error) = thread.spawn(move || work(&receiver)) {
                tracing::error!(%error, "a signing thread could not be started");
            }
        }
        Self {
            jobs: Mutex::new(sender),
        }
    }

    /// Runs `work` on one of the threads. `None` when it panicked or no thread is left.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let (answer, answered) = oneshot::channel();
        let work = Box::new(move || {
            // A client that left wants no answer.
            let _ = answer.send(work());
        });
        let span = Span::current();
        let job = Job { span, work };
        self.jobs.lock().send(job).ok()?;
        answered.await.ok()
    }
}

fn work(jobs: &Mutex<Receiver<Job>>) {
    loop {
        let job = jobs.lock().recv();
        let Ok(Job { span, work }) = job else {
            return;
        };
        let _in_request = span.entered();
        if catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!("a signature panicked");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SigningPool;

    #[tokio::test]
    async fn every_job_is_answered() {
        let pool = SigningPool::new(2);
        let jobs: Vec<_> = (0..100).map(|n| pool.run(move || n * 2)).collect();
        for (n, job) in jobs.into_iter().enumerate() {
            assert_eq!(job.await, Some(n * 2));
        }
    }

    #[tokio::test]
    async fn a_panic_takes_only_its_own_answer() {
        let pool = SigningPool::new(1);
        assert_eq!(pool.run(|| panic!("on purpose")).await, None::<()>);
        assert_eq!(pool.run(|| 1).await, Some(1));
    }
}
