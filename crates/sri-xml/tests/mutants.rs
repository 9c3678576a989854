//! Thousands of spoiled invoices, judged by the tables and by xmllint with the
//! official schemas. `MUTANTS.md` lists the known differences.

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use support::mutation::{MUTATIONS, Node, TEXTS, escaped};
use support::{Random, sample, shared, vectors, xmllint};
use tagua_fiscal::invoice::InvoiceVersion;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{check, read, write_invoice};

const PER_MUTATION_AND_VERSION: usize = 40;

struct Mutant {
    what: String,
    version: InvoiceVersion,
    bytes: Vec<u8>,
}

#[test]
fn mutants_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if !xmllint::is_available() {
        return;
    }
    let mut mutants = random_mutants(&shared);
    let random = mutants.len();
    mutants.extend(systematic_mutants());
    let tally = compare(&shared, &mutants);
    println!(
        "{} mutants ({random} random): {} accepted and {} refused by both, {} judged differently",
        mutants.len(),
        tally.accepted,
        tally.refused,
        tally.differences.len(),
    );
    for (class, what) in &tally.differences {
        println!("  {class}: {what}");
    }
    let unexplained = |(class, _): &&(&str, String)| *class == "unexplained";
    assert_eq!(tally.differences.iter().find(unexplained), None);
    assert!(random >= 2_000, "only {random} mutants");
    assert!(tally.accepted >= 300 && tally.refused >= 1_000);
    assert!(
        tally.differences.len() * 200 <= mutants.len(),
        "more than 0.5 % differ"
    );
}

/// Every mutation for every version, on vectors and on invoices with everything.
fn random_mutants(shared: &Path) -> Vec<Mutant> {
    let mut random = Random::seeded(0x7A67_7561);
    let vectors: Vec<_> = vectors(shared)
        .iter()
        .map(|(_, bytes)| node(bytes))
        .collect();
    let mut mutants = Vec::new();
    for version in InvoiceVersion::ALL {
        let maximal = node(&write_invoice(&sample::maximal(version)));
        for (name, mutate) in MUTATIONS {
            for _ in 0..PER_MUTATION_AND_VERSION {
                let from_vector = random.below(3) == 0;
                let mut root = if from_vector {
                    random.pick(&vectors).clone()
                } else {
                    maximal.clone()
                };
                let what = mutate(&mut root, &mut random);
                mutants.push(Mutant {
                    what: format!("{name}: {what}"),
                    version,
                    bytes: root.source().into_bytes(),
                });
            }
        }
    }
    mutants
}

/// Every text in every element of the widest version.
fn systematic_mutants() -> Vec<Mutant> {
    let version = InvoiceVersion::V2_1_0;
    let mut root = node(&write_invoice(&sample::maximal(version)));
    root.keep_one_of_each();
    let texts: Vec<_> = TEXTS
        .map(str::to_owned)
        .into_iter()
        .chain(lengths())
        .collect();
    let mut mutants = Vec::new();
    for way in root.ways(|node| node.children.is_empty()) {
        let path = root.path(&way);
        let original = root.at(&way).text.clone();
        for text in &texts {
            root.at(&way).text = escaped(text);
            mutants.push(Mutant {
                what: format!("text: {path} '{text}'"),
                version,
                bytes: root.source().into_bytes(),
            });
        }
        root.at(&way).text = original;
    }
    mutants
}

/// Letters and digits on both sides of every length and number of digits there is.
fn lengths() -> impl Iterator<Item = String> {
    let letters = [
        2, 3, 10, 11, 13, 14, 15, 16, 20, 21, 25, 26, 30, 31, 50, 51, 64, 65, 100, 101, 300, 301,
    ];
    let digits = [3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 18, 19, 48, 49, 50];
    let fractions = [
        "7.123456",
        "7.1234567",
        "777777777777.12",
        "7777777777777.12",
        "7777.1",
        "777.12",
    ];
    let letters = letters.into_iter().map(|count| "A".repeat(count));
    let digits = digits.into_iter().map(|count| "7".repeat(count));
    letters.chain(digits).chain(fractions.map(str::to_owned))
}

fn node(bytes: &[u8]) -> Node {
    Node::of(&read(bytes).expect("a well-formed document"))
}

#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    differences: Vec<(&'static str, String)>,
}

fn compare(shared: &Path, mutants: &[Mutant]) -> Tally {
    let folder = xmllint::Folder::new("mutants");
    let mut by_version: BTreeMap<_, Vec<(PathBuf, &Mutant)>> = BTreeMap::new();
    for (at, mutant) in mutants.iter().enumerate() {
        let file = folder.add(&format!("{at}.xml"), &mutant.bytes);
        by_version
            .entry(mutant.version)
            .or_default()
            .push((file, mutant));
    }
    let mut tally = Tally::default();
    for (version, mutants) in by_version {
        let files: Vec<_> = mutants.iter().map(|(file, _)| file.clone()).collect();
        let verdicts = xmllint::validate(shared, version.as_str(), &files);
        for (file, mutant) in mutants {
            tally.add(mutant, verdicts[&file].as_deref());
        }
    }
    tally
}

impl Tally {
    fn add(&mut self, mutant: &Mutant, theirs: Option<&str>) {
        let ours = complaint(mutant);
        match (&ours, theirs) {
            (None, None) => self.accepted += 1,
            (Some(_), Some(_)) => self.refused += 1,
            _ => {
                let class = explanation(mutant, theirs);
                let what = format!(
                    "{} {}\n    tables: {ours:?}\n    xmllint: {theirs:?}",
                    mutant.version.as_str(),
                    mutant.what
                );
                self.differences.push((class, what));
            }
        }
    }
}

fn complaint(mutant: &Mutant) -> Option<String> {
    match read(&mutant.bytes) {
        Ok(tree) => {
            let findings = check(&tree, Schema::invoice(mutant.version));
            findings.first().map(ToString::to_string)
        }
        Err(error) => Some(error.to_string()),
    }
}

/// The classes of `MUTANTS.md` that mutants meet by chance.
fn explanation(mutant: &Mutant, theirs: Option<&str>) -> &'static str {
    let has_cdata = String::from_utf8_lossy(&mutant.bytes).contains("<![CDATA[");
    if has_cdata && theirs.is_some_and(|text| text.contains("Character content")) {
        "blank CDATA"
    } else {
        "unexplained"
    }
}

/// The other classes of `MUTANTS.md`: how each of the two judges.
#[test]
fn known_differences_are_as_listed() {
    let Some(shared) = shared() else { return };
    if !xmllint::is_available() {
        return;
    }
    let zeros = "0".repeat(30);
    let spoiled = [
        (
            "<valor>7.50</valor>",
            format!("<valor>7.50{zeros}</valor>"),
            true,
            false,
        ),
        ("<ambiente>1</ambiente>", with_type("ambiente"), false, true),
        ("<pagos>", "<pagos><![CDATA[ ]]>".to_owned(), true, false),
    ];
    let folder = xmllint::Folder::new("differences");
    for (at, (from, to, ours, theirs)) in spoiled.into_iter().enumerate() {
        let version = InvoiceVersion::V2_1_0;
        let valid = write_invoice(&sample::maximal(version));
        let valid = String::from_utf8(valid).expect("UTF-8");
        assert!(valid.contains(from), "{from}");
        let bytes = valid.replacen(from, &to, 1).into_bytes();
        let file = folder.add(&format!("{at}.xml"), &bytes);
        let what = to;
        let mutant = Mutant {
            what,
            version,
            bytes,
        };
        let verdicts = xmllint::validate(&shared, version.as_str(), std::slice::from_ref(&file));
        assert_eq!(
            complaint(&mutant).is_none(),
            ours,
            "tables: {}",
            mutant.what
        );
        assert_eq!(
            verdicts[&file].is_none(),
            theirs,
            "xmllint: {}",
            mutant.what
        );
    }
}

fn with_type(name: &str) -> String {
    let instance = "http://www.w3.org/2001/XMLSchema-instance";
    format!("<{name} xmlns:xsi=\"{instance}\" xsi:type=\"{name}\">1</{name}>")
}
