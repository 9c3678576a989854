//! SOAP 1.1 as the two services speak it: requests in, answers out.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::message::Message;

const ENVELOPE: &str = "http://schemas.xmlsoap.org/soap/envelope/";
pub(crate) const RECEPTION: &str = "http://ec.gob.sri.ws.recepcion";
pub(crate) const AUTHORIZATION: &str = "http://ec.gob.sri.ws.autorizacion";

/// An envelope has five levels; what is deeper has not been sent by a client.
const DEPTH_MAX: usize = 8;
/// Start tags in a request: an honest one has four or five.
const ELEMENTS_MAX: usize = 32;

/// Java's decoder of `xs:base64Binary` minds neither line breaks nor padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a client asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// `validarComprobante`; empty when the argument is missing.
    Validate(Vec<u8>),
    /// `autorizacionComprobante`.
    Authorization(String),
    /// `autorizacionComprobanteLote`.
    BatchAuthorization(String),
}

/// Why an envelope is answered with a fault.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EnvelopeError {
    #[error("Error reading XMLStreamReader")]
    NotXml,
    #[error("DOCTYPE is not allowed")]
    Doctype,
    #[error("the message has too many elements or levels")]
    TooMuch,
    #[error("\"{0}\", the namespace on the \"Envelope\" element, is not recognized")]
    NotAnEnvelope(String),
    #[error("Message part {0} was not recognized. (Does it exist in service WSDL?)")]
    UnknownOperation(String),
    #[error("Unmarshalling Error: the value of xml is not base64Binary")]
    NotBase64,
}

/// Reads a request of the service whose namespace is given.
pub(crate) fn read_request(body: &[u8], service_namespace: &str) -> Result<Request, EnvelopeError> {
    let call = read_call(body)?;
    let unknown = || {
        let name = format!("{{{}}}{}", call.namespace, call.operation);
        EnvelopeError::UnknownOperation(name)
    };
    if call.namespace != service_namespace {
        return Err(unknown());
    }
    match (service_namespace, call.operation.as_str()) {
        (RECEPTION, "validarComprobante") => {
            Ok(Request::Validate(decode_base64(call.argument("xml"))?))
        }
        (AUTHORIZATION, "autorizacionComprobante") => Ok(Request::Authorization(
            call.argument("claveAccesoComprobante").to_owned(),
        )),
        (AUTHORIZATION, "autorizacionComprobanteLote") => Ok(Request::BatchAuthorization(
            call.argument("claveAccesoLote").to_owned(),
        )),
        _ => Err(unknown()),
    }
}

fn decode_base64(text: &str) -> Result<Vec<u8>, EnvelopeError> {
    BASE64
        .decode(text)
        .or_else(|_| BASE64.decode(text.split_ascii_whitespace().collect::<String>()))
        .map_err(|_| EnvelopeError::NotBase64)
}

/// The first child of `Body` and the text of its children.
#[derive(Default)]
struct Call {
    namespace: String,
    operation: String,
    arguments: Vec<(String, String)>,
}

impl Call {
    fn argument(&self, name: &str) -> &str {
        let found = self.arguments.iter().find(|(found, _)| found == name);
        found.map(|(_, text)| text.as_str()).unwrap_or_default()
    }
}

fn read_call(body: &[u8]) -> Result<Call, EnvelopeError> {
    let text = std::str::from_utf8(body).map_err(|_| EnvelopeError::NotXml)?;
    let mut reader = NsReader::from_str(text);
    let mut walk = Walk::default();
    loop {
        let (namespace, event) = reader
            .read_resolved_event()
            .map_err(|_| EnvelopeError::NotXml)?;
        let namespace = match namespace {
            ResolveResult::Bound(bound) => bound.as_ref().to_owned(),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(_) => return Err(EnvelopeError::NotXml),
        };
        match event {
            Event::Start(tag) => walk.open(namespace, &tag)?,
            Event::Empty(tag) => {
                walk.open(namespace, &tag)?;
                walk.close();
            }
            Event::End(_) => walk.close(),
            Event::Text(text) => walk.text(&text),
            Event::CData(text) => walk.text(&text),
            Event::GeneralRef(reference) => walk.text(&resolve(&reference)?),
            Event::DocType(_) => return Err(EnvelopeError::Doctype),
            Event::Eof => return walk.finish(),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The five predefined entities and character references; there are no others without a DTD.
fn resolve(reference: &BytesRef<'_>) -> Result<String, EnvelopeError> {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return Ok(character.to_string());
    }
    quick_xml::escape::resolve_xml_entity(reference)
        .map(str::to_owned)
        .ok_or(EnvelopeError::NotXml)
}

/// Where the reader stands: envelope, body, operation, argument.
#[derive(Default)]
struct Walk {
    depth: usize,
    elements: usize,
    in_body: bool,
    call: Option<Call>,
    collecting: bool,
}

impl Walk {
    fn open(&mut self, namespace: String, tag: &BytesStart<'_>) -> Result<(), EnvelopeError> {
        self.depth += 1;
        self.elements += 1;
        if self.depth > DEPTH_MAX || self.elements > ELEMENTS_MAX {
            return Err(EnvelopeError::TooMuch);
        }
        let name = tag.local_name().as_ref().to_owned();
        match self.depth {
            1 if namespace != ENVELOPE || name != "Envelope" => {
                return Err(EnvelopeError::NotAnEnvelope(namespace));
            }
            2 => self.in_body = namespace == ENVELOPE && name == "Body",
            3 if self.in_body && self.call.is_none() => {
                self.call = Some(Call {
                    namespace,
                    operation: name,
                    arguments: Vec::new(),
                });
                self.collecting = true;
            }
            4 if self.collecting => {
                if let Some(call) = &mut self.call {
                    call.arguments.push((name, String::new()));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth < 3 {
            self.collecting = false;
        }
    }

    fn text(&mut self, text: &str) {
        if self.collecting && self.depth == 4 {
            let arguments = self.call.as_mut().map(|call| &mut call.arguments);
            if let Some((_, collected)) = arguments.and_then(|all| all.last_mut()) {
                collected.push_str(text);
            }
        }
    }

    fn finish(self) -> Result<Call, EnvelopeError> {
        if self.depth != 0 || self.elements == 0 {
            return Err(EnvelopeError::NotXml);
        }
        self.call
            .ok_or_else(|| EnvelopeError::UnknownOperation(String::new()))
    }
}

/// What `validarComprobante` answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ReceptionAnswer {
    Received,
    Returned {
        /// As found in the document, or `N/A` when none can be read.
        access_key: String,
        messages: Vec<Message>,
    },
}

pub(crate) fn write_reception_answer(answer: &ReceptionAnswer) -> String {
    let inner = match answer {
        ReceptionAnswer::Received => "<estado>RECIBIDA</estado><comprobantes/>".to_owned(),
        ReceptionAnswer::Returned {
            access_key,
            messages,
        } => format!(
            "<estado>DEVUELTA</estado><comprobantes><comprobante><claveAcceso>{}</claveAcceso>{}</comprobante></comprobantes>",
            escape(access_key),
            write_messages(messages)
        ),
    };
    in_envelope(&format!(
        "<ns2:validarComprobanteResponse xmlns:ns2=\"{RECEPTION}\"><RespuestaRecepcionComprobante>{inner}</RespuestaRecepcionComprobante></ns2:validarComprobanteResponse>"
    ))
}

/// One `autorizacion` of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authorization {
    pub(crate) state: &'static str,
    /// Only authorized documents have a number: the access key.
    pub(crate) number: Option<String>,
    pub(crate) date: String,
    pub(crate) environment: &'static str,
    pub(crate) document: String,
    pub(crate) form: Form,
    pub(crate) messages: Vec<Message>,
}

/// How the document stands in the answer: both have been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// With entities, as the live service answers.
    Escaped,
    /// As a CDATA section where that can hold it.
    CData,
}

pub(crate) fn write_authorization_answer(key: &str, found: &[Authorization]) -> String {
    let count = found.len();
    let list: String = match found {
        [] => "<autorizaciones/>".to_owned(),
        found => {
            let each: String = found.iter().map(write_authorization).collect();
            format!("<autorizaciones>{each}</autorizaciones>")
        }
    };
    in_envelope(&format!(
        "<ns2:autorizacionComprobanteResponse xmlns:ns2=\"{AUTHORIZATION}\"><RespuestaAutorizacionComprobante><claveAccesoConsultada>{}</claveAccesoConsultada><numeroComprobantes>{count}</numeroComprobantes>{list}</RespuestaAutorizacionComprobante></ns2:autorizacionComprobanteResponse>",
        escape(key)
    ))
}

/// A query that is refused for its key (80): a recorded answer calls the state RECHAZADA.
pub(crate) fn write_refused_query(key: &str, message: &Message) -> String {
    let messages = write_messages(std::slice::from_ref(message));
    in_envelope(&format!(
        "<ns2:autorizacionComprobanteResponse xmlns:ns2=\"{AUTHORIZATION}\"><RespuestaAutorizacionComprobante><claveAccesoConsultada>{}</claveAccesoConsultada><numeroComprobantes>1</numeroComprobantes><autorizaciones><autorizacion><estado>RECHAZADA</estado>{messages}</autorizacion></autorizaciones></RespuestaAutorizacionComprobante></ns2:autorizacionComprobanteResponse>",
        escape(key)
    ))
}

/// Batches are not played: every one is unknown.
pub(crate) fn write_batch_answer(key: &str) -> String {
    in_envelope(&format!(
        "<ns2:autorizacionComprobanteLoteResponse xmlns:ns2=\"{AUTHORIZATION}\"><RespuestaAutorizacionLote><claveAccesoLoteConsultada>{}</claveAccesoLoteConsultada><numeroComprobantesLote>0</numeroComprobantesLote><autorizaciones/></RespuestaAutorizacionLote></ns2:autorizacionComprobanteLoteResponse>",
        escape(key)
    ))
}

pub(crate) fn write_fault(reason: &str, of_client: Blame) -> String {
    let code = match of_client {
        Blame::Client => "soap:Client",
        Blame::Server => "soap:Server",
    };
    in_envelope(&format!(
        "<soap:Fault><faultcode>{code}</faultcode><faultstring>{}</faultstring></soap:Fault>",
        escape(reason)
    ))
}

/// Who a fault blames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blame {
    Client,
    Server,
}

fn write_authorization(authorization: &Authorization) -> String {
    let number = authorization
        .number
        .as_deref()
        .map_or(String::new(), |key| {
            format!("<numeroAutorizacion>{key}</numeroAutorizacion>")
        });
    format!(
        "<autorizacion><estado>{}</estado>{number}<fechaAutorizacion>{}</fechaAutorizacion><ambiente>{}</ambiente><comprobante>{}</comprobante>{}</autorizacion>",
        authorization.state,
        authorization.date,
        authorization.environment,
        written_document(authorization),
        write_messages(&authorization.messages)
    )
}

fn written_document(authorization: &Authorization) -> String {
    let document = &authorization.document;
    // A section cannot hold its own end, and would turn CR into LF.
    let holds = || !document.contains("]]>") && !document.contains('\r');
    match authorization.form {
        Form::CData if holds() => format!("<![CDATA[{document}]]>"),
        _ => escape(document),
    }
}

fn write_messages(messages: &[Message]) -> String {
    if messages.is_empty() {
        return "<mensajes/>".to_owned();
    }
    let written: String = messages.iter().map(write_message).collect();
    format!("<mensajes>{written}</mensajes>")
}

fn write_message(message: &Message) -> String {
    let detail = message.detail.as_deref().map_or(String::new(), |detail| {
        format!(
            "<informacionAdicional>{}</informacionAdicional>",
            escape(detail)
        )
    });
    format!(
        "<mensaje><identificador>{}</identificador><mensaje>{}</mensaje>{detail}<tipo>{}</tipo></mensaje>",
        message.code,
        escape(&message.text),
        message.kind.as_str()
    )
}

fn in_envelope(body: &str) -> String {
    format!(
        "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>{body}</soap:Body></soap:Envelope>"
    )
}

/// Carriage returns are written as references, as the live service does: a bare
/// one would reach the client as a line feed and break the signature. Characters
/// that XML cannot carry become U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 4);
    let mut rest = text;
    while let Some(at) = rest.find(is_special) {
        let (plain, special) = rest.split_at(at);
        escaped.push_str(plain);
        let mut characters = special.chars();
        escaped.push_str(match characters.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('\r') => "&#13;",
            _ => "\u{fffd}",
        });
        rest = characters.as_str();
    }
    escaped.push_str(rest);
    escaped
}

fn is_special(character: char) -> bool {
    match character {
        '&' | '<' | '>' => true,
        '\t' | '\n' => false,
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => true,
        _ => false,
    }
}
