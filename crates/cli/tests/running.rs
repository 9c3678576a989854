//! Preparing a data directory, starting, stopping, and being in each other's way.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;

use serde_json::{Value, json};

use support::body::{RUC, invoice};
use support::http;
use support::process::Process;
use support::world::{World, text};
use support::{fail, run, succeed, tagua, wait_until};

fn init(data: &str, options: &[&str]) -> Value {
    let arguments = [&["init", "--json", "--data", data], options].concat();
    serde_json::from_str(&succeed(&arguments)).unwrap()
}

#[test]
fn init_shows_its_secrets_once() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("new").join("data");
    let first = init(text(&data), &[]);
    let names: Vec<_> = first.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["data", "url", "ruc", "api_key", "certificate_password"]
    );
    assert_eq!(first["data"], text(&data));
    assert_eq!(first["url"], "http://127.0.0.1:8080");
    assert_eq!(first["ruc"], RUC);

    let second = init(text(&data), &[]);
    assert_eq!(second["already_initialized"], true);
    assert_eq!(second.get("api_key"), None);
    assert_eq!(second.get("certificate_password"), None);
}

#[test]
fn init_makes_another_key_beside_the_first() {
    let world = World::new();
    let made = init(text(&world.data()), &["--new-key"]);
    let new_key = made["api_key"].as_str().unwrap();
    assert_ne!(new_key, world.key);
    assert_eq!(made.get("certificate_password"), None);
    let server = world.start();
    let issued = server.issue(&invoice(1));
    let path = format!("/invoices/{}", issued["id"].as_str().unwrap());
    let headers = [("x-key", new_key)];
    let found = http::call(server.address, "GET", &path, &headers, b"").unwrap();
    assert_eq!(found.status, 200);
}

#[test]
fn a_lost_sandbox_password_is_replaced() {
    let world = World::new();
    let made = init(text(&world.data()), &["--new-password"]);
    let password = made["certificate_password"].as_str().unwrap();
    assert_ne!(password, world.password);
    assert_eq!(made.get("api_key"), None);
    let server = world.start();
    let headers = [("x-key", world.key.as_str()), ("x-password", password)];
    let body = invoice(1).to_string();
    let issued = http::call(
        server.address,
        "POST",
        "/invoices/issue",
        &headers,
        body.as_bytes(),
    )
    .unwrap();
    assert_eq!(issued.status, 200);
    assert_eq!(issued.json().get("firma"), None);
}

#[test]
fn init_prints_for_people_without_json() {
    let world = World::new();
    let output = run(&["init", "--data", text(&world.data())]);
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains(RUC), "{printed}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("hint: `tagua init"), "{said}");
}

#[test]
fn the_first_start_prepares_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let mut command = tagua();
    command.args(["start", "--listen", "127.0.0.1:0", "--data", text(&data)]);
    let mut server = Process::start(&mut command);
    let address = server.ready();
    let said = server.said();
    let secret = |name: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().to_owned()
    };
    let (key, password) = (secret("X-Key: "), secret("X-Password: "));
    let headers = [("x-key", &*key), ("x-password", &*password)];
    let body = invoice(1).to_string();
    let path = "/invoices/issue";
    let answer = http::call(address, "POST", path, &headers, body.as_bytes()).unwrap();
    assert_eq!(answer.json().get("firma"), None);
    server.stop();
    assert_eq!(init(text(&data), &[])["already_initialized"], true);
}

#[test]
fn a_directory_has_one_server() {
    let world = World::new();
    let _server = world.start();
    let data = world.data();
    let data = text(&data);
    let others: [&[&str]; 3] = [
        &["start", "--listen", "127.0.0.1:0", "--data", data],
        &["demo", "--once", "--listen", "127.0.0.1:0", "--data", data],
        &["init", "--data", data],
    ];
    for other in others {
        let said = fail(other);
        assert!(said.starts_with("error: "), "{said}");
        assert!(said.contains("hint: a server works on it"), "{said}");
    }
}

#[test]
fn a_taken_port_is_said() {
    let world = World::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (data, simulator) = (world.data(), world.simulator_data());
    let start = ["start", "--listen", &address, "--data", text(&data)];
    let simulator = [
        "simulator",
        "--listen",
        &address,
        "--data",
        text(&simulator),
    ];
    for arguments in [start, simulator] {
        let said = fail(&arguments);
        let expected = format!("error: {address} cannot be listened on");
        assert!(said.starts_with(&expected), "{said}");
        assert!(said.contains("hint: another program may use it"), "{said}");
    }
}

#[test]
fn an_address_may_be_a_name_and_is_told_when_it_is_none() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let directory = tempfile::tempdir().unwrap();
    let data = text(directory.path());
    let said = fail(&[
        "start",
        "--listen",
        &format!("localhost:{port}"),
        "--data",
        data,
    ]);
    assert!(
        said.contains(&format!("127.0.0.1:{port} cannot be listened on")),
        "{said}"
    );
}

#[test]
fn a_simulator_without_a_sandbox_authority_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = tagua();
    command.args(["simulator", "--listen", "127.0.0.1:0", "--data"]);
    let simulator = Process::start(command.arg(directory.path()));
    simulator.line(support::PATIENCE, |line| {
        line.contains("no sandbox authority is trusted")
    });
}

#[test]
fn a_start_that_fails_keeps_the_secrets_for_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = text(directory.path());
    fail(&["start", "--listen", &address, "--data", data]);
    assert!(init(data, &[]).get("api_key").is_some());
}

#[test]
fn nothing_that_was_answered_is_lost_by_a_stop() {
    let world = World::new();
    let mut server = world.start();
    let (told, answers) = mpsc::channel();
    let clients: Vec<_> = (0..4)
        .map(|lane| {
            let (told, address) = (told.clone(), server.address);
            let (key, password) = (world.key.clone(), world.password.clone());
            thread::spawn(move || {
                let headers = [("x-key", &*key), ("x-password", &*password)];
                for sequential in (1..).map(|n| n * 4 + lane) {
                    let Some(id) = issue(address, &headers, sequential) else {
                        return;
                    };
                    told.send(id).unwrap();
                }
            })
        })
        .collect();
    drop(told);
    let mut ids: Vec<String> = answers.iter().take(12).collect();
    server.process.stop();
    ids.extend(answers.iter());
    for client in clients {
        client.join().unwrap();
    }
    let server = world.start();
    for id in &ids {
        server.settled(id, "AUTORIZADO");
    }
}

/// The id, or `None` when the server is gone.
fn issue(address: SocketAddr, headers: &[(&str, &str)], sequential: u32) -> Option<String> {
    let body = invoice(sequential).to_string();
    let path = "/invoices/issue";
    let answer = http::call(address, "POST", path, headers, body.as_bytes()).ok()?;
    assert_eq!(answer.status, 200, "{answer:?}");
    Some(answer.json()["id"].as_str().unwrap().to_owned())
}

/// A client that never finishes its request and an authority that never answers.
#[test]
fn nobody_can_delay_a_stop() {
    let world = World::new();
    let simulator = world.start_simulator();
    simulator.order(
        "recepcion",
        &json!({ "fault": "accept_then_timeout", "hold_ms": 60_000 }),
    );
    let mut server = world.start_against(simulator.address);
    let issued = server.issue(&invoice(1));
    wait_until("the call to be held", || {
        world
            .ledger()
            .iter()
            .any(|e| e.fault.is_some())
            .then_some(())
    });
    let mut half = TcpStream::connect(server.address).unwrap();
    let headers = [("x-key", &*world.key), ("x-password", &*world.password)];
    let head = http::head(server.address, "POST", "/invoices/issue", &headers, 1000);
    half.write_all(head.as_bytes()).unwrap();
    half.write_all(b"{").unwrap();
    // Connections are accepted in order: once a later one was answered, so was this.
    server.query(issued["id"].as_str().unwrap());
    server.process.stop();

    let server = world.start_against(simulator.address);
    server.settled(issued["id"].as_str().unwrap(), "AUTORIZADO");
    let decisions = world
        .ledger()
        .iter()
        .filter(|e| e.decision.is_some())
        .count();
    assert_eq!(decisions, 1);
}

#[test]
fn the_simulator_stops_in_order_and_remembers() {
    let world = World::new();
    let mut simulator = world.start_simulator();
    let server = world.start_against(simulator.address);
    let issued = server.issue(&invoice(1));
    server.settled(issued["id"].as_str().unwrap(), "AUTORIZADO");
    let before = world.ledger();
    simulator.process.stop();
    let _again = world.start_simulator();
    assert_eq!(world.ledger(), before);
}

#[test]
fn the_demo_shows_an_authorized_invoice_again_and_again() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let arguments = ["demo", "--once", "--listen", "127.0.0.1:0", "--data"];
    for number in 1..=2 {
        let printed = succeed(&[&arguments[..], &[text(&data)]].concat());
        let title = format!("factura 001-001-{number:09}");
        assert!(printed.starts_with(&title), "{printed}");
        for shown in ["authorized", "AUTORIZADO", "X-Key", "X-Password", "curl -s"] {
            assert!(printed.contains(shown), "{shown} in {printed}");
        }
        let saved = data.join(format!("factura-001-001-{number:09}.xml"));
        let verdict = succeed(&["verify", text(&saved)]);
        assert!(verdict.ends_with("the document holds\n"), "{verdict}");
    }
    // What the demo prints last works as it stands.
    let next = std::fs::read(data.join("factura.json")).unwrap();
    let next: Value = serde_json::from_slice(&next).unwrap();
    assert_eq!(next["secuencial"], 3);
}
