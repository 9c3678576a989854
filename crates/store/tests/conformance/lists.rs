//! Pages of documents, held against a list that is filtered here by hand.

mod samples;

use tagua_store::{
    Acceptance, Cursor, DocumentId, ListPage, ListQuery, ListedDocument, NewDocument, NextJob,
    Stage, StoreError, Transition,
};

use self::samples::{both, expected, queries, samples};
use super::world::{AnyStore, World, later, step};

pub(crate) async fn show_each_document(store: AnyStore) {
    let world = World::new(store).await;
    assert_eq!(listed(&world, &page_of(9)).await.documents, []);
    let new = NewDocument {
        external_id: Some("Pedido ñ".into()),
        valid: false,
        stage: Stage::Returned,
        job: NextJob::Done,
        ..world.invoice(1)
    };
    world.accept(new.clone()).await;
    let document = world.document(new.id).await;
    let expected = ListedDocument {
        id: new.id,
        issuer: new.issuer,
        document_type: new.document_type,
        schema_version: new.schema_version,
        environment: new.environment,
        series: new.series,
        sequential: new.sequential,
        access_key: new.access_key,
        stage: Stage::Returned,
        valid: false,
        issue_date: "2026-11-20".into(),
        receiver_id: new.receiver_id,
        receiver_name: new.receiver_name,
        total: "112.00".into(),
        external_id: Some("Pedido ñ".into()),
        created_at: document.created_at,
        updated_at: document.updated_at,
    };
    let page = listed(&world, &page_of(9)).await;
    assert_eq!(page.documents, [expected]);
    assert_eq!(page.next, None);
    assert_eq!(document.external_id.as_deref(), Some("Pedido ñ"));
}

pub(crate) async fn come_newest_first(store: AnyStore) {
    let world = World::new(store).await;
    let mut ids = Vec::new();
    let days = [
        "2026-11-20",
        "2027-01-01",
        "2026-11-20",
        "2026-02-28",
        "2027-01-01",
    ];
    for (number, day) in (1..).zip(days) {
        ids.push(accept_on(&world, number, day).await);
    }
    let newest_first = [4, 1, 2, 0, 3].map(|index: usize| ids[index]);
    assert_eq!(ids_of(&listed(&world, &page_of(9)).await), newest_first);
}

pub(crate) async fn go_on_where_they_ended(store: AnyStore) {
    let world = World::new(store).await;
    let samples = samples(&world, 40).await;
    for limit in [1, 7, 39, 40, 41] {
        let all = every_page(&world, &page_of(limit)).await;
        assert_eq!(all, expected(&samples, &ListQuery::default()));
    }
    let first = listed(&world, &page_of(3)).await;
    let cursor = first.next.unwrap();
    let text = cursor.to_string();
    assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()), "{text}");
    assert_eq!(text.parse::<Cursor>(), Ok(cursor));
}

pub(crate) async fn stay_in_place_while_documents_come(store: AnyStore) {
    let world = World::new(store).await;
    let mut ids = Vec::new();
    for number in 1..=4 {
        ids.push(accept_on(&world, number, "2026-11-20").await);
    }
    let first = listed(&world, &page_of(2)).await;
    assert_eq!(ids_of(&first), [ids[3], ids[2]]);
    accept_on(&world, 5, "2026-11-21").await;
    accept_on(&world, 6, "2026-11-20").await;
    let before = accept_on(&world, 7, "2026-11-19").await;
    let query = ListQuery {
        after: first.next,
        ..page_of(9)
    };
    let rest = listed(&world, &query).await;
    assert_eq!(ids_of(&rest), [ids[1], ids[0], before]);
}

pub(crate) async fn each_filter_restricts(store: AnyStore) {
    let world = World::new(store).await;
    let samples = samples(&world, 120).await;
    // Nothing taken in, some of it, all of it.
    for take_in in [0, 50, usize::MAX] {
        world.store.index_for_search(take_in).await.unwrap();
        for (name, query) in queries(&samples) {
            let query = ListQuery { limit: 11, ..query };
            let expected = expected(&samples, &query);
            assert_eq!(every_page(&world, &query).await, expected, "{name}");
            assert!(name == "nothing" || !expected.is_empty(), "{name}");
            assert!(name == "all" || expected.len() < samples.len(), "{name}");
        }
    }
}

pub(crate) async fn filters_hold_together(store: AnyStore) {
    let world = World::new(store).await;
    let samples = samples(&world, 120).await;
    world.store.index_for_search(80).await.unwrap();
    let queries = queries(&samples);
    let mut found = 0;
    for (index, (one, first)) in queries.iter().enumerate() {
        for (other, second) in queries.iter().skip(index + 1) {
            let query = ListQuery {
                limit: 50,
                ..both(first, second)
            };
            let expected = expected(&samples, &query);
            found += expected.len();
            let all = every_page(&world, &query).await;
            assert_eq!(all, expected, "{one} and {other}");
        }
    }
    assert!(found > 1000, "only {found}");
}

pub(crate) async fn words_find_documents(store: AnyStore) {
    let world = World::new(store).await;
    let new = NewDocument {
        receiver_id: "0912345678".into(),
        receiver_name: "Compañía \"Ñandú\" & Cía. Ltda.".into(),
        external_id: Some("ORD-2026/88 x9".into()),
        ..world.invoice(123)
    };
    world.accept(new.clone()).await;
    for taken_in in [0, 1] {
        let indexed = world.store.index_for_search(usize::MAX).await.unwrap();
        // An engine may have its words at once.
        assert!(indexed <= 1 - taken_in, "{indexed}");
        for text in [
            "compania",
            "COMPAÑI",
            "ltda nandu",
            "cía",
            "n\u{303}an",
            "0912345678",
            "09",
            "123",
            "000000123",
            "001-002-000000123",
            "001-002-000",
            "001-002",
            "12",
            "ord-2026/88",
            "2026 ord",
            "x9",
            "\"",
            "  ",
            "ltda*",
            "o",
            "Compañía \"Ñandú\" & Cía. Ltda.",
        ] {
            assert_eq!(by_text(&world, text).await, [new.id], "{text}");
        }
        for text in [
            "ompania",
            "nandux",
            "0912345679",
            "002",
            "000000124",
            "001-003",
            "compania OR nadie",
            "NOT ltda",
            "words",
            "z",
            "companhias",
            "compania nadie",
        ] {
            assert_eq!(by_text(&world, text).await, [], "{text}");
        }
    }
}

pub(crate) async fn stages_find_documents(store: AnyStore) {
    let world = World::new(store).await;
    let samples = samples(&world, 90).await;
    for first in Stage::ALL {
        for second in Stage::ALL {
            let query = ListQuery {
                stages: vec![first, second],
                ..page_of(100)
            };
            let found = ids_of(&listed(&world, &query).await);
            assert_eq!(found, expected(&samples, &query), "{first:?} {second:?}");
        }
    }
}

pub(crate) async fn nothing_crosses_accounts(store: AnyStore) {
    let first = World::with_account(store.clone(), "una").await;
    let second = World::with_account(store, "dos").await;
    let samples = samples(&first, 60).await;
    for take_in in [0, usize::MAX] {
        first.store.index_for_search(take_in).await.unwrap();
        for (name, query) in queries(&samples) {
            let query = ListQuery { limit: 9, ..query };
            assert_eq!(listed(&second, &query).await.documents, [], "{name}");
        }
    }
}

pub(crate) async fn follow_revisions(store: AnyStore) {
    let world = World::new(store).await;
    let other = accept_on(&world, 1, "2026-11-18").await;
    for (number, take_in) in [(2, 0), (4, usize::MAX)] {
        let new = NewDocument {
            receiver_id: "0911111111".into(),
            receiver_name: "Antes".into(),
            external_id: Some("antes".into()),
            ..world.invoice(number)
        };
        let id = new.id;
        world.accept(new.clone()).await;
        let document = world.document(id).await;
        world.apply(step(&document, Stage::Returned)).await;
        world.store.index_for_search(take_in).await.unwrap();
        let corrected = NewDocument {
            receiver_id: "0922222222".into(),
            receiver_name: "Después".into(),
            external_id: Some("después".into()),
            issue_date: "2026-11-17".into(),
            ..world.invoice(number + 1)
        };
        let document = world.document(id).await;
        let revised = world.revise(&document, corrected.clone()).await;
        assert_eq!(revised, Acceptance::Stored);
        for (of, expected) in [(&new, vec![]), (&corrected, vec![id])] {
            for query in found_by(of) {
                let found = ids_of(&listed(&world, &query).await);
                assert_eq!(found, expected, "{query:?}");
            }
        }
        let all = ids_of(&listed(&world, &page_of(2)).await);
        assert_eq!(all, [other, id]);
        // Out of the way of the next round.
        let revised = world.document(id).await;
        world.apply(step(&revised, Stage::NeedsAttention)).await;
    }
}

pub(crate) async fn follow_transitions(store: AnyStore) {
    let world = World::new(store).await;
    let mut document = world.accepted(1).await;
    for job in [NextJob::KeepLease, NextJob::Done] {
        for stage in Stage::ALL {
            let moved = Transition {
                job,
                ..step(&document, stage)
            };
            world.apply(moved).await;
            document = world.document(document.id).await;
            for asked in Stage::ALL {
                for issuer in [None, Some(world.issuer.id)] {
                    let query = ListQuery {
                        stages: vec![asked],
                        issuer,
                        ..page_of(9)
                    };
                    let found = listed(&world, &query).await.documents;
                    let found: Vec<_> = found.iter().map(|document| document.stage).collect();
                    let expected: &[_] = if asked == stage { &[stage] } else { &[] };
                    assert_eq!(found, expected);
                }
            }
        }
    }
    assert_eq!(world.store.queue_depth().await.unwrap().waiting, 0);
}

pub(crate) async fn bad_days_are_refused(store: AnyStore) {
    let world = World::new(store).await;
    for day in [
        "",
        "hoy",
        "now",
        "2026-1-1",
        "2026-13-01",
        "20261101",
        "2026-11-20T00:00",
    ] {
        let from = ListQuery {
            issued_from: Some(day.into()),
            ..page_of(9)
        };
        let to = ListQuery {
            issued_to: Some(day.into()),
            ..page_of(9)
        };
        for query in [from, to] {
            let refused = world.store.list(world.account.id, &query).await;
            assert!(matches!(refused, Err(StoreError::Refused { .. })), "{day}");
        }
    }
}

pub(crate) async fn pages_are_as_long_as_asked(store: AnyStore) {
    let world = World::new(store).await;
    for number in 1..=3 {
        world.accepted(number).await;
    }
    for (limit, length, goes_on) in [(0, 0, false), (2, 2, true), (3, 3, false), (4, 3, false)] {
        let page = listed(&world, &page_of(limit)).await;
        assert_eq!(page.documents.len(), length);
        assert_eq!(page.next.is_some(), goes_on, "{limit}");
    }
}

pub(crate) async fn all_are_found_while_taken_in(store: AnyStore) {
    let world = World::new(store).await;
    for number in 1..=300 {
        world.accepted(number).await;
    }
    let mut left = 300;
    for limit in [0, 10, 200, usize::MAX, 9] {
        let indexed = world.store.index_for_search(limit).await.unwrap();
        // An engine may have its words at once, and then nothing is to do.
        let expected = left.min(u64::try_from(limit).unwrap_or(u64::MAX));
        assert!(
            indexed == expected || indexed == 0,
            "{indexed} of {expected}"
        );
        left -= indexed;
        let query = ListQuery {
            receiver_id: Some("0999999999001".into()),
            ..page_of(500)
        };
        assert_eq!(listed(&world, &query).await.documents.len(), 300);
    }
}

/// Three ways to find the document among others like it.
fn found_by(of: &NewDocument) -> [ListQuery; 3] {
    [
        ListQuery {
            receiver_id: Some(of.receiver_id.clone()),
            stages: vec![Stage::Signed, Stage::Returned],
            ..page_of(9)
        },
        ListQuery {
            external_id: of.external_id.clone(),
            stages: vec![Stage::Signed, Stage::Returned],
            ..page_of(9)
        },
        ListQuery {
            text: Some(format!("{} {}", of.receiver_name, of.sequential)),
            ..page_of(9)
        },
    ]
}

async fn accept_on(world: &World, number: u32, day: &str) -> DocumentId {
    let new = NewDocument {
        issue_date: day.into(),
        at: later(number.into()),
        ..world.invoice(number)
    };
    let id = new.id;
    assert_eq!(world.accept(new).await, Acceptance::Stored);
    id
}

fn page_of(limit: usize) -> ListQuery {
    ListQuery {
        limit,
        ..ListQuery::default()
    }
}

async fn by_text(world: &World, text: &str) -> Vec<DocumentId> {
    let query = ListQuery {
        text: Some(text.into()),
        ..page_of(9)
    };
    ids_of(&listed(world, &query).await)
}

async fn listed(world: &World, query: &ListQuery) -> ListPage {
    world.store.list(world.account.id, query).await.unwrap()
}

/// Follows the cursors to the end.
async fn every_page(world: &World, query: &ListQuery) -> Vec<DocumentId> {
    let (mut all, mut query) = (Vec::new(), query.clone());
    loop {
        let page = listed(world, &query).await;
        assert!(page.documents.len() <= query.limit);
        all.extend(ids_of(&page));
        if page.next.is_none() {
            return all;
        }
        assert_eq!(page.documents.len(), query.limit);
        query.after = page.next;
    }
}

fn ids_of(page: &ListPage) -> Vec<DocumentId> {
    page.documents.iter().map(|document| document.id).collect()
}
