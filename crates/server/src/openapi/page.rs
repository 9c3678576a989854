//! The readable form of the description: a page that asks no other host for
//! anything, whole without JavaScript, more comfortable with it.

use std::sync::LazyLock;

use super::operation::{Access, Operation, Place, Tag};
use crate::routes::operations;

const TEMPLATE: &str = include_str!("docs.html");

static LIST: LazyLock<String> = LazyLock::new(|| list(&operations()));

/// The page. The nonce lets exactly its own style and script run.
pub(crate) fn page(nonce: &str) -> String {
    TEMPLATE
        .replace("@NONCE@", nonce)
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@LIST@", &LIST)
}

fn list(operations: &[Operation]) -> String {
    let chapters = Tag::ALL.into_iter().map(|tag| {
        let own = operations.iter().filter(|operation| operation.tag == tag);
        let own: String = own.map(operation_html).collect();
        match own.as_str() {
            "" => own,
            own => format!("<section><h2>{}</h2>\n{own}</section>\n", tag.name()),
        }
    });
    chapters.collect()
}

fn operation_html(operation: &Operation) -> String {
    let (method, path) = (operation.method.as_str(), escape(&operation.path));
    let mut html = format!(
        "<details class=\"op\" id=\"{id}\" data-method=\"{lower}\" data-path=\"{path}\">\
         <summary><b class=\"{lower}\">{method}</b> <code>{path}</code> <span>{summary}</span>\
         </summary>\n",
        id = escape(&operation.id),
        lower = method.to_lowercase(),
        summary = escape(&operation.summary),
    );
    if !operation.description.is_empty() {
        html.push_str(&format!("<p>{}</p>\n", escape(operation.description)));
    }
    html.push_str(&format!("<p>{}</p>\n", access(operation.access)));
    if operation.idempotent {
        html.push_str("<p>Admite la cabecera <code>Idempotency-Key</code>.</p>\n");
    }
    html.push_str(&parameters(operation));
    html.push_str("</details>\n");
    html
}

const fn access(access: Access) -> &'static str {
    match access {
        Access::Public => "Sin clave.",
        Access::Key => "Cabecera <code>X-Key</code>.",
        Access::KeyAndPassword => "Cabeceras <code>X-Key</code> y <code>X-Password</code>.",
    }
}

fn parameters(operation: &Operation) -> String {
    let rows = operation.parameters.iter().map(|parameter| {
        let place = match parameter.place {
            Place::Path => "dirección",
            Place::Query => "consulta",
            Place::Header => "cabecera",
        };
        format!(
            "<tr><td><code>{}</code></td><td>{place}</td><td>{}</td></tr>",
            escape(parameter.name),
            escape(parameter.about),
        )
    });
    let rows: String = rows.collect();
    match rows.as_str() {
        "" => rows,
        rows => format!("<table><tbody>{rows}</tbody></table>\n"),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
