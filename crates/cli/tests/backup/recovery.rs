//! `tagua restore`, `tagua recover` and the start that asks SRI.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use serde_json::json;
use tagua_simulator::ledger::DecisionState;

use crate::support::body::invoice;
use crate::support::process::Process;
use crate::support::world::{Server, World, text};
use crate::support::{PATIENCE, fail, succeed, tagua};
use crate::{back_up, issue, lose_and_restore, number_of, verify};

#[test]
fn what_was_issued_after_the_backup_is_found_at_sri() {
    let world = World::new();
    let simulator = world.start_simulator();
    let mut server = world.start_against(simulator.address);
    let before = issue(&server, 30);
    let (backup, made) = back_up(&world, "monday.backup");
    assert_eq!(made["tables"]["document"], 30);
    let after = issue(&server, 20);
    server.process.stop();

    let restored = lose_and_restore(&world, &backup);
    assert_eq!(restored["tables"]["document"], 30);
    let mut server = world.start_against(simulator.address);
    for (number, key) in before.iter().chain(&after) {
        let document = server.query(&holder(&server, *number));
        assert_eq!(document["clave_acceso"], key.as_str());
        assert_eq!(document["estado"], "AUTORIZADO", "{document}");
        assert_eq!(document["autorizacion"]["numero"], key.as_str());
        assert_eq!(document["comprador"]["identificacion"], "1710034065");
    }
    let next = issue(&server, 3);
    assert_eq!(next.keys().copied().collect::<Vec<_>>(), [51, 52, 53]);

    let ledger = authorized(&world);
    let expected: BTreeMap<_, _> = before
        .into_iter()
        .chain(after)
        .chain(next)
        .map(|(number, key)| (number, vec![key]))
        .collect();
    assert_eq!(ledger, expected);

    // Only the first start asks.
    let asked = world.ledger().len();
    server.process.stop();
    let server = world.start_against(simulator.address);
    assert_eq!(world.ledger().len(), asked);
    assert!(!server.process.said().contains("since the backup"));
}

#[test]
fn a_recovered_document_is_like_any_other() {
    let world = World::new();
    let simulator = world.start_simulator();
    let mut server = world.start_against(simulator.address);
    issue(&server, 1);
    let (backup, _) = back_up(&world, "b");
    issue(&server, 1);
    let told = server.xml(&holder(&server, 2));
    server.process.stop();
    lose_and_restore(&world, &backup);

    let mut server = world.start_against(simulator.address);
    let id = holder(&server, 2);
    assert_eq!(server.xml(&id), told);
    let listed = server
        .get("/invoices?secuencial_desde=2&secuencial_hasta=2")
        .json();
    assert!(listed.to_string().contains(&id), "{listed}");
    server.process.stop();
    // A backup of it passes, and a second loss finds nothing new.
    let (again, _) = back_up(&world, "c");
    assert!(verify(&again).0);
}

#[test]
fn a_refusal_that_was_corrected_after_the_backup_is_found_too() {
    let world = World::new();
    let simulator = world.start_simulator();
    let mut server = world.start_against(simulator.address);
    let refused = json!({ "fault": "returned", "code": 65 });
    simulator.order("recepcion", &refused);
    let mut body = invoice(1);
    body["external_id"] = "pedido 1".into();
    let issued = server.issue(&body);
    let id = issued["id"].as_str().unwrap();
    server.settled(id, "DEVUELTO");
    simulator.order("recepcion", &refused);
    let still = server.issue(&invoice(500));
    let still = still["id"].as_str().unwrap();
    server.settled(still, "DEVUELTO");
    let (backup, _) = back_up(&world, "b");
    body["comprador"]["razon_social"] = "Corregido S.A.".into();
    server.reissue(id, &body);
    let told = server.settled(id, "AUTORIZADO");
    server.process.stop();
    lose_and_restore(&world, &backup);

    let mut server = world.start_against(simulator.address);
    let document = server.query(id);
    assert_eq!(document["estado"], "AUTORIZADO", "{document}");
    assert_eq!(document["autorizacion"], told["autorizacion"]);
    assert_eq!(document["comprador"]["razon_social"], "Corregido S.A.");
    assert_eq!(server.query(still)["estado"], "DEVUELTO");
    let found = server.get("/invoices?external_id=pedido%201").json();
    assert!(found.to_string().contains(id), "{found}");
    server.process.stop();
    assert_eq!(authorized(&world).len(), 1);
    let (again, _) = back_up(&world, "c");
    assert!(verify(&again).0);
}

#[test]
fn nobody_is_served_before_sri_answered() {
    let world = World::new();
    let mut simulator = world.start_simulator();
    let address = simulator.address;
    let mut server = world.start_against(address);
    issue(&server, 1);
    let (backup, _) = back_up(&world, "b");
    issue(&server, 1);
    server.process.stop();
    simulator.process.stop();
    lose_and_restore(&world, &backup);

    let start = |address: SocketAddr| {
        let data = world.data();
        let url = format!("http://{address}");
        let arguments = ["start", "--listen", "127.0.0.1:0", "--data", text(&data)];
        Process::start(tagua().args(arguments).args(["--simulator-url", &url]))
    };
    // A start that is cut short asks again.
    let mut interrupted = start(address);
    let silence = |line: &str| line.contains("SRI must be asked before the server starts");
    interrupted.line(PATIENCE, silence);
    assert!(!interrupted.said().contains("ready at"));
    interrupted.kill();

    let waiting = start(address);
    waiting.line(PATIENCE, silence);
    let _simulator = world.start_simulator_at(&address.to_string());
    waiting.ready();
    assert!(waiting.said().contains("recovered=1"), "{}", waiting.said());
}

#[test]
fn a_directory_restored_by_other_means_is_told_so() {
    let world = World::new();
    let simulator = world.start_simulator();
    let mut server = world.start_against(simulator.address);
    issue(&server, 2);
    server.process.stop();
    // As a snapshot of the disk would bring it back.
    let (data, snapshot) = (world.data(), world.path().join("snapshot"));
    fs::create_dir(&snapshot).unwrap();
    fs::copy(data.join("tagua.db"), snapshot.join("tagua.db")).unwrap();
    let mut server = world.start_against(simulator.address);
    let after = issue(&server, 2);
    server.process.stop();
    fs::copy(snapshot.join("tagua.db"), data.join("tagua.db")).unwrap();

    let said = fail(&[
        "recover",
        "--data",
        text(&data),
        "--since",
        "2999-01-01T00:00:00Z",
    ]);
    assert!(said.contains("in the future"), "{said}");
    let now = now();
    succeed(&["recover", "--data", text(&data), "--since", &now]);
    let server = world.start_against(simulator.address);
    for (number, key) in after {
        let document = server.query(&holder(&server, number));
        assert_eq!(document["clave_acceso"], key.as_str());
        assert_eq!(document["estado"], "AUTORIZADO");
    }
    assert!(server.process.said().contains("recovered=2"));
}

/// Keys that the simulator in another process authorized, by number.
fn authorized(world: &World) -> BTreeMap<u32, Vec<String>> {
    let mut keys: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for entry in world.ledger() {
        let decision = entry
            .decision
            .filter(|d| d.state == DecisionState::Authorized);
        if let (Some(_), Some(key)) = (decision, entry.access_key) {
            keys.entry(number_of(&key)).or_default().push(key);
        }
    }
    keys
}

/// The id in the refusal of a number that is taken.
fn holder(server: &Server, number: u32) -> String {
    let answer = server.post("/invoices/issue", &server.password, &invoice(number));
    assert_eq!(answer.status, 400, "{number}: {answer:?}");
    let refusal = answer.json();
    let details = refusal["details"].as_str().unwrap().to_owned();
    let mut words = details.split(|c: char| !c.is_ascii_alphanumeric());
    words.find(|word| word.len() == 32).unwrap().to_owned()
}

/// As a person would type it.
fn now() -> String {
    let output = Command::new("date")
        .args(["-u", "+%Y-%m-%dT%H:%M:%SZ"])
        .output();
    String::from_utf8(output.unwrap().stdout)
        .unwrap()
        .trim()
        .to_owned()
}
