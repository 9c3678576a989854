//! The reference vectors, asked through `validate` and the strict profile.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::support::client::Call;
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

/// The folder of vectors, or a line that says that it is not there.
fn folder() -> Option<PathBuf> {
    Some(tagua_testing::shared()?.join("vectors"))
}

/// Path of the operation, body and the index's row of each vector that is sent.
fn requests(folder: &Path) -> Vec<(String, Vec<u8>, Json)> {
    let index = std::fs::read(folder.join("index.json")).unwrap();
    let index: Json = serde_json::from_slice(&index).unwrap();
    let sent = |row: &Json| {
        let path = row["operation"]["path"].as_str()?;
        let kind = row["kind"].as_str()?;
        let issued = path.ends_with("/issue") || path.ends_with("/issue/xml");
        let known = row["expected"]["http_status"].is_number();
        if !issued || !known || path.starts_with("/edocs") || !["request", "xml"].contains(&kind) {
            return None;
        }
        let body = std::fs::read(folder.join(row["file"].as_str()?)).unwrap();
        Some((path.to_owned(), body, row.clone()))
    };
    let rows = index["vectors"].as_array().unwrap();
    let all: Vec<_> = rows.iter().filter_map(sent).collect();
    assert!(all.len() > 200, "{} vectors", all.len());
    all
}

#[tokio::test]
async fn validate_agrees_with_what_issue_is_expected_to_answer() {
    let Some(folder) = folder() else { return };
    let world = World::start().await;
    let mut wrong = Vec::new();
    for (path, body, row) in requests(&folder) {
        let collection = path.split('/').nth(1).unwrap();
        let call = Call::post(&format!("/{collection}/validate")).key(KEY);
        let answer = call.body(body).send(world.address).await;
        let accepted = answer.status == 200 && answer.json()["aceptable"] == true;
        let expected = &row["expected"];
        if accepted != (expected["http_status"] == 200) {
            wrong.push(format!("{}: {}", row["id"], answer.text()));
        } else if let (true, Some(valid)) = (accepted, expected["es_valida"].as_bool())
            && answer.json()["es_valida"] != valid
        {
            wrong.push(format!("{}: {}", row["id"], answer.json()["hallazgos"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(world.count("document") + world.count("issuer"), 0);
}

#[tokio::test]
async fn the_strict_profile_refuses_what_it_is_expected_to() {
    let Some(folder) = folder() else { return };
    let world = World::start().await;
    let mut seen = 0;
    for (path, body, row) in requests(&folder) {
        let expected = &row["expected_strict"];
        if expected.is_null() {
            continue;
        }
        seen += 1;
        let call = Call::post(&path).key(KEY).password(PASSWORD);
        let call = call.header("X-Tagua-Profile", "strict").body(body);
        let answer = call.send(world.address).await;
        assert_eq!(answer.status, 400, "{}", row["id"]);
        let error = &expected["error"];
        let found = answer.findings().into_iter().any(|(parameter, code)| {
            error["code"] == code
                && (error["parameter"].is_null() || error["parameter"] == parameter)
        });
        assert!(found, "{}: {}", row["id"], answer.text());
    }
    assert!(seen > 10, "{seen} vectors");
    assert_eq!(world.count("document"), 0);
}
