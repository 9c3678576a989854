//! `retenciones[]`, `compensaciones` and the withheld amounts of an invoice.

use super::codes::invoice_withholding_rate;
use super::draft::DraftWithholding;
use super::json::Value;
use super::reader::{Need, Reader};

/// `retenciones[]`: presumptive IVA and income tax, always tax 4.
pub(super) fn read_withholdings(r: &Reader<'_, '_>) -> Vec<DraftWithholding> {
    let rows = r.children("retenciones", Need::Optional);
    rows.iter().filter_map(read_withholding).collect()
}

fn read_withholding(r: &Reader<'_, '_>) -> Option<DraftWithholding> {
    let code = r.code("codigo").unwrap_or_else(|| "4".to_owned());
    let rate_code = r.required_code("codigo_porcentaje");
    let rate = r.number(r.pick(&["tarifa", "porcentaje"]));
    let amount = r.required_number("valor");
    let rate_code = rate_code?;
    Some(DraftWithholding {
        rate: rate
            .or_else(|| invoice_withholding_rate(&rate_code))
            .unwrap_or_default(),
        code,
        rate_code,
        amount: amount?,
    })
}

/// `compensaciones`: the text documents an object, the examples a list.
pub(super) fn read_compensations(r: &Reader<'_, '_>) -> Vec<DraftWithholding> {
    const KEY: &str = "compensaciones";
    if let Some(Value::Object(_)) = r.value(KEY) {
        let row = r.child(KEY, Need::Optional);
        return row.iter().filter_map(read_compensation).collect();
    }
    let rows = r.children(KEY, Need::Optional);
    rows.iter().filter_map(read_compensation).collect()
}

fn read_compensation(r: &Reader<'_, '_>) -> Option<DraftWithholding> {
    let rate = r.required_number("tarifa");
    let amount = r.required_number("valor");
    Some(DraftWithholding {
        code: r.code("codigo").unwrap_or_else(|| "1".to_owned()),
        rate_code: String::new(),
        rate: rate?,
        amount: amount?,
    })
}
