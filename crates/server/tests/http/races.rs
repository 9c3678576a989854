//! Many at once: one wins, the others are told.

use serde_json::json;
use tagua_store::Stage;

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{invoice, with};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_with_one_number_one_is_accepted() {
    let world = World::start().await;
    let calls: Vec<_> = (0..50)
        .map(|index| {
            let body = with(
                invoice(9),
                "/comprador/razon_social",
                json!(format!("N{index}")),
            );
            let call = Call::post("/invoices/issue").key(KEY).password(PASSWORD);
            tokio::spawn(call.json(&body).send(world.address))
        })
        .collect();
    let mut accepted = Vec::new();
    let mut refused = Vec::new();
    for call in calls {
        match call.await.unwrap() {
            answer if answer.status == 200 => accepted.push(answer.json()),
            answer => refused.push(answer),
        }
    }
    assert_eq!(accepted.len(), 1);
    let winner = accepted[0]["id"].as_str().unwrap();
    for answer in refused {
        answer.refused(400, &[("secuencial", "INVALID_VALUE")]);
        assert!(answer.json()["details"].as_str().unwrap().contains(winner));
    }
    assert_eq!(world.count("document"), 1);
    assert_eq!(world.count("job"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_corrections_at_once_one_wins() {
    let world = World::start().await;
    let first = world.issued(&invoice(1)).await;
    let path = format!("/invoices/{}/reissue", first["id"].as_str().unwrap());
    for round in 1..=10_u32 {
        world.put_in(id(&first), Stage::Returned).await;
        let calls: Vec<_> = (0..4)
            .map(|_| {
                let call = Call::post(&path).key(KEY).password(PASSWORD);
                tokio::spawn(call.json(&invoice(1)).send(world.address))
            })
            .collect();
        let mut accepted = 0;
        for call in calls {
            match call.await.unwrap() {
                answer if answer.status == 200 => accepted += 1,
                answer => answer.refused(400, &[("estado", "INVALID_VALUE")]),
            }
        }
        assert_eq!(accepted, 1);
        assert_eq!(world.document(id(&first)).await.revision, round);
    }
}
