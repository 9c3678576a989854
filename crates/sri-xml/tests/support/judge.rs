//! Spoiled documents, judged by the tables and by xmllint with the official schemas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{check, read, write};

use super::door::Door;
use super::mutation::{MUTATIONS, Node, escaped, texts};
use super::{Random, vectors, xmllint};

/// A document spoiled in a known way, to be held against a schema.
pub(crate) struct Mutant {
    pub(crate) what: String,
    pub(crate) schema: &'static Schema,
    pub(crate) bytes: Vec<u8>,
}

fn node(bytes: &[u8]) -> Node {
    Node::of(&read(bytes).expect("a well-formed document"))
}

/// Of the schemas that are not among the widest, every fourth text is tried.
const NARROWER: usize = 4;

/// Holds mutants of every schema of a type, every element too few or too many
/// times, and every text in every element of the widest, against both judges.
pub(crate) fn mutants_agree<D: Door>(shared: &Path, per_mutation: usize) -> Tally {
    let mut random = Random::seeded(0x7A67_7561);
    let found = vectors(shared, D::root());
    let found: Vec<_> = found.iter().map(|(_, bytes)| node(bytes)).collect();
    let mut mutants = Vec::new();
    for schema in D::SCHEMAS {
        let maximal = node(&D::maximal(schema).write());
        let spoiled = random_mutants(schema, &found, &maximal, per_mutation, &mut random);
        assert!(spoiled.len() >= 500, "only {} mutants", spoiled.len());
        spoiled.iter().for_each(nothing_is_lost::<D>);
        mutants.extend(spoiled);
        mutants.extend(counted_mutants(schema, &maximal));
    }
    let more = D::TEXTS.iter().map(|text| (*text).to_owned());
    let texts: Vec<_> = texts().into_iter().chain(more).collect();
    for schema in D::SCHEMAS {
        let is_widest = D::WIDEST.iter().any(|own| own.version == schema.version);
        let step = if is_widest { 1 } else { NARROWER };
        let texts: Vec<_> = texts.iter().step_by(step).collect();
        let maximal = node(&D::maximal(schema).write());
        mutants.extend(systematic_mutants(schema, &maximal, &texts));
    }
    let tally = Tally::of(shared, &format!("mutants-{}", D::root()), &mutants);
    tally.assert_as_listed();
    for schema in D::SCHEMAS {
        tally.assert_of_version(D::root(), schema.version);
    }
    tally
}

/// What can be read is valid and comes back; without notes, element by element.
fn nothing_is_lost<D: Door>(mutant: &Mutant) {
    let what = &mutant.what;
    let Ok((document, notes)) = D::read(&mutant.bytes) else {
        return;
    };
    assert_eq!(document.check(), [], "{what}");
    let written = document.write();
    let (again, more_notes) = D::read(&written).unwrap_or_else(|e| panic!("{what}: {e:?}"));
    assert_eq!((again, more_notes), (document, Vec::new()), "{what}");
    if notes.is_empty() {
        // Canonical: attributes have no order.
        let original = read(&mutant.bytes).map(|tree| write(&tree));
        assert_eq!(Ok(written), original, "{what}");
    }
}

/// Every mutation some times, on documents as found and on one with everything.
fn random_mutants(
    schema: &'static Schema,
    found: &[Node],
    maximal: &Node,
    per_mutation: usize,
    random: &mut Random,
) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (name, mutate) in MUTATIONS {
        for _ in 0..per_mutation {
            let from_found = random.below(3) == 0;
            let mut root = if from_found {
                random.pick(found).clone()
            } else {
                maximal.clone()
            };
            let what = mutate(&mut root, random);
            mutants.push(Mutant {
                what: format!("{name}: {what}"),
                schema,
                bytes: root.source().into_bytes(),
            });
        }
    }
    mutants
}

/// Every element as often as on both sides of any limit.
fn counted_mutants(schema: &'static Schema, maximal: &Node) -> Vec<Mutant> {
    let mut root = maximal.clone();
    root.keep_one_of_each();
    let mut mutants = Vec::new();
    for way in root.ways(|_| true) {
        let Some((last, parents)) = way.split_last() else {
            continue;
        };
        for count in [0, 2, 3, 4, 15, 16] {
            let mut spoiled = root.clone();
            let siblings = &mut spoiled.at(parents).children;
            let copies = vec![siblings[*last].clone(); count];
            siblings.splice(*last..=*last, copies);
            mutants.push(Mutant {
                what: format!("counted: {count} of {}", root.path(&way)),
                schema,
                bytes: spoiled.source().into_bytes(),
            });
        }
    }
    mutants
}

/// Every text in every element, one of each name in each place.
fn systematic_mutants(schema: &'static Schema, maximal: &Node, texts: &[&String]) -> Vec<Mutant> {
    const HERE: &str = "\0";
    let mut root = maximal.clone();
    root.keep_one_of_each();
    let mut mutants = Vec::new();
    for way in root.ways(|node| node.children.is_empty()) {
        let path = root.path(&way);
        let original = std::mem::replace(&mut root.at(&way).text, HERE.to_owned());
        let source = root.source();
        let (before, after) = source.split_once(HERE).expect("the text is in it");
        for text in texts {
            mutants.push(Mutant {
                what: format!("text: {path} '{text}'"),
                schema,
                bytes: [before, &escaped(text), after].concat().into_bytes(),
            });
        }
        root.at(&way).text = original;
    }
    mutants
}

/// How often the two judged alike, and where they did not.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
    differences: Vec<(&'static str, String)>,
    /// How many of each version were judged, and how many differently.
    versions: BTreeMap<&'static str, (usize, usize)>,
}

impl Tally {
    fn of(shared: &Path, folder: &str, mutants: &[Mutant]) -> Self {
        let folder = xmllint::Folder::new(folder);
        let mut by_version: BTreeMap<_, Vec<(PathBuf, &Mutant)>> = BTreeMap::new();
        for (at, mutant) in mutants.iter().enumerate() {
            let file = folder.add(&format!("{at}.xml"), &mutant.bytes);
            let version = mutant.schema.version;
            by_version.entry(version).or_default().push((file, mutant));
        }
        let mut tally = Self::default();
        for mutants in by_version.into_values() {
            let files: Vec<_> = mutants.iter().map(|(file, _)| file.clone()).collect();
            let schema = mutants.first().expect("never empty").1.schema;
            let (ours, theirs) = std::thread::scope(|scope| {
                let theirs = scope.spawn(|| xmllint::validate(shared, schema, &files));
                let (first, second) = mutants.split_at(mutants.len() / 2);
                let second = scope.spawn(|| complaints(second));
                let mut ours = complaints(first);
                ours.extend(second.join().expect("no panic"));
                (ours, theirs.join().expect("no panic"))
            });
            for ((file, mutant), ours) in mutants.into_iter().zip(ours) {
                tally.add(mutant, ours, theirs[&file].as_deref());
            }
        }
        tally
    }

    fn add(&mut self, mutant: &Mutant, ours: Option<String>, theirs: Option<&str>) {
        let version = mutant.schema.version;
        let (judged, differently) = self.versions.entry(version).or_default();
        *judged += 1;
        *differently += usize::from(ours.is_some() != theirs.is_some());
        match (&ours, theirs) {
            (None, None) => self.accepted += 1,
            (Some(_), Some(_)) => self.refused += 1,
            _ => {
                let class = explanation(mutant, theirs);
                let what = format!(
                    "{version} {}\n    tables: {ours:?}\n    xmllint: {theirs:?}",
                    mutant.what
                );
                self.differences.push((class, what));
            }
        }
    }

    /// At most one of 200 is judged differently, and only in ways that are listed.
    #[track_caller]
    fn assert_as_listed(&self) {
        let Self {
            accepted,
            refused,
            differences,
            ..
        } = self;
        let judged = accepted + refused + differences.len();
        println!(
            "{judged} mutants: {accepted} accepted and {refused} refused by both, \
             {} judged differently",
            differences.len(),
        );
        for (class, what) in differences {
            println!("  {class}: {what}");
        }
        let unexplained = |(class, _): &&(&str, String)| *class == "unexplained";
        assert_eq!(differences.iter().find(unexplained), None);
        assert!(
            differences.len() * 200 <= judged,
            "more than 0.5 % are judged differently"
        );
    }

    /// The same of each version by itself, with mutants enough to tell.
    #[track_caller]
    fn assert_of_version(&self, root: &str, version: &str) {
        let (judged, differently) = self.versions.get(version).copied().unwrap_or_default();
        println!("{root} {version}: {judged} mutants, {differently} judged differently");
        assert!(judged >= 500, "only {judged} mutants of {root} {version}");
        assert!(
            differently * 200 <= judged,
            "{root} {version}: more than 0.5 % are judged differently"
        );
    }
}

fn complaints(mutants: &[(PathBuf, &Mutant)]) -> Vec<Option<String>> {
    mutants
        .iter()
        .map(|(_, mutant)| complaint(mutant))
        .collect()
}

/// What the tables say first.
pub(crate) fn complaint(mutant: &Mutant) -> Option<String> {
    match read(&mutant.bytes) {
        Ok(tree) => {
            let findings = check(&tree, mutant.schema);
            findings.first().map(ToString::to_string)
        }
        Err(error) => Some(error.to_string()),
    }
}

/// The classes of `MUTANTS.md` that mutants meet by chance.
fn explanation(mutant: &Mutant, theirs: Option<&str>) -> &'static str {
    let source = String::from_utf8_lossy(&mutant.bytes);
    let is_content = theirs.is_some_and(|text| text.contains("Character content"));
    if is_content && source.contains("<![CDATA[") {
        "blank CDATA"
    } else if theirs.is_none() && source.contains(" xsi:type=\"") {
        "xsi:type"
    } else {
        "unexplained"
    }
}
