//! The sums of a document (ficha técnica, table 21): pure functions from the
//! lines of an [`Invoice`].
//!
//! Every stored amount is rounded half-up to two places, once. Numbers that no
//! schema can carry saturate instead of overflowing, so that nothing here panics.

use rust_decimal::Decimal;

use crate::catalogue::{TAX_ICE, TAX_IRBPNR, TAX_VAT, ice_code, vat_rate};
use crate::invoice::{Invoice, InvoiceInfo, Line, LineTax, TaxTotal};
use crate::number::{Amount, Quantity, Rate};

/// What [`compute`] finds for a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// `totalSinImpuestos`.
    pub net: Amount,
    /// `totalDescuento`.
    pub discount: Amount,
    /// `totalConImpuestos`, in the order in which the lines mention the taxes.
    pub taxes: Vec<TaxTotal>,
    /// `importeTotal`.
    pub total: Amount,
}

impl Totals {
    /// Writes the totals into `invoice`.
    pub fn apply(self, invoice: &mut Invoice) {
        invoice.info.net_total = self.net;
        invoice.info.discount_total = self.discount;
        invoice.info.tax_totals = self.taxes;
        invoice.info.total = self.total;
    }
}

/// Every total of a document, from its lines as they are.
///
/// Additional discounts and refunds of IVA are taken from the rows of
/// `tax_totals` already there (a row whose tax no line mentions is lost); tip,
/// export charges and third-party items from the document.
pub fn compute(invoice: &Invoice) -> Totals {
    let taxes = tax_totals(&invoice.lines, &invoice.info.tax_totals);
    let net = net_total(&invoice.lines);
    let total = sum([
        net,
        tax_sum(&taxes),
        charges_and_tip(invoice),
        -refund_sum(&taxes),
    ]);
    Totals {
        net: Amount::rounded(net),
        discount: Amount::rounded(discount_total(&invoice.lines, &taxes)),
        taxes,
        total: Amount::rounded(total),
    }
}

/// `precioTotalSinImpuesto`: quantity × price − discount, rounded.
pub fn line_net(line: &Line) -> Amount {
    net_of(line.quantity, line.unit_price, line.discount)
}

/// `precioTotalSinImpuesto` of the lines of any document.
pub fn net_of(quantity: Quantity, unit_price: Quantity, discount: Amount) -> Amount {
    let gross = quantity.value().saturating_mul(unit_price.value());
    Amount::rounded(gross.saturating_sub(discount.value()))
}

/// The ICE of a line, the sum of its rows.
pub fn line_ice(line: &Line) -> Decimal {
    let ice = line.taxes.iter().filter(|tax| tax.code == TAX_ICE);
    sum(ice.map(|tax| tax.amount.value()))
}

/// `baseImponible` of the IVA of a line: its net plus its ICE. IRBPNR is outside.
pub fn line_vat_base(line: &Line) -> Decimal {
    line.net.value().saturating_add(line_ice(line))
}

/// `valor` of a tax. IRBPNR and the specific ICE are dollars per unit, the base
/// counting units; the rest are percentages. An ICE of both kinds gives only
/// its percentage here: its amount has to be typed.
pub fn tax_amount(code: &str, rate_code: &str, base: Amount, rate: Rate) -> Amount {
    if is_per_unit(code, rate_code) {
        Amount::rounded(base.value().saturating_mul(rate.value()))
    } else {
        percentage(base.value(), rate)
    }
}

/// `rate` per cent of `base`, rounded.
pub fn percentage(base: Decimal, rate: Rate) -> Amount {
    let hundredfold = base.saturating_mul(rate.value());
    Amount::rounded(hundredfold.saturating_mul(Decimal::new(1, 2)))
}

/// Whether `tarifa` is dollars per unit instead of a percentage.
pub fn is_per_unit(code: &str, rate_code: &str) -> bool {
    use crate::catalogue::IceBasis::Specific;
    code == TAX_IRBPNR
        || code == TAX_ICE
            && ice_code(rate_code).is_some_and(|row| matches!(row.basis, Specific(_)))
}

/// `totalSinImpuestos`: the sum of the nets the lines hold.
pub fn net_total(lines: &[Line]) -> Decimal {
    sum(lines.iter().map(|line| line.net.value()))
}

/// `totalDescuento`: discounts of the lines and additional discounts of the rows.
pub fn discount_total(lines: &[Line], taxes: &[TaxTotal]) -> Decimal {
    let of_lines = sum(lines.iter().map(|line| line.discount.value()));
    of_lines.saturating_add(additional_discount_sum(taxes))
}

/// The taxes of all lines with the same codes, added up as the lines hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxGroup<'a> {
    /// The first of them.
    pub first: &'a LineTax,
    /// Σ `baseImponible`.
    pub base: Decimal,
    /// Σ `valor`.
    pub amount: Decimal,
}

/// Groups the taxes of the lines by their codes, in order of first mention.
pub fn tax_groups(lines: &[Line]) -> Vec<TaxGroup<'_>> {
    let mut groups: Vec<TaxGroup<'_>> = Vec::new();
    for tax in lines.iter().flat_map(|line| &line.taxes) {
        let (base, amount) = (tax.base.value(), tax.amount.value());
        let same = |group: &&mut TaxGroup<'_>| {
            (&group.first.code, &group.first.rate_code) == (&tax.code, &tax.rate_code)
        };
        if let Some(group) = groups.iter_mut().find(same) {
            group.base = group.base.saturating_add(base);
            group.amount = group.amount.saturating_add(amount);
        } else {
            let first = tax;
            groups.push(TaxGroup {
                first,
                base,
                amount,
            });
        }
    }
    groups
}

/// `totalConImpuestos`: one row per tax and rate code.
///
/// A row of IVA is (base − additional discount) × rate, rounded once, which may
/// differ by cents from the sum of its lines; one of another tax is that sum.
/// `known` gives additional discounts and refunds of IVA.
pub fn tax_totals(lines: &[Line], known: &[TaxTotal]) -> Vec<TaxTotal> {
    tax_groups(lines)
        .iter()
        .map(|group| row_of(group, known))
        .collect()
}

/// Whether a row adds up a line's tax.
pub fn is_row_of(row: &TaxTotal, tax: &LineTax) -> bool {
    row.code == tax.code && row.rate_code == tax.rate_code
}

/// `valor` of a row of IVA: (base − additional discount) × rate.
pub fn vat_of_row(row: &TaxTotal, rate: Rate) -> Amount {
    let discount = row.additional_discount.unwrap_or_default().value();
    let taxed = row.base.value().saturating_sub(discount);
    percentage(taxed, rate)
}

/// The sum of the rows' `valor`.
pub fn tax_sum(taxes: &[TaxTotal]) -> Decimal {
    sum(taxes.iter().map(|row| row.amount.value()))
}

/// The sum of the `descuentoAdicional` of the rows of IVA.
pub fn additional_discount_sum(taxes: &[TaxTotal]) -> Decimal {
    let vat = taxes.iter().filter(|row| row.code == TAX_VAT);
    sum(vat
        .filter_map(|row| row.additional_discount)
        .map(Amount::value))
}

/// The sum of the rows' `valorDevolucionIva`.
pub fn refund_sum(taxes: &[TaxTotal]) -> Decimal {
    sum(taxes
        .iter()
        .filter_map(|row| row.vat_refund)
        .map(Amount::value))
}

/// Freight, insurance, customs and transport of an export.
pub fn export_charges(info: &InvoiceInfo) -> Decimal {
    let charges = [
        info.international_freight,
        info.international_insurance,
        info.customs_expenses,
        info.other_transport_expenses,
    ];
    sum(charges.into_iter().flatten().map(Amount::value))
}

/// `otrosRubrosTerceros`, added up.
pub fn third_party_sum(invoice: &Invoice) -> Decimal {
    sum(invoice
        .third_party_items
        .iter()
        .map(|item| item.total.value()))
}

/// The sum of the payments.
pub fn payment_sum(info: &InvoiceInfo) -> Decimal {
    sum(info.payments.iter().map(|payment| payment.total.value()))
}

/// Adds up, saturating.
pub(crate) fn sum(values: impl IntoIterator<Item = Decimal>) -> Decimal {
    values
        .into_iter()
        .fold(Decimal::ZERO, Decimal::saturating_add)
}

fn charges_and_tip(invoice: &Invoice) -> Decimal {
    let tip = invoice.info.tip.unwrap_or_default().value();
    sum([tip, export_charges(&invoice.info), third_party_sum(invoice)])
}

fn row_of(group: &TaxGroup<'_>, known: &[TaxTotal]) -> TaxTotal {
    let tax = group.first;
    let before = known.iter().find(|row| is_row_of(row, tax));
    let rate = match tax.code.as_str() {
        TAX_VAT => vat_rate(&tax.rate_code).map_or(tax.rate, |row| row.rate),
        _ => tax.rate,
    };
    let mut row = TaxTotal {
        code: tax.code.clone(),
        rate_code: tax.rate_code.clone(),
        additional_discount: before.and_then(|row| row.additional_discount),
        base: Amount::rounded(group.base),
        rate: Some(rate),
        amount: Amount::rounded(group.amount),
        vat_refund: before.and_then(|row| row.vat_refund),
    };
    if row.code == TAX_VAT {
        row.amount = vat_of_row(&row, rate);
    }
    row
}

/// The difference of two amounts, without its sign.
pub(crate) fn distance(left: Decimal, right: Decimal) -> Decimal {
    left.saturating_sub(right).abs()
}
