//! The table of settings: names, what they take, and a line of help.

use serde_json::{Map, Value};

use super::SettingsError;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct SettingField {
    /// Its name in JSON and on the command line.
    pub name: &'static str,
    /// What it takes.
    pub kind: FieldKind,
    /// What it does, for a person.
    pub help: &'static str,
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A text of so many characters.
    Text {
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
    /// Up to so many digits.
    Digits(usize),
    /// 13 digits.
    Ruc,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Texts by the three digits of an establishment.
    ByEstablishment,
    /// Series such as `001-002`.
    SeriesList,
    /// Whole numbers of days.
    Days,
}

const fn setting(name: &'static str, kind: FieldKind, help: &'static str) -> SettingField {
    SettingField { name, kind, help }
}

const LINE: FieldKind = FieldKind::Text { min: 1, max: 300 };

/// Every setting, in the order in which they are stored and shown.
pub const SETTINGS: [SettingField; 17] = [
    setting(
        "profile",
        FieldKind::Word(&["compatible", "strict"]),
        "strict refuses what SRI would refuse",
    ),
    setting("legal_name", LINE, "razon_social where a request has none"),
    setting(
        "trade_name",
        LINE,
        "nombre_comercial where a request has none",
    ),
    setting(
        "head_office_address",
        LINE,
        "direccion where a request has none",
    ),
    setting(
        "establishment_addresses",
        FieldKind::ByEstablishment,
        "addresses of establishments: establishment_addresses.001=...",
    ),
    setting(
        "keeps_accounts",
        FieldKind::Boolean,
        "obligado_contabilidad",
    ),
    setting(
        "special_taxpayer",
        FieldKind::Text { min: 3, max: 13 },
        "contribuyente_especial: the number of the resolution",
    ),
    setting(
        "rimpe",
        FieldKind::Word(&["taxpayer", "popular_business"]),
        "the legend of the RIMPE regime",
    ),
    setting(
        "withholding_agent",
        FieldKind::Digits(8),
        "agente de retención: the digits of the resolution",
    ),
    setting(
        "large_taxpayer",
        LINE,
        "gran contribuyente: the resolution, written into invoices and notes",
    ),
    setting(
        "software_provider",
        FieldKind::Ruc,
        "RUC Proveedor, written into every document of who uses another's service",
    ),
    setting(
        "transport_operator",
        FieldKind::Boolean,
        "whether the issuer is an operator of commercial transport",
    ),
    setting(
        "missing_payment",
        FieldKind::Word(&["financial_system", "left_out"]),
        "what a document without pagos gets: payment 20 over the total, or none",
    ),
    setting(
        "foreign_currency",
        FieldKind::Word(&["converted", "as_sent"]),
        "amounts in other currencies: in dollars at tasa_cambio, or as sent",
    ),
    setting(
        "complete_totals",
        FieldKind::Boolean,
        "computes totals and taxes, whatever was sent",
    ),
    setting(
        "closed_series",
        FieldKind::SeriesList,
        "the only series to take documents for: 001-001,001-002",
    ),
    setting(
        "reminder_days",
        FieldKind::Days,
        "days after the due date at which reminders go out: -3,0,7",
    ),
];

const DAYS_MAX: u64 = 365;
const REMINDERS_MAX: usize = 10;

impl SettingField {
    /// The setting of this name.
    ///
    /// # Errors
    /// Names the setting that is most like it.
    pub fn named(name: &str) -> Result<&'static Self, SettingsError> {
        let found = SETTINGS.iter().find(|field| field.name == name);
        found.ok_or_else(|| SettingsError::Unknown {
            name: name.to_owned(),
            nearest: nearest(name),
        })
    }

    /// What the setting takes, in words.
    pub fn expected(&self) -> String {
        match self.kind {
            FieldKind::Text { min, max } => format!("it takes {min} to {max} characters"),
            FieldKind::Digits(max) => format!("it takes 1 to {max} digits"),
            FieldKind::Ruc => "it takes a RUC of 13 digits".to_owned(),
            FieldKind::Boolean => "it takes true or false".to_owned(),
            FieldKind::Word(words) => format!("it takes {}", words.join(" or ")),
            FieldKind::ByEstablishment => {
                "it takes addresses of 1 to 300 characters, each under an establishment's three \
                 digits, such as 001"
                    .to_owned()
            }
            FieldKind::SeriesList => {
                "it takes establishments with their points, such as 001-001,001-002".to_owned()
            }
            FieldKind::Days => format!(
                "it takes up to {REMINDERS_MAX} numbers of days from -{DAYS_MAX} to {DAYS_MAX}, \
                 such as -3,0,7"
            ),
        }
    }

    pub(super) fn refuse(&self, value: &Value) -> SettingsError {
        SettingsError::Invalid {
            field: self.name,
            value: value.to_string(),
            expected: self.expected(),
        }
    }

    /// The value that a person's text means.
    pub(super) fn value(&self, text: &str) -> Value {
        let text = text.trim();
        let parts = || text.split([',', ' ']).filter(|part| !part.is_empty());
        match self.kind {
            FieldKind::Boolean => match text.to_lowercase().as_str() {
                "true" | "yes" | "si" | "sí" => Value::Bool(true),
                "false" | "no" => Value::Bool(false),
                _ => Value::from(text),
            },
            FieldKind::SeriesList => parts().map(Value::from).collect(),
            FieldKind::Days => parts()
                .map(|part| part.parse::<i16>().map_or(Value::from(part), Value::from))
                .collect(),
            _ => Value::from(text),
        }
    }

    /// What the types do not hold by themselves.
    pub(super) fn check(&self, value: &Value) -> Result<(), SettingsError> {
        let good = match (self.kind, value) {
            (FieldKind::Text { min, max }, Value::String(text)) => line(text, min, max),
            (FieldKind::Digits(max), Value::String(text)) => {
                line(text, 1, max) && text.bytes().all(|byte| byte.is_ascii_digit())
            }
            (FieldKind::Word(words), Value::String(text)) => words.contains(&text.as_str()),
            (FieldKind::ByEstablishment, Value::Object(map)) => addresses(map),
            (FieldKind::Days, Value::Array(days)) => {
                let near = |day: &Value| {
                    day.as_i64()
                        .is_some_and(|day| day.unsigned_abs() <= DAYS_MAX)
                };
                days.len() <= REMINDERS_MAX && days.iter().all(near)
            }
            (FieldKind::Text { .. } | FieldKind::Digits(_) | FieldKind::Word(_), _)
            | (FieldKind::ByEstablishment | FieldKind::Days, _) => false,
            // What is left is held by its type.
            (FieldKind::Ruc | FieldKind::Boolean | FieldKind::SeriesList, _) => true,
        };
        good.then_some(()).ok_or_else(|| self.refuse(value))
    }
}

fn line(text: &str, min: usize, max: usize) -> bool {
    (min..=max).contains(&text.trim().chars().count()) && !text.contains(char::is_control)
}

fn addresses(map: &Map<String, Value>) -> bool {
    map.iter().all(|(code, address)| {
        code.len() == 3
            && code.bytes().all(|byte| byte.is_ascii_digit())
            && address
                .as_str()
                .is_some_and(|address| line(address, 1, 300))
    })
}

fn nearest(name: &str) -> &'static str {
    let distance = |field: &&SettingField| distance(&name.to_lowercase(), field.name);
    SETTINGS
        .iter()
        .min_by_key(distance)
        .map_or("", |field| field.name)
}

/// How many letters must be added, dropped or changed (Levenshtein), looked at
/// in the first 64 letters.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (letter, first) in one.chars().take(64).zip(1..) {
        let mut last = first;
        let mut next = vec![first];
        for (same, pair) in other.iter().zip(row.windows(2)) {
            let &[diagonal, above] = pair else { continue };
            let changed = diagonal + usize::from(*same != letter);
            last = changed.min(above + 1).min(last + 1);
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::text::{FOREIGN_CURRENCY, MISSING_PAYMENT, RIMPE};
    use super::{FieldKind, SettingField, distance};

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "ruc", 3),
            ("ruc", "ruc", 0),
            ("profil", "profile", 1),
            ("leagl_name", "legal_name", 2),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn the_table_has_the_words_of_the_types() {
        let words = |name| match SettingField::named(name).unwrap().kind {
            FieldKind::Word(words) => words.to_vec(),
            other => panic!("{other:?}"),
        };
        fn own<T>(list: &[(&'static str, T)]) -> Vec<&'static str> {
            list.iter().map(|(word, _)| *word).collect()
        }
        assert_eq!(words("rimpe"), own(RIMPE));
        assert_eq!(words("missing_payment"), own(MISSING_PAYMENT));
        assert_eq!(words("foreign_currency"), own(FOREIGN_CURRENCY));
    }
}
