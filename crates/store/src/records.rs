//! Accounts, issuers, certificates and jobs.

use tagua_fiscal::Ruc;

use crate::document::Document;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixMillis(pub i64);

/// Names an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub i64);

/// Names an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssuerId(pub i64);

/// Names a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CertificateId(pub i64);

/// An account to create.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What people call it.
    pub name: String,
    /// Whether simulated certificates are made for it on demand.
    pub sandbox: bool,
    /// When.
    pub at: UnixMillis,
}

/// Who holds API keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name inside the database.
    pub id: AccountId,
    /// What people call it.
    pub name: String,
    /// Whether simulated certificates are made for it on demand.
    pub sandbox: bool,
}

/// An issuer to register.
#[derive(Clone, Debug)]
pub struct NewIssuer {
    /// The account it belongs to.
    pub account: AccountId,
    /// Its taxpayer number.
    pub ruc: Ruc,
    /// The key of the HMAC that gives the numeric code of its access keys, so
    /// that a server restored from a backup can compute them again.
    pub code_secret: [u8; 32],
    /// When.
    pub at: UnixMillis,
}

/// Who issues documents (emisor).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Its name inside the database.
    pub id: IssuerId,
    /// The account it belongs to.
    pub account: AccountId,
    /// Its taxpayer number.
    pub ruc: Ruc,
    /// See [`NewIssuer::code_secret`].
    pub code_secret: [u8; 32],
    /// What the layers above keep for it, as JSON text; `{}` at first.
    pub settings: String,
}

/// A certificate to register, as uploaded: no password, no plain key.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    /// Whose it is.
    pub issuer: IssuerId,
    /// The PKCS#12 file.
    pub p12: Vec<u8>,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Whether the simulator's authority made it: never good for production.
    pub sandbox: bool,
    /// `notAfter` of the signing certificate, where it could be read.
    pub not_after: Option<UnixMillis>,
    /// When.
    pub at: UnixMillis,
}

/// A registered certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its name inside the database.
    pub id: CertificateId,
    /// Whose it is.
    pub issuer: IssuerId,
    /// The PKCS#12 file.
    pub p12: Vec<u8>,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Whether the simulator's authority made it.
    pub sandbox: bool,
    /// `notAfter` of the signing certificate, where it could be read.
    pub not_after: Option<UnixMillis>,
}

/// A leased job with its document as it was when claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedJob {
    /// The document to move on.
    pub document: Document,
    /// How often the job was claimed since its last transition, this time included.
    pub attempt: u32,
    /// When it was due.
    pub run_at: UnixMillis,
}

/// What waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Jobs not done.
    pub waiting: u64,
    /// When the oldest unsettled document was accepted.
    pub oldest: Option<UnixMillis>,
}
