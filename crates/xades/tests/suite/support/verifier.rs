//! A second opinion: parses the signed file and canonicalises the tree, with other
//! libraries for parsing and hashing than the crate's.

use std::collections::BTreeMap;

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY as RSA_SHA1,
    RSA_PKCS1_2048_8192_SHA256 as RSA_SHA256, RsaPublicKeyComponents,
};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use roxmltree::{Document, Node, NodeId};
use sha1::Digest as _;
use x509_parser::prelude::{FromDer, X509Certificate};

const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
const ETSI: &str = "http://uri.etsi.org/01903/v1.3.2#";

/// Verifies a signed file as a stranger would.
pub(crate) fn verify(signed: &[u8]) -> Result<(), String> {
    let text = str::from_utf8(signed).map_err(|error| error.to_string())?;
    let tree = Document::parse(text).map_err(|error| error.to_string())?;
    let signature = child(tree.root_element(), DS, "Signature")?;
    if signature.next_sibling().is_some() {
        return Err("the signature is not the last child".into());
    }
    let signed_info = child(signature, DS, "SignedInfo")?;
    let references: Vec<_> = elements(signed_info, DS, "Reference").collect();
    if references.len() != 3 {
        return Err(format!("{} references", references.len()));
    }
    for reference in references {
        verify_reference(&tree, signature, reference)?;
    }
    verify_value(signature, signed_info)?;
    verify_certificate(signature)
}

fn verify_reference(tree: &Document, signature: Node, reference: Node) -> Result<(), String> {
    let uri = attribute(reference, "URI")?;
    let target = uri.strip_prefix('#').ok_or("URI without #")?;
    let mut named = tree
        .descendants()
        .filter(|node| [node.attribute("Id"), node.attribute("id")].contains(&Some(target)));
    let (Some(node), None) = (named.next(), named.next()) else {
        return Err(format!("{uri} is not exactly one element"));
    };
    let enveloped = child(reference, DS, "Transforms").is_ok();
    let canonical = canonical_form(node, enveloped.then_some(signature.id()));
    let digest = digest(child(reference, DS, "DigestMethod")?, canonical.as_bytes())?;
    let expected = base64_of(child(reference, DS, "DigestValue")?)?;
    (digest == expected)
        .then_some(())
        .ok_or(format!("digest of {uri}"))
}

fn verify_value(signature: Node, signed_info: Node) -> Result<(), String> {
    let method = attribute(child(signed_info, DS, "SignatureMethod")?, "Algorithm")?;
    let algorithm = match method {
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1" => &RSA_SHA1,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => &RSA_SHA256,
        other => return Err(format!("signature method {other}")),
    };
    let (n, e) = key_value(signature)?;
    let value = base64_of(child(signature, DS, "SignatureValue")?)?;
    RsaPublicKeyComponents { n, e }
        .verify(
            algorithm,
            canonical_form(signed_info, None).as_bytes(),
            &value,
        )
        .map_err(|_| "RSA signature".to_owned())
}

fn verify_certificate(signature: Node) -> Result<(), String> {
    let certificate = base64_of(descendant(signature, DS, "X509Certificate")?)?;
    let (_, parsed) = X509Certificate::from_der(&certificate).map_err(|e| e.to_string())?;
    let (modulus, _) = key_value(signature)?;
    let key = &parsed.public_key().subject_public_key.data;
    if !key.windows(modulus.len()).any(|window| window == modulus) {
        return Err("KeyValue is not the certificate's key".into());
    }
    let named = descendant(signature, ETSI, "CertDigest")?;
    let digest = digest(child(named, DS, "DigestMethod")?, &certificate)?;
    if digest != base64_of(child(named, DS, "DigestValue")?)? {
        return Err("CertDigest".into());
    }
    let serial = descendant(signature, DS, "X509SerialNumber")?.text();
    (serial == Some(&parsed.serial.to_string()))
        .then_some(())
        .ok_or("serial number".into())
}

fn key_value(signature: Node) -> Result<(Vec<u8>, Vec<u8>), String> {
    let number = |name| base64_of(descendant(signature, DS, name)?);
    Ok((number("Modulus")?, number("Exponent")?))
}

fn digest(method: Node, bytes: &[u8]) -> Result<Vec<u8>, String> {
    match attribute(method, "Algorithm")? {
        "http://www.w3.org/2000/09/xmldsig#sha1" => Ok(sha1::Sha1::digest(bytes).to_vec()),
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(sha2::Sha256::digest(bytes).to_vec()),
        other => Err(format!("digest method {other}")),
    }
}

fn base64_of(node: Node) -> Result<Vec<u8>, String> {
    let text: String = node.text().unwrap_or_default().split_whitespace().collect();
    BASE64.decode(text).map_err(|error| error.to_string())
}

fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, String> {
    node.attribute(name).ok_or(format!("no {name}"))
}

fn elements<'a, 'i>(
    parent: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    parent
        .children()
        .filter(move |node| node.has_tag_name((namespace, name)))
}

fn child<'a, 'i>(
    parent: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Result<Node<'a, 'i>, String> {
    elements(parent, namespace, name)
        .next()
        .ok_or(format!("no {name}"))
}

fn descendant<'a, 'i>(
    ancestor: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> Result<Node<'a, 'i>, String> {
    let mut descendants = ancestor.descendants();
    descendants
        .find(|node| node.has_tag_name((namespace, name)))
        .ok_or(format!("no {name}"))
}

/// Canonical XML 1.0 of an element in its place, without comments and without `omitted`.
pub(crate) fn canonical_form(apex: Node, omitted: Option<NodeId>) -> String {
    let mut out = String::new();
    write_element(apex, &BTreeMap::new(), omitted, &mut out);
    out
}

fn write_element(
    node: Node,
    rendered: &BTreeMap<String, String>,
    omitted: Option<NodeId>,
    out: &mut String,
) {
    let in_scope: BTreeMap<_, _> = node
        .namespaces()
        .map(|space| {
            (
                space.name().unwrap_or_default().to_owned(),
                space.uri().to_owned(),
            )
        })
        .filter(|(prefix, _)| prefix != "xml")
        .collect();
    let name = qualified_name(node);
    out.push_str(&format!("<{name}"));
    for (prefix, uri) in &in_scope {
        if rendered.get(prefix) != Some(uri) {
            assert!(
                !prefix.is_empty(),
                "no default namespaces in these documents"
            );
            out.push_str(&format!(" xmlns:{prefix}=\"{uri}\""));
        }
    }
    let attributes: BTreeMap<_, _> = node.attributes().map(|a| (a.name(), a.value())).collect();
    for (name, value) in attributes {
        out.push_str(&format!(" {name}=\""));
        value
            .chars()
            .for_each(|character| write_character(character, true, out));
        out.push('"');
    }
    out.push('>');
    for child in node.children().filter(|child| Some(child.id()) != omitted) {
        if child.is_element() {
            write_element(child, &in_scope, omitted, out);
        } else if child.is_text() {
            let text = child.text().unwrap_or_default();
            text.chars()
                .for_each(|character| write_character(character, false, out));
        }
    }
    out.push_str(&format!("</{name}>"));
}

fn qualified_name(node: Node) -> String {
    let name = node.tag_name();
    match name.namespace().and_then(|uri| node.lookup_prefix(uri)) {
        Some(prefix) => format!("{prefix}:{}", name.name()),
        None => name.name().to_owned(),
    }
}

fn write_character(character: char, in_attribute: bool, out: &mut String) {
    match (character, in_attribute) {
        ('&', _) => out.push_str("&amp;"),
        ('<', _) => out.push_str("&lt;"),
        ('>', false) => out.push_str("&gt;"),
        ('"', true) => out.push_str("&quot;"),
        ('\t', true) => out.push_str("&#x9;"),
        ('\n', true) => out.push_str("&#xA;"),
        ('\r', _) => out.push_str("&#xD;"),
        (other, _) => out.push(other),
    }
}
