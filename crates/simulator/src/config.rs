//! What a simulator is started with.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::plan::Plan;

/// How severe the simulator is with documents that production would refuse for
/// their content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Wrong sums (52), dates older than 90 days (65) and receivers (69) are
    /// authorized with a warning that names what production would do.
    #[default]
    Amable,
    /// Refuses as production does.
    Estricto,
    /// Authorizes whatever shows an access key that is not taken, and looks at
    /// nothing else: for load tests, in which its checks would cost as much as
    /// what is measured.
    Confiado,
}

/// The environment the simulator plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Environment {
    /// `ambiente` 1.
    #[default]
    Pruebas,
    /// `ambiente` 2. No certificate of a sandbox authority is valid here.
    Produccion,
}

impl Environment {
    /// The digit in `ambiente` and in the access key.
    pub fn digit(self) -> u8 {
        match self {
            Self::Pruebas => b'1',
            Self::Produccion => b'2',
        }
    }

    /// The word in `autorizacion/ambiente`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pruebas => "PRUEBAS",
            Self::Produccion => "PRODUCCIÓN",
        }
    }
}

/// Settings of one simulator.
#[derive(Clone, Debug)]
pub struct Config {
    /// The simulator's own directory: ledger, documents, sandbox authorities.
    pub data_dir: PathBuf,
    /// How severe it is.
    pub profile: Profile,
    /// Which environment it plays.
    pub environment: Environment,
    /// From reception until the authorization can be seen. Meanwhile a query finds
    /// nothing, and the same key sent again is answered 70.
    pub latency: Duration,
    /// What goes wrong by itself.
    pub plan: Plan,
    /// Whether documents for magic receivers meet what those are for.
    pub magic_receivers: bool,
    /// Certificates of further authorities whose signatures are accepted, in DER.
    pub trusted_ca_ders: Vec<Vec<u8>>,
    /// The same in PEM files, each with one or more certificates.
    pub trusted_ca_pems: Vec<PathBuf>,
    /// When the ledger is flushed to the disk.
    pub flush: Flush,
    /// Connections served at the same time; further ones wait to be accepted.
    pub connections_max: usize,
}

/// When the ledger reaches the disk. A killed process loses nothing either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flush {
    /// Before an answer leaves.
    #[default]
    BeforeAnswer,
    /// Some tenths of a second after it: a power cut may take the last decisions
    /// with it, and the next start begins before the first that is not whole.
    Behind,
}

impl Config {
    /// The defaults: `amable`, `ambiente` 1, no latency, the ledger flushed before an
    /// answer leaves.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            profile: Profile::default(),
            environment: Environment::default(),
            latency: Duration::ZERO,
            plan: Plan::default(),
            magic_receivers: true,
            trusted_ca_ders: Vec::new(),
            trusted_ca_pems: Vec::new(),
            flush: Flush::default(),
            connections_max: 1_000,
        }
    }

    /// Where certificates (`*.der`) of sandbox authorities are looked for. A file put
    /// there while the simulator runs is found with the first document that needs it.
    pub fn sandbox_ca_dir(&self) -> PathBuf {
        self.data_dir.join("sandbox-ca")
    }
}
