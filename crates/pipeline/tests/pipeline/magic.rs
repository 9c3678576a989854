//! Every magic receiver of the real simulator, end to end over HTTP: where its
//! documents come to rest, and that SRI's ledger and the store agree (L3 to L6).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tagua_pipeline::{Action, Authorities, Authority, Clock as _, Pace, action};
use tagua_simulator::{Config, MAGIC_RECEIVERS, Simulator, ledger, sandbox};
use tagua_sri::{Client, Endpoints, Limits};
use tagua_store::{BlobPart, Document, DocumentId, Stage};
use tagua_xades::{SignatureHash, SignatureIds, SigningKey, Unsigned};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::sri::Scripted;
use crate::world::{START, SimClock, World};

const RUC: &str = "1790011674001";

/// Where documents for a magic receiver rest. Those not named are authorized.
const NOT_AUTHORIZED: [&str; 3] = ["SIM-39", "SIM-52", "SIM-69"];
const RETURNED: [&str; 3] = ["SIM-35", "SIM-65", "SIM-67"];
const NEEDS_ATTENTION: [(&str, &str); 3] = [
    ("SIM-45", "(código 45)"),
    ("SIM-90", "(código 90)"),
    ("SIM-NEVER", "no conoce la clave de acceso"),
];

fn expected(receiver: &str) -> Stage {
    if NOT_AUTHORIZED.contains(&receiver) {
        Stage::NotAuthorized
    } else if RETURNED.contains(&receiver) {
        Stage::Returned
    } else if NEEDS_ATTENTION.iter().any(|(name, _)| *name == receiver) {
        Stage::NeedsAttention
    } else {
        Stage::Authorized
    }
}

#[tokio::test]
async fn every_magic_receiver_comes_to_its_end() {
    let mut world = World::new(Scripted::new([], [])).await;
    world.config.poll = Duration::from_millis(10);
    // Time runs faster than calls here.
    world.config.lease = Duration::from_secs(90 * 86_400);
    world.config.call_limit = world.config.lease;
    let directory = tempfile::tempdir().unwrap();
    let (key, simulator, url) = simulator(directory.path(), &world).await;
    let mut documents = BTreeMap::new();
    for (number, magic) in (1..).zip(MAGIC_RECEIVERS) {
        let id = accept(&world, &key, number, magic.identification).await;
        documents.insert(magic.identification, id);
    }
    carry(&world, &url, documents.len()).await;
    let ledger = directory.path().join(ledger::LEDGER_FILE);
    let authorizations = ledger::authorizations(ledger).unwrap();
    for (receiver, id) in documents {
        let document = world.document(id).await;
        assert_eq!(document.stage, expected(receiver), "{receiver}");
        world.check_events(&document).await;
        check_attention(receiver, &document);
        let given = authorizations.get(document.access_key.as_str());
        let given = given.map_or(0, Vec::len);
        // What is not decided for weeks is in the ledger with its decision.
        let hidden = usize::from(receiver == "SIM-NEVER");
        let expected = usize::from(document.stage == Stage::Authorized) + hidden;
        assert_eq!(given, expected, "{receiver}: authorizations in the ledger");
        check_bytes(&world, &document, &authorizations).await;
    }
    simulator.abort();
}

/// Runs the workers while the clock of both sides goes on in leaps.
async fn carry(world: &World, url: &str, count: usize) {
    let limits = Limits {
        total: Duration::from_millis(300),
        ..Limits::default()
    };
    let client = Arc::new(Client::new(Endpoints::under(url), limits).unwrap());
    let pace = Pace::SRI;
    let running = world.start_with(Authorities::new((client as Arc<dyn Authority>, pace), None));
    let rested = world.store.rested();
    for leap in 0..1500 {
        tokio::time::sleep(Duration::from_millis(15)).await;
        if usize::try_from(*rested.borrow()).unwrap() >= count {
            break;
        }
        world.clock.jump(if leap < 300 { 10_000 } else { 300_000 });
    }
    running.stop().await;
    assert_eq!(usize::try_from(*rested.borrow()).unwrap(), count, "rest");
}

fn check_attention(receiver: &str, document: &Document) {
    let words = NEEDS_ATTENTION.iter().find(|(name, _)| *name == receiver);
    let told = document.attention.as_deref().unwrap_or_default();
    if let Some((_, words)) = words {
        assert!(told.contains(words), "{receiver}: {told}");
        assert!(told.contains(document.access_key.as_str()), "{told}");
        assert!(told.contains("001-002-"), "{told}");
    }
    assert_eq!(action(document.stage), Action::Rest);
}

/// What was authorized is what was signed, to the byte.
async fn check_bytes(
    world: &World,
    document: &Document,
    authorizations: &BTreeMap<String, Vec<ledger::Authorization>>,
) {
    use aws_lc_rs::digest::{SHA256, digest};
    let signed = world.signed_file(document.id).await;
    let sum = digest(&SHA256, &signed);
    let sum: String = sum
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for given in authorizations
        .get(document.access_key.as_str())
        .into_iter()
        .flatten()
    {
        assert_eq!(given.sha256, sum);
    }
}

/// A simulator on a port of its own that believes the key's certificate.
async fn simulator(directory: &Path, world: &World) -> (SigningKey, JoinHandle<()>, String) {
    let mut config = Config::new(directory);
    config.flush = tagua_simulator::Flush::Behind;
    let authority = sandbox::create("clave", "Pruebas", START / 1000).unwrap();
    std::fs::create_dir_all(config.sandbox_ca_dir()).unwrap();
    let certificate = &authority.ca_certificate_der;
    std::fs::write(config.sandbox_ca_dir().join("test.der"), certificate).unwrap();
    let p12 = sandbox::issue(
        &authority.p12,
        "clave",
        RUC,
        "PRUEBA",
        START / 1000,
        [7; 16],
    );
    let bundle = tagua_pkcs12::open(&p12.unwrap(), "clave", &tagua_pkcs12::Limits::default());
    let choice = tagua_pkcs12::choose(&bundle.unwrap(), Some(RUC), START / 1000).unwrap();
    let key = SigningKey::new(&choice.pkcs8, &choice.certificate_der).unwrap();
    let clock = Arc::new(OfWorld(Arc::clone(&world.clock)));
    let simulator = Simulator::open(config, clock).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        simulator
            .serve(listener, std::future::pending())
            .await
            .unwrap();
    });
    (key, serving, url)
}

struct OfWorld(Arc<SimClock>);

impl tagua_simulator::Clock for OfWorld {
    fn now_unix_millis(&self) -> i64 {
        self.0.now().0
    }
}

async fn accept(world: &World, key: &SigningKey, number: u32, receiver: &str) -> DocumentId {
    let mut document = world.invoice(number);
    let xml = invoice(document.access_key.as_str(), number, receiver);
    let signed = tagua_xades::sign(
        &Unsigned::new(xml.as_bytes()).unwrap(),
        key,
        SignatureHash::Sha1,
        "2023-11-14T17:13:20-05:00",
        SignatureIds::from_random([9; 32]),
    );
    document.receiver_id = receiver.into();
    document.blobs = vec![(BlobPart::Signed, signed.unwrap())];
    world.accept_new(document).await
}

fn invoice(key: &str, number: u32, receiver: &str) -> String {
    format!(
        "<factura id=\"comprobante\" version=\"1.1.0\"><infoTributaria><ambiente>1</ambiente>\
         <tipoEmision>1</tipoEmision><razonSocial>Empresa de prueba</razonSocial><ruc>{RUC}</ruc>\
         <claveAcceso>{key}</claveAcceso><codDoc>01</codDoc><estab>001</estab><ptoEmi>002</ptoEmi>\
         <secuencial>{number:09}</secuencial><dirMatriz>Quito</dirMatriz></infoTributaria>\
         <infoFactura><fechaEmision>14/11/2023</fechaEmision>\
         <obligadoContabilidad>SI</obligadoContabilidad>\
         <tipoIdentificacionComprador>06</tipoIdentificacionComprador>\
         <razonSocialComprador>Magia</razonSocialComprador>\
         <identificacionComprador>{receiver}</identificacionComprador>\
         <totalSinImpuestos>10.00</totalSinImpuestos><totalDescuento>0.00</totalDescuento>\
         <totalConImpuestos><totalImpuesto><codigo>2</codigo><codigoPorcentaje>2</codigoPorcentaje>\
         <baseImponible>10.00</baseImponible><valor>1.20</valor></totalImpuesto></totalConImpuestos>\
         <propina>0.00</propina><importeTotal>11.20</importeTotal><moneda>DOLAR</moneda>\
         <pagos><pago><formaPago>01</formaPago><total>11.20</total></pago></pagos></infoFactura>\
         <detalles><detalle><codigoPrincipal>A1</codigoPrincipal><descripcion>Cacao</descripcion>\
         <cantidad>1.000000</cantidad><precioUnitario>10.000000</precioUnitario>\
         <descuento>0.00</descuento><precioTotalSinImpuesto>10.00</precioTotalSinImpuesto>\
         <impuestos><impuesto><codigo>2</codigo><codigoPorcentaje>2</codigoPorcentaje>\
         <tarifa>12.00</tarifa><baseImponible>10.00</baseImponible><valor>1.20</valor></impuesto>\
         </impuestos></detalle></detalles></factura>"
    )
}
