use crate::support::World;
use crate::support::document::{Invoice, invoice};

async fn check(invoice: Invoice, detail: &str) {
    let strict = World::strict().await;
    strict.send_invoice(&invoice).await.expect("RECIBIDA", &[]);
    let answer = strict.ask(&invoice.key()).await;
    let kind = World::new().await;
    kind.send_invoice(&invoice).await.expect("RECIBIDA", &[]);
    let forgiven = kind.ask(&invoice.key()).await;
    if detail.is_empty() {
        answer.expect("AUTORIZADO", &["60"]);
        forgiven.expect("AUTORIZADO", &["60"]);
    } else {
        answer.expect("NO AUTORIZADO", &["69"]);
        answer.expect_detail(detail);
        forgiven.expect("AUTORIZADO", &["60", "69"]);
        forgiven.expect_detail(detail);
    }
}

fn to(kind: &'static str, buyer: &'static str) -> Invoice {
    Invoice {
        buyer_kind: kind,
        buyer,
        ..invoice(1)
    }
}

#[tokio::test]
async fn identifications_have_lengths() {
    check(to("04", "1790011674001"), "").await;
    check(to("04", "1790011674"), "RUC debe ser 13").await;
    check(
        to("05", "171003406"),
        "La longitud del número de cédula debe ser 10",
    )
    .await;
    check(to("06", "AB-1"), "").await;
}

#[tokio::test]
async fn a_final_consumer_buys_for_at_most_fifty_dollars() {
    let small = |mut invoice: Invoice| {
        for (from, to) in [
            ("25.000000", "10.000000"),
            ("90.00", "30.00"),
            ("103.50", "34.50"),
            ("13.50", "4.50"),
        ] {
            invoice = invoice.change(from, to);
        }
        invoice
    };
    check(to("07", "9999999999999"), "no puede superar 50.00").await;
    check(small(to("07", "9999999999999")), "").await;
    check(small(to("07", "1710034065")), "debe ser 9999999999999").await;
}
