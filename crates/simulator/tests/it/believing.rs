//! The profile that looks at the access key and nothing else.

use tagua_simulator::{Fault, Profile};

use crate::support::World;
use crate::support::document::invoice;

async fn believing() -> World {
    World::with(|config| config.profile = Profile::Confiado).await
}

#[tokio::test]
async fn what_nobody_signed_is_authorized() {
    let world = believing().await;
    let unsigned = invoice(1).change("103.50", "999.99").xml();
    world
        .send(unsigned.as_bytes())
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice(1).key()).await;
    answer.expect("AUTORIZADO", &["60"]);
    assert_eq!(answer.one("comprobante"), unsigned);
    assert!(answer.body.contains("<comprobante><![CDATA[<factura"));
}

#[tokio::test]
async fn what_a_section_cannot_hold_is_escaped() {
    let world = believing().await;
    for (number, text) in [(1, "]]>"), (2, "\r\n")] {
        let document = format!(
            "<a>{text}<claveAcceso>{}</claveAcceso></a>",
            invoice(number).key()
        );
        world
            .send(document.as_bytes())
            .await
            .expect("RECIBIDA", &[]);
        let answer = world.ask(&invoice(number).key()).await;
        assert!(
            answer.body.contains("<comprobante>&lt;a&gt;"),
            "{}",
            answer.body
        );
        assert_eq!(answer.one("comprobante"), document);
    }
}

#[tokio::test]
async fn a_key_and_a_number_are_taken_once_all_the_same() {
    let world = believing().await;
    let document = invoice(1).xml();
    world
        .send(document.as_bytes())
        .await
        .expect("RECIBIDA", &[]);
    world
        .send(document.as_bytes())
        .await
        .expect("DEVUELTA", &["43"]);
    let mut same_number = invoice(1);
    same_number.numeric_code = 87_654_321;
    let other = same_number.xml();
    world
        .send(other.as_bytes())
        .await
        .expect("DEVUELTA", &["45"]);
    world.send(b"<factura/>").await.expect("DEVUELTA", &["35"]);
}

#[tokio::test]
async fn faults_on_demand_come_all_the_same() {
    let world = believing().await;
    world.inject(Fault::Returned { code: 52 });
    world.inject(Fault::NotAuthorized { code: 39 });
    let document = invoice(1).xml();
    world
        .send(document.as_bytes())
        .await
        .expect("DEVUELTA", &["52"]);
    world
        .send(document.as_bytes())
        .await
        .expect("RECIBIDA", &[]);
    let answer = world.ask(&invoice(1).key()).await;
    answer.expect("NO AUTORIZADO", &["39"]);
}
