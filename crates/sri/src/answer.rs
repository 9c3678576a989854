//! What SRI said, read by local name (the WSDL promises namespaces that the live
//! service does not send, and every element may be absent).

use crate::tree::{Node, parse};

/// The bytes are not an answer of the service that was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not well-formed XML: an HTML page, a truncated or mis-encoded body.
    #[error("the answer is not XML: {reason}")]
    NotXml {
        /// What is wrong with it.
        reason: String,
    },
    /// A SOAP fault.
    #[error("SRI answered a SOAP fault: {text}")]
    Fault {
        /// `faultstring`, or the fault's whole text.
        text: String,
    },
    /// XML, but not the answer to this question.
    #[error("the answer has no {expected}")]
    Unexpected {
        /// The element that was looked for.
        expected: &'static str,
    },
    /// An answer about another document.
    #[error("the answer is about {found}, not about the key that was asked")]
    OtherKey {
        /// The key it names.
        found: String,
    },
}

/// `mensaje`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// `identificador`.
    pub identifier: String,
    /// `mensaje`.
    pub text: String,
    /// `informacionAdicional`.
    pub additional: Option<String>,
    /// `tipo`: ERROR, ADVERTENCIA or INFORMATIVO.
    pub kind: String,
}

/// `estado` of the reception service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceptionState {
    /// `RECIBIDA`.
    Received,
    /// `DEVUELTA`.
    Returned,
    /// Anything else, or nothing.
    Other(String),
}

/// `RespuestaRecepcionComprobante`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reception {
    /// `estado`.
    pub state: ReceptionState,
    /// `comprobantes/comprobante`.
    pub documents: Vec<ReturnedDocument>,
}

impl Reception {
    /// The messages of every document in the answer.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.documents
            .iter()
            .flat_map(|document| &document.messages)
    }
}

/// `comprobante` of a reception answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedDocument {
    /// `claveAcceso`, where given. Some refusals carry `N/A` or nothing.
    pub access_key: Option<String>,
    /// `mensajes/mensaje`.
    pub messages: Vec<Message>,
}

/// `estado` of one authorization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationState {
    /// `AUTORIZADO`.
    Authorized,
    /// `NO AUTORIZADO`, also written RECHAZADO or RECHAZADA.
    NotAuthorized,
    /// `EN PROCESO`, `EN PROCESAMIENTO`, `PPR`, or no state.
    InProcess,
    /// Anything else.
    Other(String),
}

/// `autorizacion`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// `estado`, read.
    pub state: AuthorizationState,
    /// `estado` as written.
    pub state_text: String,
    /// `numeroAutorizacion`.
    pub number: Option<String>,
    /// `fechaAutorizacion` as written.
    pub date: Option<String>,
    /// `ambiente` as written.
    pub environment: Option<String>,
    /// `comprobante`: the document that was decided on, as text, verbatim.
    pub document: Option<String>,
    /// `mensajes/mensaje`.
    pub messages: Vec<Message>,
}

/// `RespuestaAutorizacionComprobante`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationReading {
    /// `claveAccesoConsultada`.
    pub access_key: Option<String>,
    /// `autorizaciones/autorizacion`: empty while SRI does not know the key.
    pub authorizations: Vec<Authorization>,
}

/// Reads the answer of `validarComprobante` about the document of `access_key`.
pub fn read_reception(body: &[u8], access_key: &str) -> Result<Reception, ReadError> {
    let root = root_without_fault(body)?;
    let answer = expect(&root, "RespuestaRecepcionComprobante")?;
    let documents: Vec<_> = children(answer, "comprobantes", "comprobante")
        .map(|node| ReturnedDocument {
            access_key: node.text_of("claveAcceso").map(str::to_owned),
            messages: messages(node),
        })
        .collect();
    for document in &documents {
        refuse_other_key(document.access_key.as_deref(), access_key)?;
    }
    let state = match normal(answer.text_of("estado").unwrap_or_default()).as_str() {
        "RECIBIDA" => ReceptionState::Received,
        "DEVUELTA" => ReceptionState::Returned,
        other => ReceptionState::Other(other.to_owned()),
    };
    Ok(Reception { state, documents })
}

/// Reads the answer of `autorizacionComprobante` about `access_key`. An answer
/// that names another key anywhere is refused whole, and so is one that lists
/// none of the documents it counts: it does not say that SRI knows nothing.
pub fn read_authorization(
    body: &[u8],
    access_key: &str,
) -> Result<AuthorizationReading, ReadError> {
    let root = root_without_fault(body)?;
    let answer = expect(&root, "RespuestaAutorizacionComprobante")?;
    let asked = answer.text_of("claveAccesoConsultada").map(str::to_owned);
    refuse_other_key(asked.as_deref(), access_key)?;
    let authorizations: Vec<_> = children(answer, "autorizaciones", "autorizacion")
        .map(authorization)
        .collect();
    let announced = answer.text_of("numeroComprobantes");
    let announced = announced.and_then(|count| count.parse::<u32>().ok());
    if authorizations.is_empty() && announced.is_some_and(|count| count > 0) {
        return Err(ReadError::Unexpected {
            expected: "autorizacion",
        });
    }
    for found in &authorizations {
        refuse_other_key(found.number.as_deref(), access_key)?;
    }
    Ok(AuthorizationReading {
        access_key: asked,
        authorizations,
    })
}

fn authorization(node: &Node) -> Authorization {
    let state_text = node.text_of("estado").unwrap_or_default().to_owned();
    let state = match normal(&state_text).as_str() {
        "AUTORIZADO" | "AUTORIZADA" | "AUT" => AuthorizationState::Authorized,
        "NO AUTORIZADO" | "NO AUTORIZADA" | "NAT" | "RECHAZADO" | "RECHAZADA" => {
            AuthorizationState::NotAuthorized
        }
        "" | "EN PROCESO" | "EN PROCESAMIENTO" | "PPR" => AuthorizationState::InProcess,
        other => AuthorizationState::Other(other.to_owned()),
    };
    let text = |name| node.text_of(name).map(str::to_owned);
    Authorization {
        state,
        state_text,
        number: text("numeroAutorizacion"),
        date: text("fechaAutorizacion"),
        environment: text("ambiente"),
        document: node
            .child("comprobante")
            .map(|child| child.text.clone())
            .filter(|text| !text.trim().is_empty()),
        messages: messages(node),
    }
}

fn root_without_fault(body: &[u8]) -> Result<Node, ReadError> {
    let root = parse(body).map_err(|reason| ReadError::NotXml { reason })?;
    if let Some(fault) = root.find("Fault") {
        let text = fault
            .text_of("faultstring")
            .unwrap_or_else(|| fault.text.trim())
            .to_owned();
        return Err(ReadError::Fault { text });
    }
    Ok(root)
}

fn expect<'a>(root: &'a Node, name: &'static str) -> Result<&'a Node, ReadError> {
    root.find(name)
        .ok_or(ReadError::Unexpected { expected: name })
}

fn children<'a>(
    node: &'a Node,
    holder: &str,
    name: &'static str,
) -> impl Iterator<Item = &'a Node> {
    let nodes = node.child(holder).map_or(&[][..], |found| &found.children);
    nodes.iter().filter(move |child| child.name == name)
}

fn messages(node: &Node) -> Vec<Message> {
    let text = |message: &Node, name| message.text_of(name).unwrap_or_default().to_owned();
    children(node, "mensajes", "mensaje")
        .map(|message| Message {
            identifier: text(message, "identificador"),
            text: text(message, "mensaje"),
            additional: message.text_of("informacionAdicional").map(str::to_owned),
            kind: text(message, "tipo"),
        })
        .collect()
}

/// A text that is not 49 digits (`N/A`, an old 37-digit number) names no key.
fn refuse_other_key(found: Option<&str>, expected: &str) -> Result<(), ReadError> {
    match found {
        Some(key) if is_key(key) && key != expected => Err(ReadError::OtherKey {
            found: key.to_owned(),
        }),
        _ => Ok(()),
    }
}

fn is_key(text: &str) -> bool {
    text.len() == 49 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Upper case, single blanks, no accents: SRI has varied all three.
fn normal(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_uppercase()
        .chars()
        .map(without_accent)
        .collect()
}

const fn without_accent(letter: char) -> char {
    match letter {
        'Á' => 'A',
        'É' => 'E',
        'Í' => 'I',
        'Ó' => 'O',
        'Ú' => 'U',
        other => other,
    }
}
