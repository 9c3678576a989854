//! Accounts, issuers, certificates and jobs.

use tagua_fiscal::{Environment, Ruc};

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

/// No job is put off and no lease given for longer than these two hours, in
/// milliseconds. What is further ahead was written by a clock that was set back
/// since: it is due, and the lease is over.
pub const FAR_AHEAD_MILLIS: i64 = 2 * 3_600_000;

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

/// Which service of SRI a waiting document needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Reception: nothing of the document ever left.
    Reception,
    /// Authorization: something may have left, so it is asked about first.
    Authorization,
}

/// One of the four services documents wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// Whose documents.
    pub environment: Environment,
    /// Which service.
    pub service: Service,
}

impl Lane {
    /// Every lane, in the order of [`Lane::number`].
    pub const ALL: [Self; 4] = [
        Self::of(Environment::Test, Service::Reception),
        Self::of(Environment::Test, Service::Authorization),
        Self::of(Environment::Production, Service::Reception),
        Self::of(Environment::Production, Service::Authorization),
    ];

    /// The lane of a service in an environment.
    pub const fn of(environment: Environment, service: Service) -> Self {
        Self {
            environment,
            service,
        }
    }

    /// The two low bits of the column `job.queue`, whose others are the account.
    pub const fn number(self) -> u8 {
        let environment = matches!(self.environment, Environment::Production) as u8;
        let service = matches!(self.service, Service::Authorization) as u8;
        environment * 2 + service
    }
}

/// A set of lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lanes(u8);

impl Lanes {
    /// All four.
    pub const ALL: Self = Self(0b1111);
    /// None.
    pub const NONE: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub const fn with(self, lane: Lane) -> Self {
        Self(self.0 | 1 << lane.number())
    }

    /// Whether a lane is one of them.
    pub const fn has(self, lane: Lane) -> bool {
        self.0 & 1 << lane.number() != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// How many jobs to claim, and how they are shared out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// At most so many in all.
    pub limit: usize,
    /// At most so many of one account, those in `held` counted.
    pub per_account: usize,
    /// How many jobs of each account the caller works on already.
    pub held: Vec<(AccountId, usize)>,
    /// Only documents that wait for one of these.
    pub lanes: Lanes,
}

impl Shares {
    /// Up to `limit`, whosever they are.
    pub const fn any(limit: usize) -> Self {
        Self {
            limit,
            per_account: usize::MAX,
            held: Vec::new(),
            lanes: Lanes::ALL,
        }
    }

    /// How many more of an account may be claimed, and how many are held.
    pub fn room(&self, account: AccountId) -> (usize, usize) {
        let of_account = self.held.iter().filter(|(held, _)| *held == account);
        let held = of_account.map(|(_, count)| *count).sum::<usize>();
        (self.per_account.saturating_sub(held).min(self.limit), held)
    }
}

/// The documents of an issuer that wait for SRI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsettledIssuer {
    /// Whose issuer.
    pub account: AccountId,
    /// The issuer.
    pub issuer: IssuerId,
    /// Its taxpayer number.
    pub ruc: Ruc,
    /// How many wait.
    pub waiting: u64,
    /// When the oldest of them was accepted.
    pub oldest: UnixMillis,
}

/// What waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Jobs not done.
    pub waiting: u64,
    /// When the oldest unsettled document was accepted.
    pub oldest: Option<UnixMillis>,
}
