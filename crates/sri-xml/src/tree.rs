//! The tree between the models and the bytes.
//!
//! A document of SRI never mixes text and elements, so an element holds one text
//! and its children apart. White space between elements is not kept; any other
//! text beside elements is, for [`crate::check()`] to complain about.

use std::borrow::Cow;

/// The namespace of XML signatures.
pub const SIGNATURE_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The namespace of schema location hints.
pub const INSTANCE_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The namespace that declarations of namespaces are in.
pub const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";
/// The namespace the prefix `xml` is always bound to.
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// One element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element<'a> {
    /// The name as written, with its prefix if it has one.
    pub name: Cow<'a, str>,
    /// The namespace; empty for the elements of SRI.
    pub namespace: Cow<'a, str>,
    /// Attributes and namespace declarations, in the order written.
    pub attributes: Vec<Attribute<'a>>,
    /// The text, all pieces joined.
    pub text: Cow<'a, str>,
    /// The elements inside.
    pub children: Vec<Element<'a>>,
}

/// One attribute or namespace declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The name as written, with its prefix if it has one.
    pub name: Cow<'a, str>,
    /// The namespace; empty for attributes without prefix, [`XMLNS_NAMESPACE`] for declarations.
    pub namespace: Cow<'a, str>,
    /// The value, normalised.
    pub value: Cow<'a, str>,
}

impl<'a> Element<'a> {
    /// An element in no namespace, with a text.
    pub fn leaf(name: &'static str, text: impl Into<Cow<'a, str>>) -> Self {
        let (name, text) = (Cow::Borrowed(name), text.into());
        Self {
            name,
            text,
            ..Self::default()
        }
    }

    /// An element in no namespace, with elements.
    pub fn parent(name: &'static str, children: Vec<Self>) -> Self {
        let name = Cow::Borrowed(name);
        Self {
            name,
            children,
            ..Self::default()
        }
    }

    /// Adds an attribute in no namespace.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        self.attributes.push(Attribute {
            name: Cow::Borrowed(name),
            namespace: Cow::Borrowed(""),
            value: value.into(),
        });
        self
    }

    /// Whether the element has this name and no namespace.
    pub fn is(&self, name: &str) -> bool {
        self.name == name && self.namespace.is_empty()
    }

    /// Whether this is `ds:Signature`, by whatever prefix.
    pub fn is_signature(&self) -> bool {
        self.namespace == SIGNATURE_NAMESPACE && self.local_name() == "Signature"
    }

    /// The name without prefix.
    pub fn local_name(&self) -> &str {
        local_name(&self.name)
    }

    /// The value of an attribute in no namespace.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        let found = attributes.find(|attribute| attribute.is(name))?;
        Some(&found.value)
    }
}

impl Attribute<'_> {
    /// Whether the attribute has this name and no namespace.
    pub fn is(&self, name: &str) -> bool {
        self.name == name && self.namespace.is_empty()
    }

    /// The name without prefix.
    pub fn local_name(&self) -> &str {
        local_name(&self.name)
    }

    /// Whether this declares a namespace.
    pub fn is_declaration(&self) -> bool {
        self.namespace == XMLNS_NAMESPACE
    }

    /// Whether this tells a validator where a schema is; allowed on any element.
    pub fn is_schema_location(&self) -> bool {
        self.namespace == INSTANCE_NAMESPACE
            && matches!(
                self.local_name(),
                "schemaLocation" | "noNamespaceSchemaLocation"
            )
    }
}

fn local_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}
