//! What a document costs.

use std::sync::atomic::Ordering;

use tagua_pipeline::Pace;
use tagua_store::Stage;

use crate::sri::{AUTHORIZED, RECEIVED, Scripted};
use crate::world::{HOUR, World};

/// Carries so many documents; answers transitions and claims.
async fn cost(documents: u32) -> (u32, u32) {
    let mut world = World::new(Scripted::new([RECEIVED], [AUTHORIZED])).await;
    world.pace = Pace::SIMULATOR;
    let mut ids = Vec::new();
    for number in 1..=documents {
        ids.push(world.accept(number).await);
    }
    world.run_until_rested(documents, HOUR).await;
    for id in ids {
        assert_eq!(world.document(id).await.stage, Stage::Authorized);
    }
    let count = |counter: &std::sync::atomic::AtomicU32| counter.load(Ordering::SeqCst);
    (count(&world.store.applies), count(&world.store.claims))
}

#[tokio::test(start_paused = true)]
async fn a_document_costs_three_transitions_and_a_share_of_a_claim() {
    for documents in [500, 2000] {
        let (applies, claims) = cost(documents).await;
        assert_eq!(applies, 3 * documents);
        assert!(
            claims <= documents / 2,
            "{claims} claims for {documents} documents"
        );
    }
}
