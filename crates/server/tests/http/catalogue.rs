//! Operations 15 to 18: the catalogues.

use serde_json::Value as Json;

use crate::support::World;
use crate::support::client::Call;

const ALL: [&str; 9] = [
    "/catalog/id-types",
    "/catalog/document-types",
    "/catalog/sales-tax-rates/2",
    "/catalog/sales-tax-rates/3",
    "/catalog/sales-tax-rates/5",
    "/catalog/withholdings-tax-rates/1",
    "/catalog/withholdings-tax-rates/2",
    "/catalog/withholdings-tax-rates/6",
    "/withholdings-tax-rates/2",
];

/// The names of a row, sorted.
fn names(row: &Json) -> Vec<&str> {
    let mut names: Vec<_> = row
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn every_catalogue_is_one_page() {
    let world = World::start().await;
    for path in ALL {
        let answer = world.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let body = answer.json();
        let rows = body["results"].as_array().unwrap();
        assert!(!rows.is_empty(), "{path}");
        assert_eq!(body["count"], rows.len(), "{path}");
        let expected: &[&str] = match path {
            path if path.contains("sales") => &["codigo_porcentaje", "nombre", "tarifa"],
            path if path.contains("withholdings") => &["codigo", "nombre", "porcentaje"],
            _ => &["codigo", "nombre"],
        };
        for row in rows {
            assert_eq!(names(row), expected, "{path}");
            for name in ["tarifa", "porcentaje"] {
                if let Some(rate) = row.get(name).and_then(Json::as_str) {
                    let (_, places) = rate.split_once('.').unwrap();
                    assert!(places.len() == 2 && rate.parse::<rust_decimal::Decimal>().is_ok());
                }
            }
        }
    }
    let short = world.get("/withholdings-tax-rates/2").await.body;
    assert_eq!(
        world.get("/catalog/withholdings-tax-rates/2/").await.body,
        short
    );
}

#[tokio::test]
async fn no_key_and_no_other_tax() {
    let world = World::start().await;
    for path in ALL {
        let answer = Call::get(path).send(world.address).await;
        answer.refused(401, &[("X-Key", "UNAUTHORIZED")]);
    }
    for path in [
        "/catalog/sales-tax-rates/9",
        "/catalog/sales-tax-rates/1",
        "/catalog/sales-tax-rates/02",
        "/catalog/sales-tax-rates/%ff",
        "/catalog/withholdings-tax-rates/3",
        "/withholdings-tax-rates/4",
        "/withholdings-tax-rates/%20",
    ] {
        world.get(path).await.refused(404, &[("", "NOT_FOUND")]);
        let unknown = Call::get(path).send(world.address).await;
        unknown.refused(401, &[("X-Key", "UNAUTHORIZED")]);
    }
}

/// Every row of the documented answers, whose names are shortened in places:
/// codes and rates are the same.
#[tokio::test]
async fn the_documented_rows_are_there() {
    let Some(shared) = tagua_testing::shared() else {
        return;
    };
    let shapes = shared.join("vectors/shapes");
    let world = World::start().await;
    for (path, file) in [
        ("/catalog/id-types", "catalog-id-types"),
        ("/catalog/document-types", "catalog-document-types"),
        ("/catalog/sales-tax-rates/2", "catalog-sales-tax-rates-2"),
        (
            "/catalog/withholdings-tax-rates/2",
            "catalog-withholdings-tax-rates-2",
        ),
    ] {
        let file = std::fs::read(shapes.join(format!("{file}.json"))).unwrap();
        let shape: Json = serde_json::from_slice(&file).unwrap();
        let answer = world.get(path).await.json();
        let own = answer["results"].as_array().unwrap();
        for row in shape["results"].as_array().unwrap() {
            let same = |field: &str, own: &Json| row.get(field) == own.get(field);
            let found = own.iter().find(|own| {
                ["codigo", "codigo_porcentaje", "tarifa", "porcentaje"]
                    .iter()
                    .all(|f| same(f, own))
            });
            let name = found.unwrap_or_else(|| panic!("{path}: {row}"))["nombre"].as_str();
            let printed = row["nombre"].as_str().unwrap();
            if printed.to_uppercase() == printed {
                assert_eq!(name, Some(printed), "{path}");
            }
        }
    }
}
