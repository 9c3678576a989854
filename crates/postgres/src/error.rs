//! PostgreSQL's errors in the words of the trait.

use std::error::Error as StdError;

use tagua_store::StoreError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// What an error means for the caller: a broken constraint or a value the
/// engine cannot hold is his mistake, everything else is the engine's trouble.
pub(crate) fn store_error(error: Error) -> StoreError {
    let class = error.code().map(|state| state.code().get(..2));
    match class {
        Some(Some("22" | "23")) => StoreError::Refused {
            what: words(&error),
        },
        _ => unavailable(error),
    }
}

/// Whether the error is about this constraint.
pub(crate) fn is_violation_of(error: &Error, constraint: &str) -> bool {
    let database = error.as_db_error();
    database.is_some_and(|error| {
        *error.code() == SqlState::UNIQUE_VIOLATION && error.constraint() == Some(constraint)
    })
}

/// What PostgreSQL says, with its detail.
fn words(error: &Error) -> String {
    match error.as_db_error() {
        Some(error) => match error.detail() {
            Some(detail) => format!("{}: {detail}", error.message()),
            None => error.message().to_owned(),
        },
        None => error.to_string(),
    }
}

/// With the whole chain of reasons in one text: the outer ones are "db error"
/// and its like, and what an operator needs (no such host, a wrong password, a
/// database that is starting) is the last.
pub(crate) fn unavailable(source: impl Into<Box<dyn StdError + Send + Sync>>) -> StoreError {
    let source = source.into();
    let mut reasons = source.to_string();
    let mut next = source.source();
    while let Some(reason) = next {
        reasons.push_str(": ");
        reasons.push_str(&reason.to_string());
        next = reason.source();
    }
    StoreError::Unavailable {
        source: reasons.into(),
    }
}

pub(crate) fn refused(what: impl Into<String>) -> StoreError {
    StoreError::Refused { what: what.into() }
}
