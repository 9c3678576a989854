//! `tagua backup`, `backup verify` and what `restore` makes of a file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread;

use crate::support::body::invoice;
use crate::support::world::{World, text};
use crate::support::{fail, run, succeed, tagua};
use crate::{back_up, issue, lose_and_restore, verify};

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

#[test]
fn settings_in_the_environment_do_not_get_in_the_way() {
    let world = World::new();
    let (backup, _) = back_up(&world, "b");
    let mut command = tagua();
    command.env("TAGUA_DATA", world.data());
    let output = command.args(["backup", "verify", text(&backup)]).output();
    assert!(output.unwrap().status.success());
}
