//! One sandbox authority for all tests of a process: its keys take a while.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use tagua_server::{SandboxCertificates, SandboxRefusal};
use tagua_simulator::sandbox::{self, SandboxAuthority, SandboxError};

use super::NOW_MS;

pub(crate) const PASSWORD: &str = "clave-Ñandú-7391";

fn authority() -> &'static SandboxAuthority {
    static AUTHORITY: OnceLock<SandboxAuthority> = OnceLock::new();
    AUTHORITY.get_or_init(|| sandbox::create(PASSWORD, "Pruebas", NOW_MS / 1000).unwrap())
}

/// A PKCS#12 file for `ruc` under [`PASSWORD`], made at that time.
pub(crate) fn p12(ruc: &str, made_seconds: i64) -> Vec<u8> {
    issue(ruc, PASSWORD, made_seconds, 1).unwrap()
}

fn issue(ruc: &str, password: &str, seconds: i64, serial: u8) -> Result<Vec<u8>, SandboxError> {
    sandbox::issue(
        &authority().p12,
        password,
        ruc,
        "PRUEBA",
        seconds,
        [serial; 16],
    )
}

/// Counts what it makes.
#[derive(Default)]
pub(crate) struct Sandbox {
    pub(crate) made: Arc<AtomicUsize>,
}

impl SandboxCertificates for Sandbox {
    fn issue(&self, ruc: &str, password: &str, now: i64) -> Result<Vec<u8>, SandboxRefusal> {
        let made = issue(ruc, password, now, 2).map_err(|error| match error {
            SandboxError::WrongPassword => SandboxRefusal::WrongPassword,
            other => SandboxRefusal::Unusable(other.to_string()),
        })?;
        self.made.fetch_add(1, Ordering::Relaxed);
        Ok(made)
    }
}
