//! Taking an element apart in the order of its schema, so that what nobody took
//! is left over and told about.

use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::Date;

use crate::chars;
use crate::finding::{FindingKind, Findings, Place, shown};
use crate::tree::{Attribute, Element};

/// The fields of one element that have not been taken yet.
///
/// A mandatory field that is missing or wrong adds a finding and gives a value
/// that stands for nothing: whoever builds a model counts refusals at the end.
pub(crate) struct Fields<'t, 'f> {
    element: &'t Element<'t>,
    place: Place<'f>,
    findings: &'f mut Findings,
    children_taken: usize,
    attributes_taken: Vec<&'static str>,
    text_taken: bool,
}

impl<'t, 'f> Fields<'t, 'f> {
    pub(crate) const fn of(
        element: &'t Element<'t>,
        place: Place<'f>,
        findings: &'f mut Findings,
    ) -> Self {
        Self {
            element,
            place,
            findings,
            children_taken: 0,
            attributes_taken: Vec::new(),
            text_taken: false,
        }
    }

    pub(crate) fn text(&mut self, name: &'static str) -> String {
        self.maybe_text(name).unwrap_or_else(|| self.missing(name))
    }

    pub(crate) fn maybe_text(&mut self, name: &'static str) -> Option<String> {
        self.maybe_group(name, |fields| fields.own_text())
    }

    pub(crate) fn number<N: Number>(&mut self, name: &'static str) -> N {
        self.maybe_number(name)
            .unwrap_or_else(|| self.missing(name))
    }

    pub(crate) fn maybe_number<N: Number>(&mut self, name: &'static str) -> Option<N> {
        self.maybe_group(name, |fields| fields.own_number())
    }

    /// dd/mm/aaaa.
    pub(crate) fn date(&mut self, name: &'static str) -> Date {
        self.maybe_date(name).unwrap_or_else(|| self.missing(name))
    }

    pub(crate) fn maybe_date(&mut self, name: &'static str) -> Option<Date> {
        let read = |fields: &mut Fields<'_, '_>| {
            let text = fields.own_text();
            read_date(&text).unwrap_or_else(|| {
                fields.refuse(FindingKind::Date, &text, "no existe en el calendario");
                Date::default()
            })
        };
        self.maybe_group(name, read)
    }

    /// `SI` or `NO`.
    pub(crate) fn maybe_yes_or_no(&mut self, name: &'static str) -> Option<bool> {
        self.maybe_parsed(name, read_yes_or_no, "debe ser 'SI' o 'NO'")
            .flatten()
    }

    /// A text that `parse` understands; `None` with a finding that gives `reason`.
    pub(crate) fn parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        reason: &str,
    ) -> Option<T> {
        let Some(parsed) = self.maybe_parsed(name, parse, reason) else {
            self.missing::<String>(name);
            return None;
        };
        parsed
    }

    /// The same for a field that may be left out.
    pub(crate) fn maybe_parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
        reason: &str,
    ) -> Option<Option<T>> {
        self.maybe_group(name, |fields| {
            let text = fields.own_text();
            let parsed = parse(&text);
            if parsed.is_none() {
                fields.refuse(FindingKind::Value, &text, reason);
            }
            parsed
        })
    }

    /// A mandatory element with elements.
    pub(crate) fn group<T: Default>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'_, '_>) -> T,
    ) -> T {
        self.maybe_group(name, read)
            .unwrap_or_else(|| self.missing(name))
    }

    pub(crate) fn maybe_group<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'_, '_>) -> T,
    ) -> Option<T> {
        let element = self.take(name)?;
        let mut fields = Fields::of(element, self.place.child(name), self.findings);
        let value = read(&mut fields);
        fields.finish();
        Some(value)
    }

    /// The elements `item` inside the mandatory element `name`.
    pub(crate) fn list<T>(
        &mut self,
        name: &'static str,
        item: &'static str,
        read: fn(&mut Fields<'_, '_>) -> T,
    ) -> Vec<T> {
        self.group(name, |fields| fields.items(item, read))
    }

    /// The same for an element that may be left out.
    pub(crate) fn maybe_list<T>(
        &mut self,
        name: &'static str,
        item: &'static str,
        read: fn(&mut Fields<'_, '_>) -> T,
    ) -> Vec<T> {
        self.maybe_group(name, |fields| fields.items(item, read))
            .unwrap_or_default()
    }

    /// The same where the schema lets the element be there with nothing in it:
    /// that is noted, not kept.
    pub(crate) fn maybe_empty_list<T>(
        &mut self,
        name: &'static str,
        item: &'static str,
        read: fn(&mut Fields<'_, '_>) -> T,
    ) -> Vec<T> {
        let list = self.maybe_group(name, |fields| {
            let items = fields.any_items(item, read);
            if items.is_empty() {
                fields.note(format!("El elemento '{name}' está vacío; no se escribirá."));
            }
            items
        });
        list.unwrap_or_default()
    }

    /// One or more elements `item`.
    pub(crate) fn items<T>(
        &mut self,
        item: &'static str,
        read: fn(&mut Fields<'_, '_>) -> T,
    ) -> Vec<T> {
        let list = self.any_items(item, read);
        if list.is_empty() {
            self.missing::<String>(item);
        }
        list
    }

    /// The elements `item` that come next; there may be none.
    pub(crate) fn any_items<T>(
        &mut self,
        item: &'static str,
        read: fn(&mut Fields<'_, '_>) -> T,
    ) -> Vec<T> {
        let mut list = Vec::new();
        while let Some(element) = self.take(item) {
            let place = self.place.nth(item, list.len() + 1);
            let mut fields = Fields::of(element, place, self.findings);
            list.push(read(&mut fields));
            fields.finish();
        }
        list
    }

    /// An attribute that must be there.
    pub(crate) fn attribute(&mut self, name: &'static str) -> String {
        self.maybe_attribute(name).unwrap_or_else(|| {
            let place = self.place.attribute(name);
            let message = format!("Falta {}.", place.described());
            self.findings.add(&place, FindingKind::Missing, message);
            String::new()
        })
    }

    pub(crate) fn maybe_attribute(&mut self, name: &'static str) -> Option<String> {
        self.attributes_taken.push(name);
        self.element.attribute(name).map(str::to_owned)
    }

    pub(crate) fn own_text(&mut self) -> String {
        self.text_taken = true;
        self.element.text.to_string()
    }

    fn own_number<N: Number>(&mut self) -> N {
        let text = self.own_text();
        let Ok(number) = text.trim_matches(chars::is_space).parse::<N>() else {
            self.refuse(
                FindingKind::Value,
                &text,
                "no es un número que se pueda conservar",
            );
            return N::default();
        };
        let written = number.to_string();
        if written != text {
            let (value, who) = (shown(&text), self.place.of());
            let message = format!("El valor '{value}' {who} se escribirá '{written}'.");
            self.findings
                .add(&self.place, FindingKind::Lexical, message);
        }
        number
    }

    /// The next child, if it is a signature, is no part of the model.
    pub(crate) fn skip_signature(&mut self) {
        let next = self.element.children.get(self.children_taken);
        self.children_taken += usize::from(next.is_some_and(Element::is_signature));
    }

    /// Adds a note about this element.
    pub(crate) fn note(&mut self, message: String) {
        let kind = FindingKind::NotKept;
        self.findings.add(&self.place, kind, message);
    }

    fn refuse(&mut self, kind: FindingKind, text: &str, reason: &str) {
        let (value, who) = (shown(text), self.place.of());
        let message = format!("El valor '{value}' {who} no es válido: {reason}.");
        self.findings.add(&self.place, kind, message);
    }

    /// Refuses the value of an attribute.
    pub(crate) fn refuse_attribute(&mut self, name: &'static str, reason: &str) {
        let place = self.place.attribute(name);
        let message = format!("El valor {} no es válido: {reason}.", place.of());
        self.findings.add(&place, FindingKind::Value, message);
    }

    fn take(&mut self, name: &str) -> Option<&'t Element<'t>> {
        let child = self.element.children.get(self.children_taken)?;
        if !child.is(name) {
            return None;
        }
        self.children_taken += 1;
        Some(child)
    }

    fn missing<T: Default>(&mut self, name: &'static str) -> T {
        let place = self.place.child(name);
        let message = format!("Falta {} en '{}'.", place.described(), self.place.name);
        self.findings.add(&place, FindingKind::Missing, message);
        T::default()
    }

    /// Tells about everything nobody took.
    pub(crate) fn finish(self) {
        let children = self.element.children.get(self.children_taken..);
        for child in children.unwrap_or_default() {
            let place = self.place.child(&child.name);
            let message = format!("No se reconoce {} en ese lugar.", place.described());
            self.findings.add(&place, FindingKind::Unexpected, message);
        }
        let taken = |a: &&Attribute<'_>| self.attributes_taken.iter().any(|name| a.is(name));
        for attribute in self.element.attributes.iter().filter(|a| !taken(a)) {
            let place = self.place.attribute(&attribute.name);
            let who = place.described();
            let (kind, message) = if attribute.is_declaration() || attribute.is_schema_location() {
                let message = format!("No se conserva {who}: no es parte del comprobante.");
                (FindingKind::NotKept, message)
            } else {
                let message = format!("No se reconoce {who}.");
                (FindingKind::Unexpected, message)
            };
            self.findings.add(&place, kind, message);
        }
        if !self.text_taken && !chars::is_blank(&self.element.text) {
            let message = format!("No se reconoce el texto {}.", self.place.of());
            let kind = FindingKind::Unexpected;
            self.findings.add(&self.place, kind, message);
        }
    }
}

/// A number of the model: prints as it will be written.
pub(crate) trait Number: FromStr + Display + Default {}

impl<N: FromStr + Display + Default> Number for N {}

fn read_yes_or_no(text: &str) -> Option<bool> {
    match text {
        "SI" => Some(true),
        "NO" => Some(false),
        _ => None,
    }
}

fn read_date(text: &str) -> Option<Date> {
    let part = |from, to| text.get(from..to).filter(|_| text.len() == 10);
    let day = part(0, 2)?.parse().ok()?;
    let month = part(3, 5)?.parse().ok()?;
    let year = part(6, 10)?.parse().ok()?;
    Date::new(year, month, day).ok()
}
