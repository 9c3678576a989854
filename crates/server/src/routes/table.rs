//! Every operation of the server: the router and the description of the API
//! are made of this table and of nothing else (CONTRACT 4.0).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::routing::{MethodRouter, get, post};
use tagua_wire::Collection;

use super::{catalogue, documents, downloads, edocs, health, home, lists, not_allowed, openapi};
use crate::app::App;
use crate::openapi::{Access, Answer, Body, Operation, Parameter, Place, Tag};
use crate::request::PathId;
use crate::wishes::PARAMETERS as WISHES;

/// Every operation, in the order of the description.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(Collection::ALL.into_iter().flat_map(of_collection));
    all.extend(legacy());
    all.extend(lists());
    all.extend(edocs());
    all.extend(downloads());
    all.extend(catalogues());
    all.extend(service());
    all.extend(watching());
    all
}

/// Operations 1 to 5 of one collection.
fn of_collection(collection: Collection) -> Vec<Operation> {
    let (root, what) = (collection.as_str(), name(collection));
    let operation = |method, path: &str, route, verb: &str, summary: &str| {
        Operation::new(method, format!("/{root}{path}"), route)
            .named(format!("{verb}-{root}"), format!("{summary} {what}"))
            .tagged(Tag::Documents)
    };
    let query =
        |State(app): State<App>, id: PathId, headers: HeaderMap| documents::query(app, id, headers);
    let reissue = move |State(app): State<App>, id: PathId, request: Request| {
        documents::reissue(app, collection, id, request)
    };
    let create =
        move |State(app): State<App>, request: Request| documents::create(app, collection, request);
    let validate = move |State(app): State<App>, request: Request| {
        documents::validate(app, collection, request)
    };
    let issue_xml = move |State(app): State<App>, request: Request| {
        documents::issue_xml(app, collection, request)
    };
    vec![
        operation(Method::POST, "/issue", issue(collection), "issue", "Emite")
            .described(ISSUE)
            .access(Access::KeyAndPassword)
            .body(Body::Document(collection))
            .answers(Answer::Issued(collection))
            .idempotent()
            .parameters(&WISHES),
        operation(
            Method::POST,
            "/issue/xml",
            post(issue_xml),
            "issue-xml",
            "Emite desde XML",
        )
        .described(ISSUE_XML)
        .access(Access::KeyAndPassword)
        .body(Body::Xml(collection))
        .answers(Answer::Issued(collection))
        .idempotent()
        .parameters(&WISHES),
        operation(
            Method::POST,
            "/validate",
            post(validate),
            "validate",
            "Revisa sin guardar",
        )
        .described(VALIDATE)
        .body(Body::Document(collection))
        .answers(Answer::Json("Revision"))
        .parameters(&WISHES),
        operation(
            Method::POST,
            "",
            post(create),
            "create",
            "Guarda sin emitir",
        )
        .described("Queda CREADO: no se firma ni se envía hasta `POST /edocs/{id}/issue`.")
        .body(Body::Document(collection))
        .answers(Answer::Issued(collection))
        .idempotent()
        .parameters(&WISHES),
        operation(Method::GET, "/{id}", get(query), "query", "Consulta")
            .described("Lo que se envió, con `estado`, `envio_sri` y `autorizacion`.")
            .answers(Answer::Queried(collection)),
        operation(
            Method::POST,
            "/{id}/reissue",
            post(reissue),
            "reissue",
            "Corrige y reemite",
        )
        .described(REISSUE)
        .access(Access::KeyAndPassword)
        .body(Body::Document(collection))
        .answers(Answer::Issued(collection))
        .idempotent()
        .parameters(&WISHES),
    ]
}

fn issue(collection: Collection) -> MethodRouter<App> {
    post(move |State(app): State<App>, request: Request| documents::issue(app, collection, request))
}

const ISSUE: &str = "Responde cuando el comprobante está numerado, firmado y guardado en disco; el \
    envío al SRI y la autorización siguen después. Consulte hasta que `estado` sea AUTORIZADO, \
    NO AUTORIZADO, DEVUELTO o ERROR.";
const ISSUE_XML: &str = "El XML del SRI, solo o dentro de `{\"xml\": \"...\"}`; se firma como llega. Una \
    `claveAcceso` que falta o está mal se calcula; una firma que traiga se reemplaza.";
const VALIDATE: &str = "No guarda, no numera y no firma, y no pide contraseña. Dice todo lo que se \
    sabe del comprobante: `aceptable` si `issue` lo aceptaría, `es_valida` si además las \
    revisiones no encuentran errores, y cada hallazgo con su campo, su regla y su gravedad.";
const REISSUE: &str = "Para comprobantes en estado CREADO, DEVUELTO, NO AUTORIZADO o ERROR. Envíe \
    el comprobante completo y corregido; el `id` se conserva.";

/// The first version's addresses (CONTRACT 2.1).
fn legacy() -> Vec<Operation> {
    [("/api/facturar", "api-facturar"), ("/facturar", "facturar")]
        .into_iter()
        .map(|(path, id)| {
            Operation::new(Method::POST, path, issue(Collection::Invoices))
                .named(id, "Emite una factura (dirección de la primera versión)")
                .tagged(Tag::Documents)
                .access(Access::KeyAndPassword)
                .body(Body::Document(Collection::Invoices))
                .answers(Answer::Issued(Collection::Invoices))
                .idempotent()
                .parameters(&WISHES)
        })
        .collect()
}

/// Operations 6 and 7.
fn edocs() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/edocs/{id}", get(edocs::query))
            .named(
                "query-edoc",
                "Consulta el estado de un comprobante de cualquier tipo",
            )
            .tagged(Tag::AnyDocument)
            .answers(Answer::Json("EstadoEdoc")),
        Operation::new(Method::POST, "/edocs/{id}/issue", post(edocs::issue))
            .named("issue-edoc", "Emite un comprobante guardado")
            .tagged(Tag::AnyDocument)
            .access(Access::KeyAndPassword)
            .answers(Answer::Json("EdocEmitido")),
        // Clients in the wild use GET; a HEAD would otherwise be taken for one.
        Operation::new(
            Method::GET,
            "/edocs/{id}/issue",
            get(edocs::issue).head(not_allowed),
        )
        .named(
            "issue-edoc-get",
            "Emite un comprobante guardado (como lo piden clientes antiguos)",
        )
        .tagged(Tag::AnyDocument)
        .access(Access::KeyAndPassword)
        .answers(Answer::Json("EdocEmitido")),
    ]
}

/// Operations 10 to 12.
fn downloads() -> Vec<Operation> {
    let pdf = [
        ("/ver/{id}/pdf", "pdf", "Descarga el RIDE"),
        (
            "/ver/{id}/ride",
            "ride",
            "Descarga el RIDE (otra dirección)",
        ),
        ("/ver/{id}", "ver", "Descarga el RIDE (dirección corta)"),
    ];
    let xml = [
        (
            "/ver/{id}/xml",
            "xml",
            "Descarga el XML autorizado, o el firmado antes",
        ),
        (
            "/ver/{id}/xml/legacy",
            "xml-legacy",
            "Descarga el XML (otra dirección)",
        ),
    ];
    let pdf = pdf.map(|(path, id, summary)| {
        Operation::new(Method::GET, path, get(downloads::ride))
            .named(id, summary)
            .answers(Answer::File("application/pdf"))
    });
    let xml = xml.map(|(path, id, summary)| {
        Operation::new(Method::GET, path, get(downloads::xml))
            .named(id, summary)
            .answers(Answer::File("application/xml"))
    });
    let public = |operation: Operation| {
        operation
            .tagged(Tag::Downloads)
            .access(Access::Public)
            .described("Quien conoce el `id` puede leer. Con `?download` se guarda como archivo.")
    };
    pdf.into_iter().chain(xml).map(public).collect()
}

/// Every collection's own list, and the list over all.
fn lists() -> Vec<Operation> {
    let operation = |path: String, id: String, summary: &str, collection| {
        let list = move |State(app): State<App>, headers: HeaderMap, uri: Uri| {
            lists::list(app, collection, headers, uri)
        };
        Operation::new(Method::GET, path, get(list))
            .named(id, summary)
            .described("Lo más reciente primero. Siga `next` hasta que sea nulo.")
            .tagged(Tag::Lists)
            .parameters(&lists::PARAMETERS)
            .answers(Answer::Json("Lista"))
    };
    let own = Collection::ALL.into_iter().map(|collection| {
        let root = collection.as_str();
        let summary = format!("Lista {}", plural(collection));
        operation(
            format!("/{root}"),
            format!("list-{root}"),
            &summary,
            Some(collection),
        )
    });
    let all = operation(
        "/edocs".to_owned(),
        "list-edocs".to_owned(),
        "Lista comprobantes de todos los tipos",
        None,
    );
    own.chain([all]).collect()
}

/// Operations 15 to 18.
fn catalogues() -> Vec<Operation> {
    let operation = |path: &str, id: &str, route, summary: &str, schema| {
        Operation::new(Method::GET, path, route)
            .named(id, summary)
            .tagged(Tag::Catalogues)
            .answers(Answer::Json(schema))
    };
    let tax = |about, example, values| Parameter {
        name: "tipo_impuesto",
        place: Place::Path,
        about,
        example,
        values,
    };
    let sales = tax("2 IVA, 3 ICE, 5 IRBPNR.", "2", &["2", "3", "5"]);
    let withheld = tax("1 renta, 2 IVA, 6 ISD.", "2", &["1", "2", "6"]);
    let withholdings = |path, id, summary| {
        let route = get(catalogue::withholding_rates);
        operation(path, id, route, summary, "CatalogoRetenciones").parameters(&[withheld])
    };
    vec![
        operation(
            "/catalog/id-types",
            "id-types",
            get(catalogue::id_types),
            "Tipos de identificación",
            "Catalogo",
        ),
        operation(
            "/catalog/document-types",
            "document-types",
            get(catalogue::document_types),
            "Tipos de comprobante",
            "Catalogo",
        ),
        operation(
            "/catalog/sales-tax-rates/{tipo_impuesto}",
            "sales-tax-rates",
            get(catalogue::sales_rates),
            "Tarifas de un impuesto de venta",
            "CatalogoVentas",
        )
        .parameters(&[sales]),
        withholdings(
            "/catalog/withholdings-tax-rates/{tipo_impuesto}",
            "withholdings-tax-rates",
            "Porcentajes de retención de un impuesto",
        ),
        withholdings(
            "/withholdings-tax-rates/{tipo_impuesto}",
            "withholdings-tax-rates-short",
            "Porcentajes de retención de un impuesto (dirección corta)",
        ),
    ]
}

/// The addresses that a listener for watching alone serves.
pub(super) const WATCHING: [&str; 3] = ["/livez", "/readyz", "/metrics"];

/// For whoever watches over the server.
fn watching() -> Vec<Operation> {
    let [live, ready, metrics] = WATCHING;
    vec![
        Operation::new(Method::GET, live, get(health::live))
            .named("livez", "Dice que el proceso corre")
            .access(Access::Public)
            .answers(Answer::Json("Vivo")),
        Operation::new(Method::GET, ready, get(health::ready))
            .named("readyz", "Dice si el servicio puede hacer su trabajo")
            .described(READY)
            .access(Access::Public)
            .answers(Answer::Json("Listo"))
            .may_answer(&[503]),
        Operation::new(Method::GET, metrics, get(health::metrics))
            .named("metrics", "Métricas en el formato de texto de Prometheus")
            .described(METRICS)
            .access(Access::Public)
            .answers(Answer::File("text/plain"))
            .may_answer(&[403]),
    ]
}

const READY: &str = "Prueba la base de datos con una escritura, el espacio en disco, los procesos \
    que envían al SRI y el reloj. Con 503 el cuerpo es el mismo y dice por qué no y qué hacer.";
const METRICS: &str = "Solo para la misma máquina, salvo que el operador la abra. Cada métrica \
    está en docs/metrics.md.";

fn service() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/", get(home::home))
            .named("home", "Dice qué es este servicio")
            .access(Access::Public)
            .answers(Answer::Json("Inicio")),
        Operation::new(Method::GET, "/openapi.json", get(openapi::description))
            .named("openapi", "Esta descripción, para programas")
            .access(Access::Public)
            .answers(Answer::Json("Descripcion")),
        Operation::new(Method::GET, "/docs", get(openapi::page))
            .named("docs", "Esta descripción, para personas")
            .access(Access::Public)
            .answers(Answer::File("text/html")),
    ]
}

/// The document with its article.
const fn name(collection: Collection) -> &'static str {
    match collection {
        Collection::Invoices => "una factura",
        Collection::PurchaseSettlements => "una liquidación de compra",
        Collection::CreditNotes => "una nota de crédito",
        Collection::DebitNotes => "una nota de débito",
        Collection::Waybills => "una guía de remisión",
        Collection::Retentions => "un comprobante de retención (esquema 1.0.0)",
        Collection::AtsRetentions => "un comprobante de retención (esquema 2.0.0, ATS)",
    }
}

const fn plural(collection: Collection) -> &'static str {
    match collection {
        Collection::Invoices => "facturas",
        Collection::PurchaseSettlements => "liquidaciones de compra",
        Collection::CreditNotes => "notas de crédito",
        Collection::DebitNotes => "notas de débito",
        Collection::Waybills => "guías de remisión",
        Collection::Retentions => "comprobantes de retención (esquema 1.0.0)",
        Collection::AtsRetentions => "comprobantes de retención (esquema 2.0.0, ATS)",
    }
}
