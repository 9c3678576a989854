//! SRI's answers and downloaded files around a document (`autorizacion`,
//! `RespuestaAutorizacion…`, the SOAP envelope). Elements go by local name: the
//! live service leaves out the namespace that its WSDL asks for.

use roxmltree::{Document, Node};

use crate::report::EnvelopeFacts;
use crate::xml::{child_named, child_text, text_of};

/// An envelope and what it holds.
pub(crate) struct Envelope {
    pub(crate) facts: EnvelopeFacts,
    /// The text of `comprobante`.
    pub(crate) document: Option<String>,
    /// How many `autorizacion` there are.
    pub(crate) authorizations: usize,
}

/// Opens the envelope; nothing when the root is a document or unknown.
///
/// Of several `autorizacion` (the scheme before 2015, lotes) the first AUTORIZADO
/// one that holds a document is taken, else the first that holds one.
pub(crate) fn open(tree: &Document<'_>) -> Option<Envelope> {
    let root = tree.root_element();
    if !is_envelope(root.tag_name().name()) {
        return None;
    }
    let authorizations: Vec<_> = tree
        .descendants()
        .filter(|node| node.is_element() && node.tag_name().name() == "autorizacion")
        .collect();
    let holding = |node: &&Node<'_, '_>| document_text(**node).is_some();
    let chosen = authorizations
        .iter()
        .filter(holding)
        .find(|node| child_text(**node, "estado").is_some_and(|status| is_authorized(&status)))
        .or_else(|| authorizations.iter().find(holding))
        .or_else(|| authorizations.first());
    Some(Envelope {
        facts: chosen.map(|node| facts(*node)).unwrap_or_default(),
        document: chosen.and_then(|node| document_text(*node)),
        authorizations: authorizations.len(),
    })
}

fn is_envelope(name: &str) -> bool {
    matches!(
        name,
        "autorizacion"
            | "autorizaciones"
            | "autorizacionComprobanteResponse"
            | "autorizacionComprobanteLoteResponse"
            | "Envelope"
    ) || name.starts_with("RespuestaAutorizacion")
}

fn facts(authorization: Node<'_, '_>) -> EnvelopeFacts {
    EnvelopeFacts {
        status: child_text(authorization, "estado"),
        authorization_number: child_text(authorization, "numeroAutorizacion"),
        authorization_date: child_text(authorization, "fechaAutorizacion"),
        environment: child_text(authorization, "ambiente"),
    }
}

fn document_text(authorization: Node<'_, '_>) -> Option<String> {
    let text = text_of(child_named(authorization, "comprobante")?);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

pub(crate) fn is_authorized(status: &str) -> bool {
    status.trim().eq_ignore_ascii_case("AUTORIZADO")
}

/// The digit of `ambiente` that the word in the envelope stands for.
pub(crate) fn environment_digit(word: &str) -> Option<&'static str> {
    match word.trim().to_uppercase().as_str() {
        "PRUEBAS" | "1" => Some("1"),
        "PRODUCCIÓN" | "PRODUCCION" | "2" => Some("2"),
        _ => None,
    }
}
