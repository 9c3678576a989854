//! What the rules know besides the document.

use jiff::civil::Date;

use crate::catalogue::{RIMPE_ENTREPRENEUR, RIMPE_SMALL_BUSINESS};
use crate::identifier::Ruc;

/// What the rules need to know besides the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleContext {
    /// The day it is in Ecuador.
    pub today: Date,
    /// What is known of the issuer.
    pub issuer: IssuerStatus,
}

impl RuleContext {
    /// A day, and nothing known of the issuer.
    pub fn on(today: Date) -> Self {
        Self {
            today,
            issuer: IssuerStatus::default(),
        }
    }
}

/// What an issuer is for SRI, as far as it is known. What is not known is not
/// checked: the default gives no finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuerStatus {
    /// The regime (ficha técnica, anexo 22).
    pub regime: Option<Regime>,
    /// Number of the resolution that names the issuer a withholding agent
    /// (ficha técnica, anexo 21).
    pub withholding_agent: Option<String>,
    /// Number of the resolution that names the issuer a large taxpayer
    /// (ficha técnica, anexo 24).
    pub large_taxpayer: Option<String>,
    /// RUC of the supplier of the invoicing system, when it is not the issuer's
    /// own (Res. NAC-DGERCGC26-00000027; ficha técnica, anexo 26).
    pub software_provider: Option<Ruc>,
    /// Whether the issuer is an operator of commercial transport other than
    /// taxis (Res. NAC-DGERCGC26-00000024; ficha técnica, anexo 25).
    pub transport_operator: bool,
}

/// The regime of an issuer (Ley para el Desarrollo Económico, 2021).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Regime {
    /// Not in RIMPE.
    General,
    /// RIMPE, emprendedor.
    RimpeEntrepreneur,
    /// RIMPE, negocio popular.
    RimpeSmallBusiness,
}

impl Regime {
    /// What `contribuyenteRimpe` says.
    pub const fn legend(self) -> Option<&'static str> {
        match self {
            Self::General => None,
            Self::RimpeEntrepreneur => Some(RIMPE_ENTREPRENEUR),
            Self::RimpeSmallBusiness => Some(RIMPE_SMALL_BUSINESS),
        }
    }
}
