//! What the run found, as a table and as a list of deviations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use std::sync::Mutex;

/// Everything that was checked, from all threads.
#[derive(Default)]
pub(crate) struct Report(Mutex<Findings>);

#[derive(Default)]
struct Findings {
    counts: BTreeMap<(String, Column), Count>,
    deviations: Vec<Deviation>,
}

/// What is counted for each collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Column {
    Accepted,
    Refused,
    /// Accepted or refused by the strict profile.
    Strict,
    /// Said beforehand by `/validate`.
    Foretold,
    XmlEqual,
    Authorized,
    Returned,
    /// Everything that is no request for a collection.
    Other,
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    right: usize,
    all: usize,
}

/// Something that is not as expected, by a name that stays.
#[derive(Clone, Debug)]
pub(crate) struct Deviation {
    /// The vector or the scenario's step, and what was looked at.
    pub(crate) place: String,
    pub(crate) detail: String,
}

/// One vector or scenario under examination: it is right unless something was said.
pub(crate) struct Case<'r> {
    report: &'r Report,
    name: String,
    right: bool,
}

impl Report {
    pub(crate) fn case(&self, name: &str) -> Case<'_> {
        Case {
            report: self,
            name: name.to_owned(),
            right: true,
        }
    }

    pub(crate) fn count(&self, row: &str, column: Column, right: bool) {
        let mut findings = self.0.lock().unwrap();
        let count = findings.counts.entry((row.to_owned(), column)).or_default();
        count.all += 1;
        count.right += usize::from(right);
    }

    pub(crate) fn deviations(&self) -> Vec<Deviation> {
        self.0.lock().unwrap().deviations.clone()
    }

    /// How many were right, over all collections.
    pub(crate) fn right(&self, wanted: Column) -> usize {
        let findings = self.0.lock().unwrap();
        let all = findings
            .counts
            .iter()
            .filter(|((_, column), _)| *column == wanted);
        all.map(|(_, count)| count.right).sum()
    }

    /// Both tables as Markdown.
    pub(crate) fn tables(&self) -> String {
        let findings = self.0.lock().unwrap();
        let cell = |row: &str, column| match findings.counts.get(&(row.to_owned(), column)) {
            Some(count) => format!("{} of {}", count.right, count.all),
            None => "–".to_owned(),
        };
        let columns = [
            Column::Accepted,
            Column::Refused,
            Column::Foretold,
            Column::Strict,
            Column::XmlEqual,
            Column::Authorized,
            Column::Returned,
        ];
        let mut text = String::from(
            "| collection | accepted | refused | foretold by `/validate` | right in `strict` | XML equal \
             | AUTORIZADO | DEVUELTO 35 |\n|---|---|---|---|---|---|---|---|\n",
        );
        let rows: BTreeSet<_> = findings.counts.keys().map(|(row, _)| row).collect();
        let is_other = |row: &str| {
            findings
                .counts
                .contains_key(&(row.to_owned(), Column::Other))
        };
        for row in rows.iter().filter(|row| !is_other(row)) {
            let cells = columns.map(|column| cell(row, column)).join(" | ");
            let _ = writeln!(text, "| `{row}` | {cells} |");
        }
        text.push_str("\n| beside the collections | as expected |\n|---|---|\n");
        for row in rows.iter().filter(|row| is_other(row)) {
            let _ = writeln!(text, "| {row} | {} |", cell(row, Column::Other));
        }
        text
    }
}

impl Case<'_> {
    /// Something that must hold.
    pub(crate) fn check(
        &mut self,
        what: &str,
        holds: bool,
        detail: impl FnOnce() -> String,
    ) -> bool {
        if !holds {
            self.say(what, detail());
        }
        holds
    }

    /// A complaint of something that must have none.
    pub(crate) fn none(&mut self, what: &str, complaint: Option<String>) -> bool {
        match complaint {
            Some(detail) => self.check(what, false, || detail),
            None => true,
        }
    }

    fn say(&mut self, what: &str, detail: String) {
        self.right = false;
        let place = format!("{}/{what}", self.name);
        let mut findings = self.report.0.lock().unwrap();
        findings.deviations.push(Deviation { place, detail });
    }

    pub(crate) fn is_right(&self) -> bool {
        self.right
    }
}
