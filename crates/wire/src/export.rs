//! `exportacion`.

use tagua_fiscal::invoice::Export;

use super::countries::sri_country;
use super::draft::DraftExport;
use super::finding::ErrorCode;
use super::reader::{Need, Reader};
use super::text::is_digits;

pub(super) fn read_export(r: &Reader<'_, '_>) -> Option<DraftExport> {
    let r = r.child("exportacion", Need::Optional)?;
    let (incoterm, incoterm_place, incoterm_of_net_total) = read_incoterm(&r);
    let (origin_country, origin_port) = read_side(&r, "origen");
    let (destination_country, destination_port) = read_side(&r, "destino");
    let acquisition_country = read_country(&r, "codigo_pais_adquisicion");
    Some(DraftExport {
        data: Export {
            foreign_trade: Some("EXPORTADOR".to_owned()),
            incoterm,
            incoterm_place,
            origin_country,
            origin_port,
            destination_port,
            destination_country,
            acquisition_country,
        },
        incoterm_of_net_total,
        charges: read_charges(&r),
    })
}

type Incoterm = (Option<String>, Option<String>, Option<String>);

fn read_incoterm(r: &Reader<'_, '_>) -> Incoterm {
    let Some(r) = r.child("incoterm", Need::Required) else {
        return (None, None, None);
    };
    let term = r.required_text("termino", 10).map(|t| t.to_uppercase());
    let place = r.required_text("lugar", 300);
    // A C# example sends an amount here; the element wants the incoterm.
    let of_net_total = r
        .entry("total_sin_impuestos", 300)
        .filter(|text| text.bytes().all(|b| b.is_ascii_alphabetic()))
        .map(|text| text.to_uppercase())
        .or_else(|| term.clone());
    (term, place, of_net_total)
}

fn read_side(r: &Reader<'_, '_>, side: &str) -> (Option<String>, Option<String>) {
    let Some(r) = r.child(side, Need::Required) else {
        return (None, None);
    };
    if r.value("codigo_pais").is_none() {
        r.missing("codigo_pais");
    }
    let country = read_country(&r, "codigo_pais");
    (country, r.required_text("puerto", 300))
}

/// Two letters become SRI's three digits; three digits pass. Letters that are
/// not in SRI's table pass too: the schema refuses them later.
pub(super) fn read_country(r: &Reader<'_, '_>, key: &str) -> Option<String> {
    let sent = r.code(key)?.to_uppercase();
    if sent.len() == 2 && sent.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(sri_country(&sent).map_or(sent, str::to_owned));
    }
    if !is_digits(&sent, 3, 3) {
        let details = "Use el código ISO de dos letras o los tres dígitos del SRI";
        r.invalid(key, ErrorCode::InvalidValue, details);
        return None;
    }
    Some(sent)
}

fn read_charges(r: &Reader<'_, '_>) -> [Option<rust_decimal::Decimal>; 4] {
    let Some(r) = r.child("totales", Need::Optional) else {
        return [None; 4];
    };
    [
        "flete_internacional",
        "seguro_internacional",
        "gastos_aduaneros",
        "otros_gastos_transporte",
    ]
    .map(|key| r.number(key))
}
