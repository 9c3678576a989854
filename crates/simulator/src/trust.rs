//! The authorities whose certificates count.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parking_lot::RwLock;
use tagua_verify::Certificate;

use crate::config::{Config, Environment};
use crate::sandbox::AUTHORITY_COMMON_NAME;

/// Why a file of trusted authorities cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file or directory cannot be read.
    #[error("{}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A PEM file without a `CERTIFICATE` block, or with a broken one.
    #[error("{} holds no readable PEM certificate", .0.display())]
    Pem(PathBuf),
    /// A certificate that cannot be read, or whose key is not RSA.
    #[error("a trusted certificate cannot be used")]
    Certificate(#[from] tagua_verify::CertificateError),
}

/// Certificates whose issuer is remembered.
const VERIFIED_MAX: usize = 1_000;

/// Trusted authorities: given ones for ever, those of the sandbox directory as
/// they appear.
pub(crate) struct Trust {
    given: Vec<Certificate>,
    sandbox: RwLock<Vec<Certificate>>,
    /// Whose signature over whom has been verified: certificates in DER.
    verified: RwLock<HashSet<(Vec<u8>, Vec<u8>)>>,
    sandbox_dir: PathBuf,
    environment: Environment,
}

impl Trust {
    pub(crate) fn open(config: &Config) -> Result<Self, TrustError> {
        let mut given = Vec::new();
        for der in &config.trusted_ca_ders {
            given.push(Certificate::from_der(der)?);
        }
        for path in &config.trusted_ca_pems {
            for der in read_pem(path)? {
                given.push(Certificate::from_der(&der)?);
            }
        }
        let sandbox_dir = config.sandbox_ca_dir();
        let sandbox = read_directory(&sandbox_dir)?;
        Ok(Self {
            given,
            sandbox: RwLock::new(sandbox),
            verified: RwLock::default(),
            sandbox_dir,
            environment: config.environment,
        })
    }

    /// Whether a trusted authority issued the certificate and was itself valid at
    /// that moment. In production no sandbox authority counts, however it was given.
    pub(crate) fn covers(&self, certificate: &Certificate, unix_seconds: i64) -> bool {
        let issued_by = |authority: &Certificate| {
            self.admits(authority)
                && authority.is_valid_at(unix_seconds)
                && self.issued(authority, certificate)
        };
        if self.given.iter().any(issued_by) || self.sandbox.read().iter().any(issued_by) {
            return true;
        }
        // An authority made since the last look, for example by a new account.
        if let Ok(fresh) = read_directory(&self.sandbox_dir) {
            let found = fresh.iter().any(issued_by);
            *self.sandbox.write() = fresh;
            return found;
        }
        false
    }

    /// Remembers what was found: a certificate signs many documents.
    fn issued(&self, authority: &Certificate, certificate: &Certificate) -> bool {
        let pair = (authority.der().to_vec(), certificate.der().to_vec());
        if self.verified.read().contains(&pair) {
            return true;
        }
        let issued = certificate.is_issued_by(authority);
        if issued {
            let mut verified = self.verified.write();
            if verified.len() >= VERIFIED_MAX {
                verified.clear();
            }
            verified.insert(pair);
        }
        issued
    }

    fn admits(&self, authority: &Certificate) -> bool {
        let is_sandbox = authority.subject().contains(AUTHORITY_COMMON_NAME);
        self.environment == Environment::Pruebas || !is_sandbox
    }
}

/// A directory that is not there holds no authority.
fn read_directory(directory: &Path) -> Result<Vec<Certificate>, TrustError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| TrustError::Io { path, source }
    };
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(directory)(error)),
    };
    let mut authorities = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed(directory))?.path();
        if path.extension().is_some_and(|extension| extension == "der") {
            let der = std::fs::read(&path).map_err(failed(&path))?;
            authorities.push(Certificate::from_der(&der)?);
        }
    }
    Ok(authorities)
}

fn read_pem(path: &Path) -> Result<Vec<Vec<u8>>, TrustError> {
    let text = std::fs::read_to_string(path).map_err(|source| TrustError::Io {
        path: path.to_owned(),
        source,
    })?;
    let wrong = || TrustError::Pem(path.to_owned());
    let mut found = Vec::new();
    for block in text.split("-----BEGIN CERTIFICATE-----").skip(1) {
        let (body, _) = block
            .split_once("-----END CERTIFICATE-----")
            .ok_or_else(wrong)?;
        let compact: String = body.split_ascii_whitespace().collect();
        found.push(STANDARD.decode(compact).map_err(|_| wrong())?);
    }
    if found.is_empty() {
        return Err(wrong());
    }
    Ok(found)
}
