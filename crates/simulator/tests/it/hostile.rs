use std::time::{Duration, Instant};

use crate::support::World;
use crate::support::document::invoice;
use crate::support::http::{self, RECEPTION};

/// Far above what an unoptimised build takes, far below what a tree builder takes
/// for the worst of these.
const PATIENCE: Duration = Duration::from_secs(5);

fn hostile_documents() -> Vec<(&'static str, String)> {
    let attributes: String = (0..25_000)
        .map(|number| format!(" a{number}=\"\""))
        .collect();
    let namespaces: String = (0..9_000)
        .map(|number| format!("<a xmlns:n{number}=\"urn:n{number}\">"))
        .collect();
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><x>&b;</x>";
    let external = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>";
    vec![
        ("attributes", format!("<factura{attributes}/>")),
        ("namespaces", namespaces),
        ("depth", "<a>".repeat(100_000)),
        (
            "elements",
            format!("<factura>{}</factura>", "<a/>".repeat(80_000)),
        ),
        (
            "comments",
            format!("<factura>{}</factura>", "<!-- -->".repeat(40_000)),
        ),
        ("text", format!("<factura>{}", "&amp;".repeat(60_000))),
        ("open", "<".repeat(320_000)),
        ("entities", laughs.to_owned()),
        ("external", external.to_owned()),
        ("name", format!("<{}/>", "a".repeat(300_000))),
        (
            "lines",
            invoice(1)
                .change(
                    "<detalles>",
                    &format!("<detalles>{}", "<detalle/>".repeat(20_000)),
                )
                .xml(),
        ),
        (
            "digits",
            invoice(1).change("103.50", &"9".repeat(100_000)).xml(),
        ),
        (
            "processing",
            format!("<?a {}?><factura/>", "?".repeat(300_000)),
        ),
    ]
}

#[tokio::test]
async fn hostile_documents_are_refused_fast() {
    let world = World::new().await;
    for (name, document) in hostile_documents() {
        let begun = Instant::now();
        let answer = world.send(document.as_bytes()).await;
        let (state, codes) = answer.outcome();
        assert_eq!(state, "DEVUELTA", "{name}");
        assert!(codes == ["35"] || codes == ["26"], "{name} {codes:?}");
        assert!(
            begun.elapsed() < PATIENCE,
            "{name} took {:?}",
            begun.elapsed()
        );
        assert!(
            answer.body.len() < 4_000,
            "{name}: the answer repeats the document"
        );
    }
    world
        .send_invoice(&invoice(1))
        .await
        .expect("RECIBIDA", &[]);
}

/// Structure and sums are right to look at; only the signature part is hostile.
#[tokio::test]
async fn hostile_signatures_are_refused_fast() {
    let world = World::new().await;
    let ds = "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";
    let many = "<ds:Reference URI=\"#comprobante\"></ds:Reference>".repeat(5_000);
    for (sequential, signature) in [
        (1, format!("<ds:Signature {ds}/>")),
        (
            2,
            format!("<ds:Signature {ds}><ds:SignedInfo>{many}</ds:SignedInfo></ds:Signature>"),
        ),
        (3, format!("<ds:Signature {ds}/>").repeat(3_000)),
        (
            4,
            format!(
                "<ds:Signature {ds}><ds:KeyInfo><ds:X509Certificate>{}</ds:X509Certificate></ds:KeyInfo></ds:Signature>",
                "A".repeat(200_000)
            ),
        ),
    ] {
        let document = invoice(sequential).change("</factura>", &format!("{signature}</factura>"));
        let begun = Instant::now();
        let (state, codes) = world.send(document.xml().as_bytes()).await.outcome();
        assert!(
            begun.elapsed() < PATIENCE,
            "{sequential} took {:?}",
            begun.elapsed()
        );
        if state == "RECIBIDA" {
            let answer = world.ask(&document.key()).await;
            assert_eq!(answer.outcome().0, "NO AUTORIZADO");
        } else {
            assert_eq!((state.as_str(), codes), ("DEVUELTA", vec!["35".to_owned()]));
        }
    }
}

#[tokio::test]
async fn hostile_envelopes_are_refused_fast() {
    let world = World::new().await;
    for (name, body) in hostile_documents() {
        let begun = Instant::now();
        let reply = http::post(world.address, RECEPTION, &body).await;
        assert_eq!(reply.status, 500, "{name}");
        assert!(
            begun.elapsed() < PATIENCE,
            "{name} took {:?}",
            begun.elapsed()
        );
        assert!(reply.body.len() < 4_000, "{name}");
    }
}

/// Every document cut short at every tenth byte, and with one byte changed.
#[tokio::test]
async fn damaged_documents_never_stop_the_simulator() {
    let world = World::new().await;
    let document = world.sign(&invoice(1));
    for cut in (0..document.len()).step_by(97) {
        let answer = world.send(&document[..cut]).await;
        assert_eq!(answer.outcome().0, "DEVUELTA", "cut at {cut}");
    }
    for position in (0..document.len()).step_by(61) {
        let mut damaged = document.clone();
        damaged[position] ^= 0x15;
        let answer = world.send(&damaged).await;
        assert!(!answer.outcome().0.is_empty(), "changed at {position}");
    }
}
