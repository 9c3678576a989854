//! `info_adicional` and `informacion_adicional`.

use tagua_fiscal::invoice::AdditionalField;

use super::context::IssuerDefaults;
use super::finding::ErrorCode;
use super::json::Value;
use super::reader::{Need, Reader};

/// What the schema takes.
pub(super) const FIELDS_MAX: usize = 15;
const LENGTH_MAX: usize = 300;
const LIST: &str = "info_adicional";
const DICTIONARY: &str = "informacion_adicional";

/// Both fields in one list: first the newer one, then what the older one has
/// under other names (CONTRACT 7.1).
pub(super) fn read_additional_fields(r: &Reader<'_, '_>) -> Vec<AdditionalField> {
    let mut fields = read_field(r, LIST);
    let older = read_field(r, DICTIONARY);
    if fields.len() > FIELDS_MAX || older.len() > FIELDS_MAX {
        return fields;
    }
    for field in older {
        if !fields.iter().any(|newer| newer.name == field.name) {
            fields.push(field);
        }
    }
    if fields.len() > FIELDS_MAX {
        too_many(r, DICTIONARY, fields.len());
    }
    fields
}

/// Adds the fields that the issuer's configuration puts into every document,
/// as far as the schema has room and the request has none of that name.
pub(super) fn append_fixed_fields(fields: &mut Vec<AdditionalField>, issuer: &IssuerDefaults) {
    for fixed in &issuer.fixed_fields {
        if fields.len() < FIELDS_MAX && fields.iter().all(|field| field.name != fixed.name) {
            fields.push(fixed.clone());
        }
    }
}

/// Either name takes either form: a dictionary, or a list of
/// `{nombre, valor}` and of dictionaries.
fn read_field(r: &Reader<'_, '_>, key: &str) -> Vec<AdditionalField> {
    let fields: Vec<AdditionalField> = match r.value(key) {
        None => return Vec::new(),
        Some(Value::Object(_)) => {
            let dictionary = r.child(key, Need::Optional);
            let entries = dictionary.iter().flat_map(|d| d.entries(LENGTH_MAX));
            entries.map(field).collect()
        }
        Some(Value::Array(_)) => {
            let rows = r.children(key, Need::Optional);
            rows.iter().flat_map(read_row).collect()
        }
        Some(_) => {
            let details = "Debe ser una lista de objetos con nombre y valor";
            r.invalid(key, ErrorCode::InvalidDataType, details);
            Vec::new()
        }
    };
    if fields.len() > FIELDS_MAX {
        too_many(r, key, fields.len());
    }
    fields
}

fn read_row(r: &Reader<'_, '_>) -> Vec<AdditionalField> {
    let named = ["nombre", "valor", "descripcion"];
    if !named.iter().any(|key| r.object().last(key).is_some()) {
        let entries = r.entries(LENGTH_MAX);
        return entries.into_iter().map(field).collect();
    }
    let value_key = r.pick(&["valor", "descripcion"]);
    let name = required_entry(r, "nombre");
    let value = required_entry(r, value_key);
    name.zip(value).map(field).into_iter().collect()
}

fn required_entry(r: &Reader<'_, '_>, key: &str) -> Option<String> {
    if r.value(key).is_none() {
        r.missing(key);
    }
    r.entry(key, LENGTH_MAX)
}

fn field((name, value): (String, String)) -> AdditionalField {
    AdditionalField { name, value }
}

fn too_many(r: &Reader<'_, '_>, key: &str, count: usize) {
    let details = format!("Hay {count} campos adicionales, el máximo es {FIELDS_MAX}");
    r.invalid(key, ErrorCode::InvalidLength, details);
}
