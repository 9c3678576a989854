//! `docs/compatibility.md`: what is known to deviate, and the counted tables.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::report::{Deviation, Report};

/// Between these lines stand the rows that the test reads.
const LISTED: (&str, &str) = ("<!-- deviations -->", "<!-- end of deviations -->");
/// Between these lines stands what the test writes.
const COUNTED: (&str, &str) = ("<!-- counted -->", "<!-- end of counted -->");

/// Compares the run with the document, or writes the counts into it where
/// `TAGUA_REGENERATE=1` asks for that; says everything that is wrong. A run
/// that was not `whole` has other counts.
pub(crate) fn settle(report: &Report, whole: bool) -> Vec<String> {
    let file = document();
    let text = fs::read_to_string(&file).unwrap_or_default();
    let mut wrong = unexpected(&text, &report.deviations());
    if !whole {
        return wrong;
    }
    let tables = format!("\n\n{}\n", report.tables());
    match between(&text, COUNTED) {
        Some(old) if old == tables => {}
        Some(old) if std::env::var("TAGUA_REGENERATE").as_deref() == Ok("1") => {
            let place = |text: &str| format!("{}{text}{}", COUNTED.0, COUNTED.1);
            let new = text.replacen(&place(old), &place(&tables), 1);
            fs::write(&file, new).unwrap();
        }
        Some(_) => wrong.push(format!(
            "the counts in {} are others; TAGUA_REGENERATE=1 writes them",
            file.display()
        )),
        None => wrong.push(format!("{} has no place for the counts", file.display())),
    }
    wrong
}

fn document() -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    Path::new(root).join("docs/compatibility.md")
}

fn between<'t>(text: &'t str, (start, end): (&str, &str)) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0)
}

/// Deviations that are not listed, and listed ones that are none.
fn unexpected(text: &str, found: &[Deviation]) -> Vec<String> {
    let listed = listed(text);
    let mut found_at: BTreeMap<&str, &str> = BTreeMap::new();
    for deviation in found {
        found_at
            .entry(&deviation.place)
            .or_insert(&deviation.detail);
    }
    let unlisted = found_at
        .iter()
        .filter(|(place, _)| !listed.contains(**place))
        .map(|(place, detail)| format!("{place}: {detail}"));
    let cured = listed
        .iter()
        .filter(|place| !found_at.contains_key(**place))
        .map(|place| format!("{place}: listed, but it is as expected"));
    unlisted.chain(cured).collect()
}

/// The first cells of the rows: `| `place` | why |`.
fn listed(text: &str) -> BTreeSet<&str> {
    let rows = between(text, LISTED).unwrap_or_default().lines();
    rows.filter_map(|row| Some(row.strip_prefix("| `")?.split_once('`')?.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::report::Deviation;
    use super::unexpected;

    #[test]
    fn both_sides_must_agree() {
        let text =
            "<!-- deviations -->\n| `a/1` | why |\n| `b/1` | why |\n<!-- end of deviations -->";
        let deviation = |place: &str| Deviation {
            place: place.to_owned(),
            detail: "x".to_owned(),
        };
        assert!(unexpected(text, &[deviation("a/1"), deviation("b/1")]).is_empty());
        let wrong = unexpected(text, &[deviation("a/1"), deviation("c/1")]);
        assert_eq!(wrong, ["c/1: x", "b/1: listed, but it is as expected"]);
    }
}
