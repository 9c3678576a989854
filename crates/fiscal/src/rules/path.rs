//! Where in a document a finding lies.

use std::fmt;

/// A place in the model, such as `lines[2].taxes[0].amount`: names of fields
/// and positions counted from 0, starting at the document. Names of the wire
/// are found elsewhere, from these.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelPath(Vec<Segment>);

/// One step of a [`ModelPath`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// A field of a struct of the model.
    Field(&'static str),
    /// A position in a list.
    Index(usize),
}

impl ModelPath {
    /// Starts at a field of the document.
    pub fn of(field: &'static str) -> Self {
        Self(vec![Segment::Field(field)])
    }

    /// Goes on to a field.
    #[must_use]
    pub fn field(mut self, field: &'static str) -> Self {
        self.0.push(Segment::Field(field));
        self
    }

    /// Goes on to an element of a list.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.0.push(Segment::Index(index));
        self
    }

    /// Fills the `[]` of a pattern such as `lines[].taxes[].amount`. A position
    /// that is not given leaves the path at the list itself.
    pub(super) fn fill(pattern: &'static str, positions: &[usize]) -> Self {
        let mut path = Self(Vec::with_capacity(8));
        let mut positions = positions.iter().copied();
        for part in pattern.split('.') {
            let lists = part.matches("[]").count();
            path.0.push(Segment::Field(part.trim_end_matches("[]")));
            path.0
                .extend(positions.by_ref().take(lists).map(Segment::Index));
        }
        path
    }

    /// The steps, from the document inwards.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The path with its positions left open: `lines[].taxes[].amount`.
    pub fn pattern(&self) -> String {
        let mut text = String::new();
        for segment in &self.0 {
            match segment {
                Segment::Field(name) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
                Segment::Index(_) => text.push_str("[]"),
            }
        }
        text
    }
}

impl fmt::Display for ModelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Field(name) if position == 0 => f.write_str(name)?,
                Segment::Field(name) => write!(f, ".{name}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
