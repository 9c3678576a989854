//! The server through its door: bytes in, bytes out, and what is stored.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "../support/mod.rs"]
mod support;

mod access;
mod authorized;
mod edocs;
//MOD mod hostile;
mod invoices;
//MOD mod keys;
//MOD mod limits;
//MOD mod races;
//MOD mod reissue;
//MOD mod signing;
//MOD mod stopping;
//MOD mod storage;
