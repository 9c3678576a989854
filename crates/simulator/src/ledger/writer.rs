//! Appends to both files from one thread; requests that wait share one flush.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{DOCUMENTS_FILE, Entry, LEDGER_FILE, LedgerError, Line, Place};
use crate::config::Flush;

/// Bytes that share one flush at most, so that no request waits for a huge write.
const BATCH_BYTES_MAX: usize = 8 << 20;

/// Between two flushes behind the answers.
const FLUSH_PAUSE: Duration = Duration::from_millis(100);

/// Resolves when the entry is written, and durable where that is waited for; an
/// error means that it may not be.
pub(crate) type Durable = oneshot::Receiver<()>;

/// Hands entries to the writing thread in the order of the calls.
///
/// The channel has no bound of its own: each connection waits for its entry
/// before it takes the next request, so it never holds more than one per connection.
pub(crate) struct Writer {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    ledger_end: u64,
    documents_end: u64,
    /// End of the part of the ledger that is durable.
    flushed: Arc<AtomicU64>,
}

struct Job {
    line: Vec<u8>,
    document: Option<Vec<u8>>,
    done: oneshot::Sender<()>,
}

struct Files {
    ledger: File,
    documents: File,
    ledger_end: u64,
    flushing: Flushing,
}

/// Who makes the files durable.
enum Flushing {
    /// The thread that writes, before it tells anybody.
    BeforeAnswer(Arc<AtomicU64>),
    /// A thread of its own, told where the ledger ends.
    Behind {
        written: Arc<AtomicU64>,
        dirty: SyncSender<()>,
    },
}

impl Writer {
    /// Continues after the given ends; what lies beyond them has been cut off.
    pub(crate) fn start(
        (mut ledger, mut documents): (File, File),
        (ledger_end, documents_end): (u64, u64),
        flush: Flush,
    ) -> std::io::Result<Self> {
        ledger.seek(SeekFrom::Start(ledger_end))?;
        documents.seek(SeekFrom::Start(documents_end))?;
        // What a killed process wrote was read, and is not durable by that.
        documents.sync_data()?;
        ledger.sync_data()?;
        let flushed = Arc::new(AtomicU64::new(ledger_end));
        let marks = Arc::clone(&flushed);
        let flushing = match flush {
            Flush::BeforeAnswer => Flushing::BeforeAnswer(marks),
            Flush::Behind => flush_behind((&ledger, &documents), marks)?,
        };
        let files = Files {
            ledger,
            documents,
            ledger_end,
            flushing,
        };
        let (jobs, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("simulator-ledger".to_owned())
            .spawn(move || files.write_all(&waiting))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
            ledger_end,
            documents_end,
            flushed,
        })
    }

    /// Where the next document will lie.
    pub(crate) fn place_of_document(&self, document: &[u8]) -> Place {
        Place {
            offset: self.documents_end,
            length: u32::try_from(document.len()).unwrap_or(u32::MAX),
        }
    }

    /// Appends an entry and, when it registers one, its document. Answers where
    /// the line will lie, and when it is durable.
    pub(crate) fn append(&mut self, entry: &Entry, document: Option<Vec<u8>>) -> (Place, Durable) {
        let line = Line {
            flushed: self.flushed.load(Ordering::Acquire),
            entry,
        };
        let mut line = serde_json::to_vec(&line).unwrap_or_default();
        line.push(b'\n');
        let place = Place {
            offset: self.ledger_end,
            length: u32::try_from(line.len()).unwrap_or(u32::MAX),
        };
        self.ledger_end = place.end();
        let document_length = document.as_ref().map_or(0, Vec::len);
        self.documents_end += u64::try_from(document_length).unwrap_or_default();
        let (done, durable) = oneshot::channel();
        let job = Job {
            line,
            document,
            done,
        };
        // A thread that has failed is gone: `done` is dropped and the waiter sees it.
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
        (place, durable)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Files {
    fn write_all(mut self, waiting: &Receiver<Job>) {
        while let Ok(first) = waiting.recv() {
            let batch = gather(first, waiting);
            if let Err(error) = self.write(&batch) {
                // After a failed flush nobody knows what is on the disk: stop, and
                // let every waiting and later request fail.
                tracing::error!(%error, "the simulator's ledger cannot be written");
                return;
            }
            for job in batch {
                let _ = job.done.send(());
            }
        }
    }

    fn write(&mut self, batch: &[Job]) -> std::io::Result<()> {
        let documents: Vec<u8> = batch
            .iter()
            .filter_map(|job| job.document.as_deref())
            .collect::<Vec<_>>()
            .concat();
        let waits = matches!(self.flushing, Flushing::BeforeAnswer(_));
        if !documents.is_empty() {
            self.documents.write_all(&documents)?;
            if waits {
                self.documents.sync_data()?;
            }
        }
        let lines: Vec<_> = batch.iter().map(|job| job.line.as_slice()).collect();
        let lines = lines.concat();
        self.ledger.write_all(&lines)?;
        self.ledger_end += u64::try_from(lines.len()).unwrap_or_default();
        match &self.flushing {
            Flushing::BeforeAnswer(flushed) => {
                self.ledger.sync_data()?;
                flushed.store(self.ledger_end, Ordering::Release);
            }
            Flushing::Behind { written, dirty } => {
                written.store(self.ledger_end, Ordering::Release);
                if let Err(TrySendError::Disconnected(())) = dirty.try_send(()) {
                    return Err(std::io::Error::other("a flush has failed"));
                }
            }
        }
        Ok(())
    }
}

/// Starts the thread that flushes behind the answers. Nobody waits for its end:
/// what it would still flush is as safe from a kill without it.
fn flush_behind(
    (ledger, documents): (&File, &File),
    flushed: Arc<AtomicU64>,
) -> std::io::Result<Flushing> {
    let (ledger, documents) = (ledger.try_clone()?, documents.try_clone()?);
    let written = Arc::new(AtomicU64::new(flushed.load(Ordering::Acquire)));
    let (dirty, waiting) = sync_channel(1);
    let until = Arc::clone(&written);
    let flush = move || -> std::io::Result<()> {
        while waiting.recv().is_ok() {
            let end = until.load(Ordering::Acquire);
            documents.sync_data()?;
            ledger.sync_data()?;
            flushed.store(end, Ordering::Release);
            std::thread::sleep(FLUSH_PAUSE);
        }
        Ok(())
    };
    let thread = std::thread::Builder::new().name("simulator-flush".to_owned());
    thread.spawn(move || {
        if let Err(error) = flush() {
            tracing::error!(%error, "the simulator's ledger cannot be flushed");
        }
    })?;
    Ok(Flushing::Behind { written, dirty })
}

fn gather(first: Job, waiting: &Receiver<Job>) -> Vec<Job> {
    let size = |job: &Job| job.line.len() + job.document.as_ref().map_or(0, Vec::len);
    let mut bytes = size(&first);
    let mut batch = vec![first];
    while bytes < BATCH_BYTES_MAX {
        let Ok(job) = waiting.try_recv() else {
            break;
        };
        bytes += size(&job);
        batch.push(job);
    }
    batch
}

/// Opens both files of a data directory, made when they are not there.
pub(crate) fn open_files(data_dir: &Path) -> Result<(File, File), LedgerError> {
    let open = |name: &str| {
        let path = data_dir.join(name);
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| LedgerError::Io { path, source })
    };
    Ok((open(LEDGER_FILE)?, open(DOCUMENTS_FILE)?))
}
