//! Withholdings of renta on residents (ATS, table 3.10).
//!
//! Since 2026-03-01 by Res. NAC-DGERCGC26-00000009; before, as public catalogues
//! had them from 2022 on. A code without percentages takes what other rules say.

use jiff::civil::date;

use super::Percentages::{Between, One, OneOf};
use super::{DatedPercentages, Percentages, WithholdingRate, row};
use crate::catalogue::{Period, rate};

const SINCE_MARCH_2026: Period = Period {
    from: Some(date(2026, 3, 1)),
    until: None,
    source: "la resolución NAC-DGERCGC26-00000009",
};
const BEFORE_MARCH_2026: Period = Period {
    from: Some(date(2022, 1, 1)),
    until: Some(date(2026, 2, 28)),
    source: "el catálogo del ATS anterior a marzo de 2026",
};
const SINCE_MARCH_2024: Period = Period {
    from: Some(date(2024, 3, 1)),
    ..BEFORE_MARCH_2026
};
const BEFORE_MARCH_2024: Period = Period {
    until: Some(date(2024, 2, 29)),
    ..BEFORE_MARCH_2026
};

/// Every code of residents, in the order of the table.
pub const INCOME_TAX_WITHHOLDINGS: &[WithholdingRate] = &[
    row(
        "303",
        "Honorarios profesionales (personas naturales)",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "303A",
        "Servicios profesionales prestados por sociedades",
        &[now(One(rate(5_00))), before(One(rate(3_00)))],
    ),
    row(
        "304",
        "Servicios en que predomina el intelecto, sin título profesional",
        &[
            now(One(rate(10_00))),
            dated(SINCE_MARCH_2024, One(rate(10_00))),
            dated(BEFORE_MARCH_2024, One(rate(8_00))),
        ],
    ),
    row(
        "304A",
        "Comisiones en que predomina el intelecto",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "304B",
        "Notarios y registradores de la propiedad y mercantiles",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "304C",
        "Deportistas, entrenadores, árbitros y cuerpo técnico",
        &[
            now(One(rate(10_00))),
            dated(SINCE_MARCH_2024, One(rate(10_00))),
            dated(BEFORE_MARCH_2024, One(rate(8_00))),
        ],
    ),
    row(
        "304D",
        "Artistas",
        &[
            now(One(rate(10_00))),
            dated(SINCE_MARCH_2024, One(rate(10_00))),
            dated(BEFORE_MARCH_2024, One(rate(8_00))),
        ],
    ),
    row(
        "304E",
        "Docencia",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "307",
        "Servicios en que predomina la mano de obra",
        &[now(One(rate(3_00))), before(One(rate(2_00)))],
    ),
    row(
        "308",
        "Uso o aprovechamiento de imagen o renombre",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "309",
        "Medios de comunicación y agencias de publicidad",
        &[now(One(rate(3_00))), before(One(rate(2_75)))],
    ),
    row(
        "310",
        "Transporte privado de pasajeros y transporte de carga",
        &[now(OneOf(&[rate(1_00), rate(0)])), before(One(rate(1_00)))],
    ),
    row(
        "311",
        "Pagos con liquidación de compra",
        &[now(One(rate(3_00))), before(One(rate(2_00)))],
    ),
    row(
        "312",
        "Transferencia de bienes muebles de naturaleza corporal",
        &[now(One(rate(2_00))), before(One(rate(1_75)))],
    ),
    row(
        "312A",
        "Bienes agropecuarios, al productor",
        &[now(One(rate(1_00))), before(One(rate(1_00)))],
    ),
    row(
        "312C",
        "Bienes agropecuarios, al comercializador",
        &[now(One(rate(1_75))), before(One(rate(1_75)))],
    ),
    row(
        "314A",
        "Regalías por franquicias (personas naturales)",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "314B",
        "Cánones, derechos de autor, marcas y patentes (personas naturales)",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "314C",
        "Regalías por franquicias (sociedades)",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "314D",
        "Cánones, derechos de autor, marcas y patentes (sociedades)",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "319",
        "Arrendamiento mercantil",
        &[now(One(rate(2_00))), before(One(rate(1_75)))],
    ),
    row(
        "320",
        "Arrendamiento de bienes inmuebles",
        &[
            now(One(rate(10_00))),
            dated(SINCE_MARCH_2024, One(rate(10_00))),
            dated(BEFORE_MARCH_2024, One(rate(8_00))),
        ],
    ),
    row(
        "322",
        "Seguros y reaseguros",
        &[now(One(rate(2_00))), before(One(rate(1_00)))],
    ),
    row("323", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323A", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323B1", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323E", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323F", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323G", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323H", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323I", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323M", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323P", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323Q", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row("323S", "Rendimientos financieros", &[now(One(rate(3_00)))]),
    row(
        "323E2",
        "Rendimientos financieros, tarifa 0",
        &[now(One(rate(0)))],
    ),
    row(
        "323N",
        "Rendimientos financieros, tarifa 0",
        &[now(One(rate(0)))],
    ),
    row(
        "323O",
        "Rendimientos financieros, tarifa 0",
        &[now(One(rate(0))), before(One(rate(1_00)))],
    ),
    row(
        "323R",
        "Rendimientos financieros, tarifa 0",
        &[now(One(rate(0)))],
    ),
    row(
        "323T",
        "Rendimientos financieros, tarifa 0",
        &[now(One(rate(0)))],
    ),
    row(
        "323U",
        "Rendimientos financieros, tarifa 0",
        &[now(One(rate(0)))],
    ),
    row(
        "324A",
        "Intereses entre entidades financieras",
        &[now(One(rate(2_00)))],
    ),
    row(
        "324B",
        "Intereses entre entidades financieras",
        &[now(One(rate(2_00)))],
    ),
    row(
        "324C",
        "Intereses entre entidades financieras",
        &[now(One(rate(2_00)))],
    ),
    row("325", "Anticipo de dividendos", &[now(One(rate(25_00)))]),
    row("325A", "Préstamos a accionistas", &[now(One(rate(25_00)))]),
    row("3250", "Dividendos", &[now(One(rate(0)))]),
    row(
        "326",
        "Dividendos",
        &[now(OneOf(&[rate(12_00), rate(14_00)]))],
    ),
    row(
        "327",
        "Dividendos",
        &[now(OneOf(&[rate(12_00), rate(14_00)]))],
    ),
    row("328", "Dividendos", &[now(One(rate(0)))]),
    row("329", "Dividendos", &[now(One(rate(0)))]),
    row("331", "Dividendos", &[now(One(rate(0)))]),
    row(
        "332",
        "Compras no sujetas a retención (incluye RIMPE negocio popular)",
        &[now(One(rate(0))), before(One(rate(0)))],
    ),
    row(
        "332B",
        "Compra de bienes inmuebles",
        &[now(One(rate(0))), before(One(rate(0)))],
    ),
    row(
        "332C",
        "Transporte público de pasajeros",
        &[now(One(rate(0))), before(One(rate(0)))],
    ),
    row(
        "332D",
        "Transporte internacional",
        &[now(One(rate(0))), before(One(rate(0)))],
    ),
    row(
        "332E",
        "Cooperativas de transporte a sus socios",
        &[now(OneOf(&[rate(0), rate(1_00)]))],
    ),
    row(
        "332F",
        "Compraventa de divisas",
        &[now(One(rate(0))), before(One(rate(0)))],
    ),
    row(
        "332G",
        "Pagos con tarjeta de crédito",
        &[now(One(rate(0))), before(One(rate(0)))],
    ),
    row(
        "332H",
        "Pagos al exterior con tarjeta de crédito",
        &[now(One(rate(0))), before(One(rate(0)))],
    ),
    row(
        "332I",
        "Pagos por convenio de débito",
        &[now(One(rate(0))), before(One(rate(0)))],
    ),
    row(
        "333",
        "Enajenación de derechos de capital, en bolsa",
        &[now(One(rate(10_00))), before(One(rate(10_00)))],
    ),
    row(
        "334",
        "Enajenación de derechos de capital, fuera de bolsa",
        &[now(One(rate(2_00))), before(One(rate(1_00)))],
    ),
    row(
        "335",
        "Loterías, rifas y apuestas",
        &[now(One(rate(15_00))), before(One(rate(15_00)))],
    ),
    row(
        "336",
        "Combustibles a comercializadoras",
        &[now(One(rate(20))), before(One(rate(20)))],
    ),
    row(
        "337",
        "Combustibles a distribuidores",
        &[now(One(rate(30))), before(One(rate(30)))],
    ),
    row(
        "338",
        "Banano, venta local",
        &[
            now(Between(rate(1_00), rate(2_00))),
            before(Between(rate(1_00), rate(2_00))),
        ],
    ),
    row(
        "340",
        "Banano, exportación",
        &[now(One(rate(3_00))), before(One(rate(3_00)))],
    ),
    row(
        "343",
        "Otras retenciones del 1 % (incluye RIMPE emprendedores)",
        &[now(One(rate(1_00))), before(One(rate(1_00)))],
    ),
    row(
        "343A",
        "Energía eléctrica",
        &[now(One(rate(2_00))), before(One(rate(1_00)))],
    ),
    row(
        "343B",
        "Construcción de obra material inmueble y urbanización",
        &[now(One(rate(2_00))), before(One(rate(1_75)))],
    ),
    row(
        "343C",
        "Recepción de botellas plásticas PET",
        &[now(One(rate(2_00))), before(One(rate(2_00)))],
    ),
    row(
        "3440",
        "Otras retenciones, cláusula general",
        &[now(One(rate(3_00))), before(One(rate(2_75)))],
    ),
    row(
        "344A",
        "Pago local con tarjeta",
        &[now(One(rate(2_00))), before(One(rate(2_00)))],
    ),
    row(
        "344B",
        "Sustancias minerales",
        &[now(One(rate(2_00))), before(One(rate(2_00)))],
    ),
    row("346", "Otras retenciones de otros porcentajes", &[]),
    row("346A", "Otras ganancias de capital", &[]),
    row("346B", "Donaciones en dinero", &[]),
    row(
        "346C",
        "Concentrados metálicos, cargo propio",
        &[
            now(Between(rate(0), rate(10_00))),
            before(OneOf(&[rate(0), rate(10_00)])),
        ],
    ),
    row(
        "346D",
        "Forestales, cargo propio",
        &[
            now(OneOf(&[rate(0), rate(10_00)])),
            before(OneOf(&[rate(0), rate(10_00)])),
        ],
    ),
    row(
        "350",
        "Otras autorretenciones",
        &[
            now(OneOf(&[rate(1_50), rate(1_75)])),
            before(OneOf(&[rate(1_50), rate(1_75)])),
        ],
    ),
    row(
        "3480",
        "Pronósticos deportivos",
        &[now(One(rate(15_00))), before(One(rate(15_00)))],
    ),
    row(
        "3481",
        "Autorretención de grandes contribuyentes (Res. NAC-DGERCGC24-00000024)",
        &[],
    ),
    row(
        "3482",
        "Comisiones a sociedades",
        &[now(One(rate(5_00))), before(One(rate(3_00)))],
    ),
];

const fn now(percentages: Percentages) -> DatedPercentages {
    dated(SINCE_MARCH_2026, percentages)
}

const fn before(percentages: Percentages) -> DatedPercentages {
    dated(BEFORE_MARCH_2026, percentages)
}

const fn dated(period: Period, percentages: Percentages) -> DatedPercentages {
    DatedPercentages {
        period,
        percentages,
    }
}
