//! `items[]`.

use rust_decimal::Decimal;
use tagua_fiscal::invoice::LineDetail;
use tagua_fiscal::number::{round_money, round_six};

use super::amounts::{line_discount, line_net};
use super::context::Amounts;
use super::draft::DraftLine;
use super::finding::ErrorCode;
use super::json::Value;
use super::reader::{Need, Reader};
use super::rows::required_rows;
use super::taxes::{LineTaxes, complete, read_line_taxes};

const DETAILS_MAX: usize = 3;

/// Reads the lines. What comes back is complete only when nothing was reported.
pub(super) fn read_items(
    r: &Reader<'_, '_>,
    allowed: LineTaxes,
    amounts: Amounts,
) -> Vec<DraftLine> {
    let rows = required_rows(r, "items");
    let read = |row| read_item(row, allowed, amounts);
    rows.iter().filter_map(read).collect()
}

fn read_item(r: &Reader<'_, '_>, allowed: LineTaxes, amounts: Amounts) -> Option<DraftLine> {
    let description = r.required_text("descripcion", 300);
    let main_code = r.text("codigo_principal", 25);
    let auxiliary_code = r.text("codigo_auxiliar", 25);
    let unit = r.text("unidad_medida", 50);
    let quantity = r.required_number("cantidad");
    let unit_price = r.required_number("precio_unitario");
    let sent_discount = r.number("descuento").unwrap_or_default();
    let sent_net = r.number("precio_total_sin_impuestos");
    let price_without_subsidy = r.number("precio_sin_subsidio");
    let sent_taxes = read_line_taxes(r, allowed, amounts);
    let details = read_details(r);
    let (quantity, unit_price) = (quantity?, unit_price?);
    let line = line_discount(quantity, unit_price, sent_discount, sent_net);
    let line = match (line, amounts) {
        (Some((discount, _)), Amounts::Computed) => computed(quantity, unit_price, discount),
        (line, _) => line,
    };
    let taxed = line.and_then(|(discount, net)| {
        let taxes = complete(sent_taxes, net, quantity)?;
        Some((discount, net, taxes))
    });
    let Some((discount, net, taxes)) = taxed else {
        let details = "La cantidad por el precio es demasiado grande";
        r.invalid("precio_unitario", ErrorCode::InvalidValue, details);
        return None;
    };
    Some(DraftLine {
        main_code,
        auxiliary_code,
        description: description?,
        unit,
        quantity,
        unit_price,
        price_without_subsidy,
        discount,
        net,
        details,
        taxes,
    })
}

/// Discount and net from what the XML will hold, so that whoever multiplies
/// its numbers finds the same.
fn computed(quantity: Decimal, price: Decimal, discount: Decimal) -> Option<(Decimal, Decimal)> {
    let discount = round_money(discount);
    let net = line_net(round_six(quantity), round_six(price), discount)?;
    Some((discount, net))
}

/// `detalles_adicionales`: a dictionary, or a list of `{nombre, valor}`.
/// Entries without a value are left out, for the schema refuses them.
pub(super) fn read_details(r: &Reader<'_, '_>) -> Vec<LineDetail> {
    const KEY: &str = "detalles_adicionales";
    let details: Vec<LineDetail> = match r.value(KEY) {
        None => return Vec::new(),
        Some(Value::Object(_)) => match r.child(KEY, Need::Optional) {
            Some(dictionary) => dictionary.entries(300).into_iter().map(detail).collect(),
            None => Vec::new(),
        },
        Some(Value::Array(_)) => {
            let rows = r.children(KEY, Need::Optional);
            let pair =
                |row: &Reader<'_, '_>| Some((row.entry("nombre", 300)?, row.entry("valor", 300)?));
            rows.iter().filter_map(pair).map(detail).collect()
        }
        Some(_) => {
            let details = "Debe ser un objeto de nombres y valores";
            r.invalid(KEY, ErrorCode::InvalidDataType, details);
            return Vec::new();
        }
    };
    if details.len() > DETAILS_MAX {
        let count = details.len();
        let words = format!("Tiene {count} detalles, el máximo es {DETAILS_MAX}");
        r.invalid(KEY, ErrorCode::InvalidLength, words);
    }
    details
}

fn detail((name, value): (String, String)) -> LineDetail {
    LineDetail { name, value }
}
