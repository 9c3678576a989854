//! The lists whose length no schema limits.

use super::json::Value;
use super::reader::{Need, Reader};

/// A limit of ours; no schema has one.
const ROWS_MAX: usize = 10_000;

/// The objects of the list at `key`, which must be there. A list beyond the
/// limit is reported and not looked into.
pub(super) fn required_rows<'s, 'a>(r: &'s Reader<'_, 'a>, key: &'s str) -> Vec<Reader<'s, 'a>> {
    if let Some(Value::Array(values)) = r.value(key)
        && values.len() > ROWS_MAX
    {
        let details = format!("Tiene {} líneas, el máximo es {ROWS_MAX}", values.len());
        r.too_long(key, values.len(), details);
        return Vec::new();
    }
    r.children(key, Need::Required)
}

/// Reads every row; `None` unless each of them could be read and there is one.
pub(super) fn read_rows<T>(
    r: &Reader<'_, '_>,
    key: &str,
    read: impl Fn(&Reader<'_, '_>) -> Option<T>,
) -> Option<Vec<T>> {
    let rows = required_rows(r, key);
    let read: Vec<Option<T>> = rows.iter().map(read).collect();
    // Every row is looked at first, so that all complaints come out at once.
    let complete: Option<Vec<T>> = read.into_iter().collect();
    complete.filter(|rows| !rows.is_empty())
}
