//! What a list may be asked for, and what is wrong with what was asked.

use jiff::civil::Date;
use tagua_fiscal::{AccessKey, Environment, Ruc, Sequential, Series, ThreeDigits};
use tagua_store::{Account, Cursor, ListQuery, Stage};
use tagua_wire::{Collection, ESTADOS, ErrorCode, WireFinding, estado};

use crate::app::App;
use crate::error::ApiError;
use crate::openapi::{Parameter, Place};
use crate::query;

pub(super) const CURSOR: &str = "cursor";
pub(super) const LIMIT: &str = "limit";
const LIMIT_DEFAULT: usize = 30;
const LIMIT_MAX: usize = 100;

/// Every parameter of a list.
pub(in crate::routes) const PARAMETERS: [Parameter; 15] = [
    parameter("desde", "Primer día de emisión, AAAA-MM-DD.", "2026-11-01"),
    parameter("hasta", "Último día de emisión, AAAA-MM-DD.", "2026-11-30"),
    parameter(
        "estado",
        "Uno o varios, separados por comas: CREADO, ENVIADO, RECIBIDO, DEVUELTO, AUTORIZADO, NO \
         AUTORIZADO, ERROR.",
        "DEVUELTO,NO AUTORIZADO",
    ),
    parameter(
        "receptor",
        "Identificación completa del receptor.",
        "1710034065",
    ),
    parameter("secuencial_desde", "Menor secuencial.", "100"),
    parameter("secuencial_hasta", "Mayor secuencial.", "199"),
    parameter(
        "establecimiento",
        "Tres dígitos; junto con punto_emision.",
        "001",
    ),
    parameter(
        "punto_emision",
        "Tres dígitos; junto con establecimiento.",
        "002",
    ),
    parameter(
        "clave_acceso",
        "49 dígitos.",
        "2011202601179001234500110010020000001481234567810",
    ),
    Parameter {
        values: &["1", "2"],
        ..parameter("ambiente", "1 pruebas, 2 producción.", "1")
    },
    parameter("emisor", "RUC del emisor.", "1790012345001"),
    parameter("external_id", "Su propio nombre, completo.", "pedido-4711"),
    parameter(
        "texto",
        "Comienzos de palabras del receptor, del número o de external_id, en cualquier orden.",
        "quim 148",
    ),
    parameter(
        CURSOR,
        "El de la página anterior; `next` ya lo lleva.",
        "00004e2000000001",
    ),
    parameter(
        LIMIT,
        "Filas por página; a lo más se dan 100. Si falta, 30.",
        "30",
    ),
];

const fn parameter(name: &'static str, about: &'static str, example: &'static str) -> Parameter {
    Parameter {
        name,
        place: Place::Query,
        about,
        example,
        values: &[],
    }
}

/// What was asked, read but for the issuer, whom only the store knows.
pub(super) struct Filter {
    sent: Vec<(String, String)>,
    issuer: Option<Ruc>,
    query: ListQuery,
}

impl Filter {
    /// Reads a query; empty values ask for nothing.
    ///
    /// # Errors
    /// 400 with every parameter at fault.
    pub(super) fn read(query: &str) -> Result<Self, ApiError> {
        let mut findings = Findings::default();
        let sent = query::pairs(query).unwrap_or_else(|name| {
            findings.add(
                &name,
                ErrorCode::InvalidFormat,
                "La codificación con % está rota",
            );
            Vec::new()
        });
        findings.look_for_strangers(&sent);
        let mut values = Values {
            sent: &sent,
            findings,
        };
        let issuer = values.read("emisor", "RUC de 13 dígitos", |text| text.parse().ok());
        let query = values.query();
        match values.findings.0 {
            findings if findings.is_empty() => Ok(Self {
                issuer,
                query,
                sent,
            }),
            findings => Err(ApiError::Refused {
                findings,
                request: None,
            }),
        }
    }

    /// How many rows a page has at the most.
    pub(super) const fn limit(&self) -> usize {
        self.query.limit
    }

    /// What was sent, in order.
    pub(super) fn sent(&self) -> impl Iterator<Item = (&str, &str)> {
        let sent = self.sent.iter();
        sent.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The store's query; `None` where nothing can match.
    pub(super) async fn query(
        &self,
        app: &App,
        account: &Account,
        collection: Option<Collection>,
    ) -> Result<Option<ListQuery>, ApiError> {
        let mut query = self.query.clone();
        query.document_type = collection.map(Collection::document_type);
        query.schema_version = match collection {
            Some(Collection::Retentions) => Some("1.0.0".to_owned()),
            Some(Collection::AtsRetentions) => Some("2.0.0".to_owned()),
            _ => None,
        };
        if let Some(ruc) = self.issuer {
            match app.store.issuer(account.id, ruc).await? {
                Some(issuer) => query.issuer = Some(issuer.id),
                None => return Ok(None),
            }
        }
        Ok(Some(query))
    }
}

#[derive(Default)]
struct Findings(Vec<WireFinding>);

impl Findings {
    fn add(&mut self, name: &str, code: ErrorCode, details: impl Into<String>) {
        self.0
            .push(WireFinding::new(name.to_owned(), code, details));
    }

    /// A misspelt filter that is ignored would list too much.
    fn look_for_strangers(&mut self, sent: &[(String, String)]) {
        let known = |name: &str| PARAMETERS.iter().any(|own| own.name == name);
        let mut seen: Vec<&str> = Vec::new();
        for (name, _) in sent {
            if !known(name) {
                let names: Vec<_> = PARAMETERS.iter().map(|own| own.name).collect();
                let details = format!("No hay tal filtro. Se admiten: {}", names.join(", "));
                self.add(name, ErrorCode::InvalidParameter, details);
            } else if seen.contains(&name.as_str()) {
                self.add(name, ErrorCode::InvalidValue, "Envíelo una sola vez");
            }
            seen.push(name);
        }
    }
}

struct Values<'a> {
    sent: &'a [(String, String)],
    findings: Findings,
}

impl Values<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let found = self.sent.iter().find(|(own, _)| own == name);
        let text = found.map(|(_, value)| value.trim().to_owned());
        text.filter(|text| !text.is_empty())
    }

    fn read<T>(
        &mut self,
        name: &str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let parsed = parse(&text);
        if parsed.is_none() {
            let details = format!("Se admite: {expected}");
            let mut finding = WireFinding::new(name.to_owned(), ErrorCode::InvalidFormat, details);
            finding.value = Some(serde_json::Value::from(text).to_string());
            self.findings.0.push(finding);
        }
        parsed
    }

    fn query(&mut self) -> ListQuery {
        const NUMBER: &str = "número de 1 a 999999999";
        let stages = format!(
            "uno o varios de {}, separados por comas",
            ESTADOS.join(", ")
        );
        ListQuery {
            stages: self.read("estado", &stages, stages_of).unwrap_or_default(),
            issued_from: self.day("desde"),
            issued_to: self.day("hasta"),
            receiver_id: self.text("receptor"),
            series: self.series(),
            sequential_from: self.read("secuencial_desde", NUMBER, sequential),
            sequential_to: self.read("secuencial_hasta", NUMBER, sequential),
            access_key: self.read("clave_acceso", "49 dígitos con su verificador", |text| {
                text.parse::<AccessKey>().ok()
            }),
            environment: self.read("ambiente", "1 (pruebas) o 2 (producción)", environment),
            external_id: self.text("external_id"),
            text: self.text("texto"),
            after: self.read(CURSOR, "el cursor de una respuesta", |text| {
                text.parse::<Cursor>().ok()
            }),
            limit: self
                .read(LIMIT, "número desde 1; a lo más se dan 100", size)
                .unwrap_or(LIMIT_DEFAULT),
            ..ListQuery::default()
        }
    }

    fn day(&mut self, name: &str) -> Option<String> {
        self.read(name, "día como AAAA-MM-DD", |text| {
            let plain = text.len() == 10 && text.is_ascii();
            let day = plain.then(|| text.parse::<Date>().ok()).flatten()?;
            Some(day.to_string())
        })
    }

    /// Numbers mean something only within a whole series.
    fn series(&mut self) -> Option<Series> {
        let establishment = self.read("establecimiento", "tres dígitos", three_digits);
        let point = self.read("punto_emision", "tres dígitos", three_digits);
        let (lone, other) = match (self.text("establecimiento"), self.text("punto_emision")) {
            (Some(_), None) => ("punto_emision", "establecimiento"),
            (None, Some(_)) => ("establecimiento", "punto_emision"),
            _ => {
                return Some(Series {
                    establishment: establishment?,
                    point: point?,
                });
            }
        };
        let details = format!("Envíelo junto con {other}");
        self.findings
            .add(lone, ErrorCode::MissingParameter, details);
        None
    }
}

fn stages_of(text: &str) -> Option<Vec<Stage>> {
    let mut all = Vec::new();
    for word in text.split(',') {
        let word = word.trim().to_uppercase().replace('_', " ");
        let before = all.len();
        all.extend(
            Stage::ALL
                .into_iter()
                .filter(|stage| estado(*stage) == word),
        );
        if all.len() == before {
            return None;
        }
    }
    Some(all)
}

fn digits(text: &str, longest: usize) -> Option<u32> {
    let plain = text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn sequential(text: &str) -> Option<Sequential> {
    Sequential::new(digits(text, 9)?).ok()
}

fn three_digits(text: &str) -> Option<ThreeDigits> {
    ThreeDigits::from_number(u16::try_from(digits(text, 3)?).ok()?).ok()
}

/// Whoever asks for more than there may be gets what there may be; the answer
/// says how much that is.
fn size(text: &str) -> Option<usize> {
    let text = text.trim_start_matches('0');
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().unwrap_or(LIMIT_MAX).min(LIMIT_MAX))
}

fn environment(text: &str) -> Option<Environment> {
    let mut letters = text.chars();
    let digit = letters.next().filter(|_| letters.next().is_none())?;
    Environment::from_digit(digit)
}

#[cfg(test)]
mod tests {
    use tagua_wire::{ESTADOS, estado};

    use super::{Stage, stages_of};

    #[test]
    fn every_stage_has_its_word() {
        let mut all: Vec<_> = ESTADOS
            .iter()
            .flat_map(|word| stages_of(word).unwrap())
            .collect();
        all.sort_unstable();
        assert_eq!(all, Stage::ALL);
        assert!(
            ESTADOS
                .iter()
                .all(|word| estado(stages_of(word).unwrap()[0]) == *word)
        );
        assert_eq!(
            stages_of("no_autorizado, error"),
            stages_of("NO AUTORIZADO,ERROR")
        );
        assert_eq!(stages_of("CREADO,"), None);
    }
}
