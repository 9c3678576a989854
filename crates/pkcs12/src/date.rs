//! Dates of certificates.

use crate::ber::Element;

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SECONDS_PER_DAY: i64 = 86_400;
/// Mainland Ecuador is five hours behind UTC all year.
const ECUADOR_OFFSET_SECONDS: i64 = -5 * 3_600;

/// Unix seconds of a UTCTime or GeneralizedTime (RFC 5280, 4.1.2.5). Seconds
/// may lack and an offset may stand for `Z`, as older software wrote them.
pub(crate) fn unix_seconds(time: &Element<'_>) -> Option<i64> {
    let text = std::str::from_utf8(time.content).ok()?;
    let digits_count = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = text.split_at_checked(digits_count)?;
    let (year, rest) = match time.identifier {
        UTC_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            let year: i64 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let fields = two_digit_fields(rest)?;
    let (&[month, day, hour, minute], seconds) = fields.split_first_chunk::<4>()?;
    let second = match seconds {
        [] => 0,
        [second] => *second,
        _ => return None,
    };
    let plausible = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !plausible || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = (hour * 60 + minute) * 60 + second;
    Some(days_since_1970(year, month, day) * SECONDS_PER_DAY + seconds - zone_seconds(zone)?)
}

/// The day in Ecuador, as `2027-03-01`.
pub(crate) fn day_in_ecuador(unix_seconds: i64) -> String {
    let days = unix_seconds
        .saturating_add(ECUADOR_OFFSET_SECONDS)
        .div_euclid(SECONDS_PER_DAY);
    let (year, month, day) = civil_of_days(days);
    format!("{year:04}-{month:02}-{day:02}")
}

fn two_digit_fields(digits: &str) -> Option<Vec<i64>> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    // Only digits come here.
    Some(
        pairs
            .iter()
            .map(|[tens, ones]| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
            .collect(),
    )
}

/// `Z`, nothing, fractions of a second before either, or `+hhmm`.
fn zone_seconds(zone: &str) -> Option<i64> {
    let zone = match zone.strip_prefix(['.', ',']) {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => zone,
    };
    if zone.is_empty() || zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits = zone.strip_prefix(['+', '-'])?;
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    match two_digit_fields(digits)?.as_slice() {
        [hours, minutes] => Some(sign * (hours * 60 + minutes) * 60),
        _ => None,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar. Years are counted
/// from March, so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    365 * year + leap_days + day_of_year - 719_468
}

/// The inverse of [`days_since_1970`].
fn civil_of_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(identifier: u8, text: &str, expected: Option<i64>) {
        let mut bytes = vec![identifier, text.len() as u8];
        bytes.extend_from_slice(text.as_bytes());
        assert_eq!(
            unix_seconds(&Element::only(&bytes).unwrap()),
            expected,
            "{text}"
        );
    }

    #[test]
    fn reads_times() {
        check(UTC_TIME, "700101000000Z", Some(0));
        check(UTC_TIME, "261120150405Z", Some(1_795_187_045));
        check(UTC_TIME, "2611201504Z", Some(1_795_187_040));
        check(UTC_TIME, "261120100405-0500", Some(1_795_187_045));
        check(UTC_TIME, "491231235959Z", Some(2_524_607_999));
        check(UTC_TIME, "500101000000Z", Some(-631_152_000));
        check(GENERALIZED_TIME, "20500101000000Z", Some(2_524_608_000));
        check(GENERALIZED_TIME, "20240229120000.123Z", Some(1_709_208_000));
        check(GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799));
    }

    #[test]
    fn refuses_what_is_no_time() {
        check(UTC_TIME, "", None);
        check(UTC_TIME, "261320150405Z", None);
        check(UTC_TIME, "26112015040Z", None);
        check(UTC_TIME, "26112015Z", None);
        check(UTC_TIME, "261120150405+05", None);
        check(UTC_TIME, "261120150405+ab00", None);
        check(GENERALIZED_TIME, "2026112015040506Z", None);
        check(0x04, "261120150405Z", None);
    }

    #[test]
    fn prints_the_day_in_ecuador() {
        assert_eq!(day_in_ecuador(1_795_187_045), "2026-11-20");
        assert_eq!(day_in_ecuador(1_709_208_000), "2024-02-29");
        assert_eq!(
            day_in_ecuador(1_709_269_199),
            "2024-02-29",
            "04:59:59 UTC of the 1st"
        );
        assert_eq!(day_in_ecuador(1_709_269_200), "2024-03-01");
        assert!(!day_in_ecuador(i64::MIN).is_empty() && !day_in_ecuador(i64::MAX).is_empty());
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for days in (-200_000..3_000_000).step_by(97) {
            let (year, month, day) = civil_of_days(days);
            assert_eq!(days_since_1970(year, month, day), days);
        }
    }
}
