//! What a document must look like before anything else is asked: code 35.
//!
//! The check is the simulator's own: it neither reads the official schemas nor
//! shares a table with the side that writes documents, so it can disagree with both.

mod notation;
mod schema;
mod value;

use std::collections::HashMap;
use std::sync::LazyLock;

use roxmltree::Node;

use notation::Element;
pub(crate) use schema::DocumentType;

static SCHEMAS: LazyLock<HashMap<(&'static str, &'static str), Vec<Element>>> =
    LazyLock::new(|| {
        let mut schemas = HashMap::new();
        for document in &schema::TYPES {
            for version in document.versions() {
                let notation = document.notation(version).unwrap_or_default();
                let elements = notation::read(&notation, version).unwrap_or_default();
                schemas.insert((document.root, version), elements);
            }
        }
        schemas
    });

/// The first thing that is wrong, in the words of a schema validator.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StructureError {
    #[error("cvc-elt.1: Cannot find the declaration of element '{0}'.")]
    Root(String),
    #[error(
        "cvc-attribute.3: The value '{found}' of attribute '{attribute}' on element '{root}' is not valid."
    )]
    RootAttribute {
        root: String,
        attribute: &'static str,
        found: String,
    },
    #[error(
        "cvc-complex-type.2.4.a: Invalid content was found starting with element '{found}'. One of '{{{expected}}}' is expected."
    )]
    Unexpected { found: String, expected: String },
    #[error(
        "cvc-complex-type.2.4.b: The content of element '{parent}' is not complete. One of '{{{expected}}}' is expected."
    )]
    Incomplete { parent: String, expected: String },
    #[error(
        "cvc-complex-type.2.4.d: Invalid content was found starting with element '{0}'. No child element is expected at this point."
    )]
    TooMuch(String),
    #[error(
        "cvc-complex-type.2.3: Element '{0}' cannot have character [children], because the type's content type is element-only."
    )]
    LooseText(String),
    #[error("cvc-type.3.1.3: The value '{value}' of element '{element}' is not valid.")]
    Value { element: String, value: String },
    #[error(
        "cvc-complex-type.3.2.2: Attribute '{attribute}' is not allowed to appear in element '{element}'."
    )]
    Attribute { element: String, attribute: String },
    #[error("cvc-complex-type.4: Attribute '{attribute}' must appear on element '{element}'.")]
    MissingAttribute { element: String, attribute: String },
}

/// Checks the document under `root` and tells its type.
pub(crate) fn check(root: Node<'_, '_>) -> Result<&'static DocumentType, StructureError> {
    let name = root.tag_name().name();
    let document = DocumentType::of_root(name).filter(|_| root.tag_name().namespace().is_none());
    let document = document.ok_or_else(|| StructureError::Root(shorten(name)))?;
    let version = root_version(root, document)?;
    let elements = SCHEMAS.get(&(document.root, version));
    // The signature belongs to the last group of checks; here it is only passed over.
    let children: Vec<_> = element_children(root)
        .filter(|child| !is_signature(*child))
        .collect();
    check_sequence(
        root,
        &children,
        elements.map(Vec::as_slice).unwrap_or_default(),
    )?;
    Ok(document)
}

/// Without `id="comprobante"` there is nothing a signature could point to.
fn root_version(
    root: Node<'_, '_>,
    document: &DocumentType,
) -> Result<&'static str, StructureError> {
    let wrong = |attribute: &'static str| StructureError::RootAttribute {
        root: document.root.to_owned(),
        attribute,
        found: shorten(root.attribute(attribute).unwrap_or_default()),
    };
    if root.attribute("id") != Some("comprobante") {
        return Err(wrong("id"));
    }
    let version = root.attribute("version").unwrap_or_default();
    document
        .versions()
        .find(|known| *known == version)
        .ok_or_else(|| wrong("version"))
}

fn check_sequence(
    parent: Node<'_, '_>,
    children: &[Node<'_, '_>],
    expected: &[Element],
) -> Result<(), StructureError> {
    refuse_loose_text(parent)?;
    let mut rest = children.iter().copied().peekable();
    for (position, element) in expected.iter().enumerate() {
        let mut seen = 0;
        while seen < element.occurrence.most {
            let Some(child) = rest.next_if(|child| is_named(*child, &element.name)) else {
                break;
            };
            check_element(child, element)?;
            seen += 1;
        }
        if seen < element.occurrence.least {
            let wanted = wanted_from(expected.get(position..).unwrap_or_default());
            return Err(match rest.peek() {
                Some(found) => StructureError::Unexpected {
                    found: shorten(found.tag_name().name()),
                    expected: wanted,
                },
                None => StructureError::Incomplete {
                    parent: shorten(parent.tag_name().name()),
                    expected: wanted,
                },
            });
        }
    }
    match rest.next() {
        Some(found) => Err(StructureError::TooMuch(shorten(found.tag_name().name()))),
        None => Ok(()),
    }
}

/// The elements that could come next: up to and including the first required one.
fn wanted_from(expected: &[Element]) -> String {
    let required = |element: &&Element| element.occurrence.least == 0;
    let optional = expected.iter().take_while(required).count();
    let names = expected.iter().take(optional + 1);
    names
        .map(|element| element.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

fn check_element(node: Node<'_, '_>, element: &Element) -> Result<(), StructureError> {
    check_attributes(node, element)?;
    let Some(value_type) = &element.value else {
        let children: Vec<_> = element_children(node).collect();
        return check_sequence(node, &children, &element.children);
    };
    if let Some(child) = element_children(node).next() {
        return Err(StructureError::TooMuch(shorten(child.tag_name().name())));
    }
    let text = text_of(node);
    if value_type.accepts(&text) {
        return Ok(());
    }
    Err(StructureError::Value {
        element: element.name.clone(),
        value: shorten(&text),
    })
}

fn check_attributes(node: Node<'_, '_>, element: &Element) -> Result<(), StructureError> {
    for (name, value_type) in &element.attributes {
        let value =
            node.attribute(name.as_str())
                .ok_or_else(|| StructureError::MissingAttribute {
                    element: element.name.clone(),
                    attribute: name.clone(),
                })?;
        if !value_type.accepts(value) {
            return Err(StructureError::Value {
                element: format!("{}/@{name}", element.name),
                value: shorten(value),
            });
        }
    }
    let known = |name: &str| element.attributes.iter().any(|(known, _)| known == name);
    let foreign = node
        .attributes()
        .find(|attribute| attribute.namespace().is_some() || !known(attribute.name()));
    match foreign {
        Some(attribute) => Err(StructureError::Attribute {
            element: element.name.clone(),
            attribute: shorten(attribute.name()),
        }),
        None => Ok(()),
    }
}

fn refuse_loose_text(parent: Node<'_, '_>) -> Result<(), StructureError> {
    let is_loose = |child: Node<'_, '_>| {
        child.is_text() && !child.text().unwrap_or_default().trim().is_empty()
    };
    if parent.children().any(is_loose) {
        let name = shorten(parent.tag_name().name());
        return Err(StructureError::LooseText(name));
    }
    Ok(())
}

fn is_named(node: Node<'_, '_>, name: &str) -> bool {
    node.tag_name().namespace().is_none() && node.tag_name().name() == name
}

fn is_signature(node: Node<'_, '_>) -> bool {
    node.tag_name().namespace() == Some("http://www.w3.org/2000/09/xmldsig#")
        && node.tag_name().name() == "Signature"
}

fn element_children<'a, 'input: 'a>(
    node: Node<'a, 'input>,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children().filter(Node::is_element)
}

/// All the text of an element, across comments.
pub(crate) fn text_of(node: Node<'_, '_>) -> String {
    let texts = node.children().filter(Node::is_text);
    texts.filter_map(|text| text.text()).collect()
}

/// What a client sent may be long; an answer quotes 80 characters of it.
fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_can_be_read() {
        for document in &schema::TYPES {
            for version in document.versions() {
                let notation = document.notation(version).expect("a known version");
                assert!(!notation.contains('{'), "{} {version}", document.root);
                let elements = notation::read(&notation, version);
                let elements = elements.unwrap_or_else(|word| {
                    panic!("{} {version}: cannot read {word:?}", document.root)
                });
                let names: Vec<_> = elements.iter().map(|element| &element.name).collect();
                assert_eq!(names[..2], ["infoTributaria", document.info]);
                assert_eq!(
                    elements.last().map(|last| last.name.as_str()),
                    Some("infoAdicional")
                );
            }
        }
    }
}
