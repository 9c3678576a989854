//! Accounts, keys, issuers, certificates.

use tagua_store::{AccountId, Issuer, NewAccount, NewCertificate, NewIssuer, StoreError};

use super::world::{AnyStore, NOW, World, later, new_account, new_issuer};

pub(crate) async fn are_listed_oldest_first(store: AnyStore) {
    assert_eq!(store.accounts().await.unwrap(), []);
    let first = store.create_account(new_account("una")).await.unwrap();
    let sandbox = NewAccount {
        sandbox: true,
        ..new_account("dos")
    };
    let second = store.create_account(sandbox).await.unwrap();
    assert_eq!((first.name.as_str(), first.sandbox), ("una", false));
    assert_eq!((second.name.as_str(), second.sandbox), ("dos", true));
    assert_eq!(store.accounts().await.unwrap(), [first, second]);
}

pub(crate) async fn keys_find_their_account(store: AnyStore) {
    let first = store.create_account(new_account("una")).await.unwrap();
    let second = store.create_account(new_account("dos")).await.unwrap();
    for (key, account) in [([1; 32], &first), ([2; 32], &second), ([3; 32], &second)] {
        store.add_api_key(account.id, key, NOW).await.unwrap();
    }
    let account = async |key| store.account_by_key([key; 32]).await.unwrap();
    assert_eq!(account(1).await, Some(first));
    assert_eq!(account(2).await, Some(second.clone()));
    assert_eq!(account(3).await, Some(second));
    assert_eq!(account(4).await, None);
}

pub(crate) async fn a_key_has_one_account(store: AnyStore) {
    let first = store.create_account(new_account("una")).await.unwrap();
    let second = store.create_account(new_account("dos")).await.unwrap();
    store.add_api_key(first.id, [1; 32], NOW).await.unwrap();
    store.add_api_key(first.id, [1; 32], NOW).await.unwrap();
    let other = store.add_api_key(second.id, [1; 32], NOW).await;
    assert!(matches!(other, Err(StoreError::Refused { .. })));
    assert_eq!(store.account_by_key([1; 32]).await.unwrap(), Some(first));
}

pub(crate) async fn unknown_accounts_are_refused(store: AnyStore) {
    let mut nobody = store.create_account(new_account("una")).await.unwrap();
    nobody.id = AccountId(nobody.id.0 + 1);
    let key = store.add_api_key(nobody.id, [1; 32], NOW).await;
    assert!(matches!(key, Err(StoreError::Refused { .. })));
    let issuer = store.put_issuer(new_issuer(&nobody, "1790011674001")).await;
    assert!(matches!(issuer, Err(StoreError::Refused { .. })));
    assert_eq!(store.account_by_key([1; 32]).await.unwrap(), None);
}

pub(crate) async fn an_issuer_put_twice_is_one(store: AnyStore) {
    let world = World::new(store).await;
    let again = NewIssuer {
        code_secret: [8; 32],
        ..new_issuer(&world.account, world.issuer.ruc.as_str())
    };
    let again = world.store.put_issuer(again).await.unwrap();
    assert_eq!(again, world.issuer);
    assert_eq!(again.code_secret, [7; 32]);
    assert_eq!(again.account, world.account.id);
}

pub(crate) async fn issuers_are_apart_by_account(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store.clone(), "dos").await;
    assert_eq!(first.issuer.ruc, second.issuer.ruc);
    assert_ne!(first.issuer.id, second.issuer.id);
    for world in [first, second] {
        let found = store.issuer(world.account.id, world.issuer.ruc).await;
        assert_eq!(found.unwrap(), Some(world.issuer));
        let other = "0992222222001".parse().unwrap();
        let found = store.issuer(world.account.id, other).await;
        assert_eq!(found.unwrap(), None);
    }
}

pub(crate) async fn issuers_are_listed_oldest_first(store: AnyStore) {
    let world = World::new(store).await;
    let other = World::with_account(world.store.clone(), "dos").await;
    let mut expected = vec![world.issuer.clone()];
    for ruc in ["0992222222001", "0190333333001"] {
        let new = new_issuer(&world.account, ruc);
        expected.push(world.store.put_issuer(new).await.unwrap());
    }
    let all = world.store.issuers(world.account.id).await.unwrap();
    assert_eq!(all, expected);
    let all = world.store.issuers(other.account.id).await.unwrap();
    assert_eq!(all, [other.issuer]);
    let nobody = AccountId(other.account.id.0 + 1);
    assert_eq!(world.store.issuers(nobody).await.unwrap(), []);
}

pub(crate) async fn settings_change_at_once(store: AnyStore) {
    let world = World::new(store).await;
    let (account, issuer) = (world.account.id, world.issuer.clone());
    assert_eq!(issuer.settings, "{}");
    for settings in ["{\"a\": \"ñ\"}", "", "{}"] {
        // Looked up before, so that it could be remembered.
        world.store.issuer(account, issuer.ruc).await.unwrap();
        let set = world
            .store
            .set_issuer_settings(account, issuer.id, settings.into());
        set.await.unwrap();
        let expected = Issuer {
            settings: settings.into(),
            ..issuer.clone()
        };
        let found = world.store.issuer(account, issuer.ruc).await.unwrap();
        assert_eq!(found.as_ref(), Some(&expected));
        assert_eq!(world.store.issuers(account).await.unwrap(), [expected]);
    }
}

pub(crate) async fn settings_of_another_account_are_refused(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store.clone(), "dos").await;
    let foreign = store.set_issuer_settings(second.account.id, first.issuer.id, "[]".into());
    assert!(matches!(foreign.await, Err(StoreError::Refused { .. })));
    let found = store.issuer(first.account.id, first.issuer.ruc).await;
    assert_eq!(found.unwrap(), Some(first.issuer));
}

pub(crate) async fn a_certificate_added_twice_is_one(store: AnyStore) {
    let world = World::new(store).await;
    let account = world.account.id;
    let new = new_certificate(&world.issuer, 1);
    let first = world.store.add_certificate(account, new.clone()).await;
    let first = first.unwrap();
    assert_eq!((first.issuer, &first.p12), (new.issuer, &new.p12));
    assert_eq!((first.sha256, first.sandbox), (new.sha256, new.sandbox));
    assert_eq!(first.not_after, new.not_after);
    let again = NewCertificate {
        at: later(5),
        not_after: None,
        ..new
    };
    let again = world.store.add_certificate(account, again).await.unwrap();
    assert_eq!(again, first);
    let all = world.store.certificates(account, world.issuer.id).await;
    assert_eq!(all.unwrap(), [first]);
}

pub(crate) async fn certificates_come_newest_first(store: AnyStore) {
    let world = World::new(store).await;
    for (number, at) in [(1, NOW), (2, later(9)), (3, later(5)), (4, later(5))] {
        let new = NewCertificate {
            at,
            ..new_certificate(&world.issuer, number)
        };
        let added = world.store.add_certificate(world.account.id, new).await;
        added.unwrap();
    }
    let all = world
        .store
        .certificates(world.account.id, world.issuer.id)
        .await;
    let order: Vec<u8> = all.unwrap().iter().map(|one| one.sha256[0]).collect();
    assert_eq!(order, [2, 4, 3, 1]);
}

pub(crate) async fn certificates_are_apart_by_account(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store.clone(), "dos").await;
    let new = new_certificate(&first.issuer, 1);
    let foreign = store.add_certificate(second.account.id, new.clone()).await;
    assert!(matches!(foreign, Err(StoreError::Refused { .. })));
    let own = store.certificates(first.account.id, first.issuer.id).await;
    assert_eq!(own.unwrap(), []);
    store.add_certificate(first.account.id, new).await.unwrap();
    let foreign = store.certificates(second.account.id, first.issuer.id).await;
    assert_eq!(foreign.unwrap(), []);
    // The same file for two issuers is two certificates.
    let own = new_certificate(&second.issuer, 1);
    let own = store.add_certificate(second.account.id, own).await.unwrap();
    assert_eq!(own.issuer, second.issuer.id);
}

fn new_certificate(issuer: &Issuer, number: u8) -> NewCertificate {
    NewCertificate {
        issuer: issuer.id,
        p12: vec![number; 3000],
        sha256: [number; 32],
        sandbox: true,
        not_after: Some(later(1_000_000)),
        at: NOW,
    }
}

pub(crate) async fn notes_are_replaced(store: AnyStore) {
    assert_eq!(store.note("uno").await.unwrap(), None);
    store.put_note("uno", b"1".to_vec()).await.unwrap();
    store.put_note("dos", Vec::new()).await.unwrap();
    store.put_note("uno", vec![0, 255]).await.unwrap();
    assert_eq!(store.note("uno").await.unwrap(), Some(vec![0, 255]));
    assert_eq!(store.note("dos").await.unwrap(), Some(Vec::new()));
}
