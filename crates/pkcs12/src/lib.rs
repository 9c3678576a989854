//! PKCS#12 reader that diagnoses, choice of the signing key, certificate facts.
//!
//! A client hands over the `.p12` it got from its certification authority and
//! a password. [`open`] reads it, whatever software wrote it (OpenSSL, Java,
//! BouncyCastle, NSS, Windows; DER or BER), or says in Spanish what is wrong
//! with it. [`choose`] picks the key and certificate to sign with and explains
//! why. [`CertificateFacts`] is everything a signature and a diagnosis need to
//! know of a certificate.
//!
//! Promised: no input makes this crate panic, and no input makes it spend more
//! key derivation work than [`Limits`] allows. Not promised: trust. Nobody here
//! checks the chain, revocation, or the signature on a certificate; the tax
//! authority does. No file, clock or network is touched.

mod ber;
mod certificate;
mod choose;
mod cipher;
mod contents;
mod date;
mod derive;
mod error;
mod facts;
mod looks_like;
mod mac;
mod name;
mod oid;
mod open;
mod password;
mod private_key;
mod scheme;
mod taxpayer;
mod text;

pub use choose::{Candidate, Choice, ChooseError, Verdict, Warning, choose};
pub use error::OpenError;
pub use facts::{CertificateFacts, FactsError, KeyUsage, RsaPublicKey};
pub use looks_like::LooksLike;
pub use open::{Bundle, CertificateEntry, KeyEntry, Limits, MacStatus, open};
pub use taxpayer::{FoundRuc, RucSource};
