//! `pagos[]` and `credito`.

use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::codes::payment_method;
use super::context::Amounts;
use super::draft::{DraftCredit, DraftPayment};
use super::finding::ErrorCode;
use super::numbers::decimal;
use super::reader::{Need, Reader};

/// The unit of a term that was sent without one.
const DAYS: &str = "dias";

/// Every name the payment code goes by.
const METHOD_KEYS: [&str; 5] = ["medio", "forma_pago", "tipo_pago", "codigo", "tipo"];

/// The names of its amount.
const TOTAL_KEYS: [&str; 2] = ["total", "total_pago"];

/// `pagos[]`. `method_name` is what the documentation of the document calls the
/// payment code. Where amounts are computed one row may leave out its total.
pub(super) fn read_sale_payments(
    r: &Reader<'_, '_>,
    method_name: &'static str,
    amounts: Amounts,
) -> Vec<DraftPayment> {
    let rows = r.children("pagos", Need::Optional);
    let has_total = |row: &Reader<'_, '_>| row.value(row.pick(&TOTAL_KEYS)).is_some();
    let open = match amounts {
        Amounts::Sent => None,
        Amounts::Computed => rows.iter().position(|row| !has_total(row)),
    };
    let read = |(index, row)| read_payment(row, method_name, open == Some(index));
    rows.iter().enumerate().filter_map(read).collect()
}

fn read_payment(
    r: &Reader<'_, '_>,
    method_name: &'static str,
    takes_rest: bool,
) -> Option<DraftPayment> {
    let found = METHOD_KEYS.iter().find(|key| r.value(key).is_some());
    let method_key = found.copied().unwrap_or(method_name);
    if found.is_none() {
        r.missing(method_key);
    }
    let method = read_method(r, method_key);
    let total = match takes_rest {
        true => Some(Decimal::ZERO),
        false => r.required_number(r.pick(&TOTAL_KEYS)),
    };
    r.text("notas", 300);
    let (term, term_unit) = read_term(r);
    Some(DraftPayment {
        method: method?,
        total: total?,
        takes_rest,
        term,
        term_unit,
    })
}

fn read_method(r: &Reader<'_, '_>, key: &str) -> Option<&'static str> {
    let method = payment_method(&r.code(key)?);
    if method.is_none() {
        let details = "Use uno de los medios documentados (efectivo, cheque, transferencia, \
                       tarjeta_credito...) o un código del SRI: 01, 15 a 21";
        r.invalid(key, ErrorCode::InvalidValue, details);
    }
    method
}

/// `plazo` and `unidad_tiempo` of the row, or of its `propiedades`: a free
/// dictionary, so a term there that is no number only stays in the record.
fn read_term(r: &Reader<'_, '_>) -> (Option<Decimal>, Option<String>) {
    let (mut term, mut unit) = (r.number("plazo"), r.text("unidad_tiempo", 10));
    if let Some(properties) = r.child("propiedades", Need::Optional) {
        let sent = properties.value("plazo").map(decimal);
        term = term.or_else(|| sent?.ok().filter(|term| !term.is_sign_negative()));
        unit = unit.or_else(|| properties.text("unidad_tiempo", 10));
    }
    let unit = term.map(|_| unit.unwrap_or_else(|| DAYS.to_owned()));
    (term, unit)
}

pub(super) fn read_credit(r: &Reader<'_, '_>) -> Option<DraftCredit> {
    let r = r.child("credito", Need::Optional)?;
    let due_date = r.required_date("fecha_vencimiento");
    let amount = r.required_number("monto");
    let method_key = r.pick(&["medio", "forma_pago"]);
    let method = match r.value(method_key) {
        // Credit sales are declared as "others with use of the financial system".
        None => Some("20"),
        Some(_) => read_method(&r, method_key),
    };
    Some(DraftCredit {
        method: method?,
        amount: amount?,
        due_date: due_date?,
    })
}

impl DraftPayment {
    /// When it is due, counted from `issue_date`: terms in days, months and years.
    pub(super) fn due_date(&self, issue_date: Date) -> Option<Date> {
        let term = i32::try_from(self.term?.trunc()).ok()?;
        let unit = self.term_unit.as_deref().unwrap_or(DAYS).to_lowercase();
        let span = match unit.get(..1)? {
            "d" => Span::new().try_days(term),
            "m" => Span::new().try_months(term),
            "a" => Span::new().try_years(term),
            _ => return None,
        };
        issue_date.checked_add(span.ok()?).ok()
    }
}

impl DraftCredit {
    /// The payment a credit becomes (CONTRACT 7.4.5): the term is the days
    /// from the issue to the due date, not below zero.
    pub(super) fn payment(&self, issue_date: Date) -> DraftPayment {
        let days = (self.due_date - issue_date).get_days().max(0);
        DraftPayment {
            method: self.method,
            total: self.amount,
            takes_rest: false,
            term: Some(Decimal::from(days)),
            term_unit: Some(DAYS.to_owned()),
        }
    }
}
