//! What the operator decided about one issuer: kept as JSON beside the issuer,
//! read once into types, turned into the contexts of reading and checking.

mod field;
mod text;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tagua_fiscal::common::AdditionalField;
use tagua_fiscal::rules::{IssuerStatus, Regime, RuleContext};
use tagua_fiscal::{DocumentType, Ruc, Series, ThreeDigits};
use tagua_wire::{Collection, ForeignCurrency, IssuerDefaults, MissingPayment, Rimpe, WireContext};

pub use field::{FieldKind, SETTINGS, SettingField};

/// The settings of an issuer. Every field is optional, and a value in the
/// request wins over one here (CONTRACT 7.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IssuerSettings {
    /// Which requests are refused (CONTRACT 5.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
    /// `razonSocial`, up to 300 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_name: Option<String>,
    /// `nombreComercial`, up to 300 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trade_name: Option<String>,
    /// `dirMatriz`, up to 300 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_office_address: Option<String>,
    /// `dirEstablecimiento` by the establishment's three digits.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub establishment_addresses: BTreeMap<String, String>,
    /// `obligadoContabilidad`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keeps_accounts: Option<bool>,
    /// `contribuyenteEspecial`: the resolution, 3 to 13 letters or digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special_taxpayer: Option<String>,
    /// `contribuyenteRimpe`.
    #[serde(with = "text::rimpe", skip_serializing_if = "Option::is_none")]
    pub rimpe: Option<Rimpe>,
    /// `agenteRetencion`: the resolution, up to 8 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withholding_agent: Option<String>,
    /// The resolution written as `Gran Contribuyente` (ficha técnica, anexo 24).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub large_taxpayer: Option<String>,
    /// The RUC written as `RUC Proveedor` (ficha técnica, anexo 26): of whoever
    /// supplies the invoicing service, where it is not the issuer's own.
    #[serde(with = "text::parsed", skip_serializing_if = "Option::is_none")]
    pub software_provider: Option<Ruc>,
    /// Whether the issuer is a transport operator (ficha técnica, anexo 25).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport_operator: Option<bool>,
    /// What a document without payment gets (CONTRACT 7.4.6).
    #[serde(
        with = "text::missing_payment",
        skip_serializing_if = "Option::is_none"
    )]
    pub missing_payment: Option<MissingPayment>,
    /// How amounts in other currencies are written (CONTRACT 7.4.9).
    #[serde(
        with = "text::foreign_currency",
        skip_serializing_if = "Option::is_none"
    )]
    pub foreign_currency: Option<ForeignCurrency>,
    /// Whether totals and taxes are computed, whatever was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complete_totals: Option<bool>,
    /// The only series documents are taken for; absent: any (CONTRACT 4.1).
    #[serde(with = "text::series_list", skip_serializing_if = "Option::is_none")]
    pub closed_series: Option<Vec<Series>>,
    /// Days after the due date at which payment reminders go out, negative ones
    /// before it (CONTRACT 7.4.10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminder_days: Option<Vec<i16>>,
}

/// Which requests are refused (CONTRACT 5.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Only what cannot be turned into a document.
    #[default]
    Compatible,
    /// Also what SRI would refuse.
    Strict,
}

/// Why settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not a JSON object.
    #[error("settings are a JSON object: {0}")]
    NotAnObject(String),
    /// A name that no setting has.
    #[error("there is no setting {name:?}; did you mean {nearest:?}?")]
    Unknown {
        /// As it was written.
        name: String,
        /// The setting whose name is most like it.
        nearest: &'static str,
    },
    /// A value that the setting does not take.
    #[error("{field} cannot be {value}: {expected}")]
    Invalid {
        /// The setting.
        field: &'static str,
        /// As it was given, as JSON.
        value: String,
        /// What it takes.
        expected: String,
    },
}

/// The days of [`IssuerSettings::reminder_days`] where none are set.
pub const REMINDER_DAYS: [i16; 3] = [-3, 0, 7];

impl IssuerSettings {
    /// Reads stored settings. A text of blanks is the empty settings; `null`
    /// values are absent ones.
    ///
    /// # Errors
    /// Says which setting is at fault, and for an unknown one which is meant.
    pub fn parse(json: &str) -> Result<Self, SettingsError> {
        if json.trim().is_empty() {
            return Ok(Self::default());
        }
        match serde_json::from_str(json) {
            Ok(Value::Object(members)) => Self::from_members(members),
            Ok(_) => Err(SettingsError::NotAnObject("it is another value".to_owned())),
            Err(error) => Err(SettingsError::NotAnObject(error.to_string())),
        }
    }

    /// One member after another, so that an error can name its field.
    fn from_members(members: Map<String, Value>) -> Result<Self, SettingsError> {
        let mut known = Map::new();
        for (name, value) in members {
            let field = SettingField::named(&name)?;
            if value.is_null() {
                continue;
            }
            field.check(&value)?;
            let one = Map::from_iter([(name.clone(), value.clone())]);
            serde_json::from_value::<Self>(Value::Object(one)).map_err(|_| field.refuse(&value))?;
            known.insert(name, value);
        }
        serde_json::from_value(Value::Object(known))
            .map_err(|error| SettingsError::NotAnObject(error.to_string()))
    }

    /// The form in which settings are stored: absent fields are left out.
    pub fn to_json(&self) -> String {
        Value::Object(self.members()).to_string()
    }

    /// The settings that are there, in the order of [`SETTINGS`].
    pub fn members(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        }
    }

    /// Sets one setting from the text a person wrote. A name with a dot sets
    /// one entry: `establishment_addresses.001`.
    ///
    /// # Errors
    /// As [`Self::parse`]; the settings stay as they were.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), SettingsError> {
        let (name, entry) = split(name);
        let field = SettingField::named(name)?;
        let mut members = self.members();
        let value = field.value(text);
        match entry {
            None => drop(members.insert(field.name.to_owned(), value)),
            Some(entry) => {
                let map = members
                    .entry(field.name)
                    .or_insert_with(|| Value::Object(Map::new()));
                let Value::Object(map) = map else {
                    return Err(field.refuse(&Value::from(text)));
                };
                map.insert(entry.to_owned(), Value::from(text.trim()));
            }
        }
        *self = Self::from_members(members)?;
        Ok(())
    }

    /// Removes one setting, or one entry of it.
    ///
    /// # Errors
    /// For a name that no setting has.
    pub fn unset(&mut self, name: &str) -> Result<(), SettingsError> {
        let (name, entry) = split(name);
        let field = SettingField::named(name)?;
        let mut members = self.members();
        match (entry, members.get_mut(field.name)) {
            (Some(entry), Some(Value::Object(map))) => drop(map.remove(entry)),
            (Some(_), _) => {}
            (None, _) => drop(members.remove(field.name)),
        }
        *self = Self::from_members(members)?;
        Ok(())
    }

    /// Which requests are refused.
    pub fn profile(&self) -> Profile {
        self.profile.unwrap_or_default()
    }

    /// When reminders go out, in days after the due date.
    pub fn reminder_days(&self) -> &[i16] {
        self.reminder_days.as_deref().unwrap_or(&REMINDER_DAYS)
    }

    /// What reading a request to `collection` depends on. The establishment is
    /// the one the request names, for its address.
    pub fn wire_context(
        &self,
        now: Timestamp,
        collection: Collection,
        establishment: Option<ThreeDigits>,
    ) -> WireContext {
        let address = establishment
            .and_then(|code| self.establishment_addresses.get(code.as_str()))
            .cloned();
        WireContext {
            issuer: IssuerDefaults {
                legal_name: self.legal_name.clone(),
                trade_name: self.trade_name.clone(),
                head_office_address: self.head_office_address.clone(),
                establishment_address: address,
                keeps_accounts: self.keeps_accounts,
                special_taxpayer: self.special_taxpayer.clone(),
                rimpe: self.rimpe,
                withholding_agent: self.withholding_agent.clone(),
                fixed_fields: self.fixed_fields(collection.document_type()),
            },
            missing_payment: self.missing_payment.unwrap_or_default(),
            foreign_currency: self.foreign_currency.unwrap_or_default(),
            complete_totals: self.complete_totals.unwrap_or_default(),
            ..WireContext::at(now)
        }
    }

    /// The additional fields that SRI asks of certain issuers (REFERENCE 5.8).
    fn fixed_fields(&self, document_type: DocumentType) -> Vec<AdditionalField> {
        let field = |name: &str, value: String| AdditionalField {
            name: name.to_owned(),
            value,
        };
        let large = match document_type {
            DocumentType::Invoice | DocumentType::CreditNote | DocumentType::DebitNote => {
                self.large_taxpayer.clone()
            }
            _ => None,
        };
        let provider = self.software_provider.map(|ruc| ruc.to_string());
        let large = large.map(|value| field("Gran Contribuyente", value));
        let provider = provider.map(|value| field("RUC Proveedor", value));
        large.into_iter().chain(provider).collect()
    }

    /// What the rules need to know besides the document.
    pub fn rule_context(&self, today: Date) -> RuleContext {
        let regime = self.rimpe.map(|rimpe| match rimpe {
            Rimpe::Taxpayer => Regime::RimpeEntrepreneur,
            Rimpe::PopularBusiness => Regime::RimpeSmallBusiness,
        });
        RuleContext {
            today,
            issuer: IssuerStatus {
                regime,
                withholding_agent: self.withholding_agent.clone(),
                large_taxpayer: self.large_taxpayer.clone(),
                software_provider: self.software_provider,
                transport_operator: self.transport_operator.unwrap_or_default(),
            },
        }
    }
}

fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once('.') {
        Some((name, entry)) => (name, Some(entry)),
        None => (name, None),
    }
}
