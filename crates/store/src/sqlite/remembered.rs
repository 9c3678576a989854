//! What every request looks up, kept in memory: the account of a key, an
//! issuer, its certificates.
//!
//! This process is the only one that writes (the lock on the directory says
//! so), and every write of these tables forgets them all. A value that was read
//! before a write and arrives after it is not kept: the generation moved on.

use std::collections::HashMap;
use std::hash::Hash;

use parking_lot::Mutex;
use tagua_fiscal::Ruc;

use crate::{Account, AccountId, Certificate, Issuer, IssuerId, StoreError};

/// Entries of each kind; beyond it all of the kind are forgotten.
const ENTRIES_MAX: usize = 1024;

#[derive(Default)]
pub(super) struct Remembered {
    pub(super) accounts: Memory<[u8; 32], Account>,
    pub(super) issuers: Memory<(AccountId, Ruc), Issuer>,
    pub(super) certificates: Memory<(AccountId, IssuerId), Vec<Certificate>>,
}

impl Remembered {
    /// To be called after a write of these tables is durable, and before its
    /// caller knows.
    pub(super) fn forget(&self) {
        self.accounts.forget();
        self.issuers.forget();
        self.certificates.forget();
    }
}

pub(super) struct Memory<K, V>(Mutex<State<K, V>>);

struct State<K, V> {
    generation: u64,
    values: HashMap<K, V>,
}

impl<K, V> Default for Memory<K, V> {
    fn default() -> Self {
        Self(Mutex::new(State {
            generation: 0,
            values: HashMap::new(),
        }))
    }
}

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    /// The remembered value, else what `read` finds. Absence is not remembered:
    /// strangers must not fill the memory.
    pub(super) fn look_up(
        &self,
        key: K,
        read: impl FnOnce() -> Result<Option<V>, StoreError>,
    ) -> Result<Option<V>, StoreError> {
        let generation = {
            let state = self.0.lock();
            if let Some(value) = state.values.get(&key) {
                return Ok(Some(value.clone()));
            }
            state.generation
        };
        let found = read()?;
        if let Some(value) = &found {
            let mut state = self.0.lock();
            if state.generation == generation {
                if state.values.len() >= ENTRIES_MAX {
                    state.values.clear();
                }
                state.values.insert(key, value.clone());
            }
        }
        Ok(found)
    }

    fn forget(&self) {
        let mut state = self.0.lock();
        state.generation += 1;
        state.values.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES_MAX, Memory};

    #[test]
    fn a_value_is_read_once_until_it_is_forgotten() {
        let memory = Memory::default();
        assert_eq!(memory.look_up(1, || Ok(Some("a"))).unwrap(), Some("a"));
        assert_eq!(memory.look_up(1, || Ok(Some("b"))).unwrap(), Some("a"));
        memory.forget();
        assert_eq!(memory.look_up(1, || Ok(Some("b"))).unwrap(), Some("b"));
    }

    #[test]
    fn absence_is_not_remembered() {
        let memory = Memory::default();
        assert_eq!(memory.look_up(1, || Ok(None)).unwrap(), None::<u8>);
        assert_eq!(memory.look_up(1, || Ok(Some(2))).unwrap(), Some(2));
    }

    #[test]
    fn a_value_read_before_a_write_is_not_kept() {
        let memory = Memory::default();
        let stale = memory.look_up(1, || {
            memory.forget();
            Ok(Some("old"))
        });
        assert_eq!(stale.unwrap(), Some("old"));
        assert_eq!(memory.look_up(1, || Ok(Some("new"))).unwrap(), Some("new"));
    }

    #[test]
    fn the_memory_is_bounded() {
        let memory = Memory::default();
        for key in 0..ENTRIES_MAX * 3 {
            memory.look_up(key, || Ok(Some(()))).unwrap();
        }
        assert!(memory.0.lock().values.len() <= ENTRIES_MAX);
    }
}
