//! `tagua issuer` and `tagua series`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod support;

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use support::body::{RUC as SAMPLE, invoice};
use support::world::{World, text};
use support::{fail, run, succeed};

const RUC: &str = "1790012345001";

/// An initialized data directory.
struct Installation {
    directory: TempDir,
}

impl Installation {
    fn new() -> Self {
        let installation = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        succeed(&["init", "--data", &installation.data()]);
        installation
    }

    fn data(&self) -> String {
        let path: PathBuf = self.directory.path().join("data");
        path.to_str().unwrap().to_owned()
    }

    #[track_caller]
    fn succeed(&self, arguments: &[&str]) -> String {
        let data = self.data();
        succeed(&[arguments, &["--data", &data]].concat())
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let printed = self.succeed(&[arguments, &["--json"]].concat());
        serde_json::from_str(&printed).unwrap_or_else(|_| panic!("not JSON alone: {printed}"))
    }

    #[track_caller]
    fn fail(&self, arguments: &[&str]) -> String {
        let data = self.data();
        fail(&[arguments, &["--data", &data]].concat())
    }
}

#[test]
fn settings_are_set_shown_and_removed() {
    let tagua = Installation::new();
    assert_eq!(tagua.json(&["issuer", "list"]), json!([]));
    let set = ["issuer", "set", "--ruc", RUC, "--new"];
    let pairs = [
        "profile=strict",
        "legal_name=QUINDE = AZUL S.A.S.",
        "establishment_addresses.001=Loja",
        "closed_series=001-001,001-002",
        "reminder_days=-3,7",
    ];
    let expected = json!({
        "profile": "strict", "legal_name": "QUINDE = AZUL S.A.S.",
        "establishment_addresses": {"001": "Loja"},
        "closed_series": ["001-001", "001-002"], "reminder_days": [-3, 7],
    });
    let answer = tagua.json(&[&set[..], &pairs].concat());
    assert_eq!(answer, json!({ "ruc": RUC, "settings": expected }));
    assert_eq!(tagua.json(&["issuer", "show", "--ruc", RUC]), answer);
    let text = tagua.succeed(&["issuer", "show", "--ruc", RUC]);
    for line in [
        "ruc                      1790012345001",
        "establishment_addresses  001 Loja",
        "closed_series            001-001,001-002",
        "reminder_days            -3,7",
    ] {
        assert!(text.lines().any(|own| own == line), "{line} in {text}");
    }
    let unset = ["issuer", "unset", "--ruc", RUC, "profile", "closed_series"];
    let left = tagua.json(&[&unset[..], &["establishment_addresses.001"]].concat());
    let expected = json!({ "legal_name": "QUINDE = AZUL S.A.S.", "reminder_days": [-3, 7] });
    assert_eq!(left["settings"], expected);
    let listed = tagua.json(&["issuer", "list"]);
    assert_eq!(listed, json!([{ "ruc": RUC, "settings": expected }]));
    let line = tagua.succeed(&["issuer", "list"]);
    assert_eq!(line, "1790012345001   2 set  QUINDE = AZUL S.A.S.\n");
}

#[test]
fn what_cannot_be_set_is_explained_and_changes_nothing() {
    let tagua = Installation::new();
    let set = |pair| tagua.fail(&["issuer", "set", "--ruc", RUC, pair]);
    let unknown = set("profile=strict");
    assert!(
        unknown.contains("1790012345001 is not registered"),
        "{unknown}"
    );
    assert!(unknown.contains("no issuer is registered yet"), "{unknown}");
    assert!(unknown.contains("tagua cert add"), "{unknown}");
    tagua.succeed(&["issuer", "set", "--ruc", RUC, "--new", "profile=strict"]);
    for (pair, words) in [
        ("profil=strict", "did you mean \"profile\"?"),
        ("profile=lax", "it takes compatible or strict"),
        ("profile", "write profile=VALUE"),
        ("closed_series=1-1", "such as 001-001,001-002"),
    ] {
        let error = tagua.fail(&["issuer", "set", "--ruc", RUC, "legal_name=X", pair]);
        assert!(error.contains(words), "{error}");
    }
    let other = tagua.fail(&["issuer", "show", "--ruc", "1790012345999"]);
    assert!(other.contains("registered: 1790012345001"), "{other}");
    let removed = tagua.fail(&["issuer", "unset", "--ruc", RUC, "nombre"]);
    assert!(
        removed.contains("there is no setting \"nombre\""),
        "{removed}"
    );
    let kept = tagua.json(&["issuer", "show", "--ruc", RUC]);
    assert_eq!(kept["settings"], json!({ "profile": "strict" }));
}

#[test]
fn a_last_number_is_imported() {
    let tagua = Installation::new();
    tagua.succeed(&["issuer", "set", "--ruc", RUC, "--new", "profile=strict"]);
    assert_eq!(tagua.json(&["series", "list", "--ruc", RUC]), json!([]));
    let set = |last, kind, series| {
        let to = ["--series", series, "--type", kind, "--environment", "1"];
        [&["series", "set", "--ruc", RUC, "--last", last][..], &to].concat()
    };
    let state = |kind: &str, series: &str, last: u32, next: Option<u32>| {
        json!({
            "environment": "1", "type": kind, "series": series, "counter": last,
            "greatest": null, "next": next,
        })
    };
    let first = state("01", "001-002", 1234, Some(1235));
    assert_eq!(tagua.json(&set("1234", "1", "001-002")), json!([first]));
    let full = state("07", "001-001", 999_999_999, None);
    assert_eq!(
        tagua.json(&set("999999999", "07", "001-001")),
        json!([full])
    );
    assert_eq!(
        tagua.json(&["series", "list", "--ruc", RUC]),
        json!([first, full])
    );
    let text = tagua.succeed(&["series", "list", "--ruc", RUC]);
    let expected = "ambiente 1  01 001-002  next 000001235\nambiente 1  07 001-001  next full\n";
    assert_eq!(text, expected);
}

#[test]
fn what_is_no_series_is_explained() {
    let tagua = Installation::new();
    tagua.succeed(&["issuer", "set", "--ruc", RUC, "--new", "profile=strict"]);
    for (kind, series, environment, words) in [
        ("02", "001-002", "1", "01 Factura"),
        ("01", "1-2", "1", "write it as 001-002"),
        ("01", "001002", "1", "write it as 001-002"),
        ("01", "001-002", "3", "1 (pruebas and simulator)"),
        ("01", "001-002", "11", "1 (pruebas and simulator)"),
    ] {
        let to = [
            "--type",
            kind,
            "--series",
            series,
            "--environment",
            environment,
        ];
        let error =
            tagua.fail(&[&["series", "set", "--ruc", RUC, "--last", "1"][..], &to].concat());
        assert!(error.contains(words), "{error}");
    }
    let output = run(&["series", "list", "--ruc", "17900", "--data", &tagua.data()]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("a RUC has 13 digits"), "{error}");
}

#[test]
fn a_directory_that_is_not_there_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let nowhere = directory.path().join("nada");
    let error = fail(&["issuer", "list", "--data", nowhere.to_str().unwrap()]);
    assert!(error.contains("run `tagua init` first"), "{error}");
    assert!(!nowhere.exists());
}

/// From the command to the server's decisions and back.
#[test]
fn a_server_heeds_settings_and_numbers() {
    let world = World::new();
    let data = world.data();
    let common = ["--ruc", SAMPLE, "--data", text(&data)];
    let good = |arguments: &[&str]| succeed(&[arguments, &common].concat());
    let bad = |arguments: &[&str]| fail(&[arguments, &common].concat());
    let series = [
        "series",
        "set",
        "--type",
        "01",
        "--series",
        "001-002",
        "--environment",
        "1",
    ];
    let last = |number| [&series[..], &["--last", number]].concat();

    let server = world.start();
    server.issue(&invoice(7));
    let busy = bad(&["issuer", "show"]);
    assert!(busy.contains("stop it, or give another --data"), "{busy}");
    drop(server);

    let below = bad(&last("6"));
    assert!(
        below.contains("has a document 000000007 already"),
        "{below}"
    );
    assert!(below.contains("give 7 or a greater number"), "{below}");
    assert!(good(&last("100")).contains("next 000000101"));
    good(&["issuer", "set", "closed_series=001-002"]);

    let server = world.start();
    let mut auto = invoice(1);
    auto["secuencial"] = json!("auto");
    assert_eq!(server.issue(&auto)["numero"], "001-002-000000101");
    let mut other = invoice(1);
    other["emisor"]["establecimiento"]["punto_emision"] = json!("009");
    let refused = server.post("/invoices/issue", &server.password, &other);
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["parameter"], "emisor.establecimiento");
    drop(server);
    assert!(good(&["series", "list"]).contains("next 000000102"));
}
