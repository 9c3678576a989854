//! A document between the request that was read and the row that is stored:
//! what local checks say about it.

use std::borrow::Cow;

use tagua_fiscal::rules::{self, Finding, RuleContext};
use tagua_fiscal::{AccessKey, Document, DocumentType, Environment, Sequential, Series};
use tagua_sri_xml::tree::{Attribute, Element};
use tagua_sri_xml::{StructuralFinding, any};
use tagua_store::{ReceptionResult, SriMessage, UnixMillis};

/// What SRI takes as one document (ficha técnica, section 7.5).
const SRI_BYTES: usize = 320 * 1024;

/// A document with everything that local checks say about it.
pub(crate) struct Draft {
    pub(crate) facts: Facts,
    /// What is signed.
    pub(crate) canonical: Vec<u8>,
    /// Where the schema is broken.
    pub(crate) structural: Vec<StructuralFinding>,
    /// Which rules are.
    pub(crate) rules: Vec<Finding>,
}

/// What is stored of a document beside its bytes.
pub(crate) struct Facts {
    pub(crate) environment: Environment,
    pub(crate) document_type: DocumentType,
    pub(crate) series: Series,
    pub(crate) sequential: Sequential,
    pub(crate) access_key: AccessKey,
    pub(crate) schema_version: Cow<'static, str>,
    /// `AAAA-MM-DD`.
    pub(crate) issue_date: String,
    pub(crate) receiver_id: String,
    pub(crate) receiver_name: String,
    /// Decimal text; empty where the type has none.
    pub(crate) total: String,
}

impl Draft {
    /// The draft of a document that was sent as JSON.
    pub(crate) fn new(document: &Document, context: &RuleContext) -> Self {
        let tree = any::to_tree(document);
        Self {
            facts: Facts::of(document),
            structural: tagua_sri_xml::check(&tree, any::schema(document)),
            canonical: tagua_sri_xml::write(&tree),
            rules: rules::check_document(document, context),
        }
    }

    /// The draft of a document that was sent as XML: signed as it is. The rules
    /// are held against it where the model can hold it.
    pub(crate) fn of_xml(facts: Facts, mut tree: Element<'_>, context: &RuleContext) -> Self {
        let structural = tagua_wire::structural_findings(&tree);
        let rules = match any::from_tree(&tree) {
            Ok((document, _)) => rules::check_document(&document, context),
            Err(_) => Vec::new(),
        };
        if structural.is_empty() {
            make_signable(&mut tree);
        }
        Self {
            facts,
            structural,
            canonical: tagua_sri_xml::write(&tree),
            rules,
        }
    }

    /// Whether the local checks found no error.
    pub(crate) fn valid(&self) -> bool {
        self.structural.is_empty() && self.canonical.len() <= SRI_BYTES && rules::valid(&self.rules)
    }

    /// A local refusal in the form SRI would give (CONTRACT 3.1): such a
    /// document is stored and not sent.
    pub(crate) fn local_refusal(&self, at: UnixMillis) -> Option<ReceptionResult> {
        let Some(first) = self.structural.first() else {
            return too_large(self.canonical.len(), at);
        };
        let rest = match self.structural.len() {
            1 => String::new(),
            all => format!(" (y {} más)", all - 1),
        };
        let additional = format!("{}: {}{rest}", first.path, first.message_es);
        Some(returned(
            "35",
            "ARCHIVO NO CUMPLE ESTRUCTURA XML",
            additional,
            at,
        ))
    }
}

/// Takes out what says nothing and cannot be signed, declarations of namespaces
/// that no element uses, and names the root, which the signature refers to.
fn make_signable(root: &mut Element<'_>) {
    if root.attribute("id").is_none() {
        root.attributes.push(Attribute {
            name: Cow::Borrowed("id"),
            namespace: Cow::Borrowed(""),
            value: Cow::Borrowed("comprobante"),
        });
    }
    drop_namespaces(root);
}

fn drop_namespaces(element: &mut Element<'_>) {
    let says_nothing =
        |attribute: &Attribute<'_>| attribute.is_declaration() || attribute.is_schema_location();
    element.attributes.retain(|own| !says_nothing(own));
    element.children.iter_mut().for_each(drop_namespaces);
}

impl Facts {
    fn of(document: &Document) -> Self {
        let tax = document.tax_info();
        let receiver = document.receiver();
        Self {
            environment: tax.environment,
            document_type: document.document_type(),
            series: tax.series,
            sequential: tax.sequential,
            access_key: tax.access_key,
            schema_version: Cow::Borrowed(document.schema_version()),
            issue_date: document.issue_date().to_string(),
            receiver_id: receiver.map_or("", |r| r.id).to_owned(),
            receiver_name: receiver.map_or("", |r| r.name).to_owned(),
            total: document.total().map_or_else(String::new, |t| t.to_string()),
        }
    }
}

/// The words for a file of more bytes than SRI takes, if it has.
pub(crate) fn size_refusal(bytes: usize) -> Option<String> {
    (bytes > SRI_BYTES).then(|| {
        format!(
            "El comprobante ocupa {bytes} bytes y el SRI acepta hasta {SRI_BYTES}: divídalo en \
             varios comprobantes."
        )
    })
}

/// The refusal of a file of more bytes than SRI takes, signature included.
pub(crate) fn too_large(bytes: usize, at: UnixMillis) -> Option<ReceptionResult> {
    let additional = size_refusal(bytes)?;
    Some(returned("26", "TAMAÑO MÁXIMO SUPERADO", additional, at))
}

fn returned(
    identifier: &str,
    message: &str,
    additional: String,
    at: UnixMillis,
) -> ReceptionResult {
    let message = SriMessage {
        identifier: identifier.to_owned(),
        message: message.to_owned(),
        kind: "ERROR".to_owned(),
        additional: Some(additional),
    };
    ReceptionResult {
        state: "DEVUELTA".to_owned(),
        at: at.0,
        messages: vec![message],
    }
}
