//! Series and the numbers that are handed out in them.

use tagua_fiscal::{DocumentType, Environment, Sequential, Series};

use crate::records::{AccountId, IssuerId};

/// Within what a sequential is unique, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// Whose account.
    pub account: AccountId,
    /// Whose documents; must belong to the account.
    pub issuer: IssuerId,
    /// `ambiente`.
    pub environment: Environment,
    /// `codDoc`.
    pub document_type: DocumentType,
    /// Establishment and point.
    pub series: Series,
}

/// A series that has documents or a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeriesState {
    /// Which series.
    pub key: SeriesKey,
    /// The last number handed out or set; `None` where nobody ever did.
    pub counter: Option<u32>,
    /// The greatest number a stored document has.
    pub greatest: Option<Sequential>,
}

impl SeriesState {
    /// The number that would be handed out now; `None` beyond 999 999 999.
    pub fn next(&self) -> Option<Sequential> {
        let greatest = self.greatest.map_or(0, Sequential::get);
        let last = self.counter.unwrap_or(0).max(greatest);
        Sequential::new(last.checked_add(1)?).ok()
    }
}

/// What became of setting the last number of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetSeries {
    /// Stored and durable.
    Set,
    /// A stored document has a greater number. Nothing was changed.
    BelowStored {
        /// The greatest number stored.
        greatest: Sequential,
    },
}
