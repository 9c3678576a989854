//! Ecuador's electronic tax documents as values: identifiers that were parsed
//! once, exact decimals with named roundings, the model of each document,
//! its totals, its rules and the catalogues they cite.
//!
//! This crate does no I/O, reads no clock, draws no random numbers and knows
//! neither XML nor the names of any wire format.

pub mod access_key;
pub mod catalogue;
pub mod check_digits;
pub mod common;
pub mod credit_note;
pub mod debit_note;
pub mod document;
pub mod identification;
pub mod identifier;
pub mod invoice;
pub mod number;
pub mod purchase_settlement;
pub mod rules;
pub mod totals;
pub mod waybill;
pub mod withholding;

pub use access_key::{AccessKey, AccessKeyParts, DocumentNumber, ParseAccessKeyError};
pub use document::{Document, Receiver};
pub use identifier::{
    Cedula, DocumentType, Environment, ParseIdentifierError, Ruc, Sequential, Series, ThreeDigits,
};
pub use number::{Amount, ParseNumberError, Quantity, Rate};
