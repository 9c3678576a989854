//! Copying a data directory while the server works, and going on from a copy
//! that is older than what SRI knows.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use serde_json::{Value, json};
use tagua_simulator::ledger::DecisionState;

use support::body::invoice;
use support::process::Process;
use support::world::{Server, World, text};
use support::{PATIENCE, fail, run, succeed, tagua};

/// An invoice that leaves its number to the server.
fn numbered_by_the_server() -> Value {
    let mut body = invoice(1);
    body["secuencial"] = "auto".into();
    body
}

/// Issues so many invoices, each until SRI authorized it; their keys by number.
fn issue(server: &Server, count: u32) -> BTreeMap<u32, String> {
    let issued: Vec<_> = (0..count)
        .map(|_| server.issue(&numbered_by_the_server()))
        .collect();
    let settled = |issued: Value| {
        let document = server.settled(issued["id"].as_str().unwrap(), "AUTORIZADO");
        let key = document["clave_acceso"].as_str().unwrap().to_owned();
        (number_of(&key), key)
    };
    issued.into_iter().map(settled).collect()
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

fn number_of(key: &str) -> u32 {
    key[30..39].parse().unwrap()
}

fn back_up(world: &World, name: &str) -> (PathBuf, Value) {
    let (data, file) = (world.data(), world.path().join(name));
    let printed = succeed(&[
        "backup",
        "--json",
        "--data",
        text(&data),
        "--to",
        text(&file),
    ]);
    (file, serde_json::from_str(&printed).unwrap())
}

/// Puts the data directory away and makes another of the backup.
fn lose_and_restore(world: &World, backup: &Path) -> Value {
    fs::rename(world.data(), world.path().join("lost")).unwrap();
    let data = world.data();
    let arguments = [
        "restore",
        "--json",
        "--from",
        text(backup),
        "--data",
        text(&data),
    ];
    serde_json::from_str(&succeed(&arguments)).unwrap()
}

fn verify(backup: &Path) -> (bool, Value) {
    let output = run(&["backup", "verify", "--json", text(backup)]);
    (
        output.status.success(),
        serde_json::from_slice(&output.stdout).unwrap(),
    )
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

#[test]
fn settings_in_the_environment_do_not_get_in_the_way() {
    let world = World::new();
    let (backup, _) = back_up(&world, "b");
    let mut command = tagua();
    command.env("TAGUA_DATA", world.data());
    let output = command.args(["backup", "verify", text(&backup)]).output();
    assert!(output.unwrap().status.success());
}

#[test]
fn a_backup_is_of_one_moment_while_documents_come_in() {
    let world = World::new();
    let server = world.start();
    let backups: Vec<_> = thread::scope(|scope| {
        let client = scope.spawn(|| issue(&server, 60));
        let make = |n: usize| {
            let (file, made) = back_up(&world, &format!("{n}.backup"));
            (file, made["tables"]["document"].as_u64().unwrap())
        };
        let backups = (0..5).map(make).collect();
        client.join().unwrap();
        backups
    });
    for (file, documents) in &backups {
        let (good, report) = verify(file);
        assert!(good, "{report}");
        assert_eq!(report["tables"]["document"], *documents);
    }
    let counts: Vec<_> = backups.iter().map(|(_, documents)| *documents).collect();
    assert!(counts.is_sorted(), "{counts:?}");
}

#[test]
fn a_backup_holds_no_secret_and_is_for_its_owner() {
    let world = World::new();
    let server = world.start();
    issue(&server, 1);
    let (file, made) = back_up(&world, "b");
    assert_eq!(made["files"].as_array().unwrap().len(), 2, "{made}");
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let bytes = fs::read(&file).unwrap();
    for secret in [&world.key, &world.password] {
        let found = bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!found, "a secret is in the backup");
    }
}

#[test]
fn a_restored_sandbox_signs_with_the_same_password() {
    let world = World::new();
    let mut server = world.start();
    issue(&server, 1);
    server.process.stop();
    let (backup, _) = back_up(&world, "b");
    lose_and_restore(&world, &backup);
    let mut body = invoice(7);
    // Another issuer: his certificate is made now, of the sandbox's authority.
    body["emisor"]["ruc"] = "1790012345001".into();
    let server = world.start();
    let issued = server.issue(&body);
    assert_eq!(issued.get("firma"), None, "{issued}");
    server.settled(issued["id"].as_str().unwrap(), "AUTORIZADO");
}

#[test]
fn damage_is_found_and_not_restored() {
    let world = World::new();
    let mut server = world.start();
    issue(&server, 3);
    server.process.stop();
    let (good, _) = back_up(&world, "good");
    let bytes = fs::read(&good).unwrap();
    // Everywhere: the engine leaves copies where nobody reads them.
    let changed = |needle: &str| {
        let mut bytes = bytes.clone();
        let mut changed = 0;
        for at in 0..bytes.len() - needle.len() {
            if &bytes[at..at + needle.len()] == needle.as_bytes() {
                bytes[at + 1] ^= 1;
                changed += 1;
            }
        }
        assert!(changed > 0, "{needle}");
        bytes
    };
    let half = bytes[..bytes.len() / 2].to_vec();
    let damaged = [changed("Foco <LED>"), changed("\"tables\""), half];
    for (n, bytes) in damaged.into_iter().enumerate() {
        let file = world.path().join(format!("damaged{n}"));
        fs::write(&file, bytes).unwrap();
        let output = run(&["backup", "verify", text(&file)]);
        assert_eq!(output.status.code(), Some(1), "{n}");
        let target = world.path().join(format!("target{n}"));
        let said = fail(&["restore", "--from", text(&file), "--data", text(&target)]);
        assert!(said.contains("cannot be used"), "{said}");
        assert!(!target.join("tagua.db").exists());
    }
    let file = world.path().join("damaged0");
    let (_, report) = verify(&file);
    assert_eq!(report["good"], false);
    assert_eq!(
        report["checks"][0]["problem"],
        "table blob has another content"
    );
}

#[test]
fn what_cannot_be_done_is_said() {
    let world = World::new();
    let data = world.data();
    let nothing = world.path().join("nothing");
    let (backup, _) = back_up(&world, "b");
    let database = data.join("tagua.db");
    let authority = data.join("sandbox-authority.p12");
    let cases: [(&[&str], &str, &str); 6] = [
        (
            &["backup", "--data", text(&nothing), "--to", "/nowhere"],
            "has no database",
            "--data",
        ),
        (
            &["backup", "--data", text(&data), "--to", text(&backup)],
            "is there already",
            "--replace",
        ),
        (
            &["restore", "--from", text(&backup), "--data", text(&data)],
            "is not empty",
            "never overwrites",
        ),
        (
            &[
                "restore",
                "--from",
                text(&nothing),
                "--data",
                text(&nothing),
            ],
            "cannot be used",
            "No such file",
        ),
        (
            &["backup", "verify", text(&database)],
            "is no backup of Tagua",
            "error",
        ),
        (
            &["backup", "verify", text(&authority)],
            "is no backup of Tagua",
            "error",
        ),
    ];
    for (arguments, what, how) in cases {
        let said = fail(arguments);
        assert!(
            said.contains(what) && said.contains(how),
            "{arguments:?}: {said}"
        );
    }
    let arguments = [
        "backup",
        "--data",
        text(&data),
        "--to",
        text(&backup),
        "--replace",
    ];
    let printed = succeed(&arguments);
    assert!(printed.contains("documents    0"), "{printed}");
    let printed = succeed(&["backup", "verify", text(&backup)]);
    assert!(printed.contains("integrity    ok"), "{printed}");
    assert!(!world.path().join("b.partial").exists());
}
