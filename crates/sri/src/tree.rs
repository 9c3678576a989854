//! The smallest tree that serves to read SRI's answers: local names, text,
//! children. Attributes and namespaces are dropped on purpose: the WSDL and the
//! live service disagree about them.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::Event;

/// Nested deeper than any answer of SRI.
const MAX_DEPTH: usize = 64;

/// An element without its attributes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Node>,
}

impl Node {
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The trimmed text of a child; `None` when it is absent or blank.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(|child| child.text.trim())
            .filter(|text| !text.is_empty())
    }

    /// The first element of this name at any depth, this one included.
    pub(crate) fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }
}

/// Parses the whole of `bytes`; anything that is not one well-formed element
/// is an error in words for the operator.
pub(crate) fn parse(bytes: &[u8]) -> Result<Node, String> {
    let text = decode(bytes)?;
    let mut reader = Reader::from_str(&text);
    let mut stack = vec![Node::default()];
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(start) => {
                if stack.len() > MAX_DEPTH {
                    return Err(format!("nested deeper than {MAX_DEPTH} elements"));
                }
                stack.push(named(start.local_name().as_ref()));
            }
            Event::Empty(start) => push_child(&mut stack, named(start.local_name().as_ref())),
            Event::End(_) => {
                let node = stack.pop().unwrap_or_default();
                push_child(&mut stack, node);
            }
            Event::Text(part) => append(&mut stack, &part.xml10_content()),
            Event::CData(part) => append(&mut stack, &part.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let character = match reference.resolve_char_ref().map_err(|e| e.to_string())? {
                    Some(character) => character,
                    None => predefined(&name).ok_or(format!("undefined entity &{name};"))?,
                };
                append(&mut stack, character.encode_utf8(&mut [0; 4]));
            }
            Event::DocType(_) => return Err("a document type declaration".to_owned()),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    single_root(stack)
}

/// SRI answers in UTF-8; proxies before it have been seen to answer in Latin-1.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => Err(format!("not UTF-8 from byte {}", error.valid_up_to())),
    }
}

fn single_root(mut stack: Vec<Node>) -> Result<Node, String> {
    let holder = stack.pop().unwrap_or_default();
    if !stack.is_empty() {
        return Err("ends in the middle of an element".to_owned());
    }
    if !holder.text.trim().is_empty() {
        return Err("text outside the root element".to_owned());
    }
    let mut roots = holder.children;
    match (roots.pop(), roots.is_empty()) {
        (Some(root), true) => Ok(root),
        (None, _) => Err("no element".to_owned()),
        (Some(_), false) => Err("more than one root element".to_owned()),
    }
}

fn named(local_name: &str) -> Node {
    Node {
        name: local_name.to_owned(),
        ..Node::default()
    }
}

fn push_child(stack: &mut [Node], node: Node) {
    if let Some(parent) = stack.last_mut() {
        parent.children.push(node);
    }
}

fn append(stack: &mut [Node], text: &str) {
    if let Some(node) = stack.last_mut() {
        node.text.push_str(text);
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}
