//! Signs test documents: XAdES-BES, RSA-SHA256, every part written in canonical
//! form from the start.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::Pkcs12Archive;
use tagua_simulator::sandbox::{self, SandboxAuthority};
use tagua_verify::Certificate;

use super::NOON;

pub(crate) const PASSWORD: &str = "clave de prueba";

/// One authority for all tests: its keys take a while.
pub(crate) fn authority() -> &'static SandboxAuthority {
    static AUTHORITY: OnceLock<SandboxAuthority> = OnceLock::new();
    AUTHORITY.get_or_init(|| sandbox::create(PASSWORD, "Pruebas", NOON / 1000).expect("created"))
}

/// A key with its certificate.
#[derive(Clone)]
pub(crate) struct Signer {
    pkcs8: Vec<u8>,
    pub(crate) certificate: Certificate,
}

impl Signer {
    /// The sandbox key of an issuer, valid around [`NOON`].
    pub(crate) fn sandbox(ruc: &str) -> Self {
        static SIGNERS: OnceLock<Mutex<HashMap<String, Signer>>> = OnceLock::new();
        let mut signers = SIGNERS
            .get_or_init(Mutex::default)
            .lock()
            .expect("no panic");
        let issue = || Self::issued_at(ruc, NOON / 1000);
        signers.entry(ruc.to_owned()).or_insert_with(issue).clone()
    }

    pub(crate) fn issued_at(ruc: &str, unix_seconds: i64) -> Self {
        Self::of_authority(authority(), ruc, unix_seconds)
    }

    pub(crate) fn of_authority(authority: &SandboxAuthority, ruc: &str, unix_seconds: i64) -> Self {
        let p12 = sandbox::issue(
            &authority.p12,
            PASSWORD,
            ruc,
            "PRUEBA",
            unix_seconds,
            [7; 16],
        );
        Self::open(&p12.expect("issued"))
    }

    pub(crate) fn open(p12: &[u8]) -> Self {
        let archive = Pkcs12Archive::from_pkcs12(p12, PASSWORD).expect("a p12");
        let der = archive.certs[0].cert.as_der();
        Self {
            pkcs8: archive.keys[0].key.as_der().to_vec(),
            certificate: Certificate::from_der(der).expect("a certificate"),
        }
    }

    /// Puts a signature before the end of the root element. The document must be
    /// in canonical form, with or without an XML declaration.
    pub(crate) fn sign(&self, xml: &str, signing_time_millis: i64) -> Vec<u8> {
        let time = jiff::Timestamp::from_millisecond(signing_time_millis).expect("a time");
        let body = match xml.strip_prefix("<?xml") {
            Some(rest) => rest.split_once("?>").expect("a declaration").1.trim_start(),
            None => xml,
        };
        let signature = self.signature(body, &time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        let end = xml.rfind("</").expect("an end tag");
        let (before, after) = xml.split_at(end);
        format!("{before}{signature}{after}").into_bytes()
    }

    fn signature(&self, canonical_document: &str, time: &str) -> String {
        let certificate = STANDARD.encode(self.certificate.der());
        let key_info = format!(
            "<ds:KeyInfo Id=\"Certificate1\"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        );
        let properties = self.properties(time);
        let references = [
            reference(
                " Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#Signature1-SignedProperties1\"",
                "",
                &in_place(&properties),
            ),
            reference(" URI=\"#Certificate1\"", "", &in_place(&key_info)),
            reference(
                " Id=\"Reference-ID-1\" URI=\"#comprobante\"",
                "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform></ds:Transforms>",
                canonical_document,
            ),
        ];
        let signed_info = format!(
            "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod>{}</ds:SignedInfo>",
            references.concat()
        );
        let value = self.rsa(in_place(&signed_info).as_bytes());
        format!(
            "<ds:Signature{NAMESPACES} Id=\"Signature1\">{signed_info}<ds:SignatureValue>{value}</ds:SignatureValue>{key_info}<ds:Object><etsi:QualifyingProperties Target=\"#Signature1\">{properties}</etsi:QualifyingProperties></ds:Object></ds:Signature>"
        )
    }

    fn properties(&self, time: &str) -> String {
        let certificate = &self.certificate;
        format!(
            "<etsi:SignedProperties Id=\"Signature1-SignedProperties1\"><etsi:SignedSignatureProperties><etsi:SigningTime>{time}</etsi:SigningTime><etsi:SigningCertificate><etsi:Cert><etsi:CertDigest><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></etsi:CertDigest><etsi:IssuerSerial><ds:X509IssuerName>{}</ds:X509IssuerName><ds:X509SerialNumber>{}</ds:X509SerialNumber></etsi:IssuerSerial></etsi:Cert></etsi:SigningCertificate></etsi:SignedSignatureProperties><etsi:SignedDataObjectProperties><etsi:DataObjectFormat ObjectReference=\"#Reference-ID-1\"><etsi:Description>contenido comprobante</etsi:Description><etsi:MimeType>text/xml</etsi:MimeType></etsi:DataObjectFormat></etsi:SignedDataObjectProperties></etsi:SignedProperties>",
            sha256(certificate.der()),
            certificate.issuer(),
            certificate.serial()
        )
    }

    fn rsa(&self, message: &[u8]) -> String {
        let key = RsaKeyPair::from_pkcs8(&self.pkcs8).expect("a key");
        assert!(!key.public_key().as_ref().is_empty());
        let mut signature = vec![0; key.public_modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            message,
            &mut signature,
        )
        .expect("signs");
        STANDARD.encode(signature)
    }
}

const NAMESPACES: &str = " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:etsi=\"http://uri.etsi.org/01903/v1.3.2#\"";

/// The canonical form of a part in its place: the declarations in scope come with it.
fn in_place(part: &str) -> String {
    let name_end = part.find([' ', '>']).expect("a start tag");
    let (name, rest) = part.split_at(name_end);
    format!("{name}{NAMESPACES}{rest}")
}

fn reference(attributes: &str, transforms: &str, content: &str) -> String {
    format!(
        "<ds:Reference{attributes}>{transforms}<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod><ds:DigestValue>{}</ds:DigestValue></ds:Reference>",
        sha256(content.as_bytes())
    )
}

fn sha256(bytes: &[u8]) -> String {
    STANDARD.encode(digest(&SHA256, bytes))
}
