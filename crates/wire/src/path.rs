//! Paths of fields as error objects name them.

use std::fmt;

/// Where an object stands, without allocating while all is well.
#[derive(Clone, Copy, Debug)]
pub(super) enum Path<'r> {
    Root,
    Member(&'r Path<'r>, &'r str),
    Element(&'r Path<'r>, &'r str, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parent, key) = match self {
            Self::Root => return Ok(()),
            Self::Member(parent, key) | Self::Element(parent, key, _) => (parent, key),
        };
        match parent {
            Self::Root => write!(f, "{key}")?,
            parent => write!(f, "{parent}.{key}")?,
        }
        match self {
            Self::Element(_, _, index) => write!(f, "[{index}]"),
            _ => Ok(()),
        }
    }
}
