//! The text of the signature, element by element, in canonical form.
//!
//! It is the layout of the SRI's own signing tool. Of the signed elements only the part
//! after the element name is made here: [`apex_digest`] hashes it behind the name and the
//! namespace declarations that are in scope, [`assemble`] writes it behind the name alone.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use tagua_rsa::Digest;

use crate::{SignatureHash, SignatureIds, SigningKey, Unsigned, algorithms::C14N};

pub(crate) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Declarations of `ds:Signature`, in the order of canonical form.
pub(crate) const NAMESPACES: &str = " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
     xmlns:etsi=\"http://uri.etsi.org/01903/v1.3.2#\"";

pub(crate) const SIGNED_INFO: &str = "<ds:SignedInfo";
pub(crate) const KEY_INFO: &str = "<ds:KeyInfo";
pub(crate) const SIGNED_PROPERTIES: &str = "<etsi:SignedProperties";

/// Digest of an element in its place: canonical form shows at its apex the namespaces in
/// scope, which it inherits from `ds:Signature`. `rest` is all after the element name.
pub(crate) fn apex_digest(hash: SignatureHash, name: &str, rest: &[u8]) -> Digest {
    let parts = [name.as_bytes(), NAMESPACES.as_bytes(), rest];
    hash.hash().digest_parts(&parts)
}

/// `etsi:SignedProperties` after its name.
pub(crate) fn signed_properties(
    key: &SigningKey,
    hash: SignatureHash,
    signing_time: &str,
    ids: &SignatureIds,
) -> String {
    let SignatureIds {
        signature,
        properties,
        document_reference,
        ..
    } = ids;
    let signing_certificate = key.signing_certificate(hash);
    format!(
        " Id=\"Signature{signature}-SignedProperties{properties}\">\
         <etsi:SignedSignatureProperties>\
         <etsi:SigningTime>{signing_time}</etsi:SigningTime>\
         {signing_certificate}\
         </etsi:SignedSignatureProperties>\
         <etsi:SignedDataObjectProperties>\
         <etsi:DataObjectFormat ObjectReference=\"#Reference-ID-{document_reference}\">\
         <etsi:Description>contenido comprobante</etsi:Description>\
         <etsi:MimeType>text/xml</etsi:MimeType>\
         </etsi:DataObjectFormat>\
         </etsi:SignedDataObjectProperties>\
         </etsi:SignedProperties>"
    )
}

/// `etsi:SigningCertificate`, which names the certificate by digest, issuer and serial
/// number. `issuer` is escaped already.
pub(crate) fn signing_certificate(
    hash: SignatureHash,
    certificate: &[u8],
    issuer: &str,
    serial: &str,
) -> String {
    let algorithm = hash.digest_uri();
    let digest = BASE64.encode(hash.hash().digest(certificate));
    format!(
        "<etsi:SigningCertificate><etsi:Cert>\
         <etsi:CertDigest>\
         <ds:DigestMethod Algorithm=\"{algorithm}\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue>\
         </etsi:CertDigest>\
         <etsi:IssuerSerial>\
         <ds:X509IssuerName>{issuer}</ds:X509IssuerName>\
         <ds:X509SerialNumber>{serial}</ds:X509SerialNumber>\
         </etsi:IssuerSerial>\
         </etsi:Cert></etsi:SigningCertificate>"
    )
}

/// `ds:KeyInfo` after its name. `content` comes from [`key_info_content`].
pub(crate) fn key_info(content: &str, ids: &SignatureIds) -> String {
    format!(
        " Id=\"Certificate{}\">{content}</ds:KeyInfo>",
        ids.certificate
    )
}

/// What `ds:KeyInfo` holds: the end certificate only, in base64, and
/// its key in numbers.
pub(crate) fn key_info_content(certificate: &str, modulus: &[u8], exponent: &[u8]) -> String {
    let (modulus, exponent) = (BASE64.encode(modulus), BASE64.encode(exponent));
    format!(
        "<ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>\
         <ds:KeyValue><ds:RSAKeyValue>\
         <ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>{exponent}</ds:Exponent>\
         </ds:RSAKeyValue></ds:KeyValue>"
    )
}

/// Digests of the three references.
pub(crate) struct Digests {
    pub(crate) signed_properties: Digest,
    pub(crate) key_info: Digest,
    pub(crate) document: Digest,
}

/// `ds:SignedInfo` after its name.
pub(crate) fn signed_info(hash: SignatureHash, ids: &SignatureIds, digests: &Digests) -> String {
    let SignatureIds {
        signature,
        signed_info,
        properties_reference,
        properties,
        certificate,
        document_reference,
        ..
    } = ids;
    let signature_algorithm = hash.signature_uri();
    let properties_digest = digest(hash, &digests.signed_properties);
    let key_info_digest = digest(hash, &digests.key_info);
    let document_digest = digest(hash, &digests.document);
    format!(
        " Id=\"Signature-SignedInfo{signed_info}\">\
         <ds:CanonicalizationMethod Algorithm=\"{C14N}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{signature_algorithm}\"></ds:SignatureMethod>\
         <ds:Reference Id=\"SignedPropertiesID{properties_reference}\" \
         Type=\"http://uri.etsi.org/01903#SignedProperties\" \
         URI=\"#Signature{signature}-SignedProperties{properties}\">\
         {properties_digest}</ds:Reference>\
         <ds:Reference URI=\"#Certificate{certificate}\">{key_info_digest}</ds:Reference>\
         <ds:Reference Id=\"Reference-ID-{document_reference}\" URI=\"#comprobante\">\
         <ds:Transforms><ds:Transform \
         Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         </ds:Transforms>{document_digest}</ds:Reference>\
         </ds:SignedInfo>"
    )
}

fn digest(hash: SignatureHash, digest: &Digest) -> String {
    let (algorithm, value) = (hash.digest_uri(), BASE64.encode(digest));
    format!(
        "<ds:DigestMethod Algorithm=\"{algorithm}\"></ds:DigestMethod>\
         <ds:DigestValue>{value}</ds:DigestValue>"
    )
}

/// The parts of a signature, each after its element name.
pub(crate) struct Parts<'a> {
    pub(crate) signed_info: &'a str,
    pub(crate) signature_value: &'a [u8],
    pub(crate) key_info: &'a str,
    pub(crate) signed_properties: &'a str,
}

/// The whole file: declaration and document, with the signature as its last child.
pub(crate) fn assemble(unsigned: &Unsigned<'_>, ids: &SignatureIds, parts: &Parts<'_>) -> Vec<u8> {
    let SignatureIds {
        signature,
        signature_value,
        object,
        ..
    } = ids;
    let value = BASE64.encode(parts.signature_value);
    let (before, after) = unsigned.around_signature();
    [
        DECLARATION.as_bytes(),
        before,
        format!("<ds:Signature{NAMESPACES} Id=\"Signature{signature}\">").as_bytes(),
        SIGNED_INFO.as_bytes(),
        parts.signed_info.as_bytes(),
        format!("<ds:SignatureValue Id=\"SignatureValue{signature_value}\">").as_bytes(),
        value.as_bytes(),
        b"</ds:SignatureValue>",
        KEY_INFO.as_bytes(),
        parts.key_info.as_bytes(),
        format!("<ds:Object Id=\"Signature{signature}-Object{object}\">").as_bytes(),
        format!("<etsi:QualifyingProperties Target=\"#Signature{signature}\">").as_bytes(),
        SIGNED_PROPERTIES.as_bytes(),
        parts.signed_properties.as_bytes(),
        b"</etsi:QualifyingProperties></ds:Object></ds:Signature>",
        after,
    ]
    .concat()
}
