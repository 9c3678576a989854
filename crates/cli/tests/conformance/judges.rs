//! Two programs that share nothing with this one: xmllint with SRI's schemas,
//! xmlsec1 with the signature in the file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tagua_testing::{has_tool, xmllint, xmlsec1};
use tempfile::TempDir;

use super::report::{Column, Report};

/// A document as SRI authorized it.
pub(crate) struct Signed {
    vector: String,
    text: String,
    root: String,
    version: String,
}

impl Signed {
    pub(crate) fn new(vector: &str, text: String) -> Self {
        let tree = roxmltree::Document::parse(&text).unwrap();
        let root = tree.root_element();
        Self {
            vector: vector.to_owned(),
            root: root.tag_name().name().to_owned(),
            version: root.attribute("version").unwrap_or_default().to_owned(),
            text,
        }
    }
}

/// Has both programs judge every document; says which one a program refuses.
/// `false` where a program is missing.
pub(crate) fn judge(shared: &Path, report: &Report, documents: &[Signed]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let files = write(&folder, documents);
    let tools = ["xmllint", "xmlsec1"].map(has_tool);
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
    let mut batches = BTreeMap::<_, Vec<(&Signed, &PathBuf)>>::new();
    for pair in documents.iter().zip(files) {
        let schema = (&*pair.0.root, &*pair.0.version);
        batches.entry(schema).or_default().push(pair);
    }
    for ((root, version), batch) in batches {
        let files: Vec<_> = batch.iter().map(|(_, file)| (*file).clone()).collect();
        let verdicts = xmllint::validate(shared, root, version, &files);
        for (document, file) in batch {
            let complaints = &verdicts[file];
            let holds = complaints.is_none();
            let about = || complaints.clone().unwrap_or_default();
            report.case(&document.vector).check("xmllint", holds, about);
            let row = "authorized documents: valid by SRI's schemas (xmllint)";
            report.count(row, Column::Other, holds);
        }
    }
}

fn verify(report: &Report, documents: &[Signed], files: &[PathBuf]) {
    for (document, file) in documents.iter().zip(files) {
        let (holds, said) = xmlsec1::verify(file);
        report
            .case(&document.vector)
            .check("xmlsec1", holds, || said.clone());
        let row = "authorized documents: signature verified (xmlsec1)";
        report.count(row, Column::Other, holds);
    }
}
