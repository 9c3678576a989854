//! `emisor`.

use tagua_fiscal::{Ruc, Series, ThreeDigits};

use super::context::{IssuerDefaults, Rimpe};
use super::finding::ErrorCode;
use super::json::Value;
use super::reader::{Need, Reader};

/// The issuer with the configuration's additions.
#[derive(Clone, Debug)]
pub(super) struct SentIssuer {
    pub(super) ruc: Ruc,
    pub(super) series: Series,
    pub(super) legal_name: String,
    pub(super) trade_name: Option<String>,
    pub(super) head_office_address: String,
    pub(super) establishment_address: Option<String>,
    pub(super) keeps_accounts: Option<bool>,
    pub(super) special_taxpayer: Option<String>,
    pub(super) rimpe_legend: Option<String>,
    pub(super) withholding_agent: Option<String>,
}

pub(super) fn read_issuer(r: &Reader<'_, '_>, defaults: &IssuerDefaults) -> Option<SentIssuer> {
    let r = r.child("emisor", Need::Required)?;
    let ruc = read_ruc(&r);
    let or = |sent: Option<String>, default: &Option<String>| sent.or_else(|| default.clone());
    let legal_name = or(r.text("razon_social", 300), &defaults.legal_name);
    let trade_name = or(r.text("nombre_comercial", 300), &defaults.trade_name);
    let head_office = or(r.text("direccion", 300), &defaults.head_office_address);
    let keeps_accounts = r.boolean("obligado_contabilidad");
    let special_taxpayer = r.text("contribuyente_especial", 13);
    let rimpe_legend = read_rimpe(&r, defaults.rimpe);
    let withholding_agent = r.text("agente_retencion", 8);
    let establishment = r.child("establecimiento", Need::Required);
    let (series, address) = match &establishment {
        Some(establishment) => (
            read_series(establishment),
            establishment.text("direccion", 300),
        ),
        None => (None, None),
    };
    Some(SentIssuer {
        ruc: ruc?,
        series: series?,
        // Never an error (CONTRACT 5.3): the schema tells when nobody knows them.
        legal_name: legal_name.unwrap_or_default(),
        trade_name,
        head_office_address: head_office.unwrap_or_default(),
        establishment_address: or(address, &defaults.establishment_address),
        keeps_accounts: keeps_accounts.or(defaults.keeps_accounts),
        special_taxpayer: or(special_taxpayer, &defaults.special_taxpayer),
        rimpe_legend,
        withholding_agent: or(withholding_agent, &defaults.withholding_agent),
    })
}

fn read_ruc(r: &Reader<'_, '_>) -> Option<Ruc> {
    let text = r.required_code("ruc")?;
    let ruc = text.parse();
    if ruc.is_err() {
        let code = match text.chars().count() {
            13 => ErrorCode::InvalidFormat,
            _ => ErrorCode::InvalidLength,
        };
        r.invalid("ruc", code, "El RUC tiene 13 dígitos");
    }
    ruc.ok()
}

fn read_series(r: &Reader<'_, '_>) -> Option<Series> {
    let establishment = r.required_padded("codigo", 3);
    let point = r.required_padded("punto_emision", 3);
    Some(Series {
        establishment: establishment?.parse::<ThreeDigits>().ok()?,
        point: point?.parse::<ThreeDigits>().ok()?,
    })
}

/// `regimen_rimpe` or its alias; absent: the configuration (CONTRACT 7.1).
fn read_rimpe(r: &Reader<'_, '_>, default: Option<Rimpe>) -> Option<String> {
    let key = r.pick(&["regimen_rimpe", "contribuyente_rimpe"]);
    let Some(value) = r.value(key) else {
        return default.map(|rimpe| rimpe.legend().to_owned());
    };
    let text = match value {
        Value::Array(_) | Value::Object(_) => {
            r.invalid(key, ErrorCode::InvalidDataType, "Debe ser un código");
            return None;
        }
        value => super::text::scalar(value)?.trim().to_uppercase(),
    };
    let rimpe = match text.as_str() {
        "0" | "NO" | "FALSE" => return None,
        "1" | "SI" | "SÍ" | "TRUE" | "CONTRIBUYENTE REGIMEN RIMPE" => Rimpe::Taxpayer,
        "2" => Rimpe::PopularBusiness,
        text if text == Rimpe::Taxpayer.legend() => Rimpe::Taxpayer,
        text if text.contains("POPULAR") && text.contains("RIMPE") => Rimpe::PopularBusiness,
        _ => {
            let details = "Use 1 (régimen RIMPE), 2 (negocio popular) o 0 (ninguno)";
            r.invalid(key, ErrorCode::InvalidValue, details);
            return None;
        }
    };
    Some(rimpe.legend().to_owned())
}
