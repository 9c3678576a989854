//! The invoice (factura), complete: everything the schemas 1.0.0, 1.1.0,
//! 2.0.0 and 2.1.0 allow. Names of elements are given in each field's text.
//!
//! Texts are held as they will be written. Codes are texts, so that a document
//! that breaks a schema can still be represented and told about; the schema
//! tables say whether it may be sent.

use jiff::civil::Date;

pub use crate::common::{
    AdditionalField, Compensation, FiscalMachine, Line, LineDetail, LineTax, Payment,
    ReimbursedDocument, ReimbursementTotals, TaxInfo, TaxTotal,
};
use crate::number::{Amount, Rate};

/// The schema an invoice is written by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoiceVersion {
    /// Two decimals everywhere.
    V1_0_0,
    /// Six decimals in quantities and prices; `retenciones`.
    V1_1_0,
    /// 1.0.0 with the substitute waybill and third-party items.
    V2_0_0,
    /// The union of 1.1.0 and 2.0.0.
    V2_1_0,
}

impl InvoiceVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 4] = [Self::V1_0_0, Self::V1_1_0, Self::V2_0_0, Self::V2_1_0];

    /// The text of the attribute `version`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_0_0 => "1.0.0",
            Self::V1_1_0 => "1.1.0",
            Self::V2_0_0 => "2.0.0",
            Self::V2_1_0 => "2.1.0",
        }
    }

    /// Reads the text of the attribute `version`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|version| version.as_str() == text)
    }
}

/// `factura`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// Attribute `version`.
    pub version: InvoiceVersion,
    /// `infoTributaria`.
    pub tax_info: TaxInfo,
    /// `infoFactura`.
    pub info: InvoiceInfo,
    /// `detalles/detalle`, at least one.
    pub lines: Vec<Line>,
    /// `reembolsos/reembolsoDetalle`.
    pub reimbursed_documents: Vec<ReimbursedDocument>,
    /// `retenciones/retencion`, only 1.1.0 and 2.1.0.
    pub withholdings: Vec<InvoiceWithholding>,
    /// `infoSustitutivaGuiaRemision`, only 2.0.0 and 2.1.0.
    pub substitute_waybill: Option<SubstituteWaybill>,
    /// `otrosRubrosTerceros/rubro`, only 2.0.0 and 2.1.0.
    pub third_party_items: Vec<ThirdPartyItem>,
    /// `tipoNegociable/correo`.
    pub negotiable_email: Option<String>,
    /// `maquinaFiscal`.
    pub fiscal_machine: Option<FiscalMachine>,
    /// `infoAdicional/campoAdicional`, up to 15.
    pub additional_fields: Vec<AdditionalField>,
}

/// `infoFactura`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceInfo {
    /// `fechaEmision`, the day in Ecuador.
    pub issue_date: Date,
    /// `dirEstablecimiento`.
    pub establishment_address: Option<String>,
    /// `contribuyenteEspecial`.
    pub special_taxpayer: Option<String>,
    /// `obligadoContabilidad`.
    pub keeps_accounts: Option<bool>,
    /// `comercioExterior` and the six elements that follow it.
    pub export: Export,
    /// `tipoIdentificacionComprador` (ficha técnica, table 6).
    pub receiver_id_type: String,
    /// `guiaRemision`, with hyphens.
    pub waybill_number: Option<String>,
    /// `razonSocialComprador`.
    pub receiver_name: String,
    /// `identificacionComprador`.
    pub receiver_id: String,
    /// `direccionComprador`.
    pub receiver_address: Option<String>,
    /// `totalSinImpuestos`.
    pub net_total: Amount,
    /// `totalSubsidio`.
    pub subsidy_total: Option<Amount>,
    /// `incoTermTotalSinImpuestos`.
    pub incoterm_of_net_total: Option<String>,
    /// `totalDescuento`.
    pub discount_total: Amount,
    /// `codDocReembolso` and the three totals after it.
    pub reimbursement: ReimbursementTotals,
    /// `totalConImpuestos/totalImpuesto`, at least one.
    pub tax_totals: Vec<TaxTotal>,
    /// `compensaciones/compensacion`, history of 2016 and 2017.
    pub compensations: Vec<Compensation>,
    /// `propina`.
    pub tip: Option<Amount>,
    /// `fleteInternacional`.
    pub international_freight: Option<Amount>,
    /// `seguroInternacional`.
    pub international_insurance: Option<Amount>,
    /// `gastosAduaneros`.
    pub customs_expenses: Option<Amount>,
    /// `gastosTransporteOtros`.
    pub other_transport_expenses: Option<Amount>,
    /// `importeTotal`.
    pub total: Amount,
    /// `moneda`.
    pub currency: Option<String>,
    /// `placa`.
    pub plate: Option<String>,
    /// `pagos/pago`.
    pub payments: Vec<Payment>,
    /// `valorRetIva`.
    pub withheld_vat: Option<Amount>,
    /// `valorRetRenta`.
    pub withheld_income_tax: Option<Amount>,
}

/// The export data of `infoFactura` (ficha técnica, anexo 4). Each element is
/// optional by schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Export {
    /// `comercioExterior`: `EXPORTADOR`.
    pub foreign_trade: Option<String>,
    /// `incoTermFactura`.
    pub incoterm: Option<String>,
    /// `lugarIncoTerm`.
    pub incoterm_place: Option<String>,
    /// `paisOrigen`, three digits (ficha técnica, table 25).
    pub origin_country: Option<String>,
    /// `puertoEmbarque`.
    pub origin_port: Option<String>,
    /// `puertoDestino`.
    pub destination_port: Option<String>,
    /// `paisDestino`.
    pub destination_country: Option<String>,
    /// `paisAdquisicion`.
    pub acquisition_country: Option<String>,
}

/// `retencion` inside an invoice: fuel and press (ficha técnica, tables 22 and 23).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceWithholding {
    /// `codigo`: 4.
    pub code: String,
    /// `codigoPorcentaje`.
    pub rate_code: String,
    /// `tarifa`.
    pub rate: Rate,
    /// `valor`.
    pub amount: Amount,
}

/// `infoSustitutivaGuiaRemision`: the invoice serves as its own waybill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubstituteWaybill {
    /// `dirPartida`.
    pub departure_address: String,
    /// `dirDestinatario`.
    pub receiver_address: String,
    /// `fechaIniTransporte`.
    pub start_date: Date,
    /// `fechaFinTransporte`.
    pub end_date: Date,
    /// `razonSocialTransportista`.
    pub carrier_name: String,
    /// `tipoIdentificacionTransportista`.
    pub carrier_id_type: String,
    /// `rucTransportista`.
    pub carrier_id: String,
    /// `placa`.
    pub plate: String,
    /// `destinos/destino`, at least one.
    pub destinations: Vec<Destination>,
}

/// `destino`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// `motivoTraslado`.
    pub reason: String,
    /// `docAduaneroUnico`.
    pub customs_document: Option<String>,
    /// `codEstabDestino`.
    pub establishment: Option<String>,
    /// `ruta`.
    pub route: Option<String>,
}

/// `rubro`: an amount collected for somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThirdPartyItem {
    /// `concepto`.
    pub concept: String,
    /// `total`.
    pub total: Amount,
}
