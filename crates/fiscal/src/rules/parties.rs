//! Who takes part: issuer, buyer, suppliers and carrier.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::{ModelPath, Report, RuleCode, info};
use crate::check_digits::{CheckDigit, ruc_check};
use crate::identification::{FINAL_CONSUMER, IdentificationProblem, IdentificationType};
use crate::invoice::Invoice;

/// Dollars up to which the buyer may stay unidentified (ficha técnica 9.10).
const FINAL_CONSUMER_LIMIT: Decimal = Decimal::from_parts(50, 0, 0, false, 0);
const FINAL_CONSUMER_LIMIT_SINCE: Date = date(2023, 2, 1);
const FINAL_CONSUMER_NAME: &str = "CONSUMIDOR FINAL";

pub(super) fn check(invoice: &Invoice, report: &mut Report) {
    let ruc = invoice.tax_info.ruc;
    if ruc_check(&ruc) == CheckDigit::Fails {
        let path = ModelPath::of("tax_info").field("ruc");
        check_digit(ruc.as_str(), path, report);
    }
    let buyer = &invoice.info;
    let path = info("receiver_id");
    party(&buyer.receiver_id_type, &buyer.receiver_id, path, report);
    for (index, document) in invoice.reimbursed_documents.iter().enumerate() {
        let path = ModelPath::of("reimbursed_documents")
            .at(index)
            .field("supplier_id");
        party(
            &document.supplier_id_type,
            &document.supplier_id,
            path,
            report,
        );
    }
    if let Some(waybill) = &invoice.substitute_waybill {
        let path = ModelPath::of("substitute_waybill").field("carrier_id");
        party(&waybill.carrier_id_type, &waybill.carrier_id, path, report);
    }
    if buyer.receiver_id_type == IdentificationType::FinalConsumer.code() {
        final_consumer(invoice, report);
    }
}

fn party(code: &str, id: &str, path: ModelPath, report: &mut Report) {
    let Some(kind) = IdentificationType::from_code(code) else {
        let message = format!(
            "El tipo de identificación {code} no es conocido. \
             La ficha técnica admite 04, 05, 06, 07 y 08. Cambie el tipo.",
        );
        return report.add(RuleCode::IdentificationType, path, message);
    };
    if id == FINAL_CONSUMER && kind != IdentificationType::FinalConsumer {
        let message = format!(
            "La identificación {id} va con el tipo {code} y es de consumidor final. \
             El tipo de consumidor final es 07. Cambie el tipo o la identificación.",
        );
        return report.add(RuleCode::FinalConsumerType, path, message);
    }
    match kind.check_format(id) {
        Err(problem) => wrong_format(id, code, problem, path, report),
        Ok(()) if kind.check_digit(id) == CheckDigit::Fails => check_digit(id, path, report),
        Ok(()) => {}
    }
}

fn wrong_format(
    id: &str,
    kind: &str,
    problem: IdentificationProblem,
    path: ModelPath,
    report: &mut Report,
) {
    use IdentificationProblem as P;
    let (code, form) = match problem {
        P::FinalConsumer => (
            RuleCode::FinalConsumerId,
            "El consumidor final lleva 9999999999999",
        ),
        P::Ruc => (
            RuleCode::IdentificationFormat,
            "Un RUC tiene 13 dígitos y termina en 001",
        ),
        P::Cedula => (
            RuleCode::IdentificationFormat,
            "Una cédula tiene 10 dígitos",
        ),
        P::Passport => (
            RuleCode::IdentificationFormat,
            "Un pasaporte tiene de 3 a 20 letras y dígitos",
        ),
        P::Foreign => (
            RuleCode::IdentificationFormat,
            "Una identificación del exterior tiene de 1 a 20 caracteres",
        ),
    };
    let message = format!(
        "La identificación {id} no corresponde al tipo {kind}. {form}. \
         Corrija la identificación o el tipo.",
    );
    report.add(code, path, message);
}

fn check_digit(id: &str, path: ModelPath, report: &mut Report) {
    let message = format!(
        "El dígito verificador de {id} no es el esperado. \
         Algunos números recientes tampoco lo cumplen. \
         Confirme que el número esté bien escrito.",
    );
    report.add(RuleCode::CheckDigit, path, message);
}

fn final_consumer(invoice: &Invoice, report: &mut Report) {
    let name = invoice.info.receiver_name.trim();
    if !name.eq_ignore_ascii_case(FINAL_CONSUMER_NAME) {
        let message = format!(
            "El nombre del comprador es «{name}» y debe ser «{FINAL_CONSUMER_NAME}». \
             El tipo 07 es para quien no se identifica. \
             Cambie el nombre o identifique al comprador.",
        );
        report.add(RuleCode::FinalConsumerName, info("receiver_name"), message);
    }
    let (total, day) = (invoice.info.total, invoice.info.issue_date);
    if total.value() > FINAL_CONSUMER_LIMIT && day >= FINAL_CONSUMER_LIMIT_SINCE {
        let message = format!(
            "La venta a consumidor final es de {total} y puede ser hasta {FINAL_CONSUMER_LIMIT}.00. \
             Desde ese monto el SRI pide los datos del comprador. \
             Identifique al comprador.",
        );
        report.add(RuleCode::FinalConsumerLimit, info("total"), message);
    }
}
