//! One validator for every table.

use super::{AttributeRule, Content, ElementRule, Presence, Schema};
use crate::chars;
use crate::finding::{FindingKind, Findings, Place, StructuralFinding, shown};
use crate::tree::Element;

/// Holds a tree against a schema. No findings: the schema accepts the document.
/// At most [`Findings::KEPT_MAX`] are given.
pub fn check(root: &Element<'_>, schema: &Schema) -> Vec<StructuralFinding> {
    let mut findings = Findings::new();
    let place = Place::root(&root.name);
    if schema.root.matches(root) {
        check_element(root, &schema.root, &place, &mut findings);
    } else {
        let (name, expected) = (shown(&root.name), schema.root.name);
        let message = format!(
            "cvc-elt.1: No se permite '{name}' como elemento raíz; se espera '{expected}', \
             sin espacio de nombres."
        );
        findings.add(&place, FindingKind::Unexpected, message);
    }
    findings.into_vec()
}

fn check_element(
    element: &Element<'_>,
    rule: &ElementRule,
    place: &Place<'_>,
    findings: &mut Findings,
) {
    if let Content::Signature = rule.content {
        return;
    }
    check_attributes(element, rule, place, findings);
    match rule.content {
        Content::Value(value) if element.children.is_empty() => {
            value.check(&element.text, place, findings);
        }
        Content::Nothing | Content::Value(_) => refuse_children(element, place, findings),
        Content::Sequence(rules) => check_sequence(element, rules, place, findings),
        Content::Signature => {}
    }
    match rule.content {
        Content::Nothing if !element.text.is_empty() => refuse_text(element, place, findings),
        Content::Sequence(_) if !chars::is_blank(&element.text) => {
            refuse_text(element, place, findings);
        }
        _ => {}
    }
}

fn check_attributes(
    element: &Element<'_>,
    rule: &ElementRule,
    place: &Place<'_>,
    findings: &mut Findings,
) {
    for attribute in &element.attributes {
        if attribute.is_declaration() || attribute.is_schema_location() {
            continue;
        }
        let place = place.attribute(&attribute.name);
        match rule.attributes.iter().find(|rule| attribute.is(rule.name)) {
            Some(rule) => rule.value.check(&attribute.value, &place, findings),
            None => {
                let who = place.described();
                let message = format!("cvc-complex-type.3.2.2: No se permite {who}.");
                findings.add(&place, FindingKind::Unexpected, message);
            }
        }
    }
    let missing = |rule: &&AttributeRule| {
        rule.presence == Presence::Required && element.attribute(rule.name).is_none()
    };
    for rule in rule.attributes.iter().filter(missing) {
        let place = place.attribute(rule.name);
        let message = format!("cvc-complex-type.4: Falta {}.", place.described());
        findings.add(&place, FindingKind::Missing, message);
    }
}

fn refuse_children(element: &Element<'_>, place: &Place<'_>, findings: &mut Findings) {
    if let Some(child) = element.children.first() {
        let (name, parent) = (shown(&child.name), shown(&element.name));
        let message = format!(
            "cvc-type.3.1.2: El elemento '{parent}' no puede contener elementos; \
             se encontró '{name}'."
        );
        let place = place.child(&child.name);
        findings.add(&place, FindingKind::Unexpected, message);
    }
}

fn refuse_text(element: &Element<'_>, place: &Place<'_>, findings: &mut Findings) {
    let (name, text) = (shown(&element.name), shown(element.text.trim()));
    let message = format!(
        "cvc-complex-type.2.3: El elemento '{name}' no puede contener texto; se encontró '{text}'."
    );
    findings.add(place, FindingKind::Unexpected, message);
}

fn check_sequence(
    parent: &Element<'_>,
    rules: &'static [ElementRule],
    place: &Place<'_>,
    findings: &mut Findings,
) {
    let mut walk = Walk {
        parent,
        rules,
        at: 0,
        count: 0,
    };
    for (index, child) in parent.children.iter().enumerate() {
        if findings.is_full() {
            return;
        }
        let step = walk.step(index, child);
        if !matches!(step, Step::InOrder(_)) {
            walk.tell(&step, index, place, findings);
        }
        if let Some(rule) = step.rule() {
            let place = match step {
                Step::InOrder(_) | Step::After { .. } => walk.place_in_order(rule, place),
                _ => walk.place_among_like(rule, index, place),
            };
            check_element(child, rule, &place, findings);
        }
    }
    let rest = rules.get(walk.at..).unwrap_or_default();
    walk.tell_missing(rest, place, findings);
}

/// Where in its sequence an element's children have come to.
struct Walk<'w> {
    parent: &'w Element<'w>,
    rules: &'static [ElementRule],
    /// The rule of the last child that was in order.
    at: usize,
    /// How many children that rule has had.
    count: u32,
}

/// What one child is.
enum Step {
    InOrder(&'static ElementRule),
    /// In order if it were not for these, which are nowhere.
    After {
        skipped: &'static [ElementRule],
        rule: &'static ElementRule,
    },
    Misplaced(&'static ElementRule),
    TooMany(&'static ElementRule),
    Unknown,
}

impl Step {
    const fn rule(&self) -> Option<&'static ElementRule> {
        match *self {
            Self::InOrder(rule)
            | Self::After { rule, .. }
            | Self::Misplaced(rule)
            | Self::TooMany(rule) => Some(rule),
            Self::Unknown => None,
        }
    }
}

impl Walk<'_> {
    fn step(&mut self, index: usize, child: &Element<'_>) -> Step {
        let ahead = self.rules.get(self.at..).unwrap_or_default();
        let Some(distance) = ahead.iter().position(|rule| rule.matches(child)) else {
            return self.step_back(index, child);
        };
        let Some(rule) = ahead.get(distance) else {
            return Step::Unknown;
        };
        if distance == 0 {
            self.count = self.count.saturating_add(1);
            return if self.count > rule.count_max {
                Step::TooMany(rule)
            } else {
                Step::InOrder(rule)
            };
        }
        // The rule at hand needs nothing more once it has had a child.
        let from = usize::from(self.count > 0);
        let skipped = ahead.get(from..distance).unwrap_or_default();
        let later = self.parent.children.get(index..).unwrap_or_default();
        if skipped
            .iter()
            .any(|rule| is_required(rule) && is_among(rule, later))
        {
            return Step::Misplaced(rule);
        }
        self.at += distance;
        self.count = 1;
        match skipped.iter().any(is_required) {
            true => Step::After { skipped, rule },
            false => Step::InOrder(rule),
        }
    }

    /// A child whose place, if it has one, is already passed.
    fn step_back(&self, index: usize, child: &Element<'_>) -> Step {
        let earlier = self.parent.children.get(..index).unwrap_or_default();
        match self.rules.iter().find(|rule| rule.matches(child)) {
            Some(rule) if rule.count_max == 1 && is_among(rule, earlier) => Step::TooMany(rule),
            Some(rule) => Step::Misplaced(rule),
            None => Step::Unknown,
        }
    }

    fn tell(&self, step: &Step, index: usize, place: &Place<'_>, findings: &mut Findings) {
        let Some(child) = self.parent.children.get(index) else {
            return;
        };
        let (name, parent) = (shown(&child.name), shown(&self.parent.name));
        let (kind, message) = match *step {
            Step::InOrder(_) => return,
            Step::After { skipped, .. } => return self.tell_missing(skipped, place, findings),
            Step::TooMany(rule) => (
                FindingKind::Repeated,
                format!(
                    "cvc-complex-type.2.4.d: El elemento '{name}' se repite en '{parent}'; \
                     se permite {} como máximo.",
                    rule.count_max
                ),
            ),
            Step::Misplaced(_) => (
                FindingKind::OutOfOrder,
                format!(
                    "cvc-complex-type.2.4.a: El elemento '{name}' está fuera de orden en \
                     '{parent}'. Se espera {}.",
                    self.expected()
                ),
            ),
            Step::Unknown => (
                FindingKind::Unexpected,
                format!(
                    "cvc-complex-type.2.4.a: El elemento '{name}' no se permite en '{parent}'. \
                     Se espera {}.",
                    self.expected()
                ),
            ),
        };
        let place = match step.rule() {
            Some(rule) => self.place_among_like(rule, index, place),
            None => place.child(&child.name),
        };
        findings.add(&place, kind, message);
    }

    fn tell_missing(
        &self,
        rules: &'static [ElementRule],
        place: &Place<'_>,
        findings: &mut Findings,
    ) {
        // One that stands elsewhere has been told about there.
        let missing =
            |rule: &&ElementRule| is_required(rule) && !is_among(rule, &self.parent.children);
        for rule in rules.iter().filter(missing) {
            let parent = shown(&self.parent.name);
            let message = format!(
                "cvc-complex-type.2.4.b: El contenido de '{parent}' no está completo: \
                 falta el elemento '{}'.",
                rule.name
            );
            findings.add(&place.child(rule.name), FindingKind::Missing, message);
        }
    }

    /// The elements that could stand here, as Xerces lists them.
    fn expected(&self) -> String {
        let ahead = self.rules.get(self.at..).unwrap_or_default();
        let full = |rule: &ElementRule| self.count >= rule.count_max;
        let from = usize::from(ahead.first().is_some_and(full));
        let mut names = Vec::new();
        for rule in ahead.iter().skip(from) {
            names.push(format!("'{}'", rule.name));
            if is_required(rule) && !(self.count > 0 && names.len() == 1 && from == 0) {
                break;
            }
        }
        match names.as_slice() {
            [] => "el fin del elemento".to_owned(),
            [name] => name.clone(),
            [names @ .., last] => format!("{} o {last}", names.join(", ")),
        }
    }

    /// Elements that may repeat are numbered among their like.
    const fn place_in_order<'p>(
        &self,
        rule: &'static ElementRule,
        place: &'p Place<'p>,
    ) -> Place<'p> {
        match rule.count_max {
            1 => place.child(rule.name),
            _ => place.nth(rule.name, self.count as usize),
        }
    }

    fn place_among_like<'p>(
        &self,
        rule: &'static ElementRule,
        index: usize,
        place: &'p Place<'p>,
    ) -> Place<'p> {
        let earlier = self.parent.children.get(..index).unwrap_or_default();
        match earlier.iter().filter(|child| rule.matches(child)).count() {
            0 if rule.count_max == 1 => place.child(rule.name),
            before => place.nth(rule.name, before + 1),
        }
    }
}

fn is_required(rule: &ElementRule) -> bool {
    rule.presence == Presence::Required
}

fn is_among(rule: &ElementRule, elements: &[Element<'_>]) -> bool {
    elements.iter().any(|element| rule.matches(element))
}
