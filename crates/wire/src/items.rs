//! `items[]`.

use rust_decimal::Decimal;
use tagua_fiscal::invoice::LineDetail;

use super::amounts::line_discount;
use super::draft::DraftLine;
use super::finding::ErrorCode;
use super::json::Value;
use super::reader::{Need, Reader};
use super::rows::required_rows;
use super::taxes::{complete, read_taxes};

const DETAILS_MAX: usize = 3;

/// Reads the lines. What comes back is complete only when nothing was reported.
pub(super) fn read_items(r: &Reader<'_, '_>) -> Vec<DraftLine> {
    let rows = required_rows(r, "items");
    rows.iter().filter_map(read_item).collect()
}

fn read_item(r: &Reader<'_, '_>) -> Option<DraftLine> {
    let description = r.required_text("descripcion", 300);
    let main_code = r.text("codigo_principal", 25);
    let auxiliary_code = r.text("codigo_auxiliar", 25);
    let unit = r.text("unidad_medida", 50);
    let quantity = r.required_number("cantidad");
    let unit_price = r.required_number("precio_unitario");
    let sent_discount = r.number("descuento").unwrap_or_default();
    let sent_net = r.number("precio_total_sin_impuestos");
    let price_without_subsidy = r.number("precio_sin_subsidio");
    let sent_taxes = read_taxes(r);
    let details = read_details(r);
    let (quantity, unit_price) = (quantity?, unit_price?);
    let derived = derive(quantity, unit_price, sent_discount, sent_net, sent_taxes);
    let Some((discount, net, taxes)) = derived else {
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

type Derived = (Decimal, Decimal, Vec<super::draft::DraftTax>);

fn derive(
    quantity: Decimal,
    unit_price: Decimal,
    discount: Decimal,
    net: Option<Decimal>,
    taxes: Vec<super::taxes::SentTax>,
) -> Option<Derived> {
    let (discount, net) = line_discount(quantity, unit_price, discount, net)?;
    Some((discount, net, complete(taxes, net, quantity)?))
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
