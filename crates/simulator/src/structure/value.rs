//! The types of texts: what a value must look like, in the schema's own terms.

/// A type of the notation, as written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ValueType {
    /// `t300`: 1 to n characters without line feed.
    Line(usize),
    /// `free300`: 1 to n characters.
    Text(usize),
    /// `n3`, `n1-8`: digits.
    Digits(usize, usize),
    /// `an3-13`: letters and digits.
    Alphanumeric(usize, usize),
    /// `caps10`: 1 to n capital letters.
    Capitals(usize),
    /// `money`, `dec4`, `quantity`: a decimal that is not negative.
    Decimal(Precision),
    /// `signed`: 14 digits, 2 decimals, any sign.
    Signed,
    /// `a|b`: one of these texts.
    OneOf(Vec<String>),
    /// `empty`: no content.
    Empty,
    Date,
    Ruc,
    DocumentNumber,
    IdentificationType,
    PaymentForm,
    Period,
    Year,
    Rimpe,
}

/// Significant digits and decimals, as XSD's `totalDigits` and `fractionDigits`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Precision {
    digits: usize,
    decimals: usize,
}

const MONEY: Precision = Precision {
    digits: 14,
    decimals: 2,
};

impl ValueType {
    pub(super) fn read(word: &str, version: &str) -> Option<Self> {
        let two_decimals = matches!(version, "1.0.0" | "2.0.0");
        let quantity = if two_decimals {
            MONEY
        } else {
            Precision {
                digits: 18,
                decimals: 6,
            }
        };
        Some(match word {
            "money" => Self::Decimal(MONEY),
            "signed" => Self::Signed,
            "quantity" => Self::Decimal(quantity),
            "empty" => Self::Empty,
            "date" => Self::Date,
            "ruc" => Self::Ruc,
            "number" => Self::DocumentNumber,
            "id" => Self::IdentificationType,
            "pay" => Self::PaymentForm,
            "period" => Self::Period,
            "year" => Self::Year,
            "rimpe" => Self::Rimpe,
            _ => return Self::read_sized(word),
        })
    }

    fn read_sized(word: &str) -> Option<Self> {
        if word.contains('|') || word == "1" {
            let choices = word.split('|').filter(|choice| !choice.is_empty());
            return Some(Self::OneOf(choices.map(str::to_owned).collect()));
        }
        let number = |prefix: &str| word.strip_prefix(prefix)?.parse().ok();
        let range = |prefix: &str| {
            let sizes = word.strip_prefix(prefix)?;
            let (least, most) = sizes.split_once('-').unwrap_or((sizes, sizes));
            Some((least.parse().ok()?, most.parse().ok()?))
        };
        if let Some(digits) = number("dec") {
            return Some(Self::Decimal(Precision {
                digits,
                decimals: 2,
            }));
        }
        if let Some((least, most)) = range("an") {
            return Some(Self::Alphanumeric(least, most));
        }
        number("free")
            .map(Self::Text)
            .or_else(|| number("caps").map(Self::Capitals))
            .or_else(|| number("t").map(Self::Line))
            .or_else(|| range("n").map(|(least, most)| Self::Digits(least, most)))
    }

    pub(super) fn accepts(&self, value: &str) -> bool {
        let count = value.chars().count();
        match self {
            Self::Line(most) => (1..=*most).contains(&count) && !value.contains('\n'),
            Self::Text(most) => (1..=*most).contains(&count),
            Self::Digits(least, most) => (*least..=*most).contains(&count) && is_digits(value),
            Self::Alphanumeric(least, most) => {
                (*least..=*most).contains(&count)
                    && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
            }
            Self::Capitals(most) => {
                (1..=*most).contains(&count) && value.bytes().all(|byte| byte.is_ascii_uppercase())
            }
            Self::Decimal(precision) => accepts_decimal(value, *precision, Sign::NotNegative),
            Self::Signed => accepts_decimal(value, MONEY, Sign::Any),
            Self::OneOf(choices) => choices.iter().any(|choice| choice == value),
            Self::Empty => value.trim().is_empty(),
            Self::Date => accepts_date(value),
            Self::Ruc => count == 13 && is_digits(value) && value.ends_with("001"),
            Self::DocumentNumber => accepts_document_number(value),
            Self::IdentificationType => matches!(value, "04" | "05" | "06" | "07" | "08"),
            Self::PaymentForm => count == 2 && is_digits(value) && ("01"..="21").contains(&value),
            Self::Period => accepts_period(value),
            Self::Year => {
                count == 4
                    && is_digits(value)
                    && (value.starts_with("19") || value.starts_with("20"))
            }
            Self::Rimpe => matches!(
                value,
                "CONTRIBUYENTE RÉGIMEN RIMPE" | "CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE"
            ),
        }
    }
}

fn is_digits(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_digit())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    NotNegative,
    Any,
}

/// XSD counts digits of the value, not of the text: zeros around do not matter.
fn accepts_decimal(value: &str, precision: Precision, sign: Sign) -> bool {
    let value = value.trim_matches([' ', '\t', '\n', '\r']);
    let (negative, unsigned) = match value.as_bytes().first() {
        Some(b'-') => (true, value.get(1..).unwrap_or_default()),
        Some(b'+') => (false, value.get(1..).unwrap_or_default()),
        _ => (false, value),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if (whole.is_empty() && fraction.is_empty()) || !is_digits(whole) || !is_digits(fraction) {
        return false;
    }
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('0');
    let significant = if whole.is_empty() {
        fraction.trim_start_matches('0').len()
    } else {
        whole.len() + fraction.len()
    };
    let is_zero = whole.is_empty() && fraction.is_empty();
    fraction.len() <= precision.decimals
        && significant <= precision.digits
        && (sign == Sign::Any || !negative || is_zero)
}

/// The schema does not know the calendar: 31/02 passes here (67 is for the service).
fn accepts_date(value: &str) -> bool {
    let parts: Vec<&str> = value.split('/').collect();
    let &[day, month, year] = parts.as_slice() else {
        return false;
    };
    let two = |part: &str| part.len() == 2 && is_digits(part);
    two(day)
        && two(month)
        && year.len() == 4
        && is_digits(year)
        && year.starts_with("20")
        && ("01"..="31").contains(&day)
        && ("01"..="12").contains(&month)
}

fn accepts_document_number(value: &str) -> bool {
    let parts: Vec<&str> = value.split('-').collect();
    let &[establishment, point, sequential] = parts.as_slice() else {
        return false;
    };
    parts.iter().all(|part| is_digits(part))
        && (establishment.len(), point.len(), sequential.len()) == (3, 3, 9)
}

fn accepts_period(value: &str) -> bool {
    value.split_once('/').is_some_and(|(month, year)| {
        month.len() == 2 && year.len() == 4 && is_digits(month) && is_digits(year)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, accepted: &[&str], refused: &[&str]) {
        let value_type = ValueType::read(word, "1.1.0").expect("a type of the notation");
        for value in accepted {
            assert!(value_type.accepts(value), "{word} refuses {value:?}");
        }
        for value in refused {
            assert!(!value_type.accepts(value), "{word} accepts {value:?}");
        }
    }

    #[test]
    fn texts_have_lengths() {
        check("t5", &["a", "ñandú", " "], &["", "seis66", "a\nb"]);
        check("free5", &["a\nb"], &["", "seis66"]);
        check("n2-3", &["12", "123"], &["1", "1234", "1a", "١٢"]);
        check("an3-5", &["12A", "abcde"], &["12", "abcdef", "a-b"]);
        check("caps3", &["FOB"], &["", "fob", "FOBS"]);
    }

    #[test]
    fn decimals_count_digits_of_the_value() {
        check(
            "money",
            &[
                "0",
                "0.00",
                "1.2000",
                "000123456789012.34",
                ".5",
                "5.",
                " 7.10 ",
            ],
            &["", ".", "1.234", "-1.00", "1e3", "1,00", "1234567890123.45"],
        );
        check("signed", &["-1.00", "+2"], &["--1", "1.001"]);
        check("dec3", &["1.75", "12.5", "100", "0.1"], &["10.25", "1000"]);
        check("quantity", &["0.000001"], &["0.0000001"]);
        let old = ValueType::read("quantity", "1.0.0").expect("a type");
        assert!(!old.accepts("0.001"));
    }

    #[test]
    fn patterns() {
        check(
            "date",
            &["31/02/2026"],
            &["1/1/2026", "01/13/2026", "01/01/1999", "01-01-2026"],
        );
        check(
            "number",
            &["001-002-000000003"],
            &["001002000000003", "1-2-3", "001-002-00000000x"],
        );
        check(
            "ruc",
            &["1790011674001"],
            &["1790011674002", "179001167400", ""],
        );
        check("pay", &["01", "19", "21"], &["00", "22", "1"]);
        check("period", &["05/2026"], &["5/2026", "052026"]);
        check("SI|NO", &["SI", "NO"], &["si", ""]);
        check("EXPORTADOR|", &["EXPORTADOR"], &["", "IMPORTADOR"]);
    }
}
