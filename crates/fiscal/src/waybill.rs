//! The waybill (guía de remisión), complete: everything the schemas 1.0.0 and
//! 1.1.0 allow. Names of elements are given in each field's text.
//!
//! Its day of emission is that of the access key: no element holds it.

use jiff::civil::Date;

use crate::common::{AdditionalField, FiscalMachine, LineDetail, TaxInfo};
use crate::number::Quantity;

/// The schema a waybill is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaybillVersion {
    /// Quantities of two decimals.
    V1_0_0,
    /// Quantities of six decimals.
    V1_1_0,
}

impl WaybillVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 2] = [Self::V1_0_0, Self::V1_1_0];

    /// The text of the attribute `version`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0_0 => "1.0.0",
            Self::V1_1_0 => "1.1.0",
        }
    }

    /// Reads the text of the attribute `version`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }
}

/// `guiaRemision`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waybill {
    /// Attribute `version`.
    pub version: WaybillVersion,
    /// `infoTributaria`.
    pub tax_info: TaxInfo,
    /// `infoGuiaRemision`.
    pub info: WaybillInfo,
    /// `destinatarios/destinatario`, at least one.
    pub recipients: Vec<Recipient>,
    /// `maquinaFiscal`.
    pub fiscal_machine: Option<FiscalMachine>,
    /// `infoAdicional/campoAdicional`, up to 15.
    pub additional_fields: Vec<AdditionalField>,
}

/// `infoGuiaRemision`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaybillInfo {
    /// `dirEstablecimiento`.
    pub establishment_address: Option<String>,
    /// `dirPartida`.
    pub departure_address: String,
    /// `razonSocialTransportista`.
    pub carrier_name: String,
    /// `tipoIdentificacionTransportista` (ficha técnica, table 6).
    pub carrier_id_type: String,
    /// `rucTransportista`, of whichever type.
    pub carrier_id: String,
    /// `rise`, history: the legend of the regime before RIMPE.
    pub rise: Option<String>,
    /// `obligadoContabilidad`.
    pub keeps_accounts: Option<bool>,
    /// `contribuyenteEspecial`.
    pub special_taxpayer: Option<String>,
    /// `fechaIniTransporte`, not before the day of emission (error 82).
    pub start_date: Date,
    /// `fechaFinTransporte`.
    pub end_date: Date,
    /// `placa`.
    pub plate: String,
}

/// `destinatario`: one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// `identificacionDestinatario`; no element tells its type.
    pub id: String,
    /// `razonSocialDestinatario`.
    pub name: String,
    /// `dirDestinatario`.
    pub address: String,
    /// `motivoTraslado`.
    pub reason: String,
    /// `docAduaneroUnico`.
    pub customs_document: Option<String>,
    /// `codEstabDestino`, three digits.
    pub establishment: Option<String>,
    /// `ruta`.
    pub route: Option<String>,
    /// `codDocSustento` and the three elements that follow it.
    pub supporting_document: SupportingReference,
    /// `detalles/detalle`, at least one.
    pub lines: Vec<WaybillLine>,
}

/// The document the goods travel for. Each element is optional by schema; they
/// go together by rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupportingReference {
    /// `codDocSustento`, two digits.
    pub document_code: Option<String>,
    /// `numDocSustento`, with hyphens.
    pub number: Option<String>,
    /// `numAutDocSustento`: 10, 37 or 49 digits.
    pub authorization: Option<String>,
    /// `fechaEmisionDocSustento`.
    pub issue_date: Option<Date>,
}

/// `detalle`: goods without a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaybillLine {
    /// `codigoInterno`.
    pub main_code: Option<String>,
    /// `codigoAdicional`.
    pub auxiliary_code: Option<String>,
    /// `descripcion`.
    pub description: String,
    /// `cantidad`.
    pub quantity: Quantity,
    /// `detallesAdicionales/detAdicional`, up to three.
    pub details: Vec<LineDetail>,
}
