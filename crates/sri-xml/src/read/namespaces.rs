//! Names and the namespaces they are in (Namespaces in XML 1.0).

use std::borrow::Cow;

use super::error::ReadProblem;
use super::limits;
use super::references::attribute_value;
use super::start_tag::StartTag;
use crate::chars;
use crate::tree::{Attribute, Element, XML_NAMESPACE, XMLNS_NAMESPACE};

/// The declarations in scope.
#[derive(Default)]
pub(super) struct Namespaces<'a> {
    /// Prefix (empty for the default namespace) and namespace, innermost last.
    declared: Vec<(&'a str, Cow<'a, str>)>,
    /// How many declarations there were before each open element.
    marks: Vec<usize>,
}

impl<'a> Namespaces<'a> {
    /// Enters an element: its declarations hold until [`Self::close`].
    pub(super) fn open(&mut self, tag: StartTag<'a>) -> Result<Element<'a>, ReadProblem> {
        self.marks.push(self.declared.len());
        let attributes = tag.attributes.iter();
        for (name, value) in attributes.filter(|(name, _)| is_declaration(name)) {
            self.declare(name, attribute_value(value)?)?;
        }
        let mut attributes: Vec<Attribute<'a>> = Vec::with_capacity(tag.attributes.len());
        for (name, value) in tag.attributes {
            let attribute = self.attribute(name, value)?;
            if attributes.iter().any(|other| is_same(other, &attribute)) {
                return Err(ReadProblem::RepeatedAttribute(name.to_owned()));
            }
            attributes.push(attribute);
        }
        let prefix = prefix_of(tag.name)?.unwrap_or_default();
        Ok(Element {
            name: Cow::Borrowed(tag.name),
            namespace: self.resolve(prefix)?,
            attributes,
            ..Element::default()
        })
    }

    /// Leaves the innermost element.
    pub(super) fn close(&mut self) {
        self.declared.truncate(self.marks.pop().unwrap_or_default());
    }

    fn attribute(&self, name: &'a str, value: &'a str) -> Result<Attribute<'a>, ReadProblem> {
        let namespace = match prefix_of(name)? {
            _ if is_declaration(name) => Cow::Borrowed(XMLNS_NAMESPACE),
            Some(prefix) => self.resolve(prefix)?,
            None => Cow::Borrowed(""),
        };
        Ok(Attribute {
            name: Cow::Borrowed(name),
            namespace,
            value: attribute_value(value)?,
        })
    }

    fn declare(&mut self, name: &'a str, namespace: Cow<'a, str>) -> Result<(), ReadProblem> {
        let prefix = name.strip_prefix("xmlns:").unwrap_or_default();
        let is_xml = prefix == "xml" && namespace == XML_NAMESPACE;
        let reserved = prefix == "xmlns"
            || namespace == XMLNS_NAMESPACE
            || (prefix == "xml") != (namespace == XML_NAMESPACE);
        let undeclares = namespace.is_empty() && name != "xmlns";
        if !is_xml && (reserved || undeclares) {
            return Err(ReadProblem::Prefix(prefix.to_owned()));
        }
        if self.declared.len() >= limits::NAMESPACES_MAX
            || namespace.len() > limits::NAMESPACE_BYTES_MAX
        {
            return Err(ReadProblem::TooManyNamespaces);
        }
        self.declared.push((prefix, namespace));
        Ok(())
    }

    /// The namespace of a prefix; the empty prefix is the default namespace.
    fn resolve(&self, prefix: &str) -> Result<Cow<'a, str>, ReadProblem> {
        let mut innermost_first = self.declared.iter().rev();
        match innermost_first.find(|(declared, _)| *declared == prefix) {
            Some((_, namespace)) => Ok(namespace.clone()),
            None if prefix.is_empty() => Ok(Cow::Borrowed("")),
            None if prefix == "xml" => Ok(Cow::Borrowed(XML_NAMESPACE)),
            None => Err(ReadProblem::Prefix(prefix.to_owned())),
        }
    }
}

fn is_declaration(name: &str) -> bool {
    name == "xmlns" || name.starts_with("xmlns:")
}

fn is_same(one: &Attribute<'_>, other: &Attribute<'_>) -> bool {
    one.namespace == other.namespace && one.local_name() == other.local_name()
        || one.name == other.name
}

/// The prefix of a name, after making sure that it is one.
fn prefix_of(name: &str) -> Result<Option<&str>, ReadProblem> {
    let (prefix, local) = match name.split_once(':') {
        Some((prefix, local)) => (Some(prefix), local),
        None => (None, name),
    };
    let is_name = prefix.is_none_or(chars::is_local_name) && chars::is_local_name(local);
    match is_name {
        true => Ok(prefix),
        false => Err(ReadProblem::Syntax),
    }
}
