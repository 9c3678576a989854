//! What a request should not say, although it makes a right document.

use rust_decimal::Decimal;

use super::collection::Collection;
use super::currency::is_dollar;
use super::finding::{ErrorCode, WireFinding};
use super::json::Value;
use super::reader::{Findings, Need, Reader};

/// Warnings about a request that [`super::read_document`] could read: a rate
/// with dollars, a negotiable invoice without the buyer's address (CONTRACT
/// 5.3). None of them refuses.
pub fn warnings(collection: Collection, body: &Value<'_>) -> Vec<WireFinding> {
    let Some(object) = body.as_object() else {
        return Vec::new();
    };
    let findings = Findings::default();
    let r = Reader::root(object, &findings);
    match collection {
        Collection::Invoices => {
            rate_with_dollars(&r);
            negotiable_without_address(&r);
        }
        Collection::CreditNotes | Collection::PurchaseSettlements => rate_with_dollars(&r),
        _ => {}
    }
    findings.into_inner()
}

fn rate_with_dollars(r: &Reader<'_, '_>) {
    let dollars = r.code("moneda").is_none_or(|name| is_dollar(&name));
    if dollars
        && r.number("tasa_cambio")
            .is_some_and(|rate| rate != Decimal::ONE)
    {
        let details = "La moneda es el dólar y la tasa no se usa. Envíe la moneda de los montos, \
                       u omita la tasa.";
        r.invalid("tasa_cambio", ErrorCode::InvalidValue, details);
    }
}

fn negotiable_without_address(r: &Reader<'_, '_>) {
    if r.boolean("negociable") != Some(true) {
        return;
    }
    if let Some(buyer) = r.child("comprador", Need::Optional)
        && buyer.value("email").is_none()
    {
        let details = "Sin el correo del comprador, la factura comercial negociable se le notifica \
                       en el portal del SRI. Envíelo para que la notificación sea automática.";
        buyer.invalid("email", ErrorCode::MissingParameter, details);
    }
}
