//! The few words of JSON Schema that the shapes of answers use. A word it does
//! not know is a failure, never ignored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::Value;

use super::report::{Column, Report};
use super::vectors::{Vector, Vectors};

/// Every shape by its name in the index, such as `shape-invoice-issue`.
pub(crate) struct Shapes {
    schemas: BTreeMap<String, Value>,
    used: Mutex<BTreeSet<String>>,
}

impl Shapes {
    pub(crate) fn read(vectors: &Vectors) -> Self {
        let is_schema = |vector: &&Vector| vector.file.ends_with(".schema.json");
        let schema = |file: &str| serde_json::from_slice(&vectors.bytes(file)).unwrap();
        let schemas = vectors.all.iter().filter(is_schema);
        Self {
            schemas: schemas
                .map(|vector| (vector.id.clone(), schema(&vector.file)))
                .collect(),
            used: Mutex::default(),
        }
    }

    /// The first thing in an answer of ours that does not fit.
    pub(crate) fn complaint(&self, shape: &str, value: &Value) -> Option<String> {
        self.used.lock().unwrap().insert(shape.to_owned());
        self.complaint_of_printed(shape, value)
    }

    /// The same for an answer that Dátil prints.
    pub(crate) fn complaint_of_printed(&self, shape: &str, value: &Value) -> Option<String> {
        match self.schemas.get(shape) {
            Some(schema) => check(schema, schema, value, ""),
            None => Some(format!("there is no shape {shape}")),
        }
    }

    /// Every schema must have met an answer of ours.
    pub(crate) fn count(&self, report: &Report) {
        let used = self.used.lock().unwrap();
        for shape in self.schemas.keys() {
            let mut case = report.case(shape);
            case.check("used", used.contains(shape), || {
                "no answer of ours yet".to_owned()
            });
            report.count(
                "schemas of answers: met by ours",
                Column::Other,
                case.is_right(),
            );
        }
    }
}

fn check(root: &Value, schema: &Value, value: &Value, path: &str) -> Option<String> {
    let words = schema.as_object().unwrap();
    words.iter().find_map(|(word, rule)| {
        let sub = |schema: &Value, value: &Value, step: &str| {
            check(root, schema, value, &format!("{path}/{step}"))
        };
        match word.as_str() {
            "$schema" | "title" | "$defs" => None,
            "additionalProperties" => says(rule == &Value::Bool(true), path, "a closed object"),
            "$ref" => {
                let pointer = rule.as_str()?.strip_prefix('#')?;
                check(root, root.pointer(pointer).unwrap(), value, path)
            }
            "type" => says(
                has_type(rule, value),
                path,
                &format!("{value} is no {rule}"),
            ),
            "enum" => {
                let known = rule.as_array().unwrap().contains(value);
                says(known, path, &format!("{value} is none of {rule}"))
            }
            "const" => says(rule == value, path, &format!("{value} is not {rule}")),
            "pattern" => {
                let fits = value
                    .as_str()
                    .is_none_or(|text| fits(rule.as_str().unwrap(), text));
                says(fits, path, &format!("{value} does not fit {rule}"))
            }
            "minItems" => {
                let length = value.as_array().map_or(u64::MAX, |all| all.len() as u64);
                says(length >= rule.as_u64().unwrap(), path, "too few elements")
            }
            "required" => rule.as_array().unwrap().iter().find_map(|key| {
                let members = value.as_object()?;
                let key = key.as_str().unwrap();
                says(
                    members.contains_key(key),
                    path,
                    &format!("{key} is missing"),
                )
            }),
            "properties" => members(rule, value).find_map(|(key, rule, own)| sub(rule, own, key)),
            "items" => {
                let elements = value.as_array().into_iter().flatten().enumerate();
                elements
                    .into_iter()
                    .find_map(|(at, own)| sub(rule, own, &at.to_string()))
            }
            "anyOf" => {
                let mut all = rule.as_array().unwrap().iter();
                let any = all.any(|schema| check(root, schema, value, path).is_none());
                says(any, path, "none of the alternatives fits")
            }
            other => Some(format!("this test does not know the word {other}")),
        }
    })
}

fn says(holds: bool, path: &str, what: &str) -> Option<String> {
    (!holds).then(|| format!("{path}: {what}"))
}

fn members<'a>(
    rules: &'a Value,
    value: &'a Value,
) -> impl Iterator<Item = (&'a str, &'a Value, &'a Value)> {
    let rules = rules.as_object().unwrap();
    rules
        .iter()
        .filter_map(|(key, rule)| Some((key.as_str(), rule, value.get(key)?)))
}

fn has_type(names: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    };
    names
        .as_array()
        .map_or_else(|| is(names), |all| all.iter().any(is))
}

/// The patterns are runs of classes with a count, `^[0-9a-f]{32}$`, or the end of
/// a text, `/pdf$`.
fn fits(pattern: &str, text: &str) -> bool {
    let pattern = pattern.strip_suffix('$').unwrap();
    let Some(mut rules) = pattern.strip_prefix('^') else {
        return text.ends_with(pattern);
    };
    let mut rest = text;
    while !rules.is_empty() {
        let Some((class, after)) = rules.strip_prefix('[').and_then(|r| r.split_once(']')) else {
            // A literal, such as the dash of a number.
            let literal = rules.chars().next().unwrap();
            let Some(left) = rest.strip_prefix(literal) else {
                return false;
            };
            rest = left;
            rules = &rules[literal.len_utf8()..];
            continue;
        };
        let (count, after) = after
            .strip_prefix('{')
            .and_then(|r| r.split_once('}'))
            .map_or((1, after), |(n, after)| (n.parse().unwrap(), after));
        let run = rest.char_indices().take_while(|(_, c)| in_class(class, *c));
        if run.take(count).count() != count {
            return false;
        }
        rest = &rest[count..];
        rules = after;
    }
    rest.is_empty()
}

fn in_class(class: &str, c: char) -> bool {
    c.is_ascii()
        && class.as_bytes().chunks(3).any(|range| match range {
            [from, b'-', to] => (*from..=*to).contains(&(c as u8)),
            others => others.contains(&(c as u8)),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{check, fits};

    #[test]
    fn words_are_understood() {
        let schema = json!({
            "type": "object", "required": ["a"],
            "properties": { "a": { "$ref": "#/$defs/a" }, "b": { "items": { "enum": [1] } } },
            "$defs": { "a": { "type": ["string", "null"], "pattern": "^[0-9a-f]{2}$" } }
        });
        let complaint = |value| check(&schema, &schema, &value, "");
        assert_eq!(complaint(json!({ "a": "0f", "b": [1] })), None);
        assert_eq!(complaint(json!({ "a": null })), None);
        for wrong in [
            json!({}),
            json!([]),
            json!({ "a": 1 }),
            json!({ "a": "0g" }),
        ] {
            assert!(complaint(wrong).is_some());
        }
        assert!(complaint(json!({ "a": "00", "b": [2] })).is_some());
        let other = json!({ "oneOf": [] });
        assert!(check(&other, &other, &json!(1), "").is_some());
    }

    #[test]
    fn patterns_are_matched() {
        assert!(fits("^[0-9]{3}-[0-9]{2}$", "001-22"));
        assert!(!fits("^[0-9]{3}$", "0011"));
        assert!(!fits("^[0-9]{3}$", "01"));
        assert!(fits("/pdf$", "a/pdf") && !fits("/pdf$", "a/pdfs"));
    }
}
