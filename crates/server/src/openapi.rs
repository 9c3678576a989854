//! The description of the API, generated from the table that the router is
//! built from: an address that is served is described, and the other way round.

mod description;
mod examples;
mod field;
mod fields;
mod operation;
mod page;
mod schemas;

use std::sync::LazyLock;

use serde_json::Value;

pub(crate) use operation::{Access, Answer, Body, Operation, Parameter, Place, Tag};
pub(crate) use page::page;

use crate::routes::operations;

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let description: Value = description::description(&operations());
    format!("{description:#}\n")
});

/// The OpenAPI document as text.
pub(crate) fn text() -> &'static str {
    &TEXT
}
