//! Receivers that make something go wrong: whoever writes a client sends a
//! document to one of them and sees what his program makes of it.

use memchr::memmem;

use crate::faults::{Fault, Moment};
use crate::ledger::Service;

/// A receiver's identification and what its documents meet, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MagicReceiver {
    /// The identification, to be sent with type 06 or 08.
    pub identification: &'static str,
    /// The service where it strikes.
    pub service: Service,
    /// What strikes.
    pub fault: Fault,
    /// What happens, in words.
    pub description: &'static str,
}

const fn reception(
    identification: &'static str,
    fault: Fault,
    description: &'static str,
) -> MagicReceiver {
    MagicReceiver {
        identification,
        service: Service::Recepcion,
        fault,
        description,
    }
}

const fn authorization(
    identification: &'static str,
    fault: Fault,
    description: &'static str,
) -> MagicReceiver {
    MagicReceiver {
        identification,
        service: Service::Autorizacion,
        fault,
        description,
    }
}

const BEFORE: Moment = Moment::Before;
const AFTER: Moment = Moment::After;
const HOUR_MS: u32 = 3_600_000;

/// Every magic receiver.
pub const MAGIC_RECEIVERS: &[MagicReceiver] = &[
    reception(
        "SIM-35",
        Fault::Returned { code: 35 },
        "DEVUELTA 35, the structure is wrong; the next try passes",
    ),
    reception(
        "SIM-39",
        Fault::NotAuthorized { code: 39 },
        "NO AUTORIZADO 39, the signature is not valid",
    ),
    reception(
        "SIM-43",
        Fault::RegisteredOnFirstSight,
        "DEVUELTA 43 at first sight, yet registered and authorized",
    ),
    reception(
        "SIM-45",
        Fault::Returned { code: 45 },
        "DEVUELTA 45, the number is registered already",
    ),
    reception(
        "SIM-50",
        Fault::Returned { code: 50 },
        "DEVUELTA 50, an internal error of SRI; the next try passes",
    ),
    reception(
        "SIM-52",
        Fault::NotAuthorized { code: 52 },
        "NO AUTORIZADO 52, the sums differ",
    ),
    reception(
        "SIM-65",
        Fault::Returned { code: 65 },
        "DEVUELTA 65, the date of issue is out of term",
    ),
    reception(
        "SIM-67",
        Fault::Returned { code: 67 },
        "DEVUELTA 67, the date is wrong",
    ),
    reception(
        "SIM-69",
        Fault::NotAuthorized { code: 69 },
        "NO AUTORIZADO 69, the receiver's identification is wrong",
    ),
    reception(
        "SIM-70",
        Fault::InProcess { seconds: 60 },
        "DEVUELTA 70 for a minute, then authorized",
    ),
    reception(
        "SIM-90",
        Fault::Returned { code: 90 },
        "DEVUELTA 90, too many tries today",
    ),
    reception(
        "SIM-999",
        Fault::Returned { code: 999 },
        "DEVUELTA with a code that no table has",
    ),
    reception(
        "SIM-TIMEOUT",
        Fault::AcceptThenTimeout { hold_ms: 60_000 },
        "accepted, and no answer for a minute",
    ),
    reception(
        "SIM-TIMEOUT-BEFORE",
        Fault::LoseThenTimeout { hold_ms: 60_000 },
        "lost, and no answer for a minute; the next try passes",
    ),
    reception(
        "SIM-RESET",
        Fault::Reset { when: AFTER },
        "accepted, and the connection is reset",
    ),
    reception(
        "SIM-RESET-BEFORE",
        Fault::Reset { when: BEFORE },
        "lost, and the connection is reset",
    ),
    reception(
        "SIM-500",
        Fault::Http500 { when: AFTER },
        "accepted, and HTTP 500",
    ),
    reception(
        "SIM-500-BEFORE",
        Fault::Http500 { when: BEFORE },
        "lost, and HTTP 500",
    ),
    reception(
        "SIM-503",
        Fault::Http503 { when: BEFORE },
        "lost, and HTTP 503",
    ),
    reception(
        "SIM-HTML",
        Fault::Html { when: AFTER },
        "accepted, and a page of maintenance with status 200",
    ),
    reception(
        "SIM-EMPTY",
        Fault::Empty { when: AFTER },
        "accepted, and an empty body with status 200",
    ),
    reception(
        "SIM-TRUNCATED",
        Fault::Truncated,
        "accepted, and half of the answer",
    ),
    reception(
        "SIM-CUT",
        Fault::CutShort,
        "accepted, and half of the answer as if it were whole",
    ),
    reception(
        "SIM-LATIN1",
        Fault::Misencoded,
        "accepted, and an answer in another encoding than it says",
    ),
    reception(
        "SIM-BOM",
        Fault::ByteOrderMark,
        "accepted, and a byte order mark before the answer",
    ),
    reception(
        "SIM-SLOW",
        Fault::Slow { delay_ms: 20_000 },
        "accepted, and the answer comes after 20 seconds",
    ),
    reception(
        "SIM-LATE",
        Fault::LateAuthorization {
            milliseconds: 600_000,
        },
        "received, and authorized after ten minutes",
    ),
    reception(
        "SIM-LATE-HOURS",
        Fault::LateAuthorization {
            milliseconds: 3 * HOUR_MS,
        },
        "received, and authorized after three hours",
    ),
    reception(
        "SIM-NEVER",
        Fault::LateAuthorization {
            milliseconds: u32::MAX,
        },
        "received, and not decided for weeks",
    ),
    authorization(
        "SIM-ASK-500",
        Fault::Http500 { when: BEFORE },
        "received; the first question meets HTTP 500",
    ),
    authorization(
        "SIM-ASK-HTML",
        Fault::Html { when: BEFORE },
        "received; the first question meets a page of maintenance",
    ),
    authorization(
        "SIM-ASK-TRUNCATED",
        Fault::Truncated,
        "received; the first question gets half of an answer",
    ),
    authorization(
        "SIM-OTHER-KEY",
        Fault::OtherKey,
        "received; the first question is answered about another key",
    ),
    authorization(
        "SIM-SEVERAL",
        Fault::Several,
        "received; the answer has a refusal of an earlier try before the authorization",
    ),
];

/// What the document's receiver asks for. Looks at the bytes alone: a document
/// that is not XML has no receiver.
pub(crate) fn of_document(document: &[u8]) -> Option<&'static MagicReceiver> {
    const PREFIX: &[u8] = b">SIM-";
    let (_, rest) =
        memmem::find(document, PREFIX).and_then(|at| document.split_at_checked(at + 1))?;
    let end = memchr::memchr(b'<', rest)?;
    let identification = rest.get(..end)?;
    let closing = rest.get(end..)?;
    let is_receiver = CLOSING.iter().any(|tag| closing.starts_with(tag));
    MAGIC_RECEIVERS
        .iter()
        .find(|magic| is_receiver && magic.identification.as_bytes() == identification)
}

/// The elements that name a receiver.
const CLOSING: [&[u8]; 4] = [
    b"</identificacionComprador>",
    b"</identificacionProveedor>",
    b"</identificacionSujetoRetenido>",
    b"</identificacionDestinatario>",
];
