//! Prometheus' text format, version 0.0.4.

use std::fmt::{Display, Write};

use super::cells::{BOUNDS, Histogram};
use super::definitions::{Definition, Kind};

/// The media type of the answer.
pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The samples of one metric.
pub(crate) struct Family<'a> {
    definition: &'a Definition,
    out: &'a mut String,
}

impl<'a> Family<'a> {
    /// Writes the lines that every metric has.
    pub(super) fn start(definition: &'a Definition, out: &'a mut String) -> Self {
        let Definition {
            name, kind, help, ..
        } = definition;
        let _ = writeln!(out, "# HELP {name} {help}");
        let _ = writeln!(out, "# TYPE {name} {}", kind.name());
        Self { definition, out }
    }

    /// One sample, with a value for each of the metric's labels.
    pub(super) fn sample(&mut self, labels: &[&str], value: impl Display) {
        self.line("", labels, None, value);
    }

    /// The samples of one histogram.
    pub(super) fn histogram(&mut self, labels: &[&str], histogram: &Histogram) {
        debug_assert_eq!(self.definition.kind, Kind::Histogram);
        let (buckets, all) = histogram.cumulative();
        for ((_, bound), count) in BOUNDS.iter().zip(buckets) {
            self.line("_bucket", labels, Some(bound), count);
        }
        self.line("_bucket", labels, Some("+Inf"), all);
        self.line("_sum", labels, None, histogram.sum());
        self.line("_count", labels, None, all);
    }

    fn line(&mut self, suffix: &str, labels: &[&str], bound: Option<&str>, value: impl Display) {
        debug_assert_eq!(labels.len(), self.definition.labels.len());
        let own = self.definition.labels.iter().copied();
        let all = own.zip(labels.iter().copied());
        let all = all.chain(bound.map(|bound| ("le", bound)));
        let _ = write!(self.out, "{}{suffix}", self.definition.name);
        let mut open = '{';
        for (name, value) in all {
            let _ = write!(self.out, "{open}{name}=\"{}\"", escaped(value));
            open = ',';
        }
        if open == ',' {
            self.out.push('}');
        }
        let _ = writeln!(self.out, " {value}");
    }
}

fn escaped(value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    value.replace('\n', "\\n")
}
