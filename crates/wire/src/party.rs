//! The people of a document: `comprador`, `sujeto`, `transportista`...

use super::reader::{Need, Reader};
use super::reimbursement::read_identification_type;

/// The receiver of a document.
#[derive(Clone, Debug)]
pub(super) struct Party {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) id_type: String,
    pub(super) address: Option<String>,
    pub(super) emails: Vec<String>,
}

pub(super) fn read_party(r: &Reader<'_, '_>, key: &str) -> Option<Party> {
    read_person(&r.child(key, Need::Required)?)
}

/// The person whose members `r` stands on.
pub(super) fn read_person(r: &Reader<'_, '_>) -> Option<Party> {
    let name = r.required_text("razon_social", 300);
    let id_type = read_identification_type(r, "tipo_identificacion");
    let id = r.required_text("identificacion", 20);
    let address = r.text("direccion", 300);
    // Answers of settlements made from XML say `correo` (CONTRACT 7.1).
    let emails = r
        .text(r.pick(&["email", "correo"]), 300)
        .unwrap_or_default();
    Some(Party {
        name: name?,
        id: id?,
        id_type: id_type?,
        address,
        emails: split_emails(&emails),
    })
}

/// Several addresses come separated by commas or semicolons.
fn split_emails(list: &str) -> Vec<String> {
    let parts = list.split([',', ';']).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
