//! Two programs that share nothing with this one: xmllint with SRI's schemas,
//! xmlsec1 with the signature in the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use super::report::{Column, Report};

/// A document as SRI authorized it.
pub(crate) struct Signed {
    vector: String,
    text: String,
    schema: String,
}

impl Signed {
    pub(crate) fn new(vector: &str, text: String) -> Self {
        let tree = roxmltree::Document::parse(&text).unwrap();
        let root = tree.root_element();
        let version = root.attribute("version").unwrap_or_default();
        let schema = format!("{}_{version}.xsd", root.tag_name().name());
        Self {
            vector: vector.to_owned(),
            schema,
            text,
        }
    }
}

/// Has both programs judge every document; says which one a program refuses.
/// `false` where a program is missing.
pub(crate) fn judge(shared: &Path, report: &Report, documents: &[Signed]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let files = write(&folder, documents);
    let tools = ["xmllint", "xmlsec1"].map(is_installed);
    if tools[0] {
        validate(shared, report, documents, &files);
    }
    if tools[1] {
        verify(report, documents, &files);
    }
    tools == [true, true]
}

fn write(folder: &TempDir, documents: &[Signed]) -> Vec<PathBuf> {
    let file = |document: &Signed| {
        let path = folder.path().join(format!("{}.xml", document.vector));
        std::fs::write(&path, &document.text).unwrap();
        path
    };
    documents.iter().map(file).collect()
}

/// One run for each schema: to read a schema takes longer than to use it.
fn validate(shared: &Path, report: &Report, documents: &[Signed], files: &[PathBuf]) {
    let mut batches: BTreeMap<&str, Vec<(&Signed, &PathBuf)>> = BTreeMap::new();
    for pair in documents.iter().zip(files) {
        batches.entry(&pair.0.schema).or_default().push(pair);
    }
    for (schema, batch) in batches {
        let output = Command::new("xmllint")
            .args(["--nonet", "--noout", "--schema"])
            .arg(shared.join("sri/xsd").join(schema))
            .args(batch.iter().map(|(_, file)| file))
            .output()
            .unwrap();
        let said = text(&output);
        for (document, file) in batch {
            let valid = format!("{} validates", file.display());
            let holds = said.lines().any(|line| line == valid);
            let about = || lines_about(&said, file);
            report.case(&document.vector).check("xmllint", holds, about);
            let row = "authorized documents: valid by SRI's schemas (xmllint)";
            report.count(row, Column::Other, holds);
        }
    }
}

/// Whose attribute `id` is an identifier.
const ROOTS: [&str; 6] = [
    "comprobanteRetencion",
    "factura",
    "guiaRemision",
    "liquidacionCompra",
    "notaCredito",
    "notaDebito",
];

fn verify(report: &Report, documents: &[Signed], files: &[PathBuf]) {
    for (document, file) in documents.iter().zip(files) {
        let output = Command::new("xmlsec1")
            // Takes the key from the certificate in the file; nobody trusts its issuer.
            .args(["--verify", "--insecure"])
            .args(ROOTS.map(|root| ["--id-attr:id", root]).as_flattened())
            .args(["--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:KeyInfo"])
            .args([
                "--id-attr:Id",
                "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
            ])
            .arg(file)
            .output()
            .unwrap();
        let said = text(&output);
        let three = said.contains("SignedInfo References (ok/all): 3/3");
        let holds = output.status.success() && three;
        report
            .case(&document.vector)
            .check("xmlsec1", holds, || said.clone());
        let row = "authorized documents: signature verified (xmlsec1)";
        report.count(row, Column::Other, holds);
    }
}

fn text(output: &Output) -> String {
    let all = [&*output.stdout, &*output.stderr].concat();
    String::from_utf8_lossy(&all).into_owned()
}

fn lines_about(said: &str, file: &Path) -> String {
    let name = file.display().to_string();
    let lines = said.lines().filter(|line| line.starts_with(&name));
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a program is there; says so when not.
fn is_installed(tool: &str) -> bool {
    let installed = Command::new(tool).arg("--version").output().is_ok();
    if !installed {
        let required = std::env::var("TAGUA_REQUIRE_TOOLS").as_deref() == Ok("1");
        assert!(!required, "{tool} is missing");
        println!("skipped: {tool} is not installed");
    }
    installed
}
