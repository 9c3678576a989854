//! Withholdings of renta on payments to non-residents (ATS, table 3.10, series
//! 5xx), as a public catalogue of 2024 has them; the greater percentages are of
//! tax havens. Those of 2026 are not known, so that no day after February of
//! that year has any.

use jiff::civil::date;

use super::Percentages::{Between, One, OneOf};
use super::{DatedPercentages, Percentages, WithholdingRate, row};
use crate::catalogue::{Period, rate};

/// Every code of non-residents, in the order of the table.
pub const NON_RESIDENT_WITHHOLDINGS: &[WithholdingRate] = &[
    row(
        "500",
        "Rentas inmobiliarias",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "501",
        "Beneficios y servicios empresariales",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "501A",
        "Servicios técnicos, consultoría y regalías",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "503",
        "Navegación marítima y aérea",
        &[in_2024(OneOf(&[rate(0), rate(25_00), rate(37_00)]))],
    ),
    row(
        "504",
        "Dividendos a personas naturales",
        &[in_2024(One(rate(25_00)))],
    ),
    row(
        "504A",
        "Dividendos a sociedades",
        &[in_2024(Between(rate(0), rate(25_00)))],
    ),
    row(
        "504B",
        "Dividendos a paraísos fiscales",
        &[in_2024(One(rate(37_00)))],
    ),
    row(
        "504C",
        "Dividendos, según el beneficiario",
        &[in_2024(Between(rate(0), rate(25_00)))],
    ),
    row(
        "504D",
        "Dividendos, según el beneficiario",
        &[in_2024(Between(rate(0), rate(25_00)))],
    ),
    row(
        "504E",
        "Anticipos de dividendos y préstamos a accionistas o relacionadas",
        &[in_2024(OneOf(&[rate(22_00), rate(25_00), rate(28_00)]))],
    ),
    row(
        "504F",
        "Anticipos de dividendos y préstamos a accionistas o relacionadas",
        &[in_2024(OneOf(&[rate(22_00), rate(25_00), rate(28_00)]))],
    ),
    row(
        "504G",
        "Anticipos de dividendos y préstamos a accionistas o relacionadas",
        &[in_2024(OneOf(&[rate(22_00), rate(25_00), rate(28_00)]))],
    ),
    row(
        "504H",
        "Anticipos de dividendos y préstamos a accionistas o relacionadas",
        &[in_2024(OneOf(&[rate(22_00), rate(25_00), rate(28_00)]))],
    ),
    row(
        "504I",
        "Anticipos de dividendos y préstamos a accionistas o relacionadas",
        &[in_2024(OneOf(&[rate(22_00), rate(25_00), rate(28_00)]))],
    ),
    row(
        "504J",
        "Anticipos de dividendos y préstamos a accionistas o relacionadas",
        &[in_2024(OneOf(&[rate(22_00), rate(25_00), rate(28_00)]))],
    ),
    row(
        "505",
        "Rendimientos financieros",
        &[in_2024(Between(rate(25_00), rate(37_00)))],
    ),
    row(
        "505A",
        "Intereses de créditos de instituciones financieras",
        &[in_2024(OneOf(&[rate(0), rate(25_00)]))],
    ),
    row(
        "505B",
        "Intereses de créditos de gobiernos",
        &[in_2024(OneOf(&[rate(0), rate(25_00)]))],
    ),
    row(
        "505C",
        "Intereses de créditos de multilaterales",
        &[in_2024(OneOf(&[rate(0), rate(25_00)]))],
    ),
    row(
        "505D",
        "Intereses de créditos de proveedores",
        &[in_2024(One(rate(25_00)))],
    ),
    row(
        "505E",
        "Intereses de otros créditos",
        &[in_2024(One(rate(25_00)))],
    ),
    row(
        "505F",
        "Otros intereses",
        &[in_2024(Between(rate(25_00), rate(37_00)))],
    ),
    row(
        "509",
        "Cánones, derechos de autor, marcas y patentes",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "509A",
        "Regalías por franquicias",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "510",
        "Ganancias de capital",
        &[in_2024(OneOf(&[rate(5_00), rate(25_00), rate(37_00)]))],
    ),
    row(
        "511",
        "Servicios profesionales independientes",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "512",
        "Servicios profesionales dependientes",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "513",
        "Artistas",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "513A",
        "Deportistas",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "514",
        "Participación de consejeros",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "515",
        "Entretenimiento público",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "516",
        "Pensiones",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "517",
        "Reembolso de gastos",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "518",
        "Funciones públicas",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "519",
        "Estudiantes",
        &[in_2024(OneOf(&[rate(25_00), rate(37_00)]))],
    ),
    row(
        "520A",
        "Operadores de turismo",
        &[in_2024(OneOf(&[rate(0), rate(25_00), rate(37_00)]))],
    ),
    row(
        "520B",
        "Arrendamiento mercantil internacional",
        &[in_2024(OneOf(&[rate(0), rate(25_00), rate(37_00)]))],
    ),
    row(
        "520D",
        "Comisiones por exportación y por turismo",
        &[in_2024(OneOf(&[rate(0), rate(25_00), rate(37_00)]))],
    ),
    row(
        "520E",
        "Empresas de transporte marítimo, aéreo y pesquero",
        &[in_2024(One(rate(0)))],
    ),
    row(
        "520F",
        "Agencias internacionales de prensa",
        &[in_2024(OneOf(&[rate(0), rate(25_00), rate(37_00)]))],
    ),
    row(
        "520G",
        "Fletamento de naves",
        &[in_2024(OneOf(&[rate(0), rate(25_00), rate(37_00)]))],
    ),
    row(
        "521",
        "Enajenación de derechos de capital",
        &[in_2024(OneOf(&[rate(1_00), rate(10_00)]))],
    ),
    row(
        "523A",
        "Seguros y reaseguros",
        &[in_2024(OneOf(&[rate(0), rate(25_00), rate(37_00)]))],
    ),
    row("525", "Donaciones en dinero", &[]),
];

const fn in_2024(percentages: Percentages) -> DatedPercentages {
    DatedPercentages {
        period: Period {
            from: Some(date(2024, 1, 1)),
            until: Some(date(2026, 2, 28)),
            source: "el catálogo del ATS de 2024",
        },
        percentages,
    }
}
