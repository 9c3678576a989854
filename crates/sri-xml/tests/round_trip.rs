//! Whatever the model holds: findings, or bytes that say exactly the same.

mod support;

use support::{arbitrary, door, xmllint};

#[test]
fn an_invoice_is_complained_about_or_comes_back_the_same() {
    door::complained_about_or_the_same(&arbitrary::invoice());
}

#[test]
fn written_bytes_are_canonical() {
    if xmllint::is_available() {
        door::written_is_canonical(&arbitrary::invoice());
    }
}
