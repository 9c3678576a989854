//! Identifications of buyers, suppliers and carriers, by type code
//! (ficha técnica, table 6).

use crate::check_digits::{CheckDigit, cedula_check, ruc_check};
use crate::identifier::{Cedula, Ruc};

/// The number written for a buyer who is not identified.
pub const FINAL_CONSUMER: &str = "9999999999999";

/// `tipoIdentificacion…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentificationType {
    /// `04`.
    Ruc,
    /// `05`.
    Cedula,
    /// `06`.
    Passport,
    /// `07`: an unidentified buyer, in invoices only.
    FinalConsumer,
    /// `08`: the tax number of the country of residence.
    Foreign,
}

/// Why an identification is not one of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentificationProblem {
    /// A RUC is 13 digits and ends in 001.
    #[error("a RUC has 13 digits and ends in 001")]
    Ruc,
    /// A cédula is 10 digits.
    #[error("a cédula has 10 digits")]
    Cedula,
    /// A passport is 3 to 20 letters and digits.
    #[error("a passport has 3 to 20 letters and digits")]
    Passport,
    /// Consumidor final is 13 nines and nothing else.
    #[error("consumidor final is identified by 9999999999999")]
    FinalConsumer,
    /// A foreign number is 1 to 20 characters.
    #[error("a foreign identification has 1 to 20 characters")]
    Foreign,
}

impl IdentificationType {
    /// Every type, in the order of its code.
    pub const ALL: [Self; 5] = [
        Self::Ruc,
        Self::Cedula,
        Self::Passport,
        Self::FinalConsumer,
        Self::Foreign,
    ];

    /// The two digits.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ruc => "04",
            Self::Cedula => "05",
            Self::Passport => "06",
            Self::FinalConsumer => "07",
            Self::Foreign => "08",
        }
    }

    /// Reads the two digits. `09` (placa) is gone from the schemas since 2022.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The name people know.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ruc => "RUC",
            Self::Cedula => "Cédula",
            Self::Passport => "Pasaporte",
            Self::FinalConsumer => "Consumidor final",
            Self::Foreign => "Identificación del exterior",
        }
    }

    /// Whether `id` has the form of this type. Check digits are not looked at.
    pub fn check_format(self, id: &str) -> Result<(), IdentificationProblem> {
        let characters = id.chars().count();
        let (holds, problem) = match self {
            Self::Ruc => (
                id.parse::<Ruc>().is_ok() && id.ends_with("001"),
                IdentificationProblem::Ruc,
            ),
            Self::Cedula => (id.parse::<Cedula>().is_ok(), IdentificationProblem::Cedula),
            Self::Passport => (
                (3..=20).contains(&characters) && id.chars().all(char::is_alphanumeric),
                IdentificationProblem::Passport,
            ),
            Self::FinalConsumer => (id == FINAL_CONSUMER, IdentificationProblem::FinalConsumer),
            Self::Foreign => (
                (1..=20).contains(&characters),
                IdentificationProblem::Foreign,
            ),
        };
        if holds { Ok(()) } else { Err(problem) }
    }

    /// The check digit of `id`, where this type has one and `id` its form.
    pub fn check_digit(self, id: &str) -> CheckDigit {
        let checked = match self {
            Self::Ruc => id.parse().ok().map(|ruc| ruc_check(&ruc)),
            Self::Cedula => id.parse().ok().map(|cedula| cedula_check(&cedula)),
            Self::Passport | Self::FinalConsumer | Self::Foreign => None,
        };
        checked.unwrap_or(CheckDigit::NotDefined)
    }
}
