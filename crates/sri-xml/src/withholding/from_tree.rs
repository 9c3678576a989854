//! A tree as the model. The fields of each literal are read in the order they
//! are written here, which is the order of the schema.

use tagua_fiscal::DocumentType;
use tagua_fiscal::common::{AdditionalField, FiscalMachine, TaxInfo};
use tagua_fiscal::withholding::{
    BananaBoxes, Dividends, DocumentWithholding, PaymentPlace, SupportingDocument,
    SupportingPayment, SupportingReimbursement, SupportingReimbursementTax,
    SupportingReimbursementTotals, SupportingTax, WithheldTax, Withholding, WithholdingBody,
    WithholdingInfo, WithholdingVersion,
};

use super::WITHHOLDING;
use crate::fields::Fields;
use crate::finding::{Findings, Place};
use crate::shared::{read_additional_field, read_fiscal_machine, read_tax_info};
use crate::tree::Element;

/// The withholding a tree holds. `None` exactly when a finding that is not a
/// note was added; only one, when the version is not known.
///
/// Does not hold the tree against the schema, but leaves nothing out: elements,
/// attributes and texts that have no place in the model are findings.
pub fn from_tree(root: &Element<'_>, findings: &mut Findings) -> Option<Withholding> {
    let refusals_before = findings.refusals();
    if !WITHHOLDING.is_root(root, findings) {
        return None;
    }
    let schema = WITHHOLDING.version(root, findings)?;
    let version = WithholdingVersion::parse(schema.version)?;
    let mut fields = Fields::of(root, Place::root(&root.name), findings);
    let parts = Parts::of(&mut fields, version);
    fields.finish();
    let refused = findings.refusals() > refusals_before;
    parts.into_withholding().filter(|_| !refused)
}

/// The root's children. The header is absent when it was refused.
struct Parts {
    tax_info: Option<TaxInfo>,
    info: Option<WithholdingInfo>,
    body: WithholdingBody,
    fiscal_machine: Option<FiscalMachine>,
    additional_fields: Vec<AdditionalField>,
}

impl Parts {
    fn of(fields: &mut Fields<'_, '_>, version: WithholdingVersion) -> Self {
        WITHHOLDING.take_root_attributes(fields);
        let withholding = DocumentType::Withholding;
        let parts = Self {
            tax_info: fields.group("infoTributaria", |fields| {
                read_tax_info(fields, withholding)
            }),
            info: fields.group("infoCompRetencion", |fields| Some(info(fields))),
            body: body(fields, version),
            fiscal_machine: fields.maybe_group("maquinaFiscal", read_fiscal_machine),
            additional_fields: fields.maybe_list(
                "infoAdicional",
                "campoAdicional",
                read_additional_field,
            ),
        };
        fields.skip_signature();
        parts
    }

    fn into_withholding(self) -> Option<Withholding> {
        Some(Withholding {
            tax_info: self.tax_info?,
            info: self.info?,
            body: self.body,
            fiscal_machine: self.fiscal_machine,
            additional_fields: self.additional_fields,
        })
    }
}

fn info(fields: &mut Fields<'_, '_>) -> WithholdingInfo {
    WithholdingInfo {
        issue_date: fields.date("fechaEmision"),
        establishment_address: fields.maybe_text("dirEstablecimiento"),
        special_taxpayer: fields.maybe_text("contribuyenteEspecial"),
        keeps_accounts: fields.maybe_yes_or_no("obligadoContabilidad"),
        subject_id_type: fields.text("tipoIdentificacionSujetoRetenido"),
        subject_type: fields.maybe_text("tipoSujetoRetenido"),
        related_party: fields.maybe_yes_or_no("parteRel"),
        subject_name: fields.text("razonSocialSujetoRetenido"),
        subject_id: fields.text("identificacionSujetoRetenido"),
        fiscal_period: fields.text("periodoFiscal"),
    }
}

fn body(fields: &mut Fields<'_, '_>, version: WithholdingVersion) -> WithholdingBody {
    match version {
        WithholdingVersion::V1_0_0 => {
            WithholdingBody::Taxes(fields.list("impuestos", "impuesto", withheld_tax))
        }
        WithholdingVersion::V2_0_0 => WithholdingBody::Documents(fields.list(
            "docsSustento",
            "docSustento",
            supporting_document,
        )),
    }
}

fn withheld_tax(fields: &mut Fields<'_, '_>) -> WithheldTax {
    WithheldTax {
        code: fields.text("codigo"),
        withholding_code: fields.text("codigoRetencion"),
        base: fields.number("baseImponible"),
        rate: fields.number("porcentajeRetener"),
        amount: fields.number("valorRetenido"),
        document_code: fields.maybe_text("codDocSustento"),
        document_number: fields.maybe_text("numDocSustento"),
        document_date: fields.maybe_date("fechaEmisionDocSustento"),
    }
}

fn supporting_document(fields: &mut Fields<'_, '_>) -> SupportingDocument {
    SupportingDocument {
        support_code: fields.text("codSustento"),
        document_code: fields.text("codDocSustento"),
        number: fields.text("numDocSustento"),
        issue_date: fields.date("fechaEmisionDocSustento"),
        accounting_date: fields.maybe_date("fechaRegistroContable"),
        authorization: fields.maybe_text("numAutDocSustento"),
        payment_place: payment_place(fields),
        reimbursement: SupportingReimbursementTotals {
            documents_total: fields.maybe_number("totalComprobantesReembolso"),
            base_total: fields.maybe_number("totalBaseImponibleReembolso"),
            tax_total: fields.maybe_number("totalImpuestoReembolso"),
        },
        net_total: fields.number("totalSinImpuestos"),
        total: fields.number("importeTotal"),
        taxes: fields.list(
            "impuestosDocSustento",
            "impuestoDocSustento",
            supporting_tax,
        ),
        withholdings: fields.list("retenciones", "retencion", document_withholding),
        reimbursed_documents: fields.maybe_list("reembolsos", "reembolsoDetalle", reimbursement),
        payments: fields.list("pagos", "pago", payment),
    }
}

fn payment_place(fields: &mut Fields<'_, '_>) -> PaymentPlace {
    PaymentPlace {
        code: fields.text("pagoLocExt"),
        regime: fields.maybe_text("tipoRegi"),
        country: fields.maybe_text("paisEfecPago"),
        double_taxation_treaty: fields.maybe_yes_or_no("aplicConvDobTrib"),
        subject_to_withholding: fields.maybe_yes_or_no("pagExtSujRetNorLeg"),
        preferential_regime: fields.maybe_yes_or_no("pagoRegFis"),
    }
}

fn supporting_tax(fields: &mut Fields<'_, '_>) -> SupportingTax {
    SupportingTax {
        code: fields.text("codImpuestoDocSustento"),
        rate_code: fields.text("codigoPorcentaje"),
        base: fields.number("baseImponible"),
        rate: fields.number("tarifa"),
        amount: fields.number("valorImpuesto"),
    }
}

fn document_withholding(fields: &mut Fields<'_, '_>) -> DocumentWithholding {
    DocumentWithholding {
        code: fields.text("codigo"),
        withholding_code: fields.text("codigoRetencion"),
        base: fields.number("baseImponible"),
        rate: fields.number("porcentajeRetener"),
        amount: fields.number("valorRetenido"),
        dividends: fields.maybe_group("dividendos", dividends),
        banana_boxes: fields.maybe_group("compraCajBanano", banana_boxes),
    }
}

fn dividends(fields: &mut Fields<'_, '_>) -> Dividends {
    Dividends {
        payment_date: fields.date("fechaPagoDiv"),
        income_tax: fields.number("imRentaSoc"),
        year: fields.text("ejerFisUtDiv"),
    }
}

fn banana_boxes(fields: &mut Fields<'_, '_>) -> BananaBoxes {
    BananaBoxes {
        count: fields.text("numCajBan"),
        price: fields.number("precCajBan"),
    }
}

fn reimbursement(fields: &mut Fields<'_, '_>) -> SupportingReimbursement {
    SupportingReimbursement {
        supplier_id_type: fields.text("tipoIdentificacionProveedorReembolso"),
        supplier_id: fields.text("identificacionProveedorReembolso"),
        supplier_country: fields.maybe_text("codPaisPagoProveedorReembolso"),
        supplier_type: fields.text("tipoProveedorReembolso"),
        document_code: fields.text("codDocReembolso"),
        establishment: fields.text("estabDocReembolso"),
        point: fields.text("ptoEmiDocReembolso"),
        sequential: fields.text("secuencialDocReembolso"),
        issue_date: fields.date("fechaEmisionDocReembolso"),
        authorization: fields.text("numeroAutorizacionDocReemb"),
        taxes: fields.list("detalleImpuestos", "detalleImpuesto", reimbursed_tax),
    }
}

fn reimbursed_tax(fields: &mut Fields<'_, '_>) -> SupportingReimbursementTax {
    SupportingReimbursementTax {
        code: fields.text("codigo"),
        rate_code: fields.text("codigoPorcentaje"),
        rate: fields.text("tarifa"),
        base: fields.number("baseImponibleReembolso"),
        amount: fields.number("impuestoReembolso"),
    }
}

fn payment(fields: &mut Fields<'_, '_>) -> SupportingPayment {
    SupportingPayment {
        method: fields.text("formaPago"),
        total: fields.number("total"),
    }
}
