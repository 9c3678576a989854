//! A program that plays SRI: both SOAP services, its own checks, its own ledger,
//! its own certificate authority.
//!
//! Who acts: [`Simulator::serve`] answers `validarComprobante` and
//! `autorizacionComprobante` as the offline services do. What is promised: every
//! request and answer is in the [`ledger`] before the answer leaves, a restarted
//! simulator knows every key, sequential and authorization, and no bytes from
//! outside make it panic. What is not: the taxpayer's register, revocation lists,
//! batches (lote), and the checks that need other taxpayers' documents.
//!
//! It shares no code with the side that writes, signs and sends documents: it must
//! be able to disagree.

mod access_key;
mod arithmetic;
mod authorize;
mod clock;
mod config;
mod examine;
mod faults;
mod http;
pub mod ledger;
mod magic;
mod message;
mod plan;
mod receiver;
mod registry;
pub mod sandbox;
mod simulator;
mod soap;
mod structure;
mod trust;
mod wsdl;

pub use clock::Clock;
pub use config::{Config, Environment, Flush, Profile};
pub use faults::{Fault, Moment};
pub use magic::{MAGIC_RECEIVERS, MagicReceiver};
pub use message::{Kind, Message};
pub use plan::{Outage, Plan, PlanError, Rate, Span};
pub use simulator::{OpenError, Simulator};
pub use trust::TrustError;
