//! Thousands of spoiled invoices, judged by the tables and by xmllint with the
//! official schemas. `MUTANTS.md` lists the known differences.

mod support;

use std::path::Path;

use support::judge::{Mutant, Tally, complaint, node, random_mutants, systematic_mutants};
use support::mutation::TEXTS;
use support::{Random, sample, shared, vectors, xmllint};
use tagua_fiscal::invoice::InvoiceVersion;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::write_invoice;

const PER_MUTATION_AND_VERSION: usize = 40;

#[test]
fn mutants_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if !xmllint::is_available() {
        return;
    }
    let mut mutants = random(&shared);
    assert!(mutants.len() >= 2_000, "only {} mutants", mutants.len());
    mutants.extend(systematic());
    let tally = Tally::of(&shared, "mutants", &mutants);
    tally.assert_as_listed();
    assert!(tally.accepted >= 300 && tally.refused >= 1_000);
}

/// Every mutation for every version.
fn random(shared: &Path) -> Vec<Mutant> {
    let mut random = Random::seeded(0x7A67_7561);
    let vectors = vectors(shared, "factura");
    let vectors: Vec<_> = vectors.iter().map(|(_, bytes)| node(bytes)).collect();
    let mut mutants = Vec::new();
    for version in InvoiceVersion::ALL {
        let maximal = node(&write_invoice(&sample::maximal(version)));
        mutants.extend(random_mutants(
            Schema::invoice(version),
            &vectors,
            &maximal,
            PER_MUTATION_AND_VERSION,
            &mut random,
        ));
    }
    mutants
}

/// Every text in every element of the widest version.
fn systematic() -> Vec<Mutant> {
    let version = InvoiceVersion::V2_1_0;
    let maximal = node(&write_invoice(&sample::maximal(version)));
    let texts = TEXTS.map(str::to_owned);
    let texts: Vec<_> = texts.into_iter().chain(lengths()).collect();
    systematic_mutants(Schema::invoice(version), &maximal, &texts)
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
        let schema = Schema::invoice(version);
        let valid = write_invoice(&sample::maximal(version));
        let valid = String::from_utf8(valid).expect("UTF-8");
        assert!(valid.contains(from), "{from}");
        let bytes = valid.replacen(from, &to, 1).into_bytes();
        let file = folder.add(&format!("{at}.xml"), &bytes);
        let what = to;
        let mutant = Mutant {
            what,
            schema,
            bytes,
        };
        let verdicts = xmllint::validate(&shared, schema, std::slice::from_ref(&file));
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
