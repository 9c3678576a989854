//! What the server has to know of a document that came as XML, read from its
//! tree: leniently, for what the schema forbids is answered by code 35 later.

use std::fmt;

use jiff::civil::Date;
use tagua_fiscal::{
    AccessKey, AccessKeyParts, DocumentType, Environment, Ruc, Sequential, Series, ThreeDigits,
};
use tagua_sri_xml::{Element, read};

use super::forms;
use super::intake::PARAMETER;
use crate::collection::Collection;
use crate::dates::parse_day;
use crate::finding::{ErrorCode, WireFinding};
use crate::json::Value;
use crate::text::{is_digits, zero_padded};

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
    let mut facts = Facts {
        root: &tree,
        findings: Vec::new(),
    };
    let header = facts.header(collection);
    let findings = facts.findings;
    match header {
        Some(header) if findings.is_empty() => Ok(header.request(tree, collection)),
        _ => Err(findings),
    }
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

const HEAD: &str = "infoTributaria";
const KEY: &str = "claveAcceso";

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

/// What must be there.
struct Header {
    version: String,
    environment: Environment,
    emission_type: u8,
    ruc: Ruc,
    series: Series,
    sequential: Sequential,
    issue_date: Date,
    access_key: Option<AccessKey>,
    receiver: XmlReceiver,
    total: Option<String>,
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

/// Where a type has what all types have.
struct Names {
    info: &'static str,
    date: &'static str,
    total: Option<&'static str>,
    /// Path, identification and name of the receiver.
    receiver: (&'static [&'static str], &'static str, &'static str),
}

const fn names(collection: Collection) -> Names {
    let (info, date, total) = match collection {
        Collection::Invoices => ("infoFactura", "fechaEmision", Some("importeTotal")),
        Collection::PurchaseSettlements => (
            "infoLiquidacionCompra",
            "fechaEmision",
            Some("importeTotal"),
        ),
        Collection::CreditNotes => ("infoNotaCredito", "fechaEmision", Some("valorModificacion")),
        Collection::DebitNotes => ("infoNotaDebito", "fechaEmision", Some("valorTotal")),
        Collection::Waybills => ("infoGuiaRemision", "fechaIniTransporte", None),
        Collection::Retentions | Collection::AtsRetentions => {
            ("infoCompRetencion", "fechaEmision", None)
        }
    };
    let receiver: (&[&str], &str, &str) = match collection {
        Collection::Invoices => (
            &["infoFactura"],
            "identificacionComprador",
            "razonSocialComprador",
        ),
        Collection::CreditNotes => (
            &["infoNotaCredito"],
            "identificacionComprador",
            "razonSocialComprador",
        ),
        Collection::DebitNotes => (
            &["infoNotaDebito"],
            "identificacionComprador",
            "razonSocialComprador",
        ),
        Collection::PurchaseSettlements => (
            &["infoLiquidacionCompra"],
            "identificacionProveedor",
            "razonSocialProveedor",
        ),
        Collection::Waybills => (
            &["destinatarios", "destinatario"],
            "identificacionDestinatario",
            "razonSocialDestinatario",
        ),
        Collection::Retentions | Collection::AtsRetentions => (
            &["infoCompRetencion"],
            "identificacionSujetoRetenido",
            "razonSocialSujetoRetenido",
        ),
    };
    Names {
        info,
        date,
        total,
        receiver,
    }
}

/// The root, and what was missed in it.
struct Facts<'t, 'a> {
    root: &'t Element<'a>,
    findings: Vec<WireFinding>,
}

impl<'t> Facts<'t, '_> {
    fn header(&mut self, collection: Collection) -> Option<Header> {
        let names = names(collection);
        let environment = self.head("ambiente", "1 (pruebas) o 2 (producción)", |text| {
            let digit = text.parse::<char>().ok()?;
            Environment::from_digit(digit)
        });
        let ruc = self.head("ruc", "el RUC del emisor, de 13 dígitos", |text| {
            text.parse().ok()
        });
        let establishment = self.head("estab", "los 3 dígitos del establecimiento", three_digits);
        let point = self.head("ptoEmi", "los 3 dígitos del punto de emisión", three_digits);
        let sequential = self.head("secuencial", "un número de 1 a 999999999", |text| {
            let digits = is_digits(text, 1, 9).then_some(text)?;
            Sequential::new(digits.parse().ok()?).ok()
        });
        let access_key: Option<AccessKey> =
            self.text(&[HEAD, KEY]).and_then(|text| text.parse().ok());
        let issue_date = self.issue_date(&names, access_key);
        Some(Header {
            version: self
                .root
                .attribute("version")
                .unwrap_or_default()
                .to_owned(),
            environment: environment?,
            emission_type: match self.text(&[HEAD, "tipoEmision"]) {
                Some("2") => 2,
                _ => 1,
            },
            ruc: ruc?,
            series: Series {
                establishment: establishment?,
                point: point?,
            },
            sequential: sequential?,
            issue_date: issue_date?,
            access_key,
            receiver: self.receiver(&names),
            total: names
                .total
                .and_then(|total| self.owned(&[names.info, total])),
        })
    }

    /// An element of `infoTributaria` that must be there and be `wanted`.
    fn head<T>(
        &mut self,
        name: &'static str,
        wanted: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        match self.text(&[HEAD, name]) {
            None => self.missing(&format!("{HEAD}/{name}"), wanted),
            Some(text) => {
                let value = read(text);
                if value.is_none() {
                    self.invalid(
                        ErrorCode::InvalidValue,
                        &format!("{HEAD}/{name}"),
                        wanted,
                        text,
                    );
                }
                value
            }
        }
    }

    fn issue_date(&mut self, names: &Names, key: Option<AccessKey>) -> Option<Date> {
        let sent = self.text(&[names.info, names.date]);
        let read = sent.and_then(|text| forms::day(text).or_else(|| parse_day(text)));
        let date = read.or_else(|| key?.parts().map(|parts| parts.date));
        if date.is_some() {
            return date;
        }
        let (element, wanted) = (
            format!("{}/{}", names.info, names.date),
            "una fecha que existe, como 18/11/2026",
        );
        match sent {
            None => self.missing(&element, wanted),
            Some(text) => {
                self.invalid(ErrorCode::InvalidFormat, &element, wanted, text);
                None
            }
        }
    }

    fn missing<T>(&mut self, element: &str, wanted: &str) -> Option<T> {
        let details = format!("Falta el elemento {element}: debe ser {wanted}");
        self.findings
            .push(finding(ErrorCode::MissingParameter, details));
        None
    }

    fn invalid(&mut self, code: ErrorCode, element: &str, wanted: &str, text: &str) {
        let details = format!("El elemento {element} debe ser {wanted}");
        let text: String = text.chars().take(300).collect();
        let finding = finding(code, details).with_value(&Value::String(text.into()));
        self.findings.push(finding);
    }

    fn receiver(&self, names: &Names) -> XmlReceiver {
        let (path, id, name) = names.receiver;
        let of = |element| {
            let path: Vec<&str> = path.iter().copied().chain([element]).collect();
            self.owned(&path).unwrap_or_default()
        };
        XmlReceiver {
            id: of(id),
            name: of(name),
            emails: self.emails(),
        }
    }

    fn emails(&self) -> Vec<String> {
        let fields = child(self.root, "infoAdicional").map(|fields| fields.children.as_slice());
        let named = fields.unwrap_or_default().iter().filter(|field| {
            let name = field.attribute("nombre").unwrap_or_default();
            is_email_name(name)
        });
        let mut emails: Vec<String> = Vec::new();
        let texts = named.map(|field| field.text.as_ref());
        for text in texts.chain(self.text(&["tipoNegociable", "correo"])) {
            for email in text.split([',', ';', ' ', '\n']).map(str::trim) {
                let known = emails.iter().any(|earlier| earlier == email);
                if email.contains('@') && !known && emails.len() < EMAILS_MAX {
                    emails.push(email.to_owned());
                }
            }
        }
        emails
    }

    fn owned(&self, path: &[&str]) -> Option<String> {
        self.text(path).map(str::to_owned)
    }

    /// The text at a path unless it is blank.
    fn text(&self, path: &[&str]) -> Option<&'t str> {
        let element = path
            .iter()
            .try_fold(self.root, |parent, name| child(parent, name))?;
        Some(element.text.trim()).filter(|text| !text.is_empty())
    }
}

/// More addresses than anybody writes into one document.
const EMAILS_MAX: usize = 50;

fn is_email_name(name: &str) -> bool {
    let name = name.trim().trim_end_matches(':').to_lowercase();
    matches!(
        name.as_str(),
        "email" | "e-mail" | "mail" | "correo" | "correo electronico" | "correo electrónico"
    )
}

fn child<'t, 'a>(parent: &'t Element<'a>, name: &str) -> Option<&'t Element<'a>> {
    let mut children = parent.children.iter();
    children.find(|child| child.local_name() == name)
}

fn three_digits(text: &str) -> Option<ThreeDigits> {
    let digits = is_digits(text, 1, 3).then(|| zero_padded(text, 3))?;
    digits.parse().ok()
}

fn finding(code: ErrorCode, details: impl fmt::Display) -> WireFinding {
    WireFinding::new(PARAMETER.to_owned(), code, details.to_string())
}
