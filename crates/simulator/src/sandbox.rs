//! The sandbox certificate authority: certificates that only the simulator trusts.
//!
//! All issuers of one sandbox share one RSA key, so that a certificate costs one
//! signature instead of a key generation. No private key is ever written in clear:
//! authority and signing key live in a PKCS#12 file under the owner's password.

use std::time::Duration;

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, Pkcs12Archive,
    PrivateKey, PrivateKeyChain,
};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize, SerialNumber,
};

/// Common name of every sandbox authority: nobody may take it for a real one.
pub const AUTHORITY_COMMON_NAME: &str = "TAGUA SANDBOX CA (SIN VALIDEZ TRIBUTARIA)";

/// Where a sandbox certificate carries the RUC, after the accredited authorities'
/// habit of an OID ending in `.3.11`. The arc 55555 is not registered: it is for
/// the sandbox and must not appear in a real certificate.
pub const RUC_OID: &[u64] = &[1, 3, 6, 1, 4, 1, 55555, 3, 11];

const AUTHORITY_ALIAS: &str = "tagua-sandbox-ca";
const SIGNING_ALIAS: &str = "tagua-sandbox-signing";

/// The password guards keys without any value outside the simulator, and a
/// request unlocks one each time: about a millisecond.
const ITERATIONS: u32 = 2_048;

const DAY_SECONDS: i64 = 86_400;
const AUTHORITY_DAYS: i64 = 3_653;
const CERTIFICATE_DAYS: i64 = 731;
/// `ub-common-name` and `ub-organization-name` (RFC 5280, appendix A.1).
const NAME_LENGTH_MAX: usize = 64;

/// A new authority.
#[derive(Clone)]
pub struct SandboxAuthority {
    /// PKCS#12 with the authority's key and certificate and the shared signing key.
    pub p12: Vec<u8>,
    /// The authority's certificate, for [`crate::Config::sandbox_ca_dir`].
    pub ca_certificate_der: Vec<u8>,
}

/// Why an authority or a certificate could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The authority's file was made with another password.
    #[error("the password does not open the sandbox authority")]
    WrongPassword,
    /// The file is no PKCS#12, or not one of [`create`].
    #[error("the file is not a sandbox authority")]
    NotAnAuthority,
    /// 13 digits were expected.
    #[error("a RUC has 13 digits")]
    Ruc,
    /// The time lies outside the years that a certificate can name.
    #[error("the time {0} cannot be written in a certificate")]
    Time(i64),
    /// Key generation or signing failed.
    #[error("the certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    /// The PKCS#12 file could not be written.
    #[error("the PKCS#12 file could not be written")]
    Pkcs12(#[source] p12_keystore::error::Error),
}

/// Makes an authority for the installation `name`: two RSA-2048 keys, one
/// certificate of ten years. Takes as long as the key generation, up to some seconds.
pub fn create(
    password: &str,
    name: &str,
    now_unix_seconds: i64,
) -> Result<SandboxAuthority, SandboxError> {
    let authority_key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
    let signing_key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
    let mut params = authority_params(name);
    set_validity(&mut params, now_unix_seconds, AUTHORITY_DAYS)?;
    let certificate = params.self_signed(&authority_key)?;

    let mut store = KeyStore::new();
    let chain = vec![read_certificate(certificate.der())?];
    store.add_entry(AUTHORITY_ALIAS, key_entry("1", &authority_key, chain)?);
    store.add_entry(SIGNING_ALIAS, key_entry("2", &signing_key, Vec::new())?);
    Ok(SandboxAuthority {
        p12: write_p12(&store, password)?,
        ca_certificate_der: certificate.der().to_vec(),
    })
}

/// Makes the PKCS#12 of one issuer: the shared signing key, a certificate of two
/// years for `ruc`, and the authority's certificate, under the same password.
///
/// `serial` should be random; its first bits are changed so that the number is
/// positive and 16 bytes long. Names longer than 64 characters are cut.
pub fn issue(
    authority_p12: &[u8],
    password: &str,
    ruc: &str,
    name: &str,
    now_unix_seconds: i64,
    serial: [u8; 16],
) -> Result<Vec<u8>, SandboxError> {
    if ruc.len() != 13 || !ruc.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SandboxError::Ruc);
    }
    let authority = open_authority(authority_p12, password)?;
    let issuer_params = authority_params(&authority.name);
    let issuer = Issuer::from_params(&issuer_params, &authority.key);
    let params = issuer_certificate(ruc, name, now_unix_seconds, serial)?;
    let certificate = params.signed_by(&authority.signing_key, &issuer)?;

    let chain = vec![read_certificate(certificate.der())?, authority.certificate];
    let mut store = KeyStore::new();
    store.add_entry(ruc, key_entry("1", &authority.signing_key, chain)?);
    write_p12(&store, password)
}

struct Authority {
    name: String,
    key: KeyPair,
    signing_key: KeyPair,
    certificate: Certificate,
}

fn open_authority(p12: &[u8], password: &str) -> Result<Authority, SandboxError> {
    let archive = Pkcs12Archive::from_pkcs12(p12, password).map_err(|error| match error {
        p12_keystore::error::Error::MacError(_) => SandboxError::WrongPassword,
        _ => SandboxError::NotAnAuthority,
    })?;
    let key = |alias: &str| {
        let bag = archive
            .keys
            .iter()
            .find(|bag| bag.friendly_name.as_deref() == Some(alias))
            .ok_or(SandboxError::NotAnAuthority)?;
        let pkcs8 = bag.key.as_der().into();
        KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8, &PKCS_RSA_SHA256)
            .map_err(|_| SandboxError::NotAnAuthority)
    };
    let certificate = archive.certs.first().map(|bag| bag.cert.clone());
    let certificate = certificate.ok_or(SandboxError::NotAnAuthority)?;
    Ok(Authority {
        name: organization(certificate.as_der()).ok_or(SandboxError::NotAnAuthority)?,
        key: key(AUTHORITY_ALIAS)?,
        signing_key: key(SIGNING_ALIAS)?,
        certificate,
    })
}

fn organization(certificate: &[u8]) -> Option<String> {
    let (_, certificate) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let organization = certificate.subject().iter_organization().next()?;
    organization.as_str().ok().map(str::to_owned)
}

/// Name and key identifier of the authority: the same at creation and at each issue.
fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = distinguished_name(name, AUTHORITY_COMMON_NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn issuer_certificate(
    ruc: &str,
    name: &str,
    now_unix_seconds: i64,
    mut serial: [u8; 16],
) -> Result<CertificateParams, SandboxError> {
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x3f) | 0x40;
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = distinguished_name("TAGUA SANDBOX", name);
    // serialNumber of the subject (X.520).
    let subject_serial = DnType::CustomDnType(vec![2, 5, 4, 5]);
    params.distinguished_name.push(subject_serial, ruc);
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    set_validity(&mut params, now_unix_seconds, CERTIFICATE_DAYS)?;
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::ContentCommitment,
    ];
    params.custom_extensions = vec![CustomExtension::from_oid_content(RUC_OID, utf8_string(ruc))];
    Ok(params)
}

/// A DER UTF8String; the RUC's 13 bytes need one length byte.
fn utf8_string(ruc: &str) -> Vec<u8> {
    let length = u8::try_from(ruc.len()).unwrap_or_default();
    [&[0x0c, length], ruc.as_bytes()].concat()
}

fn distinguished_name(organization: &str, common_name: &str) -> DistinguishedName {
    let cut = |text: &str| text.chars().take(NAME_LENGTH_MAX).collect::<String>();
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "EC");
    name.push(DnType::OrganizationName, cut(organization));
    name.push(DnType::CommonName, cut(common_name));
    name
}

/// Sets both ends of the validity. Only years 1970 to 2999 are written.
fn set_validity(
    params: &mut CertificateParams,
    now_unix_seconds: i64,
    days: i64,
) -> Result<(), SandboxError> {
    const YEAR_3000: i64 = 32_503_680_000;
    if !(DAY_SECONDS..YEAR_3000 - days * DAY_SECONDS).contains(&now_unix_seconds) {
        return Err(SandboxError::Time(now_unix_seconds));
    }
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let after = |seconds: i64| Duration::from_secs(seconds.unsigned_abs());
    // A day of grace: the clock that signs may be behind the clock that issues.
    params.not_before = epoch + after(now_unix_seconds - DAY_SECONDS);
    params.not_after = epoch + after(now_unix_seconds + days * DAY_SECONDS);
    Ok(())
}

fn read_certificate(der: &[u8]) -> Result<Certificate, SandboxError> {
    Certificate::from_der(der).map_err(SandboxError::Pkcs12)
}

fn key_entry(
    local_key_id: &str,
    key: &KeyPair,
    chain: Vec<Certificate>,
) -> Result<KeyStoreEntry, SandboxError> {
    let key = PrivateKey::from_der(key.serialized_der()).map_err(SandboxError::Pkcs12)?;
    let chain = PrivateKeyChain::new(local_key_id, key, chain);
    Ok(KeyStoreEntry::PrivateKeyChain(chain))
}

fn write_p12(store: &KeyStore, password: &str) -> Result<Vec<u8>, SandboxError> {
    store
        .writer(password)
        .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
        .encryption_iterations(ITERATIONS)
        .mac_algorithm(MacAlgorithm::HmacSha256)
        .mac_iterations(ITERATIONS)
        .write()
        .map_err(SandboxError::Pkcs12)
}
