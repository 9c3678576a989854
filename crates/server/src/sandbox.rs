//! Certificates that are made on demand where everything is simulated.

/// Makes a certificate that only the simulator trusts.
pub trait SandboxCertificates: Send + Sync + 'static {
    /// A PKCS#12 file for `ruc`, protected by `password`, which must be the
    /// sandbox's own. Takes some milliseconds of CPU.
    ///
    /// # Errors
    /// [`SandboxRefusal`]
    fn issue(&self, ruc: &str, password: &str, now_seconds: i64)
    -> Result<Vec<u8>, SandboxRefusal>;
}

/// Why no sandbox certificate was made.
#[derive(Debug, thiserror::Error)]
pub enum SandboxRefusal {
    /// Not the sandbox's password.
    #[error("wrong sandbox password")]
    WrongPassword,
    /// The sandbox's own file is damaged.
    #[error("the sandbox authority cannot be used: {0}")]
    Unusable(String),
}
