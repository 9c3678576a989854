//! Taxes of lines, totals and reimbursed documents.

use rust_decimal::Decimal;
use tagua_fiscal::number::round_money;

use super::codes::{ice_rate, iva_rate};
use super::computed::rate_alone;
use super::context::Amounts;
use super::draft::DraftTax;
use super::finding::ErrorCode;
use super::reader::{Need, Reader};
use super::text::is_digits;

/// IVA, ICE and IRBPNR (CONTRACT 8.2).
pub(super) const IVA: &str = "2";
pub(super) const ICE: &str = "3";
pub(super) const IRBPNR: &str = "5";

/// A row of `impuestos` as it was sent.
#[derive(Clone, Debug)]
pub(super) struct SentTax {
    pub(super) code: String,
    pub(super) rate_code: String,
    pub(super) rate: Option<Decimal>,
    pub(super) base: Option<Decimal>,
    pub(super) amount: Option<Decimal>,
    pub(super) additional_discount: Option<Decimal>,
}

/// The taxes that may stand in the lines of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineTaxes {
    /// IVA, ICE and IRBPNR.
    Any,
    /// IVA alone: purchase settlements.
    IvaOnly,
}

impl LineTaxes {
    /// The complaint about a code that is not allowed.
    fn complaint(self, code: &str) -> Option<&'static str> {
        match (self, code) {
            (_, IVA) | (Self::Any, ICE | IRBPNR) => None,
            (Self::Any, _) => Some("Los impuestos son 2 (IVA), 3 (ICE) y 5 (IRBPNR)"),
            (Self::IvaOnly, _) => Some("Una liquidación de compra lleva solo IVA (2)"),
        }
    }
}

/// The rows of `impuestos`, which must be there.
pub(super) fn read_taxes(r: &Reader<'_, '_>) -> Vec<SentTax> {
    read_tax_rows(r, Need::Required)
}

/// The rows of `impuestos`.
pub(super) fn read_tax_rows(r: &Reader<'_, '_>, need: Need) -> Vec<SentTax> {
    let rows = r.children("impuestos", need);
    let read = |row| read_tax(row, LineTaxes::Any);
    rows.iter().filter_map(read).collect()
}

/// The rows of `impuestos` of a line; where amounts are computed, without theirs.
pub(super) fn read_line_taxes(
    r: &Reader<'_, '_>,
    allowed: LineTaxes,
    amounts: Amounts,
) -> Vec<SentTax> {
    let rows = r.children("impuestos", Need::Required);
    let read = |row| match (read_tax(row, allowed)?, amounts) {
        (sent, Amounts::Sent) => Some(sent),
        (sent, Amounts::Computed) => rate_alone(sent, row),
    };
    rows.iter().filter_map(read).collect()
}

pub(super) fn read_tax(r: &Reader<'_, '_>, allowed: LineTaxes) -> Option<SentTax> {
    let code = r.required_code("codigo");
    let rate_code = r.required_code("codigo_porcentaje");
    if let Some(details) = code.as_deref().and_then(|code| allowed.complaint(code)) {
        r.invalid("codigo", ErrorCode::InvalidValue, details);
    }
    if let Some(rate_code) = &rate_code
        && !is_digits(rate_code, 1, 4)
    {
        let details = "Debe ser el código de la tarifa, de 1 a 4 dígitos";
        r.invalid("codigo_porcentaje", ErrorCode::InvalidValue, details);
    }
    let (base, amount) = (r.number("base_imponible"), r.number("valor"));
    let (rate, additional_discount) = (r.number("tarifa"), r.number("descuento_adicional"));
    Some(SentTax {
        code: code?,
        rate_code: rate_code?,
        rate,
        base,
        amount,
        additional_discount,
    })
}

/// Fills in what a line's taxes leave out: the rate from the code, the base
/// from the net (IVA: plus the ICE of the line; IRBPNR counts units), the
/// amount from both. `None` when a number grows too big.
pub(super) fn complete(sent: Vec<SentTax>, net: Decimal, units: Decimal) -> Option<Vec<DraftTax>> {
    let mut ice = Decimal::ZERO;
    let mut taxes: Vec<Option<DraftTax>> = vec![None; sent.len()];
    // ICE first: it is part of the base of IVA.
    for ice_turn in [true, false] {
        for (tax, slot) in sent.iter().zip(&mut taxes) {
            if (tax.code == ICE) != ice_turn {
                continue;
            }
            let base = match tax.code.as_str() {
                IVA => net.checked_add(ice)?,
                // The element has two places, and totals add up what it holds.
                IRBPNR => round_money(units),
                _ => net,
            };
            let done = complete_one(tax, base)?;
            if ice_turn {
                ice = ice.checked_add(done.amount)?;
            }
            *slot = Some(done);
        }
    }
    Some(taxes.into_iter().flatten().collect())
}

fn complete_one(sent: &SentTax, derived_base: Decimal) -> Option<DraftTax> {
    let base = sent.base.unwrap_or(derived_base);
    let rate = match sent.rate.or_else(|| rate_of_code(sent)) {
        Some(rate) => rate,
        None => implied_rate(base, sent.amount.unwrap_or_default())?,
    };
    let amount = match sent.amount {
        Some(amount) => amount,
        None => tax_amount(&sent.code, base, rate)?,
    };
    Some(DraftTax {
        code: sent.code.clone(),
        rate_code: sent.rate_code.clone(),
        rate,
        base,
        amount,
    })
}

fn rate_of_code(sent: &SentTax) -> Option<Decimal> {
    match sent.code.as_str() {
        IVA => iva_rate(&sent.rate_code),
        // The only rate of IRBPNR: two cents a bottle.
        IRBPNR => Some(Decimal::new(2, 2)),
        // An amount that was sent tells the rate better than a list of 2023.
        ICE if sent.amount.is_none() => ice_rate(&sent.rate_code),
        _ => None,
    }
}

/// The percentage that `amount` is of `base`.
pub(super) fn implied_rate(base: Decimal, amount: Decimal) -> Option<Decimal> {
    if base.is_zero() {
        return Some(Decimal::ZERO);
    }
    let hundredfold = amount.checked_mul(Decimal::ONE_HUNDRED)?;
    hundredfold.checked_div(base).map(round_money)
}

/// `base` × `rate`: percent, but dollars per unit for IRBPNR.
pub(super) fn tax_amount(code: &str, base: Decimal, rate: Decimal) -> Option<Decimal> {
    let product = base.checked_mul(rate)?;
    let amount = match code {
        IRBPNR => product,
        _ => product.checked_div(Decimal::ONE_HUNDRED)?,
    };
    Some(round_money(amount))
}
