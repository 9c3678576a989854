//! Each line by itself: its net, its taxes and their rates.

use rust_decimal::Decimal;

use super::place::{
    LINE_AUXILIARY_CODE, LINE_DETAILS, LINE_NET, LINE_TAX_AMOUNT, LINE_TAX_BASE, LINE_TAX_RATE,
    LINE_TAX_RATE_CODE,
};
use super::sale::{Sale, SaleLine};
use super::tax::{self, Tax};
use super::{CENT, Report, RuleCode};
use crate::catalogue::{IceBasis, TAX_ICE, VAT_BUILDING_MATERIALS, ice_code, is_building_material};
use crate::common::LineDetail;
use crate::number::Amount;
use crate::totals::{distance, net_of, sum};

/// Of each line (`detAdicional`).
const LINE_DETAILS_MAX: usize = 3;

pub(super) fn check<L: SaleLine>(sale: &Sale<'_, L>, report: &mut Report) {
    for (index, line) in sale.lines.iter().enumerate() {
        net(line, index, report);
        let vat_base = line.net().value().saturating_add(ice_of(line));
        for (position, tax) in line.taxes().enumerate() {
            let at = [index, position];
            let places = (LINE_TAX_RATE_CODE, LINE_TAX_RATE);
            tax::vat_rate_of(tax, sale.vat_day, places, &at, report);
            tax::amount(tax, RuleCode::TaxAmount, LINE_TAX_AMOUNT, &at, report);
            if tax.is_vat() {
                vat_base_of(line, tax, vat_base, &at, report);
            } else if tax.code == TAX_ICE {
                ice_base(line, tax, &at, report);
            }
        }
        building_materials(line, index, report);
        if too_many(line.details()) {
            details(line.details(), LINE_DETAILS, &[index], report);
        }
    }
}

fn ice_of<L: SaleLine>(line: &L) -> Decimal {
    let ice = line.taxes().filter(|tax| tax.code == TAX_ICE);
    sum(ice.map(|tax| tax.amount.value()))
}

/// Ficha técnica, table 21: quantity × price − discount.
fn net<L: SaleLine>(line: &L, index: usize, report: &mut Report) {
    let (quantity, price, discount) = (line.quantity(), line.unit_price(), line.discount());
    let expected = net_of(quantity, price, discount);
    if distance(expected.value(), line.net().value()) > CENT {
        let message = format!(
            "El precio total sin impuestos de la línea es {} y debe ser {expected}. \
             Es la cantidad {quantity} por el precio {price} menos el descuento {discount}. \
             Corrija el valor que esté mal.",
            line.net(),
        );
        report.add(RuleCode::LineNet, LINE_NET, &[index], message);
    }
}

/// Ficha técnica, table 21: net plus ICE; the IRBPNR is outside.
fn vat_base_of<L: SaleLine>(
    line: &L,
    tax: Tax<'_>,
    expected: Decimal,
    at: &[usize],
    report: &mut Report,
) {
    if distance(expected, tax.base.value()) > CENT {
        let message = format!(
            "La base del IVA es {} y debe ser {}. \
             Es el precio total sin impuestos {} más el ICE de la línea. \
             Corrija la base.",
            tax.base,
            Amount::rounded(expected),
            line.net(),
        );
        report.add(RuleCode::LineVatBase, LINE_TAX_BASE, at, message);
    }
}

/// Where a specific rate counts units, the base is not a price. Some goods are
/// taxed by law on the price before the discount, and SRI authorises them so.
fn ice_base<L: SaleLine>(line: &L, tax: Tax<'_>, at: &[usize], report: &mut Report) {
    let by_price = ice_code(tax.rate_code)
        .is_none_or(|row| !matches!(row.basis, IceBasis::Specific(_) | IceBasis::Mixed(..)));
    let (base, net) = (tax.base.value(), line.net().value());
    if !by_price || distance(base, net) <= CENT {
        return;
    }
    let gross = net.saturating_add(line.discount().value());
    let (code, message) = if distance(base, gross) <= CENT {
        let message = format!(
            "La base del ICE es {} y el precio total sin impuestos es {}. \
             La base no resta el descuento {}. \
             Confirme que la ley grave el precio sin descuento.",
            tax.base,
            line.net(),
            line.discount(),
        );
        (RuleCode::LineIceBaseBeforeDiscount, message)
    } else {
        let message = format!(
            "La base del ICE es {} y debe ser {}. \
             Es el precio total sin impuestos de la línea. \
             Corrija la base.",
            tax.base,
            line.net(),
        );
        (RuleCode::LineIceBase, message)
    };
    report.add(code, LINE_TAX_BASE, at, message);
}

/// Res. NAC-DGERCGC24-00000013; ficha técnica, anexo 23.
fn building_materials<L: SaleLine>(line: &L, index: usize, report: &mut Report) {
    let reduced = |tax: Tax<'_>| tax.is_vat() && tax.rate_code == VAT_BUILDING_MATERIALS;
    let code = line.auxiliary_code();
    if code.is_some_and(is_building_material) || !line.taxes().any(reduced) {
        return;
    }
    let happened = match code {
        Some(code) => format!("el código auxiliar «{code}» no es de un material de construcción"),
        None => "no tiene el código auxiliar de un material de construcción".to_owned(),
    };
    let message = format!(
        "La línea lleva IVA 5% y {happened}. \
         La resolución NAC-DGERCGC24-00000013 y el anexo 23 de la ficha técnica piden uno como \
         F010201. Escriba el código del material o cambie la tarifa.",
    );
    let place = LINE_AUXILIARY_CODE;
    report.add(RuleCode::BuildingMaterialCode, place, &[index], message);
}

pub(super) fn too_many(details: &[LineDetail]) -> bool {
    details.len() > LINE_DETAILS_MAX
}

/// Also for the goods of a waybill.
pub(super) fn details(
    details: &[LineDetail],
    place: super::Place,
    positions: &[usize],
    report: &mut Report,
) {
    let message = format!(
        "La línea tiene {} detalles adicionales y pueden ser hasta {LINE_DETAILS_MAX}. \
         El esquema no admite más. Quite o una detalles.",
        details.len(),
    );
    report.add(RuleCode::TooManyLineDetails, place, positions, message);
}
