//! A tree as XML for the eye. What is signed has no white space between elements.

use std::fmt::Write;

use tagua_sri_xml::{Element, write};

/// One element a line.
pub(crate) fn xml(root: &Element<'_>) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    add(root, 0, &mut out);
    out
}

fn add(element: &Element<'_>, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    if element.children.is_empty() {
        writeln!(out, "{indent}{}", bare(element)).unwrap();
        return;
    }
    let mut open = element.clone();
    open.children.clear();
    let open = bare(&open);
    let (start, end) = open.split_once("></").unwrap();
    writeln!(out, "{indent}{start}>").unwrap();
    for child in &element.children {
        add(child, depth + 1, out);
    }
    writeln!(out, "{indent}</{end}").unwrap();
}

/// As it is written inside a document.
fn bare(element: &Element<'_>) -> String {
    String::from_utf8(write(element)).unwrap()
}
