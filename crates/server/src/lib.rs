//! The HTTP face: Dátil's wire contract, access control, errors.
//!
//! A request is read whole, understood or refused with every complaint at once,
//! signed while the password is there, stored in one transaction, and answered.
//! Everything after that is the pipeline's.

mod addresses;
mod app;
mod authorized;
mod documents;
mod draft;
mod error;
mod gate;
mod health;
mod idempotency;
mod indexing;
mod keys;
mod limits;
mod listener;
mod metrics;
mod openapi;
mod paths;
mod query;
mod refused;
mod request;
mod request_id;
mod routes;
mod sandbox;
pub mod settings;
mod signer;
mod signing_pool;
mod watched;
mod wishes;
mod words;

pub use app::{App, ServerConfig};
pub use authorized::authorized_xml;
pub use axum::Router;
pub use health::{Breakers, Health, HealthOptions, watch_clock};
pub use idempotency::Turns;
pub use indexing::index_documents;
pub use keys::recoverable_key;
pub use limits::{LimitOptions, Rate, RequestLimits};
pub use listener::{ListenerLimits, serve};
pub use metrics::{Metrics, metrics_document};
pub use request::{BODY_BYTES, BODY_TIME};
pub use routes::{router, watch_router};
pub use sandbox::{SandboxCertificates, SandboxRefusal};
pub use settings::{IssuerSettings, Profile, SettingsError};
pub use signer::{SignatureFailure, Signer};
