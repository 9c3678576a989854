//! The field tables' own words, and the JSON Schema that is made of them.

use serde_json::{Map, Value, json};

/// An object of the wire.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its name among the schemas of the description.
    pub(crate) name: &'static str,
    /// What it is, in Spanish.
    pub(crate) about: &'static str,
    /// Its fields, in the order of CONTRACT 7.
    pub(crate) fields: &'static [Field],
}

/// A field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Whether a request without it is refused.
    pub(crate) required: bool,
    /// What it means, in Spanish.
    pub(crate) about: &'static str,
}

/// What a field takes.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Up to so many characters.
    Text(usize),
    /// A code of up to so many characters, as text or as a number.
    Code(usize),
    /// One of these codes, as text or as a number.
    Choice(&'static [(&'static str, &'static str)]),
    /// `secuencial`: 1 to 999999999, padded or not, as text or as a number.
    Sequential,
    /// A decimal with two places.
    Amount,
    /// A decimal with up to six places.
    Quantity,
    /// `true` or `false`, also as text.
    Boolean,
    /// A day or a moment (CONTRACT 2.5).
    Date,
    /// Month and year, `MM/AAAA`.
    Period,
    /// A number of a document, `001-002-000000003`, or its 15 digits.
    DocumentNumber,
    /// Names with values.
    Dictionary,
    /// An object.
    One(&'static Shape),
    /// A list of objects.
    Many(&'static Shape),
}

pub(crate) const fn required(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field {
        name,
        kind,
        required: true,
        about,
    }
}

pub(crate) const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field {
        name,
        kind,
        required: false,
        about,
    }
}

impl Shape {
    /// The schema of the object. Unknown fields are ignored and come back.
    pub(crate) fn schema(&self) -> Value {
        let properties = self.fields.iter();
        let properties: Map<_, _> = properties
            .map(|field| (field.name.to_owned(), field.schema()))
            .collect();
        let required = self.fields.iter().filter(|field| field.required);
        let required: Vec<_> = required.map(|field| field.name).collect();
        let mut schema = json!({ "type": "object", "description": self.about });
        if let Value::Object(schema) = &mut schema {
            if !required.is_empty() {
                schema.insert("required".to_owned(), json!(required));
            }
            schema.insert("properties".to_owned(), Value::Object(properties));
        }
        schema
    }

    /// The shapes this one is made of, itself first.
    pub(crate) fn with_parts(&'static self) -> Vec<&'static Self> {
        let mut all = vec![self];
        for field in self.fields {
            if let Kind::One(shape) | Kind::Many(shape) = field.kind {
                all.extend(shape.with_parts());
            }
        }
        all
    }
}

impl Field {
    fn schema(&self) -> Value {
        let mut schema = self.kind.schema();
        if let Value::Object(schema) = &mut schema
            && !self.about.is_empty()
        {
            schema.insert("description".to_owned(), json!(self.about));
        }
        schema
    }
}

impl Kind {
    fn schema(&self) -> Value {
        match self {
            Self::Text(longest) => json!({ "type": "string", "maxLength": longest }),
            Self::Code(longest) => {
                json!({ "type": ["string", "integer"], "maxLength": longest })
            }
            Self::Choice(codes) => choice(codes),
            Self::Sequential => json!({
                "type": ["integer", "string"], "minimum": 1, "maximum": 999_999_999,
                "maxLength": 9
            }),
            Self::Amount => decimal("Decimal con 2 cifras; número o texto"),
            Self::Quantity => decimal("Decimal de hasta 6 cifras; número o texto"),
            Self::Boolean => json!({ "type": ["boolean", "string"] }),
            Self::Date => json!({
                "type": "string",
                "examples": ["2026-11-20", "2026-11-20T10:15:00-05:00"]
            }),
            Self::Period => json!({
                "type": "string", "pattern": "^[0-9]{1,2}/[0-9]{4}$", "examples": ["11/2026"]
            }),
            Self::DocumentNumber => json!({
                "type": ["string", "integer"], "examples": ["001-002-000000003"]
            }),
            Self::Dictionary => json!({
                "type": "object",
                "additionalProperties": { "type": ["string", "number", "boolean", "null"] }
            }),
            Self::One(shape) => reference(shape.name),
            Self::Many(shape) => json!({ "type": "array", "items": reference(shape.name) }),
        }
    }
}

/// A schema among the description's own.
pub(crate) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Codes come padded or not, as text or as numbers (CONTRACT 2.4): the schema
/// names the full form.
fn choice(codes: &[(&str, &str)]) -> Value {
    let name = |(code, meaning): &(&str, &str)| json!({ "const": code, "title": meaning });
    let mut options: Vec<_> = codes.iter().map(name).collect();
    options.push(json!({ "type": "integer", "title": "el mismo código como número" }));
    json!({ "anyOf": options })
}

fn decimal(title: &str) -> Value {
    json!({ "type": ["number", "string"], "title": title })
}
