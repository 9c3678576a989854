//! The authority: takes requests apart, decides, records, answers.

mod meetings;
mod query;
mod reception;

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use self::meetings::Meetings;
use crate::access_key::AccessKey;
use crate::clock::{Clock, MovableClock};
use crate::config::{Config, Flush};
use crate::faults::{Fault, Faults};
use crate::ledger::{self, Entry, LEDGER_FILE, LedgerError, Service, Writer, sha256_hex};
use crate::magic;
use crate::registry::Registry;
use crate::soap::{self, EnvelopeError, Request};
use crate::trust::{Trust, TrustError};

/// A running authority with its ledger. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Simulator {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) clock: MovableClock,
    trust: Trust,
    meetings: Meetings,
    pub(crate) faults: Faults,
    book: Mutex<Book>,
    ledger_file: File,
    documents_file: File,
    // Held open for its lock.
    _lock: File,
}

/// What changes together: the order of the ledger is the order of the registry.
struct Book {
    registry: Registry,
    writer: Writer,
}

/// Why a simulator cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process uses the data directory.
    #[error("{} is in use by another simulator", .0.display())]
    InUse(PathBuf),
    /// The data directory cannot be used.
    #[error("{}", path.display())]
    Io {
        /// The directory or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The ledger cannot be replayed.
    #[error("the simulator's ledger cannot be used")]
    Ledger(#[from] LedgerError),
    /// A trusted certificate cannot be read.
    #[error("a trusted authority cannot be read")]
    Trust(#[from] TrustError),
}

/// An answer could not be made durable: nothing may be said about its content.
#[derive(Debug, thiserror::Error)]
#[error("the ledger cannot be written")]
pub(crate) struct NotRecorded;

/// An answer ready to leave, and the fault it meets on its way.
pub(crate) struct Answer {
    pub(crate) body: String,
    pub(crate) is_fault: bool,
    pub(crate) fault: Option<Fault>,
    /// How long it takes besides.
    pub(crate) delay: Duration,
}

impl Simulator {
    /// Opens the data directory, made when it is not there, and replays its ledger.
    /// A torn end is cut off with a warning in the log.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let directory = config.data_dir.as_path();
        std::fs::create_dir_all(directory).map_err(io_error(directory))?;
        let lock = lock(directory)?;
        let trust = Trust::open(&config)?;
        let (book, ledger_file, documents_file) = open_book(directory, config.flush)?;
        let inner = Inner {
            config,
            clock: MovableClock::new(clock),
            trust,
            meetings: Meetings::default(),
            faults: Faults::default(),
            book: Mutex::new(book),
            ledger_file,
            documents_file,
            _lock: lock,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Queues faults for the next documents. `false` when there are more than 10,000.
    pub fn inject(&self, faults: Vec<Fault>) -> bool {
        self.inner.faults.add(Service::Recepcion, faults)
    }
}

fn io_error(path: &Path) -> impl Fn(std::io::Error) -> OpenError {
    move |source| OpenError::Io {
        path: path.to_owned(),
        source,
    }
}

/// Two processes that append to one ledger would destroy it.
fn lock(directory: &Path) -> Result<File, OpenError> {
    let path = directory.join("lock");
    let file = File::create(&path).map_err(io_error(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(directory.to_owned())),
        Err(TryLockError::Error(source)) => Err(OpenError::Io { path, source }),
    }
}

fn open_book(directory: &Path, flush: Flush) -> Result<(Book, File, File), OpenError> {
    let files = ledger::open_files(directory)?;
    let path = directory.join(LEDGER_FILE);
    let mut registry = Registry::default();
    let recovered = ledger::recover(&path, &files, |entry, line| {
        let key = entry.access_key.as_deref().and_then(AccessKey::parse);
        if let (Some(key), Some(decision)) = (key, entry.decision) {
            registry.register(key, &decision, line);
        }
    })?;
    if recovered.torn > 0 {
        tracing::warn!(
            bytes = recovered.torn,
            "the simulator's ledger ended in what a power cut left, which was cut off"
        );
    }
    let copy = |file: &File| file.try_clone().map_err(io_error(&path));
    let (ledger_file, documents_file) = (copy(&files.0)?, copy(&files.1)?);
    let writer = Writer::start(files, recovered.ends, flush).map_err(io_error(&path))?;
    Ok((Book { registry, writer }, ledger_file, documents_file))
}

impl Inner {
    /// Answers the body of one POST.
    pub(crate) async fn answer(
        &self,
        service: Service,
        body: &[u8],
    ) -> Result<Answer, NotRecorded> {
        let namespace = match service {
            Service::Recepcion => soap::RECEPTION,
            Service::Autorizacion => soap::AUTHORIZATION,
        };
        let request = soap::read_request(body, namespace);
        let met = self.meet(service, &request);
        let answer = self
            .answer_request(service, body, request, met.fault)
            .await?;
        Ok(Answer {
            delay: met.delay,
            ..answer
        })
    }

    async fn answer_request(
        &self,
        service: Service,
        body: &[u8],
        request: Result<Request, EnvelopeError>,
        fault: Option<Fault>,
    ) -> Result<Answer, NotRecorded> {
        if fault.as_ref().is_some_and(Fault::is_before) {
            return self.lose(service, body, fault).await;
        }
        match request {
            Ok(Request::Validate(document)) => self.validate(document, fault).await,
            Ok(Request::Authorization(key)) => self.authorization(key, fault).await,
            Ok(Request::BatchAuthorization(key)) => {
                let entry = self.entry(service, Some(key.clone()), "SIN RESULTADO", &fault);
                self.record(entry).await?;
                Ok(Answer::new(soap::write_batch_answer(&key), fault))
            }
            Err(error) => self.soap_fault(service, body, &error, fault).await,
        }
    }

    /// What the request meets: what was asked for on demand, else what its
    /// receiver is for, else what the plan has for it.
    fn meet(&self, service: Service, request: &Result<Request, EnvelopeError>) -> Met {
        let queued = self.faults.next(service);
        let (key, magic) = match request {
            Ok(Request::Validate(document)) => {
                let magic = self
                    .config
                    .magic_receivers
                    .then(|| magic::of_document(document));
                (key_of_document(document), magic.flatten())
            }
            Ok(Request::Authorization(key)) => (key.as_str(), None),
            _ => ("", None),
        };
        let plan = &self.config.plan;
        let (attempt, magic) = self.meetings.next(service, key, magic, plan.draws());
        let now = self.clock.now_unix_millis();
        Met {
            fault: queued
                .or(magic)
                .or_else(|| plan.fault(service, key, attempt, now)),
            delay: plan.delay(service, key, attempt),
        }
    }

    async fn lose(
        &self,
        service: Service,
        body: &[u8],
        fault: Option<Fault>,
    ) -> Result<Answer, NotRecorded> {
        let mut entry = self.entry(service, None, "PERDIDA", &fault);
        entry.sha256 = Some(sha256_hex(body));
        self.record(entry).await?;
        Ok(Answer::new(String::new(), fault))
    }

    async fn soap_fault(
        &self,
        service: Service,
        body: &[u8],
        error: &EnvelopeError,
        fault: Option<Fault>,
    ) -> Result<Answer, NotRecorded> {
        let mut entry = self.entry(service, None, "FAULT", &fault);
        entry.sha256 = Some(sha256_hex(body));
        self.record(entry).await?;
        Ok(Answer {
            is_fault: true,
            ..Answer::new(
                soap::write_fault(&error.to_string(), soap::Blame::Client),
                fault,
            )
        })
    }

    fn entry(
        &self,
        service: Service,
        access_key: Option<String>,
        answer: &str,
        fault: &Option<Fault>,
    ) -> Entry {
        Entry {
            at: self.clock.now_unix_millis(),
            service,
            access_key,
            sha256: None,
            answer: answer.to_owned(),
            codes: Vec::new(),
            fault: fault.clone(),
            decision: None,
        }
    }

    async fn record(&self, entry: Entry) -> Result<(), NotRecorded> {
        let (_, durable) = self.book.lock().writer.append(&entry, None);
        durable.await.map_err(|_| NotRecorded)
    }
}

/// What a request meets.
struct Met {
    fault: Option<Fault>,
    delay: Duration,
}

/// The key as the document's bytes show it; empty when they show none.
fn key_of_document(document: &[u8]) -> &str {
    const TAG: &[u8] = b"<claveAcceso>";
    let key = memchr::memmem::find(document, TAG)
        .and_then(|at| document.get(at + TAG.len()..at + TAG.len() + 49));
    key.and_then(|key| std::str::from_utf8(key).ok())
        .unwrap_or_default()
}

impl Answer {
    fn new(body: String, fault: Option<Fault>) -> Self {
        Self {
            body,
            is_fault: false,
            fault,
            delay: Duration::ZERO,
        }
    }
}
