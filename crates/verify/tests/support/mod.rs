//! A small signer of its own, and the way to material and tools outside.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary uses a part of the shared support"
)]

use std::process::Command;
use std::sync::OnceLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, DnValue, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_RSA_SHA256, SerialNumber,
};
use tagua_testing::has_tool;
use tagua_verify::c14n::{Canonicalization, canonicalize};
use tagua_verify::{Certificate, Report, ScanLimits, XmlText};

pub const RUC: &str = "1792146739001";
pub const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<factura id="comprobante" version="1.1.0">
  <infoTributaria>
    <ambiente>1</ambiente><tipoEmision>1</tipoEmision><razonSocial>Café &amp; Ñandú</razonSocial>
    <ruc>1792146739001</ruc><claveAcceso>2110201101179214673900110020010000000011234567813</claveAcceso>
    <codDoc>01</codDoc><estab>002</estab><ptoEmi>001</ptoEmi><secuencial>000000001</secuencial>
  </infoTributaria>
  <infoFactura><fechaEmision>21/10/2011</fechaEmision><importeTotal>34.01</importeTotal></infoFactura>
  <infoAdicional><campoAdicional nombre="a&#9;b &quot;c&quot;">línea&#13;
otra</campoAdicional><campoAdicional nombre="vacío"/></infoAdicional>
</factura>"#;

/// A key, its certificate, and the certificate of the issuer.
pub struct Identity {
    key: RsaKeyPair,
    pub certificate: Certificate,
    pub authority: Certificate,
}

/// Signs the documents of most tests.
pub fn identity() -> &'static Identity {
    static IDENTITY: OnceLock<Identity> = OnceLock::new();
    IDENTITY.get_or_init(|| Identity::new(&[0x39, 0x15, 0x9c, 0x1b, 0x20, 0xf4, 0x1a, 0x55, 1]))
}

/// Another holder with a certificate of an issuer of the same name.
pub fn stranger() -> &'static Identity {
    static STRANGER: OnceLock<Identity> = OnceLock::new();
    STRANGER.get_or_init(|| Identity::new(&[7]))
}

impl Identity {
    fn new(serial: &[u8]) -> Self {
        let authority_key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let mut authority = named("Tagua, Test CA");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority_der = authority.self_signed(&authority_key).unwrap();
        let issuer = Issuer::new(authority, authority_key);

        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let certificate = holder(serial).signed_by(&key, &issuer).unwrap();
        Self {
            key: RsaKeyPair::from_pkcs8(&key.serialize_der()).unwrap(),
            certificate: Certificate::from_der(certificate.der()).unwrap(),
            authority: Certificate::from_der(authority_der.der()).unwrap(),
        }
    }

    fn sign(&self, message: &[u8], padding: &'static dyn RsaEncoding) -> String {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(padding, &SystemRandom::new(), message, &mut signature)
            .unwrap();
        STANDARD.encode(signature)
    }
}

/// Parameters valid from 2011 to 2030.
pub fn named(common_name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = rcgen::date_time_ymd(2011, 1, 1);
    params.not_after = rcgen::date_time_ymd(2030, 1, 1);
    params.distinguished_name = rcgen::DistinguishedName::new();
    let country = DnValue::PrintableString("EC".try_into().unwrap());
    params.distinguished_name.push(DnType::CountryName, country);
    let organization = "Ñandú S.A.";
    params
        .distinguished_name
        .push(DnType::OrganizationName, organization);
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params
}

fn holder(serial: &[u8]) -> CertificateParams {
    let mut params = named("Holder");
    params.serial_number = Some(SerialNumber::from_slice(serial));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.custom_extensions = vec![text_extension(&[1, 3, 6, 1, 4, 1, 37746, 3, 11], RUC)];
    params
}

/// A private extension with a PrintableString in it.
pub fn text_extension(oid: &[u64], text: &str) -> CustomExtension {
    let mut value = vec![19, u8::try_from(text.len()).unwrap()];
    value.extend(text.bytes());
    CustomExtension::from_oid_content(oid, value)
}

/// A self-signed certificate with these parameters.
pub fn self_signed(params: &CertificateParams) -> Certificate {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    let key = KEY.get_or_init(|| KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap());
    Certificate::from_der(params.self_signed(key).unwrap().der()).unwrap()
}

const TEMPLATE: &str = r##"<ds:Signature Id="Signature1" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:etsi="http://uri.etsi.org/01903/v1.3.2#">
<ds:SignedInfo Id="SignedInfo2">
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
<ds:Reference Id="Reference3" Type="http://uri.etsi.org/01903#SignedProperties" URI="#SignedProperties4"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>@PROPERTIES@</ds:DigestValue></ds:Reference>
<ds:Reference URI="#Certificate5"><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>@KEYINFO@</ds:DigestValue></ds:Reference>
<ds:Reference Id="Reference6" URI="#comprobante"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>@DOCUMENT@</ds:DigestValue></ds:Reference>
</ds:SignedInfo>
<ds:SignatureValue Id="SignatureValue7">@VALUE@</ds:SignatureValue>
<ds:KeyInfo Id="Certificate5"><ds:X509Data><ds:X509Certificate>@CERTIFICATE@</ds:X509Certificate></ds:X509Data><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>@MODULUS@</ds:Modulus><ds:Exponent>@EXPONENT@</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>
<ds:Object Id="Object8"><etsi:QualifyingProperties Target="#Signature1"><etsi:SignedProperties Id="SignedProperties4"><etsi:SignedSignatureProperties><etsi:SigningTime>2011-10-21T10:20:30-05:00</etsi:SigningTime><etsi:SigningCertificate><etsi:Cert><etsi:CertDigest><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>@FINGERPRINT@</ds:DigestValue></etsi:CertDigest><etsi:IssuerSerial><ds:X509IssuerName>@ISSUER@</ds:X509IssuerName><ds:X509SerialNumber>@SERIAL@</ds:X509SerialNumber></etsi:IssuerSerial></etsi:Cert></etsi:SigningCertificate></etsi:SignedSignatureProperties><etsi:SignedDataObjectProperties><etsi:DataObjectFormat ObjectReference="#Reference6"><etsi:Description>contenido comprobante</etsi:Description><etsi:MimeType>text/xml</etsi:MimeType></etsi:DataObjectFormat></etsi:SignedDataObjectProperties></etsi:SignedProperties></etsi:QualifyingProperties></ds:Object></ds:Signature>"##;

/// The document of most tests, signed.
pub fn signed() -> String {
    signed_after(|draft| draft)
}

/// Signs what `edit` makes of the draft: the result is consistent in itself.
pub fn signed_after(edit: impl FnOnce(String) -> String) -> String {
    sign_draft(&edit(draft()), identity(), &RSA_PKCS1_SHA256)
}

/// The same with RSA-SHA512.
pub fn signed_with_sha512(edit: impl FnOnce(String) -> String) -> String {
    sign_draft(&edit(draft()), identity(), &RSA_PKCS1_SHA512)
}

fn draft() -> String {
    let certificate = &identity().certificate;
    let signature = TEMPLATE
        .replace("@CERTIFICATE@", &wrapped(certificate.der()))
        .replace("@MODULUS@", &STANDARD.encode(certificate.modulus()))
        .replace("@EXPONENT@", &STANDARD.encode(certificate.exponent()))
        .replace("@FINGERPRINT@", &STANDARD.encode(certificate.fingerprint()))
        .replace("@ISSUER@", &certificate.issuer())
        .replace("@SERIAL@", certificate.serial());
    DOCUMENT.replace("</factura>", &format!("{signature}</factura>"))
}

/// Base64 in lines of 76 characters.
pub fn wrapped(octets: &[u8]) -> String {
    let text = STANDARD.encode(octets);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    lines.join("\n")
}

fn sign_draft(draft: &str, identity: &Identity, padding: &'static dyn RsaEncoding) -> String {
    let digest = |apex, excluded| {
        let octets = canonical_part(draft, apex, excluded);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &octets);
        STANDARD.encode(digest)
    };
    let root = draft_root(draft);
    let filled = draft
        .replace("@DOCUMENT@", &digest(&root, Some("Signature")))
        .replace("@KEYINFO@", &digest("KeyInfo", None))
        .replace("@PROPERTIES@", &digest("SignedProperties", None));
    let signed_info = canonical_part(&filled, "SignedInfo", None);
    filled.replace("@VALUE@", &identity.sign(&signed_info, padding))
}

fn draft_root(draft: &str) -> String {
    let text = XmlText::read(draft.as_bytes(), &ScanLimits::default()).unwrap();
    let tree = text.tree().unwrap();
    tree.root_element().tag_name().name().to_owned()
}

/// Canonical octets of the first element of this name.
pub fn canonical_part(text: &str, apex: &str, excluded: Option<&str>) -> Vec<u8> {
    let text = XmlText::read(text.as_bytes(), &ScanLimits::default()).unwrap();
    let tree = text.tree().unwrap();
    let named = |name: &str| {
        tree.descendants()
            .find(|node| node.is_element() && node.tag_name().name() == name)
            .unwrap()
    };
    canonicalize(
        named(apex),
        excluded.map(named),
        &Canonicalization::INCLUSIVE,
    )
}

/// Names of the checks that failed.
pub fn failed(report: &Report) -> Vec<&'static str> {
    report.failed().map(|check| check.name).collect()
}

/// Names of the checks that warned.
pub fn warned(report: &Report) -> Vec<&'static str> {
    let warned = |check: &&tagua_verify::Check| check.verdict == tagua_verify::Verdict::Warn;
    let checks = report.checks.iter().filter(warned);
    checks.map(|check| check.name).collect()
}

/// A command-line tool; nothing when it is not installed.
pub fn tool(name: &str) -> Option<Command> {
    has_tool(name).then(|| Command::new(name))
}
