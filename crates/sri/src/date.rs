//! `fechaAutorizacion`, of which SRI has two spellings.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime;
use jiff::tz::Offset;

/// Ecuador's continental time, meant where the text gives no offset.
const GUAYAQUIL: Offset = Offset::constant(-5);

/// Reads `2025-07-16T07:16:17-05:00`, with a fraction or without, with an
/// offset or without, and `16/07/2025 07:16:17`. `None` where it is neither.
///
/// It serves to put decisions in order; what people see is SRI's own text.
pub fn read_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let local: DateTime = text.parse().ok().or_else(|| {
        let read = strtime::parse("%d/%m/%Y %H:%M:%S%.f", text).ok()?;
        read.to_datetime().ok()
    })?;
    GUAYAQUIL.to_timestamp(local).ok()
}
