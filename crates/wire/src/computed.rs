//! Amounts that are computed, whatever was sent (`X-Tagua-Complete: totals`):
//! from quantities, prices, discounts and tax codes, half-up per line.

use tagua_fiscal::Amount;
use tagua_fiscal::catalogue::{IceBasis, ice_code};

use super::amounts::{additional_discount, export_charges, plain_total};
use super::codes::{ice_rate, iva_rate};
use super::collection::Collection;
use super::draft::{Draft, DraftLine, DraftTotal, DraftTotals};
use super::finding::ErrorCode;
use super::numbers::sum;
use super::reader::{Need, Reader};
use super::taxes::{ICE, IVA, SentTax, tax_amount};
use super::totals::{SentTotals, complete_totals};
use super::writer::JsonWriter;

/// The tax of a line with its rate alone, so that base and amount follow from
/// the line. The rate is the code's; one that the code does not tell must be
/// sent. ICE per unit stays as sent: its units are not those of the line.
pub(super) fn rate_alone(sent: SentTax, r: &Reader<'_, '_>) -> Option<SentTax> {
    let basis = match sent.code.as_str() {
        ICE => ice_code(&sent.rate_code).map(|row| row.basis),
        _ => None,
    };
    let rate = match (sent.code.as_str(), basis) {
        (_, Some(IceBasis::Specific(_) | IceBasis::Mixed(..))) => return as_sent(sent, r),
        (IVA, _) => iva_rate(&sent.rate_code).or(sent.rate),
        (ICE, _) => sent.rate.or_else(|| ice_rate(&sent.rate_code)),
        // The rate of IRBPNR is filled in like everybody's.
        _ => return Some(without_amounts(sent)),
    };
    if rate.is_none() {
        r.missing("tarifa");
    }
    let rate = Some(rate?);
    Some(without_amounts(SentTax { rate, ..sent }))
}

fn without_amounts(sent: SentTax) -> SentTax {
    SentTax {
        base: None,
        amount: None,
        ..sent
    }
}

fn as_sent(sent: SentTax, r: &Reader<'_, '_>) -> Option<SentTax> {
    if sent.base.is_none() {
        r.missing("base_imponible");
    }
    if sent.amount.is_none() {
        r.missing("valor");
    }
    (sent.base.is_some() && sent.amount.is_some()).then_some(sent)
}

/// Every total from the lines; tip, subsidy, export charges and additional
/// discounts as they were sent. `None` when a number grows too big.
pub(super) fn compute_totals(
    r: &Reader<'_, '_>,
    sent: &SentTotals,
    draft: &mut Draft,
) -> Option<()> {
    let from_lines = SentTotals {
        net: Some(sum(draft.lines.iter().map(|line| line.net))?),
        discount: None,
        taxes: rows(&draft.lines, &sent.taxes),
        ..sent.clone()
    };
    draft.totals = complete_totals(&from_lines, &draft.lines)?;
    draft
        .totals
        .taxes
        .iter_mut()
        .try_for_each(tax_what_is_left)?;
    check_additional_discount(r, draft)?;
    draft.totals.total = plain_total(draft)?.checked_add(export_charges(draft)?)?;
    Some(())
}

/// One row per tax and rate code, in the order in which the lines mention them.
fn rows(lines: &[DraftLine], sent: &[SentTax]) -> Vec<SentTax> {
    let mut rows: Vec<SentTax> = Vec::new();
    for tax in lines.iter().flat_map(|line| &line.taxes) {
        let same = |row: &&SentTax| row.code == tax.code && row.rate_code == tax.rate_code;
        if rows.iter().any(|row| same(&row)) {
            continue;
        }
        rows.push(SentTax {
            code: tax.code.clone(),
            rate_code: tax.rate_code.clone(),
            rate: None,
            base: None,
            amount: None,
            additional_discount: sent
                .iter()
                .find(same)
                .and_then(|row| row.additional_discount),
        });
    }
    rows
}

/// IVA of the base less its additional discount, where it has one.
fn tax_what_is_left(row: &mut DraftTotal) -> Option<()> {
    if let (Some(discount), Some(rate)) = (row.additional_discount, row.rate) {
        row.amount = tax_amount(&row.code, row.base.checked_sub(discount)?, rate)?;
    }
    Some(())
}

/// A discount over everything changes the tax of one row, and nobody but the
/// client knows of which.
fn check_additional_discount(r: &Reader<'_, '_>, draft: &Draft) -> Option<()> {
    let rows = draft.totals.taxes.iter();
    let placed = sum(rows.filter_map(|row| row.additional_discount))?;
    if placed != additional_discount(draft)?
        && let Some(totals) = r.child("totales", Need::Optional)
    {
        let details = "Ponga el descuento en la fila de totales.impuestos a la que pertenece: \
                       hay varias tarifas de IVA, o ninguna";
        totals.invalid("descuento_adicional", ErrorCode::InvalidValue, details);
    }
    Some(())
}

/// The members of `totales` that are computed or have a place in the model.
const NAMES: [&str; 8] = [
    "total_sin_impuestos",
    "descuento",
    "descuento_adicional",
    "propina",
    "total_subsidio",
    "impuestos",
    "importe_total",
    "total",
];

/// `totales` as the wire writes it, followed by what else was sent in it.
pub(super) fn totals_json(
    r: &Reader<'_, '_>,
    collection: Collection,
    totals: &DraftTotals,
) -> String {
    let amount = |w: &mut JsonWriter, key: &str, value| {
        w.key(key);
        w.raw(&Amount::rounded(value).to_string());
    };
    let has_discount = matches!(
        collection,
        Collection::Invoices | Collection::PurchaseSettlements
    );
    let mut writer = JsonWriter::with_capacity(256);
    writer.object(|w| {
        amount(w, "total_sin_impuestos", totals.net);
        if has_discount {
            amount(w, "descuento", totals.discount);
        }
        if has_discount && !totals.additional_discount.is_zero() {
            amount(w, "descuento_adicional", totals.additional_discount);
        }
        if collection == Collection::Invoices {
            amount(w, "propina", totals.tip);
        }
        if let Some(subsidy) = totals.subsidy {
            amount(w, "total_subsidio", subsidy);
        }
        w.key("impuestos");
        w.array(|w| totals.taxes.iter().for_each(|row| write_row(w, row)));
        amount(w, "importe_total", totals.total);
        write_others(w, r);
    });
    writer.finish()
}

fn write_row(w: &mut JsonWriter, row: &DraftTotal) {
    let amounts = [
        ("descuento_adicional", row.additional_discount),
        ("base_imponible", Some(row.base)),
        ("tarifa", row.rate),
        ("valor", Some(row.amount)),
    ];
    w.object(|w| {
        w.key("codigo");
        w.string(&row.code);
        w.key("codigo_porcentaje");
        w.string(&row.rate_code);
        for (key, value) in amounts {
            if let Some(value) = value {
                w.key(key);
                w.raw(&Amount::rounded(value).to_string());
            }
        }
    });
}

/// Fields nobody knows come back (CONTRACT 2.3.1).
fn write_others(w: &mut JsonWriter, r: &Reader<'_, '_>) {
    let Some(sent) = r.value("totales").and_then(|value| value.as_object()) else {
        return;
    };
    for member in &sent.members {
        if !NAMES.contains(&member.key.as_ref()) {
            w.key(&member.key);
            w.value(&member.value);
        }
    }
}
