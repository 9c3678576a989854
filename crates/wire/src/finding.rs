//! What is wrong with a request, in the words of the wire (CONTRACT 5.2).

use super::json::Value;
use super::parse::parse;
use super::writer::JsonWriter;

/// The code of an error object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorCode {
    /// A required field is absent.
    MissingParameter,
    /// A field that is not allowed (strict profile only).
    InvalidParameter,
    /// Not one of the values, or out of range.
    InvalidValue,
    /// Wrong JSON type.
    InvalidDataType,
    /// Malformed text, date or number.
    InvalidFormat,
    /// Too short or too long.
    InvalidLength,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [Self; 6] = [
        Self::MissingParameter,
        Self::InvalidParameter,
        Self::InvalidValue,
        Self::InvalidDataType,
        Self::InvalidFormat,
        Self::InvalidLength,
    ];

    /// The code as Dátil documents it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingParameter => "MISSING_PARAMETER",
            Self::InvalidParameter => "INVALID_PARAMETER",
            Self::InvalidValue => "INVALID_VALUE",
            Self::InvalidDataType => "INVALID_DATA_TYPE",
            Self::InvalidFormat => "INVALID_FORMAT",
            Self::InvalidLength => "INVALID_LENGTH",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::MissingParameter => "Falta campo obligatorio",
            Self::InvalidParameter => "Campo no permitido",
            Self::InvalidValue => "Valor no permitido",
            Self::InvalidDataType => "Tipo de dato incorrecto",
            Self::InvalidFormat => "Formato incorrecto",
            Self::InvalidLength => "Longitud incorrecta",
        }
    }
}

/// One complaint about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireFinding {
    /// Path in the request such as `items[0].impuestos[1].valor`, or the name
    /// of a header; empty for the body itself (written as null).
    pub parameter: String,
    /// What kind of complaint.
    pub code: ErrorCode,
    /// A short sentence in Spanish.
    pub message: String,
    /// What is allowed and what to do, in Spanish.
    pub details: String,
    /// The value at fault as JSON text; `None` when it is missing.
    pub value: Option<String>,
}

impl WireFinding {
    /// A finding with the standard message of its code.
    pub fn new(parameter: String, code: ErrorCode, details: impl Into<String>) -> Self {
        Self {
            parameter,
            code,
            message: code.message().to_owned(),
            details: details.into(),
            value: None,
        }
    }

    /// MISSING_PARAMETER with the documented pair of sentences.
    pub fn missing(parameter: String) -> Self {
        let details = "El campo debe estar incluido en la petición";
        Self::new(parameter, ErrorCode::MissingParameter, details)
    }

    /// Adds the value at fault.
    pub fn with_value(mut self, value: &Value<'_>) -> Self {
        let mut writer = JsonWriter::default();
        writer.value(value);
        self.value = Some(writer.finish());
        self
    }
}

/// The body of an error answer: the first finding at the root, all of them in
/// `errors`, and for a 400 the request that was sent (`None` leaves it out).
///
/// A request that is not JSON comes back as a text. Without findings the root
/// holds nulls and `errors` is empty.
pub fn error_body(findings: &[WireFinding], request: Option<&[u8]>) -> String {
    let room = 256 * (findings.len() + 1) + request.map_or(0, <[u8]>::len);
    let mut writer = JsonWriter::with_capacity(room);
    writer.object(|w| {
        write_fields(w, findings.first());
        w.key("errors");
        w.array(|w| {
            for finding in findings {
                w.object(|w| write_fields(w, Some(finding)));
            }
        });
        if let Some(body) = request {
            w.key("request");
            write_request(w, body);
        }
    });
    writer.finish()
}

fn write_fields(w: &mut JsonWriter, finding: Option<&WireFinding>) {
    let parameter = finding.map(|f| f.parameter.as_str());
    w.key("message");
    w.optional_string(finding.map(|f| f.message.as_str()));
    w.key("code");
    w.optional_string(finding.map(|f| f.code.as_str()));
    w.key("details");
    w.optional_string(finding.map(|f| f.details.as_str()));
    w.key("parameter");
    w.optional_string(parameter.filter(|path| !path.is_empty()));
    w.key("value");
    w.raw(finding.and_then(|f| f.value.as_deref()).unwrap_or("null"));
}

fn write_request(w: &mut JsonWriter, body: &[u8]) {
    match (parse(body), std::str::from_utf8(body)) {
        (Ok(_), Ok(json)) => w.raw(json.trim_start_matches('\u{feff}').trim_ascii()),
        _ => w.string(&String::from_utf8_lossy(body)),
    }
}
