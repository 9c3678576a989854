//! The tagua command.

fn main() {}
