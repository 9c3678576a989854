//! Who may do what, and addresses that lead nowhere.

use serde_json::json;
use tagua_store::Stage;

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{RUC, invoice, with};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, Options, World};

const OTHER_KEY: &str = "00000000000000000000000000000002";

#[tokio::test]
async fn no_key_no_entry() {
    let world = World::start().await;
    let unknown = "f".repeat(32);
    let paths = [
        ("POST", "/invoices"),
        ("POST", "/invoices/issue"),
        ("POST", "/api/facturar"),
        ("POST", "/facturar"),
        ("GET", "/invoices/00000000000000000000000000000000"),
        ("POST", "/invoices/00000000000000000000000000000000/reissue"),
        ("GET", "/edocs/00000000000000000000000000000000"),
        ("POST", "/edocs/00000000000000000000000000000000/issue"),
        ("GET", "/edocs/x/issue"),
        ("GET", "/invoices/x"),
    ];
    for (method, path) in paths {
        for key in [None, Some(""), Some(unknown.as_str()), Some("ÿ\u{1}")] {
            let mut call = Call::new(method, path).password(PASSWORD);
            if let Some(key) = key {
                call = call.key(key);
            }
            if method == "POST" {
                call = call.json(&invoice(1));
            }
            let answer = call.send(world.address).await;
            if key == Some("ÿ\u{1}") {
                assert_eq!(answer.status, 400, "a control character in a header");
                continue;
            }
            answer.refused(401, &[("X-Key", "UNAUTHORIZED")]);
        }
    }
    assert_eq!(world.count("document"), 0);
}

#[tokio::test]
async fn what_is_not_there_looks_the_same_as_what_is_anothers() {
    let world = World::start().await;
    world.other_account(OTHER_KEY, true).await;
    let issued = world.issued(&invoice(1)).await;
    let theirs = issued["id"].as_str().unwrap();
    let ids = [
        theirs.to_owned(),
        "0".repeat(32),
        theirs.to_uppercase(),
        "x".into(),
        "%ff".into(),
        "%00".into(),
        "a".repeat(3000),
        format!("{theirs}0"),
    ];
    let mut answers = Vec::new();
    for id in &ids {
        let as_other = |method: &str, path: String| {
            let call = Call::new(method, &path).key(OTHER_KEY).password(PASSWORD);
            call.json(&invoice(1)).send(world.address)
        };
        answers.push(as_other("GET", format!("/invoices/{id}")).await);
        answers.push(as_other("POST", format!("/invoices/{id}/reissue")).await);
        answers.push(as_other("GET", format!("/edocs/{id}")).await);
        answers.push(as_other("POST", format!("/edocs/{id}/issue")).await);
        answers.push(as_other("GET", format!("/edocs/{id}/issue")).await);
    }
    for answer in &answers {
        answer.refused(404, &[("", "NOT_FOUND")]);
        assert_eq!(answer.body, answers[0].body);
    }
}

#[tokio::test]
async fn accounts_do_not_share_numbers_or_learn_ids() {
    let world = World::start().await;
    world.other_account(OTHER_KEY, true).await;
    let mine = world.issued(&invoice(1)).await;
    let as_other = |body| {
        let call = Call::post("/invoices/issue")
            .key(OTHER_KEY)
            .password(PASSWORD);
        call.json(&body).send(world.address)
    };
    assert_eq!(as_other(invoice(1)).await.status, 200);

    // Whoever read the key on a printed invoice must not get at the file by it.
    let taken = with(invoice(2), "/clave_acceso", mine["clave_acceso"].clone());
    let answer = as_other(taken.clone()).await;
    answer.refused(400, &[("clave_acceso", "INVALID_VALUE")]);
    assert!(!answer.text().contains(mine["id"].as_str().unwrap()));
    let answer = world.issue(&taken).await;
    answer.refused(400, &[("clave_acceso", "INVALID_VALUE")]);
    assert!(
        answer.json()["details"]
            .as_str()
            .unwrap()
            .contains(mine["id"].as_str().unwrap())
    );
}

#[tokio::test]
async fn a_foreign_ruc_is_refused_outside_the_sandbox() {
    let options = Options {
        sandbox_account: false,
        ..Options::default()
    };
    let world = World::with(options).await;
    let answer = world.issue(&invoice(1)).await;
    answer.refused(400, &[("emisor.ruc", "INVALID_VALUE")]);
    assert_eq!(world.count("document") + world.count("issuer"), 0);
}

#[tokio::test]
async fn a_registered_issuer_outside_the_sandbox_gets_no_sandbox_certificate() {
    let options = Options {
        sandbox_account: false,
        ..Options::default()
    };
    let world = World::with(options).await;
    world
        .register("0990000000001", b"no p12".to_vec(), None)
        .await;
    let mut body = invoice(1);
    body["emisor"]["ruc"] = json!("0990000000001");
    let answer = world.issued(&body).await;
    assert!(
        answer["firma"]["error"]
            .as_str()
            .unwrap()
            .contains("no es un certificado")
    );
    world
        .issue(&invoice(2))
        .await
        .refused(400, &[("emisor.ruc", "INVALID_VALUE")]);
}

#[tokio::test]
async fn the_sandbox_does_not_reach_production() {
    let options = Options {
        production_enabled: true,
        ..Options::default()
    };
    let world = World::with(options).await;
    let live = |number| with(invoice(number), "/ambiente", json!(2));
    world
        .issue(&live(1))
        .await
        .refused(400, &[("emisor.ruc", "INVALID_VALUE")]);
    // The issuer is known once it issued a simulated document; its certificate is no good.
    world.issued(&invoice(1)).await;
    let answer = world.issued(&live(1)).await;
    assert!(
        answer["firma"]["error"]
            .as_str()
            .unwrap()
            .contains("certificado de firma")
    );
    assert_eq!(world.document(id(&answer)).await.stage, Stage::Created);
    assert_eq!(world.issuer(RUC).await.ruc.as_str(), RUC);
}

#[tokio::test]
async fn unknown_addresses_and_methods() {
    let world = World::start().await;
    let unknown = [
        ("GET", "/nada"),
        ("POST", "/invoice/issue"),
        ("GET", "/Invoices/x"),
        ("GET", "/invoices/a/b/c"),
        ("GET", "/ver"),
        ("GET", "/ver/x/xml"),
        ("GET", "/ver/00000000000000000000000000000000/xml"),
        ("GET", "/ver/%ff"),
        ("GET", "/ver/00000000000000000000000000000000/pdf"),
        ("GET", "/..%2f..%2fetc/passwd"),
        ("OPTIONS", "*"),
    ];
    for (method, path) in unknown {
        let answer = Call::new(method, path).key(KEY).send(world.address).await;
        answer.refused(404, &[("", "NOT_FOUND")]);
    }
    let refused = [
        ("PUT", "/invoices"),
        ("PUT", "/invoices/issue"),
        ("DELETE", "/invoices/00000000000000000000000000000000"),
        ("GET", "/invoices/x/reissue"),
        ("POST", "/ver/x/xml"),
        ("POST", "/"),
        ("PATCH", "/edocs/x/issue"),
        ("BREW", "/facturar"),
        ("OPTIONS", "/facturar"),
    ];
    for (method, path) in refused {
        let answer = Call::new(method, path).key(KEY).send(world.address).await;
        answer.refused(405, &[("", "METHOD_NOT_ALLOWED")]);
    }
}

#[tokio::test]
async fn slashes_in_addresses_are_harmless() {
    let world = World::start().await;
    let id = world.issued(&invoice(1)).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for path in [
        "/invoices/ID/",
        "//invoices//ID",
        "///edocs/ID//",
        "/ver//ID/xml/",
    ] {
        let answer = world.get(&path.replace("ID", &id)).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    let absolute = format!("http://tagua.example//invoices/{id}/");
    assert_eq!(world.get(&absolute).await.status, 200);
    for (number, path) in (2..).zip(["//invoices/issue", "/invoices//issue/"]) {
        assert_eq!(
            world.post(path, &invoice(number)).await.status,
            200,
            "{path}"
        );
    }
}
