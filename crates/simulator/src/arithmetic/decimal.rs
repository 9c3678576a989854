//! Exact decimals: whole numbers of millionths.

/// An amount, a quantity or a rate with up to six decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decimal(i128);

const MILLIONTHS: i128 = 1_000_000;
const CENT: i128 = 10_000;

/// More whole digits than any field has; it keeps products within 128 bits.
const WHOLE_DIGITS_MAX: usize = 12;

impl Decimal {
    pub(crate) const ZERO: Self = Self(0);

    pub(crate) const fn cents(cents: i64) -> Self {
        Self(cents as i128 * CENT)
    }

    /// `None` for what is no decimal, has more than twelve whole digits, or more
    /// than six decimals that are not zero.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (sign, unsigned) = match text.strip_prefix('-') {
            Some(unsigned) => (-1, unsigned),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || unsigned.is_empty() || unsigned == "." {
            return None;
        }
        if whole.len() > WHOLE_DIGITS_MAX || fraction.len() > 6 {
            return None;
        }
        let written = format!("{whole}{fraction:0<6}");
        Some(Self(sign * written.parse::<i128>().ok()?))
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    pub(crate) fn sum(amounts: impl IntoIterator<Item = Self>) -> Self {
        amounts.into_iter().fold(Self::ZERO, Self::plus)
    }

    /// The product to the cent, half away from zero (ficha técnica, table 21).
    pub(crate) fn times_to_cents(self, factor: Self) -> Self {
        Self::round(self.0.saturating_mul(factor.0), MILLIONTHS)
    }

    /// The percentage to the cent, half away from zero.
    pub(crate) fn percent_to_cents(self, rate: Self) -> Self {
        Self::round(self.0.saturating_mul(rate.0), MILLIONTHS * 100)
    }

    /// Quantity by price, less the discount, to the cent.
    pub(crate) fn line_total(quantity: Self, price: Self, discount: Self) -> Self {
        let exact = quantity.0.saturating_mul(price.0);
        let discount = discount.0.saturating_mul(MILLIONTHS);
        Self::round(exact.saturating_sub(discount), MILLIONTHS)
    }

    /// Whether the two differ by at most `cents`.
    pub(crate) fn is_within(self, other: Self, cents: usize) -> bool {
        let cents = i128::try_from(cents).unwrap_or(i128::MAX);
        self.0.abs_diff(other.0) <= cents.saturating_mul(CENT).unsigned_abs()
    }

    fn round(scaled: i128, scale: i128) -> Self {
        let unit = CENT.saturating_mul(scale);
        let cents = (scaled
            .unsigned_abs()
            .saturating_add(unit.unsigned_abs() / 2))
            / unit.unsigned_abs();
        let cents = i128::try_from(cents).unwrap_or(i128::MAX);
        Self(cents.saturating_mul(CENT).saturating_mul(scaled.signum()))
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs() / MILLIONTHS.unsigned_abs();
        let fraction = self.0.unsigned_abs() % MILLIONTHS.unsigned_abs();
        let fraction = format!("{fraction:06}");
        let shown = fraction.trim_end_matches('0').len().max(2);
        write!(
            f,
            "{sign}{whole}.{}",
            fraction.get(..shown).unwrap_or(&fraction)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect("a decimal")
    }

    #[test]
    fn parses_what_the_schema_lets_through() {
        for (text, shown) in [
            ("1", "1.00"),
            ("-0.5", "-0.50"),
            ("+12.3456780", "12.345678"),
            (" .25 ", "0.25"),
            ("7.", "7.00"),
            ("999999999999.999999", "999999999999.999999"),
        ] {
            assert_eq!(decimal(text).to_string(), shown);
        }
        for text in [
            "",
            ".",
            "-",
            "1e3",
            "1,5",
            "0.0000001",
            "1000000000000",
            "१",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn rounds_half_away_from_zero() {
        let product = |a, b| decimal(a).times_to_cents(decimal(b)).to_string();
        assert_eq!(product("0.5", "0.01"), "0.01");
        assert_eq!(product("0.5", "-0.01"), "-0.01");
        assert_eq!(product("0.499999", "0.01"), "0.00");
        let tax = |base, rate| decimal(base).percent_to_cents(decimal(rate)).to_string();
        assert_eq!(tax("309745.00", "12"), "37169.40");
        assert_eq!(tax("68.19", "15"), "10.23");
        let line = Decimal::line_total(decimal("3"), decimal("0.333333"), decimal("0.10"));
        assert_eq!(line.to_string(), "0.90");
    }

    #[test]
    fn the_largest_values_stay_in_range() {
        let largest = decimal("999999999999.999999");
        let product = largest.times_to_cents(largest);
        assert!(product > largest);
        assert!(Decimal::sum([product; 1000]) > product);
        assert!(decimal("1.00").is_within(decimal("1.01"), 1));
        assert!(!decimal("1.00").is_within(decimal("1.02"), 1));
    }
}
