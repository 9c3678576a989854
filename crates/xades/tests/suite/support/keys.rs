//! RSA keys with certificates of an issuer whose name needs every kind of escape.

use std::sync::OnceLock;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair as RsaPair, KeySize},
};
use rcgen::{CertificateParams, CertifiedIssuer, DistinguishedName, DnType, KeyPair, SerialNumber};
use tagua_xades::SigningKey;

/// The issuer of every certificate here as RFC 2253 writes it.
pub(crate) const ISSUER: &str = "2.5.4.97=#0c0f56415445532d413636373231343939,\
    CN=AUTORIDAD \\<Ñandú\\> & \\\"Hijos\\\",O=Certificación\\, S.A.,C=EC";

/// The same in XML.
pub(crate) const ISSUER_XML: &str = "2.5.4.97=#0c0f56415445532d413636373231343939,\
    CN=AUTORIDAD \\&lt;Ñandú\\&gt; &amp; \\\"Hijos\\\",O=Certificación\\, S.A.,C=EC";

/// Longer than 64 bits.
pub(crate) const SERIAL: &str = "22774453838368691933757882222884355840";

pub(crate) struct TestKey {
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) certificate: Vec<u8>,
    pub(crate) signing: SigningKey,
}

pub(crate) fn rsa2048() -> &'static TestKey {
    static KEY: OnceLock<TestKey> = OnceLock::new();
    KEY.get_or_init(|| generate(KeySize::Rsa2048))
}

pub(crate) fn rsa4096() -> &'static TestKey {
    static KEY: OnceLock<TestKey> = OnceLock::new();
    KEY.get_or_init(|| generate(KeySize::Rsa4096))
}

fn generate(size: KeySize) -> TestKey {
    let pair = RsaPair::generate(size).expect("a new key");
    let der: Pkcs8V1Der = pair.as_der().expect("PKCS#8");
    let pkcs8 = der.as_ref().to_vec();
    let certificate = certificate_of(&pkcs8);
    let signing = SigningKey::new(&pkcs8, &certificate).expect("a pair");
    TestKey {
        pkcs8,
        certificate,
        signing,
    }
}

/// A certificate for any PKCS#8 key, issued by [`ISSUER`] with serial number [`SERIAL`].
pub(crate) fn certificate_of(pkcs8: &[u8]) -> Vec<u8> {
    let subject = KeyPair::try_from(pkcs8).expect("a key for rcgen");
    let mut leaf = CertificateParams::new(vec![]).expect("no names");
    let serial: u128 = SERIAL.parse().expect("128 bits");
    leaf.serial_number = Some(SerialNumber::from_slice(&serial.to_be_bytes()));
    leaf.distinguished_name
        .push(DnType::CommonName, "PERSONA DE PRUEBA");
    let certificate = leaf.signed_by(&subject, &issuer()).expect("a certificate");
    certificate.der().to_vec()
}

fn issuer() -> CertifiedIssuer<'static, KeyPair> {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "EC");
    name.push(DnType::OrganizationName, "Certificación, S.A.");
    name.push(DnType::CommonName, "AUTORIDAD <Ñandú> & \"Hijos\"");
    name.push(DnType::from_oid(&[2, 5, 4, 97]), "VATES-A66721499");
    let mut params = CertificateParams::new(vec![]).expect("no names");
    params.distinguished_name = name;
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("an issuer")
}
