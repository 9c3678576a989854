//! Time and chance as parameters.

use tagua_store::UnixMillis;

/// What time it is.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> UnixMillis;
}

/// A source of unpredictable bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes` whole.
    fn fill(&self, bytes: &mut [u8]);
}
