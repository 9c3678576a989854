//! Whose certificate it is: RUC and cédula, wherever the authority that issued
//! it put them.

use std::fmt;

use crate::ber::{Element, Reader};
use crate::certificate::Certificate;
use crate::name::{self, Attribute};
use crate::text;

/// Extensions in which accredited Ecuadorian authorities write the RUC.
const RUC_EXTENSIONS: [&str; 10] = [
    "1.3.6.1.4.1.37947.3.11",        // Banco Central del Ecuador
    "1.3.6.1.4.1.37746.3.11",        // Security Data
    "1.3.6.1.4.1.18332.3.11",        // ANF AC
    "1.3.6.1.4.1.37442.3.11",        // ANF AC Ecuador
    "1.3.6.1.4.1.43745.1.3.11",      // Consejo de la Judicatura
    "1.3.6.1.4.1.47286.102.3.11",    // Uanataca
    "1.3.6.1.4.1.34380.3.11",        // CorpNewBest
    "1.3.6.1.4.1.59382.3.11",        // Lazzate
    "1.3.6.1.4.1.61305.3.11",        // FirmaSegura
    "1.3.6.1.4.1.55519.1.1.1.5.2.4", // Registro Civil
];

const SERIAL_NUMBER: &str = "2.5.4.5";
const ORGANIZATION_IDENTIFIER: &str = "2.5.4.97";
const SUBJECT_ALTERNATIVE_NAME: &str = "2.5.29.17";
/// Values looked at inside the alternative name.
const WALK_STEPS_MAX: usize = 500;

/// A RUC and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRuc {
    /// 13 digits.
    pub value: String,
    /// The place, which says how much to trust it.
    pub source: RucSource,
}

/// Where a certificate says the RUC, from the surest to the vaguest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RucSource {
    /// A private extension of a known authority, with its dotted identifier.
    KnownExtension(String),
    /// Another extension whose identifier ends in `.3.11`.
    SimilarExtension(String),
    /// The subject's organizationIdentifier, `VATEC-…` or `TINEC-…`.
    OrganizationIdentifier,
    /// A value of 13 digits ending in 001 in the subject alternative name.
    AlternativeName,
    /// Derived: the cédula of a natural person with 001 behind.
    Cedula,
    /// A value of 13 digits ending in 001 in any other extension.
    AnyExtension(String),
}

impl fmt::Display for RucSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KnownExtension(oid) | Self::SimilarExtension(oid) | Self::AnyExtension(oid) => {
                write!(f, "extension {oid}")
            }
            Self::OrganizationIdentifier => f.write_str("organizationIdentifier"),
            Self::AlternativeName => f.write_str("subjectAltName"),
            Self::Cedula => f.write_str("serialNumber IDCEC"),
        }
    }
}

/// Looks in the order of [`RucSource`]. What is no RUC is passed over: some
/// authorities write binary rubbish for natural persons.
pub(crate) fn find_ruc(
    certificate: &Certificate<'_>,
    subject: &[Vec<Attribute<'_>>],
) -> Option<FoundRuc> {
    in_known_extension(certificate)
        .or_else(|| in_similar_extension(certificate))
        .or_else(|| in_organization_identifier(subject))
        .or_else(|| in_alternative_name(certificate))
        .or_else(|| from_cedula(subject))
        .or_else(|| in_any_extension(certificate))
}

/// The 10-digit cédula in the subject's serialNumber (`IDCEC-…`) or in an
/// extension whose identifier ends in `.3.1`.
pub(crate) fn find_cedula(
    certificate: &Certificate<'_>,
    subject: &[Vec<Attribute<'_>>],
) -> Option<String> {
    let named = name::values(subject, SERIAL_NUMBER);
    let mut named = named.filter_map(|value| digits(value.strip_prefix("IDCEC-")?, 10));
    named.next().or_else(|| {
        let mut similar = certificate
            .extensions
            .iter()
            .filter(|e| e.oid.ends_with(".3.1"));
        similar.find_map(|extension| digits(&text::of_value(extension.value.content)?, 10))
    })
}

fn in_known_extension(certificate: &Certificate<'_>) -> Option<FoundRuc> {
    RUC_EXTENSIONS.iter().find_map(|&oid| {
        let value = digits(&text::of_value(certificate.extension(oid)?)?, 13)?;
        Some(FoundRuc {
            value,
            source: RucSource::KnownExtension(oid.to_owned()),
        })
    })
}

fn in_similar_extension(certificate: &Certificate<'_>) -> Option<FoundRuc> {
    let mut similar = certificate
        .extensions
        .iter()
        .filter(|e| e.oid.ends_with(".3.11"));
    similar.find_map(|extension| {
        let value = digits(&text::of_value(extension.value.content)?, 13)?;
        Some(FoundRuc {
            value,
            source: RucSource::SimilarExtension(extension.oid.clone()),
        })
    })
}

fn in_organization_identifier(subject: &[Vec<Attribute<'_>>]) -> Option<FoundRuc> {
    name::values(subject, ORGANIZATION_IDENTIFIER).find_map(|value| {
        let tail = value
            .strip_prefix("VATEC-")
            .or_else(|| value.strip_prefix("TINEC-"))?;
        Some(FoundRuc {
            value: digits(tail, 13)?,
            source: RucSource::OrganizationIdentifier,
        })
    })
}

fn in_alternative_name(certificate: &Certificate<'_>) -> Option<FoundRuc> {
    let value = certificate.extension(SUBJECT_ALTERNATIVE_NAME)?;
    let value = find_in_values(value, main_office_ruc)?;
    Some(FoundRuc {
        value,
        source: RucSource::AlternativeName,
    })
}

fn from_cedula(subject: &[Vec<Attribute<'_>>]) -> Option<FoundRuc> {
    name::values(subject, SERIAL_NUMBER).find_map(|value| {
        let cedula = digits(value.strip_prefix("IDCEC-")?, 10)?;
        Some(FoundRuc {
            value: format!("{cedula}001"),
            source: RucSource::Cedula,
        })
    })
}

fn in_any_extension(certificate: &Certificate<'_>) -> Option<FoundRuc> {
    certificate.extensions.iter().find_map(|extension| {
        let value = main_office_ruc(&text::of_value(extension.value.content)?)?;
        Some(FoundRuc {
            value,
            source: RucSource::AnyExtension(extension.oid.clone()),
        })
    })
}

/// Walks all values inside `bytes` until one has a meaning.
fn find_in_values<T>(bytes: &[u8], meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut waiting = vec![Reader::new(bytes)];
    for _ in 0..WALK_STEPS_MAX {
        let mut reader = waiting.pop()?;
        let Ok(Some(element)) = reader.read_optional() else {
            continue;
        };
        waiting.push(reader);
        if element.is_constructed() {
            waiting.push(element.children());
        } else if let Some(found) = value_text(&element).and_then(|text| meaning(&text)) {
            return Some(found);
        }
    }
    None
}

/// A GeneralName such as rfc822Name has a context tag and bare characters.
fn value_text(element: &Element<'_>) -> Option<String> {
    text::of_element(element).or_else(|| text::of_value(element.content))
}

fn main_office_ruc(text: &str) -> Option<String> {
    let bare = text.trim();
    let bare = bare
        .strip_prefix("VATEC-")
        .or_else(|| bare.strip_prefix("TINEC-"))
        .unwrap_or(bare);
    digits(bare, 13).filter(|ruc| ruc.ends_with("001"))
}

fn digits(text: &str, count: usize) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    // Zeros fill the field where there is no number.
    let filler = text.bytes().all(|byte| byte == b'0');
    (fits && !filler).then(|| text.to_owned())
}
