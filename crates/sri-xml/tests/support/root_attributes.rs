//! `id` and `version` of the root, which each schema demands in its own way.

use std::path::Path;

use tagua_sri_xml::{check, read};

use super::door::Door;
use super::xmllint;

/// Each between the quotes of an attribute.
const VALUES: [&str; 16] = [
    "1.0.0",
    " 1.1.0 ",
    "&#9;1.1.0&#10;",
    "1.0 0",
    "",
    " ",
    "9.9.9",
    "v-1_a:b",
    "1/0",
    "1,0",
    "número",
    "·",
    "n\u{BA}1",
    "comprobante",
    " comprobante",
    "Comprobante",
];

/// Both judges say the same of every value in either attribute, and of none.
pub(crate) fn agree<D: Door>(shared: &Path) {
    let folder = xmllint::Folder::new(&format!("attributes-{}", D::root()));
    for schema in D::SCHEMAS {
        let documents = with_attributes(&D::maximal(schema));
        let files: Vec<_> = documents
            .iter()
            .enumerate()
            .map(|(at, document)| folder.add(&format!("{at}.xml"), document.as_bytes()))
            .collect();
        let verdicts = xmllint::validate(shared, schema, &files);
        let mut accepted = 0;
        for (document, file) in documents.iter().zip(&files) {
            let ours = check(&read(document.as_bytes()).expect("well-formed"), schema);
            let theirs = &verdicts[file];
            let shown = document.get(..80).unwrap_or_default();
            let agree = ours.is_empty() == theirs.is_none();
            assert!(agree, "{shown}\n{ours:#?}\n{theirs:?}");
            accepted += usize::from(ours.is_empty());
        }
        assert!((5..documents.len() - 5).contains(&accepted), "{accepted}");
    }
}

fn with_attributes<D: Door>(document: &D) -> Vec<String> {
    let source = String::from_utf8(document.write()).expect("UTF-8");
    let (tag, rest) = source.split_once('>').expect("a start tag");
    let name = tag.split(' ').next().expect("a name");
    let with = |attributes: String| format!("{name}{attributes}>{rest}");
    let mut all = vec![with(String::new()), with(" id=\"comprobante\"".to_owned())];
    for value in VALUES {
        all.push(with(format!(" version=\"{value}\"")));
        all.push(with(format!(" id=\"comprobante\" version=\"{value}\"")));
        all.push(with(format!(" id=\"{value}\" version=\"1.0.0\"")));
    }
    all
}
