//! Sustento tributario (ATS, table 5) and the small lists that go with the
//! documents a withholding cites.

/// What a supporting document is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupportCode {
    /// `codSustento`: two digits.
    pub code: &'static str,
    /// The name people know.
    pub name: &'static str,
    /// The `codDocSustento` it takes; all of them when empty.
    pub documents: &'static [&'static str],
}

impl SupportCode {
    /// Whether it takes a type of document.
    pub fn allows(&self, document: &str) -> bool {
        self.documents.is_empty() || self.documents.contains(&document)
    }
}

/// The row of a `codSustento`.
pub fn support_code(code: &str) -> Option<&'static SupportCode> {
    SUPPORT_CODES.iter().find(|row| row.code == code)
}

/// `codSustento` of dividends.
pub const SUPPORT_DIVIDENDS: &str = "10";

/// Every row. `00` was closed on 2015-02-28.
pub const SUPPORT_CODES: &[SupportCode] = &[
    support("00", "Casos especiales", &[]),
    support(
        "01",
        "Crédito tributario de IVA (servicios y bienes distintos de inventarios y activos fijos)",
        &[
            "01", "03", "04", "05", "11", "12", "21", "41", "43", "47", "48", "294", "344",
        ],
    ),
    support(
        "02",
        "Costo o gasto de renta (servicios y bienes distintos de inventarios y activos fijos)",
        &[
            "01", "02", "03", "04", "05", "09", "11", "12", "15", "19", "20", "21", "41", "43",
            "47", "48", "294", "344", "364",
        ],
    ),
    support(
        "03",
        "Activo fijo, crédito tributario de IVA",
        &["01", "03", "04", "05", "41", "47", "48", "294", "344"],
    ),
    support(
        "04",
        "Activo fijo, costo o gasto de renta",
        &[
            "01", "02", "03", "04", "05", "15", "41", "47", "48", "294", "344",
        ],
    ),
    support(
        "05",
        "Liquidación de gastos de viaje, hospedaje y alimentación",
        &["01", "02", "03", "04", "05", "11", "15", "41", "294", "344"],
    ),
    support(
        "06",
        "Inventario, crédito tributario de IVA",
        &["01", "03", "04", "05", "41", "43", "47", "48", "294", "344"],
    ),
    support(
        "07",
        "Inventario, costo o gasto de renta",
        &[
            "01", "02", "03", "04", "05", "15", "41", "43", "47", "48", "294", "344", "364",
        ],
    ),
    support(
        "08",
        "Valor pagado para solicitar el reembolso de un gasto",
        &["01", "02", "03", "04", "05", "21", "294", "344"],
    ),
    support("09", "Reembolso por siniestros", &["01", "04", "05", "45"]),
    support(
        "10",
        "Distribución de dividendos, beneficios o utilidades",
        &["19"],
    ),
    support(
        "11",
        "Convenios de débito o recaudación de instituciones financieras",
        &["12"],
    ),
    support("12", "Impuestos y retenciones presuntivos", &["42"]),
    support(
        "13",
        "Valores reconocidos por entidades del sector público",
        &["19"],
    ),
    support(
        "14",
        "Valores facturados por socios a operadoras de transporte",
        &["01", "02", "03", "04", "05"],
    ),
    support(
        "15",
        "Consumo de servicios digitales",
        &["01", "02", "03", "04", "05", "12", "15"],
    ),
];

const fn support(
    code: &'static str,
    name: &'static str,
    documents: &'static [&'static str],
) -> SupportCode {
    SupportCode {
        code,
        name,
        documents,
    }
}

/// A row of a list that has only names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedCode {
    /// The code.
    pub code: &'static str,
    /// The name people know.
    pub name: &'static str,
}

/// `tipoProveedorReembolso` (ficha técnica, table 26) and `tipoSujetoRetenido`
/// (ATS, table 14).
pub const PERSON_TYPES: [NamedCode; 2] = [named("01", "Persona natural"), named("02", "Sociedad")];

/// `pagoLocExt` (ATS, table 15).
pub const PAYMENT_PLACES: [NamedCode; 2] = [
    named("01", "Residente (local)"),
    named("02", "No residente (exterior)"),
];

/// `tipoRegi` (ATS, table 19).
pub const FOREIGN_REGIMES: [NamedCode; 3] = [
    named("01", "Régimen general"),
    named("02", "Paraíso fiscal"),
    named(
        "03",
        "Régimen fiscal preferente o jurisdicción de menor imposición",
    ),
];

/// `codigo` of what a certificate withholds (ficha técnica, table 19).
pub const WITHHELD_TAXES: [NamedCode; 3] =
    [named("1", "Renta"), named("2", "IVA"), named("6", "ISD")];

const fn named(code: &'static str, name: &'static str) -> NamedCode {
    NamedCode { code, name }
}
