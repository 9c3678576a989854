//! From a data directory into a PostgreSQL database, and on from there.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "../../postgres/tests/support/mod.rs"]
mod postgres;
mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use support::body::{RUC, invoice};
use support::http;
use support::world::{Server, World, text};
use support::{fail, run, succeed};

/// The URL of an empty database, or `None` where PostgreSQL is not installed.
fn database() -> Option<String> {
    let server = postgres::server()?;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    Some(runtime.block_on(server.database()))
}

/// What a database answers, as text.
fn ask(url: &str, sql: &str) -> Vec<Vec<Option<String>>> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
            .await
            .unwrap();
        let driver = tokio::spawn(connection);
        let messages = client.simple_query(sql).await.unwrap();
        driver.abort();
        let rows = messages.into_iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let row = |row: tokio_postgres::SimpleQueryRow| {
            let cells = 0..row.columns().len();
            cells.map(|n| row.get(n).map(str::to_owned)).collect()
        };
        rows.map(row).collect()
    })
}

fn number(url: &str, sql: &str) -> i64 {
    ask(url, sql)[0][0].as_ref().unwrap().parse().unwrap()
}

/// Everything that a data directory can hold: a correction, an idempotent
/// answer, a reminder, a counter, settings, a document that is not sent.
fn fill(world: &World, server: &Server) -> Vec<String> {
    let id = |document: &Value| document["id"].as_str().unwrap().to_owned();
    let mut ids = Vec::new();
    for number in [7, 3, 12] {
        let issued = server.issue(&invoice(number));
        ids.push(id(&server.settled(&id(&issued), "AUTORIZADO")));
    }
    let mut unsigned = invoice(20);
    unsigned["external_id"] = "pedido 20 ñ".into();
    let answer = server.post("/invoices/issue", "wrong", &unsigned).json();
    assert_eq!(answer["firma"]["result"], "bad", "{answer}");
    server.reissue(&id(&answer), &unsigned);
    server.settled(&id(&answer), "AUTORIZADO");
    ids.push(id(&answer));
    let headers = [
        ("x-key", &*world.key),
        ("x-password", &*world.password),
        ("idempotency-key", "pedido-21"),
    ];
    let mut body = invoice(21);
    body["secuencial"] = "auto".into();
    let issue = |address| {
        let body = body.to_string();
        http::call(
            address,
            "POST",
            "/invoices/issue",
            &headers,
            body.as_bytes(),
        )
        .unwrap()
    };
    let issued = issue(server.address).json();
    server.settled(&id(&issued), "AUTORIZADO");
    ids.push(id(&issued));
    ids
}

fn move_to(world: &World, url: &str) -> BTreeMap<String, u64> {
    let data = world.data();
    let printed = succeed(&["migrate", "--json", "--from", text(&data), "--to", url]);
    let report: Value = serde_json::from_str(&printed).unwrap();
    let tables = report["tables"].as_array().unwrap().iter();
    tables
        .map(|table| {
            assert_eq!(table["sha256"].as_str().unwrap().len(), 64);
            let name = table["table"].as_str().unwrap().to_owned();
            (name, table["rows"].as_u64().unwrap())
        })
        .collect()
}

#[test]
fn everything_is_there_and_goes_on() {
    let Some(url) = database() else { return };
    let world = World::new();
    let data = world.data();
    let set = ["issuer", "set", "--data", text(&data), "--ruc", RUC];
    succeed(&[&set[..], &["--new", "keeps_accounts=true"]].concat());
    let simulator = world.start_simulator();
    let mut server = world.start_against(simulator.address);
    let ids = fill(&world, &server);
    let lists = [
        "/invoices",
        "/invoices?texto=nandu",
        "/invoices?external_id=pedido%2020%20%C3%B1",
    ];
    let answers = |server: &Server| {
        let documents = ids.iter().map(|id| server.query(id)).collect::<Vec<_>>();
        let files: Vec<_> = ids.iter().map(|id| server.xml(id)).collect();
        let lists = lists.map(|path| server.get(path).json());
        // Links in answers start with the server's own address.
        let text = json!([documents, files, lists]).to_string();
        text.replace(&server.address.to_string(), "HOST")
    };
    let before = answers(&server);
    for path in lists {
        let found = server.get(path).json();
        assert_ne!(
            found["results"].as_array().unwrap().len(),
            0,
            "{path}: {found}"
        );
    }
    server.process.stop();

    let rows = move_to(&world, &url);
    assert_eq!(rows["document"], 5);
    assert_eq!(rows["issuer"], 1);
    assert_eq!(rows["idempotency"], 1);
    for (table, count) in &rows {
        let sql = format!("SELECT count(*) FROM \"{table}\"");
        assert_eq!(
            number(&url, &sql),
            i64::try_from(*count).unwrap(),
            "{table}"
        );
    }

    let url_of_simulator = format!("http://{}", simulator.address);
    let options = ["--database", &url, "--simulator-url", &url_of_simulator];
    let server = world.start_with(&options, &[]);
    assert_eq!(answers(&server), before);
    let mut body = invoice(21);
    body["secuencial"] = "auto".into();
    let headers = [
        ("x-key", &*world.key),
        ("x-password", &*world.password),
        ("idempotency-key", "pedido-21"),
    ];
    let text_of_body = body.to_string();
    let path = "/invoices/issue";
    let repeated = http::call(
        server.address,
        "POST",
        path,
        &headers,
        text_of_body.as_bytes(),
    );
    assert_eq!(repeated.unwrap().json()["id"], ids[4].as_str());
    let issued = server.issue(&body);
    let id = issued["id"].as_str().unwrap();
    let document = server.settled(id, "AUTORIZADO");
    assert_eq!(
        &document["clave_acceso"].as_str().unwrap()[30..39],
        "000000022"
    );
    assert_eq!(number(&url, "SELECT max(document_id) FROM document"), 6);
    assert_eq!(
        number(&url, "SELECT count(DISTINCT position) FROM document"),
        6
    );
    // Numbers of rows that the engine gives go on as well.
    let other = ["--ruc", "1790012345001", "--new", "keeps_accounts=true"];
    let set = ["issuer", "set", "--data", text(&data), "--database", &url];
    succeed(&[&set[..], &other].concat());
    assert_eq!(number(&url, "SELECT max(issuer_id) FROM issuer"), 2);
    let newest = server.get("/invoices?limit=1").json();
    assert!(newest.to_string().contains(id), "{newest}");
}

#[test]
fn a_document_under_way_goes_on_in_the_other_database() {
    let Some(url) = database() else { return };
    let world = World::new();
    let mut holding = world.start_with(&["--hold"], &[]);
    let issued = holding.issue(&invoice(1));
    holding.process.stop();
    assert_eq!(move_to(&world, &url)["job"], 1);
    let simulator = world.start_simulator();
    let to = format!("http://{}", simulator.address);
    let server = world.start_with(&["--database", &url, "--simulator-url", &to], &[]);
    let document = server.settled(issued["id"].as_str().unwrap(), "AUTORIZADO");
    assert_eq!(document["clave_acceso"], issued["clave_acceso"]);
}

#[test]
fn a_directory_that_was_moved_does_not_number_on() {
    let Some(url) = database() else { return };
    let world = World::new();
    move_to(&world, &url);
    let data = world.data();
    let start = ["start", "--listen", "127.0.0.1:0", "--data", text(&data)];
    let said = fail(&start);
    assert!(
        said.contains("was moved to a PostgreSQL database"),
        "{said}"
    );
    assert!(said.contains("--database"), "{said}");
    let to = world.path().join("b");
    let said = fail(&["backup", "--data", text(&data), "--to", text(&to)]);
    assert!(said.contains("was moved"), "{said}");
}

#[test]
fn only_an_empty_database_is_filled() {
    let Some(url) = database() else { return };
    let world = World::new();
    let data = world.data();
    let migrate = ["migrate", "--from", text(&data), "--to", &url];
    ask(&url, "CREATE TABLE theirs (x INTEGER)");
    let said = fail(&migrate);
    assert!(said.contains("1 tables of another program"), "{said}");
    ask(&url, "DROP TABLE theirs");
    // The directory is as it was: it can be moved now, and then not again.
    succeed(&migrate);
    let said = fail(&migrate);
    assert!(said.contains("table account has rows"), "{said}");
    assert!(said.contains("hint: make a new database"), "{said}");
}

#[test]
fn a_failure_leaves_the_database_empty_and_the_directory_as_it_was() {
    let Some(url) = database() else { return };
    let world = World::new();
    let server = world.start();
    server.issue(&invoice(1));
    let data = world.data();
    let migrate = ["migrate", "--from", text(&data), "--to", &url];
    let said = fail(&migrate);
    assert!(said.contains("stop it first"), "{said}");
    drop(server);

    // Events come near the end, after documents and their bytes.
    make_tables(&url);
    ask(&url, "ALTER TABLE event ADD CHECK (kind = 'never')");
    let said = fail(&migrate);
    assert!(said.contains("nothing was moved"), "{said}");
    assert_eq!(number(&url, "SELECT count(*) FROM document"), 0);
    ask(&url, "ALTER TABLE event DROP CONSTRAINT event_kind_check");
    assert_eq!(move_to(&world, &url)["document"], 1);
}

/// The tables without content, as a run that was interrupted leaves them.
fn make_tables(url: &str) {
    let other = tempfile::tempdir().unwrap();
    let data = other.path().join("data");
    succeed(&["init", "--data", text(&data), "--database", url]);
    ask(url, "TRUNCATE account CASCADE; TRUNCATE note");
}

#[test]
fn addresses_that_lead_nowhere_are_said_without_the_password() {
    let world = World::new();
    let data = world.data();
    let nowhere = "postgres://tagua:geheim@127.0.0.1:1/tagua";
    for url in [nowhere, "geheim"] {
        let said = fail(&["migrate", "--from", text(&data), "--to", url]);
        assert!(!said.contains("geheim"), "{said}");
    }
    let nothing = world.path().join("nothing");
    let said = fail(&["migrate", "--from", text(&nothing), "--to", nowhere]);
    assert!(said.contains("--from"), "{said}");
    assert!(!nothing.exists());
    let output = run(&["migrate", "--from", text(&data)]);
    assert_eq!(output.status.code(), Some(2));
}
