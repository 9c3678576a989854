//! The parts of a `ds:Signature` and the resolution of its references.

use roxmltree::{Document, Node};

use crate::c14n::{Canonicalization, Comments, Form, canonicalize};
use crate::digest::{DigestMethod, from_base64, to_base64};
use crate::xml::{DS, XADES, XML, child_in, children_named, path_in, text_of};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// References of a signature: each may cover the whole document, so their number
/// bounds the work.
pub(crate) const REFERENCES_MAX: usize = 8;

/// Prefixes listed in `InclusiveNamespaces`.
const PREFIXES_MAX: usize = 32;

/// A signature inside its document; parts that are absent are `None`.
pub(crate) struct Signature<'a, 'i> {
    pub(crate) node: Node<'a, 'i>,
    pub(crate) signed_info: Option<Node<'a, 'i>>,
    pub(crate) signature_value: Option<Node<'a, 'i>>,
    pub(crate) key_info: Option<Node<'a, 'i>>,
    pub(crate) qualifying: Option<Node<'a, 'i>>,
    pub(crate) signed_properties: Option<Node<'a, 'i>>,
}

impl<'a, 'i: 'a> Signature<'a, 'i> {
    pub(crate) fn new(node: Node<'a, 'i>) -> Self {
        let qualifying = node
            .children()
            .filter(|child| child.has_tag_name((DS, "Object")))
            .find_map(|object| child_in(object, XADES, "QualifyingProperties"));
        Self {
            node,
            signed_info: child_in(node, DS, "SignedInfo"),
            signature_value: child_in(node, DS, "SignatureValue"),
            key_info: child_in(node, DS, "KeyInfo"),
            qualifying,
            signed_properties: qualifying
                .and_then(|node| child_in(node, XADES, "SignedProperties")),
        }
    }

    /// The identifier of the canonicalisation of `SignedInfo`.
    pub(crate) fn canonicalization_algorithm(&self) -> Option<&'a str> {
        self.method("CanonicalizationMethod")
    }

    /// The identifier of the signature method.
    pub(crate) fn signature_algorithm(&self) -> Option<&'a str> {
        self.method("SignatureMethod")
    }

    fn method(&self, name: &'static str) -> Option<&'a str> {
        child_in(self.signed_info?, DS, name)?.attribute("Algorithm")
    }

    /// The canonical octets that the signature value signs.
    pub(crate) fn canonical_signed_info(&self) -> Option<Vec<u8>> {
        let signed_info = self.signed_info?;
        let method = child_in(signed_info, DS, "CanonicalizationMethod")?;
        Some(canonicalize(signed_info, None, &canonicalization(method)?))
    }

    /// An element reached from `SignedSignatureProperties`.
    pub(crate) fn signed_property(&self, path: &[&'static str]) -> Option<Node<'a, 'i>> {
        let properties = child_in(self.signed_properties?, XADES, "SignedSignatureProperties")?;
        path_in(properties, XADES, path)
    }

    /// The references of `SignedInfo`, resolved; at most one more than
    /// [`REFERENCES_MAX`], so that too many can be noticed.
    pub(crate) fn references(&self, tree: &'a Document<'i>) -> Vec<Reference<'a, 'i>> {
        self.signed_info
            .into_iter()
            .flat_map(|node| node.children())
            .filter(|child| child.has_tag_name((DS, "Reference")))
            .take(REFERENCES_MAX + 1)
            .map(|node| Reference::resolve(node, self, tree))
            .collect()
    }
}

/// What a reference covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Document,
    SignedProperties,
    KeyInfo,
    Other,
}

/// One `ds:Reference`; each part that cannot be understood is a complaint.
pub(crate) struct Reference<'a, 'i> {
    pub(crate) uri: String,
    pub(crate) kind: Option<&'a str>,
    pub(crate) target: Result<Node<'a, 'i>, String>,
    pub(crate) role: Option<Role>,
    pub(crate) transforms: Result<Transforms, String>,
    pub(crate) method: Result<DigestMethod, String>,
    expected: String,
}

/// The transforms of a reference.
#[derive(Debug)]
pub(crate) struct Transforms {
    pub(crate) enveloped: bool,
    canonicalization: Canonicalization,
}

impl<'a, 'i: 'a> Reference<'a, 'i> {
    fn resolve(node: Node<'a, 'i>, signature: &Signature<'a, 'i>, tree: &'a Document<'i>) -> Self {
        let uri = node.attribute("URI");
        let target = match uri {
            Some(uri) => resolve_uri(uri, tree),
            None => Err("a reference has no URI".to_owned()),
        };
        let role = target.as_ref().ok().map(|target| role(*target, signature));
        let method = child_in(node, DS, "DigestMethod").and_then(|m| m.attribute("Algorithm"));
        Self {
            uri: uri.unwrap_or_default().to_owned(),
            kind: node.attribute("Type"),
            target,
            role,
            transforms: Transforms::read(child_in(node, DS, "Transforms")),
            method: method
                .and_then(DigestMethod::from_algorithm)
                .ok_or_else(|| format!("unknown digest method {}", method.unwrap_or("(none)"))),
            expected: child_in(node, DS, "DigestValue").map_or_else(String::new, |value| {
                text_of(value).split_whitespace().collect()
            }),
        }
    }

    /// Compares the digest; what it says is for a person.
    pub(crate) fn check_digest(&self, signature: Node<'_, '_>) -> Result<String, String> {
        let complain = |problem: &String| format!("\"{}\": {problem}", self.uri);
        let target = *self.target.as_ref().map_err(complain)?;
        let transforms = self.transforms.as_ref().map_err(complain)?;
        let method = self.method.as_ref().map_err(complain)?;
        let octets = transforms.apply(target, signature);
        let found = method.digest(&octets);
        let (name, length, text) = (method.name(), octets.len(), to_base64(&found));
        if from_base64(&self.expected).as_ref() == Some(&found) {
            Ok(format!("{name} {text} over {length} canonical octets"))
        } else {
            let expected = &self.expected;
            Err(format!(
                "{name} expected {expected}, found {text} over {length} canonical octets"
            ))
        }
    }
}

fn role(target: Node<'_, '_>, signature: &Signature<'_, '_>) -> Role {
    let is = |node: Option<Node<'_, '_>>| node.is_some_and(|node| node.id() == target.id());
    if target.is_root() || target.parent().is_some_and(|parent| parent.is_root()) {
        Role::Document
    } else if is(signature.signed_properties) {
        Role::SignedProperties
    } else if is(signature.key_info) {
        Role::KeyInfo
    } else {
        Role::Other
    }
}

fn resolve_uri<'a, 'i: 'a>(uri: &str, tree: &'a Document<'i>) -> Result<Node<'a, 'i>, String> {
    if uri.is_empty() {
        return Ok(tree.root());
    }
    let id = uri
        .strip_prefix('#')
        .filter(|id| !id.is_empty() && !id.contains('('))
        .ok_or_else(|| format!("\"{uri}\" is not a reference inside the document"))?;
    let mut found = tree
        .descendants()
        .filter(|node| ids(*node).any(|candidate| candidate == id));
    match (found.next(), found.next()) {
        (Some(node), None) => Ok(node),
        (None, _) => Err(format!("no element has the id {id}")),
        (Some(_), Some(_)) => Err(format!("more than one element has the id {id}")),
    }
}

/// The values of the attributes of an element that identify it. Readers disagree
/// on which of these is an id, so all of them count.
pub(crate) fn ids<'a, 'i: 'a>(node: Node<'a, 'i>) -> impl Iterator<Item = &'a str> {
    node.attributes()
        .filter(|attribute| match attribute.namespace() {
            None => attribute.name().eq_ignore_ascii_case("id"),
            Some(namespace) => namespace == XML && attribute.name() == "id",
        })
        .map(|attribute| attribute.value())
}

impl Transforms {
    /// `enveloped-signature` and one canonicalisation, in this order, each optional.
    fn read(list: Option<Node<'_, '_>>) -> Result<Self, String> {
        let mut enveloped = false;
        let mut chosen = None;
        for transform in list
            .into_iter()
            .flat_map(|l| children_named(l, "Transform"))
        {
            let algorithm = transform.attribute("Algorithm").unwrap_or_default();
            if chosen.is_some() {
                return Err(format!("{algorithm} follows a canonicalisation"));
            }
            if algorithm == ENVELOPED {
                enveloped = true;
            } else {
                let known = canonicalization(transform);
                chosen = Some(known.ok_or_else(|| format!("unknown transform {algorithm}"))?);
            }
        }
        let canonicalization = chosen.unwrap_or(Canonicalization::INCLUSIVE);
        Ok(Self {
            enveloped,
            canonicalization,
        })
    }

    /// Both kinds of same-document reference leave comments out (XML-DSig, 4.4.3.3),
    /// so a transform that keeps them finds none.
    fn apply(&self, target: Node<'_, '_>, signature: Node<'_, '_>) -> Vec<u8> {
        let canonicalization = Canonicalization {
            comments: Comments::Dropped,
            ..self.canonicalization.clone()
        };
        canonicalize(
            target,
            self.enveloped.then_some(signature),
            &canonicalization,
        )
    }
}

/// The canonicalisation an element names, with the prefixes it may list.
fn canonicalization(method: Node<'_, '_>) -> Option<Canonicalization> {
    let mut canonicalization = Canonicalization::from_algorithm(method.attribute("Algorithm")?)?;
    if let Form::Exclusive { inclusive_prefixes } = &mut canonicalization.form {
        let list = child_in(method, EXCLUSIVE, "InclusiveNamespaces");
        let prefixes = list.and_then(|list| list.attribute("PrefixList"));
        let prefixes = prefixes.unwrap_or_default().split_whitespace();
        inclusive_prefixes.extend(prefixes.take(PREFIXES_MAX + 1).map(str::to_owned));
        if inclusive_prefixes.len() > PREFIXES_MAX {
            return None;
        }
    }
    Some(canonicalization)
}
