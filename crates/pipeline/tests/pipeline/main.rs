//! The pipeline through its public door.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod answers;
mod carry;
mod faults;
mod load;
mod model;
mod pace;
mod sri;
mod store;
mod table;
mod verdict;
mod walks;
mod world;
