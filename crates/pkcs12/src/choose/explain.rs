//! The reasons of a choice in Spanish, for the client.

use super::{Candidate, UseClass, Verdict, use_class};
use crate::{CertificateFacts, date};

/// Marks the first candidate as chosen and says why it beats the others.
pub(super) fn explain_choice(
    candidates: &mut [Candidate],
    chosen: &CertificateFacts,
    ruc: Option<&str>,
) {
    let Some((first, others)) = candidates.split_first_mut() else {
        return;
    };
    first.verdict = Verdict::Chosen;
    first.explanation = format!("Elegido: {}.", merits_es(chosen, ruc));
    for other in others
        .iter_mut()
        .filter(|other| other.verdict == Verdict::Alternative)
    {
        if let Some(facts) = &other.facts {
            other.explanation = format!("No elegido: {}.", shortfall_es(facts, chosen, ruc));
        }
    }
}

fn merits_es(facts: &CertificateFacts, ruc: Option<&str>) -> String {
    let usage = match use_class(facts) {
        UseClass::DigitalSignature => "su uso incluye firma digital (digitalSignature)",
        UseClass::NonRepudiation => "su uso incluye no repudio (nonRepudiation)",
        UseClass::Unlimited => "no limita sus usos (sin keyUsage)",
        UseClass::NotForSignatures => "no hay otro mejor, aunque no declara uso de firma",
    };
    let owner = match (&facts.ruc, ruc) {
        (None, _) => "no indica RUC".to_owned(),
        (Some(found), None) => format!("es del RUC {}", found.value),
        (Some(found), Some(wanted)) if found.value == wanted => format!("es del RUC {wanted}"),
        (Some(found), Some(wanted)) => format!("es del RUC {}, no de {wanted}", found.value),
    };
    format!(
        "su clave está en el archivo, está vigente hasta {}, {usage}, {owner}",
        date::day_in_ecuador(facts.not_after)
    )
}

/// The first criterion by which the other one won, in the order of [`rank`].
fn shortfall_es(facts: &CertificateFacts, chosen: &CertificateFacts, ruc: Option<&str>) -> String {
    let ruc_of = |facts: &CertificateFacts| facts.ruc.as_ref().map(|ruc| ruc.value.clone());
    let is_other = |facts| ruc.is_some_and(|ruc| ruc_of(facts).is_some_and(|found| found != ruc));
    if is_other(facts) && !is_other(chosen) {
        return format!("es de otro RUC ({})", ruc_of(facts).unwrap_or_default());
    }
    if use_class(facts) > use_class(chosen) {
        let uses = facts.key_usage.map(|usage| usage.to_string());
        let uses = uses.unwrap_or_else(|| "sin keyUsage".to_owned());
        return format!("sus usos ({uses}) son menos adecuados para firmar");
    }
    if facts.ruc.is_none() && chosen.ruc.is_some() {
        return "no indica RUC y el elegido sí".to_owned();
    }
    if facts.not_before < chosen.not_before {
        return format!(
            "hay uno más nuevo, este es del {}",
            date::day_in_ecuador(facts.not_before)
        );
    }
    "es equivalente al elegido".to_owned()
}

/// Why a certificate alone is or is not eligible.
pub(super) fn explain(
    verdict: Verdict,
    facts: Option<&CertificateFacts>,
    id_matches_a_key: bool,
) -> String {
    let day = |seconds: fn(&CertificateFacts) -> i64| {
        facts
            .map(|facts| date::day_in_ecuador(seconds(facts)))
            .unwrap_or_default()
    };
    match verdict {
        Verdict::Chosen | Verdict::Alternative => "Puede firmar.".to_owned(),
        Verdict::Expired => format!("Descartado: venció el {}.", day(|facts| facts.not_after)),
        Verdict::NotYetValid => {
            format!(
                "Descartado: será válido desde el {}.",
                day(|facts| facts.not_before)
            )
        }
        Verdict::CertificationAuthority => {
            "Descartado: es de una entidad certificadora (CA).".to_owned()
        }
        Verdict::NoKey if id_matches_a_key => "Descartado: lleva el identificador (localKeyId) \
             de una clave del archivo, pero la clave pública es otra."
            .to_owned(),
        Verdict::NoKey => "Descartado: su clave privada no está en el archivo.".to_owned(),
        Verdict::NotRsa => "Descartado: su clave no es RSA.".to_owned(),
        Verdict::Unreadable => "Descartado: no se puede leer como certificado X.509.".to_owned(),
    }
}

/// Name and date of a candidate that is out of date.
pub(super) fn out_of_date_es(candidate: &Candidate) -> Option<String> {
    let facts = candidate.facts.as_ref()?;
    let name = facts.common_name.as_deref().unwrap_or(&facts.subject);
    match candidate.verdict {
        Verdict::Expired => Some(format!(
            "«{name}» venció el {}",
            date::day_in_ecuador(facts.not_after)
        )),
        Verdict::NotYetValid => Some(format!(
            "«{name}» será válido desde el {}",
            date::day_in_ecuador(facts.not_before)
        )),
        _ => None,
    }
}
