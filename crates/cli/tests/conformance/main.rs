//! Every vector and every scenario of the contract, through HTTP, against a
//! running server with its simulator. What deviates must stand in
//! `docs/compatibility.md`, and what stands there must deviate.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../support/mod.rs"]
mod support;

mod deviations;
mod documents;
mod echo;
mod fresh;
mod json;
mod judges;
mod others;
mod play;
mod profiles;
mod report;
mod scenario;
mod shape;
mod tree;
mod vectors;

use std::path::Path;
use std::thread;

use documents::Bench;
use play::Stage;
use report::{Column, Report};
use shape::Shapes;
use support::world::World;
use vectors::Vectors;

/// What the index counts; fewer would be a run that proves nothing.
const VECTORS: usize = 388;
const SCENARIOS: usize = 35;

#[test]
fn every_vector_and_scenario_is_as_expected() {
    let Some(shared) = tagua_testing::shared() else {
        return;
    };
    check_clock();
    let vectors = Vectors::read(&shared);
    assert_eq!(vectors.all.len(), VECTORS);
    let shapes = Shapes::read(&vectors);
    let report = Report::default();
    let judged = thread::scope(|scope| {
        scope.spawn(|| play_scenarios(&vectors, &shapes, &report));
        run_vectors(&shared, &vectors, &shapes, &report)
    });
    shapes.count(&report);
    println!("{}", report.tables());
    let wrong = deviations::settle(&report, judged);
    assert!(
        wrong.is_empty(),
        "{} deviations:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// SRI refuses documents of days to come, and the simulator does too.
#[expect(
    clippy::disallowed_methods,
    reason = "the command under test reads the real clock"
)]
fn check_clock() {
    let last_vector: jiff::Timestamp = "2026-11-20T05:00:00Z".parse().unwrap();
    let now = jiff::Timestamp::now();
    assert!(
        now > last_vector,
        "this machine's clock, {now}, is behind the vectors"
    );
}

/// Whether other programs judged what was signed.
fn run_vectors(shared: &Path, vectors: &Vectors, shapes: &Shapes, report: &Report) -> bool {
    let world = World::new();
    let server = world.start();
    let bench = Bench {
        vectors,
        shapes,
        server: &server,
        report,
    };
    let signed = bench.run();
    bench.run_others();
    let judged = signed.len() + report.right(Column::Returned);
    let accepted = report.right(Column::Accepted);
    let mut case = report.case("judges");
    case.check("count", judged == accepted, || {
        format!("{judged} of {accepted} accepted documents authorized or returned")
    });
    judges::judge(shared, report, &signed)
}

fn play_scenarios(vectors: &Vectors, shapes: &Shapes, report: &Report) {
    let scenarios = scenario::read(vectors);
    assert_eq!(scenarios.len(), SCENARIOS);
    let world = World::new();
    world.add_account(play::OTHER_KEY);
    let simulator = world.start_simulator();
    let server = world.start_against(simulator.address);
    let stage = Stage {
        vectors,
        shapes,
        report,
        world: &world,
        server: &server,
        simulator: &simulator,
    };
    stage.play_all(&scenarios);
}
