//! Why a file could not be opened, for the program and for the client.

use crate::LooksLike;

/// Why [`crate::open`] could not read a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The bytes are something else.
    #[error("not a PKCS#12 file: it looks like {0}")]
    NotPkcs12(LooksLike),
    /// A PKCS#12 that was cut, altered or written wrongly.
    #[error("damaged PKCS#12: {problem}, in {part}, byte {offset}")]
    Damaged {
        /// The part that was being read.
        part: &'static str,
        /// Byte offset inside that part.
        offset: usize,
        /// What is wrong there.
        problem: &'static str,
    },
    /// An algorithm or a structure that this reader does not know.
    #[error("unsupported {what}: {oid}")]
    Unsupported {
        /// What the identifier stands for, such as "encryption".
        what: &'static str,
        /// Dotted object identifier, or the version number of the file.
        oid: String,
    },
    /// The password opens nothing.
    #[error("wrong password")]
    WrongPassword,
    /// The password fits the seal (MAC) of the file but not `part`.
    #[error("the password is right for the file but not for {part}")]
    OtherPasswordInside {
        /// The part that stayed closed.
        part: &'static str,
    },
    /// Opening costs more key derivation work than the limits allow.
    #[error("opening needs {needed} iterations, {allowed} are allowed")]
    TooManyIterations {
        /// Iterations asked for so far, the refused ones included.
        needed: u64,
        /// [`crate::Limits::iterations_max`].
        allowed: u64,
    },
    /// More bytes than the limits allow.
    #[error("the file has {bytes} bytes, {allowed} are allowed")]
    TooLarge {
        /// Size of the file.
        bytes: usize,
        /// [`crate::Limits::file_bytes_max`].
        allowed: usize,
    },
}

impl OpenError {
    /// Public and never reused: clients match on it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPkcs12(_) => "p12_not_pkcs12",
            Self::Damaged { .. } => "p12_damaged",
            Self::Unsupported { .. } => "p12_unsupported",
            Self::WrongPassword => "p12_wrong_password",
            Self::OtherPasswordInside { .. } => "p12_other_password_inside",
            Self::TooManyIterations { .. } => "p12_too_many_iterations",
            Self::TooLarge { .. } => "p12_too_large",
        }
    }

    /// What happened and what to do, in Spanish, for the client.
    pub fn message_es(&self) -> String {
        match self {
            Self::NotPkcs12(looks_like) => format!(
                "El archivo no es un certificado PKCS#12 (.p12 o .pfx): {}. {}",
                looks_like.description_es(),
                looks_like.advice_es()
            ),
            Self::Damaged {
                part,
                offset,
                problem,
            } => format!(
                "El archivo .p12 está dañado o incompleto (detalle técnico: {problem}, en {part}, \
                 byte {offset}). Vuelva a copiarlo desde el original en modo binario o \
                 descárguelo otra vez del portal de su entidad certificadora."
            ),
            Self::Unsupported { what, oid } => format!(
                "El archivo .p12 usa algo que no se admite ({what}: {oid}). Expórtelo de nuevo \
                 con cifrado AES-256 o 3DES y con contraseña, por ejemplo desde Firefox, \
                 Windows u OpenSSL."
            ),
            Self::WrongPassword => "La contraseña no abre el archivo .p12. Revise mayúsculas, \
                 tildes y espacios; es la contraseña que definió al descargar la firma \
                 electrónica. Si la olvidó, su entidad certificadora debe emitir otra."
                .to_owned(),
            Self::OtherPasswordInside { part } => format!(
                "La contraseña es la del archivo .p12, pero una parte tiene otra contraseña \
                 (detalle técnico: {part}). Expórtelo de nuevo con una sola contraseña."
            ),
            Self::TooManyIterations { needed, allowed } => format!(
                "Abrir el archivo .p12 exige {needed} iteraciones de cálculo y el máximo es \
                 {allowed}. Expórtelo de nuevo con menos iteraciones (por ejemplo, con OpenSSL: \
                 -iter 100000)."
            ),
            Self::TooLarge { bytes, allowed } => format!(
                "El archivo tiene {bytes} bytes y el máximo es {allowed}. Un .p12 con su firma \
                 electrónica ocupa pocos kilobytes: revise que sea el archivo correcto."
            ),
        }
    }
}
