//! Independent verifier of signed SRI documents: limit scan, canonical XML,
//! XML-DSig and XAdES checks, one verdict per check.
//!
//! Who acts: the SRI simulator and the command `tagua verify`. What is promised:
//! [`verify_document`] answers for any octets, never panics, gives a verdict for
//! every [`Rule`] in a fixed order, and no failing check hides another one. What
//! is not: certificates are not chained to accredited issuers, revocation is not
//! asked, the schema and the arithmetic of the document are not looked at.
//!
//! The crate shares no code with the side that writes and signs documents, so an
//! error made there is not repeated here. It does no I/O and reads no clock.

pub mod c14n;
pub mod scan;

mod access_key;
mod certificate;
mod checks;
mod digest;
mod envelope;
mod name;
mod report;
mod rules;
mod signature;
mod xml;

pub use certificate::{Certificate, CertificateError};
pub use checks::{verify_document, verify_tree, verify_with_limits};
pub use name::{NameMatch, compare_issuer_name};
pub use report::{Check, EnvelopeFacts, Report, Summary, Verdict};
pub use rules::Rule;
pub use scan::{ScanError, ScanFacts, ScanLimits, scan};
pub use xml::XmlText;
