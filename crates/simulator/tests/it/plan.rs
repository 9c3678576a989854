use tagua_simulator::{Config, Fault, Moment, Plan, PlanError};

use crate::support::World;
use crate::support::document::invoice;
use crate::support::http::{self, RECEPTION};

const HOUR: i64 = 3_600_000;

fn with(plan: &str) -> impl FnOnce(&mut Config) {
    let plan = Plan::parse(plan).expect("a plan");
    move |config| config.plan = plan
}

async fn send_raw(world: &World, sequential: u32) -> Vec<u8> {
    let body = http::reception(&world.sign(&invoice(sequential)));
    http::post_raw(world.address, RECEPTION, "text/xml", &body).await
}

#[test]
fn a_profile_is_toml() {
    let plan = Plan::parse(
        r#"
        severity = "estricto"
        seed = 7
        delay_ms = [20, 300]
        latency_ms = 5

        [[fault]]
        per_thousand = 100
        fault = "accept_then_timeout"
        hold_ms = 20000

        [[fault]]
        per_thousand = 50
        service = "autorizacion"
        fault = "http_500"
        when = "before"

        [[outage]]
        from = "2026-11-20T12:00:00-05:00"
        until = "2026-11-20T13:00:00-05:00"

        [[outage]]
        daily = ["23:50", "00:10"]
        service = "recepcion"
        fault = "html"
        "#,
    )
    .expect("a plan");
    assert_eq!(
        (plan.seed, plan.delay_ms, plan.latency_ms),
        (7, Some([20, 300]), Some(5))
    );
    let first = &plan.rates[0];
    assert_eq!(first.per_thousand, 100);
    assert_eq!(first.fault, Fault::AcceptThenTimeout { hold_ms: 20_000 });
    let down = Fault::Http503 {
        when: Moment::Before,
    };
    assert_eq!(plan.outages[0].fault, down);
}

#[track_caller]
fn refused(plan: &str, words: &str) {
    let error = Plan::parse(plan).expect_err("not a plan").to_string();
    assert!(error.contains(words), "{words:?} is not in {error:?}");
}

#[test]
fn what_a_profile_may_not_say() {
    refused("sever = 1", "sever");
    refused("severity = \"cruel\"", "cruel");
    refused("[[fault]]\nfault = \"html\"", "per_thousand is missing");
    refused("[[fault]]\nper_thousand = 1\nfault = \"htlm\"", "htlm");
    refused(
        "[[fault]]\nper_thousand = 1\nfault = \"html\"\ncolour = 1",
        "colour",
    );
    refused(
        "[[outage]]\nfrom = \"2026-11-20T12:00:00-05:00\"",
        "from and until, or daily",
    );
    refused("[[outage]]\nfrom = \"noon\"\nuntil = \"night\"", "from:");
    refused("[[outage]]\ndaily = [\"25:00\", \"01:00\"]", "daily:");
    let much = "[[fault]]\nper_thousand = 600\nfault = \"html\"\n";
    refused(&much.repeat(2), "1200 in a thousand");
    let foreign =
        "[[fault]]\nper_thousand = 1\nservice = \"autorizacion\"\nfault = \"returned\"\ncode = 35";
    assert!(matches!(Plan::parse(foreign), Err(PlanError::Service)));
    let both = "[[outage]]\ndaily = [\"01:00\", \"02:00\"]\nfault = \"several\"";
    assert!(matches!(Plan::parse(both), Err(PlanError::Service)));
}

#[tokio::test]
async fn rates_strike_about_as_often_as_they_say_and_always_the_same() {
    let plan = "seed = 11\n[[fault]]\nper_thousand = 300\nfault = \"http_500\"\nwhen = \"before\"";
    let mut struck = Vec::new();
    for _ in 0..2 {
        let world = World::with(with(plan)).await;
        let mut outcomes = Vec::new();
        for sequential in 1..=60 {
            let reply = world.send_invoice(&invoice(sequential)).await;
            outcomes.push(reply.status == 500);
        }
        struck.push(outcomes);
    }
    assert_eq!(struck[0], struck[1]);
    let count = struck[0].iter().filter(|met| **met).count();
    assert!((8..=28).contains(&count), "{count} of 60");
}

#[tokio::test]
async fn another_try_draws_again() {
    let plan = "seed = 3\n[[fault]]\nper_thousand = 500\nfault = \"http_500\"\nwhen = \"before\"";
    let world = World::with(with(plan)).await;
    for sequential in 1..=8 {
        let mut tries = 0;
        while world.send_invoice(&invoice(sequential)).await.status != 200 {
            tries += 1;
            assert!(tries < 30, "{sequential} never passes");
        }
    }
}

#[tokio::test]
async fn an_outage_begins_and_ends_by_the_clock() {
    let plan =
        "[[outage]]\nfrom = \"2026-11-20T12:00:00-05:00\"\nuntil = \"2026-11-20T13:00:00-05:00\"";
    let world = World::with(with(plan)).await;
    assert_eq!(world.send_invoice(&invoice(1)).await.status, 503);
    assert_eq!(world.ask(&invoice(1).key()).await.status, 503);
    world.pass(HOUR);
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    let lost: Vec<_> = world
        .entries()
        .into_iter()
        .map(|entry| entry.answer)
        .collect();
    assert_eq!(lost, ["PERDIDA", "PERDIDA", "RECIBIDA"]);
}

#[tokio::test]
async fn an_outage_of_every_night_lasts_past_midnight() {
    let plan = "[[outage]]\ndaily = [\"23:50\", \"00:10\"]\nservice = \"recepcion\"\nfault = \"empty\"\nwhen = \"before\"";
    let world = World::with(with(plan)).await;
    // Ten minutes before midnight, five past, and ten past.
    for (passes, down) in [
        (12 * HOUR - 600_000, true),
        (900_000, true),
        (300_000, false),
    ] {
        world.pass(passes);
        let empty = send_raw(&world, 1).await.ends_with(b"\r\n\r\n");
        assert_eq!(empty, down, "{passes}");
        assert_eq!(world.ask(&invoice(2).key()).await.status, 200);
    }
}

#[tokio::test]
async fn every_answer_takes_its_time() {
    let world = World::with(with("delay_ms = [120, 160]")).await;
    let before = std::time::Instant::now();
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    assert!(before.elapsed().as_millis() >= 120);
}

#[tokio::test]
async fn the_clock_can_be_set_and_goes_on() {
    let world = World::new().await;
    let order = r#"{"clock": "2027-06-01T09:00:00-05:00"}"#;
    let reply = http::post_as(
        world.address,
        "/simulator/control",
        "application/json",
        order,
    )
    .await;
    assert_eq!(reply.status, 200);
    // Half a year later the date of issue is too old, with a warning.
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice(1).key()).await;
    assert!(
        answer
            .one("fechaAutorizacion")
            .starts_with("2027-06-01T09:00:00"),
        "{}",
        answer.body
    );
    let order = r#"{"clock": "tomorrow"}"#;
    let reply = http::post_as(
        world.address,
        "/simulator/control",
        "application/json",
        order,
    )
    .await;
    assert_eq!(reply.status, 400);
}
