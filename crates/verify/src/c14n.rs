//! Canonical XML 1.0 (REC-xml-c14n-20010315) and Exclusive XML Canonicalization
//! 1.0 (REC-xml-exc-c14n-20020718) of a document or of one element of it.
//!
//! The tree must come from [`XmlText`](crate::XmlText): line ends are taken as
//! normalised, so that every carriage return still in the tree was written as a
//! character reference. The walk keeps its own stack; depth cannot overflow ours.

use roxmltree::{Attribute, Node};

use crate::xml::XML;

/// Which canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonicalization {
    /// Inclusive, or exclusive with its list of prefixes.
    pub form: Form,
    /// Whether comments are kept.
    pub comments: Comments,
}

/// How namespace declarations are chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// All declarations in scope, and the `xml:` attributes of the ancestors.
    Inclusive,
    /// Only the declarations used, besides the prefixes listed here
    /// (`#default` stands for the default namespace).
    Exclusive {
        /// `PrefixList` of `InclusiveNamespaces`.
        inclusive_prefixes: Vec<String>,
    },
}

/// Whether comments are part of the canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// Left out.
    Dropped,
    /// Written (the `#WithComments` variants).
    Kept,
}

impl Canonicalization {
    /// `http://www.w3.org/TR/2001/REC-xml-c14n-20010315`, the form SRI asks for.
    pub const INCLUSIVE: Self = Self {
        form: Form::Inclusive,
        comments: Comments::Dropped,
    };

    /// The canonicalisation named by an algorithm identifier, exclusive ones with
    /// an empty list of prefixes; nothing when the identifier is unknown.
    pub fn from_algorithm(identifier: &str) -> Option<Self> {
        let exclusive = || Form::Exclusive {
            inclusive_prefixes: Vec::new(),
        };
        let (form, comments) = match identifier {
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315" => {
                (Form::Inclusive, Comments::Dropped)
            }
            "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments" => {
                (Form::Inclusive, Comments::Kept)
            }
            "http://www.w3.org/2001/10/xml-exc-c14n#" => (exclusive(), Comments::Dropped),
            "http://www.w3.org/2001/10/xml-exc-c14n#WithComments" => (exclusive(), Comments::Kept),
            _ => return None,
        };
        Some(Self { form, comments })
    }
}

/// Canonical octets of the apex (the root node stands for the whole document)
/// and all below it, except the node `excluded` and all below that.
pub fn canonicalize(
    apex: Node<'_, '_>,
    excluded: Option<Node<'_, '_>>,
    canonicalization: &Canonicalization,
) -> Vec<u8> {
    let mut writer = Writer {
        out: String::new(),
        canonicalization,
        rendered: Vec::new(),
    };
    writer.walk(apex, excluded);
    writer.out.into_bytes()
}

struct Writer<'a, 'c> {
    out: String,
    canonicalization: &'c Canonicalization,
    /// Declarations written on the elements that are open, innermost last.
    rendered: Vec<(&'a str, &'a str)>,
}

enum Step<'a, 'i> {
    Enter(Node<'a, 'i>),
    Leave { name: &'a str, rendered: usize },
}

impl<'a> Writer<'a, '_> {
    fn walk<'i: 'a>(&mut self, apex: Node<'a, 'i>, excluded: Option<Node<'_, '_>>) {
        let mut steps = vec![Step::Enter(apex)];
        while let Some(step) = steps.pop() {
            match step {
                Step::Enter(node) if Some(node.id()) == excluded.map(|node| node.id()) => {}
                Step::Enter(node) => self.enter(node, apex, &mut steps),
                Step::Leave { name, rendered } => {
                    self.out.extend(["</", name, ">"]);
                    self.rendered.truncate(rendered);
                }
            }
        }
    }

    fn enter<'i: 'a>(
        &mut self,
        node: Node<'a, 'i>,
        apex: Node<'a, 'i>,
        steps: &mut Vec<Step<'a, 'i>>,
    ) {
        if node.is_element() {
            let rendered = self.rendered.len();
            let name = qualified_name(node);
            self.start_tag(node, name, node == apex);
            steps.push(Step::Leave { name, rendered });
            steps.extend(node.children().rev().map(Step::Enter));
        } else if node.is_root() {
            steps.extend(node.children().rev().map(Step::Enter));
        } else if let Some(pi) = node.pi() {
            self.top_level(node, |out| {
                out.extend(["<?", pi.target]);
                if let Some(value) = pi.value.filter(|value| !value.is_empty()) {
                    out.extend([" ", value]);
                }
                out.push_str("?>");
            });
        } else if node.is_comment() {
            if self.canonicalization.comments == Comments::Kept {
                let text = node.text().unwrap_or_default();
                self.top_level(node, |out| out.extend(["<!--", text, "-->"]));
            }
        } else if node.parent().is_some_and(|parent| parent.is_element()) {
            escape_text(node.text().unwrap_or_default(), &mut self.out);
        }
    }

    /// Outside the root element, one line feed keeps nodes apart from it.
    fn top_level(&mut self, node: Node<'_, '_>, write: impl FnOnce(&mut String)) {
        let outside = node.parent().is_some_and(|parent| parent.is_root());
        let after_root = outside && node.prev_siblings().any(|sibling| sibling.is_element());
        if after_root {
            self.out.push('\n');
        }
        write(&mut self.out);
        if outside && !after_root {
            self.out.push('\n');
        }
    }

    fn start_tag<'i: 'a>(&mut self, node: Node<'a, 'i>, name: &'a str, is_apex: bool) {
        self.out.extend(["<", name]);
        let attributes = attributes(node, is_apex && self.is_inclusive());
        let news = is_apex || !declares_nothing(node);
        for (prefix, uri) in self.declarations(node, name, &attributes, news) {
            match prefix {
                "" => self.out.push_str(" xmlns=\""),
                _ => self.out.extend([" xmlns:", prefix, "=\""]),
            }
            escape_attribute(uri, &mut self.out);
            self.out.push('"');
            self.rendered.push((prefix, uri));
        }
        for attribute in attributes {
            self.out.extend([" ", attribute.name, "=\""]);
            escape_attribute(attribute.value, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
    }

    /// Declarations to write on this element, in order of prefix. Without news the
    /// element has the namespaces of its parent in scope, and only those that the
    /// exclusive form writes on use can be missing.
    fn declarations<'i: 'a>(
        &self,
        node: Node<'a, 'i>,
        name: &'a str,
        attributes: &[CanonicalAttribute<'a>],
        news: bool,
    ) -> Vec<(&'a str, &'a str)> {
        let in_scope = |prefix: &'a str| (prefix, uri_in_scope(node, prefix));
        let mut declarations: Vec<_> = match &self.canonicalization.form {
            Form::Inclusive if news => node
                .namespaces()
                .map(|namespace| (namespace.name().unwrap_or_default(), namespace.uri()))
                .chain([in_scope("")])
                .collect(),
            Form::Inclusive => Vec::new(),
            Form::Exclusive { inclusive_prefixes } => {
                let listed = inclusive_prefixes.iter().filter(|_| news);
                let listed = listed.filter_map(|prefix| declared_prefix(node, prefix));
                let of_attributes = attributes.iter().map(|a| prefix_of(a.name));
                listed
                    .chain(of_attributes.filter(|prefix| !prefix.is_empty()))
                    .chain([prefix_of(name)])
                    .filter(|prefix| *prefix != "xml")
                    .map(in_scope)
                    .collect()
            }
        };
        declarations.retain(|(prefix, uri)| self.rendered_uri(prefix) != *uri);
        declarations.sort_unstable();
        declarations.dedup();
        declarations
    }

    /// What the prefix means to a reader of the output so far; a prefix without
    /// declaration, the default one above all, is bound to nothing.
    fn rendered_uri(&self, prefix: &str) -> &'a str {
        self.rendered
            .iter()
            .rev()
            .find(|(rendered, _)| *rendered == prefix)
            .map_or("", |(_, uri)| uri)
    }

    fn is_inclusive(&self) -> bool {
        self.canonicalization.form == Form::Inclusive
    }
}

/// The tree shares namespace nodes, so an element that declares nothing has the
/// very same ones in scope as its parent.
fn declares_nothing(node: Node<'_, '_>) -> bool {
    node.parent_element().is_some_and(|parent| {
        let (own, inherited) = (node.namespaces(), parent.namespaces());
        own.len() == inherited.len() && own.zip(inherited).all(|(a, b)| std::ptr::eq(a, b))
    })
}

fn uri_in_scope<'a, 'i: 'a>(node: Node<'a, 'i>, prefix: &str) -> &'a str {
    let prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
    node.lookup_namespace_uri(prefix).unwrap_or_default()
}

/// A listed prefix, as the document writes it; the default namespace is always
/// there, be it bound to nothing.
fn declared_prefix<'a, 'i: 'a>(node: Node<'a, 'i>, listed: &str) -> Option<&'a str> {
    if listed == "#default" {
        return Some("");
    }
    node.namespaces()
        .find_map(|namespace| namespace.name().filter(|name| *name == listed))
}

struct CanonicalAttribute<'a> {
    namespace: &'a str,
    local: &'a str,
    name: &'a str,
    value: &'a str,
}

impl<'a> CanonicalAttribute<'a> {
    fn new<'i: 'a>(attribute: Attribute<'a, 'i>, source: &'a str) -> Self {
        Self {
            namespace: attribute.namespace().unwrap_or_default(),
            local: attribute.name(),
            name: source.get(attribute.range_qname()).unwrap_or_default(),
            value: attribute.value(),
        }
    }
}

/// Attributes by namespace and local name; for the apex of an inclusive form also
/// the `xml:` attributes of its ancestors, the nearest one of each name.
fn attributes<'a, 'i: 'a>(node: Node<'a, 'i>, inherit: bool) -> Vec<CanonicalAttribute<'a>> {
    let source = node.document().input_text();
    let mut attributes: Vec<_> = node
        .attributes()
        .map(|attribute| CanonicalAttribute::new(attribute, source))
        .collect();
    let ancestors = inherit.then(|| node.ancestors().skip(1));
    let inherited = ancestors.into_iter().flatten();
    for attribute in inherited.flat_map(|ancestor| ancestor.attributes()) {
        let known = |a: &CanonicalAttribute<'_>| a.namespace == XML && a.local == attribute.name();
        if attribute.namespace() == Some(XML) && !attributes.iter().any(known) {
            attributes.push(CanonicalAttribute::new(attribute, source));
        }
    }
    attributes.sort_unstable_by_key(|attribute| (attribute.namespace, attribute.local));
    attributes
}

/// The name as written: the tree keeps the namespace but not the prefix.
fn qualified_name<'a, 'i: 'a>(node: Node<'a, 'i>) -> &'a str {
    let source = node.document().input_text();
    let tag = source.get(node.range()).unwrap_or_default();
    let tag = tag.strip_prefix('<').unwrap_or(tag);
    let end = tag.find([' ', '\t', '\n', '\r', '/', '>']);
    end.and_then(|end| tag.get(..end)).unwrap_or(tag)
}

fn prefix_of(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

fn escape_text(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn escape_attribute(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'"' => Some("&quot;"),
        b'\t' => Some("&#x9;"),
        b'\n' => Some("&#xA;"),
        b'\r' => Some("&#xD;"),
        _ => None,
    });
}

fn escape(text: &str, out: &mut String, replacement: impl Fn(u8) -> Option<&'static str>) {
    let mut rest = text;
    while let Some((at, entity)) = rest
        .bytes()
        .enumerate()
        .find_map(|(at, byte)| Some((at, replacement(byte)?)))
    {
        // All escaped characters are ASCII, so both cuts fall between characters.
        out.extend([rest.get(..at).unwrap_or_default(), entity]);
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    out.push_str(rest);
}
