//! The six documents in a small notation, written from the ficha técnica's tables
//! and the schemas it refers to.
//!
//! `name occurrence type` for texts and `name occurrence ( children )` for the rest,
//! in the order of the document. Occurrence: nothing is once, `?` at most once, `+`
//! at least once, `*` any number, `+3` and `*3` at most three times. `@name type` is a required attribute. `name[a,b]`
//! exists in those versions only. Types are in `value.rs`.

/// Header of every document.
const TRIBUTARIA: &str = "infoTributaria ( ambiente 1|2 tipoEmision 1|2 razonSocial t300
 nombreComercial ? t300 ruc ruc claveAcceso n49 codDoc n2 estab n3 ptoEmi n3 secuencial n9
 dirMatriz t300 agenteRetencion ? n1-8 contribuyenteRimpe ? rimpe )";

/// End of every document, before the signature.
const TAIL: &str = "maquinaFiscal ? ( marca t30 modelo t30 serie t30 )
 infoAdicional ? ( campoAdicional +15 free300 @nombre free300 )";

const DETAILS: &str =
    "detallesAdicionales ? ( detAdicional +3 empty @nombre free300 @valor free300 )";

/// In a waybill the list may be empty.
const WAYBILL_DETAILS: &str =
    "detallesAdicionales ? ( detAdicional *3 empty @nombre free300 @valor free300 )";

const PAYMENTS: &str = "( pago + ( formaPago pay total money plazo ? money unidadTiempo ? t10 ) )";

const COMPENSATIONS: &str =
    "compensaciones ? ( compensacion + ( codigo n1 tarifa dec4 valor money ) )";

const REIMBURSEMENT: &str =
    "tipoIdentificacionProveedorReembolso id identificacionProveedorReembolso t20
 codPaisPagoProveedorReembolso ? n3 tipoProveedorReembolso 01|02";

const REIMBURSEMENTS: &str = "reembolsos ? ( reembolsoDetalle + ( {supplier} codDocReembolso n2-3
 estabDocReembolso n3 ptoEmiDocReembolso n3 secuencialDocReembolso n9 fechaEmisionDocReembolso date
 numeroautorizacionDocReemb n10-49
 detalleImpuestos ( detalleImpuesto + ( codigo 2|3|5 codigoPorcentaje n1-4 tarifa dec4
  baseImponibleReembolso money impuestoReembolso money ) )
 compensacionesReembolso ? ( compensacionReembolso + ( codigo 1 tarifa dec4 valor money ) ) ) )";

const REIMBURSEMENT_TOTALS: &str = "codDocReembolso ? n2-3 totalComprobantesReembolso ? money
 totalBaseImponibleReembolso ? money totalImpuestoReembolso ? money";

const INVOICE: &str = "infoFactura ( fechaEmision date dirEstablecimiento ? t300
 contribuyenteEspecial ? an3-13 obligadoContabilidad ? SI|NO comercioExterior ? EXPORTADOR|
 incoTermFactura ? caps10 lugarIncoTerm ? t300 paisOrigen ? n3 puertoEmbarque ? t300
 puertoDestino ? t300 paisDestino ? n3 paisAdquisicion ? n3 tipoIdentificacionComprador id
 guiaRemision ? number razonSocialComprador t300 identificacionComprador t20
 direccionComprador ? t300 totalSinImpuestos money totalSubsidio ? money
 incoTermTotalSinImpuestos ? caps10 totalDescuento signed {reimbursement_totals}
 totalConImpuestos ( totalImpuesto + ( codigo 2|3|5 codigoPorcentaje n1-4
  descuentoAdicional ? signed baseImponible money tarifa ? dec4 valor money valorDevolucionIva ? money ) )
 {compensations} propina ? money fleteInternacional ? money seguroInternacional ? money
 gastosAduaneros ? money gastosTransporteOtros ? money importeTotal money moneda ? t15
 placa ? t20 pagos ? {payments} valorRetIva ? money valorRetRenta ? money )
 detalles ( detalle + ( codigoPrincipal ? t25 codigoAuxiliar ? t25 descripcion t300
  unidadMedida ? t50 cantidad quantity precioUnitario quantity precioSinSubsidio ? quantity
  descuento money precioTotalSinImpuesto money {details}
  impuestos ( impuesto + ( codigo 2|3|5 codigoPorcentaje n1-4 tarifa dec4 baseImponible money valor money ) ) ) )
 {reimbursements}
 retenciones[1.1.0,2.1.0] ? ( retencion + ( codigo 4| codigoPorcentaje n1-3 tarifa dec5 valor money ) )
 infoSustitutivaGuiaRemision[2.0.0,2.1.0] ? ( dirPartida t300 dirDestinatario t300
  fechaIniTransporte date fechaFinTransporte date razonSocialTransportista t300
  tipoIdentificacionTransportista id rucTransportista t20 placa t20
  destinos ( destino + ( motivoTraslado t300 docAduaneroUnico ? t64 codEstabDestino ? n3 ruta ? t300 ) ) )
 otrosRubrosTerceros[2.0.0,2.1.0] ? ( rubro + ( concepto t300 total money ) )
 tipoNegociable ? ( correo t100 )";

const CREDIT_NOTE: &str = "infoNotaCredito ( fechaEmision date dirEstablecimiento ? t300
 tipoIdentificacionComprador id razonSocialComprador t300 identificacionComprador t20
 contribuyenteEspecial ? an3-13 obligadoContabilidad ? SI|NO rise ? t40 codDocModificado n2
 numDocModificado number fechaEmisionDocSustento date totalSinImpuestos money {compensations}
 valorModificacion money moneda ? t15
 totalConImpuestos ( totalImpuesto + ( codigo 2|3|5 codigoPorcentaje n1-4 baseImponible money
  valor money valorDevolucionIva ? money ) )
 motivo t300 )
 detalles ( detalle + ( codigoInterno ? t25 codigoAdicional ? t25 descripcion t300
  cantidad quantity precioUnitario quantity descuento ? money precioTotalSinImpuesto money {details}
  impuestos ( impuesto * ( codigo 2|3|5 codigoPorcentaje n1-4 tarifa ? dec4 baseImponible money valor money ) ) ) )";

const DEBIT_NOTE: &str = "infoNotaDebito ( fechaEmision date dirEstablecimiento ? t300
 tipoIdentificacionComprador id razonSocialComprador t300 identificacionComprador t20
 contribuyenteEspecial ? an3-13 obligadoContabilidad ? SI|NO rise ? t40 codDocModificado n2
 numDocModificado number fechaEmisionDocSustento date totalSinImpuestos signed
 impuestos ( impuesto + ( codigo 2|3|5 codigoPorcentaje n1-4 tarifa dec4 baseImponible money
  valor money valorDevolucionIva ? money ) )
 {compensations} valorTotal money pagos * {payments} )
 motivos ( motivo + ( razon t300 valor money ) )";

const WAYBILL: &str = "infoGuiaRemision ( dirEstablecimiento ? t300 dirPartida t300
 razonSocialTransportista t300 tipoIdentificacionTransportista id rucTransportista t20
 rise ? t40 obligadoContabilidad ? SI|NO contribuyenteEspecial ? an3-13
 fechaIniTransporte date fechaFinTransporte date placa t20 )
 destinatarios ( destinatario + ( identificacionDestinatario t20 razonSocialDestinatario t300
  dirDestinatario t300 motivoTraslado t300 docAduaneroUnico ? t20 codEstabDestino ? n3
  ruta ? t300 codDocSustento ? n2 numDocSustento ? number numAutDocSustento ? n10-49
  fechaEmisionDocSustento ? date
  detalles ( detalle + ( codigoInterno ? t25 codigoAdicional ? t25 descripcion t300
   cantidad quantity {waybill_details} ) ) ) )";

const RETENTION_1: &str = "infoCompRetencion ( fechaEmision date dirEstablecimiento ? t300
 contribuyenteEspecial ? an3-13 obligadoContabilidad ? SI|NO tipoIdentificacionSujetoRetenido id
 razonSocialSujetoRetenido t300 identificacionSujetoRetenido t20 periodoFiscal period )
 impuestos ( impuesto + ( codigo n1 codigoRetencion t5 baseImponible money porcentajeRetener dec3
  valorRetenido money codDocSustento ? n2 numDocSustento ? n15 fechaEmisionDocSustento ? date ) )";

const RETENTION_2: &str = "infoCompRetencion ( fechaEmision date dirEstablecimiento ? t300
 contribuyenteEspecial ? an3-5 obligadoContabilidad ? SI|NO tipoIdentificacionSujetoRetenido id
 tipoSujetoRetenido ? 01|02 parteRel SI|NO razonSocialSujetoRetenido t300
 identificacionSujetoRetenido t20 periodoFiscal period )
 docsSustento ( docSustento + ( codSustento n2 codDocSustento n1-3 numDocSustento n15
  fechaEmisionDocSustento date fechaRegistroContable ? date numAutDocSustento ? n10-49
  pagoLocExt 01|02 tipoRegi ? n2 paisEfecPago ? n3-4 aplicConvDobTrib ? SI|NO
  pagExtSujRetNorLeg ? SI|NO pagoRegFis ? SI|NO totalComprobantesReembolso ? signed
  totalBaseImponibleReembolso ? signed totalImpuestoReembolso ? signed
  totalSinImpuestos signed importeTotal money
  impuestosDocSustento ( impuestoDocSustento + ( codImpuestoDocSustento 2|3|5
   codigoPorcentaje n1-4 baseImponible money tarifa dec3 valorImpuesto money ) )
  retenciones ( retencion + ( codigo 1|2|6 codigoRetencion t5 baseImponible money
   porcentajeRetener dec3 valorRetenido money
   dividendos ? ( fechaPagoDiv date imRentaSoc money ejerFisUtDiv year )
   compraCajBanano ? ( numCajBan n1-7 precCajBan money ) ) )
  reembolsos ? ( reembolsoDetalle + ( {supplier} codDocReembolso n2 estabDocReembolso n3
   ptoEmiDocReembolso n3 secuencialDocReembolso n9 fechaEmisionDocReembolso date
   numeroAutorizacionDocReemb n10-49
   detalleImpuestos ( detalleImpuesto + ( codigo 2|3|5 codigoPorcentaje n1-4 tarifa n1-4
    baseImponibleReembolso money impuestoReembolso money ) ) ) )
  pagos ( pago + ( formaPago pay total money ) ) ) )";

const SETTLEMENT: &str = "infoLiquidacionCompra ( fechaEmision date dirEstablecimiento ? t300
 contribuyenteEspecial ? an3-13 obligadoContabilidad ? SI|NO tipoIdentificacionProveedor id
 razonSocialProveedor t300 identificacionProveedor t20 direccionProveedor ? t300
 totalSinImpuestos money totalDescuento signed {reimbursement_totals}
 totalConImpuestos ( totalImpuesto + ( codigo 2| codigoPorcentaje n1-4 descuentoAdicional ? signed
  baseImponible money tarifa ? dec4 valor money ) )
 importeTotal money moneda ? t15 pagos ? {payments} )
 detalles ( detalle + ( codigoPrincipal ? t25 codigoAuxiliar ? t25 descripcion t300
  unidadMedida ? t50 cantidad quantity precioUnitario quantity precioSinSubsidio ? quantity
  descuento money precioTotalSinImpuesto money {details}
  impuestos ( impuesto + ( codigo 2| codigoPorcentaje n1-4 tarifa dec4 baseImponible money valor money ) ) ) )
 {reimbursements} tipoNegociable ? ( correo t100 )";

/// One document type.
pub(crate) struct DocumentType {
    pub(crate) root: &'static str,
    /// `codDoc`.
    pub(crate) code: &'static str,
    /// The element after `infoTributaria`.
    pub(crate) info: &'static str,
    versions: &'static [(&'static str, &'static str)],
}

/// The six types with their versions (ficha técnica, table 3 and annexes).
pub(crate) const TYPES: [DocumentType; 6] = [
    DocumentType {
        root: "factura",
        code: "01",
        info: "infoFactura",
        versions: &[
            ("1.0.0", INVOICE),
            ("1.1.0", INVOICE),
            ("2.0.0", INVOICE),
            ("2.1.0", INVOICE),
        ],
    },
    DocumentType {
        root: "liquidacionCompra",
        code: "03",
        info: "infoLiquidacionCompra",
        versions: &[("1.0.0", SETTLEMENT), ("1.1.0", SETTLEMENT)],
    },
    DocumentType {
        root: "notaCredito",
        code: "04",
        info: "infoNotaCredito",
        versions: &[("1.0.0", CREDIT_NOTE), ("1.1.0", CREDIT_NOTE)],
    },
    DocumentType {
        root: "notaDebito",
        code: "05",
        info: "infoNotaDebito",
        versions: &[("1.0.0", DEBIT_NOTE)],
    },
    DocumentType {
        root: "guiaRemision",
        code: "06",
        info: "infoGuiaRemision",
        versions: &[("1.0.0", WAYBILL), ("1.1.0", WAYBILL)],
    },
    DocumentType {
        root: "comprobanteRetencion",
        code: "07",
        info: "infoCompRetencion",
        versions: &[("1.0.0", RETENTION_1), ("2.0.0", RETENTION_2)],
    },
];

impl DocumentType {
    pub(crate) fn of_root(name: &str) -> Option<&'static Self> {
        TYPES.iter().find(|document| document.root == name)
    }

    pub(crate) fn versions(&self) -> impl Iterator<Item = &'static str> {
        self.versions.iter().map(|(version, _)| *version)
    }

    /// The whole notation of one version, with its parts put in.
    pub(super) fn notation(&self, version: &str) -> Option<String> {
        let (_, body) = self.versions.iter().find(|(known, _)| *known == version)?;
        let body = body
            .replace("{reimbursements}", REIMBURSEMENTS)
            .replace("{supplier}", REIMBURSEMENT)
            .replace("{reimbursement_totals}", REIMBURSEMENT_TOTALS)
            .replace("{compensations}", COMPENSATIONS)
            .replace("{payments}", PAYMENTS)
            .replace("{waybill_details}", WAYBILL_DETAILS)
            .replace("{details}", DETAILS);
        Some(format!("{TRIBUTARIA} {body} {TAIL}"))
    }
}
