//! What the server answers, and the small bodies it takes.

use serde_json::{Map, Value, json};
use tagua_wire::ESTADOS;

use super::field::reference;

/// Every schema that is no document's.
pub(super) fn schemas() -> Map<String, Value> {
    let groups = [errors(), states(), edocs(), lists(), catalogues(), others()];
    let schemas = groups.into_iter().flatten();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

type Schemas = Vec<(&'static str, Value)>;

fn object(about: &str, properties: &Value) -> Value {
    json!({ "type": "object", "description": about, "properties": properties })
}

fn text(about: &str) -> Value {
    json!({ "type": "string", "description": about })
}

fn errors() -> Schemas {
    let fields = json!({
        "message": text("Una frase corta."),
        "code": text("Estable, para programas: MISSING_PARAMETER, INVALID_VALUE, …"),
        "details": text("Qué se admite y qué hacer."),
        "parameter": { "type": ["string", "null"], "examples": ["items[0].impuestos[1].valor"] },
        "value": { "description": "El valor que está mal." },
    });
    let finding = object("Un hallazgo.", &fields);
    let all = json!({
        "type": "object",
        "properties": {
            "errors": { "type": "array", "items": reference("Hallazgo") },
            "request": { "description": "El cuerpo que se envió; solo en 400." },
        },
    });
    let error = json!({
        "description": "El primer hallazgo en la raíz, todos en `errors`.",
        "allOf": [reference("Hallazgo"), all],
    });
    vec![("Error", error), ("Hallazgo", finding)]
}

fn estado() -> Value {
    json!({ "type": "string", "enum": ESTADOS })
}

fn states() -> Schemas {
    let issued = json!({
        "id": text("El nombre del comprobante: 32 dígitos hexadecimales."),
        "clave_acceso": text("49 dígitos."),
        "estado": estado(),
        "numero": { "type": "string", "examples": ["001-002-000000148"] },
        "es_valida": { "type": "boolean", "description": "Si las cuentas y el esquema están bien." },
        "firma": { "type": "object", "description": "Solo si no se pudo firmar: por qué." },
    });
    let queried = json!({
        "id": text("El nombre del comprobante."),
        "clave_acceso": text("49 dígitos."),
        "estado": estado(),
        "numero": text("Serie y secuencial."),
        "es_valida": { "type": "boolean" },
        "envio_sri": reference("EnvioSri"),
        "autorizacion": reference("Autorizacion"),
        "correos_enviados": { "type": "array", "items": reference("Correo") },
        "url_formato_impresion": text("El RIDE."),
        "url_documento_electronico": text("El XML."),
    });
    let message = json!({
        "identificador": text(""), "mensaje": text(""),
        "tipo": { "type": "string", "enum": ["INFORMATIVO", "ADVERTENCIA", "ERROR"] },
        "informacion_adicional": { "type": ["string", "null"] },
    });
    let messages = json!({ "type": "array", "items": reference("Mensaje") });
    let sent = json!({
        "estado": text("RECIBIDA o DEVUELTA."), "fecha": text(""), "mensajes": messages,
    });
    let authorized = json!({
        "estado": text("AUTORIZADO o NO AUTORIZADO."), "numero": text("49 dígitos."),
        "fecha": text(""), "mensajes": messages,
    });
    let mail = json!({ "fecha_envio": text(""), "destinatarios": text("Separados por comas.") });
    vec![
        (
            "Emision",
            object("Lo que añade el servidor al emitir.", &issued),
        ),
        (
            "Estado",
            object("Lo que añade el servidor al consultar.", &queried),
        ),
        (
            "EnvioSri",
            object("La recepción del SRI; `{}` antes.", &sent),
        ),
        (
            "Autorizacion",
            object("La autorización del SRI; `{}` antes.", &authorized),
        ),
        ("Mensaje", object("Un mensaje del SRI.", &message)),
        ("Correo", object("Un correo enviado.", &mail)),
    ]
}

fn edocs() -> Schemas {
    let fields = json!({
        "id": text(""),
        "tipo": text("Dos dígitos: 01, 03, 04, 05, 06, 07."),
        "estado": estado(),
        "numero": text(""),
        "clave_acceso": text("49 dígitos."),
        "ambiente": text("1 o 2."),
        "url_formato_impresion": text("El RIDE."),
        "url_documento_electronico": text("El XML."),
        "autorizacion": reference("Autorizacion"),
    });
    let state = object("El estado de un comprobante de cualquier tipo.", &fields);
    let parties = object(
        "Además, las partes.",
        &json!({ "emisor": { "type": "object" }, "receptor": { "type": "object" } }),
    );
    let issued = json!({ "allOf": [reference("EstadoEdoc"), parties] });
    vec![
        ("EstadoEdoc", state),
        ("EdocEmitido", issued),
        ("Revision", review()),
    ]
}

fn review() -> Value {
    let optional = |what: &str| json!({ "type": ["string", "null"], "description": what });
    let found = json!({
        "parameter": optional("El campo."),
        "code": text("Como en los errores."),
        "regla": text("Qué revisión lo dice; no cambia de nombre."),
        "gravedad": { "type": "string", "enum": ["error", "advertencia"] },
        "message": text(""),
        "details": text("Qué hacer."),
    });
    let review = json!({
        "es_valida": { "type": "boolean", "description": "Ninguna revisión encontró errores." },
        "aceptable": { "type": "boolean", "description": "`issue` lo aceptaría." },
        "hallazgos": { "type": "array", "items": object("Un hallazgo.", &found) },
        "totales": { "type": ["object", "null"], "description": "Lo que dan las líneas." },
        "clave_acceso": optional("La que recibiría ahora."),
        "xml": optional("Lo que se firmaría."),
    });
    object(
        "Todo lo que se sabe de un comprobante antes de emitirlo.",
        &review,
    )
}

fn lists() -> Schemas {
    let page = json!({
        "count": { "type": "integer", "description": "Filas de esta página." },
        "limit": { "type": "integer", "description": "Filas que la página puede tener: lo pedido, a lo más 100." },
        "results": { "type": "array", "items": reference("Fila") },
        "next": { "type": ["string", "null"], "description": "La página siguiente." },
        "has_more": { "type": "boolean" },
        "cursor": { "type": ["string", "null"], "description": "Dónde empieza la siguiente." },
    });
    let receiver = json!({ "identificacion": text(""), "razon_social": text("") });
    let row = json!({
        "id": text(""), "tipo": text("Dos dígitos."), "estado": estado(), "numero": text(""),
        "clave_acceso": text(""), "ambiente": text("1 o 2."), "fecha_emision": text("AAAA-MM-DD."),
        "receptor": object("", &receiver),
        "importe_total": { "type": ["string", "null"] },
        "es_valida": { "type": "boolean" },
        "external_id": { "type": ["string", "null"] },
        "url_formato_impresion": text("El RIDE."),
        "url_documento_electronico": text("El XML."),
    });
    vec![
        (
            "Lista",
            object("Una página, lo más reciente primero.", &page),
        ),
        ("Fila", object("Un comprobante en una lista.", &row)),
    ]
}

fn catalogues() -> Schemas {
    let of = |row: Value| {
        let page = json!({
            "count": { "type": "integer" },
            "results": { "type": "array", "items": row },
        });
        object("Todo el catálogo en una página.", &page)
    };
    let (name, code) = (text(""), text(""));
    vec![
        (
            "Catalogo",
            of(object("", &json!({ "nombre": name, "codigo": code }))),
        ),
        (
            "CatalogoVentas",
            of(object(
                "",
                &json!({ "nombre": name, "tarifa": text(""), "codigo_porcentaje": code }),
            )),
        ),
        (
            "CatalogoRetenciones",
            of(object(
                "",
                &json!({ "nombre": name, "codigo": code, "porcentaje": text("") }),
            )),
        ),
    ]
}

fn others() -> Schemas {
    let home = json!({ "servicio": text(""), "version": text("") });
    let xml = json!({
        "type": "object", "required": ["xml"],
        "properties": { "xml": text("El documento entero.") },
    });
    let check = json!({
        "nombre": { "type": "string", "enum": ["database", "disk", "workers", "clock"] },
        "bien": { "type": "boolean" },
        "motivo": { "type": ["string", "null"], "description": "Qué está mal." },
        "que_hacer": { "type": ["string", "null"], "description": "Para el operador." },
    });
    let ready = json!({
        "listo": { "type": "boolean" },
        "revisiones": { "type": "array", "items": object("Algo que se revisó.", &check) },
    });
    let live = json!({ "vivo": { "type": "boolean" } });
    vec![
        ("Inicio", object("Qué es este servicio.", &home)),
        ("Vivo", object("El proceso corre.", &live)),
        (
            "Listo",
            object("Si el servicio puede hacer su trabajo.", &ready),
        ),
        ("Xml", xml),
        (
            "Descripcion",
            json!({ "type": "object", "description": "Este documento." }),
        ),
    ]
}
