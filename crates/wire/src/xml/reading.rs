//! A document's tree as the JSON of its type.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use tagua_sri_xml::Element;

use super::places::{fill_blank, list_at, object_at, put};
use super::request::collection_of;
use super::tables::{Row, Rule, To, table};
use super::unread::{self, Unread};
use crate::json::{Member, Object, Value};
use crate::writer::JsonWriter;

/// The JSON reading of a document (CONTRACT 4.2): the fields of its type's
/// requests, texts as the XML has them, dates and codes in the form of the
/// JSON. A tree that breaks its schema is read as far as it goes; what there
/// is no field for stands under `xml_no_reconocido`, by its path.
pub fn json_reading(tree: &Element<'_>) -> String {
    let mut writer = JsonWriter::default();
    writer.value(&Value::Object(reading_of(tree)));
    writer.finish()
}

/// The members of [`json_reading`].
pub(crate) fn reading_of<'t>(tree: &'t Element<'_>) -> Object<'t> {
    let mut reading = Reading::default();
    let mut object = Object::default();
    reading.enter(tree, 1, false);
    match collection_of(tree) {
        Some(collection) => reading.row(tree, table(collection), &mut object),
        None => reading.unread_element(tree),
    }
    if let Some(rest) = reading.unread.into_value() {
        put(&mut object, unread::KEY, rest);
    }
    object
}

#[derive(Debug, Default)]
struct Reading<'t> {
    /// Of the element at hand.
    path: String,
    unread: Unread<'t>,
}

impl<'t> Reading<'t> {
    fn row(&mut self, element: &'t Element<'_>, row: &'static Row, object: &mut Object<'t>) {
        self.fill(element, row.rules, object);
        for (path, blank) in row.blanks {
            fill_blank(object, path, *blank);
        }
        (row.derive)(object);
    }

    fn fill(&mut self, element: &'t Element<'_>, rules: &'static [Rule], object: &mut Object<'t>) {
        self.attributes(element, rules, object);
        self.own_text(element);
        self.each_child(element, |own, child, position| {
            let rule = rules.iter().find(|rule| rule.xml == child.local_name());
            let repeated = position > 1;
            let depth = own.enter(child, position, repeated);
            match rule {
                Some(rule) => own.place(child, &rule.to, object),
                None => own.unread_element(child),
            }
            own.path.truncate(depth);
        });
    }

    /// Puts an element where its rule says, or among the unread where that
    /// place is taken.
    fn place(&mut self, element: &'t Element<'_>, to: &'static To, object: &mut Object<'t>) {
        match to {
            To::Text(path, form) => {
                if !put(object, path, form.value(&element.text)) {
                    return self.unread_element(element);
                }
                self.beside_text(element);
            }
            To::Both(first, second) => {
                let value = || Value::String(element.text.trim().into());
                if !put(object, first, value()) || !put(object, second, value()) {
                    return self.unread_element(element);
                }
                self.beside_text(element);
            }
            To::Group(path, rules) => match object_at(object, path) {
                Some(object) => self.fill(element, rules, object),
                None => self.unread_element(element),
            },
            To::Flagged(flag, rules) => {
                put(object, flag, Value::Bool(true));
                self.fill(element, rules, object);
            }
            To::Only(path, row) => {
                let mut only = Object::default();
                self.row(element, row, &mut only);
                if let Some(list) = list_at(object, path) {
                    list.push(Value::Object(only));
                }
            }
            To::List { path, item, row } => self.list(element, (path, item, row), object),
            To::AdditionalFields => self.additional_fields(element, object),
            To::LineDetails => self.line_details(element, object),
            To::Constant(text) if element.text != *text => self.unread_element(element),
            To::Constant(_) | To::Nothing => {}
        }
    }

    fn list(
        &mut self,
        element: &'t Element<'_>,
        (path, item, row): (&'static str, &'static str, &'static Row),
        object: &mut Object<'t>,
    ) {
        self.beside_children(element);
        let mut rows = Vec::new();
        self.each_child(element, |own, child, position| {
            let depth = own.enter(child, position, true);
            if child.local_name() == item {
                let mut filled = Object::default();
                own.row(child, row, &mut filled);
                rows.push(Value::Object(filled));
            } else {
                own.unread_element(child);
            }
            own.path.truncate(depth);
        });
        if let Some(list) = list_at(object, path) {
            list.extend(rows);
        }
    }

    /// A dictionary, or where names repeat or lack a list of `{nombre, valor}`.
    fn additional_fields(&mut self, element: &'t Element<'_>, object: &mut Object<'t>) {
        self.beside_children(element);
        let mut fields: Vec<(Option<&'t str>, &'t str)> = Vec::new();
        self.each_child(element, |own, child, position| {
            let depth = own.enter(child, position, true);
            if child.local_name() == "campoAdicional" {
                fields.push((child.attribute("nombre"), child.text.trim()));
                own.beside_pair(child, &["nombre"]);
            } else {
                own.unread_element(child);
            }
            own.path.truncate(depth);
        });
        let mut names = HashSet::with_capacity(fields.len());
        let named = |name: &Option<&'t str>| name.is_some_and(|name| !name.trim().is_empty());
        if fields
            .iter()
            .all(|(name, _)| named(name) && names.insert(*name))
            && object.last("informacion_adicional").is_none()
        {
            let pairs = fields.into_iter();
            let members = pairs.map(|(name, text)| member(name.unwrap_or_default(), text));
            let members = members.collect();
            put(
                object,
                "informacion_adicional",
                Value::Object(Object { members }),
            );
        } else if let Some(list) = list_at(object, "info_adicional") {
            list.extend(fields.into_iter().map(|(name, text)| {
                let name = name.map(|name| member("nombre", name));
                let members = name.into_iter().chain([member("valor", text)]).collect();
                Value::Object(Object { members })
            }));
        }
    }

    fn line_details(&mut self, element: &'t Element<'_>, object: &mut Object<'t>) {
        self.beside_children(element);
        let mut names = HashSet::new();
        let mut members = Vec::new();
        self.each_child(element, |own, child, position| {
            let depth = own.enter(child, position, true);
            let name = child.attribute("nombre").filter(|name| names.insert(*name));
            match name.zip(child.attribute("valor")) {
                Some((name, value)) if child.local_name() == "detAdicional" => {
                    members.push(member(name, value.trim()));
                    own.own_text(child);
                    own.beside_pair(child, &["nombre", "valor"]);
                }
                _ => own.unread_element(child),
            }
            own.path.truncate(depth);
        });
        let details = Value::Object(Object { members });
        if !put(object, "detalles_adicionales", details) {
            self.unread_element(element);
        }
    }

    fn attributes(
        &mut self,
        element: &'t Element<'_>,
        rules: &'static [Rule],
        object: &mut Object<'t>,
    ) {
        for attribute in &element.attributes {
            if attribute.is_declaration() || attribute.is_schema_location() {
                continue;
            }
            let named = |rule: &&Rule| rule.xml.strip_prefix('@') == Some(&attribute.name);
            let placed = match rules.iter().find(named).map(|rule| &rule.to) {
                Some(To::Text(path, form)) => put(object, path, form.value(&attribute.value)),
                Some(To::Constant(text)) => attribute.value == *text,
                _ => false,
            };
            if !placed {
                self.unread_attribute(&attribute.name, &attribute.value);
            }
        }
    }

    // What there is no place for.

    /// Everything of an element that was taken as a text, the text apart.
    fn beside_text(&mut self, element: &'t Element<'_>) {
        self.beside_pair(element, &[]);
    }

    /// Everything but the text and these attributes.
    fn beside_pair(&mut self, element: &'t Element<'_>, taken: &[&str]) {
        for attribute in &element.attributes {
            let silent = attribute.is_declaration() || attribute.is_schema_location();
            if !silent && !taken.iter().any(|name| attribute.is(name)) {
                self.unread_attribute(&attribute.name, &attribute.value);
            }
        }
        self.each_child(element, |own, child, position| {
            let depth = own.enter(child, position, position > 1);
            own.unread_element(child);
            own.path.truncate(depth);
        });
    }

    /// Attributes and text of an element that has children.
    fn beside_children(&mut self, element: &'t Element<'_>) {
        self.own_text(element);
        for attribute in &element.attributes {
            if !attribute.is_declaration() && !attribute.is_schema_location() {
                self.unread_attribute(&attribute.name, &attribute.value);
            }
        }
    }

    fn own_text(&mut self, element: &'t Element<'_>) {
        if !element.text.trim().is_empty() {
            let path = format!("{}/text()", self.path);
            self.unread.add(&path, &element.text);
        }
    }

    fn unread_attribute(&mut self, name: &str, value: &'t str) {
        let path = format!("{}/@{}", self.path, shown(name));
        self.unread.add(&path, value);
    }

    /// The whole element.
    fn unread_element(&mut self, element: &'t Element<'_>) {
        if element.children.is_empty() || !element.text.trim().is_empty() {
            self.unread.add(&self.path, &element.text);
        }
        self.beside_text(element);
    }

    // Where it is.

    /// Steps into a child; the length of the path to come back to.
    fn enter(&mut self, child: &Element<'_>, position: usize, numbered: bool) -> usize {
        let depth = self.path.len();
        self.path.push('/');
        self.path.push_str(shown(&child.name));
        if numbered {
            self.path.push_str(&format!("[{position}]"));
        }
        depth
    }

    /// Every child with its position among those of its name, signatures apart.
    fn each_child<'e>(
        &mut self,
        element: &'t Element<'e>,
        mut visit: impl FnMut(&mut Self, &'t Element<'e>, usize),
    ) {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for child in element
            .children
            .iter()
            .filter(|child| !child.is_signature())
        {
            let count = counts.entry(&child.name).or_default();
            *count += 1;
            visit(self, child, *count);
        }
    }
}

/// A foreign name, short enough for a path.
fn shown(name: &str) -> &str {
    const CHARS_MAX: usize = 80;
    let end = name.char_indices().nth(CHARS_MAX);
    end.and_then(|(end, _)| name.get(..end)).unwrap_or(name)
}

fn member<'t>(key: &'t str, text: &'t str) -> Member<'t> {
    Member {
        key: Cow::Borrowed(key),
        value: Value::String(Cow::Borrowed(text)),
        span: 0..0,
    }
}
