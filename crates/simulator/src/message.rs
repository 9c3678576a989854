//! The messages of both services: code, short text, detail, kind.
//!
//! Codes and texts: ficha técnica 2.34 section 11, and answers of the live services.

use serde::{Deserialize, Serialize};

/// `tipo` of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Kind {
    /// The document is refused because of it.
    Error,
    /// The document passes all the same.
    Advertencia,
    /// Nothing to do.
    Informativo,
}

impl Kind {
    /// The text on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Advertencia => "ADVERTENCIA",
            Self::Informativo => "INFORMATIVO",
        }
    }
}

/// One `mensaje` of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `identificador`: the number of the ficha's list.
    #[serde(rename = "identificador")]
    pub code: u16,
    /// `mensaje`: the short text.
    #[serde(rename = "mensaje")]
    pub text: String,
    /// `informacionAdicional`: the detail, where there is one.
    #[serde(
        rename = "informacionAdicional",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub detail: Option<String>,
    /// `tipo`.
    #[serde(rename = "tipo")]
    pub kind: Kind,
}

impl Message {
    /// An error with the live service's short text for the code.
    pub fn error(code: u16, detail: impl Into<Option<String>>) -> Self {
        Self {
            code,
            text: short_text(code).to_owned(),
            detail: detail.into(),
            kind: Kind::Error,
        }
    }

    /// Message 60, which the test environment adds to what it authorizes.
    pub(crate) fn test_environment() -> Self {
        Self {
            code: 60,
            text: "ESTE PROCESO FUE REALIZADO EN EL AMBIENTE DE PRUEBAS".to_owned(),
            detail: None,
            kind: Kind::Advertencia,
        }
    }

    /// The same message as a warning that says what production would do with it.
    pub(crate) fn forgiven(self) -> Self {
        let detail = self.detail.unwrap_or_default();
        Self {
            detail: Some(format!(
                "Autorizado por el perfil amable del simulador; el ambiente de producción lo rechazaría con el código {}: {detail}",
                self.code
            )),
            kind: Kind::Advertencia,
            ..self
        }
    }
}

/// The live service's short text; where none was seen, the ficha's in capitals.
fn short_text(code: u16) -> &'static str {
    match code {
        26 => "TAMAÑO MÁXIMO SUPERADO",
        35 => "ARCHIVO NO CUMPLE ESTRUCTURA XML",
        36 => "VERSIÓN DE ESQUEMA DESCONTINUADA",
        37 => "RUC SIN AUTORIZACIÓN DE EMISIÓN",
        39 => "FIRMA INVALIDA",
        40 => "ERROR EN EL CERTIFICADO",
        42 => "CERTIFICADO REVOCADO",
        43 => "CLAVE ACCESO REGISTRADA",
        45 => "ERROR SECUENCIAL REGISTRADO",
        46 => "RUC NO EXISTE",
        47 => "TIPO DE COMPROBANTE NO EXISTE",
        48 => "ESQUEMA XSD NO EXISTE",
        49 => "ARGUMENTOS NULOS",
        50 => "ERROR INTERNO GENERAL",
        52 => "ERROR EN DIFERENCIAS",
        56 => "ERROR ESTABLECIMIENTO CERRADO",
        57 => "AUTORIZACIÓN SUSPENDIDA",
        58 => "ERROR EN LA ESTRUCTURA DE CLAVE DE ACCESO",
        63 => "RUC CLAUSURADO",
        64 => "CÓDIGO DOCUMENTO SUSTENTO",
        65 => "FECHA EMISIÓN EXTEMPORANEA",
        67 => "FECHA INVÁLIDA",
        69 => "ERROR EN LA IDENTIFICACION DEL RECEPTOR",
        70 => "CLAVE DE ACCESO EN PROCESAMIENTO",
        80 => "ERROR EN LA ESTRUCTURA DE LA CLAVE DE ACCESO",
        82 => "ERROR EN LA FECHA DE INICIO DE TRANSPORTE",
        90 => "LIMITE DE INTENTOS NO AUTORIZADOS POR DIA",
        _ => "ERROR",
    }
}
