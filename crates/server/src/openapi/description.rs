//! The OpenAPI 3.1 document, made of the table of operations and the tables of
//! fields.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tagua_wire::Collection;

use super::examples::examples;
use super::field::reference;
use super::operation::{Access, Answer, Body, Operation, Parameter, Place, Tag};
use super::{fields, schemas};

/// The whole document.
pub(super) fn description(operations: &[Operation]) -> Value {
    let paths = paths(operations);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tagua: comprobantes electrónicos del Ecuador",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Emite comprobantes electrónicos ante el SRI",
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": Tag::ALL.map(|tag| json!({ "name": tag.name() })),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "clave": {
                    "type": "apiKey", "in": "header", "name": "X-Key",
                    "description": "La clave de API que entregó `tagua init`.",
                },
                "contrasena": {
                    "type": "apiKey", "in": "header", "name": "X-Password",
                    "description": "La contraseña del certificado de firma; no se guarda.",
                },
            },
            "headers": { "X-Request-Id": request_id() },
            "responses": responses(),
            "examples": all_examples(),
            "schemas": used(all_schemas(), &[&paths, &responses()]),
        },
    })
}

const ABOUT: &str = "Compatible con la API REST de Dátil: un programa escrito para ella funciona \
    después de cambiar la dirección base y la clave.\n\nLos esquemas muestran la forma \
    recomendada y se acepta más: los números también como texto, los códigos con o sin ceros, los \
    nombres antiguos de los campos; los desconocidos se ignoran y vuelven en la respuesta. Un rechazo nombra todos los campos que están mal.";

fn paths(operations: &[Operation]) -> Value {
    let mut paths = Map::new();
    for operation in operations {
        let path = paths
            .entry(operation.path.clone())
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(methods) = path {
            let method = operation.method.as_str().to_lowercase();
            methods.insert(method, described(operation));
        }
    }
    Value::Object(paths)
}

fn described(operation: &Operation) -> Value {
    let mut of = Map::new();
    of.insert("operationId".to_owned(), json!(operation.id));
    of.insert("tags".to_owned(), json!([operation.tag.name()]));
    of.insert("summary".to_owned(), json!(operation.summary));
    if !operation.description.is_empty() {
        of.insert("description".to_owned(), json!(operation.description));
    }
    of.insert("security".to_owned(), security(operation.access));
    let parameters = parameters(operation);
    if !parameters.is_empty() {
        of.insert("parameters".to_owned(), Value::Array(parameters));
    }
    if let Some(body) = request_body(operation.body) {
        of.insert("requestBody".to_owned(), body);
    }
    of.insert("responses".to_owned(), answers(operation));
    Value::Object(of)
}

fn security(access: Access) -> Value {
    match access {
        Access::Public => json!([]),
        Access::Key => json!([{ "clave": [] }]),
        Access::KeyAndPassword => json!([{ "clave": [], "contrasena": [] }]),
    }
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let named = |name: &str| operation.parameters.iter().find(|own| own.name == name);
    let in_path = operation.path_parameters().map(|name| match named(name) {
        Some(parameter) => parameter_schema(parameter),
        None => json!({
            "name": name, "in": "path", "required": true,
            "description": "32 dígitos hexadecimales en minúsculas.",
            "schema": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
        }),
    });
    let others = operation.parameters.iter();
    let others = others.filter(|own| own.place != Place::Path);
    let mut all: Vec<_> = in_path.chain(others.map(parameter_schema)).collect();
    if operation.idempotent {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header",
            "description": "De 1 a 255 caracteres. La misma clave recibe la misma respuesta y no \
                emite otra vez.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255 },
        }));
    }
    all
}

fn parameter_schema(parameter: &Parameter) -> Value {
    let schema = match parameter.values {
        [] => json!({ "type": "string" }),
        values => json!({ "type": "string", "enum": values }),
    };
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    json!({
        "name": parameter.name,
        "in": place,
        "required": parameter.place == Place::Path,
        "description": parameter.about,
        "schema": schema,
        "example": parameter.example,
    })
}

fn request_body(body: Body) -> Option<Value> {
    Some(match body {
        Body::None => return None,
        Body::Document(collection) => {
            let named = named_examples(collection);
            let named = named.map(|(id, _, _)| {
                let reference = json!({ "$ref": format!("#/components/examples/{id}") });
                (id, reference)
            });
            json!({
                "required": true,
                "content": { "application/json": {
                    "schema": reference(fields::shape(collection).name),
                    "examples": named.collect::<Map<_, _>>(),
                }},
            })
        }
        Body::Xml(collection) => json!({
            "required": true,
            "description": format!("El XML del SRI, con raíz `{}`.", collection.root_element()),
            "content": {
                "application/json": { "schema": reference("Xml") },
                "application/xml": { "schema": { "type": "string" } },
            },
        }),
    })
}

/// The examples of a collection: their id, what they show, their text.
fn named_examples(
    collection: Collection,
) -> impl Iterator<Item = (String, &'static str, &'static str)> {
    let all = examples(collection).iter().zip(1..);
    all.map(move |((about, text), number)| {
        (format!("{}-{number}", collection.as_str()), *about, *text)
    })
}

fn all_examples() -> Value {
    let all = Collection::ALL.into_iter().flat_map(named_examples);
    let all = all.filter_map(|(id, about, text)| {
        let value: Value = serde_json::from_str(text).ok()?;
        Some((id, json!({ "summary": about, "value": value })))
    });
    Value::Object(all.collect())
}

fn answers(operation: &Operation) -> Value {
    let mut answers = Map::new();
    let (status, good) = success(operation.answer);
    answers.insert(status.to_owned(), good);
    for status in operation.errors() {
        let error = match (status, operation.answer) {
            (503, Answer::Json("Listo")) => {
                let (_, mut same) = success(operation.answer);
                same["description"] = json!("No puede: el cuerpo dice por qué y qué hacer");
                same
            }
            _ => json!({ "$ref": format!("#/components/responses/{status}") }),
        };
        answers.insert(status.to_string(), error);
    }
    Value::Object(answers)
}

fn success(answer: Answer) -> (&'static str, Value) {
    let headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    let json_of = |description: &str, schema: Value| {
        json!({
            "description": description, "headers": headers,
            "content": { "application/json": { "schema": schema } },
        })
    };
    let with = |collection: Collection, overlay| {
        let document = reference(fields::shape(collection).name);
        json!({ "allOf": [document, reference(overlay)] })
    };
    match answer {
        Answer::Issued(collection) => (
            "200",
            json_of(
                "Lo que se envió, con `id` y `clave_acceso`",
                with(collection, "Emision"),
            ),
        ),
        Answer::Queried(collection) => (
            "200",
            json_of("Lo que se envió, con su estado", with(collection, "Estado")),
        ),
        Answer::Json(name) => ("200", json_of("Bien", reference(name))),
        Answer::File(media) => (
            "200",
            json!({
                "description": "El archivo", "headers": headers,
                "content": { media: { "schema": { "type": "string" } } },
            }),
        ),
        Answer::Nothing => ("204", json!({ "description": "Bien", "headers": headers })),
    }
}

fn request_id() -> Value {
    json!({
        "description": "El `X-Request-Id` que se envió, o uno nuevo: con él se halla la petición \
            en el registro del servidor.",
        "schema": { "type": "string", "maxLength": 128 },
    })
}

/// The errors and what they mean (CONTRACT 5.1).
const ERRORS: [(u16, &str); 9] = [
    (
        400,
        "La petición está mal; `errors` tiene todos los hallazgos",
    ),
    (401, "Falta la clave de API o no es válida"),
    (403, "No está abierto a otras máquinas"),
    (404, "No existe en esta cuenta"),
    (408, "La petición no llegó a tiempo"),
    (413, "La petición es demasiado grande"),
    (
        429,
        "Demasiado para una clave o una cuenta; espere los segundos de Retry-After",
    ),
    (500, "Error interno"),
    (
        503,
        "No se puede guardar en este momento; repita la petición",
    ),
];

fn responses() -> Value {
    let error = |(status, about): (u16, &str)| {
        let error = json!({
            "description": about,
            "headers": { "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } },
            "content": { "application/json": { "schema": reference("Error") } },
        });
        (status.to_string(), error)
    };
    Value::Object(ERRORS.into_iter().map(error).collect())
}

fn all_schemas() -> Map<String, Value> {
    let mut all = Map::new();
    for collection in Collection::ALL {
        for shape in fields::shape(collection).with_parts() {
            all.insert(shape.name.to_owned(), shape.schema());
        }
    }
    all.extend(schemas::schemas());
    all
}

/// The schemas that `users` refer to, directly or through other schemas.
fn used(mut schemas: Map<String, Value>, users: &[&Value]) -> Value {
    let mut names = BTreeSet::new();
    for user in users {
        collect_names(user, &mut names);
    }
    loop {
        let before = names.len();
        for name in names.clone() {
            if let Some(schema) = schemas.get(&name) {
                collect_names(schema, &mut names);
            }
        }
        if names.len() == before {
            break;
        }
    }
    schemas.retain(|name, _| names.contains(name));
    Value::Object(schemas)
}

fn collect_names(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            let name = reference.and_then(|text| text.strip_prefix("#/components/schemas/"));
            names.extend(name.map(str::to_owned));
            for value in members.values() {
                collect_names(value, names);
            }
        }
        Value::Array(values) => {
            for value in values {
                collect_names(value, names);
            }
        }
        _ => {}
    }
}
