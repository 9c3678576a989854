//! Why a command ends without its result, in words for the person at the terminal.

use std::error::Error;
use std::fmt;

/// What happened, with its causes, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            hint: None,
        }
    }

    /// `what`, then the chain of causes of `error`.
    pub(crate) fn caused(what: impl Into<String>, error: &dyn Error) -> Self {
        let mut text = format!("{}: {error}", what.into());
        let mut cause = error.source();
        while let Some(error) = cause {
            text.push_str(&format!(": {error}"));
            cause = error.source();
        }
        Self::new(text)
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

/// Adds to an error what was being done.
pub(crate) trait While<T> {
    fn during(self, what: &str) -> Result<T, Failure>;
}

impl<T, E: Error> While<T> for Result<T, E> {
    fn during(self, what: &str) -> Result<T, Failure> {
        self.map_err(|error| Failure::caused(what, &error))
    }
}
