//! The authority: takes requests apart, decides, records, answers.

use std::fs::{File, TryLockError};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use parking_lot::Mutex;

use crate::access_key::AccessKey;
use crate::authorize::{self, Conditions, Verdict};
use crate::clock::{Clock, iso_with_offset};
use crate::config::{Config, Profile};
use crate::examine::{Age, Examined, Refusal, examine};
use crate::faults::{Fault, Faults};
use crate::ledger::{
    self, Decision, DecisionState, Durable, Entry, LEDGER_FILE, LedgerError, Service, Writer,
};
use crate::message::Message;
use crate::registry::{Record, Registry};
use crate::soap::{self, EnvelopeError, ReceptionAnswer, Request};
use crate::trust::{Trust, TrustError};

/// A running authority with its ledger. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Simulator {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: Config,
    clock: Arc<dyn Clock>,
    trust: Trust,
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
    InUse(std::path::PathBuf),
    /// The data directory cannot be used.
    #[error("{}", path.display())]
    Io {
        /// The directory or file.
        path: std::path::PathBuf,
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
}

impl Simulator {
    /// Opens the data directory, made when it is not there, and replays its ledger.
    /// A torn last line is cut off with a warning in the log.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let directory = config.data_dir.as_path();
        std::fs::create_dir_all(directory).map_err(io_error(directory))?;
        let lock = lock(directory)?;
        let trust = Trust::open(&config)?;
        let (book, ledger_file, documents_file) = open_book(directory, config.fsync)?;
        let inner = Inner {
            config,
            clock,
            trust,
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

fn open_book(directory: &Path, fsync: bool) -> Result<(Book, File, File), OpenError> {
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
            "the simulator's ledger ended in a torn line, which was cut off"
        );
    }
    let copy = |file: &File| file.try_clone().map_err(io_error(&path));
    let (ledger_file, documents_file) = (copy(&files.0)?, copy(&files.1)?);
    let writer = Writer::start(files, recovered.ends, fsync).map_err(io_error(&path))?;
    Ok((Book { registry, writer }, ledger_file, documents_file))
}

impl Inner {
    /// Answers the body of one POST.
    pub(crate) async fn answer(
        &self,
        service: Service,
        body: &[u8],
    ) -> Result<Answer, NotRecorded> {
        let fault = self.faults.next(service);
        if fault.as_ref().is_some_and(Fault::is_before) {
            return self.lose(service, body, fault).await;
        }
        let namespace = match service {
            Service::Recepcion => soap::RECEPTION,
            Service::Autorizacion => soap::AUTHORIZATION,
        };
        match soap::read_request(body, namespace) {
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
            body: soap::write_fault(&error.to_string(), soap::Blame::Client),
            is_fault: true,
            fault,
        })
    }

    /// `validarComprobante`.
    async fn validate(
        &self,
        document: Vec<u8>,
        fault: Option<Fault>,
    ) -> Result<Answer, NotRecorded> {
        let sha256 = sha256_hex(&document);
        let (answer, durable) = self.receive(document, sha256, &fault);
        durable.await.map_err(|_| NotRecorded)?;
        Ok(Answer::new(soap::write_reception_answer(&answer), fault))
    }

    /// The checks of reception in the order of the ficha (section 11); the first
    /// group that fails decides.
    fn receive(
        &self,
        document: Vec<u8>,
        sha256: String,
        fault: &Option<Fault>,
    ) -> (ReceptionAnswer, Durable) {
        let now = self.clock.now_unix_millis();
        let entry = Entry {
            sha256: Some(sha256),
            ..self.entry(Service::Recepcion, None, "DEVUELTA", fault)
        };
        let (examined, verdict) = match self.judge(&document, now, fault) {
            Ok(judged) => judged,
            Err(refusal) => return self.return_document(&mut self.book.lock(), entry, refusal),
        };
        let key = examined.key;
        let mut book = self.book.lock();
        // Another request with the same key may have come in between.
        if let Some(message) = book.registry.refusal(&key, now) {
            return self.return_document(&mut book, entry, Refusal::of(&key, message));
        }
        let answer = reception_answer(&key, fault);
        let decision = Decision {
            state: verdict.state,
            at: now.saturating_add(self.delay_millis(fault)),
            messages: verdict.messages,
            document: book.writer.place_of_document(&document),
        };
        let entry = Entry {
            access_key: Some(key.as_str().to_owned()),
            decision: Some(decision.clone()),
            ..with_answer(entry, &answer)
        };
        let (line, durable) = book.writer.append(&entry, Some(document));
        book.registry.register(key, &decision, line);
        (answer, durable)
    }

    fn return_document(
        &self,
        book: &mut Book,
        entry: Entry,
        refusal: Refusal,
    ) -> (ReceptionAnswer, Durable) {
        let answer = ReceptionAnswer::Returned {
            access_key: refusal.access_key.clone(),
            messages: vec![refusal.message],
        };
        let entry = Entry {
            access_key: AccessKey::parse(&refusal.access_key).map(|_| refusal.access_key),
            ..with_answer(entry, &answer)
        };
        let (_, durable) = book.writer.append(&entry, None);
        (answer, durable)
    }

    /// Everything that needs no lock but a first look at the registry.
    fn judge(
        &self,
        document: &[u8],
        now: i64,
        fault: &Option<Fault>,
    ) -> Result<(Examined, Verdict), Refusal> {
        if document.is_empty() {
            return Err(Refusal {
                access_key: "N/A".to_owned(),
                message: Message::error(49, None),
            });
        }
        let examined = examine(document, self.config.environment)?;
        let refuse = |message| Refusal::of(&examined.key, message);
        if let Some(Fault::Returned { code }) = fault {
            let detail = "Fallo pedido al simulador".to_owned();
            return Err(refuse(Message::error(*code, detail)));
        }
        let registered = self.book.lock().registry.refusal(&examined.key, now);
        let complaints = registered
            .or_else(|| examined.key_complaint.clone())
            .or_else(|| examined.date_complaint.clone());
        if let Some(message) = complaints {
            return Err(refuse(message));
        }
        let warnings = match (examined.age(now), self.config.profile) {
            (Age::Future(message), _) | (Age::TooOld(message), Profile::Estricto) => {
                return Err(refuse(message));
            }
            (Age::TooOld(message), Profile::Amable) => vec![message.forgiven()],
            (Age::InTime, _) => Vec::new(),
        };
        let verdict = self.decide(document, &examined, warnings, now, fault);
        Ok((examined, verdict))
    }

    fn decide(
        &self,
        document: &[u8],
        examined: &Examined,
        warnings: Vec<Message>,
        now: i64,
        fault: &Option<Fault>,
    ) -> Verdict {
        if let Some(Fault::NotAuthorized { code }) = fault {
            let detail = "Fallo pedido al simulador".to_owned();
            return authorize::refused(vec![Message::error(*code, detail)]);
        }
        let conditions = Conditions {
            profile: self.config.profile,
            environment: self.config.environment,
            trust: &self.trust,
            now_unix_millis: now,
        };
        authorize::decide(document, examined, warnings, &conditions)
    }

    fn delay_millis(&self, fault: &Option<Fault>) -> i64 {
        match fault {
            Some(Fault::InProcess { seconds }) => i64::from(*seconds) * 1000,
            Some(Fault::LateAuthorization { milliseconds }) => i64::from(*milliseconds),
            _ => i64::try_from(self.config.latency.as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// `autorizacionComprobante`.
    async fn authorization(
        &self,
        key_text: String,
        fault: Option<Fault>,
    ) -> Result<Answer, NotRecorded> {
        let now = self.clock.now_unix_millis();
        let Some(key) = AccessKey::parse(&key_text) else {
            let message = Message::error(
                80,
                "La clave de acceso debe tener 49 dígitos numéricos".to_owned(),
            );
            let mut entry = self.entry(Service::Autorizacion, None, "RECHAZADA", &fault);
            entry.codes = vec![80];
            self.record(entry).await?;
            let quoted: String = key_text.chars().take(100).collect();
            return Ok(Answer::new(
                soap::write_refused_query(&quoted, &message),
                fault,
            ));
        };
        let (record, durable) = self.look_up(&key, now, &fault);
        // The decision's line and document precede this query in the files.
        durable.await.map_err(|_| NotRecorded)?;
        let found = match record {
            Some(record) => Some(self.read_authorization(&key, &record)?),
            None => None,
        };
        let body = soap::write_authorization_answer(key.as_str(), found.as_ref());
        Ok(Answer::new(body, fault))
    }

    fn look_up(
        &self,
        key: &AccessKey,
        now: i64,
        fault: &Option<Fault>,
    ) -> (Option<Record>, Durable) {
        let mut book = self.book.lock();
        let record = book.registry.decided(key, now);
        let answer = record.map_or("SIN RESULTADO", |record| record.state.as_str());
        let key = Some(key.as_str().to_owned());
        let entry = self.entry(Service::Autorizacion, key, answer, fault);
        let (_, durable) = book.writer.append(&entry, None);
        (record, durable)
    }

    fn read_authorization(
        &self,
        key: &AccessKey,
        record: &Record,
    ) -> Result<soap::Authorization, NotRecorded> {
        let read = |file: &File, place: ledger::Place| {
            let length = usize::try_from(place.length).unwrap_or_default();
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, place.offset)
                .map_err(|_| NotRecorded)?;
            Ok(bytes)
        };
        let line = read(&self.ledger_file, record.line)?;
        let decision = ledger::read_entry(&line).and_then(|entry| entry.decision);
        let decision = decision.ok_or(NotRecorded)?;
        let document = read(&self.documents_file, record.document)?;
        let is_authorized = record.state == DecisionState::Authorized;
        Ok(soap::Authorization {
            state: record.state.as_str(),
            number: is_authorized.then(|| key.as_str().to_owned()),
            date: iso_with_offset(record.decided_at),
            environment: self.config.environment.word(),
            document: String::from_utf8(document).map_err(|_| NotRecorded)?,
            messages: decision.messages,
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

impl Answer {
    fn new(body: String, fault: Option<Fault>) -> Self {
        Self {
            body,
            is_fault: false,
            fault,
        }
    }
}

impl Refusal {
    fn of(key: &AccessKey, message: Message) -> Self {
        Self {
            access_key: key.as_str().to_owned(),
            message,
        }
    }
}

/// What a document that is registered is told: the truth, unless a fault says else.
fn reception_answer(key: &AccessKey, fault: &Option<Fault>) -> ReceptionAnswer {
    let code = match fault {
        Some(Fault::RegisteredOnFirstSight) => 43,
        Some(Fault::InProcess { .. }) => 70,
        _ => return ReceptionAnswer::Received,
    };
    ReceptionAnswer::Returned {
        access_key: key.as_str().to_owned(),
        messages: vec![Message::error(code, None)],
    }
}

fn with_answer(entry: Entry, answer: &ReceptionAnswer) -> Entry {
    let (word, codes) = match answer {
        ReceptionAnswer::Received => ("RECIBIDA", Vec::new()),
        ReceptionAnswer::Returned { messages, .. } => (
            "DEVUELTA",
            messages.iter().map(|message| message.code).collect(),
        ),
    };
    Entry {
        answer: word.to_owned(),
        codes,
        ..entry
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
