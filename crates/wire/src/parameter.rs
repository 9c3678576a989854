//! Where a rule's finding lies, in the words of the request.

mod documents;
mod names;

use std::fmt::Write;

use tagua_fiscal::rules::{ModelPath, Segment};

use super::collection::Collection;
use documents::names;
use names::Name;

/// The path in a request to `collection` of a place in the model:
/// `lines[0].taxes[1].amount` is `items[0].impuestos[1].valor`.
///
/// A place that the wire has no name for gives the nearest one around it that
/// has; the document itself is the empty text.
pub fn parameter(collection: Collection, path: &ModelPath) -> String {
    let mut parameter = String::new();
    let mut inside = names(collection);
    let mut lists_left: usize = 0;
    for segment in path.segments() {
        match segment {
            Segment::Index(_) if lists_left > 0 => lists_left -= 1,
            Segment::Index(index) => {
                // Writing to a text cannot fail.
                let _ = write!(parameter, "[{index}]");
            }
            Segment::Field(field) => {
                let Some(name) = inside.iter().find(|name| name.model == *field) else {
                    return parameter;
                };
                append(&mut parameter, name);
                (inside, lists_left) = (name.inside, name.lists_unseen);
            }
        }
    }
    parameter
}

fn append(parameter: &mut String, name: &Name) {
    let apart = !name.wire.is_empty() && !name.wire.starts_with('[');
    if apart && !parameter.is_empty() {
        parameter.push('.');
    }
    parameter.push_str(name.wire);
}
