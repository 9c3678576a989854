//! What was acknowledged is there after the process was killed, at any moment.
//!
//! The process to kill is this test binary again, running only [`child`].

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests fail by panicking as well"
)]

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::Connection;
use tagua_fiscal::{DocumentType, Environment};
use tagua_store::failpoint::Failpoint;
use tagua_store::{
    Acceptance, BlobPart, DocumentId, NewDocument, NewIdempotency, SeriesKey, Shares,
    SqliteOptions, SqliteStore, Stage, Store, Transition,
};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::world::{NOW, World, document_id, later, new_account, new_issuer, series, step};

#[allow(dead_code, reason = "shared with the conformance suite")]
#[path = "conformance/world.rs"]
mod world;

const SCENE: &str = "TAGUA_CRASH_SCENE";
const DIR: &str = "TAGUA_CRASH_DIR";
const FIRST: &str = "TAGUA_CRASH_FIRST";

#[test]
fn acknowledged_documents_survive_kills() {
    let dir = TempDir::new().unwrap();
    let mut acknowledged = BTreeMap::new();
    let mut random = 0x2545_f491_u32;
    for round in 1..=20 {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let first = round * 1_000_000;
        let mut child = Process::start("accept", dir.path(), &[(FIRST, &first.to_string())]);
        let before = acknowledged.len();
        child.read_acknowledged(&mut acknowledged, 1 + random % 400);
        child.kill();
        // What was written before the kill counts as well.
        child.read_acknowledged(&mut acknowledged, u32::MAX);
        assert!(acknowledged.len() > before);
        check(dir.path(), &acknowledged);
    }
}

#[test]
fn a_number_handed_out_is_never_handed_out_again() {
    let dir = TempDir::new().unwrap();
    let mut handed_out = BTreeMap::new();
    for round in 1..=5 {
        let mut child = Process::start("reserve", dir.path(), &[]);
        let mut now = BTreeMap::new();
        child.read_acknowledged(&mut now, 40 * round);
        child.kill();
        child.read_acknowledged(&mut now, u32::MAX);
        assert!(!now.is_empty());
        let again = now.keys().find(|number| handed_out.contains_key(*number));
        assert_eq!(again, None);
        handed_out.append(&mut now);
    }
}

/// Every acknowledged document is there with its bytes, and no document is half there.
fn check(dir: &Path, acknowledged: &BTreeMap<u32, DocumentId>) {
    let store = SqliteStore::open(dir, SqliteOptions::default()).unwrap();
    runtime().block_on(async {
        for (sequential, id) in acknowledged {
            let document = store.document_by_id(*id).await.unwrap();
            let document = document.expect("what was acknowledged is there");
            assert_eq!(document.sequential.get(), *sequential);
            let signed = store.blob(*id, 0, BlobPart::Signed).await.unwrap();
            assert!(signed == Some(signed_bytes(*sequential)));
            let key = sequential.to_string();
            let answer = store.idempotent_answer(document.account, &key, NOW).await;
            assert_eq!(answer.unwrap().unwrap().document, *id);
        }
    });
    drop(store);
    let connection = Connection::open(dir.join("tagua.db")).unwrap();
    let integrity: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(integrity, "ok");
    let halves = "SELECT count(*) FROM document WHERE
         (SELECT count(*) FROM blob WHERE document = document_id) <> 1
         OR (SELECT count(*) FROM event WHERE document = document_id) <> events
         OR (SELECT count(*) FROM job WHERE document = document_id) <> 1
         OR (SELECT count(*) FROM idempotency WHERE document = document_id) <> 1
         OR (SELECT count(*) FROM payment_reminder WHERE document = document_id) <> 1";
    let halves: u32 = connection.query_row(halves, [], |row| row.get(0)).unwrap();
    assert_eq!(halves, 0);
}

#[cfg(debug_assertions)]
#[test]
fn a_kill_at_every_failpoint_leaves_before_or_after() {
    let mine = |point: &&Failpoint| point.as_str().starts_with("store.");
    for point in Failpoint::ALL.iter().filter(mine) {
        check_kill_at(point.as_str(), expected_after(*point));
    }
    // The second time the place is reached.
    check_kill_at("store.apply.inside:2", Left::Applied { times: 1 });
    check_kill_at("store.apply.after_commit:2", Left::Applied { times: 2 });
}

#[cfg(debug_assertions)]
#[derive(Clone, Copy, Debug, PartialEq)]
enum Left {
    Nothing,
    Accepted { claims: u32 },
    Applied { times: u32 },
}

#[cfg(debug_assertions)]
fn expected_after(point: Failpoint) -> Left {
    use Failpoint as F;
    match point {
        F::StoreAcceptInside | F::StoreAcceptBeforeCommit => Left::Nothing,
        F::StoreAcceptAfterCommit => Left::Accepted { claims: 0 },
        F::StoreClaimAfterCommit | F::StoreApplyInside | F::StoreApplyBeforeCommit => {
            Left::Accepted { claims: 1 }
        }
        F::StoreApplyAfterCommit => Left::Applied { times: 1 },
        other => panic!("say what a kill at {other:?} leaves"),
    }
}

#[cfg(debug_assertions)]
fn check_kill_at(setting: &str, expected: Left) {
    let dir = TempDir::new().unwrap();
    let mut child = Process::start("journey", dir.path(), &[("TAGUA_FAILPOINT", setting)]);
    let name = setting.split(':').next().unwrap();
    child.wait_for_stderr(&format!("failpoint {name}\n"));
    child.kill();
    let store = SqliteStore::open(dir.path(), SqliteOptions::default()).unwrap();
    assert_eq!(runtime().block_on(left(store)), expected, "{setting}");
}

/// What is there of the journey's document; panics where its parts disagree.
#[cfg(debug_assertions)]
async fn left(store: SqliteStore) -> Left {
    let id = document_id(1);
    let Some(document) = store.document_by_id(id).await.unwrap() else {
        let depth = store.queue_depth().await.unwrap();
        assert_eq!(depth.waiting, 0);
        assert_eq!(store.blob(id, 0, BlobPart::Signed).await.unwrap(), None);
        return Left::Nothing;
    };
    let signed = store.blob(id, 0, BlobPart::Signed).await.unwrap();
    assert_eq!(signed, Some(signed_bytes(1)));
    assert_eq!(document.submissions, document.version);
    let events = store.events(document.account, id).await.unwrap();
    assert_eq!(events.len(), 2 + usize::try_from(document.version).unwrap());
    let raw = store.blob(id, 0, BlobPart::Authorization).await.unwrap();
    assert_eq!(raw.is_some(), document.version > 0);
    let jobs = store
        .claim(9, later(5000), later(6000), Shares::any(9))
        .await
        .unwrap();
    match document.version {
        0 => Left::Accepted {
            claims: jobs[0].attempt - 1,
        },
        times => Left::Applied { times },
    }
}

/// What runs in the process to be killed.
#[test]
fn child() {
    let Ok(scene) = env::var(SCENE) else {
        return;
    };
    let dir = env::var(DIR).unwrap();
    runtime().block_on(async {
        let store = SqliteStore::open(Path::new(&dir), SqliteOptions::default()).unwrap();
        match scene.as_str() {
            "accept" => accept_for_ever(Arc::new(store)).await,
            "reserve" => reserve_for_ever(Arc::new(store)).await,
            "journey" => journey(Arc::new(store)).await,
            other => panic!("no scene {other}"),
        }
    });
}

/// Eight clients accept and say what was acknowledged.
async fn accept_for_ever(store: Arc<SqliteStore>) {
    let world = Arc::new(World::new(store).await);
    let first = env::var(FIRST).unwrap().parse().unwrap();
    let next = Arc::new(AtomicU32::new(first));
    let clients = (0..8).map(|_| {
        let (world, next) = (world.clone(), next.clone());
        async move {
            loop {
                let sequential = next.fetch_add(1, Ordering::Relaxed);
                let new = invoice(&world, sequential);
                let id = new.id;
                assert_eq!(world.accept(new).await, Acceptance::Stored);
                let line = format!("acknowledged {sequential} {id}\n");
                std::io::stdout().write_all(line.as_bytes()).unwrap();
                std::io::stdout().flush().unwrap();
            }
        }
    });
    clients.collect::<JoinSet<()>>().join_all().await;
}

/// Eight clients ask for numbers and say which they got.
async fn reserve_for_ever(store: Arc<SqliteStore>) {
    let account = match store.accounts().await.unwrap().pop() {
        Some(account) => account,
        None => store.create_account(new_account("una")).await.unwrap(),
    };
    // The same one in every round.
    let issuer = new_issuer(&account, "1790011674001");
    let issuer = store.put_issuer(issuer).await.unwrap();
    let key = SeriesKey {
        account: account.id,
        issuer: issuer.id,
        environment: Environment::Test,
        document_type: DocumentType::Invoice,
        series: series(),
    };
    let clients = (0..8).map(|_| {
        let store = store.clone();
        async move {
            loop {
                let number = store.reserve_sequential(key).await.unwrap().unwrap().get();
                let line = format!("acknowledged {number} {}\n", document_id(number));
                std::io::stdout().write_all(line.as_bytes()).unwrap();
                std::io::stdout().flush().unwrap();
            }
        }
    });
    clients.collect::<JoinSet<()>>().join_all().await;
}

/// One document is accepted, claimed and moved on twice.
async fn journey(store: Arc<SqliteStore>) {
    let world = World::new(store).await;
    world.accept(invoice(&world, 1)).await;
    world.claim(1, NOW).await;
    for part in [BlobPart::Authorization, BlobPart::Unsigned] {
        let document = world.document(document_id(1)).await;
        let transition = Transition {
            submission_over: true,
            blobs: vec![(part, b"raw".to_vec())],
            ..step(&document, Stage::Received)
        };
        world.apply(transition).await;
    }
}

/// An invoice whose every byte follows from its number, so that the parent
/// knows it too.
fn invoice(world: &World, sequential: u32) -> NewDocument {
    NewDocument {
        id: document_id(sequential),
        blobs: vec![(BlobPart::Signed, signed_bytes(sequential))],
        payment_due: Some("2026-12-24".into()),
        idempotency: Some(NewIdempotency {
            key: sequential.to_string(),
            fingerprint: [1; 32],
            answer: b"answer".to_vec(),
            expires_at: later(1),
        }),
        ..world.invoice(sequential)
    }
}

fn signed_bytes(sequential: u32) -> Vec<u8> {
    format!("{sequential:09}").repeat(600).into_bytes()
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).build().unwrap()
}

/// A child that does not outlive its test.
struct Process {
    child: Child,
    stdout: BufReader<Box<dyn Read>>,
    stderr: BufReader<Box<dyn Read>>,
}

impl Process {
    fn start(scene: &str, dir: &Path, variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["child", "--exact", "--nocapture"])
            .env(SCENE, scene)
            .env(DIR, dir)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout: Box<dyn Read> = Box::new(child.stdout.take().unwrap());
        let stderr: Box<dyn Read> = Box::new(child.stderr.take().unwrap());
        Self {
            child,
            stdout: BufReader::new(stdout),
            stderr: BufReader::new(stderr),
        }
    }

    /// Reads up to `limit` acknowledgements, or to the end.
    fn read_acknowledged(&mut self, into: &mut BTreeMap<u32, DocumentId>, limit: u32) {
        let mut read = 0;
        let mut line = String::new();
        while read < limit && self.stdout.read_line(&mut line).unwrap() > 0 {
            let words = line.strip_suffix('\n').and_then(|line| {
                // The harness of the child may have begun the line.
                let (_, words) = line.split_once("acknowledged ")?;
                words.split_once(' ')
            });
            if let Some((sequential, id)) = words {
                into.insert(sequential.parse().unwrap(), id.parse().unwrap());
                read += 1;
            }
            line.clear();
        }
    }

    #[cfg(debug_assertions)]
    fn wait_for_stderr(&mut self, expected: &str) {
        let mut line = String::new();
        while self.stderr.read_line(&mut line).unwrap() > 0 {
            if line == expected {
                return;
            }
            line.clear();
        }
        panic!("the child ended without {expected}");
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where the child is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
