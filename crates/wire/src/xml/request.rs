//! What the server has to know of a document that came as XML, read from its
//! tree: leniently, for what the schema forbids is answered by code 35 later.

use std::fmt;

use jiff::civil::Date;
use tagua_fiscal::{AccessKey, AccessKeyParts, DocumentType, Environment, Ruc, Sequential, Series};
use tagua_sri_xml::{Element, read};

use super::facts::{Header, read_facts};
use super::intake::PARAMETER;
use crate::collection::Collection;
use crate::finding::{ErrorCode, WireFinding};
use crate::json::Value;

/// A document that came as XML, before it has its key.
#[derive(Clone, Debug)]
pub struct XmlRequest<'a> {
    /// Where the document belongs; `version` decides it for withholdings,
    /// whichever of their addresses it was sent to.
    pub collection: Collection,
    /// `version` as given; empty when there is none.
    pub version: String,
    /// `ambiente`.
    pub environment: Environment,
    /// `tipoEmision`, 1 unless it is 2.
    pub emission_type: u8,
    /// `ruc`.
    pub ruc: Ruc,
    /// `estab` and `ptoEmi`.
    pub series: Series,
    /// `secuencial`.
    pub sequential: Sequential,
    /// The day of the access key: `fechaEmision`, of waybills
    /// `fechaIniTransporte`, else what the key says.
    pub issue_date: Date,
    /// `claveAcceso` when it is one: it is kept.
    pub access_key: Option<AccessKey>,
    /// Who gets the document.
    pub receiver: XmlReceiver,
    /// The total as given; withholdings and waybills have none.
    pub total: Option<String>,
    tree: Element<'a>,
}

/// The receiver as the XML names it; what it lacks is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlReceiver {
    /// Its identification.
    pub id: String,
    /// Its `razonSocial`.
    pub name: String,
    /// Addresses of the additional fields named `email` or `correo` and of
    /// `tipoNegociable`, in order, each once.
    pub emails: Vec<String>,
}

/// Reads a document sent to `expected`; a signature it has is dropped.
///
/// Every finding names the parameter `xml`: INVALID_FORMAT with line and column
/// where it is not well-formed, INVALID_VALUE for the root of another
/// collection, and one for each element without which there is no document.
pub fn read_xml(xml: &[u8], expected: Collection) -> Result<XmlRequest<'_>, Vec<WireFinding>> {
    let tree = tree_of(xml).map_err(|finding| vec![finding])?;
    let collection = joined(&tree, expected).map_err(|finding| vec![finding])?;
    let header = read_facts(&tree, collection)?;
    Ok(header.request(tree, collection))
}

/// The tree of an XML document: INVALID_FORMAT when it is not well-formed.
pub(crate) fn tree_of(xml: &[u8]) -> Result<Element<'_>, WireFinding> {
    read(xml).map_err(|error| {
        let details = error.finding().message_es;
        finding(ErrorCode::InvalidFormat, details)
    })
}

/// The collection a tree's root names, withholdings by their version.
pub(super) fn collection_of(tree: &Element<'_>) -> Option<Collection> {
    let document_type = match tree.local_name() {
        "factura" => DocumentType::Invoice,
        "liquidacionCompra" => DocumentType::PurchaseSettlement,
        "notaCredito" => DocumentType::CreditNote,
        "notaDebito" => DocumentType::DebitNote,
        "guiaRemision" => DocumentType::Waybill,
        "comprobanteRetencion" => DocumentType::Withholding,
        _ => return None,
    };
    let version = tree.attribute("version").unwrap_or_default();
    Some(Collection::of(document_type, version))
}

fn joined(tree: &Element<'_>, expected: Collection) -> Result<Collection, WireFinding> {
    let found = collection_of(tree);
    if let Some(found) = found.filter(|own| own.root_element() == expected.root_element()) {
        return Ok(found);
    }
    let root: String = tree.name.chars().take(80).collect();
    let (wanted, here) = (expected.root_element(), expected.as_str());
    let details = match found {
        Some(found) => format!(
            "El elemento raíz es {root}, que se envía a /{}/issue/xml; a {here} le corresponde \
             {wanted}",
            found.as_str()
        ),
        None => format!("El elemento raíz {root} no es un comprobante; se espera {wanted}"),
    };
    let finding = finding(ErrorCode::InvalidValue, details);
    Err(finding.with_value(&Value::String(root.into())))
}

impl<'a> XmlRequest<'a> {
    /// The document as given, its signature apart.
    pub const fn tree(&self) -> &Element<'a> {
        &self.tree
    }

    /// The key that was given, else one made of the document's parts and
    /// `numeric_code` (its last eight digits).
    pub fn key(&self, numeric_code: u32) -> AccessKey {
        let made = || AccessKeyParts {
            date: self.issue_date,
            document_type: self.collection.document_type(),
            ruc: self.ruc,
            environment: self.environment,
            series: self.series,
            sequential: self.sequential,
            numeric_code,
            emission_type: self.emission_type,
        };
        self.access_key.unwrap_or_else(|| made().key())
    }

    /// The document with this key in `claveAcceso`, which goes after `ruc`
    /// where it is missing; everything else is left as given.
    pub fn with_key(self, access_key: AccessKey) -> Element<'a> {
        let mut tree = self.tree;
        let mut children = tree.children.iter_mut();
        if let Some(head) = children.find(|child| child.local_name() == HEAD) {
            set_key(head, access_key.as_str().to_owned());
        }
        tree
    }
}

pub(super) const HEAD: &str = "infoTributaria";
pub(super) const KEY: &str = "claveAcceso";

fn set_key(head: &mut Element<'_>, key: String) {
    let mut children = head.children.iter_mut();
    if let Some(element) = children.find(|child| child.local_name() == KEY) {
        element.text = key.into();
        return;
    }
    let ruc = head
        .children
        .iter()
        .position(|child| child.local_name() == "ruc");
    let place = ruc.map_or(0, |ruc| ruc + 1);
    head.children
        .insert(place, Element::leaf("claveAcceso", key));
}

impl Header {
    fn request<'a>(self, mut tree: Element<'a>, collection: Collection) -> XmlRequest<'a> {
        tree.children.retain(|child| !child.is_signature());
        XmlRequest {
            collection,
            version: self.version,
            environment: self.environment,
            emission_type: self.emission_type,
            ruc: self.ruc,
            series: self.series,
            sequential: self.sequential,
            issue_date: self.issue_date,
            access_key: self.access_key,
            receiver: self.receiver,
            total: self.total,
            tree,
        }
    }
}

pub(super) fn finding(code: ErrorCode, details: impl fmt::Display) -> WireFinding {
    WireFinding::new(PARAMETER.to_owned(), code, details.to_string())
}
