use std::time::{Duration, Instant};

use tagua_simulator::{Fault, MAGIC_RECEIVERS, MagicReceiver, ledger::Service};

use crate::support::World;
use crate::support::document::{Invoice, invoice};
use crate::support::http::{self, RECEPTION};

fn to(identification: &'static str, sequential: u32) -> Invoice {
    Invoice {
        buyer_kind: "06",
        buyer: identification,
        ..invoice(sequential)
    }
}

/// Status and body as they came, whatever they are; empty when nothing did.
async fn send_raw(world: &World, document: &Invoice) -> Vec<u8> {
    let body = http::reception(&world.sign(document));
    let sending = http::post_raw(world.address, RECEPTION, "text/xml", &body);
    let answer = tokio::time::timeout(Duration::from_millis(400), sending).await;
    answer.unwrap_or_default()
}

#[test]
fn there_are_many_and_each_is_told_apart() {
    assert!(MAGIC_RECEIVERS.len() >= 20);
    for (index, magic) in MAGIC_RECEIVERS.iter().enumerate() {
        let id = magic.identification;
        assert!(id.starts_with("SIM-") && id.len() <= 20, "{id}");
        assert!(
            !MAGIC_RECEIVERS[..index]
                .iter()
                .any(|other| other.identification == id),
            "{id}"
        );
        assert!(!magic.description.is_empty());
    }
}

#[test]
fn each_is_in_the_documentation() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/simulator.md");
    let text = std::fs::read_to_string(path).expect("docs/simulator.md");
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("| `SIM-"))
        .collect();
    let expected: Vec<String> = MAGIC_RECEIVERS.iter().map(row).collect();
    assert_eq!(rows, expected);
}

fn row(magic: &MagicReceiver) -> String {
    let service = match magic.service {
        Service::Recepcion => "recepción",
        Service::Autorizacion => "autorización",
    };
    format!(
        "| `{}` | {service} | {} |",
        magic.identification, magic.description
    )
}

#[tokio::test]
async fn each_strikes_once_and_the_next_try_tells_the_truth() {
    for (number, magic) in (1..).zip(MAGIC_RECEIVERS) {
        if magic.service == Service::Autorizacion {
            continue;
        }
        let world = World::new().await;
        let document = to(magic.identification, number);
        let first = send_raw(&world, &document).await;
        let text = String::from_utf8_lossy(&first).into_owned();
        let clean = text.contains("<estado>RECIBIDA</estado>") && text.ends_with(":Envelope>");
        let decided_late = matches!(
            magic.fault,
            Fault::NotAuthorized { .. } | Fault::LateAuthorization { .. }
        );
        assert_eq!(
            clean && !text.contains('\u{feff}'),
            decided_late,
            "{}: {text}",
            magic.identification
        );
        let second = world.send_invoice(&document).await;
        let (state, codes) = second.outcome();
        let expected: (&str, &[&str]) = match &magic.fault {
            Fault::Returned { .. } => ("RECIBIDA", &[]),
            fault if is_before(fault) => ("RECIBIDA", &[]),
            Fault::InProcess { .. } | Fault::LateAuthorization { .. } => ("DEVUELTA", &["70"]),
            // A refused document may come again.
            Fault::NotAuthorized { .. } => ("RECIBIDA", &[]),
            _ => ("DEVUELTA", &["43"]),
        };
        assert_eq!(
            (state.as_str(), codes),
            (
                expected.0,
                expected.1.iter().map(|c| (*c).to_owned()).collect()
            ),
            "{}",
            magic.identification
        );
    }
}

fn is_before(fault: &Fault) -> bool {
    serde_json::to_value(fault).expect("json")["when"] == "before"
        || matches!(fault, Fault::LoseThenTimeout { .. })
}

#[tokio::test]
async fn some_strike_when_the_authorization_is_asked_for() {
    let world = World::new().await;
    let mut seen = 0;
    for (number, magic) in (1..).zip(MAGIC_RECEIVERS) {
        if magic.service == Service::Recepcion {
            continue;
        }
        seen += 1;
        let document = to(magic.identification, number);
        world.send_invoice(&document).await.expect("RECIBIDA", &[]);
        let raw = {
            let body = http::query(&document.key());
            http::post_raw(world.address, http::AUTHORIZATION, "text/xml", &body).await
        };
        let text = String::from_utf8_lossy(&raw).into_owned();
        match &magic.fault {
            Fault::Several => {
                let refused = text
                    .find("<estado>NO AUTORIZADO</estado>")
                    .expect("the earlier try");
                let authorized = text
                    .find("<estado>AUTORIZADO</estado>")
                    .expect("the decision");
                assert!(refused < authorized);
                assert!(text.contains("<numeroComprobantes>2</numeroComprobantes>"));
            }
            Fault::OtherKey => assert!(
                !text.contains(&document.key()) && text.contains("<estado>AUTORIZADO</estado>")
            ),
            _ => assert!(
                !text.ends_with(":Envelope>") || text.contains("Fault"),
                "{}",
                magic.identification
            ),
        }
        world
            .ask(&document.key())
            .await
            .expect("AUTORIZADO", &["60"]);
    }
    assert!(seen >= 4);
}

#[tokio::test]
async fn a_receiver_of_another_name_is_nobody_special() {
    let world = World::new().await;
    for (number, id) in (1..).zip(["SIM-", "SIM-UNKNOWN", "sim-35"]) {
        world
            .send_invoice(&to(id, number))
            .await
            .expect("RECIBIDA", &[]);
    }
    let off = World::with(|config| config.magic_receivers = false).await;
    off.send_invoice(&to("SIM-35", 1))
        .await
        .expect("RECIBIDA", &[]);
}

#[tokio::test]
async fn an_answer_may_drip() {
    let world = World::new().await;
    world.inject(Fault::Drip { pause_ms: 1 });
    let before = Instant::now();
    let body = http::reception(&world.sign(&invoice(1)));
    let raw = http::post_raw(world.address, RECEPTION, "text/xml", &body).await;
    assert!(String::from_utf8_lossy(&raw).contains("RECIBIDA"));
    assert!(
        before.elapsed() >= Duration::from_millis(200),
        "{:?}",
        before.elapsed()
    );
}
