//! What reading has in common, whichever the type of document.

use crate::fields::Fields;
use crate::finding::{FindingKind, Findings, Place, StructuralFinding, shown};
use crate::schema::Schema;
use crate::schema::check::check;
use crate::tree::Element;

/// A type of document: how its trees are judged and mapped.
pub(crate) struct Document<D> {
    /// The name of the root element.
    pub(crate) root: &'static str,
    /// Its schemas, oldest first.
    pub(crate) schemas: &'static [&'static Schema],
    /// The mapping of a tree of this type.
    pub(crate) from_tree: fn(&Element<'_>, &mut Findings) -> Option<D>,
}

/// A document that was read: the model, the signature apart, the notes.
pub(crate) type Read<'a, D> = (D, Option<Element<'a>>, Vec<StructuralFinding>);

impl<D> Document<D> {
    /// Reads a document of the version its root element names: its XML, its
    /// structure, its model. The first of the three that complains is the last.
    pub(crate) fn read<'a>(&self, bytes: &'a [u8]) -> Result<Read<'a, D>, Vec<StructuralFinding>> {
        let mut tree = crate::read::read(bytes).map_err(|error| vec![error.finding()])?;
        let findings = check(&tree, self.schema_of(&tree)?);
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut findings = Findings::new();
        let document = (self.from_tree)(&tree, &mut findings);
        let notes = findings.into_vec();
        match document {
            Some(document) => {
                let signature = tree.children.pop_if(|last| last.is_signature());
                Ok((document, signature, notes))
            }
            None => Err(notes),
        }
    }

    fn schema_of(&self, root: &Element<'_>) -> Result<&'static Schema, Vec<StructuralFinding>> {
        let mut findings = Findings::new();
        if let Some(schema) = self.version(root, &mut findings) {
            return Ok(schema);
        }
        // Another document: that is the thing to say, not that its version is unknown.
        match self.schemas.last() {
            Some(newest) if !root.is(self.root) => Err(check(root, newest)),
            _ => Err(findings.into_vec()),
        }
    }

    /// What `read` makes of the root's children and the version the root names,
    /// which is absent when there is no schema for it. `None` exactly when a
    /// finding that is not a note was added.
    pub(crate) fn take_root(
        &self,
        root: &Element<'_>,
        findings: &mut Findings,
        read: fn(&mut Fields<'_, '_>, Option<&'static str>) -> Option<D>,
    ) -> Option<D> {
        let refusals_before = findings.refusals();
        if !self.is_root(root, findings) {
            return None;
        }
        let schema = self.version(root, findings);
        let mut fields = Fields::of(root, Place::root(&root.name), findings);
        self.take_root_attributes(&mut fields);
        let document = read(&mut fields, schema.map(|schema| schema.version));
        fields.skip_signature();
        fields.finish();
        document.filter(|_| findings.refusals() == refusals_before)
    }

    /// The schema the root names; `None` with a finding when there is none.
    pub(crate) fn version(
        &self,
        root: &Element<'_>,
        findings: &mut Findings,
    ) -> Option<&'static Schema> {
        let text = root.attribute("version").unwrap_or_default();
        let mut schemas = self.schemas.iter().copied();
        let schema = schemas.find(|schema| schema.version == text);
        if schema.is_none() {
            let known: Vec<_> = self.schemas.iter().map(|schema| schema.version).collect();
            let known = match known.as_slice() {
                [only] => format!("la única versión es {only}"),
                all => format!("las versiones son {}", all.join(", ")),
            };
            let message = format!(
                "No existe un esquema para la versión '{}' de {}; {known}.",
                shown(text),
                self.root,
            );
            let root = Place::root(&root.name);
            findings.add(&root.attribute("version"), FindingKind::Version, message);
        }
        schema
    }

    /// Whether the root is of this type; tells when it is not.
    pub(crate) fn is_root(&self, root: &Element<'_>, findings: &mut Findings) -> bool {
        let is_root = root.is(self.root);
        if !is_root {
            let place = Place::root(&root.name);
            let message = format!(
                "Se espera '{}'; se encontró {}.",
                self.root,
                place.described()
            );
            findings.add(&place, FindingKind::Unexpected, message);
        }
        is_root
    }

    /// Takes `version` and `id` of the root.
    pub(crate) fn take_root_attributes(&self, fields: &mut Fields<'_, '_>) {
        fields.maybe_attribute("version");
        match fields.maybe_attribute("id").as_deref() {
            Some("comprobante") => {}
            Some(_) => fields.refuse_attribute("id", "debe ser 'comprobante'"),
            None => fields.note(format!(
                "Falta el atributo 'id' del elemento '{}'; se escribirá 'comprobante'.",
                self.root
            )),
        }
    }
}
