//! No password and no API key in logs, answers or files (L11). A binary of its
//! own, because the log of a whole process is looked at.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod support;

use serde_json::json;
use tagua_store::{Stage, Store};

use support::client::{Answer, Call};
use support::documents::id;
use support::log::Log;
use support::sample::{invoice, with};
use support::sandbox::PASSWORD;
use support::{KEY, World};

const WRONG: &str = "esta-no-es-la-clave-5512";
const UNKNOWN_KEY: &str = "feedfacefeedfacefeedfacefeedface";

#[tokio::test]
async fn secrets_are_nowhere() {
    let log = Log::start(tracing::Level::TRACE);
    let world = World::start().await;
    let mut answers = everything(&world).await;

    let mut files = Vec::new();
    for entry in std::fs::read_dir(world.dir.path()).unwrap() {
        let path = entry.unwrap().path();
        files.push((path.display().to_string(), std::fs::read(path).unwrap()));
    }
    assert!(
        files.iter().any(|(name, _)| name.ends_with("-wal")),
        "{}",
        files.len()
    );
    world.store.close().await.unwrap();
    answers.push(world.issue(&invoice(9)).await);
    let log = log.take();
    // The log is there at all, with what an operator needs.
    assert!(contains(&log, b"accepted"));
    assert!(contains(&log, b"the storage failed"));
    assert!(contains(&log, b"not signed"));
    let metrics = answers.iter().any(|a| contains(&a.body, b"# HELP tagua_"));
    assert!(metrics, "the metrics are looked at");

    files.push(("the log".to_owned(), log));
    files.extend(
        answers
            .iter()
            .map(|a| (format!("answer {}", a.status), a.body.clone())),
    );
    let latin1: Vec<u8> = PASSWORD.chars().map(|c| u8::try_from(c).unwrap()).collect();
    let secrets = [
        PASSWORD.as_bytes(),
        &latin1,
        WRONG.as_bytes(),
        KEY.as_bytes(),
        UNKNOWN_KEY.as_bytes(),
    ];
    for (name, bytes) in &files {
        for secret in secrets {
            assert!(
                !contains(bytes, secret),
                "{} in {name}",
                String::from_utf8_lossy(secret)
            );
        }
    }
}

/// One request of each kind, good and bad.
async fn everything(world: &World) -> Vec<Answer> {
    let issue = |key: &str, password: &str, body: &serde_json::Value| {
        let call = Call::post("/invoices/issue").key(key).password(password);
        call.json(body).send(world.address)
    };
    let good = issue(KEY, PASSWORD, &invoice(1)).await;
    let wrong = issue(KEY, WRONG, &invoice(2)).await;
    assert_eq!((good.status, wrong.status), (200, 200));
    let mut answers = vec![
        issue(UNKNOWN_KEY, PASSWORD, &invoice(3)).await,
        issue(KEY, PASSWORD, &json!([])).await,
        issue(KEY, PASSWORD, &invoice(1)).await,
        issue(KEY, PASSWORD, &with(invoice(4), "/ambiente", json!(2))).await,
    ];
    let good_id = id(&good.json());
    for path in [
        "/invoices/ID",
        "/edocs/ID",
        "/ver/ID/xml",
        "/ver/ID/pdf",
        "/nada",
        "/metrics",
        "/readyz",
    ] {
        let path = path.replace("ID", &good_id.to_string());
        let call = Call::get(&path).key(KEY).password(PASSWORD);
        answers.push(call.send(world.address).await);
    }
    world.put_in(good_id, Stage::Returned).await;
    for password in [WRONG, PASSWORD] {
        let path = format!("/edocs/{good_id}/issue");
        let call = Call::post(&path).key(KEY).password(password);
        answers.push(call.send(world.address).await);
    }
    answers.extend([good, wrong]);
    answers
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
