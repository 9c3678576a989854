use std::fs::OpenOptions;
use std::io::Write;

use tagua_simulator::{Flush, OpenError, Simulator, ledger};

use crate::support::document::invoice;
use crate::support::signer::PASSWORD;
use crate::support::{NOON, World};

#[tokio::test]
async fn every_request_leaves_one_line() {
    let world = World::new().await;
    let document = world.sign(&invoice(1));
    world.send(&document).await;
    world.send(&document).await;
    world.ask(&invoice(1).key()).await;
    world.ask(&invoice(2).key()).await;
    world.send(b"x").await;
    let entries = world.entries();
    let told: Vec<_> = entries
        .iter()
        .map(|entry| (entry.answer.as_str(), entry.codes.as_slice()))
        .collect();
    assert_eq!(
        told,
        [
            ("RECIBIDA", &[][..]),
            ("DEVUELTA", &[43][..]),
            ("AUTORIZADO", &[][..]),
            ("SIN RESULTADO", &[][..]),
            ("DEVUELTA", &[35][..]),
        ]
    );
    assert_eq!(entries[0].at, NOON);
    assert_eq!(entries[0].access_key, Some(invoice(1).key()));
    assert_eq!(entries[4].access_key, None);
    let sha256 = entries[0].sha256.clone().expect("a digest");
    assert_eq!(entries[1].sha256, Some(sha256.clone()));
    let path = world.path(ledger::LEDGER_FILE);
    let authorizations = ledger::authorizations(path).expect("readable");
    let expected = ledger::Authorization { at: NOON, sha256 };
    assert_eq!(
        authorizations.into_iter().collect::<Vec<_>>(),
        [(invoice(1).key(), vec![expected])]
    );
}

#[tokio::test]
async fn a_restarted_simulator_remembers() {
    let world = World::new().await;
    let authorized = world.sign(&invoice(1));
    world.send(&authorized).await.expect("RECIBIDA", &[]);
    world
        .send(invoice(2).xml().as_bytes())
        .await
        .expect("RECIBIDA", &[]);
    let before = (
        world.ask(&invoice(1).key()).await,
        world.ask(&invoice(2).key()).await,
    );

    let world = world.restart().await;
    let after = (
        world.ask(&invoice(1).key()).await,
        world.ask(&invoice(2).key()).await,
    );
    assert_eq!((before.0.body, before.1.body), (after.0.body, after.1.body));
    world.send(&authorized).await.expect("DEVUELTA", &["43"]);
    let mut other = invoice(1);
    other.numeric_code = 1;
    world.send_invoice(&other).await.expect("DEVUELTA", &["45"]);
    world
        .send_invoice(&invoice(3))
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.restart().await.ask(&invoice(3).key()).await;
    answer.expect("AUTORIZADO", &["60"]);
}

#[tokio::test]
async fn latency_and_refusals_of_the_day_survive_a_restart() {
    let world = World::with(|config| config.latency = std::time::Duration::from_secs(9)).await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    let mut world = world.restart().await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("DEVUELTA", &["70"]);
    for _ in 0..3 {
        world
            .send(invoice(2).xml().as_bytes())
            .await
            .expect("RECIBIDA", &[]);
        world.pass(9_000);
        world = world.restart().await;
    }
    world
        .send_invoice(&invoice(2))
        .await
        .expect("DEVUELTA", &["90"]);
    world
        .ask(&invoice(1).key())
        .await
        .expect("AUTORIZADO", &["60"]);
}

/// A kill can leave any part of the last line behind, and bytes of a document
/// that no line speaks of.
#[tokio::test]
async fn a_torn_last_line_is_cut_off() {
    let mut world = World::new().await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    let whole = std::fs::read(world.path(ledger::LEDGER_FILE)).expect("a ledger");
    let line = whole.strip_suffix(b"\n").expect("a line feed");
    for torn in [
        &line[..1],
        &line[..line.len() / 2],
        line,
        b"\0\0\0\0",
        b"\0\0\n\0\n",
    ] {
        let stopped = world.stop().await;
        for (name, bytes) in [
            (ledger::LEDGER_FILE, torn),
            (ledger::DOCUMENTS_FILE, b"half a docu"),
        ] {
            let path = stopped.directory.path().join(name);
            let mut file = OpenOptions::new().append(true).open(path).expect("opens");
            file.write_all(bytes).expect("written");
        }
        world = stopped.start().await;
        assert_eq!(
            std::fs::read(world.path(ledger::LEDGER_FILE)).expect("a ledger"),
            whole
        );
    }
    world
        .send_invoice(&invoice(2))
        .await
        .expect("RECIBIDA", &[]);
    for sequential in [1, 2] {
        let answer = world.ask(&invoice(sequential).key()).await;
        answer.expect("AUTORIZADO", &["60"]);
        assert_eq!(
            answer.one("comprobante").as_bytes(),
            world.sign(&invoice(sequential))
        );
    }
}

#[tokio::test]
async fn a_reader_stops_before_a_torn_line() {
    let world = World::new().await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    let path = world.path(ledger::LEDGER_FILE);
    let mut file = OpenOptions::new().append(true).open(&path).expect("opens");
    file.write_all(b"{\"at\":1,").expect("written");
    assert_eq!(world.entries().len(), 1);
    assert!(ledger::read(world.path("nothing")).is_err());
}

#[tokio::test]
async fn damage_in_the_middle_is_not_cut_off() {
    let world = with_two_invoices().await;
    let path = world.path(ledger::LEDGER_FILE);
    let stopped = world.stop().await;
    let mut bytes = std::fs::read(&path).expect("a ledger");
    bytes[10] = 0;
    std::fs::write(&path, &bytes).expect("written");
    let opened = Simulator::open(stopped.config.clone(), stopped.clock.clone());
    let error = opened.err().expect("refused");
    assert!(
        matches!(
            &error,
            OpenError::Ledger(ledger::LedgerError::Damaged { line: 1 })
        ),
        "{error:?}"
    );
    assert_eq!(
        std::fs::read(&path).expect("a ledger"),
        bytes,
        "left as it was"
    );
}

/// A power cut may lose the first part of a flush and keep the second: both lines
/// were made when nothing of them was durable.
#[tokio::test]
async fn a_hole_in_the_last_flush_is_cut_off() {
    let world = with_two_invoices().await;
    let path = world.path(ledger::LEDGER_FILE);
    let stopped = world.stop().await;
    let text = std::fs::read_to_string(&path).expect("a ledger");
    let (first, second) = text.split_once('\n').expect("two lines");
    let mark = format!("\"flushed\":{},", first.len() + 1);
    assert!(second.contains(&mark), "{second}");
    let hole = "\0".repeat(first.len());
    let second = second.replace(&mark, "\"flushed\":0,");
    std::fs::write(&path, format!("{hole}\n{second}")).expect("written");
    let world = stopped.start().await;
    assert!(world.entries().is_empty());
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    world
        .ask(&invoice(1).key())
        .await
        .expect("AUTORIZADO", &["60"]);
}

#[tokio::test]
async fn a_missing_document_that_was_durable_is_noticed() {
    let world = with_two_invoices().await;
    let stopped = world.stop().await;
    let path = stopped.directory.path().join(ledger::DOCUMENTS_FILE);
    std::fs::write(path, b"short").expect("written");
    let opened = Simulator::open(stopped.config.clone(), stopped.clock.clone());
    assert!(matches!(
        opened.err(),
        Some(OpenError::Ledger(ledger::LedgerError::DocumentMissing {
            line: 1
        }))
    ));
}

/// A power cut may keep the last line and lose, or spoil, the document.
#[tokio::test]
async fn a_last_line_without_its_document_is_cut_off() {
    for spoil in [
        (|bytes| bytes.truncate(bytes.len() - 1)) as fn(&mut Vec<u8>),
        |bytes| *bytes.last_mut().expect("a document") = 0,
    ] {
        let world = with_two_invoices().await;
        let stopped = world.stop().await;
        let path = stopped.directory.path().join(ledger::DOCUMENTS_FILE);
        let mut bytes = std::fs::read(&path).expect("documents");
        spoil(&mut bytes);
        std::fs::write(&path, bytes).expect("written");
        let world = stopped.start().await;
        assert_eq!(world.entries().len(), 1);
        let kept = world.ask(&invoice(1).key()).await;
        kept.expect("AUTORIZADO", &["60"]);
        let answer = world.send_invoice(&invoice(2)).await;
        answer.expect("RECIBIDA", &[]);
        let again = world.ask(&invoice(2).key()).await;
        again.expect("AUTORIZADO", &["60"]);
    }
}

#[tokio::test]
async fn two_simulators_cannot_share_a_directory() {
    let world = World::new().await;
    let config = tagua_simulator::Config::new(world.path(""));
    let clock = std::sync::Arc::new(Fixed);
    assert!(matches!(
        Simulator::open(config, clock).err(),
        Some(OpenError::InUse(_))
    ));
}

struct Fixed;

impl tagua_simulator::Clock for Fixed {
    fn now_unix_millis(&self) -> i64 {
        NOON
    }
}

#[tokio::test]
async fn flushed_behind_nothing_else_changes() {
    let world = World::with(|config| config.flush = Flush::Behind).await;
    let [one, two, three] = [1, 2, 3].map(|sequential| world.sign(&invoice(sequential)));
    let answers = tokio::join!(world.send(&one), world.send(&two), world.send(&three));
    for answer in [answers.0, answers.1, answers.2] {
        answer.expect("RECIBIDA", &[]);
    }
    let world = world.restart().await;
    for sequential in 1..=3 {
        world
            .ask(&invoice(sequential).key())
            .await
            .expect("AUTORIZADO", &["60"]);
    }
}

#[tokio::test]
async fn no_file_holds_a_password_or_a_key() {
    let world = World::new().await;
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    for name in [
        ledger::LEDGER_FILE,
        ledger::DOCUMENTS_FILE,
        "sandbox-ca/test.der",
    ] {
        let bytes = std::fs::read(world.path(name)).expect("a file");
        let found = bytes
            .windows(PASSWORD.len())
            .any(|part| part == PASSWORD.as_bytes());
        assert!(!found, "{name}");
    }
}

/// The second line of the ledger knows the first to be durable.
async fn with_two_invoices() -> World {
    let world = World::new().await;
    for sequential in 1..=2 {
        let answer = world.send_invoice(&invoice(sequential)).await;
        answer.expect("RECIBIDA", &[]);
    }
    world
}
