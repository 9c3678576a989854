//! Tests of the crate through its public door; they read no files.

#![allow(
    clippy::unwrap_used,
    reason = "a test that unwraps None fails, as it should"
)]

mod access_key;
mod catalogue;
mod check_digits;
mod documents;
mod identification;
mod identifier;
mod number;
mod rules;
mod sample;
mod totals;
mod versions;
