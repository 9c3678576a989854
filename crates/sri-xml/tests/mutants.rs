//! Thousands of spoiled invoices, judged by the tables and by xmllint with the
//! official schemas. `MUTANTS.md` lists the known differences.

mod support;

use support::judge::{Mutant, complaint, mutants_agree};
use support::{sample, shared, xmllint};
use tagua_fiscal::invoice::{Invoice, InvoiceVersion};
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::write_invoice;

#[test]
fn mutants_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        let tally = mutants_agree::<Invoice>(&shared, 40);
        assert!(tally.accepted >= 300 && tally.refused >= 1_000);
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
