//! Telling other nodes of new work, and hearing of theirs.
//!
//! A notification takes a lock of the whole database server when its
//! transaction commits, so it is sent beside the acceptances, at most once in
//! [`PAUSE`], and not inside each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deadpool_postgres::Pool;
use futures_util::stream::poll_fn;
use futures_util::{StreamExt, pin_mut};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Between two notifications of one node.
const PAUSE: Duration = Duration::from_millis(50);
/// Before a lost connection is tried again.
const RECONNECT: Duration = Duration::from_secs(2);

/// The two tasks.
pub(crate) struct Notices {
    pending: Arc<Pending>,
    tasks: [JoinHandle<()>; 2],
}

#[derive(Default)]
struct Pending {
    flag: AtomicBool,
    notify: Notify,
}

impl Notices {
    pub(crate) fn start(
        pool: Pool,
        config: Config,
        tls: MakeRustlsConnect,
        on_work: Box<dyn Fn() + Send + Sync>,
    ) -> Arc<Self> {
        let pending = Arc::<Pending>::default();
        let telling = tokio::spawn(tell(pool, Arc::clone(&pending)));
        let hearing = tokio::spawn(hear(config, tls, on_work));
        Arc::new(Self {
            pending,
            tasks: [telling, hearing],
        })
    }

    /// There is new work. Returns at once.
    pub(crate) fn tell(&self) {
        if !self.pending.flag.swap(true, Ordering::AcqRel) {
            self.pending.notify.notify_one();
        }
    }

    pub(crate) fn stop(&self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn tell(pool: Pool, pending: Arc<Pending>) {
    loop {
        pending.notify.notified().await;
        pending.flag.store(false, Ordering::Release);
        // Lost notifications cost other nodes a poll, no more.
        if let Ok(client) = pool.get().await {
            let _ = client.batch_execute("NOTIFY tagua_work").await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn hear(config: Config, tls: MakeRustlsConnect, on_work: Box<dyn Fn() + Send + Sync>) {
    loop {
        match hear_until_lost(&config, &tls, &on_work).await {
            Ok(()) => tracing::warn!("the connection that hears of new work was closed"),
            Err(error) => tracing::warn!(%error, "new work of other nodes cannot be heard of"),
        }
        tokio::time::sleep(RECONNECT).await;
        // Something may have come in the meantime.
        on_work();
    }
}

async fn hear_until_lost(
    config: &Config,
    tls: &MakeRustlsConnect,
    on_work: &(dyn Fn() + Send + Sync),
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = config.connect(tls.clone()).await?;
    let messages = poll_fn(move |context| connection.poll_message(context));
    pin_mut!(messages);
    let listening = client.batch_execute("LISTEN tagua_work");
    pin_mut!(listening);
    let mut is_listening = false;
    loop {
        tokio::select! {
            listened = &mut listening, if !is_listening => {
                listened?;
                is_listening = true;
            }
            message = messages.next() => match message {
                None => return Ok(()),
                Some(Err(error)) => return Err(error),
                Some(Ok(AsyncMessage::Notification(_))) => on_work(),
                Some(Ok(_)) => {}
            },
        }
    }
}
