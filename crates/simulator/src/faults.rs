//! Faults on demand: what the next document, or the next query, meets.

use std::collections::VecDeque;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use crate::ledger::Service;

/// Whether a transport fault strikes before the document is looked at or after
/// the answer was decided and recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// The request is lost: the simulator learns nothing from it.
    Before,
    /// The request takes effect; only the answer is lost.
    #[default]
    After,
}

/// One fault. In JSON: `{"fault": "http_500", "when": "before"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The request takes effect, then nothing is answered for `hold_ms`
    /// milliseconds and the connection is closed.
    AcceptThenTimeout {
        /// At most ten minutes.
        #[serde(default = "a_minute")]
        hold_ms: u64,
    },
    /// The request is lost; nothing is answered for `hold_ms` milliseconds and
    /// the connection is closed.
    LoseThenTimeout {
        /// At most ten minutes.
        #[serde(default = "a_minute")]
        hold_ms: u64,
    },
    /// The answer is right and comes `delay_ms` milliseconds late.
    Slow {
        /// At most ten minutes.
        delay_ms: u64,
    },
    /// The answer is right and comes one byte every `pause_ms` milliseconds.
    Drip {
        /// Between two bytes.
        #[serde(default = "a_second")]
        pause_ms: u64,
    },
    /// A SOAP fault with HTTP status 500.
    #[serde(rename = "http_500")]
    Http500 {
        /// See [`Moment`].
        #[serde(default)]
        when: Moment,
    },
    /// A page of the gateway with HTTP status 503.
    #[serde(rename = "http_503")]
    Http503 {
        /// See [`Moment`].
        #[serde(default)]
        when: Moment,
    },
    /// An HTML page with status 200, as during maintenance.
    Html {
        /// See [`Moment`].
        #[serde(default)]
        when: Moment,
    },
    /// Status 200 with an empty body.
    Empty {
        /// See [`Moment`].
        #[serde(default)]
        when: Moment,
    },
    /// Half of the answer, then the connection closes.
    Truncated,
    /// Half of the answer as if it were the whole.
    CutShort,
    /// The answer in Latin-1, which its header calls UTF-8.
    Misencoded,
    /// A byte order mark before the answer.
    ByteOrderMark,
    /// The connection closes without an answer.
    Reset {
        /// See [`Moment`].
        #[serde(default)]
        when: Moment,
    },
    /// DEVUELTA with this code; the document is not registered.
    Returned {
        /// Identifier of the message.
        code: u16,
    },
    /// RECIBIDA, then NO AUTORIZADO with this code.
    NotAuthorized {
        /// Identifier of the message.
        #[serde(default = "signature_code")]
        code: u16,
    },
    /// DEVUELTA 43 although the document comes for the first time; it is
    /// registered and decided as usual.
    RegisteredOnFirstSight,
    /// DEVUELTA 70 now and for `seconds`; then the document is decided as usual.
    InProcess {
        /// How long.
        seconds: u32,
    },
    /// RECIBIDA; the authorization cannot be seen before `milliseconds`.
    LateAuthorization {
        /// How long.
        milliseconds: u32,
    },
    /// An answer about another key: of the same form, for a document nobody asked about.
    OtherKey,
    /// A refusal of some other try stands before the right authorization.
    Several,
}

const fn a_minute() -> u64 {
    60_000
}

const fn a_second() -> u64 {
    1_000
}

const fn signature_code() -> u16 {
    39
}

impl Fault {
    /// Whether the request is lost before it takes effect.
    pub(crate) fn is_before(&self) -> bool {
        match self {
            Self::LoseThenTimeout { .. } => true,
            Self::Http500 { when }
            | Self::Http503 { when }
            | Self::Html { when }
            | Self::Empty { when }
            | Self::Reset { when } => *when == Moment::Before,
            _ => false,
        }
    }

    /// Faults of the transport fit both services.
    pub(crate) fn fits(&self, service: Service) -> bool {
        match self {
            Self::Returned { .. }
            | Self::NotAuthorized { .. }
            | Self::RegisteredOnFirstSight
            | Self::InProcess { .. }
            | Self::LateAuthorization { .. } => service == Service::Recepcion,
            Self::OtherKey | Self::Several => service == Service::Autorizacion,
            _ => true,
        }
    }
}

/// At most this many faults wait in a queue.
pub(crate) const QUEUE_MAX: usize = 10_000;

/// The faults that wait, first in, first out, one queue per service.
#[derive(Default)]
pub(crate) struct Faults {
    reception: Mutex<VecDeque<Fault>>,
    authorization: Mutex<VecDeque<Fault>>,
}

impl Faults {
    /// Adds faults; `false` and nothing added when they do not fit.
    pub(crate) fn add(&self, service: Service, faults: Vec<Fault>) -> bool {
        let mut queue = self.queue(service).lock();
        let fits = queue.len() + faults.len() <= QUEUE_MAX
            && faults.iter().all(|fault| fault.fits(service));
        if fits {
            queue.extend(faults);
        }
        fits
    }

    pub(crate) fn clear(&self) {
        self.reception.lock().clear();
        self.authorization.lock().clear();
    }

    pub(crate) fn next(&self, service: Service) -> Option<Fault> {
        self.queue(service).lock().pop_front()
    }

    pub(crate) fn waiting(&self, service: Service) -> usize {
        self.queue(service).lock().len()
    }

    fn queue(&self, service: Service) -> &Mutex<VecDeque<Fault>> {
        match service {
            Service::Recepcion => &self.reception,
            Service::Autorizacion => &self.authorization,
        }
    }
}
