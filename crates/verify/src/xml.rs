//! Reading of XML text into a tree, and small questions asked of the tree.

use std::borrow::Cow;

use roxmltree::{Document, Node, ParsingOptions};

use crate::scan::{ScanError, ScanFacts, ScanLimits, scan};

pub(crate) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(crate) const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Text that passed [`scan`], with line ends normalised (XML 1.0, 2.11).
#[derive(Debug)]
pub struct XmlText {
    text: String,
    facts: ScanFacts,
}

impl XmlText {
    /// Scans the octets and keeps their text.
    ///
    /// Line ends are normalised here and not by the tree builder, which leaves a
    /// lone carriage return in place when a character reference follows it.
    pub fn read(bytes: &[u8], limits: &ScanLimits) -> Result<Self, ScanError> {
        let facts = scan(bytes, limits)?;
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        Ok(Self {
            text: normalize_line_ends(text).into_owned(),
            facts,
        })
    }

    /// The tree of the text.
    pub fn tree(&self) -> Result<Document<'_>, roxmltree::Error> {
        let options = ParsingOptions {
            allow_dtd: false,
            ..ParsingOptions::default()
        };
        Document::parse_with_options(&self.text, options)
    }

    /// What the scan counted.
    pub fn facts(&self) -> ScanFacts {
        self.facts
    }
}

fn normalize_line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of an element, all its text children together: a comment inside
/// splits the text in two nodes and must not hide the second one.
pub(crate) fn text_of(node: Node<'_, '_>) -> String {
    node.children()
        .filter(Node::is_text)
        .filter_map(|text| text.text())
        .collect()
}

/// Child elements with this local name, in any namespace.
pub(crate) fn children_named<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    local: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.is_element() && child.tag_name().name() == local)
}

/// The first child element with this local name, in any namespace.
pub(crate) fn child_named<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    local: &'static str,
) -> Option<Node<'a, 'i>> {
    children_named(node, local).next()
}

/// The first child element with this local name in this namespace.
pub(crate) fn child_in<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    local: &'static str,
) -> Option<Node<'a, 'i>> {
    node.children()
        .find(|child| child.has_tag_name((namespace, local)))
}

/// The element reached by these local names, all in one namespace.
pub(crate) fn path_in<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    path: &[&'static str],
) -> Option<Node<'a, 'i>> {
    path.iter()
        .try_fold(node, |node, local| child_in(node, namespace, local))
}

/// The trimmed text of the first child with this local name.
pub(crate) fn child_text(node: Node<'_, '_>, local: &'static str) -> Option<String> {
    child_named(node, local).map(|child| text_of(child).trim().to_owned())
}

/// The error and its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
