//! Tests through the public door: HTTP over loopback, files in a directory.

mod arithmetic;
mod authorization;
mod believing;
mod faults;
mod hostile;
mod ledger;
mod magic;
mod plan;
mod receiver;
mod reception;
mod sandbox;
mod soap;
mod structure;
mod support;
mod vectors;
