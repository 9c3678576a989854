//! What can be said of a document by looking at it alone: the first group of
//! checks (size, structure), and the facts for the later ones.

use jiff::civil::Date;
use roxmltree::{Document, Node};
use tagua_verify::{ScanLimits, XmlText};

use crate::access_key::AccessKey;
use crate::arithmetic;
use crate::clock::ecuador_time;
use crate::config::Environment;
use crate::message::Message;
use crate::receiver;
use crate::structure::{self, DocumentType, text_of};

/// Ficha técnica 7.5: 320 KB.
pub(crate) const DOCUMENT_BYTES_MAX: usize = 320 * 1024;

/// A detail line has some twelve elements of a few bytes each: no real document
/// of 320 KB has more elements than this.
const LIMITS: ScanLimits = ScanLimits {
    bytes_max: DOCUMENT_BYTES_MAX,
    depth_max: 24,
    attributes_max: 16,
    namespaces_max: 8,
    namespaces_total_max: 64,
    elements_max: 40_000,
};

/// Days that a date of emission may lie back (129 600 minutes).
const AGE_DAYS_MAX: i64 = 90;

/// A document that has passed the first group.
pub(crate) struct Examined {
    pub(crate) key: AccessKey,
    /// `ruc` of the issuer.
    pub(crate) ruc: String,
    /// First disagreement between key and document (58).
    pub(crate) key_complaint: Option<Message>,
    /// The date cannot be one (67), or transport starts before it (82).
    pub(crate) date_complaint: Option<Message>,
    /// `None` only together with a complaint.
    issued: Option<Date>,
    /// Receiver's identification (69).
    pub(crate) receiver: Vec<Message>,
    /// Sums (52).
    pub(crate) differences: Vec<Message>,
}

/// Why a document is returned without being registered.
pub(crate) struct Refusal {
    /// As found in the document, `N/A` when none can be read.
    pub(crate) access_key: String,
    pub(crate) message: Message,
}

impl Refusal {
    pub(crate) fn of(key: &AccessKey, message: Message) -> Self {
        Self {
            access_key: key.as_str().to_owned(),
            message,
        }
    }

    /// No key can be read.
    pub(crate) fn unnamed(message: Message) -> Self {
        Self {
            access_key: "N/A".to_owned(),
            message,
        }
    }
}

/// Reads the bytes of a document as text.
pub(crate) fn read(bytes: &[u8]) -> Result<XmlText, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::unnamed(Message::error(49, None)));
    }
    if bytes.len() > DOCUMENT_BYTES_MAX {
        let detail = format!("El comprobante tiene {} bytes", bytes.len());
        return Err(Refusal::unnamed(Message::error(26, detail)));
    }
    XmlText::read(bytes, &LIMITS).map_err(|error| Refusal::unnamed(malformed(&error.to_string())))
}

/// The tree of the text.
pub(crate) fn tree(text: &XmlText) -> Result<Document<'_>, Refusal> {
    let tree = text.tree();
    tree.map_err(|error| Refusal::unnamed(malformed(&error.to_string())))
}

/// Looks at a document.
pub(crate) fn examine(tree: &Document<'_>, environment: Environment) -> Result<Examined, Refusal> {
    let root = tree.root_element();
    let key = AccessKey::parse(&header(root, "claveAcceso"));
    let refuse = |message| match &key {
        Some(key) => Refusal::of(key, message),
        None => Refusal::unnamed(message),
    };
    let document = structure::check(root).map_err(|error| refuse(malformed(&error.to_string())))?;
    check_header(root, document, environment).map_err(refuse)?;
    match key {
        Some(key) => Ok(read_facts(root, document, key)),
        None => Err(Refusal::unnamed(malformed("claveAcceso"))),
    }
}

/// Code 35.
pub(crate) fn malformed(found: &str) -> Message {
    let detail =
        format!("Se encontró el siguiente error en la estructura del comprobante: {found}");
    Message::error(35, detail)
}

fn check_header(
    root: Node<'_, '_>,
    document: &DocumentType,
    environment: Environment,
) -> Result<(), Message> {
    let code = header(root, "codDoc");
    if code != document.code {
        return Err(malformed(&format!(
            "codDoc {code} no corresponde a {}",
            document.root
        )));
    }
    let asked = match header(root, "ambiente").as_str() {
        "2" => Environment::Produccion,
        _ => Environment::Pruebas,
    };
    if asked != environment {
        let detail = format!(
            "El ambiente de la solicitud {} no coincide con el de ejecución {}",
            asked.word(),
            environment.word()
        );
        return Err(Message::error(35, detail));
    }
    Ok(())
}

fn read_facts(root: Node<'_, '_>, document: &DocumentType, key: AccessKey) -> Examined {
    let info = child(root, document.info);
    let written = info
        .map(|info| text(info, "fechaEmision"))
        .unwrap_or_default();
    // A waybill has no date of emission but the one in its key.
    let is_waybill = document.code == "06";
    let date_text = if is_waybill { key_date(&key) } else { written };
    let issued = parse_date(&date_text);
    let starts = info.and_then(|info| parse_date(&text(info, "fechaIniTransporte")));
    let date_complaint = match (issued, starts) {
        (None, _) => Some(Message::error(
            67,
            format!("La fecha {date_text} no existe"),
        )),
        (Some(issued), Some(starts)) if is_waybill && starts < issued => Some(Message::error(
            82,
            "La fecha de inicio de transporte es anterior a la fecha de emisión".to_owned(),
        )),
        _ => None,
    };
    Examined {
        key,
        ruc: header(root, "ruc"),
        key_complaint: check_key(root, &key, (!is_waybill).then_some(date_text.as_str())),
        date_complaint,
        issued,
        receiver: info
            .map(|info| receiver::check(info, document))
            .unwrap_or_default(),
        differences: arithmetic::check(root),
    }
}

/// Code 58: check digit, then each part against its element.
fn check_key(root: Node<'_, '_>, key: &AccessKey, date: Option<&str>) -> Option<Message> {
    let complain = |detail: String| Some(Message::error(58, detail));
    if !key.has_right_check_digit() {
        return complain(format!(
            "El dígito verificador de la clave de acceso {} no cumple módulo 11",
            key.as_str()
        ));
    }
    if date.is_some_and(|date| date.replace('/', "") != key.date()) {
        return complain(format!(
            "La fecha de emisión {} no consta en la clave de acceso",
            date.unwrap_or_default()
        ));
    }
    let parts = [
        ("El Código de documento", key.document_code(), "codDoc"),
        ("El RUC", key.ruc(), "ruc"),
        ("El Ambiente", key.environment(), "ambiente"),
        ("El Establecimiento", key.establishment(), "estab"),
        ("El Punto de emisión", key.emission_point(), "ptoEmi"),
        ("El Secuencial", key.sequential(), "secuencial"),
        ("El Tipo de emisión", key.emission_type(), "tipoEmision"),
    ];
    let (name, part, element) = parts
        .into_iter()
        .find(|(_, part, element)| header(root, element) != *part)?;
    complain(format!(
        "{name} {part} de la clave de acceso no corresponde al de la etiqueta {element}"
    ))
}

/// Where the date of emission lies from today.
pub(crate) enum Age {
    InTime,
    TooOld(Message),
    Future(Message),
}

impl Examined {
    /// Code 65, by Ecuador's calendar.
    pub(crate) fn age(&self, now_unix_millis: i64) -> Age {
        let Some(issued) = self.issued else {
            return Age::InTime;
        };
        let today = ecuador_time(now_unix_millis).date();
        let shown = issued.strftime("%d/%m/%Y");
        let days = (today - issued).get_days();
        if issued > today {
            let detail = format!("La fecha de emisión {shown} es posterior a la del servidor");
            return Age::Future(Message::error(65, detail));
        }
        if i64::from(days) > AGE_DAYS_MAX {
            let detail = format!(
                "La fecha de emisión {shown} está fuera del rango de tolerancia [129600 minutos]"
            );
            return Age::TooOld(Message::error(65, detail));
        }
        Age::InTime
    }
}

/// `None` for days the calendar does not have.
fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('/');
    let mut number = || parts.next()?.parse::<i16>().ok();
    let (day, month, year) = (number()?, number()?, number()?);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn key_date(key: &AccessKey) -> String {
    let part = |from: usize, to: usize| key.date().get(from..to).unwrap_or_default();
    format!("{}/{}/{}", part(0, 2), part(2, 4), part(4, 8))
}

fn header(root: Node<'_, '_>, name: &str) -> String {
    child(root, "infoTributaria")
        .map(|header| text(header, name))
        .unwrap_or_default()
}

fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}

fn text(node: Node<'_, '_>, name: &str) -> String {
    child(node, name).map(text_of).unwrap_or_default()
}
