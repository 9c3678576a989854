//! The engine of several nodes: one PostgreSQL database behind any number of
//! identical servers.
//!
//! Every change is one transaction, committed with `synchronous_commit` on. A
//! document moves only by a compare-and-set on its version, so two nodes that
//! both believe they own it cannot both record; leases (claimed with `SKIP
//! LOCKED`) only save work. A node tells the others of new work by `NOTIFY`,
//! and polling finds what a lost notification does not.

mod acceptance;
mod accounts;
mod documents;
mod error;
mod idempotency;
mod import;
mod jobs;
mod listen;
mod lists;
mod migrations;
mod revision;
mod rows;
mod series;
mod session;
mod store;
mod tls;
mod transition;
mod written;

pub use import::{Imported, import};
pub use store::{PostgresOptions, PostgresStore};
