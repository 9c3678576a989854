//! Plates and item codes of commercial transport (ficha técnica, anexos 12 and 25).

use jiff::civil::{Date, date};

use super::place::{INVOICE_PLATE, LINE_AUXILIARY_CODE};
use super::{IssuerStatus, Report, RuleCode};
use crate::catalogue::{TRANSPORT_MEMBER_CODE, TRANSPORT_OPERATOR_CODE};
use crate::invoice::Invoice;

/// Ficha técnica, anexo 25.
const TRANSPORT_CODE_SINCE: Date = date(2025, 11, 1);
/// Res. NAC-DGERCGC26-00000024: 90 days after its publication, of which the
/// day is not known; counted from the ficha técnica of 2026-07-13.
const TRANSPORT_PLATE_SINCE: Date = date(2026, 10, 11);

pub(super) fn check(invoice: &Invoice, issuer: &IssuerStatus, report: &mut Report) {
    let day = invoice.info.issue_date;
    let operator = issuer.transport_operator;
    match invoice.info.plate.as_deref() {
        Some(plate) if operator && !is_vehicle(plate) => of_vehicle(plate, report),
        Some(plate) if !is_plate(plate) => of_fuel(plate, report),
        None if operator && day >= TRANSPORT_PLATE_SINCE => missing(report),
        _ => {}
    }
    if operator && day >= TRANSPORT_CODE_SINCE {
        codes(invoice, report);
    }
}

/// `ABC1234`, `ABC0123`: three-digit plates take a zero.
fn is_vehicle(plate: &str) -> bool {
    let (letters, digits) = plate.split_at_checked(3).unwrap_or_default();
    letters.bytes().all(|b| b.is_ascii_uppercase())
        && digits.len() == 4
        && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The forms of anexo 12 are many (motorcycles, diplomats, foreign plates,
/// machinery, `ZZZ9999` without a vehicle): capitals and digits, and not a
/// plate that lacks its zero.
fn is_plate(plate: &str) -> bool {
    let plain = plate
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let (letters, digits) = plate.split_at_checked(3).unwrap_or_default();
    let lacks_zero = letters.bytes().all(|b| b.is_ascii_uppercase())
        && digits.len() == 3
        && digits.bytes().all(|b| b.is_ascii_digit());
    plain && !lacks_zero
}

fn missing(report: &mut Report) {
    let message = "La factura no lleva la placa y el emisor es operadora de transporte comercial. \
                   La exige la resolución NAC-DGERCGC26-00000024 (anexo 25 de la ficha técnica). \
                   Escriba la placa del vehículo, como ABC1234.";
    report.add(RuleCode::TransportPlate, INVOICE_PLATE, &[], message);
}

fn of_vehicle(plate: &str, report: &mut Report) {
    let message = format!(
        "La placa «{plate}» no tiene tres letras y cuatro dígitos. \
         Así la pide el anexo 25 de la ficha técnica, con un cero si tiene tres dígitos. \
         Escríbala como ABC1234 o ABC0123.",
    );
    report.add(RuleCode::PlateFormat, INVOICE_PLATE, &[], message);
}

fn of_fuel(plate: &str, report: &mut Report) {
    let message = format!(
        "La placa «{plate}» no tiene la forma del anexo 12 de la ficha técnica. \
         Lleva mayúsculas y dígitos sin guiones, y un cero si la placa tiene tres dígitos. \
         Escríbala como ABC1234 o ABC0123.",
    );
    report.add(RuleCode::PlateFormat, INVOICE_PLATE, &[], message);
}

fn codes(invoice: &Invoice, report: &mut Report) {
    let known = [TRANSPORT_OPERATOR_CODE, TRANSPORT_MEMBER_CODE];
    for (index, line) in invoice.lines.iter().enumerate() {
        let code = line.auxiliary_code.as_deref();
        if code.is_some_and(|code| known.contains(&code)) {
            continue;
        }
        let happened = match code {
            Some(code) => format!("lleva el código auxiliar «{code}»"),
            None => "no lleva código auxiliar".to_owned(),
        };
        let message = format!(
            "La línea {happened} y el emisor es operadora de transporte comercial. \
             El anexo 25 de la ficha técnica pide {TRANSPORT_OPERATOR_CODE} en cada línea desde \
             noviembre de 2025. \
             Escriba {TRANSPORT_OPERATOR_CODE}.",
        );
        let place = LINE_AUXILIARY_CODE;
        report.add(RuleCode::TransportCode, place, &[index], message);
    }
}
