//! Codes that lines carry by activity (ficha técnica, anexos 23 and 25), and the
//! additional fields with fixed names (anexos 24 and 26).

use super::NamedCode;

/// Name of the additional field of a large taxpayer; its value is the
/// resolution (ficha técnica, anexo 24).
pub const LARGE_TAXPAYER_FIELD: &str = "Gran Contribuyente";
/// Name of the additional field with the RUC of the supplier of the invoicing
/// system (Res. NAC-DGERCGC26-00000027; ficha técnica, anexo 26).
pub const SOFTWARE_PROVIDER_FIELD: &str = "RUC Proveedor";

/// `codigoAuxiliar` of what a transport operator bills to its clients (anexo 25).
pub const TRANSPORT_OPERATOR_CODE: &str = "H492001";
/// `codigoAuxiliar` of what a member bills to its operator (anexo 25).
pub const TRANSPORT_MEMBER_CODE: &str = "H492002";

/// `codigoPorcentaje` of the IVA of building materials, 5 %.
pub const VAT_BUILDING_MATERIALS: &str = "5";

/// Whether a `codigoAuxiliar` names a building material.
pub fn is_building_material(code: &str) -> bool {
    BUILDING_MATERIALS.iter().any(|row| row.code == code)
}

/// The building materials of 5 % IVA (Res. NAC-DGERCGC24-00000013; anexo 23).
pub const BUILDING_MATERIALS: &[NamedCode] = &[
    material("F010101", "Varilla"),
    material("F010201", "Arcilla"),
    material("F010202", "Arena"),
    material("F010203", "Cal"),
    material("F010204", "Caliza"),
    material("F010205", "Pétreos"),
    material("F010301", "Hormigón premezclado"),
    material("F010401", "Cemento y derivados"),
    material("F010402", "Residuo de cemento"),
    material("F010501", "Chatarra ferrosa"),
    material("F010601", "Morteros"),
    material("F010701", "Clinker"),
    material("F010702", "Puzolana"),
    material("F010703", "Yeso"),
    material("F010801", "Adoquín"),
    material("F010802", "Bloques"),
    material("F010803", "Ladrillos"),
    material("F010804", "Prefabricados de hormigón"),
];

const fn material(code: &'static str, name: &'static str) -> NamedCode {
    NamedCode { code, name }
}
