//! From a place in the XML to the field of the request that it comes from.

use super::tables::{Rule, To, table};
use crate::collection::Collection;

/// The path in a request of the element or attribute at `xml_path`, as
/// structural findings name it: `/factura/detalles/detalle[2]/cantidad` is
/// `items[1].cantidad`. What no field is for gives the field around it; the
/// document itself gives an empty path.
pub fn parameter_of_xml_path(collection: Collection, xml_path: &str) -> String {
    let mut steps = xml_path.split('/').filter(|step| !step.is_empty());
    // The root element is the request itself.
    steps.next();
    let mut path = String::new();
    walk(table(collection).rules, &mut steps, &mut path);
    path
}

fn walk(rules: &'static [Rule], steps: &mut dyn Iterator<Item = &str>, path: &mut String) {
    let Some(step) = steps.next() else {
        return;
    };
    let (name, _) = name_and_index(step);
    let Some(rule) = rules.iter().find(|rule| rule.xml == name) else {
        return;
    };
    match &rule.to {
        To::Text(own, _) | To::Both(own, _) => join(path, own),
        To::Group(own, rules) => {
            join(path, own);
            walk(rules, steps, path);
        }
        To::Flagged(flag, rules) => {
            let before = path.len();
            walk(rules, steps, path);
            if path.len() == before {
                join(path, flag);
            }
        }
        To::Only(own, row) => {
            join(path, own);
            path.push_str("[0]");
            walk(row.rules, steps, path);
        }
        To::List { path: own, row, .. } => {
            join(path, own);
            if let Some(item) = steps.next() {
                path.push_str(&format!("[{}]", name_and_index(item).1));
                walk(row.rules, steps, path);
            }
        }
        To::AdditionalFields => {
            join(path, "info_adicional");
            if let Some(item) = steps.next() {
                let member = match steps.next() {
                    Some("@nombre") => "nombre",
                    _ => "valor",
                };
                path.push_str(&format!("[{}].{member}", name_and_index(item).1));
            }
        }
        To::LineDetails => join(path, "detalles_adicionales"),
        To::Constant(_) | To::Nothing => {}
    }
}

fn join(path: &mut String, own: &str) {
    if !path.is_empty() && !own.is_empty() {
        path.push('.');
    }
    path.push_str(own);
}

/// `detalle[2]`: the name, and the index counted from 0.
fn name_and_index(step: &str) -> (&str, usize) {
    let split = step.strip_suffix(']').and_then(|step| step.split_once('['));
    match split {
        Some((name, position)) => {
            let position: usize = position.parse().unwrap_or(1);
            (name, position.saturating_sub(1))
        }
        None => (step, 0),
    }
}
