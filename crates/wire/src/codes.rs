//! The closed code lists of the wire (CONTRACT 8).

use rust_decimal::Decimal;
use tagua_fiscal::catalogue::{IceBasis, ice_code};

/// `tipo_identificacion`, two digits; 09 is in Dátil's list though not in the schema.
pub(super) fn is_identification_type(code: &str) -> bool {
    matches!(code, "04" | "05" | "06" | "07" | "08" | "09")
}

/// The percentage of an IVA code. Which one was in force when is a matter of rules.
pub(super) fn iva_rate(rate_code: &str) -> Option<Decimal> {
    let percentage = match rate_code {
        "0" | "6" | "7" => 0,
        "2" => 12,
        "3" => 14,
        "4" => 15,
        "5" => 5,
        "8" => 8,
        "10" => 13,
        _ => return None,
    };
    Some(Decimal::from(percentage))
}

/// The percentage of an ICE code, where it is nothing but a percentage: it
/// fills in an amount that nobody sent.
pub(super) fn ice_rate(rate_code: &str) -> Option<Decimal> {
    match ice_code(rate_code)?.basis {
        IceBasis::AdValorem(rate) => Some(rate.value()),
        IceBasis::Specific(_) | IceBasis::Mixed(..) | IceBasis::Import => None,
    }
}

/// The rate of a withholding inside an invoice, in hundredths of a percent.
pub(super) fn invoice_withholding_rate(rate_code: &str) -> Option<Decimal> {
    let hundredths = match rate_code {
        "3" | "5" | "6" => 10_000,
        "4" => 1_200,
        "327" => 20,
        "328" => 30,
        _ => return None,
    };
    Some(Decimal::new(hundredths, 2))
}

/// SRI's payment code of a `medio`: one of Dátil's names, old or new, or SRI's
/// own code with or without its zero.
pub(super) fn payment_method(medio: &str) -> Option<&'static str> {
    Some(match medio.to_lowercase().as_str() {
        "efectivo" | "01" | "1" => "01",
        "compensacion_deudas" | "15" => "15",
        "tarjeta_debito" | "tarjetas_debito" | "16" => "16",
        "dinero_electronico_ec" | "17" => "17",
        "tarjeta_prepago" | "18" => "18",
        "tarjeta_credito"
        | "tarjeta_credito_nacional"
        | "tarjeta_credito_internacional"
        | "tarjeta_de_credito"
        | "19" => "19",
        "cheque"
        | "cheque_certificado"
        | "cheque_gerencia"
        | "cheque_exterior"
        | "debito_cuenta_bancaria"
        | "transferencia"
        | "transferencia_mismo_banco"
        | "transferencia_otro_banco"
        | "transferencia_banco_exterior"
        | "deposito_cuenta_bancaria"
        | "giro"
        | "credito_directo"
        | "otros"
        | "other"
        | "20" => "20",
        "endoso_titulos" | "endoso_inversion" | "21" => "21",
        _ => return None,
    })
}
