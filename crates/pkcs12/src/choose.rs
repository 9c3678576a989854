//! Which key and certificate of a file sign documents, and why.

mod explain;

use std::cmp::Reverse;

use zeroize::Zeroizing;

use crate::private_key::PrivateKeyFacts;
use crate::{Bundle, CertificateEntry, CertificateFacts, KeyEntry};
use explain::{explain, explain_choice, out_of_date_es};

/// The pair to sign with.
#[derive(Clone)]
pub struct Choice {
    /// PrivateKeyInfo (RFC 5208) in DER.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The certificate that belongs to the key.
    pub certificate_der: Vec<u8>,
    /// Facts of that certificate.
    pub facts: CertificateFacts,
    /// All certificates of the file, the chosen one first.
    pub candidates: Vec<Candidate>,
    /// What may still make the tax authority refuse.
    pub warnings: Vec<Warning>,
}

/// Prints no secret.
impl std::fmt::Debug for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Choice")
            .field("pkcs8", &format_args!("***"))
            .field("facts", &self.facts)
            .field("candidates", &self.candidates)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// A certificate of the file and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Position in [`Bundle::certificates`].
    pub certificate_index: usize,
    /// Position in [`Bundle::keys`] of the key that belongs to it.
    pub key_index: Option<usize>,
    /// The name in the file, such as "Signing Key".
    pub friendly_name: Option<String>,
    /// `None` when the certificate could not be read.
    pub facts: Option<CertificateFacts>,
    /// The decision.
    pub verdict: Verdict,
    /// The decision in words, in Spanish, for the client.
    pub explanation: String,
}

/// What was decided about a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This one signs.
    Chosen,
    /// Would do, but another is better.
    Alternative,
    /// Validity is over.
    Expired,
    /// Validity has not begun.
    NotYetValid,
    /// Belongs to a certification authority.
    CertificationAuthority,
    /// Its key is not in the file.
    NoKey,
    /// Its key is not RSA.
    NotRsa,
    /// Not readable as an X.509 certificate.
    Unreadable,
}

/// A doubt about the chosen certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The certificate names another taxpayer.
    OtherRuc {
        /// The taxpayer asked for.
        wanted: String,
        /// The taxpayer in the certificate.
        found: String,
    },
    /// The certificate names no taxpayer.
    NoRuc,
    /// keyUsage has neither digitalSignature nor nonRepudiation.
    NotForSignatures {
        /// The uses it has, as in RFC 5280.
        uses: String,
    },
}

impl Warning {
    /// Public and never reused: clients match on it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherRuc { .. } => "certificate_other_ruc",
            Self::NoRuc => "certificate_without_ruc",
            Self::NotForSignatures { .. } => "certificate_not_for_signatures",
        }
    }

    /// The doubt in Spanish, for the client.
    pub fn message_es(&self) -> String {
        match self {
            Self::OtherRuc { wanted, found } => format!(
                "El certificado es del RUC {found} y el emisor es {wanted}: el SRI rechazaría \
                 sus comprobantes (error 39)."
            ),
            Self::NoRuc => "No se encontró el RUC dentro del certificado; no se puede comprobar \
                 que sea del emisor."
                .to_owned(),
            Self::NotForSignatures { uses } => format!(
                "El certificado no declara uso de firma (declara: {uses}); el SRI podría \
                 rechazarlo por no ser del tipo firma digital."
            ),
        }
    }
}

/// Why no pair can sign.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChooseError {
    /// The file holds no private key.
    #[error("the file holds no private key")]
    NoKey,
    /// No certificate in the file belongs to a key in it.
    #[error("no certificate of the file belongs to its key")]
    NoCertificate {
        /// All certificates of the file.
        candidates: Vec<Candidate>,
    },
    /// Every certificate that could be meant belongs to an authority.
    #[error("the file holds only certificates of certification authorities")]
    OnlyAuthorities {
        /// All certificates of the file.
        candidates: Vec<Candidate>,
    },
    /// The keys are of another kind, such as elliptic curve.
    #[error("the key is not RSA but {algorithm}")]
    NotRsa {
        /// Dotted identifier of the algorithm.
        algorithm: String,
        /// All certificates of the file.
        candidates: Vec<Candidate>,
    },
    /// No certificate with a key is valid at that moment.
    #[error("no certificate of the file is in date")]
    OutOfDate {
        /// All certificates of the file, with their dates.
        candidates: Vec<Candidate>,
    },
}

impl ChooseError {
    /// Public and never reused: clients match on it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoKey => "p12_without_key",
            Self::NoCertificate { .. } => "p12_without_certificate",
            Self::OnlyAuthorities { .. } => "p12_only_authorities",
            Self::NotRsa { .. } => "p12_key_not_rsa",
            Self::OutOfDate { .. } => "p12_certificate_out_of_date",
        }
    }

    /// What was found, with the reason for each certificate.
    pub fn candidates(&self) -> &[Candidate] {
        match self {
            Self::NoKey => &[],
            Self::NoCertificate { candidates }
            | Self::OnlyAuthorities { candidates }
            | Self::NotRsa { candidates, .. }
            | Self::OutOfDate { candidates } => candidates,
        }
    }

    /// What happened and what to do, in Spanish, for the client.
    pub fn message_es(&self) -> String {
        match self {
            Self::NoKey => "El archivo .p12 no contiene una clave privada: con él no se puede \
                 firmar. Al exportarlo, elija incluir la clave privada."
                .to_owned(),
            Self::NoCertificate { .. } => "El archivo .p12 contiene una clave privada, pero no \
                 su certificado. Expórtelo de nuevo con el certificado incluido."
                .to_owned(),
            Self::OnlyAuthorities { .. } => "El archivo .p12 contiene solo certificados de \
                 entidades certificadoras (CA), no el de una persona o empresa. Pida a su \
                 entidad certificadora el archivo de su firma electrónica."
                .to_owned(),
            Self::NotRsa { algorithm, .. } => format!(
                "La clave del archivo .p12 no es RSA (algoritmo {algorithm}) y el SRI solo \
                 acepta RSA. Pida a su entidad certificadora una firma con clave RSA de 2048 bits."
            ),
            Self::OutOfDate { candidates } => {
                let dates: Vec<_> = candidates.iter().filter_map(out_of_date_es).collect();
                format!(
                    "Ningún certificado del archivo .p12 está vigente: {}. Renueve su firma \
                     electrónica y cargue el archivo nuevo.",
                    dates.join("; ")
                )
            }
        }
    }
}

/// Picks the key and certificate to sign with at `now_unix_seconds`.
///
/// A certificate belongs to a key when the public keys are equal, or, where
/// they cannot be compared, when localKeyId is. It must be RSA, in date and not
/// an authority's. Among several: not another taxpayer than `ruc`; keyUsage with
/// digitalSignature, then nonRepudiation, then no keyUsage, then the rest with a
/// warning; naming `ruc`; the newest. Another taxpayer is only a warning here.
pub fn choose(
    bundle: &Bundle,
    ruc: Option<&str>,
    now_unix_seconds: i64,
) -> Result<Choice, ChooseError> {
    if bundle.keys.is_empty() {
        return Err(ChooseError::NoKey);
    }
    let keys: Vec<Key<'_>> = bundle.keys.iter().map(Key::read).collect();
    let certificates = bundle.certificates.iter().enumerate();
    let mut candidates: Vec<Candidate> = certificates
        .map(|(index, entry)| judge(index, entry, &keys, now_unix_seconds))
        .collect();
    // Stable: equals stay in the order of the file.
    candidates.sort_by_cached_key(|candidate| rank(candidate, ruc, &keys, bundle));
    let Some(chosen) = candidates
        .first()
        .filter(|best| best.verdict == Verdict::Alternative)
    else {
        return Err(refuse(candidates, &keys));
    };
    let parts = (
        chosen.key_index,
        chosen.facts.clone(),
        chosen.certificate_index,
    );
    let (Some(key_index), Some(facts), certificate_index) = parts else {
        return Err(refuse(candidates, &keys));
    };
    let entries = bundle
        .keys
        .get(key_index)
        .zip(bundle.certificates.get(certificate_index));
    let Some((key, certificate)) = entries else {
        return Err(refuse(candidates, &keys));
    };
    explain_choice(&mut candidates, &facts, ruc);
    Ok(Choice {
        pkcs8: key.pkcs8.clone(),
        certificate_der: certificate.der.clone(),
        warnings: doubts(&facts, ruc),
        facts,
        candidates,
    })
}

/// A key and its public half, `None` when it cannot be read.
struct Key<'a> {
    entry: &'a KeyEntry,
    facts: Option<PrivateKeyFacts>,
}

impl<'a> Key<'a> {
    fn read(entry: &'a KeyEntry) -> Self {
        Self {
            entry,
            facts: PrivateKeyFacts::read(&entry.pkcs8).ok(),
        }
    }

    fn belongs_to(&self, entry: &CertificateEntry, facts: &CertificateFacts) -> bool {
        match (
            self.facts.as_ref().and_then(|key| key.rsa.as_ref()),
            &facts.rsa,
        ) {
            (Some(key), Some(certificate)) => key == certificate,
            (None, None) => self.shares_id(entry) && self.has_algorithm(&facts.key_algorithm),
            _ => false,
        }
    }

    fn shares_id(&self, entry: &CertificateEntry) -> bool {
        entry.local_key_id.is_some() && entry.local_key_id == self.entry.local_key_id
    }

    fn has_algorithm(&self, algorithm: &str) -> bool {
        self.facts
            .as_ref()
            .is_some_and(|key| key.algorithm == algorithm)
    }
}

/// Everything about one certificate that does not depend on the others.
fn judge(index: usize, entry: &CertificateEntry, keys: &[Key<'_>], now: i64) -> Candidate {
    let facts = CertificateFacts::read(&entry.der).ok();
    let key_index = facts.as_ref().and_then(|facts| {
        let owner = keys
            .iter()
            .position(|key| key.belongs_to(entry, facts) && key.shares_id(entry));
        owner.or_else(|| keys.iter().position(|key| key.belongs_to(entry, facts)))
    });
    let verdict = verdict_of(facts.as_ref(), key_index, now);
    Candidate {
        certificate_index: index,
        key_index,
        friendly_name: entry.friendly_name.clone(),
        explanation: explain(
            verdict,
            facts.as_ref(),
            keys.iter().any(|key| key.shares_id(entry)),
        ),
        facts,
        verdict,
    }
}

fn verdict_of(facts: Option<&CertificateFacts>, key_index: Option<usize>, now: i64) -> Verdict {
    let Some(facts) = facts else {
        return Verdict::Unreadable;
    };
    if facts.is_ca {
        return Verdict::CertificationAuthority;
    }
    if key_index.is_none() {
        return Verdict::NoKey;
    }
    if facts.rsa.is_none() {
        return Verdict::NotRsa;
    }
    if now > facts.not_after {
        return Verdict::Expired;
    }
    if now < facts.not_before {
        return Verdict::NotYetValid;
    }
    Verdict::Alternative
}

/// Smaller is better.
fn rank(
    candidate: &Candidate,
    ruc: Option<&str>,
    keys: &[Key<'_>],
    bundle: &Bundle,
) -> impl Ord + use<> {
    let facts = candidate.facts.as_ref();
    let found = facts.and_then(|facts| facts.ruc.as_ref());
    let is_other = ruc.is_some_and(|ruc| found.is_some_and(|found| found.value != ruc));
    let key = candidate.key_index.and_then(|index| keys.get(index));
    let certificate = bundle.certificates.get(candidate.certificate_index);
    let shares_id = key
        .zip(certificate)
        .is_some_and(|(key, entry)| key.shares_id(entry));
    (
        candidate.verdict != Verdict::Alternative,
        is_other,
        facts.map(use_class),
        found.is_none(),
        facts.map(|facts| Reverse(facts.not_before)),
        !shares_id,
    )
}

/// Kinds of keyUsage, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum UseClass {
    DigitalSignature,
    NonRepudiation,
    Unlimited,
    /// The authority has accepted keyEncipherment alone, not always.
    NotForSignatures,
}

fn use_class(facts: &CertificateFacts) -> UseClass {
    match facts.key_usage {
        None => UseClass::Unlimited,
        Some(usage) if usage.digital_signature() => UseClass::DigitalSignature,
        Some(usage) if usage.non_repudiation() => UseClass::NonRepudiation,
        Some(_) => UseClass::NotForSignatures,
    }
}

/// The nearest miss decides which error it is.
fn refuse(candidates: Vec<Candidate>, keys: &[Key<'_>]) -> ChooseError {
    let any = |verdict| {
        candidates
            .iter()
            .any(|candidate| candidate.verdict == verdict)
    };
    if any(Verdict::Expired) || any(Verdict::NotYetValid) {
        return ChooseError::OutOfDate { candidates };
    }
    let algorithms = keys.iter().filter_map(|key| key.facts.as_ref());
    let other_algorithm = algorithms
        .filter(|key| key.rsa.is_none())
        .map(|key| &key.algorithm)
        .next();
    let all_other = keys
        .iter()
        .all(|key| key.facts.as_ref().is_some_and(|key| key.rsa.is_none()));
    if let Some(algorithm) = other_algorithm.filter(|_| any(Verdict::NotRsa) || all_other) {
        return ChooseError::NotRsa {
            algorithm: algorithm.clone(),
            candidates,
        };
    }
    let authority = |candidate: &Candidate| candidate.verdict == Verdict::CertificationAuthority;
    if !candidates.is_empty() && candidates.iter().all(authority) {
        return ChooseError::OnlyAuthorities { candidates };
    }
    ChooseError::NoCertificate { candidates }
}

fn doubts(facts: &CertificateFacts, ruc: Option<&str>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    match (ruc, &facts.ruc) {
        (Some(wanted), Some(found)) if found.value != wanted => warnings.push(Warning::OtherRuc {
            wanted: wanted.to_owned(),
            found: found.value.clone(),
        }),
        (_, None) => warnings.push(Warning::NoRuc),
        _ => {}
    }
    if use_class(facts) == UseClass::NotForSignatures {
        let uses = facts
            .key_usage
            .map(|usage| usage.to_string())
            .unwrap_or_default();
        warnings.push(Warning::NotForSignatures { uses });
    }
    warnings
}
