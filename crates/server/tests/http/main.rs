//! The server through its door: bytes in, bytes out, and what is stored.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod authorized;
mod catalogue;
mod collections;
mod degraded;
mod edocs;
mod hostile;
mod hostile_documents;
mod hostile_xml;
mod idempotency;
mod invoices;
mod keys;
mod limits;
mod lists;
mod numbering;
mod overload;
mod races;
mod reissue;
mod request_id;
mod signing;
mod stopping;
mod storage;
mod validate;
mod vectors;
mod watching;
mod wishes;
mod xml;
