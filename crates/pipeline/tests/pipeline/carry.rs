//! Each row of the protocol's table of answers, from acceptance to rest.

use std::time::Duration;

use tagua_pipeline::Pace;
use tagua_store::{Document, Stage};

use crate::sri::{AUTHORIZED, Call, HTML, RECEIVED, Reply, Scripted};
use crate::world::{HOUR, MINUTE, World, signed};

/// Carries one invoice through the script; answers it and its history.
async fn carried(
    submits: impl IntoIterator<Item = Reply>,
    asks: impl IntoIterator<Item = Reply>,
) -> (World, Document, Vec<String>) {
    let world = World::new(Scripted::new(submits, asks)).await;
    let document = world.carry().await;
    let history = world.history(document.id).await;
    // L6: whatever is sent is the same bytes.
    for bytes in world.sri.submissions() {
        assert_eq!(bytes, signed(1, 0));
    }
    (world, document, history)
}

fn assert_words(document: &Document, words: &str) {
    let attention = document.attention.as_deref().unwrap();
    assert!(attention.contains(words), "{attention}");
}

#[tokio::test(start_paused = true)]
async fn recibida_then_autorizado() {
    let (world, document, history) = carried([RECEIVED], [AUTHORIZED]).await;
    assert_eq!(document.stage, Stage::Authorized);
    assert_eq!(
        history,
        ["submission_started", "reception_confirmed", "authorized"]
    );
    assert_eq!(document.submissions, 1);
    assert_eq!(document.reception.unwrap().state, "RECIBIDA");
    let authorization = document.authorization.unwrap();
    assert_eq!(authorization.state, "AUTORIZADO");
    assert_eq!(
        authorization.number.as_deref(),
        Some(document.access_key.as_str())
    );
    let [submitted, asked] = &world.sri.seen()[..] else {
        panic!("{:?}", world.sri.seen());
    };
    let pause = asked.at - submitted.at;
    assert!(
        pause >= Duration::from_millis(800) && pause <= Duration::from_secs(3),
        "{pause:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_simulator_is_asked_at_once() {
    let mut world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    world.pace = Pace::SIMULATOR;
    world.carry().await;
    let seen = world.sri.seen();
    assert_eq!(seen[0].at, seen[1].at);
}

#[tokio::test(start_paused = true)]
async fn recibida_then_no_autorizado() {
    let (_, document, history) = carried(
        [RECEIVED],
        [Reply::NotFound, Reply::Decided("NO AUTORIZADO")],
    )
    .await;
    assert_eq!(document.stage, Stage::NotAuthorized);
    assert_eq!(
        history,
        [
            "submission_started",
            "reception_confirmed",
            "not_found",
            "not_authorized"
        ]
    );
    assert_eq!(document.authorization.unwrap().messages[0].identifier, "39");
}

#[tokio::test(start_paused = true)]
async fn no_answer_but_sri_has_it() {
    for lost in [
        Reply::TimedOut,
        Reply::Broken,
        Reply::Status(500),
        Reply::Status(302),
        Reply::TooLarge,
        HTML,
        Reply::Body(""),
        Reply::Body("<soap:Envelope><soap:Bo"),
        Reply::Returned("50"),
        Reply::Returned("777"),
    ] {
        let (world, document, history) = carried([lost.clone()], [AUTHORIZED]).await;
        assert_eq!(document.stage, Stage::Authorized, "{lost:?}");
        assert_eq!(
            history,
            ["submission_started", "no_answer", "authorized"],
            "{lost:?}"
        );
        assert_eq!(world.sri.submissions().len(), 1, "{lost:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_answer_and_sri_has_nothing() {
    for lost in [
        Reply::TimedOut,
        Reply::Status(503),
        HTML,
        Reply::Returned("50"),
    ] {
        let asks = vec![Reply::NotFound; 40];
        let world = World::new(Scripted::new([lost.clone(), RECEIVED], asks)).await;
        let id = world.accept(1).await;
        world.run_for(5 * MINUTE).await;
        world.sri.now_says(RECEIVED, AUTHORIZED);
        world.run_for(HOUR).await;
        assert_eq!(
            world.document(id).await.stage,
            Stage::Authorized,
            "{lost:?}"
        );
        let seen = world.sri.seen();
        let second = seen
            .iter()
            .skip(1)
            .position(|s| s.call != Call::Ask)
            .unwrap()
            + 1;
        // Asked since, and half a minute later at the earliest.
        assert!(second > 2, "{lost:?}");
        assert!(
            seen[second].at - seen[0].at >= Duration::from_secs(30),
            "{lost:?}"
        );
        assert_eq!(world.sri.submissions(), [signed(1, 0), signed(1, 0)]);
    }
}

#[tokio::test(start_paused = true)]
async fn evidence_is_kept_of_answers_that_cannot_be_used() {
    let (world, document, _) = carried([HTML], [HTML, AUTHORIZED]).await;
    let events = world.events(document.id).await;
    for (event, kind) in events[2..4].iter().zip(["no_answer", "ask_failed"]) {
        assert_eq!(event.kind, kind);
        assert!(event.evidence.as_deref().unwrap().starts_with(b"<html>"));
        assert!(
            event.detail.starts_with("sri_answer_unreadable"),
            "{}",
            event.detail
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_answer_is_cut_in_the_words_of_the_event() {
    let fault = format!(
        "<soap:Envelope><soap:Body><soap:Fault><faultstring>{}</faultstring></soap:Fault>\
         </soap:Body></soap:Envelope>",
        "ñ".repeat(100_000)
    );
    let (world, document, _) = carried([Reply::Body(fault.leak())], [AUTHORIZED]).await;
    let events = world.events(document.id).await;
    assert!(events[2].detail.len() <= 4100, "{}", events[2].detail.len());
    assert!(events[2].detail.ends_with('…'));
}

#[tokio::test(start_paused = true)]
async fn the_key_is_there_already() {
    for number in ["43", "70"] {
        let (world, document, history) =
            carried([Reply::Returned(number)], [Reply::NotFound, AUTHORIZED]).await;
        assert_eq!(document.stage, Stage::Authorized);
        assert_eq!(
            history,
            [
                "submission_started",
                "already_registered",
                "not_found",
                "authorized"
            ]
        );
        assert_eq!(world.sri.submissions().len(), 1);
        let reception = document.reception.unwrap();
        assert_eq!(reception.state, "RECIBIDA");
        assert_eq!(reception.messages[0].identifier, number);
    }
}

#[tokio::test(start_paused = true)]
async fn the_key_is_there_and_never_found() {
    let (world, document, _) = carried([Reply::Returned("43")], [Reply::NotFound]).await;
    assert_eq!(document.stage, Stage::NeedsAttention);
    assert_words(&document, "no conoce la clave de acceso");
    // One submission an hour at most, each after a question.
    let seen = world.sri.seen();
    let submits: Vec<_> = seen.iter().filter(|s| s.call != Call::Ask).collect();
    assert_eq!(
        submits.len(),
        usize::try_from(Pace::SRI.max_submissions).unwrap()
    );
    assert!(
        submits
            .windows(2)
            .all(|pair| pair[1].at - pair[0].at >= HOUR)
    );
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].call == Call::Ask || pair[1].call == Call::Ask)
    );
    let whole = seen.last().unwrap().at - seen[0].at;
    assert!(whole > 24 * HOUR && whole < 48 * HOUR, "{whole:?}");
}

#[tokio::test(start_paused = true)]
async fn the_simulator_is_not_flooded_by_a_key_it_does_not_find() {
    let mut world = World::new(Scripted::new([RECEIVED], [Reply::NotFound])).await;
    world.pace = Pace::SIMULATOR;
    world.accept(1).await;
    world.run_for(MINUTE).await;
    let submits = world.sri.submissions().len();
    assert!((2..=7).contains(&submits), "{submits} submissions");
    assert!(
        world.sri.questions() < 120,
        "{} questions",
        world.sri.questions()
    );
}

#[tokio::test(start_paused = true)]
async fn the_number_is_taken_by_our_own_key() {
    let (_, document, history) = carried([Reply::Returned("45")], [AUTHORIZED]).await;
    assert_eq!(document.stage, Stage::Authorized);
    assert_eq!(
        history,
        [
            "submission_started",
            "refused_sequential_taken",
            "authorized"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_number_is_taken_by_another_key() {
    let (world, document, history) = carried([Reply::Returned("45")], [Reply::NotFound]).await;
    assert_eq!(document.stage, Stage::NeedsAttention);
    assert_eq!(
        history,
        [
            "submission_started",
            "refused_sequential_taken",
            "not_found"
        ]
    );
    assert_words(&document, "secuencial 001-002-000000001 ya está registrado");
    assert_words(&document, document.access_key.as_str());
    assert_eq!(world.sri.submissions().len(), 1);
    assert_eq!(document.sequential.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn refused_and_unknown_is_returned() {
    for number in ["35", "39", "52", "65", "67", "2", "56"] {
        let (world, document, history) =
            carried([Reply::Returned(number)], [Reply::NotFound]).await;
        assert_eq!(document.stage, Stage::Returned, "{number}");
        assert_eq!(history, ["submission_started", "refused", "not_found"]);
        assert_eq!(document.reception.unwrap().messages[0].identifier, number);
        // Asked at once.
        let seen = world.sri.seen();
        assert_eq!(seen[0].at, seen[1].at);
    }
}

#[tokio::test(start_paused = true)]
async fn refused_but_an_earlier_submission_won() {
    let submits = [Reply::TimedOut, Reply::Returned("35")];
    let (world, document, _) = carried(submits.clone(), [Reply::NotFound]).await;
    assert_eq!(document.stage, Stage::Returned);
    assert_eq!(world.sri.submissions().len(), 2);
    // The same again, but the question after the refusal finds the first one.
    let mut asks = vec![Reply::NotFound; world.sri.questions() - 1];
    asks.push(AUTHORIZED);
    let (world, document, history) = carried(submits, asks).await;
    assert_eq!(document.stage, Stage::Authorized);
    assert_eq!(history[history.len() - 2..], ["refused", "authorized"]);
    assert_eq!(world.sri.submissions().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_waits_until_its_question_is_answered() {
    for (last, stage) in [
        (AUTHORIZED, Stage::Authorized),
        (Reply::NotFound, Stage::Returned),
    ] {
        let asks = [Reply::TimedOut, HTML, Reply::Status(500), last];
        let (world, document, history) = carried([Reply::Returned("35")], asks).await;
        assert_eq!(document.stage, stage);
        let kinds = ["refused", "ask_failed", "ask_failed", "ask_failed"];
        assert_eq!(history[1..5], kinds);
        assert_eq!(world.sri.submissions().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_overtaken_refusal_does_not_judge_a_later_submission() {
    let submits = [Reply::Returned("35"), Reply::TimedOut, RECEIVED];
    let mut asks = vec![Reply::Decided("EN PROCESO")];
    asks.extend(vec![Reply::NotFound; 60]);
    let world = World::new(Scripted::new(submits, asks)).await;
    let id = world.accept(1).await;
    let running = world.start();
    while world.sri.submissions().len() < 2 {
        tokio::time::sleep(MINUTE).await;
    }
    // SRI lost the answer to the second submission and shows nothing for now.
    tokio::time::sleep(Duration::from_secs(20)).await;
    let document = world.document(id).await;
    assert_eq!(document.stage, Stage::Unknown);
    assert_eq!(document.reception.unwrap().state, "RECIBIDA");
    world.sri.now_says(RECEIVED, AUTHORIZED);
    tokio::time::sleep(HOUR).await;
    running.stop().await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
}

#[tokio::test(start_paused = true)]
async fn no_more_tries_today() {
    let (world, document, _) = carried([Reply::Returned("90")], [Reply::NotFound]).await;
    assert_eq!(document.stage, Stage::NeedsAttention);
    assert_words(&document, "código 90");
    assert_eq!(world.sri.submissions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn other_bytes_were_authorized() {
    for submit in [
        RECEIVED,
        Reply::Returned("45"),
        Reply::Returned("90"),
        Reply::TimedOut,
    ] {
        let theirs = Reply::DecidedOver("AUTORIZADO", signed(2, 0));
        let (_, document, _) = carried([submit.clone()], [theirs]).await;
        assert_eq!(document.stage, Stage::NeedsAttention, "{submit:?}");
        assert_words(&document, "archivo distinto");
        assert_eq!(document.authorization.unwrap().state, "AUTORIZADO");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_for_hours_and_then_autorizado() {
    for silent in [
        Reply::NotFound,
        Reply::Decided("EN PROCESO"),
        Reply::Decided("RARO"),
        HTML,
    ] {
        let world = World::new(Scripted::new([RECEIVED], [silent.clone()])).await;
        let id = world.accept(1).await;
        world.run_for(23 * HOUR).await;
        assert_eq!(
            world.document(id).await.stage,
            Stage::Received,
            "{silent:?}"
        );
        world.sri.now_says(Reply::Returned("43"), AUTHORIZED);
        world.run_for(2 * HOUR).await;
        assert_eq!(
            world.document(id).await.stage,
            Stage::Authorized,
            "{silent:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn sri_that_never_decides_is_given_up() {
    let (world, document, history) = carried([RECEIVED], [Reply::Decided("EN PROCESO")]).await;
    assert_eq!(document.stage, Stage::NeedsAttention);
    assert_eq!(history.last().unwrap(), "gave_up");
    assert_words(&document, "plazo de 24 horas");
    assert!(world.sri.questions() < 60, "{}", world.sri.questions());
    assert_eq!(world.sri.submissions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn sri_that_forgets_everything_is_given_up() {
    let (world, document, _) = carried([Reply::TimedOut], [Reply::NotFound]).await;
    assert_eq!(document.stage, Stage::NeedsAttention);
    assert_words(&document, "no conoce la clave de acceso");
    let seen = world.sri.seen();
    let whole = seen.last().unwrap().at - seen[0].at;
    assert!(whole < 30 * HOUR, "{whole:?}");
    let most = usize::try_from(Pace::SRI.max_submissions).unwrap();
    assert_eq!(world.sri.submissions().len(), most);
}

/// Sent so often, and then asked about for an hour that it is given to decide.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_more_often_than_it_may() {
    let mut world = World::new(Scripted::new([Reply::TimedOut], [Reply::NotFound])).await;
    world.pace = Pace {
        max_submissions: 3,
        ..Pace::SRI
    };
    let id = world.accept(1).await;
    world.run_until_rested(1, 3 * HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::NeedsAttention);
    assert_eq!(world.sri.submissions().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn sri_that_cannot_be_asked_is_waited_for() {
    let world = World::new(Scripted::new([RECEIVED], [Reply::Status(503)])).await;
    let id = world.accept(1).await;
    world.run_for(72 * HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::Received);
    // One question every five minutes at most, once it has lasted.
    assert!(world.sri.questions() < 72 * 18, "{}", world.sri.questions());
    world.sri.now_says(Reply::TimedOut, AUTHORIZED);
    world.run_for(HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::Authorized);
    assert_eq!(world.sri.submissions().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_correction_is_judged_by_its_own_bytes() {
    let older = Reply::DecidedOver("NO AUTORIZADO", signed(1, 0));
    let world = World::new(Scripted::new([RECEIVED], [older.clone()])).await;
    let id = world.accept(1).await;
    world.run_until_rested(1, HOUR).await;
    assert_eq!(world.document(id).await.stage, Stage::NotAuthorized);
    world.revise(1).await;
    world.run_for(10 * MINUTE).await;
    assert_eq!(world.document(id).await.stage, Stage::Received);
    world.sri.now_says(Reply::TimedOut, AUTHORIZED);
    world.run_for(HOUR).await;
    let document = world.document(id).await;
    assert_eq!(document.stage, Stage::Authorized);
    assert_eq!((document.revision, document.submissions), (1, 1));
    assert_eq!(world.sri.submissions(), [signed(1, 0), signed(1, 1)]);
}
