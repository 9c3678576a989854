//! A store in a temporary directory, simulated time and a scripted SRI.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::civil::date;
use parking_lot::Mutex;
use tagua_fiscal::{AccessKeyParts, DocumentType, Environment, Sequential, Series, ThreeDigits};
use tagua_pipeline::{
    Action, Authorities, Authority, Clock, Pace, Random, Runner, RunnerConfig, Wake, action,
};
use tagua_store::{
    Acceptance, Account, AccountId, BlobPart, Document, DocumentId, Event, Issuer, IssuerId,
    NewAccount, NewDocument, NewEvent, NewIssuer, NewRevision, NextJob, SqliteOptions, SqliteStore,
    Stage, Store, UnixMillis,
};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::sri::Scripted;
use crate::store::TestStore;

pub(crate) const START: i64 = 1_700_000_000_000;
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// The runtime's paused time, with jumps.
pub(crate) struct SimClock {
    start: Instant,
    jumped: AtomicI64,
}

impl SimClock {
    /// Sets the clock forward or back; nothing that runs is told.
    pub(crate) fn jump(&self, millis: i64) {
        self.jumped.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for SimClock {
    fn now(&self) -> UnixMillis {
        let elapsed = i64::try_from(self.start.elapsed().as_millis()).unwrap();
        UnixMillis(START + elapsed + self.jumped.load(Ordering::SeqCst))
    }
}

/// xorshift64*: the same bytes for the same seed.
pub(crate) struct Seeded(Mutex<u64>);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed.wrapping_mul(2) + 1))
    }

    pub(crate) fn below(&self, limit: u64) -> u64 {
        let mut state = self.0.lock();
        *state ^= *state >> 12;
        *state ^= *state << 25;
        *state ^= *state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill_with(|| u8::try_from(self.below(256)).unwrap());
    }
}

pub(crate) struct World {
    pub(crate) store: Arc<TestStore>,
    pub(crate) clock: Arc<SimClock>,
    pub(crate) sri: Arc<Scripted>,
    pub(crate) config: RunnerConfig,
    pub(crate) pace: Pace,
    pub(crate) production: bool,
    account: Account,
    issuer: Issuer,
    random: Arc<Seeded>,
    _dir: TempDir,
}

impl World {
    pub(crate) async fn new(sri: Scripted) -> Self {
        // In memory where there is such a place: waiting for the disk proves nothing here.
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let dir = dir.unwrap();
        let sqlite = SqliteStore::open(dir.path(), SqliteOptions::default()).unwrap();
        let store = Arc::new(TestStore::new(sqlite));
        let at = UnixMillis(START);
        let account = NewAccount {
            name: "una".into(),
            sandbox: false,
            at,
        };
        let account = store.create_account(account).await.unwrap();
        let issuer = NewIssuer {
            account: account.id,
            ruc: "1790011674001".parse().unwrap(),
            code_secret: [7; 32],
            at,
        };
        let issuer = store.put_issuer(issuer).await.unwrap();
        let start = Instant::now();
        let jumped = AtomicI64::new(0);
        Self {
            store,
            clock: Arc::new(SimClock { start, jumped }),
            sri: Arc::new(sri),
            config: RunnerConfig {
                poll: MINUTE,
                ..RunnerConfig::default()
            },
            pace: Pace::SRI,
            production: false,
            account,
            issuer,
            random: Arc::new(Seeded::new(1)),
            _dir: dir,
        }
    }

    pub(crate) fn invoice(&self, number: u32) -> NewDocument {
        self.invoice_of(Environment::Test, number)
    }

    pub(crate) fn invoice_of(&self, environment: Environment, number: u32) -> NewDocument {
        let series = Series {
            establishment: "001".parse::<ThreeDigits>().unwrap(),
            point: "002".parse::<ThreeDigits>().unwrap(),
        };
        let sequential = Sequential::new(number).unwrap();
        let mut id = [3; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let key = AccessKeyParts {
            date: date(2023, 11, 14),
            document_type: DocumentType::Invoice,
            ruc: self.issuer.ruc,
            environment,
            series,
            sequential,
            numeric_code: 12_345_678,
            emission_type: 1,
        };
        let at = self.clock.now();
        NewDocument {
            id: DocumentId(id),
            account: self.account.id,
            issuer: self.issuer.id,
            environment,
            document_type: DocumentType::Invoice,
            series,
            sequential,
            access_key: key.key(),
            schema_version: "2.1.0".into(),
            issue_date: "2023-11-14".into(),
            receiver_id: "9999999999999".into(),
            receiver_name: "CONSUMIDOR FINAL".into(),
            total: "1.00".into(),
            external_id: None,
            payment_due: None,
            idempotency: None,
            valid: true,
            stage: Stage::Signed,
            signature_error: None,
            reception: None,
            blobs: vec![(BlobPart::Signed, signed(number, 0))],
            events: vec![NewEvent {
                kind: "accepted",
                at,
                detail: String::new(),
                evidence: None,
            }],
            job: NextJob::RunAt(at),
            at,
        }
    }

    /// One more account with an issuer of its own.
    pub(crate) async fn another_account(&self, name: &str) -> Other {
        let at = self.clock.now();
        let account = NewAccount {
            name: name.into(),
            sandbox: false,
            at,
        };
        let account = self.store.create_account(account).await.unwrap().id;
        let issuer = NewIssuer {
            account,
            ruc: self.issuer.ruc,
            code_secret: [7; 32],
            at,
        };
        let issuer = self.store.put_issuer(issuer).await.unwrap().id;
        Other { account, issuer }
    }

    /// Accepts invoice `number`.
    pub(crate) async fn accept(&self, number: u32) -> DocumentId {
        self.accept_new(self.invoice(number)).await
    }

    pub(crate) async fn accept_new(&self, new: NewDocument) -> DocumentId {
        let id = new.id;
        assert_eq!(self.store.accept(new).await.unwrap(), Acceptance::Stored);
        id
    }

    /// A correction of invoice `number`: other signed bytes under the same key.
    pub(crate) async fn revise(&self, number: u32) {
        let mut document = self.invoice(number);
        let old = self.document(document.id).await;
        document.blobs = vec![(BlobPart::Signed, signed(number, old.revision + 1))];
        let revision = NewRevision {
            expected_version: old.version,
            document,
        };
        let revised = self.store.revise(revision).await.unwrap();
        assert_eq!(revised, Acceptance::Stored);
    }

    pub(crate) async fn document(&self, id: DocumentId) -> Document {
        self.store.document_by_id(id).await.unwrap().unwrap()
    }

    pub(crate) async fn signed_file(&self, id: DocumentId) -> Vec<u8> {
        let file = self.store.blob(id, 0, BlobPart::Signed).await.unwrap();
        file.unwrap()
    }

    pub(crate) async fn events(&self, id: DocumentId) -> Vec<Event> {
        self.store.events(self.account.id, id).await.unwrap()
    }

    /// The kinds of the events after the acceptance.
    pub(crate) async fn history(&self, id: DocumentId) -> Vec<String> {
        let events = self.events(id).await;
        events.into_iter().skip(1).map(|event| event.kind).collect()
    }

    pub(crate) fn authorities(&self) -> Authorities {
        let sri = || (Arc::clone(&self.sri) as Arc<dyn Authority>, self.pace);
        Authorities::new(sri(), self.production.then(sri))
    }

    pub(crate) fn start(&self) -> Running {
        self.start_with(self.authorities())
    }

    pub(crate) fn start_with(&self, authorities: Authorities) -> Running {
        let wake = Wake::default();
        let runner = Runner::new(
            Arc::clone(&self.store) as Arc<dyn Store>,
            authorities,
            Arc::clone(&self.clock) as Arc<dyn Clock>,
            Arc::clone(&self.random) as Arc<dyn Random>,
            self.config,
            wake.clone(),
            Arc::new(()),
        );
        let (stop, stopping) = watch::channel(false);
        let task = tokio::spawn(runner.run(stopping));
        Running { stop, task, wake }
    }

    /// Runs one runner for so long in simulated time.
    pub(crate) async fn run_for(&self, time: Duration) {
        let running = self.start();
        tokio::time::sleep(time).await;
        running.stop().await;
    }

    /// Runs one runner until so many documents rest, at most `limit`.
    pub(crate) async fn run_until_rested(&self, count: u32, limit: Duration) {
        let running = self.start();
        let mut rested = self.store.rested();
        let waited = tokio::time::timeout(limit, rested.wait_for(|rested| *rested >= count)).await;
        assert!(
            waited.is_ok(),
            "{} of {count} rest",
            *self.store.rested().borrow()
        );
        running.stop().await;
    }

    /// Accepts one invoice, runs it to where it rests and answers it.
    pub(crate) async fn carry(&self) -> Document {
        let id = self.accept(1).await;
        self.run_until_rested(1, 100 * HOUR).await;
        let document = self.document(id).await;
        assert_eq!(action(document.stage), Action::Rest);
        self.check_events(&document).await;
        document
    }

    /// L13: the stage is that of the last event, one event for each version,
    /// and what SRI said is kept with what it caused.
    pub(crate) async fn check_events(&self, document: &Document) {
        let events = self.events(document.id).await;
        let last = events.last().unwrap();
        assert_eq!(last.stage, document.stage);
        assert_eq!(last.at, document.updated_at);
        assert!(
            events
                .iter()
                .zip(1..)
                .all(|(event, ordinal)| event.ordinal == ordinal)
        );
        for event in &events {
            let by_answer = [
                "reception_confirmed",
                "already_registered",
                "refused",
                "refused_sequential_taken",
                "refused_daily_limit",
                "authorized_other_bytes",
                "not_authorized",
                "in_process",
                "not_found",
                "gave_up",
            ];
            if by_answer.contains(&event.kind.as_str()) {
                let evidence = event.evidence.as_deref().unwrap_or_default();
                let text = String::from_utf8_lossy(evidence);
                assert!(text.contains(":Envelope"), "{event:?}");
            }
            if event.kind != "accepted" {
                assert!(!event.detail.is_empty(), "{event:?}");
            }
        }
        let answer = self
            .store
            .blob(document.id, document.revision, BlobPart::Authorization)
            .await
            .unwrap();
        assert_eq!(answer.is_some(), document.stage == Stage::Authorized);
        if let Some(answer) = answer {
            let answer = String::from_utf8(answer).unwrap();
            assert!(answer.contains(document.access_key.as_str()));
        }
        let attention = document.attention.as_deref();
        assert_eq!(attention.is_some(), document.stage == Stage::NeedsAttention);
        assert_eq!(self.store.queue_depth().await.unwrap().waiting, 0);
    }
}

/// Somebody else's account and issuer.
pub(crate) struct Other {
    account: AccountId,
    issuer: IssuerId,
}

impl Other {
    /// Makes the document theirs.
    pub(crate) fn take_over(&self, document: &mut NewDocument) {
        document.account = self.account;
        document.issuer = self.issuer;
    }
}

/// A runner at work.
pub(crate) struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    pub(crate) wake: Wake,
}

impl Running {
    pub(crate) async fn stop(self) {
        self.stop.send(true).unwrap();
        self.task.await.unwrap();
    }

    /// Drops the sender of the stop signal.
    pub(crate) async fn abandon(self) {
        drop(self.stop);
        self.task.await.unwrap();
    }

    /// As a kill: nothing is given back, nothing is finished.
    pub(crate) async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

/// The signed file of a revision of invoice `number`.
pub(crate) fn signed(number: u32, revision: u32) -> Vec<u8> {
    format!(
        "<factura id=\"comprobante\"><secuencial>{number}</secuencial><ds:Signature>\
         <ds:SignatureValue>V{number}R{revision}</ds:SignatureValue></ds:Signature></factura>"
    )
    .into_bytes()
}
