//! Who takes part: issuer, buyer, suppliers, carriers and recipients.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::place::{self, Place, RECEIVER_NAME, RUC, TOTAL};
use super::{Report, RuleCode};
use crate::catalogue::country_by_code;
use crate::check_digits::{CheckDigit, ruc_check};
use crate::common::TaxInfo;
use crate::identification::{FINAL_CONSUMER, IdentificationProblem, IdentificationType};
use crate::invoice::Invoice;

/// Dollars up to which the buyer may stay unidentified (ficha técnica 9.10).
const FINAL_CONSUMER_LIMIT: Decimal = Decimal::from_parts(50, 0, 0, false, 0);
const FINAL_CONSUMER_LIMIT_SINCE: Date = date(2023, 2, 1);
const FINAL_CONSUMER_NAME: &str = "CONSUMIDOR FINAL";

pub(super) fn issuer(header: &TaxInfo, report: &mut Report) {
    if ruc_check(&header.ruc) == CheckDigit::Fails {
        check_digit(header.ruc.as_str(), RUC, &[], report);
    }
}

/// An identification against its type (ficha técnica, table 6).
pub(super) fn party(code: &str, id: &str, place: Place, positions: &[usize], report: &mut Report) {
    let Some(kind) = IdentificationType::from_code(code) else {
        let message = format!(
            "El tipo de identificación {code} no es conocido. \
             La ficha técnica admite 04, 05, 06, 07 y 08. Cambie el tipo.",
        );
        return report.add(RuleCode::IdentificationType, place, positions, message);
    };
    if id == FINAL_CONSUMER && kind != IdentificationType::FinalConsumer {
        let message = format!(
            "La identificación {id} va con el tipo {code} y es de consumidor final. \
             El tipo de consumidor final es 07. Cambie el tipo o la identificación.",
        );
        return report.add(RuleCode::FinalConsumerType, place, positions, message);
    }
    match kind.check_format(id) {
        Err(problem) => wrong_format(id, code, problem, place, positions, report),
        Ok(()) if kind.check_digit(id) == CheckDigit::Fails => {
            check_digit(id, place, positions, report);
        }
        Ok(()) => {}
    }
}

/// A party that no element types: a number with the form of a RUC or of a
/// cédula is taken for one.
pub(super) fn untyped_party(id: &str, place: Place, positions: &[usize], report: &mut Report) {
    let kinds = [IdentificationType::Ruc, IdentificationType::Cedula];
    let kind = kinds.into_iter().find(|kind| kind.check_format(id).is_ok());
    if kind.is_some_and(|kind| kind.check_digit(id) == CheckDigit::Fails) {
        check_digit(id, place, positions, report);
    }
}

fn wrong_format(
    id: &str,
    kind: &str,
    problem: IdentificationProblem,
    place: Place,
    positions: &[usize],
    report: &mut Report,
) {
    use IdentificationProblem as P;
    let form = match problem {
        P::FinalConsumer => "El consumidor final lleva 9999999999999",
        P::Ruc => "Un RUC tiene 13 dígitos y termina en 001",
        P::Cedula => "Una cédula tiene 10 dígitos",
        P::Passport => "Un pasaporte tiene de 3 a 20 letras y dígitos",
        P::Foreign => "Una identificación del exterior tiene de 1 a 20 caracteres",
    };
    let code = match problem {
        P::FinalConsumer => RuleCode::FinalConsumerId,
        P::Ruc | P::Cedula | P::Passport | P::Foreign => RuleCode::IdentificationFormat,
    };
    let message = format!(
        "La identificación {id} no corresponde al tipo {kind}. {form}. \
         Corrija la identificación o el tipo.",
    );
    report.add(code, place, positions, message);
}

/// SRI states that company numbers follow no algorithm: never more than a hint.
fn check_digit(id: &str, place: Place, positions: &[usize], report: &mut Report) {
    let message = format!(
        "El dígito verificador de {id} no es el esperado. \
         Algunos números recientes tampoco lo cumplen. \
         Confirme que el número esté bien escrito.",
    );
    report.add(RuleCode::CheckDigit, place, positions, message);
}

/// A country by its three digits (ficha técnica, table 25).
pub(super) fn country(code: Option<&str>, place: Place, positions: &[usize], report: &mut Report) {
    let Some(code) = code.filter(|code| country_by_code(code).is_none()) else {
        return;
    };
    let message = format!(
        "El país {code} no es conocido. Los países llevan los tres dígitos de la tabla 25 de \
         la ficha técnica; Ecuador es 593. Cambie el código.",
    );
    report.add(RuleCode::CountryUnknown, place, positions, message);
}

/// Ficha técnica, table 6: type 07 is of invoices alone. Of credit notes also
/// Res. NAC-DGERCGC25-00000017: what was sold to consumidor final is neither
/// annulled nor credited since 2026.
pub(super) fn identified(kind: &str, place: Place, report: &mut Report) {
    if kind != IdentificationType::FinalConsumer.code() {
        return;
    }
    let why = if place == place::RECEIVER_ID_TYPE {
        "El tipo 07 es solo de facturas, y desde 2026 una venta a consumidor final no se anula \
         ni con nota de crédito (resolución NAC-DGERCGC25-00000017)"
    } else {
        "El tipo 07 es solo de facturas (tabla 6 de la ficha técnica)"
    };
    let message = format!(
        "El comprobante va a consumidor final (07) y ese tipo no puede recibirlo. {why}. \
         Use la identificación de la persona.",
    );
    report.add(RuleCode::FinalConsumerNotAllowed, place, &[], message);
}

/// Ficha técnica 9.10.
pub(super) fn final_consumer(invoice: &Invoice, report: &mut Report) {
    if invoice.info.receiver_id_type != IdentificationType::FinalConsumer.code() {
        return;
    }
    let name = invoice.info.receiver_name.trim();
    if !name.eq_ignore_ascii_case(FINAL_CONSUMER_NAME) {
        let message = format!(
            "El nombre del comprador es «{name}» y debe ser «{FINAL_CONSUMER_NAME}». \
             El tipo 07 es para quien no se identifica. \
             Cambie el nombre o identifique al comprador.",
        );
        report.add(RuleCode::FinalConsumerName, RECEIVER_NAME, &[], message);
    }
    let (total, day) = (invoice.info.total, invoice.info.issue_date);
    if total.value() > FINAL_CONSUMER_LIMIT && day >= FINAL_CONSUMER_LIMIT_SINCE {
        let message = format!(
            "La venta a consumidor final es de {total} y puede ser hasta {FINAL_CONSUMER_LIMIT}.00. \
             Desde ese monto el SRI pide los datos del comprador. \
             Identifique al comprador.",
        );
        report.add(RuleCode::FinalConsumerLimit, TOTAL, &[], message);
    }
}
