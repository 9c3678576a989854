//! Every operation of the server: the router and the description of the API
//! are made of this table and of nothing else (CONTRACT 4.0).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::routing::{MethodRouter, get, post};
use tagua_wire::Collection;

use super::{documents, downloads, edocs, home, not_allowed};
use crate::app::App;
use crate::openapi::{Access, Answer, Body, Operation, Tag};
use crate::request::PathId;

/// Every operation, in the order of the description.
pub(crate) fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(Collection::ALL.into_iter().flat_map(of_collection));
    all.extend(legacy());
    all.extend(edocs());
    all.extend(downloads());
    all.extend(service());
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
    vec![
        operation(Method::POST, "/issue", issue(collection), "issue", "Emite")
            .described(ISSUE)
            .access(Access::KeyAndPassword)
            .body(Body::Document(collection))
            .answers(Answer::Issued(collection)),
        operation(
            Method::POST,
            "",
            post(create),
            "create",
            "Guarda sin emitir",
        )
        .described("Queda CREADO: no se firma ni se envía hasta `POST /edocs/{id}/issue`.")
        .body(Body::Document(collection))
        .answers(Answer::Issued(collection)),
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
        .answers(Answer::Issued(collection)),
    ]
}

fn issue(collection: Collection) -> MethodRouter<App> {
    post(move |State(app): State<App>, request: Request| documents::issue(app, collection, request))
}

const ISSUE: &str = "Responde cuando el comprobante está numerado, firmado y guardado en disco; el \
    envío al SRI y la autorización siguen después. Consulte hasta que `estado` sea AUTORIZADO, \
    NO AUTORIZADO, DEVUELTO o ERROR.";
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

fn service() -> Vec<Operation> {
    vec![
        Operation::new(Method::GET, "/", get(home::home))
            .named("home", "Dice qué es este servicio")
            .access(Access::Public)
            .answers(Answer::Json("Inicio")),
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
