//! Settings whose types are kept as text.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};
use tagua_wire::{ForeignCurrency, MissingPayment, Rimpe};

/// The words of a setting with a few values.
macro_rules! words {
    ($module:ident, $type:ty, $words:ident = $list:expr) => {
        pub(super) const $words: &[(&str, $type)] = &$list;

        pub(super) mod $module {
            use super::{Deserializer, Serializer, read_word, write_word};

            pub(in crate::settings) fn serialize<S: Serializer>(
                value: &Option<$type>,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                write_word(super::$words, value, serializer)
            }

            pub(in crate::settings) fn deserialize<'de, D: Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Option<$type>, D::Error> {
                read_word(super::$words, deserializer)
            }
        }
    };
}

words!(
    rimpe,
    tagua_wire::Rimpe,
    RIMPE = [
        ("taxpayer", Rimpe::Taxpayer),
        ("popular_business", Rimpe::PopularBusiness),
    ]
);
words!(
    missing_payment,
    tagua_wire::MissingPayment,
    MISSING_PAYMENT = [
        ("financial_system", MissingPayment::WithFinancialSystem),
        ("left_out", MissingPayment::LeftOut),
    ]
);
words!(
    foreign_currency,
    tagua_wire::ForeignCurrency,
    FOREIGN_CURRENCY = [
        ("converted", ForeignCurrency::Converted),
        ("as_sent", ForeignCurrency::AsSent),
    ]
);

fn write_word<T: PartialEq, S: Serializer>(
    words: &[(&str, T)],
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let own = |value: &T| words.iter().find(|(_, known)| known == value);
    match value.as_ref().and_then(own) {
        Some((word, _)) => serializer.serialize_str(word),
        None => serializer.serialize_none(),
    }
}

fn read_word<'de, T: Copy, D: Deserializer<'de>>(
    words: &[(&str, T)],
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let found = words.iter().find(|(word, _)| *word == text);
    let value = found.map(|(_, value)| *value);
    value
        .map(Some)
        .ok_or_else(|| D::Error::custom("unknown word"))
}

/// Any type with a text form.
pub(super) mod parsed {
    use super::{Deserialize, Deserializer, Display, Error, FromStr, Serializer};

    pub(in crate::settings) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::settings) fn deserialize<'de, T, D>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Some).map_err(D::Error::custom)
    }
}

/// Series as `001-002`.
pub(super) mod series_list {
    use super::{Deserialize, Deserializer, Error, Serializer};
    use tagua_fiscal::Series;

    pub(in crate::settings) fn serialize<S: Serializer>(
        value: &Option<Vec<Series>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(value.iter().flatten().map(Series::to_string))
    }

    pub(in crate::settings) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<Series>>, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let series = texts.iter().map(|text| text.parse());
        series
            .collect::<Result<_, _>>()
            .map(Some)
            .map_err(D::Error::custom)
    }
}
