//! Reads a ledger: for the next start, for tests, for the command line.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::{Authorization, DecisionState, Entry, LedgerError, Line, Place, sha256_hex};

/// The entries of a ledger, oldest first. The file may be in use.
///
/// A torn end, as a kill or a power cut leaves it, ends the iteration
/// without an error: no answer left for it.
pub fn read(path: impl AsRef<Path>) -> Result<Entries, LedgerError> {
    let path = path.as_ref().to_owned();
    let file = File::open(&path).map_err(|source| LedgerError::Io {
        path: path.clone(),
        source,
    })?;
    Ok(Entries {
        lines: Lines::new(BufReader::new(file), path),
    })
}

/// The authorizations of each access key. More than one for a key would be a
/// fault of the simulator; none is left out.
pub fn authorizations(
    path: impl AsRef<Path>,
) -> Result<BTreeMap<String, Vec<Authorization>>, LedgerError> {
    let mut found: BTreeMap<String, Vec<Authorization>> = BTreeMap::new();
    for entry in read(path)? {
        let entry = entry?;
        let decision = entry
            .decision
            .filter(|decision| decision.state == DecisionState::Authorized);
        if let (Some(decision), Some(key)) = (decision, entry.access_key) {
            found.entry(key).or_default().push(Authorization {
                at: decision.at,
                sha256: entry.sha256.unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

/// Iterator of [`read`].
pub struct Entries {
    lines: Lines,
}

impl Iterator for Entries {
    type Item = Result<Entry, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.lines.next_entry() {
            Ok(Some((line, _))) => Some(Ok(line.entry)),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// What a start learns from the files.
pub(crate) struct Recovered {
    /// Ends of the parts of both files that count.
    pub(crate) ends: (u64, u64),
    /// Bytes of the ledger after its last whole entry, which are cut off.
    pub(crate) torn: u64,
}

/// Replays a ledger into `apply` and tells where both files end.
pub(crate) fn recover(
    path: &Path,
    (ledger, documents): &(File, File),
    mut apply: impl FnMut(Entry, Place),
) -> Result<Recovered, LedgerError> {
    let io = |source| LedgerError::Io {
        path: path.to_owned(),
        source,
    };
    let documents_length = documents.metadata().map_err(io)?.len();
    let ledger_length = ledger.metadata().map_err(io)?.len();
    let copy = ledger.try_clone().map_err(io)?;
    let mut lines = Lines::new(BufReader::new(copy), path.to_owned());
    let mut ends = (0, 0);
    let mut settle = |entry: Entry, place: Place| {
        let document = entry.decision.as_ref().map_or(0, |d| d.document.end());
        ends = (place.end(), ends.1.max(document));
        apply(entry, place);
        ends.1 <= documents_length
    };
    let mut undecided = VecDeque::new();
    while let Some((line, place)) = lines.next_entry()? {
        undecided.push_back((lines.number, line.entry, place));
        let durable = |entry: &(usize, Entry, Place)| entry.2.end() <= line.flushed;
        while undecided.front().is_some_and(durable)
            && let Some((number, entry, place)) = undecided.pop_front()
        {
            if !settle(entry, place) {
                return Err(LedgerError::DocumentMissing { line: number });
            }
        }
    }
    // The last ones, which no later line knows durable.
    for (_, entry, place) in undecided {
        if !has_its_document(&entry, documents) {
            break;
        }
        settle(entry, place);
    }
    ledger.set_len(ends.0).map_err(io)?;
    documents.set_len(ends.1).map_err(io)?;
    Ok(Recovered {
        ends,
        torn: ledger_length.saturating_sub(ends.0),
    })
}

/// Whether the bytes that an entry points to are those it was made for.
fn has_its_document(entry: &Entry, documents: &File) -> bool {
    let Some(decision) = &entry.decision else {
        return true;
    };
    let mut bytes = vec![0; usize::try_from(decision.document.length).unwrap_or_default()];
    let read = documents.read_exact_at(&mut bytes, decision.document.offset);
    read.is_ok() && entry.sha256.as_deref() == Some(&sha256_hex(&bytes))
}

struct Lines {
    input: BufReader<File>,
    path: PathBuf,
    number: usize,
    end: u64,
}

impl Lines {
    fn new(input: BufReader<File>, path: PathBuf) -> Self {
        Self {
            input,
            path,
            number: 0,
            end: 0,
        }
    }

    fn next_entry(&mut self) -> Result<Option<(Line<Entry>, Place)>, LedgerError> {
        let line = self.next_line()?;
        if line.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let place = Place {
            offset: self.end,
            length: u32::try_from(line.len()).unwrap_or(u32::MAX),
        };
        match read_line(&line) {
            Some(line) => {
                self.end = place.end();
                Ok(Some((line, place)))
            }
            None => self.refuse_if_it_was_durable(place),
        }
    }

    /// A power cut may leave any part of the last flush behind. A line that later
    /// lines know to have been durable has been damaged by something else.
    fn refuse_if_it_was_durable(
        &mut self,
        damaged: Place,
    ) -> Result<Option<(Line<Entry>, Place)>, LedgerError> {
        let number = self.number;
        loop {
            let line = self.next_line()?;
            if line.is_empty() {
                return Ok(None);
            }
            if read_line(&line).is_some_and(|later| later.flushed >= damaged.end()) {
                return Err(LedgerError::Damaged { line: number });
            }
        }
    }

    fn next_line(&mut self) -> Result<Vec<u8>, LedgerError> {
        let mut line = Vec::new();
        self.input
            .read_until(b'\n', &mut line)
            .map_err(|source| LedgerError::Io {
                path: self.path.clone(),
                source,
            })?;
        Ok(line)
    }
}

/// `None` for a line that is torn or damaged.
fn read_line(line: &[u8]) -> Option<Line<Entry>> {
    let complete = line.strip_suffix(b"\n")?;
    serde_json::from_slice(complete).ok()
}

/// The entry of one line.
pub(crate) fn read_entry(line: &[u8]) -> Option<Entry> {
    read_line(line).map(|line| line.entry)
}
