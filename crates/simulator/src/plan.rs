//! What goes wrong by itself: rates, delays and outages, written in a file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use jiff::civil::Time;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::clock::ecuador_time;
use crate::config::Profile;
use crate::faults::{Fault, Moment};
use crate::ledger::Service;

/// A profile: how severe the authority is and what its services suffer.
///
/// ```toml
/// severity = "estricto"
/// seed = 7
/// delay_ms = [20, 300]
///
/// [[fault]]
/// per_thousand = 100
/// fault = "accept_then_timeout"
/// hold_ms = 20000
///
/// [[outage]]
/// daily = ["02:00", "02:15"]
/// fault = "http_503"
/// when = "before"
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// How severe it is with contents.
    pub severity: Option<Profile>,
    /// What the rates are drawn with: the same seed, document and try meet the
    /// same fault, in whatever order requests come.
    pub seed: u64,
    /// Milliseconds that every answer takes at least and at most.
    pub delay_ms: Option<[u64; 2]>,
    /// Milliseconds from reception until an authorization can be seen.
    pub latency_ms: Option<u64>,
    /// The rates; together they may not exceed 1000 for a service.
    #[serde(rename = "fault")]
    pub rates: Vec<Rate>,
    /// When a service is down.
    #[serde(rename = "outage")]
    pub outages: Vec<Outage>,
}

/// How often a fault strikes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Rate {
    /// Of so many requests one thousandth each.
    pub per_thousand: u16,
    /// Which service it strikes.
    pub service: Service,
    /// What.
    pub fault: Fault,
}

/// A time in which every request meets a fault.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub struct Outage {
    /// When.
    pub span: Span,
    /// The service that is down; both when `None`.
    pub service: Option<Service>,
    /// What its clients see.
    pub fault: Fault,
}

/// A span of the simulator's clock. The end is not included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Once.
    Once {
        /// Unix milliseconds.
        from: i64,
        /// Unix milliseconds.
        until: i64,
    },
    /// Every day on Ecuador's clock; past midnight when it ends before it begins.
    Daily {
        /// First moment.
        from: Time,
        /// First moment after it.
        until: Time,
    },
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The file cannot be read.
    #[error("{}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not TOML, or not of the form [`Plan`] tells.
    #[error("{0}")]
    Form(String),
    /// The rates of a service come to more than 1000 in a thousand.
    #[error("the rates of one service come to {0} in a thousand")]
    Rates(u32),
    /// A fault that the service does not have.
    #[error("a fault of reception is given to the authorization service, or the other way round")]
    Service,
}

impl Plan {
    /// Reads a file.
    pub fn open(path: &Path) -> Result<Self, PlanError> {
        let text = std::fs::read_to_string(path).map_err(|source| PlanError::Io {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text)
    }

    /// Reads TOML.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        let plan: Self =
            toml::from_str(text).map_err(|error| PlanError::Form(error.to_string()))?;
        plan.checked()
    }

    fn checked(self) -> Result<Self, PlanError> {
        for service in [Service::Recepcion, Service::Autorizacion] {
            let rates = self.rates.iter().filter(|rate| rate.service == service);
            let total: u32 = rates.map(|rate| u32::from(rate.per_thousand)).sum();
            if total > 1_000 {
                return Err(PlanError::Rates(total));
            }
        }
        let fits = |fault: &Fault, service| fault.fits(service);
        let rates_fit = self
            .rates
            .iter()
            .all(|rate| fits(&rate.fault, rate.service));
        let outages_fit = self.outages.iter().all(|outage| match outage.service {
            Some(service) => fits(&outage.fault, service),
            None => {
                fits(&outage.fault, Service::Recepcion)
                    && fits(&outage.fault, Service::Autorizacion)
            }
        });
        match rates_fit && outages_fit {
            true => Ok(self),
            false => Err(PlanError::Service),
        }
    }

    /// What a request meets: the outage of the moment, else what is drawn for
    /// this key and how often it came before.
    pub(crate) fn fault(
        &self,
        service: Service,
        key: &str,
        attempt: u32,
        now: i64,
    ) -> Option<Fault> {
        if let Some(fault) = self.outage(service, now) {
            return Some(fault);
        }
        if self.rates.is_empty() {
            return None;
        }
        let mut drawn = self.draw("fault", service, key, attempt) % 1_000;
        for rate in self.rates.iter().filter(|rate| rate.service == service) {
            let share = u64::from(rate.per_thousand);
            if drawn < share {
                return Some(rate.fault.clone());
            }
            drawn -= share;
        }
        None
    }

    /// Whether anything is drawn by lot, so that tries have to be counted.
    pub(crate) fn draws(&self) -> bool {
        self.delay_ms.is_some() || !self.rates.is_empty()
    }

    fn outage(&self, service: Service, now: i64) -> Option<Fault> {
        let mut outages = self.outages.iter();
        let strikes = |outage: &&Outage| {
            outage.service.is_none_or(|down| down == service) && outage.span.contains(now)
        };
        outages.find(strikes).map(|outage| outage.fault.clone())
    }

    /// How long the answer takes.
    pub(crate) fn delay(&self, service: Service, key: &str, attempt: u32) -> Duration {
        let Some([least, most]) = self.delay_ms else {
            return Duration::ZERO;
        };
        let width = most.saturating_sub(least).saturating_add(1);
        let drawn = self.draw("delay", service, key, attempt) % width.max(1);
        Duration::from_millis(least.saturating_add(drawn))
    }

    fn draw(&self, what: &str, service: Service, key: &str, attempt: u32) -> u64 {
        let text = format!("{}|{what}|{service:?}|{key}|{attempt}", self.seed);
        let hash = digest(&SHA256, text.as_bytes());
        let first = hash.as_ref().iter().take(8);
        first.fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

impl Span {
    fn contains(&self, now: i64) -> bool {
        match self {
            Self::Once { from, until } => (*from..*until).contains(&now),
            Self::Daily { from, until } => {
                let time = ecuador_time(now).time();
                match from <= until {
                    true => (*from..*until).contains(&time),
                    false => time >= *from || time < *until,
                }
            }
        }
    }
}

impl TryFrom<Map<String, Value>> for Rate {
    type Error = String;

    fn try_from(mut table: Map<String, Value>) -> Result<Self, String> {
        let per_thousand = table
            .remove("per_thousand")
            .ok_or("per_thousand is missing")?;
        let service = table.remove("service");
        Ok(Self {
            per_thousand: read(per_thousand, "per_thousand")?,
            service: match service {
                None => Service::Recepcion,
                Some(service) => read(service, "service")?,
            },
            fault: read(Value::Object(table), "fault")?,
        })
    }
}

impl TryFrom<Map<String, Value>> for Outage {
    type Error = String;

    fn try_from(mut table: Map<String, Value>) -> Result<Self, String> {
        let mut take = |name: &str| table.remove(name);
        let (from, until, daily) = (take("from"), take("until"), take("daily"));
        let service = take("service");
        let span = match (from, until, daily) {
            (Some(from), Some(until), None) => Span::Once {
                from: moment(from, "from")?,
                until: moment(until, "until")?,
            },
            (None, None, Some(daily)) => {
                let [from, until]: [String; 2] = read(daily, "daily")?;
                let time = |text: String| {
                    text.parse::<Time>()
                        .map_err(|error| format!("daily: {error}"))
                };
                Span::Daily {
                    from: time(from)?,
                    until: time(until)?,
                }
            }
            _ => return Err("an outage has either from and until, or daily".to_owned()),
        };
        let fault = match table.is_empty() {
            true => Fault::Http503 {
                when: Moment::Before,
            },
            false => read(Value::Object(table), "fault")?,
        };
        let service = service
            .map(|service| read(service, "service"))
            .transpose()?;
        Ok(Self {
            span,
            service,
            fault,
        })
    }
}

fn moment(value: Value, name: &str) -> Result<i64, String> {
    let text: String = read(value, name)?;
    let moment = text.parse::<Timestamp>();
    let moment = moment.map_err(|error| format!("{name}: {error}"))?;
    Ok(moment.as_millisecond())
}

fn read<T: serde::de::DeserializeOwned>(value: Value, name: &str) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| format!("{name}: {error}"))
}
