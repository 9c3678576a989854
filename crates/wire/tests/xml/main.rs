//! Documents that come as XML: taken in, read back as JSON, named in findings.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod es_valida;
mod full;
mod hostile;
mod intake;
mod reading;
mod request;
mod round_trip;
mod shared;
mod structure;
mod tables;
