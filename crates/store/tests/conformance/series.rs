//! Numbers handed out in series.

use std::collections::BTreeSet;
use std::sync::Arc;

use tagua_fiscal::{DocumentType, Environment, Sequential};
use tagua_store::{
    Acceptance, AccountId, IssuerId, NewDocument, SeriesKey, SeriesState, SetSeries, StoreError,
};
use tokio::task::JoinSet;

use super::world::{AnyStore, World, series, three_digits};

pub(crate) async fn count_from_one(store: AnyStore) {
    let world = World::new(store).await;
    for expected in 1..=3 {
        assert_eq!(reserve(&world, key(&world)).await, Some(expected));
    }
}

pub(crate) async fn count_apart(store: AnyStore) {
    let world = World::new(store).await;
    let mut keys = [key(&world); 5];
    keys[1].environment = Environment::Production;
    keys[2].document_type = DocumentType::Waybill;
    keys[3].series.establishment = three_digits(9);
    keys[4].series.point = three_digits(9);
    for expected in 1..=2 {
        for key in keys {
            assert_eq!(reserve(&world, key).await, Some(expected));
        }
    }
}

pub(crate) async fn go_on_after_what_is_stored(store: AnyStore) {
    let world = World::new(store).await;
    assert_eq!(reserve(&world, key(&world)).await, Some(1));
    world.accepted(7).await;
    assert_eq!(reserve(&world, key(&world)).await, Some(8));
    world.accepted(3).await;
    assert_eq!(reserve(&world, key(&world)).await, Some(9));
}

pub(crate) async fn go_on_after_what_was_set(store: AnyStore) {
    let world = World::new(store).await;
    assert_eq!(set(&world, 100).await, SetSeries::Set);
    assert_eq!(reserve(&world, key(&world)).await, Some(101));
    // Numbers that were handed out and never used may be given back.
    assert_eq!(set(&world, 50).await, SetSeries::Set);
    assert_eq!(reserve(&world, key(&world)).await, Some(51));
    assert_eq!(set(&world, 0).await, SetSeries::Set);
    assert_eq!(reserve(&world, key(&world)).await, Some(1));
}

pub(crate) async fn never_go_below_what_is_stored(store: AnyStore) {
    let world = World::new(store).await;
    world.accepted(20).await;
    let greatest = Sequential::new(20).unwrap();
    for last in [0, 19] {
        let below = SetSeries::BelowStored { greatest };
        assert_eq!(set(&world, last).await, below);
    }
    assert_eq!(reserve(&world, key(&world)).await, Some(21));
    assert_eq!(set(&world, 20).await, SetSeries::Set);
    assert_eq!(reserve(&world, key(&world)).await, Some(21));
}

pub(crate) async fn come_to_an_end(store: AnyStore) {
    let world = World::new(store).await;
    assert_eq!(set(&world, 999_999_998).await, SetSeries::Set);
    assert_eq!(reserve(&world, key(&world)).await, Some(999_999_999));
    for _ in 0..2 {
        assert_eq!(reserve(&world, key(&world)).await, None);
    }
    let refused = world.store.set_last_sequential(key(&world), 1_000_000_000);
    assert!(matches!(refused.await, Err(StoreError::Refused { .. })));
}

pub(crate) async fn belong_to_the_account(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store, "dos").await;
    let foreign = SeriesKey {
        account: second.account.id,
        ..key(&first)
    };
    let unknown = SeriesKey {
        issuer: IssuerId(first.issuer.id.0 + 100),
        ..key(&first)
    };
    for key in [foreign, unknown] {
        let reserved = first.store.reserve_sequential(key).await;
        assert!(matches!(reserved, Err(StoreError::Refused { .. })));
        let set = first.store.set_last_sequential(key, 5).await;
        assert!(matches!(set, Err(StoreError::Refused { .. })));
        let listed = first.store.series(key.account, key.issuer).await;
        assert_eq!(listed.unwrap(), []);
    }
    assert_eq!(states(&first).await, []);
    assert_eq!(reserve(&first, key(&first)).await, Some(1));
}

pub(crate) async fn are_listed_in_order(store: AnyStore) {
    let world = World::new(store).await;
    assert_eq!(states(&world).await, []);
    world.accepted(4).await;
    world.accepted(2).await;
    let waybills = SeriesKey {
        document_type: DocumentType::Waybill,
        ..key(&world)
    };
    let production = SeriesKey {
        environment: Environment::Production,
        ..key(&world)
    };
    world.store.set_last_sequential(waybills, 8).await.unwrap();
    reserve(&world, production).await;
    reserve(&world, key(&world)).await;
    let mut elsewhere = world.invoice(6);
    elsewhere.series.point = three_digits(9);
    let later = SeriesKey {
        series: elsewhere.series,
        ..key(&world)
    };
    assert_eq!(world.accept(elsewhere).await, Acceptance::Stored);
    let state = |key, counter, greatest: Option<u32>| SeriesState {
        key,
        counter,
        greatest: greatest.map(|number| Sequential::new(number).unwrap()),
    };
    let expected = [
        state(key(&world), Some(5), Some(4)),
        state(later, None, Some(6)),
        state(waybills, Some(8), None),
        state(production, Some(1), None),
    ];
    let states = states(&world).await;
    assert_eq!(states, expected);
    for (state, next) in states.iter().zip([6, 7, 9, 2]) {
        assert_eq!(state.next().map(Sequential::get), Some(next));
        assert_eq!(reserve(&world, state.key).await, Some(next));
    }
}

pub(crate) async fn hand_out_each_number_once(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    world.accepted(10).await;
    let reserved = (0..200).map(|_| {
        let world = world.clone();
        async move { reserve(&world, key(&world)).await.unwrap() }
    });
    let reserved = reserved.collect::<JoinSet<_>>().join_all().await;
    let distinct: BTreeSet<u32> = reserved.into_iter().collect();
    assert!(distinct.into_iter().eq(11..=210));
}

/// A number that was handed out is used, while others are handed out and sent.
pub(crate) async fn reserved_numbers_can_be_used(store: AnyStore) {
    let world = Arc::new(World::new(store).await);
    let accepted = (0..50).map(|_| {
        let world = world.clone();
        async move {
            let number = reserve(&world, key(&world)).await.unwrap();
            let new = NewDocument {
                account: AccountId(world.account.id.0),
                ..world.invoice(number)
            };
            world.accept(new).await
        }
    });
    let accepted = accepted.collect::<JoinSet<_>>().join_all().await;
    assert!(
        accepted
            .iter()
            .all(|outcome| *outcome == Acceptance::Stored)
    );
    assert_eq!(reserve(&world, key(&world)).await, Some(51));
}

/// The series of [`World::invoice`].
fn key(world: &World) -> SeriesKey {
    SeriesKey {
        account: world.account.id,
        issuer: world.issuer.id,
        environment: Environment::Test,
        document_type: DocumentType::Invoice,
        series: series(),
    }
}

async fn reserve(world: &World, key: SeriesKey) -> Option<u32> {
    let reserved = world.store.reserve_sequential(key).await.unwrap();
    reserved.map(Sequential::get)
}

async fn set(world: &World, last: u32) -> SetSeries {
    let set = world.store.set_last_sequential(key(world), last);
    set.await.unwrap()
}

async fn states(world: &World) -> Vec<SeriesState> {
    let states = world.store.series(world.account.id, world.issuer.id);
    states.await.unwrap()
}
