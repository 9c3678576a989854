//! SRI's schemas as tables: canonical writer, strict reader, structural findings.
//!
//! Everything goes through one small [`tree`]: a model becomes a tree, one
//! validator holds any tree against one [`schema`] table, one serializer writes
//! any tree as canonical XML. Each document type is one table per version and
//! one pair of mappings: [`invoice`], [`purchase_settlement`], [`credit_note`],
//! [`debit_note`], [`waybill`], [`withholding`]. What is said below of invoices
//! holds for all of them.
//!
//! # What is written
//! [`write_invoice`] gives the bytes that inclusive Canonical XML 1.0 would give
//! for them, so they can be digested as they are. Texts are written as the model
//! holds them; an empty optional text is a finding, not an omission.
//!
//! # What is read
//! [`read()`] takes well-formed UTF-8 XML 1.0 without a document type, within
//! limits ([`read::limits`]). Comments and processing instructions are skipped,
//! CDATA is text. [`read_invoice`] maps every element and attribute or tells
//! about it.
//!
//! # Which findings say what
//! [`FindingKind::is_structural`]: the schema refuses the document (SRI's code 35).
//! The verdict equals that of a validator with the official schemas; the known
//! differences are listed in `MUTANTS.md`.
//!
//! Not structural, but no model can be made: [`FindingKind::Date`] (the schema
//! lets 31/02 pass), [`FindingKind::Value`] (a key with a wrong check digit,
//! sequential zero, a number of more than 28 digits, a foreign `codDoc`) and
//! [`FindingKind::Version`].
//!
//! Notes ([`FindingKind::is_note`]): the document was read, its meaning is kept
//! and one detail of its writing is not. [`FindingKind::Lexical`]: a decimal
//! written `+1.5`, `007.50`, `.5`, `5.` or between blanks is written `1.5`,
//! `7.50`, `0.5`, `5` (trailing zeros are kept). [`FindingKind::NotKept`]: hints
//! of schema location, unused namespace declarations, an empty
//! `detallesAdicionales` of a waybill and a missing `id`, which is written. A
//! reader of documents to be kept as they are treats notes as refusals.
//!
//! This crate does not sign, does not verify and knows no network.

pub mod any;
mod chars;
pub mod credit_note;
pub mod debit_note;
mod document;
mod fields;
mod finding;
pub mod invoice;
pub mod purchase_settlement;
pub mod read;
pub mod schema;
mod serialize;
mod shared;
mod trade;
pub mod tree;
pub mod waybill;
pub mod withholding;

pub use credit_note::{ReadCreditNote, check_credit_note, read_credit_note, write_credit_note};
pub use debit_note::{ReadDebitNote, check_debit_note, read_debit_note, write_debit_note};
pub use finding::{FindingKind, Findings, StructuralFinding};
pub use invoice::{ReadInvoice, check_invoice, read_invoice, write_invoice};
pub use purchase_settlement::{
    ReadPurchaseSettlement, check_purchase_settlement, read_purchase_settlement,
    write_purchase_settlement,
};
pub use read::{ReadError, ReadProblem, read};
pub use schema::check::check;
pub use serialize::write;
pub use tree::{Attribute, Element};
pub use waybill::{ReadWaybill, check_waybill, read_waybill, write_waybill};
pub use withholding::{ReadWithholding, check_withholding, read_withholding, write_withholding};
