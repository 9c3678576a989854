//! Positions in the order of lists, read from several places of indexes and
//! merged.

use std::collections::{BinaryHeap, VecDeque};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::super::rows::many;
use crate::StoreError;

/// Positions read at once, at first and at most.
const FIRST_READ: i64 = 16;
const LONGEST_READ: i64 = 1024;

/// Positions `from..before`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) before: i64,
}

impl Window {
    pub(super) fn has(self, position: i64) -> bool {
        (self.from..self.before).contains(&position)
    }
}

/// Positions in one place of an index, greatest first, read little by little.
pub(super) struct Stream {
    sql: &'static str,
    /// The parameters: the window, the limit, and what names the place.
    params: Vec<Value>,
    read_next: i64,
    read: VecDeque<i64>,
    ended: bool,
}

impl Stream {
    /// `sql` answers positions `>= ?1 AND < ?2`, greatest first, up to `?3`;
    /// `place` are its other parameters.
    pub(super) fn new(sql: &'static str, place: Vec<Value>, window: Window) -> Self {
        let mut params = vec![window.from.into(), window.before.into(), FIRST_READ.into()];
        params.extend(place);
        Self {
            sql,
            params,
            read_next: FIRST_READ,
            read: VecDeque::new(),
            ended: false,
        }
    }

    /// For what is costly to begin: reads more at first.
    pub(super) fn long(mut self) -> Self {
        self.read_next = FIRST_READ * 4;
        self
    }

    /// Positions that are known already.
    pub(super) fn of(mut positions: Vec<i64>) -> Self {
        positions.sort_unstable_by(|a, b| b.cmp(a));
        Self {
            sql: "",
            params: Vec::new(),
            read_next: 0,
            read: positions.into(),
            ended: true,
        }
    }

    fn next(&mut self, connection: &Connection) -> Result<Option<i64>, StoreError> {
        if self.read.is_empty() && !self.ended {
            self.read_on(connection)?;
        }
        Ok(self.read.pop_front())
    }

    fn read_on(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let limit = self.read_next;
        if let Some(param) = self.params.get_mut(2) {
            *param = limit.into();
        }
        let params = params_from_iter(&self.params);
        let read: Vec<i64> = many(connection, self.sql, params, |row| Ok(row.get(0)?))?;
        self.ended = i64::try_from(read.len()).is_ok_and(|read| read < limit);
        if let (Some(last), Some(before)) = (read.last(), self.params.get_mut(1)) {
            *before = (*last).into();
        }
        self.read = read.into();
        self.read_next = LONGEST_READ.min(limit * 4);
        Ok(())
    }
}

/// Several streams as one; a position that is in two of them comes once.
pub(super) struct Merged {
    streams: Vec<Stream>,
    /// The next position of each stream that has one.
    heads: BinaryHeap<(i64, usize)>,
    last: Option<i64>,
}

impl Merged {
    pub(super) fn new(
        connection: &Connection,
        mut streams: Vec<Stream>,
    ) -> Result<Self, StoreError> {
        let mut heads = BinaryHeap::with_capacity(streams.len());
        for (index, stream) in streams.iter_mut().enumerate() {
            heads.extend(stream.next(connection)?.map(|head| (head, index)));
        }
        Ok(Self {
            streams,
            heads,
            last: None,
        })
    }

    pub(super) fn next(&mut self, connection: &Connection) -> Result<Option<i64>, StoreError> {
        while let Some((position, index)) = self.heads.pop() {
            if let Some(stream) = self.streams.get_mut(index) {
                let head = stream.next(connection)?;
                self.heads.extend(head.map(|head| (head, index)));
            }
            if self.last.replace(position) != Some(position) {
                return Ok(Some(position));
            }
        }
        Ok(None)
    }
}
