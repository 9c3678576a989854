//! Dátil's words: the only place that knows the field names, the leniencies
//! and the error objects of the wire.
//!
//! A request is read once ([`parse_body`]) into a tree that keeps the digits,
//! the order and the raw text of everything that was sent. [`read_document`]
//! turns that tree into a typed [`DocumentRequest`] or into every finding there
//! is; [`issue_answer`] and [`query_answer`] give the request back exactly,
//! overlaid with the server's own fields.
//!
//! A document that comes as XML ([`xml_of_body`], [`read_xml`]) is kept as it is
//! and answered with its JSON reading ([`json_reading`]).
//!
//! Nothing here reads a clock, does I/O or uses binary floating point, and no
//! input may make it panic.

mod additional;
mod amounts;
mod ats_reimbursement;
mod ats_retention;
mod ats_withheld;
mod codes;
mod collection;
mod computed;
mod context;
mod conversion;
mod countries;
mod credit_note;
mod currency;
mod dates;
mod debit_note;
mod document_number;
mod draft;
mod echo;
mod export;
mod finding;
mod header;
mod invoice;
mod issuer;
mod items;
mod json;
mod machine;
mod model;
mod modified;
mod numbers;
mod parameter;
mod parse;
mod party;
mod path;
mod payments;
mod purchase_settlement;
mod reader;
mod reasons;
mod reimbursement;
mod request;
mod retention;
mod rows;
mod sale;
mod state;
mod supporting;
mod taxes;
mod text;
mod totals;
mod warnings;
mod waybill;
mod withheld;
mod withholdings;
mod writer;
mod xml;

pub use collection::Collection;
pub use context::{ForeignCurrency, IssuerDefaults, MissingPayment, Rimpe, WireContext};
pub use echo::{IssueOverlay, Sent, fill_in, issue_answer};
pub use finding::{ErrorCode, WireFinding, error_body};
pub use header::SentSequential;
pub use json::{Member, Object, Value};
pub use parameter::parameter;
pub use parse::{JsonError, JsonErrorKind, parse, parse_body};
pub use request::{DocumentRequest, completed_totals, read_document};
pub use state::{ESTADOS, edoc_issue_answer, edoc_query_answer, estado, query_answer};
pub use warnings::warnings;
pub use writer::JsonWriter;
pub use xml::{
    XmlReceiver, XmlRequest, json_reading, parameter_of_xml_path, read_xml, structural_findings,
    xml_of_body,
};
