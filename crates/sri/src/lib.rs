//! SRI's two SOAP 1.1 services: envelopes written by hand, a client with hard
//! limits, and answers read by local name with the raw bytes kept beside the
//! reading.
//!
//! The crate reports what SRI said and what is known about bytes that left.
//! What to do about it is the pipeline's to decide.

mod answer;
mod client;
mod codes;
mod date;
mod envelope;
mod tree;

pub use answer::{
    Authorization, AuthorizationReading, AuthorizationState, Message, ReadError, Reception,
    ReceptionState, ReturnedDocument, read_authorization, read_reception,
};
pub use client::{Answer, CallError, Client, ClientError, Endpoints, Limits};
pub use codes::{CODES, CodeMeaning, meaning};
pub use date::read_date;
pub use envelope::{ask_envelope, submit_envelope};
