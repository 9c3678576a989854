//! The pipeline through its public door.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod answers;
mod breaker;
mod carry;
mod fair;
mod faults;
mod leases;
mod load;
mod magic;
mod model;
mod order;
mod pace;
mod rows;
mod sri;
mod store;
mod table;
mod unsettled;
mod verdict;
mod walks;
mod world;
