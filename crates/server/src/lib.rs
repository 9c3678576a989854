//! The HTTP face: Dátil's wire contract, access control, errors.
//!
//! A request is read whole, understood or refused with every complaint at once,
//! signed while the password is there, stored in one transaction, and answered.
//! Everything after that is the pipeline's.

mod app;
mod authorized;
mod documents;
mod draft;
mod error;
mod idempotency;
mod indexing;
mod keys;
mod listener;
mod openapi;
mod paths;
mod query;
mod request;
mod request_id;
mod routes;
mod sandbox;
pub mod settings;
mod signer;
mod signing_pool;
mod watched;
mod wishes;

pub use app::{App, ServerConfig};
pub use authorized::authorized_xml;
pub use idempotency::Turns;
pub use indexing::index_documents;
pub use keys::recoverable_key;
pub use listener::{ListenerLimits, serve};
pub use request::{BODY_BYTES, BODY_TIME};
pub use routes::router;
pub use sandbox::{SandboxCertificates, SandboxRefusal};
pub use settings::{IssuerSettings, Profile, SettingsError};
pub use signer::{SignatureFailure, Signer};
