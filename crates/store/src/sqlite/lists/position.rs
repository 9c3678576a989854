//! The order of lists in one integer: days from 1970-01-01 to the day of issue,
//! times 2^40, plus the row.

const ROW_BITS: u32 = 40;

/// Where the document of `row`, issued on `day` (`AAAA-MM-DD`), comes in lists.
/// What is not such a day counts as 1970-01-01.
pub(in super::super) fn position(day: &str, row: i64) -> i64 {
    first_position(day_number(day).unwrap_or(0)) + row
}

/// Where the day of this number begins.
pub(super) fn first_position(day: i64) -> i64 {
    day << ROW_BITS
}

/// The row of the document in this place.
pub(super) fn row_of(position: i64) -> i64 {
    position & ((1 << ROW_BITS) - 1)
}

/// Days from 1970-01-01 to a day `AAAA-MM-DD` of the Gregorian calendar, as
/// SQLite counts them: 30 February is two days after the 28th.
pub(super) fn day_number(day: &str) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *day.as_bytes() else {
        return None;
    };
    let (year, month) = (digits(&[y1, y2, y3, y4])?, digits(&[m1, m2])?);
    let day = digits(&[d1, d2])?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March here, so that the leap day is the last one of a year.
    let (year, month) = match month {
        ..=2 => (year - 1, month + 9),
        _ => (year, month - 3),
    };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 153 days in five months from March, and from August.
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    // 719468 days from 0000-03-01 to 1970-01-01.
    Some(365 * year + leap_days + day_of_year - 719_468)
}

fn digits(digits: &[u8]) -> Option<i64> {
    let digit = |b: &u8| b.is_ascii_digit().then(|| i64::from(b - b'0'));
    digits
        .iter()
        .try_fold(0, |number, b| Some(number * 10 + digit(b)?))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// What was there before a migration was counted by SQLite.
    #[test]
    fn days_are_those_of_sqlite() {
        let connection = Connection::open_in_memory().unwrap();
        let sql = "SELECT unixepoch(?1) / 86400";
        let mut statement = connection.prepare(sql).unwrap();
        let years = [0, 1900, 1969, 1970, 1999, 2000, 2023, 2024, 2026, 9999];
        for year in years {
            for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
                let text = format!("{year:04}-{month:02}-{day:02}");
                let expected: Option<i64> = statement.query_row([&text], |row| row.get(0)).unwrap();
                // Division cuts towards zero, and these days are whole.
                assert_eq!(day_number(&text), expected, "{text}");
            }
        }
    }

    #[test]
    fn other_texts_are_no_days() {
        for text in [
            "",
            "hoy",
            "2026-1-1",
            "20261101",
            "2026-11-20T00:00",
            "+026-11-20",
        ] {
            assert_eq!(day_number(text), None, "{text}");
            assert_eq!(position(text, 7), 7);
        }
    }

    #[test]
    fn the_row_is_found_again() {
        for day in ["0000-01-01", "1969-12-31", "2026-11-20"] {
            assert_eq!(row_of(position(day, 123)), 123);
        }
    }
}
