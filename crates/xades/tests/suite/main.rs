//! Tests of the whole crate through its public door, in one program.

mod cache;
mod canonical;
mod mutation;
mod sign;
mod signing_key;
mod support;
mod vectors;
mod xmlsec;
