//! Codes of the ICE (ficha técnica, table 18).

use super::rate;
use crate::number::Rate;

/// A row of the table of ICE codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IceCode {
    /// `codigoPorcentaje`.
    pub code: &'static str,
    /// The name people know.
    pub name: &'static str,
    /// What the tax is computed from. The rates printed by SRI are those of
    /// 2023 ("use current law"), the specific ones those of 2026: they fill in
    /// an amount nobody typed and refuse none.
    pub basis: IceBasis,
}

/// What the tax is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IceBasis {
    /// A percentage of the value.
    AdValorem(Rate),
    /// Dollars per unit.
    Specific(SpecificRate),
    /// Both added.
    Mixed(Rate, SpecificRate),
    /// Collected by customs: not for ordinary invoices.
    Import,
}

/// Dollars per unit, as Res. NAC-DGERCGC25-00000040 prints them for 2026. They
/// change every January.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpecificRate {
    /// The calendar year the amount is for.
    pub year: i16,
    /// Dollars.
    pub amount: Rate,
    /// Of what.
    pub per: &'static str,
}

/// The row of a `codigoPorcentaje`. The list is open: SRI adds codes.
pub fn ice_code(code: &str) -> Option<&'static IceCode> {
    ICE_CODES.iter().find(|row| row.code == code)
}

/// Every code, by its number.
pub const ICE_CODES: &[IceCode] = &[
    ice(
        "3011",
        "Cigarrillos rubios",
        IceBasis::Specific(specific(16, "unidad")),
    ),
    ice(
        "3021",
        "Cigarrillos negros",
        IceBasis::Specific(specific(16, "unidad")),
    ),
    ice(
        "3023",
        "Productos del tabaco y sucedáneos",
        IceBasis::AdValorem(rate(15_000)),
    ),
    ice(
        "3031",
        "Bebidas alcohólicas",
        IceBasis::Mixed(rate(75_00), specific(10_41, "litro de alcohol puro")),
    ),
    ice(
        "3033",
        "Alcohol",
        IceBasis::Mixed(rate(75_00), specific(10_41, "litro de alcohol puro")),
    ),
    ice(
        "3041",
        "Cerveza industrial",
        IceBasis::Mixed(rate(75_00), specific(13_62, "litro de alcohol puro")),
    ),
    ice(
        "3043",
        "Cerveza artesanal",
        IceBasis::Specific(specific(1_56, "litro de alcohol puro")),
    ),
    ice(
        "3053",
        "Bebidas gaseosas con alto contenido de azúcar",
        IceBasis::Specific(specific(18, "100 gramos de azúcar")),
    ),
    ice(
        "3054",
        "Bebidas gaseosas con bajo contenido de azúcar",
        IceBasis::AdValorem(rate(10_00)),
    ),
    ice(
        "3073",
        "Vehículos motorizados de hasta USD 20 000",
        IceBasis::AdValorem(rate(5_00)),
    ),
    ice(
        "3075",
        "Vehículos motorizados de USD 30 000 a 40 000",
        IceBasis::AdValorem(rate(15_00)),
    ),
    ice(
        "3077",
        "Vehículos motorizados de USD 40 000 a 50 000",
        IceBasis::AdValorem(rate(20_00)),
    ),
    ice(
        "3078",
        "Vehículos motorizados de USD 50 000 a 60 000",
        IceBasis::AdValorem(rate(25_00)),
    ),
    ice(
        "3079",
        "Vehículos motorizados de USD 60 000 a 70 000",
        IceBasis::AdValorem(rate(30_00)),
    ),
    ice(
        "3080",
        "Vehículos motorizados de más de USD 70 000",
        IceBasis::AdValorem(rate(35_00)),
    ),
    ice(
        "3081",
        "Aviones, avionetas, helicópteros, tricares, yates y barcos de recreo",
        IceBasis::AdValorem(rate(10_00)),
    ),
    ice("3092", "Televisión prepagada", IceBasis::AdValorem(rate(0))),
    ice(
        "3093",
        "Telefonía de sociedades",
        IceBasis::AdValorem(rate(15_00)),
    ),
    ice(
        "3101",
        "Bebidas energizantes",
        IceBasis::AdValorem(rate(10_00)),
    ),
    ice(
        "3111",
        "Bebidas no alcohólicas",
        IceBasis::Specific(specific(18, "100 gramos de azúcar")),
    ),
    ice("3532", "Importación: alcohol", IceBasis::Import),
    ice("3533", "Importación: bebidas alcohólicas", IceBasis::Import),
    ice("3541", "Importación: cerveza industrial", IceBasis::Import),
    ice("3542", "Importación: cigarrillos rubios", IceBasis::Import),
    ice("3543", "Importación: cigarrillos negros", IceBasis::Import),
    ice(
        "3544",
        "Importación: productos del tabaco",
        IceBasis::Import,
    ),
    ice("3545", "Importación: cerveza artesanal", IceBasis::Import),
    ice(
        "3552",
        "Importación: bebidas gaseosas con alto contenido de azúcar",
        IceBasis::Import,
    ),
    ice(
        "3553",
        "Importación: bebidas gaseosas con bajo contenido de azúcar",
        IceBasis::Import,
    ),
    ice("3581", "Importación: aeronaves", IceBasis::Import),
    ice(
        "3582",
        "Importación: avionetas y helicópteros",
        IceBasis::Import,
    ),
    ice(
        "3601",
        "Importación: bebidas energizantes",
        IceBasis::Import,
    ),
    ice(
        "3602",
        "Importación: bebidas no alcohólicas",
        IceBasis::Import,
    ),
    ice(
        "3610",
        "Perfumes y aguas de tocador",
        IceBasis::AdValorem(rate(20_00)),
    ),
    ice("3620", "Videojuegos", IceBasis::AdValorem(rate(0))),
    ice(
        "3630",
        "Armas de fuego, armas deportivas y municiones",
        IceBasis::AdValorem(rate(30_00)),
    ),
    ice(
        "3640",
        "Focos incandescentes",
        IceBasis::AdValorem(rate(10_000)),
    ),
    ice(
        "3660",
        "Cuotas, membresías, afiliaciones y acciones",
        IceBasis::AdValorem(rate(35_00)),
    ),
    ice(
        "3671",
        "Calefones y sistemas de calentamiento a gas",
        IceBasis::AdValorem(rate(10_000)),
    ),
    ice(
        "3680",
        "Fundas plásticas",
        IceBasis::Specific(specific(8, "funda")),
    ),
    ice(
        "3681",
        "Telefonía móvil de personas naturales",
        IceBasis::AdValorem(rate(0)),
    ),
    ice(
        "3682",
        "Consumibles de tabaco calentado y líquidos con nicotina",
        IceBasis::AdValorem(rate(15_000)),
    ),
    ice(
        "3683",
        "Importación: tabaco calentado y líquidos con nicotina",
        IceBasis::Import,
    ),
    ice(
        "3684",
        "Camionetas y vehículos de rescate de hasta USD 30 000",
        IceBasis::AdValorem(rate(5_00)),
    ),
    ice("3685", "Importación: camionetas", IceBasis::Import),
    ice(
        "3686",
        "Vehículos, excepto camionetas y de rescate, de USD 20 000 a 30 000",
        IceBasis::AdValorem(rate(10_00)),
    ),
    ice(
        "3687",
        "Importación: vehículos de USD 20 000 a 30 000",
        IceBasis::Import,
    ),
    ice(
        "3688",
        "Vehículos híbridos o eléctricos de hasta USD 35 000",
        IceBasis::AdValorem(rate(0)),
    ),
    ice(
        "3689",
        "Importación: vehículos híbridos o eléctricos",
        IceBasis::Import,
    ),
    ice(
        "3690",
        "Importación: vehículos híbridos o eléctricos",
        IceBasis::Import,
    ),
    ice(
        "3691",
        "Vehículos híbridos o eléctricos de USD 35 000 a 40 000",
        IceBasis::AdValorem(rate(8_00)),
    ),
    ice(
        "3692",
        "Vehículos híbridos o eléctricos de USD 40 000 a 50 000",
        IceBasis::AdValorem(rate(14_00)),
    ),
    ice(
        "3693",
        "Importación: vehículos híbridos o eléctricos",
        IceBasis::Import,
    ),
    ice(
        "3694",
        "Importación: vehículos híbridos o eléctricos",
        IceBasis::Import,
    ),
    ice(
        "3695",
        "Vehículos híbridos o eléctricos de USD 50 000 a 60 000",
        IceBasis::AdValorem(rate(20_00)),
    ),
    ice(
        "3696",
        "Vehículos híbridos o eléctricos de USD 60 000 a 70 000",
        IceBasis::AdValorem(rate(26_00)),
    ),
    ice(
        "3697",
        "Importación: vehículos híbridos o eléctricos",
        IceBasis::Import,
    ),
    ice(
        "3698",
        "Vehículos híbridos o eléctricos de más de USD 70 000",
        IceBasis::AdValorem(rate(32_00)),
    ),
    ice(
        "3699",
        "Importación: vehículos híbridos o eléctricos",
        IceBasis::Import,
    ),
    ice("3710", "Importación: perfumes", IceBasis::Import),
    ice("3720", "Importación: videojuegos", IceBasis::Import),
    ice("3730", "Importación: armas", IceBasis::Import),
    ice(
        "3740",
        "Importación: focos incandescentes",
        IceBasis::Import,
    ),
    ice("3771", "Importación: calefones", IceBasis::Import),
    ice(
        "3871",
        "Importación: vehículos motorizados",
        IceBasis::Import,
    ),
    ice(
        "3873",
        "Importación: vehículos motorizados",
        IceBasis::Import,
    ),
    ice(
        "3874",
        "Importación: vehículos motorizados",
        IceBasis::Import,
    ),
    ice(
        "3875",
        "Importación: vehículos motorizados",
        IceBasis::Import,
    ),
    ice(
        "3876",
        "Importación: vehículos motorizados",
        IceBasis::Import,
    ),
    ice(
        "3877",
        "Importación: vehículos motorizados",
        IceBasis::Import,
    ),
    ice("3878", "Importación: aviones y yates", IceBasis::Import),
];

const fn ice(code: &'static str, name: &'static str, basis: IceBasis) -> IceCode {
    IceCode { code, name, basis }
}

const fn specific(hundredths: u32, per: &'static str) -> SpecificRate {
    SpecificRate {
        year: 2026,
        amount: rate(hundredths),
        per,
    }
}
