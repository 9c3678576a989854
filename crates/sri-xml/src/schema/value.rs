//! The types of texts: what each facet allows and how a breach is told.

use crate::chars;
use crate::finding::{FindingKind, Findings, Place, shown};

/// The type of an element's text or of an attribute.
#[derive(Clone, Copy, Debug)]
pub enum ValueType {
    /// `xsd:string`: blanks count, lengths are in code points.
    Text {
        /// `minLength`.
        chars_min: u16,
        /// `maxLength`.
        chars_max: u16,
        /// `pattern` or `enumeration`.
        form: Form,
    },
    /// `xsd:decimal`: blanks around it do not count. Leading zeros and trailing
    /// zeros of the fraction are not digits.
    Decimal {
        /// `totalDigits`.
        digits_max: u8,
        /// `fractionDigits`.
        decimals_max: u8,
        /// `minInclusive`.
        sign: Sign,
    },
    /// `xsd:NMTOKEN`: characters of names; blanks around it do not count.
    NameToken,
    /// Anything.
    Any,
}

/// Whether a number may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Zero or more.
    NotNegative,
    /// Anything.
    Any,
}

/// What a text looks like. The whole of it: XML Schema's patterns are anchored.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Any text.
    Any,
    /// No line feed (`[^\n]*`); a carriage return or a tab is allowed.
    OneLine,
    /// Decimal digits; how many is for the length to say.
    Digits,
    /// ASCII letters and digits.
    Alphanumeric,
    /// ASCII capital letters.
    Capitals,
    /// `#` stands for a digit, everything else for itself.
    Template(&'static str),
    /// Digits between these two, which have the same length.
    Range(&'static str, &'static str),
    /// dd/mm/aaaa of the years 2000 to 2099, not held against a calendar.
    Date,
    /// mm/aaaa of the years 2000 to 2099.
    Month,
    /// One of these.
    OneOf(&'static [&'static str]),
}

pub(super) const ANY: ValueType = ValueType::Any;
pub(super) const NAME_TOKEN: ValueType = ValueType::NameToken;
pub(super) const TEXT_300: ValueType = text(300, Form::Any);
pub(super) const ONE_LINE_300: ValueType = one_line(300);
pub(super) const DATE: ValueType = free(Form::Date);
pub(super) const MONTH: ValueType = free(Form::Month);
pub(super) const AMOUNT: ValueType = decimal(14, 2, Sign::NotNegative);
pub(super) const SIGNED_AMOUNT: ValueType = decimal(14, 2, Sign::Any);
pub(super) const QUANTITY: ValueType = decimal(18, 6, Sign::NotNegative);
pub(super) const RATE: ValueType = decimal(4, 2, Sign::NotNegative);
pub(super) const WITHHOLDING_RATE: ValueType = decimal(5, 2, Sign::NotNegative);

pub(super) const fn one_line(chars_max: u16) -> ValueType {
    text(chars_max, Form::OneLine)
}

pub(super) const fn digits(chars_min: u16, chars_max: u16) -> ValueType {
    let form = Form::Digits;
    ValueType::Text {
        chars_min,
        chars_max,
        form,
    }
}

pub(super) const fn template(picture: &'static str) -> ValueType {
    free(Form::Template(picture))
}

pub(super) const fn range(from: &'static str, to: &'static str) -> ValueType {
    free(Form::Range(from, to))
}

pub(super) const fn fixed(texts: &'static [&'static str]) -> ValueType {
    free(Form::OneOf(texts))
}

pub(super) const fn text(chars_max: u16, form: Form) -> ValueType {
    ValueType::Text {
        chars_min: 1,
        chars_max,
        form,
    }
}

/// A form that fixes the length itself.
const fn free(form: Form) -> ValueType {
    text(u16::MAX, form)
}

pub(super) const fn decimal(digits_max: u8, decimals_max: u8, sign: Sign) -> ValueType {
    ValueType::Decimal {
        digits_max,
        decimals_max,
        sign,
    }
}

impl ValueType {
    /// Adds at most one finding about `text`.
    pub(super) fn check(self, text: &str, place: &Place<'_>, findings: &mut Findings) {
        if let Some(forbidden) = chars::first_forbidden(text) {
            let who = place.of();
            let message = format!(
                "El valor {who} contiene el carácter U+{:04X}, que XML 1.0 no permite.",
                u32::from(forbidden)
            );
            return findings.add(place, FindingKind::Characters, message);
        }
        if let Some((kind, rule)) = self.breach(text) {
            let message = self.message(kind, rule, text, place);
            findings.add(place, kind, message);
        }
    }

    /// What is broken, and the name Xerces has for the rule.
    fn breach(self, text: &str) -> Option<(FindingKind, &'static str)> {
        match self {
            Self::Any => None,
            Self::NameToken => name_token_breach(text),
            Self::Text {
                chars_min,
                chars_max,
                form,
            } => text_breach(text, chars_min, chars_max, form),
            Self::Decimal {
                digits_max,
                decimals_max,
                sign,
            } => decimal_breach(text, digits_max, decimals_max, sign),
        }
    }

    fn message(self, kind: FindingKind, rule: &str, text: &str, place: &Place<'_>) -> String {
        let (who, allowed) = (place.of(), self.allowed());
        if kind == FindingKind::Empty {
            return format!("{rule}: El valor {who} está vacío; debe ser {allowed}.");
        }
        let value = shown(text);
        let why = match kind {
            FindingKind::Length => match text.chars().count() {
                1 => " (1 carácter)".to_owned(),
                count => format!(" ({count} caracteres)"),
            },
            FindingKind::Pattern if text.contains('\n') => " (con salto de línea)".to_owned(),
            _ => String::new(),
        };
        format!("{rule}: El valor '{value}'{why} {who} no es válido; debe ser {allowed}.")
    }

    /// What is allowed, as an end of the sentence "debe ser …".
    fn allowed(self) -> String {
        match self {
            Self::Any => "cualquier texto".to_owned(),
            Self::NameToken => "un texto de letras, dígitos, '.', '-', '_' o ':'".to_owned(),
            Self::Text {
                chars_min,
                chars_max,
                form,
            } => form.allowed(chars_min, chars_max),
            Self::Decimal {
                digits_max,
                decimals_max,
                sign,
            } => {
                let sign = match sign {
                    Sign::NotNegative => " mayor o igual a 0",
                    Sign::Any => "",
                };
                format!(
                    "un número decimal{sign} con {digits_max} dígitos como máximo, \
                     de ellos {decimals_max} decimales, y punto como separador"
                )
            }
        }
    }
}

fn name_token_breach(text: &str) -> Option<(FindingKind, &'static str)> {
    let token = text.trim_matches(chars::is_space);
    if token.is_empty() {
        return Some((FindingKind::Empty, "cvc-datatype-valid.1.2.1"));
    }
    // Datatypes mean the names of XML's second edition, which end with the basic plane.
    let is_in_token = |c| c == ':' || c <= '\u{FFFF}' && chars::continues_name(c);
    let is_token = token.chars().all(is_in_token);
    (!is_token).then_some((FindingKind::Pattern, "cvc-datatype-valid.1.2.1"))
}

fn text_breach(
    text: &str,
    chars_min: u16,
    chars_max: u16,
    form: Form,
) -> Option<(FindingKind, &'static str)> {
    if text.is_empty() {
        return Some((FindingKind::Empty, "cvc-minLength-valid"));
    }
    let (min, max) = (usize::from(chars_min), usize::from(chars_max));
    // A text has at most as many code points as bytes.
    let fits = min <= 1 && text.len() <= max || (min..=max).contains(&text.chars().count());
    match (form.accepts(text), fits, form) {
        (false, _, Form::OneOf(_)) => Some((FindingKind::Enumeration, "cvc-enumeration-valid")),
        (false, _, _) => Some((FindingKind::Pattern, "cvc-pattern-valid")),
        (true, false, Form::Digits) => Some((FindingKind::Length, "cvc-pattern-valid")),
        (true, false, _) if text.chars().count() > max => {
            Some((FindingKind::Length, "cvc-maxLength-valid"))
        }
        (true, false, _) => Some((FindingKind::Length, "cvc-minLength-valid")),
        (true, true, _) => None,
    }
}

impl Form {
    fn accepts(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::OneLine => !text.as_bytes().contains(&b'\n'),
            Self::Digits => text.bytes().all(|b| b.is_ascii_digit()),
            Self::Alphanumeric => text.bytes().all(|b| b.is_ascii_alphanumeric()),
            Self::Capitals => text.bytes().all(|b| b.is_ascii_uppercase()),
            Self::Template(picture) => follows(picture, text),
            Self::Range(from, to) => {
                text.len() == from.len()
                    && text.bytes().all(|b| b.is_ascii_digit())
                    && (from..=to).contains(&text)
            }
            Self::Date => is_date(text),
            Self::Month => is_month(text),
            Self::OneOf(texts) => texts.contains(&text),
        }
    }

    fn allowed(self, chars_min: u16, chars_max: u16) -> String {
        let length = match (chars_min, chars_max) {
            (min, max) if min == max => format!("{min}"),
            (1, u16::MAX) => "1 o más".to_owned(),
            (min, max) => format!("{min} a {max}"),
        };
        match self {
            Self::Any => format!("un texto de {length} caracteres"),
            Self::OneLine => format!("un texto de {length} caracteres, sin saltos de línea"),
            Self::Digits => format!("un texto de {length} dígitos"),
            Self::Alphanumeric => format!("un texto de {length} letras sin tilde o dígitos"),
            Self::Capitals => format!("un texto de {length} letras mayúsculas sin tilde"),
            Self::Template(picture) => {
                format!("un texto de la forma '{picture}', donde # es un dígito")
            }
            Self::Range(from, to) => format!("un código entre '{from}' y '{to}'"),
            Self::Date => "una fecha dd/mm/aaaa de los años 2000 a 2099".to_owned(),
            Self::Month => "un mes mm/aaaa de los años 2000 a 2099".to_owned(),
            Self::OneOf(texts) => format!("'{}'", texts.join("' o '")),
        }
    }
}

fn follows(picture: &str, text: &str) -> bool {
    picture.len() == text.len()
        && picture.bytes().zip(text.bytes()).all(|(p, b)| match p {
            b'#' => b.is_ascii_digit(),
            literal => b == literal,
        })
}

fn is_date(text: &str) -> bool {
    let parts = (text.get(0..2), text.get(3..5));
    let (Some(day), Some(month)) = parts else {
        return false;
    };
    follows("##/##/20##", text) && ("01"..="31").contains(&day) && ("01"..="12").contains(&month)
}

fn is_month(text: &str) -> bool {
    let month = text.get(0..2);
    follows("##/20##", text) && month.is_some_and(|month| ("01"..="12").contains(&month))
}

fn decimal_breach(
    text: &str,
    digits_max: u8,
    decimals_max: u8,
    sign: Sign,
) -> Option<(FindingKind, &'static str)> {
    let text = text.trim_matches(chars::is_space);
    if text.is_empty() {
        return Some((FindingKind::Empty, "cvc-datatype-valid.1.2.1"));
    }
    let Some(number) = Digits::of(text) else {
        return Some((FindingKind::Malformed, "cvc-datatype-valid.1.2.1"));
    };
    if number.decimals > usize::from(decimals_max) {
        return Some((FindingKind::Digits, "cvc-fractionDigits-valid"));
    }
    if number.integers + number.decimals > usize::from(digits_max) {
        return Some((FindingKind::Digits, "cvc-totalDigits-valid"));
    }
    if sign == Sign::NotNegative && number.is_negative() {
        return Some((FindingKind::Range, "cvc-minInclusive-valid"));
    }
    None
}

/// How many digits a decimal has, without leading zeros and without the
/// fraction's trailing ones.
struct Digits {
    minus: bool,
    integers: usize,
    decimals: usize,
}

impl Digits {
    fn of(text: &str) -> Option<Self> {
        let minus = text.starts_with('-');
        let body = text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes();
        let point = body.iter().position(|b| *b == b'.');
        let (integers, decimals) = body.split_at(point.unwrap_or(body.len()));
        let decimals = decimals.get(1..).unwrap_or_default();
        let is_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        let is_empty = integers.is_empty() && decimals.is_empty();
        if is_empty || !is_digits(integers) || !is_digits(decimals) {
            return None;
        }
        let is_zero = |b: &&u8| **b == b'0';
        Some(Self {
            minus,
            integers: integers.len() - integers.iter().take_while(is_zero).count(),
            decimals: decimals.len() - decimals.iter().rev().take_while(is_zero).count(),
        })
    }

    /// Minus zero is zero.
    const fn is_negative(&self) -> bool {
        self.minus && self.integers + self.decimals > 0
    }
}
