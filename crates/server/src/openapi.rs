//! The description of the API, generated from the table that the router is
//! built from: an address that is served is described, and the other way round.

mod operation;

pub(crate) use operation::{Access, Answer, Body, Operation, Parameter, Place, Tag};
