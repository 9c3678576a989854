//! How many calls to SRI run at once, in all and for one account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tagua_store::AccountId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Accounts remembered before those without a call are forgotten.
const REMEMBERED: usize = 1024;

/// Places for calls. Whoever waits for one waits in line.
pub(crate) struct Calls {
    all: Arc<Semaphore>,
    per_account: usize,
    accounts: Mutex<HashMap<AccountId, Arc<Semaphore>>>,
}

/// Two places, given back when dropped.
pub(crate) struct Place {
    _of_account: Option<OwnedSemaphorePermit>,
    _of_all: Option<OwnedSemaphorePermit>,
}

impl Calls {
    pub(crate) fn new(all: usize, per_account: usize) -> Self {
        Self {
            all: Arc::new(Semaphore::new(all.clamp(1, Semaphore::MAX_PERMITS))),
            per_account: per_account.clamp(1, Semaphore::MAX_PERMITS),
            accounts: Mutex::default(),
        }
    }

    /// Waits for a place of the account first: in the line for all places an
    /// account never stands more often than it may call.
    pub(crate) async fn enter(&self, account: AccountId) -> Place {
        // The semaphores are never closed: both are always `Some`.
        let of_account = self.of(account).acquire_owned().await.ok();
        let of_all = Arc::clone(&self.all).acquire_owned().await.ok();
        Place {
            _of_account: of_account,
            _of_all: of_all,
        }
    }

    fn of(&self, account: AccountId) -> Arc<Semaphore> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= REMEMBERED {
            accounts.retain(|_, places| Arc::strong_count(places) > 1);
        }
        let places = accounts.entry(account);
        Arc::clone(places.or_insert_with(|| Arc::new(Semaphore::new(self.per_account))))
    }
}
