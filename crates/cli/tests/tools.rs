//! The commands that work on files: sign, verify, cert, bench, and every help.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tagua_simulator::sandbox::{self, SandboxAuthority};
use tempfile::TempDir;

use support::body::{invoice, unsigned_xml};
use support::world::{World, text};
use support::{fail, run, succeed};

const PASSWORD: &str = "clave de prueba ñ";
const RUC: &str = "1790012345001";
const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A certificate of an authority of its own, and files beside it.
struct Bench {
    directory: TempDir,
    authority: SandboxAuthority,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let now = now();
        let authority = sandbox::create(PASSWORD, "pruebas", now).unwrap();
        let p12 = sandbox::issue(&authority.p12, PASSWORD, RUC, "Prueba", now, [7; 16]).unwrap();
        let bench = Self {
            directory,
            authority,
        };
        bench.write("firma.p12", &p12);
        bench.write("clave.txt", format!("{PASSWORD}\n").as_bytes());
        bench.write("factura.xml", &unsigned_xml(RUC));
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    /// `tagua sign` of the invoice into `name`.
    fn sign(&self, name: &str, options: &[&str]) -> Vec<u8> {
        let (file, out) = (self.path("factura.xml"), self.path(name));
        let (p12, password) = (self.path("firma.p12"), self.path("clave.txt"));
        let arguments = [
            "sign",
            text(&file),
            "--p12",
            text(&p12),
            "--password-file",
            text(&password),
            "--out",
            text(&out),
        ];
        assert_eq!(succeed(&[&arguments[..], options].concat()), "");
        fs::read(out).unwrap()
    }

    /// A `tagua cert` command on the certificate.
    fn certificate(
        &self,
        before: &[&str],
        p12: &str,
        password: &str,
        after: &[&str],
    ) -> Vec<String> {
        let (p12, password) = (self.path(p12), self.path(password));
        let file = [text(&p12), "--password-file", text(&password)];
        let arguments = [&["cert"], before, &file, after].concat();
        arguments.into_iter().map(str::to_owned).collect()
    }
}

/// The certificates must be valid when the command looks at the real clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the command under test reads the real clock"
)]
fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn borrowed(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

fn json(printed: &str) -> Value {
    serde_json::from_str(printed).unwrap_or_else(|_| panic!("not JSON alone: {printed}"))
}

#[test]
fn what_is_signed_is_verified() {
    let bench = Bench::new();
    for hash in ["sha1", "sha256"] {
        let signed = bench.sign("firmada.xml", &["--hash", hash]);
        let unsigned = fs::read(bench.path("factura.xml")).unwrap();
        let content = unsigned.strip_suffix(b"</factura>").unwrap();
        assert!(signed.starts_with(&[DECLARATION, content].concat()));
        let file = bench.path("firmada.xml");
        let report = json(&succeed(&["verify", "--json", text(&file)]));
        assert_eq!(report["ok"], true);
        assert_eq!(report["file"], text(&file));
        let verdict = succeed(&["verify", text(&file)]);
        assert!(verdict.ends_with("the document holds\n"), "{verdict}");
    }
}

#[test]
fn a_signature_is_printed_where_no_file_is_named() {
    let bench = Bench::new();
    let (file, p12) = (bench.path("factura.xml"), bench.path("firma.p12"));
    let password = bench.path("clave.txt");
    let password = ["--password-file", text(&password)];
    let arguments = [&["sign", text(&file), "--p12", text(&p12)][..], &password].concat();
    let printed = bench.write("firmada.xml", succeed(&arguments).as_bytes());
    succeed(&["verify", text(&printed)]);
}

#[test]
fn one_changed_byte_is_noticed() {
    let bench = Bench::new();
    let signed = String::from_utf8(bench.sign("firmada.xml", &[])).unwrap();
    let changes = [
        ("<importeTotal>11.50<", "<importeTotal>11.51<"),
        ("Ñandú", "Ñandu"),
        ("</ds:SignatureValue>", "A</ds:SignatureValue>"),
    ];
    for (from, to) in changes {
        assert!(signed.contains(from), "{from}");
        let changed = bench.write("cambiada.xml", signed.replacen(from, to, 1).as_bytes());
        for options in [&["verify"][..], &["verify", "--json"]] {
            let output = run(&[options, &[text(&changed)]].concat());
            assert_eq!(output.status.code(), Some(1), "{from}");
            let printed = String::from_utf8(output.stdout).unwrap();
            match options.len() {
                2 => assert_eq!(json(&printed)["ok"], false),
                _ => assert!(printed.ends_with("the document FAILS\n"), "{printed}"),
            }
        }
    }
}

#[test]
fn a_document_signed_by_another_program_is_verified() {
    let Some(shared) = tagua_testing::shared() else {
        return;
    };
    let sample = shared.join("samples/057_factura_1.1.0_signed_datil.xml");
    let output = run(&["verify", "--json", text(&sample)]);
    let report = json(&String::from_utf8(output.stdout).unwrap());
    let failed: Vec<_> = report["report"]["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["verdict"] == "fail")
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn files_that_cannot_be_read_are_said() {
    let bench = Bench::new();
    let missing = bench.path("missing.xml");
    let said = fail(&["verify", text(&missing)]);
    assert!(said.contains("missing.xml could not be read"), "{said}");

    let other = bench.write("otra.xml", b"<nota><texto/></nota>");
    let (p12, password) = (bench.path("firma.p12"), bench.path("clave.txt"));
    let options = ["--p12", text(&p12), "--password-file", text(&password)];
    let said = fail(&[&["sign", text(&other)][..], &options].concat());
    assert!(said.contains("id=\"comprobante\""), "{said}");
}

#[test]
fn a_certificate_is_inspected() {
    let bench = Bench::new();
    let arguments = bench.certificate(&["inspect"], "firma.p12", "clave.txt", &["--json"]);
    let found = json(&succeed(&borrowed(&arguments)));
    let chosen = &found["chosen"];
    assert_eq!(chosen["ruc"], RUC);
    assert_eq!(chosen["key_bits"], 2048);
    assert!(chosen["issuer"].as_str().unwrap().contains("SANDBOX CA"));
    let candidates = found["candidates"].as_array().unwrap();
    assert_eq!(candidates[0]["certificate"], *chosen);

    let arguments = bench.certificate(&["inspect"], "firma.p12", "clave.txt", &[]);
    let printed = succeed(&borrowed(&arguments));
    let serial = chosen["serial"].as_str().unwrap();
    for shown in [RUC, serial, "subject", "issuer", "valid", "key"] {
        assert!(printed.contains(shown), "{shown} in {printed}");
    }
}

#[test]
fn a_certificate_that_cannot_be_opened_says_why() {
    let bench = Bench::new();
    bench.write("otra.txt", b"otra\n");
    let arguments = bench.certificate(&["inspect"], "firma.p12", "otra.txt", &[]);
    let said = fail(&borrowed(&arguments));
    assert!(said.contains("firma.p12 could not be opened"), "{said}");
    assert!(said.contains("hint: "), "{said}");
    assert!(said.to_lowercase().contains("contraseña"), "{said}");

    let (p12, password) = (bench.path("firma.p12"), bench.path("otra.txt"));
    let options = ["--p12", text(&p12), "--password-file", text(&password)];
    let file = bench.path("factura.xml");
    let said = fail(&[&["sign", text(&file)][..], &options].concat());
    assert!(said.contains("wrong password"), "{said}");

    let arguments = bench.certificate(&["inspect"], "factura.xml", "clave.txt", &[]);
    let said = fail(&borrowed(&arguments));
    assert!(said.contains("factura.xml could not be opened"), "{said}");
    assert!(said.contains("hint: "), "{said}");
    assert!(
        !said.to_lowercase().contains("contraseña incorrecta"),
        "{said}"
    );
}

#[test]
fn an_added_certificate_signs_for_its_issuer() {
    let bench = Bench::new();
    let world = World::new();
    let data = world.data();
    let options = ["--data", text(&data), "--json"];
    let arguments = bench.certificate(&["add", "--p12"], "firma.p12", "clave.txt", &options);
    let added = json(&succeed(&borrowed(&arguments)));
    assert_eq!(added["ruc"], RUC);
    trust(&data.join("simulator"), &bench.authority);

    let server = world.start();
    let mut body = invoice(1);
    body["emisor"]["ruc"] = RUC.into();
    let issued = server.post("/invoices/issue", PASSWORD, &body).json();
    assert_eq!(issued.get("firma"), None, "{issued}");
    let id = issued["id"].as_str().unwrap();
    server.settled(id, "AUTORIZADO");
    let serial = added["certificate"]["serial"].as_str().unwrap();
    assert!(server.xml(id).contains(serial));

    // The sandbox's password opens the sandbox's certificates only.
    body["secuencial"] = 2.into();
    let refused = server.issue(&body);
    assert_eq!(refused["firma"]["result"], "bad");
}

fn trust(simulator: &Path, authority: &SandboxAuthority) {
    let file = simulator.join("sandbox-ca").join("pruebas.der");
    fs::write(file, &authority.ca_certificate_der).unwrap();
}

#[test]
fn a_certificate_needs_a_prepared_directory() {
    let bench = Bench::new();
    let data = bench.path("empty");
    let options = ["--data", text(&data)];
    let arguments = bench.certificate(&["add", "--p12"], "firma.p12", "clave.txt", &options);
    let said = fail(&borrowed(&arguments));
    assert!(said.contains("hint: run `tagua init` first"), "{said}");
}

#[test]
fn every_help_has_an_example() {
    let commands = commands_below(&[]);
    for known in [&["init"][..], &["cert", "add"], &["bench", "flow"]] {
        assert!(commands.iter().any(|command| command == known), "{known:?}");
    }
    for command in &commands {
        let help = help(command);
        let example = ["\nExample:\n", "\nExamples:\n"]
            .iter()
            .find_map(|title| Some(help.split_once(title)?.1))
            .unwrap_or_else(|| panic!("{help}"));
        let expected = ["  tagua", &command.join(" ")].join(" ");
        assert!(example.starts_with(expected.trim_end()), "{help}");
    }
}

/// This command and all below it, as the helps list them.
fn commands_below(command: &[String]) -> Vec<Vec<String>> {
    let help = help(command);
    let listed = help.split_once("\nCommands:\n").map(|(_, rest)| rest);
    let names = listed.into_iter().flat_map(|rest| {
        let lines = rest.lines().take_while(|line| !line.is_empty());
        // What goes on in the next line is further in.
        lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
    });
    let mut all = vec![command.to_vec()];
    for name in names.filter(|name| !["", "help"].contains(name)) {
        all.extend(commands_below(&[command, &[name.to_owned()]].concat()));
    }
    all
}

fn help(command: &[String]) -> String {
    let command = command.iter().map(String::as_str);
    let arguments: Vec<_> = command.chain(["--help"]).collect();
    succeed(&arguments)
}

#[test]
fn the_speed_of_signing_is_printed_as_ratios() {
    let printed = json(&succeed(&["bench", "sign", "--seconds", "1", "--json"]));
    let rows = printed["sign"].as_array().unwrap();
    let row = |row: &Value| (row["bytes"].as_u64().unwrap(), row["hash"].clone());
    let measured: Vec<_> = rows.iter().map(row).collect();
    assert_eq!(measured.len(), 4);
    for (place, (bytes, hash)) in measured.iter().enumerate() {
        let size = if place < 2 { 3_000 } else { 100_000 };
        assert!((size..size + 2_000).contains(bytes), "{printed}");
        assert_eq!(*hash, ["sha1", "sha256"][place % 2]);
    }
    for row in rows {
        assert!(row["signatures_per_core_second"].as_u64().unwrap() > 0);
        assert!(row["rsa_2048_per_core_second"].as_u64().unwrap() > 0);
        let (whole, parts) = row["ratio"].as_str().unwrap().split_once('.').unwrap();
        assert!(whole.parse::<u8>().is_ok() && parts.len() == 3, "{printed}");
    }
}

#[test]
fn the_speed_of_issuing_is_printed_as_a_ratio() {
    let directory = tempfile::tempdir().unwrap();
    let printed = json(&succeed(&[
        "bench",
        "issue",
        "--seconds",
        "1",
        "--connections",
        "4",
        "--json",
        "--directory",
        text(directory.path()),
    ]));
    let issue = &printed["issue"];
    assert_eq!(issue["connections"], 4);
    assert!(issue["ratio"].as_str().unwrap().contains('.'), "{printed}");
    for count in [
        "documents",
        "documents_per_second",
        "rsa_2048_per_second_all_cores",
        "latency_us_p50",
        "latency_us_p99",
        "peak_rss_kib",
    ] {
        assert!(issue[count].as_u64().unwrap() > 0, "{count} in {printed}");
    }
    assert!(printed["authorized_us"]["documents"].is_u64());
    // It leaves nothing behind.
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}
