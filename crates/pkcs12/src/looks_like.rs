//! What a file is that is no PKCS#12.

use std::fmt;

use crate::ber::Reader;
use crate::ber::{INTEGER, SEQUENCE, strip_zeros};
use crate::oid;

/// What the bytes look like, judged by their beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LooksLike {
    /// No bytes at all.
    Empty,
    /// Text with a `-----BEGIN …-----` line.
    Pem,
    /// A file encoded in base64, possibly a PKCS#12.
    Base64,
    /// A certificate without key, `.cer` or `.crt`.
    DerCertificate,
    /// A private key alone, encrypted or not.
    DerPrivateKey,
    /// Certificates without key, `.p7b`, or a signed `.p7m`.
    Pkcs7,
    /// A Java key store of the old types JKS or JCEKS.
    JavaKeyStore,
    /// A ZIP archive, which may hold the `.p12`.
    Zip,
    /// A RAR, 7z or gzip archive.
    OtherArchive,
    /// A PDF document.
    Pdf,
    /// PNG, JPEG or GIF.
    Image,
    /// A web page or XML document.
    Markup,
    /// A JSON document.
    Json,
    /// A binary file that went through a conversion to text and lost bytes.
    BinaryReadAsText,
    /// Text of any other kind.
    Text,
    /// Only zero bytes, as after an interrupted download.
    Zeros,
    /// Nothing that is recognised.
    Unknown,
}

impl LooksLike {
    /// `None` when the file begins like a PFX.
    pub(crate) fn something_else(file: &[u8]) -> Option<Self> {
        if file.first() == Some(&SEQUENCE)
            && let Some(verdict) = judge_sequence(file)
        {
            return verdict;
        }
        Some(judge_signature(file).unwrap_or_else(|| judge_text(file)))
    }

    /// What the file is, in Spanish, for use behind "el archivo no es … :".
    pub fn description_es(self) -> &'static str {
        match self {
            Self::Empty => "está vacío",
            Self::Pem => "es texto PEM (-----BEGIN …-----)",
            Self::Base64 => "parece estar codificado en base64",
            Self::DerCertificate => "es un certificado sin clave privada (.cer o .crt)",
            Self::DerPrivateKey => "es una clave privada sin certificado",
            Self::Pkcs7 => "es un PKCS#7 (.p7b o .p7m), que no contiene clave privada",
            Self::JavaKeyStore => "es un almacén de claves de Java (JKS o JCEKS)",
            Self::Zip => "es un archivo ZIP",
            Self::OtherArchive => "es un archivo comprimido (RAR, 7z o gzip)",
            Self::Pdf => "es un documento PDF",
            Self::Image => "es una imagen",
            Self::Markup => "es una página web o un documento XML",
            Self::Json => "es un documento JSON",
            Self::BinaryReadAsText => {
                "perdió bytes porque algún programa lo leyó o copió como si fuera texto"
            }
            Self::Text => "es un archivo de texto",
            Self::Zeros => "contiene solo ceros, como una descarga interrumpida",
            Self::Unknown => "su contenido no se reconoce",
        }
    }

    /// What to do about it, in Spanish: one or two sentences.
    pub fn advice_es(self) -> &'static str {
        match self {
            Self::Empty | Self::Zeros => {
                "Descárguelo de nuevo y compruebe su tamaño antes de enviarlo."
            }
            Self::Pem => {
                "Una la clave y el certificado en un .p12, por ejemplo: \
                 openssl pkcs12 -export -inkey clave.pem -in certificado.pem -out firma.p12"
            }
            Self::Base64 => {
                "Decodifíquelo una vez antes de enviarlo: se esperan los bytes del archivo .p12, \
                 o su base64 una sola vez donde el API lo pide así."
            }
            Self::DerCertificate | Self::DerPrivateKey | Self::Pkcs7 => {
                "Envíe el .p12 o .pfx que entregó su entidad certificadora: contiene la clave \
                 privada y el certificado juntos."
            }
            Self::JavaKeyStore => {
                "Conviértalo: keytool -importkeystore -srckeystore almacen.jks \
                 -destkeystore firma.p12 -deststoretype PKCS12"
            }
            Self::Zip | Self::OtherArchive => "Extraiga el .p12 o .pfx que contiene y envíe ese.",
            Self::BinaryReadAsText => {
                "Vuelva a copiarlo desde el original en modo binario; el archivo convertido no \
                 se puede recuperar."
            }
            Self::Markup | Self::Json => {
                "Quizá guardó la respuesta de un servidor en lugar del archivo: descárguelo de \
                 nuevo desde el portal de su entidad certificadora."
            }
            Self::Pdf | Self::Image | Self::Text | Self::Unknown => {
                "Envíe el .p12 o .pfx que entregó su entidad certificadora."
            }
        }
    }
}

impl fmt::Display for LooksLike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty file",
            Self::Pem => "PEM text",
            Self::Base64 => "base64 text",
            Self::DerCertificate => "a DER certificate",
            Self::DerPrivateKey => "a DER private key",
            Self::Pkcs7 => "PKCS#7",
            Self::JavaKeyStore => "a Java key store",
            Self::Zip => "a ZIP archive",
            Self::OtherArchive => "a compressed archive",
            Self::Pdf => "a PDF",
            Self::Image => "an image",
            Self::Markup => "HTML or XML",
            Self::Json => "JSON",
            Self::BinaryReadAsText => "a binary file converted to text",
            Self::Text => "text",
            Self::Zeros => "zeros",
            Self::Unknown => "nothing known",
        })
    }
}

/// Judges what follows a SEQUENCE header whose length may lie beyond the end.
/// `None`: no verdict. `Some(None)`: a PFX.
fn judge_sequence(file: &[u8]) -> Option<Option<LooksLike>> {
    let mut fields = Reader::new(after_header(file)?);
    let first = *after_header(file)?.first()?;
    if first == INTEGER {
        let version = fields.read().ok()?.unsigned().ok()?;
        return judge_versioned(version, after_header(file)?);
    }
    let first = fields.read().ok()?;
    if first.identifier != SEQUENCE {
        let oid = oid::dotted(&first).ok()?;
        return oid
            .starts_with("1.2.840.113549.1.7.")
            .then_some(Some(LooksLike::Pkcs7));
    }
    let mut inner = first.children();
    if inner
        .read()
        .is_ok_and(|element| element.identifier == 0xa0 || element.identifier == INTEGER)
    {
        return Some(Some(LooksLike::DerCertificate));
    }
    let scheme = oid::read(&mut first.children()).ok()?;
    let is_encryption = ["1.2.840.113549.1.5.", "1.2.840.113549.1.12.1."]
        .iter()
        .any(|prefix| scheme.starts_with(prefix));
    is_encryption.then_some(Some(LooksLike::DerPrivateKey))
}

/// A PFX has version 3; PKCS#8 and RSA keys have 0 or 1. Behind the version
/// a PFX and PKCS#8 have a SEQUENCE, an RSA key the modulus.
fn judge_versioned(version: u64, fields: &[u8]) -> Option<Option<LooksLike>> {
    let mut fields = Reader::new(fields);
    fields.read().ok()?;
    match version {
        0 | 1 => Some(Some(LooksLike::DerPrivateKey)),
        _ => Some(None),
    }
}

fn after_header(file: &[u8]) -> Option<&[u8]> {
    let length = *file.get(1)?;
    let digits = if length > 0x80 {
        usize::from(length & 0x7f)
    } else {
        0
    };
    file.get(2 + digits..)
}

fn judge_signature(file: &[u8]) -> Option<LooksLike> {
    const SIGNATURES: [(&[u8], LooksLike); 11] = [
        (b"PK\x03\x04", LooksLike::Zip),
        (b"PK\x05\x06", LooksLike::Zip),
        (b"%PDF", LooksLike::Pdf),
        (b"\xfe\xed\xfe\xed", LooksLike::JavaKeyStore),
        (b"\xce\xce\xce\xce", LooksLike::JavaKeyStore),
        (b"Rar!", LooksLike::OtherArchive),
        (b"7z\xbc\xaf", LooksLike::OtherArchive),
        (b"\x1f\x8b", LooksLike::OtherArchive),
        (b"\x89PNG", LooksLike::Image),
        (b"\xff\xd8\xff", LooksLike::Image),
        (b"GIF8", LooksLike::Image),
    ];
    if file.is_empty() {
        return Some(LooksLike::Empty);
    }
    if strip_zeros(file).is_empty() {
        return Some(LooksLike::Zeros);
    }
    let found = SIGNATURES
        .iter()
        .find(|(signature, _)| file.starts_with(signature));
    found.map(|&(_, verdict)| verdict)
}

fn judge_text(file: &[u8]) -> LooksLike {
    let Some(text) = decode_text(file) else {
        return LooksLike::Unknown;
    };
    let trimmed = text.trim_start_matches('\u{feff}').trim();
    // U+FFFD stands where a byte was no UTF-8; `0` begins a SEQUENCE.
    if trimmed.contains('\u{fffd}') && trimmed.starts_with(['0', '\u{fffd}']) {
        return LooksLike::BinaryReadAsText;
    }
    if trimmed.contains("-----BEGIN ") {
        return LooksLike::Pem;
    }
    match trimmed.chars().next() {
        None => LooksLike::Empty,
        Some('<') => LooksLike::Markup,
        Some('{' | '[') => LooksLike::Json,
        Some(_) if is_base64(trimmed) => LooksLike::Base64,
        Some(_) => LooksLike::Text,
    }
}

/// UTF-8, Latin-1 or UTF-16 with a mark; binary data has control characters.
fn decode_text(file: &[u8]) -> Option<String> {
    let text = match file {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(file) {
            Ok(text) => text.to_owned(),
            Err(_) => file.iter().copied().map(char::from).collect(),
        },
    };
    let damaged = text.contains('\u{fffd}');
    let binary = |c: char| c.is_control() && !c.is_whitespace();
    (damaged || !text.contains(binary)).then_some(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|&pair| unit(pair))
        .collect();
    String::from_utf16_lossy(&units)
}

fn is_base64(text: &str) -> bool {
    let body = text.split_once("base64,").map_or(text, |(_, body)| body);
    let allowed = |c: char| c.is_ascii_alphanumeric() || "+/=-_".contains(c) || c.is_whitespace();
    // A short word would pass too.
    body.len() >= 64 && body.chars().all(allowed) && !body.trim().contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &[u8], expected: LooksLike) {
        assert_eq!(LooksLike::something_else(file), Some(expected));
    }

    #[test]
    fn recognises_other_files() {
        check(b"", LooksLike::Empty);
        check(b" \r\n", LooksLike::Empty);
        check(&[0; 300], LooksLike::Zeros);
        check(b"PK\x03\x04\x14\x00", LooksLike::Zip);
        check(b"Rar!\x1a\x07", LooksLike::OtherArchive);
        check(b"%PDF-1.7\n", LooksLike::Pdf);
        check(b"\x89PNG\r\n\x1a\n", LooksLike::Image);
        check(b"\xfe\xed\xfe\xed\x00\x00\x00\x02", LooksLike::JavaKeyStore);
        check(b"\xce\xce\xce\xce\x00\x00\x00\x02", LooksLike::JavaKeyStore);
        check(b"\x00\x01\x02\x03", LooksLike::Unknown);
    }

    #[test]
    fn recognises_text() {
        check(
            b"Bag Attributes\r\n-----BEGIN CERTIFICATE-----\r\n",
            LooksLike::Pem,
        );
        check("\u{feff}<!DOCTYPE html>".as_bytes(), LooksLike::Markup);
        check(b"<html>", LooksLike::Markup);
        check(b"{\"error\": 404}", LooksLike::Json);
        check(b"hola", LooksLike::Text);
        check("contraseña".as_bytes(), LooksLike::Text);
        check(b"\xff\xfeh\x00o\x00l\x00a\x00", LooksLike::Text);
        check(b"MIIJ".repeat(30).as_slice(), LooksLike::Base64);
        let url = [
            b"data:application/x-pkcs12;base64,".as_slice(),
            &b"MIIJ".repeat(30),
        ]
        .concat();
        check(&url, LooksLike::Base64);
        check(b"0 veces".as_slice(), LooksLike::Text);
    }

    #[test]
    fn recognises_binaries_converted_to_text() {
        let pfx = [0x30, 0x82, 0x09, 0xd1, 0x02, 0x01, 0x03];
        check(
            String::from_utf8_lossy(&pfx).as_bytes(),
            LooksLike::BinaryReadAsText,
        );
        let indefinite = [0x30, 0x80, 0x02, 0x01, 0x03, 0x30, 0x80];
        check(
            String::from_utf8_lossy(&indefinite).as_bytes(),
            LooksLike::BinaryReadAsText,
        );
    }

    #[test]
    fn recognises_other_structures() {
        let certificate = [0x30, 0x82, 0x03, 0x00, 0x30, 5, 0xa0, 3, 2, 1, 2];
        check(&certificate, LooksLike::DerCertificate);
        check(
            &[0x30, 9, 2, 1, 0, 0x30, 2, 5, 0, 4, 0],
            LooksLike::DerPrivateKey,
        );
        let pkcs7 = [0x30, 11, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
        check(&pkcs7, LooksLike::Pkcs7);
        let encrypted = [
            0x30, 13, 0x30, 11, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 13,
        ];
        check(&encrypted, LooksLike::DerPrivateKey);
    }

    #[test]
    fn lets_a_pfx_pass() {
        for pfx in [
            &[0x30, 0x82, 0x09, 0xd1, 2, 1, 3][..],
            &[0x30, 0x80, 2, 1, 3, 0x30, 0x80],
        ] {
            assert_eq!(LooksLike::something_else(pfx), None);
        }
    }
}
