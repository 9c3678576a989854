//! The parts every document has.

use super::{Form, Rule, To, formed, group, text};

pub(super) const VERSION: Rule = text("@version", "version");
/// It names the element for the signature.
pub(super) const ID: Rule = Rule {
    xml: "@id",
    to: To::Constant("comprobante"),
};
pub(super) const SIGNATURE: Rule = Rule {
    xml: "Signature",
    to: To::Nothing,
};

/// `infoTributaria` where the number is `secuencial`.
pub(super) static TAX_INFO: [Rule; 13] = tax_info("secuencial");
/// `infoTributaria` where it is `secuencia`, as ATS withholdings have it.
pub(super) static ATS_TAX_INFO: [Rule; 13] = tax_info("secuencia");

const fn tax_info(sequential: &'static str) -> [Rule; 13] {
    [
        text("ambiente", "ambiente"),
        text("tipoEmision", "tipo_emision"),
        text("razonSocial", "emisor.razon_social"),
        text("nombreComercial", "emisor.nombre_comercial"),
        text("ruc", "emisor.ruc"),
        text("claveAcceso", "clave_acceso"),
        text("codDoc", "tipo"),
        text("estab", "emisor.establecimiento.codigo"),
        text("ptoEmi", "emisor.establecimiento.punto_emision"),
        text("secuencial", sequential),
        text("dirMatriz", "emisor.direccion"),
        text("agenteRetencion", "emisor.agente_retencion"),
        formed("contribuyenteRimpe", "emisor.regimen_rimpe", Form::Rimpe),
    ]
}

pub(super) const ISSUE_DATE: Rule = formed("fechaEmision", "fecha_emision", Form::Date);
pub(super) const ESTABLISHMENT_ADDRESS: Rule =
    text("dirEstablecimiento", "emisor.establecimiento.direccion");
pub(super) const SPECIAL_TAXPAYER: Rule =
    text("contribuyenteEspecial", "emisor.contribuyente_especial");
pub(super) const KEEPS_ACCOUNTS: Rule = formed(
    "obligadoContabilidad",
    "emisor.obligado_contabilidad",
    Form::Boolean,
);
pub(super) const RISE: Rule = text("rise", "emisor.rise");

pub(super) const MACHINE: Rule = group(
    "maquinaFiscal",
    "maquina_fiscal",
    &[
        text("marca", "marca"),
        text("modelo", "modelo"),
        text("serie", "serie"),
    ],
);
pub(super) const ADDITIONAL: Rule = Rule {
    xml: "infoAdicional",
    to: To::AdditionalFields,
};
pub(super) const LINE_DETAILS: Rule = Rule {
    xml: "detallesAdicionales",
    to: To::LineDetails,
};
