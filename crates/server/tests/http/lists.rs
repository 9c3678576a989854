//! Lists: `GET /R` and `GET /edocs`.

use serde_json::{Value as Json, json};
use tagua_store::{Stage, Store};

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{RUC, invoice, with};
use crate::support::{KEY, PUBLIC_URL, World};

/// The numbers in a page, in order.
#[track_caller]
fn numbers(page: &Json) -> Vec<u64> {
    let rows = page["results"].as_array().unwrap();
    assert_eq!(page["count"], rows.len());
    let number = |row: &Json| {
        row["numero"]
            .as_str()
            .unwrap()
            .rsplit('-')
            .next()
            .unwrap()
            .parse()
    };
    rows.iter().map(|row| number(row).unwrap()).collect()
}

impl World {
    async fn list(&self, path: &str) -> Json {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// Five invoices: of two days, two receivers, two series.
    async fn with_five() -> Self {
        let world = Self::start().await;
        let day = |n, day: &str| with(invoice(n), "/fecha_emision", json!(day));
        world.issued(&day(1, "2026-11-16")).await;
        world.issued(&day(2, "2026-11-17")).await;
        let other = with(
            day(3, "2026-11-18"),
            "/comprador/identificacion",
            json!("0912345675"),
        );
        let other = with(other, "/comprador/razon_social", json!("Ñandú & Hijos"));
        world
            .issued(&with(other, "/external_id", json!("pedido/3 á")))
            .await;
        let third = with(
            day(4, "2026-11-19"),
            "/emisor/establecimiento/codigo",
            json!("003"),
        );
        world.issued(&third).await;
        world.issued(&day(5, "2026-11-20")).await;
        world
    }
}

#[tokio::test]
async fn a_row_says_what_the_document_is() {
    let world = World::start().await;
    let sent = with(invoice(7), "/external_id", json!("pedido-7"));
    let issued = world.issued(&sent).await;
    let page = world.list("/invoices").await;
    let (id, key) = (issued["id"].as_str().unwrap(), &issued["clave_acceso"]);
    let row = json!({
        "id": id, "tipo": "01", "estado": "CREADO", "numero": "001-002-000000007",
        "clave_acceso": key, "ambiente": "1", "fecha_emision": "2026-11-18",
        "receptor": { "identificacion": "1710034065", "razon_social": "Rosaura Quimí" },
        "importe_total": "115.00", "es_valida": true, "external_id": "pedido-7",
        "url_formato_impresion": format!("{PUBLIC_URL}/ver/{id}/pdf"),
        "url_documento_electronico": format!("{PUBLIC_URL}/ver/{id}/xml"),
    });
    let expected = json!({
        "count": 1, "limit": 30, "results": [row], "next": null, "has_more": false,
        "cursor": null,
    });
    assert_eq!(page, expected);
}

#[tokio::test]
async fn each_filter_restricts() {
    let world = World::with_five().await;
    let page = world.list("/invoices").await;
    assert_eq!(numbers(&page), [5, 4, 3, 2, 1]);
    let key = page["results"][1]["clave_acceso"].as_str().unwrap();
    let id = id(&page["results"][0]);
    world.put_in(id, Stage::NotAuthorized).await;
    for (query, expected) in [
        ("desde=2026-11-18", &[5, 4, 3][..]),
        ("hasta=2026-11-17", &[2, 1]),
        ("desde=2026-11-17&hasta=2026-11-18", &[3, 2]),
        ("estado=CREADO", &[4, 3, 2, 1]),
        ("estado=NO%20AUTORIZADO,error", &[5]),
        ("estado=no_autorizado", &[5]),
        ("estado=ENVIADO", &[]),
        ("receptor=0912345675", &[3]),
        ("receptor=091", &[]),
        ("secuencial_desde=4", &[5, 4]),
        ("secuencial_hasta=000000002", &[2, 1]),
        ("establecimiento=003&punto_emision=002", &[4]),
        ("establecimiento=3&punto_emision=2", &[4]),
        (&format!("clave_acceso={key}"), &[4]),
        ("ambiente=1", &[5, 4, 3, 2, 1]),
        ("ambiente=2", &[]),
        (&format!("emisor={RUC}"), &[5, 4, 3, 2, 1]),
        ("emisor=1790000000001", &[]),
        ("external_id=pedido/3+%C3%A1", &[3]),
        ("texto=nandu+hij", &[3]),
        ("texto=003-002-000000004", &[4]),
        ("texto=rosaura&desde=2026-11-19", &[5, 4]),
        ("desde=&texto=+", &[5, 4, 3, 2, 1]),
    ] {
        assert_eq!(
            numbers(&world.list(&format!("/invoices?{query}")).await),
            expected,
            "{query}"
        );
    }
    while world.store.index_for_search(2).await.unwrap() > 0 {}
    assert_eq!(numbers(&world.list("/invoices?texto=nandu").await), [3]);
    assert_eq!(
        numbers(&world.list("/edocs?receptor=0912345675").await),
        [3]
    );
}

#[tokio::test]
async fn pages_follow_each_other() {
    let world = World::with_five().await;
    let mut path = "/invoices?limit=2&texto=rosaura%20quim%C3%AD&hasta=2026-11-20".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = world.list(&path).await;
        seen.push(numbers(&page));
        let Some(next) = page["next"].as_str() else {
            assert_eq!(page["has_more"], false);
            assert_eq!(page["cursor"], Json::Null);
            break;
        };
        assert_eq!(page["has_more"], true);
        let cursor = page["cursor"].as_str().unwrap();
        assert!(next.ends_with(&format!("&cursor={cursor}")), "{next}");
        assert_eq!(next.matches("cursor=").count(), 1, "{next}");
        path = next.strip_prefix(PUBLIC_URL).unwrap().to_owned();
        // What comes in between moves nothing.
        world
            .issued(&invoice(u32::try_from(seen.len()).unwrap() + 100))
            .await;
    }
    assert_eq!(seen.concat()[..2], [5, 4]);
    assert!(seen.concat().ends_with(&[2, 1]), "{seen:?}");
    assert!(seen.iter().all(|page| page.len() <= 2));
}

#[tokio::test]
async fn a_page_has_a_hundred_rows_at_the_most_and_says_so() {
    let world = World::start().await;
    for number in 1..=101 {
        world.issued(&invoice(number)).await;
    }
    let beyond = format!("limit=1{}", "0".repeat(40));
    for (query, limit, rows) in [
        ("", 30, 30),
        ("limit=", 30, 30),
        ("limit=007", 7, 7),
        ("limit=100", 100, 100),
        ("limit=101", 100, 100),
        (&beyond, 100, 100),
    ] {
        let page = world.list(&format!("/invoices?{query}")).await;
        assert_eq!(page["limit"], limit, "{query}");
        assert_eq!(numbers(&page).len(), rows, "{query}");
        assert_eq!(page["has_more"], true, "{query}");
    }
    let page = world.list("/invoices?ambiente=1&limit=5000").await;
    let next = page["next"].as_str().unwrap();
    assert!(next.contains("?ambiente=1&limit=100&cursor="), "{next}");
    let last = world.list(next.strip_prefix(PUBLIC_URL).unwrap()).await;
    assert_eq!(
        (numbers(&last), &last["has_more"]),
        (vec![1], &json!(false))
    );
}

#[tokio::test]
async fn a_collection_has_its_own_and_edocs_has_all() {
    let world = World::start().await;
    world.issued(&invoice(1)).await;
    for root in [
        "purchase-settlements",
        "credit-notes",
        "debit-notes",
        "waybills",
        "retentions",
        "ats-retentions",
    ] {
        assert_eq!(
            numbers(&world.list(&format!("/{root}/")).await),
            [0; 0],
            "{root}"
        );
    }
    for root in ["invoices", "edocs"] {
        assert_eq!(
            numbers(&world.list(&format!("/{root}")).await),
            [1],
            "{root}"
        );
    }
}

#[tokio::test]
async fn nobody_sees_anothers_documents() {
    let world = World::start().await;
    world.issued(&invoice(1)).await;
    let other = "00000000000000000000000000000001";
    world.other_account(other, true).await;
    for path in [
        "/invoices",
        "/edocs",
        "/invoices?texto=rosaura",
        &format!("/edocs?emisor={RUC}"),
    ] {
        let answer = Call::get(path).key(other).send(world.address).await;
        assert_eq!(numbers(&answer.json()), [0; 0], "{path}");
        let answer = Call::get(path).send(world.address).await;
        answer.refused(401, &[("X-Key", "UNAUTHORIZED")]);
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_named() {
    let world = World::start().await;
    for (query, expected) in [
        ("fecha=2026-11-20", &[("fecha", "INVALID_PARAMETER")][..]),
        ("Desde=2026-11-20", &[("Desde", "INVALID_PARAMETER")]),
        ("ambiente=1&ambiente=2", &[("ambiente", "INVALID_VALUE")]),
        ("desde=20-11-2026", &[("desde", "INVALID_FORMAT")]),
        ("desde=2026-02-30", &[("desde", "INVALID_FORMAT")]),
        ("hasta=2026-11-20T00:00", &[("hasta", "INVALID_FORMAT")]),
        ("estado=LISTO", &[("estado", "INVALID_FORMAT")]),
        ("estado=CREADO,", &[("estado", "INVALID_FORMAT")]),
        (
            "secuencial_desde=0",
            &[("secuencial_desde", "INVALID_FORMAT")],
        ),
        (
            "secuencial_hasta=1e3",
            &[("secuencial_hasta", "INVALID_FORMAT")],
        ),
        (
            "establecimiento=001",
            &[("punto_emision", "MISSING_PARAMETER")],
        ),
        (
            "punto_emision=001",
            &[("establecimiento", "MISSING_PARAMETER")],
        ),
        (
            "establecimiento=0001&punto_emision=-1",
            &[
                ("establecimiento", "INVALID_FORMAT"),
                ("punto_emision", "INVALID_FORMAT"),
            ],
        ),
        ("clave_acceso=123", &[("clave_acceso", "INVALID_FORMAT")]),
        ("ambiente=3", &[("ambiente", "INVALID_FORMAT")]),
        ("ambiente=11", &[("ambiente", "INVALID_FORMAT")]),
        ("emisor=1790", &[("emisor", "INVALID_FORMAT")]),
        ("cursor=xyz", &[("cursor", "INVALID_FORMAT")]),
        ("limit=0", &[("limit", "INVALID_FORMAT")]),
        ("limit=-1", &[("limit", "INVALID_FORMAT")]),
        ("limit=1e3", &[("limit", "INVALID_FORMAT")]),
        ("texto=%zz", &[("texto", "INVALID_FORMAT")]),
        (
            "x=1&limit=0",
            &[("x", "INVALID_PARAMETER"), ("limit", "INVALID_FORMAT")],
        ),
    ] {
        for root in ["/invoices", "/edocs"] {
            let answer = world.get(&format!("{root}?{query}")).await;
            answer.refused(400, expected);
        }
    }
    let stranger = world.get("/edocs?fecha=1").await.json();
    let details = stranger["details"].as_str().unwrap();
    assert!(details.contains("desde, hasta, estado"), "{details}");
    let wrong = Call::get("/edocs?limit=x")
        .key(KEY)
        .send(world.address)
        .await
        .json();
    assert_eq!(wrong["value"], "x");
    assert!(wrong.get("request").is_none());
}

#[tokio::test]
async fn the_index_is_kept_in_the_background() {
    let world = World::with_five().await;
    assert_eq!(world.count("receiver_position"), 0);
    let indexing = tagua_server::index_documents(world.app.clone(), world.stop.subscribe());
    let indexing = tokio::spawn(indexing);
    let taken_in = async {
        while world.count("receiver_position") < 5 {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(std::time::Duration::from_secs(20), taken_in).await;
    assert!(in_time.is_ok());
    world.stop.send(true).unwrap();
    indexing.await.unwrap();
}
