//! What reading a request depends on besides the request.

use jiff::Timestamp;
use tagua_fiscal::common::AdditionalField;

/// The moment, the issuer's defaults and the operator's switches.
#[derive(Clone, Debug)]
pub struct WireContext {
    /// Now: the day of issue when the request names none.
    pub now: Timestamp,
    /// What the issuer's configuration adds.
    pub issuer: IssuerDefaults,
    /// What an invoice without `pagos` and `credito` gets.
    pub missing_payment: MissingPayment,
    /// How amounts in another currency than the dollar are written.
    pub foreign_currency: ForeignCurrency,
    /// Whether `totales` and the amounts of the lines are computed, whatever was
    /// sent: from quantities, prices, discounts and tax codes. Tip, subsidy,
    /// export charges and additional discounts are taken as sent; a payment may
    /// leave out its total.
    pub complete_totals: bool,
}

impl WireContext {
    /// No defaults, the recommended switches.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            issuer: IssuerDefaults::default(),
            missing_payment: MissingPayment::default(),
            foreign_currency: ForeignCurrency::default(),
            complete_totals: false,
        }
    }

    pub(super) const fn amounts(&self) -> Amounts {
        match self.complete_totals {
            true => Amounts::Computed,
            false => Amounts::Sent,
        }
    }
}

/// Which amounts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amounts {
    /// Those of the request, with what it leaves out derived.
    Sent,
    /// Those that follow from the lines.
    Computed,
}

/// What the configuration knows of the issuer. A value in the request wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssuerDefaults {
    /// `razonSocial`.
    pub legal_name: Option<String>,
    /// `nombreComercial`.
    pub trade_name: Option<String>,
    /// `dirMatriz`.
    pub head_office_address: Option<String>,
    /// `dirEstablecimiento`.
    pub establishment_address: Option<String>,
    /// `obligadoContabilidad`.
    pub keeps_accounts: Option<bool>,
    /// `contribuyenteEspecial`.
    pub special_taxpayer: Option<String>,
    /// `contribuyenteRimpe`.
    pub rimpe: Option<Rimpe>,
    /// `agenteRetencion`, digits of the resolution.
    pub withholding_agent: Option<String>,
    /// Additional fields that every document of the issuer carries (REFERENCE
    /// 5.8), after those of the request. One whose name the request has is left
    /// out, and so is one that would be the sixteenth: the schema takes fifteen.
    pub fixed_fields: Vec<AdditionalField>,
}

/// The two legends of the RIMPE regime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rimpe {
    /// `regimen_rimpe` 1.
    Taxpayer,
    /// `regimen_rimpe` 2.
    PopularBusiness,
}

impl Rimpe {
    /// The text of `contribuyenteRimpe`.
    pub const fn legend(self) -> &'static str {
        match self {
            Self::Taxpayer => "CONTRIBUYENTE RÉGIMEN RIMPE",
            Self::PopularBusiness => "CONTRIBUYENTE NEGOCIO POPULAR - RÉGIMEN RIMPE",
        }
    }
}

/// What an invoice without `pagos` and `credito` gets (CONTRACT 7.4.6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingPayment {
    /// One payment with code 20 over the total.
    #[default]
    WithFinancialSystem,
    /// No element `pagos`.
    LeftOut,
}

/// How amounts in another currency than the dollar are written (CONTRACT 7.4.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForeignCurrency {
    /// In dollars at `tasa_cambio`.
    #[default]
    Converted,
    /// As sent, with the currency's name in `moneda`.
    AsSent,
}
