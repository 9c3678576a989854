//! The shape of `etsi:SigningTime`.

/// Whether `text` is a moment of the calendar in Ecuador's offset, to the second:
/// `2026-11-20T15:04:05-05:00`.
pub(crate) fn is_signing_time(text: &str) -> bool {
    const SHAPE: &[u8; 25] = b"dddd-dd-ddTdd:dd:dd-05:00";
    let bytes = text.as_bytes();
    let fits = |(found, wanted): (&u8, &u8)| match wanted {
        b'd' => found.is_ascii_digit(),
        exact => found == exact,
    };
    bytes.len() == SHAPE.len() && bytes.iter().zip(SHAPE).all(fits) && in_calendar(bytes)
}

fn in_calendar(bytes: &[u8]) -> bool {
    let number = |from: usize, digits: usize| {
        let digits = bytes.iter().skip(from).take(digits);
        digits.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    };
    let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2));
    (1..=days_of(year, month)).contains(&day)
        && number(11, 2) < 24
        && number(14, 2) < 60
        && number(17, 2) < 60
}

fn days_of(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::is_signing_time;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_signing_time(text), expected, "{text}");
    }

    #[test]
    fn takes_moments_of_ecuador() {
        check("2026-11-20T15:04:05-05:00", true);
        check("2024-02-29T00:00:00-05:00", true);
        check("2000-02-29T23:59:59-05:00", true);
        check("2026-12-31T23:59:59-05:00", true);
    }

    #[test]
    fn refuses_other_shapes() {
        check("", false);
        check("2026-11-20T15:04:05Z", false);
        check("2026-11-20T15:04:05+00:00", false);
        check("2026-11-20T15:04:05.000-05:00", false);
        check("2026-11-20 15:04:05-05:00", false);
        check("2026-11-20T15:04:05-05:00 ", false);
        check("2O26-11-20T15:04:05-05:00", false);
        check("20é6-11-20T15:04:05-05:0", false);
    }

    #[test]
    fn refuses_moments_outside_the_calendar() {
        check("2026-00-20T15:04:05-05:00", false);
        check("2026-13-20T15:04:05-05:00", false);
        check("2026-11-00T15:04:05-05:00", false);
        check("2026-11-31T15:04:05-05:00", false);
        check("2026-02-29T15:04:05-05:00", false);
        check("2100-02-29T15:04:05-05:00", false);
        check("2026-11-20T24:04:05-05:00", false);
        check("2026-11-20T15:60:05-05:00", false);
        check("2026-11-20T15:04:60-05:00", false);
    }
}
