//! `documentos_soporte[].retenciones[]`.

use tagua_fiscal::withholding::{BananaBoxes, Dividends, DocumentWithholding};
use tagua_fiscal::{Amount, Rate};

use super::json::Value;
use super::reader::{Need, Reader};
use super::withheld::{Withheld, read_withheld};

pub(super) fn read_document_withholding(r: &Reader<'_, '_>) -> Option<DocumentWithholding> {
    let withheld = read_withheld(r, ["tarifa", "porcentaje"]);
    let dividends = read_dividends(r);
    let banana_boxes = read_banana_boxes(r);
    let Withheld {
        code,
        withholding_code,
        base,
        rate,
        amount,
    } = withheld?;
    Some(DocumentWithholding {
        code,
        withholding_code,
        base: Amount::rounded(base),
        rate: Rate::rounded(rate),
        amount: Amount::rounded(amount),
        dividends,
        banana_boxes,
    })
}

/// A list in JSON and one element in the XML: the first.
fn read_dividends(r: &Reader<'_, '_>) -> Option<Dividends> {
    const KEY: &str = "dividendos";
    if let Some(Value::Object(_)) = r.value(KEY) {
        return read_dividend(&r.child(KEY, Need::Optional)?);
    }
    read_dividend(r.children(KEY, Need::Optional).first()?)
}

fn read_dividend(r: &Reader<'_, '_>) -> Option<Dividends> {
    let payment_date = r.required_date("fecha_pago");
    let income_tax = r.required_number("impuesto_renta");
    let year = r.required_code("annio_fiscal");
    Some(Dividends {
        payment_date: payment_date?,
        income_tax: Amount::rounded(income_tax?),
        year: year?,
    })
}

/// An extension of ours (CONTRACT 7.8).
fn read_banana_boxes(r: &Reader<'_, '_>) -> Option<BananaBoxes> {
    let r = r.child("compra_cajas_banano", Need::Optional)?;
    let count = r.required_code("numero_cajas");
    let price = r.required_number("precio_caja");
    Some(BananaBoxes {
        count: count?,
        price: Amount::rounded(price?),
    })
}
