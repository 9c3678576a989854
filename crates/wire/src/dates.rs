//! Dates as they are sent (CONTRACT 2.5).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Ecuador's continental time: UTC-5 without daylight saving.
pub(super) const GUAYAQUIL: Offset = Offset::constant(-5);

/// The day in Guayaquil.
pub(super) fn day_in_guayaquil(at: Timestamp) -> Date {
    GUAYAQUIL.to_datetime(at).date()
}

/// `at` as `2026-11-18T10:15:00-05:00`, with milliseconds where there are any.
pub(super) fn iso_in_guayaquil(at: Timestamp) -> String {
    let local = GUAYAQUIL.to_datetime(at);
    let (date, time) = (local.date(), local.time());
    let millis = time.millisecond();
    let fraction = match millis {
        0 => String::new(),
        _ => format!(".{millis:03}"),
    };
    format!(
        "{date}T{:02}:{:02}:{:02}{fraction}-05:00",
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// The calendar day a text means in Guayaquil. Exactly midnight means the day
/// as written, whatever the offset: the official client builds dates as local
/// midnight plus the machine's offset.
pub(super) fn parse_day(text: &str) -> Option<Date> {
    let text = text.trim();
    let date = parse_date(text.get(..10)?)?;
    let rest = text.get(10..)?;
    if rest.is_empty() {
        return Some(date);
    }
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let (seconds, exact_midnight, rest) = parse_time(rest)?;
    let offset = parse_offset(rest.trim_start())?;
    if exact_midnight {
        return Some(date);
    }
    let guayaquil = i64::from(GUAYAQUIL.seconds());
    match (seconds - offset.unwrap_or(guayaquil) + guayaquil).div_euclid(86_400) {
        0 => Some(date),
        days if days < 0 => date.yesterday().ok(),
        _ => date.tomorrow().ok(),
    }
}

fn parse_date(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year: i16 = number(parts.next()?, 4)?.try_into().ok()?;
    let month: i8 = number(parts.next()?, 2)?.try_into().ok()?;
    let day: i8 = number(parts.next()?, 2)?.try_into().ok()?;
    if parts.next().is_some() || !(2000..=2099).contains(&year) {
        return None;
    }
    Date::new(year, month, day).ok()
}

/// `HH:MM[:SS[.fraction]]`: seconds of the day, whether it is exactly
/// midnight, and what follows.
fn parse_time(text: &str) -> Option<(i64, bool, &str)> {
    let (hours, rest) = (number(text.get(..2)?, 2)?, text.get(2..)?);
    let rest = rest.strip_prefix(':')?;
    let (minutes, rest) = (number(rest.get(..2)?, 2)?, rest.get(2..)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let whole = hours * 3600 + minutes * 60;
    let Some(rest) = rest.strip_prefix(':') else {
        return Some((whole, whole == 0, rest));
    };
    let (seconds, rest) = (number(rest.get(..2)?, 2)?, rest.get(2..)?);
    if seconds > 60 {
        return None;
    }
    let total = whole + seconds;
    let Some(rest) = rest.strip_prefix(['.', ',']) else {
        return Some((total, total == 0, rest));
    };
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (fraction, rest) = rest.split_at(end);
    let zero = fraction.bytes().all(|b| b == b'0');
    (!fraction.is_empty()).then_some((total, total == 0 && zero, rest))
}

/// Nothing, `Z`, `±HH`, `±HHMM`, `±HH:MM` or `±HH:MM:SS` as seconds.
#[expect(
    clippy::option_option,
    reason = "malformed and absent are different answers"
)]
fn parse_offset(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    if text.eq_ignore_ascii_case("z") {
        return Some(Some(0));
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text.get(1..)?.split(':').collect();
    let part = |from: usize| match digits.get(from..from + 2) {
        None if digits.len() <= from => Some(0),
        None => None,
        Some(part) => number(part, 2),
    };
    let well_formed = matches!(text.len(), 3 | 5 | 6 | 9) && digits.len() <= 6;
    let (hours, minutes, seconds) = (part(0)?, part(2)?, part(4)?);
    let in_range = hours < 24 && minutes < 60 && seconds < 60;
    (well_formed && in_range).then_some(Some(sign * (hours * 3600 + minutes * 60 + seconds)))
}

/// Exactly `width` digits.
fn number(text: &str, width: usize) -> Option<i64> {
    if text.len() != width || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
