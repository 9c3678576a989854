//! From what SRI said to what it means for one document.

use tagua_sri::{
    Authorization, AuthorizationReading, AuthorizationState, CodeMeaning, Message, Reception,
    ReceptionState, meaning, read_date,
};
use tagua_store::{AuthorizationResult, ReceptionResult, SriMessage, UnixMillis};

use crate::table::{Event, Refusal};

/// What a reception answer means, and what of it is kept for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceptionVerdict {
    /// What happened.
    pub event: Event,
    /// Kept with the document; `None` when the answer decides nothing.
    pub result: Option<ReceptionResult>,
}

/// Reads a reception answer. Several messages may come together: the one that
/// says SRI has the key outweighs the others, and a refusal outweighs trouble.
pub fn reception_verdict(answer: &Reception, at: UnixMillis) -> ReceptionVerdict {
    let event = match answer.state {
        ReceptionState::Received => Event::ReceptionConfirmed,
        ReceptionState::Returned => returned_event(
            answer
                .messages()
                .map(|message| (message.kind.as_str(), message.identifier.as_str())),
        ),
        ReceptionState::Other(_) => Event::NoAnswer,
    };
    let state = match event {
        Event::ReceptionConfirmed | Event::AlreadyThere => Some("RECIBIDA"),
        Event::Refused(_) => Some("DEVUELTA"),
        _ => None,
    };
    let result = state.map(|state| ReceptionResult {
        state: state.to_owned(),
        at: at.0,
        messages: answer.messages().map(kept).collect(),
    });
    ReceptionVerdict { event, result }
}

/// What DEVUELTA means by its messages, each given as `tipo` and `identificador`.
fn returned_event<'a>(messages: impl Iterator<Item = (&'a str, &'a str)>) -> Event {
    let all: Vec<_> = messages
        .map(|(kind, identifier)| (is_error(kind), meaning(identifier)))
        .collect();
    // Warnings come beside the errors that decide, and refuse nothing.
    let has = |wanted| all.contains(&(true, wanted));
    let has_key = |&(_, found): &(bool, CodeMeaning)| {
        matches!(
            found,
            CodeMeaning::AlreadyRegistered | CodeMeaning::InProcessing
        )
    };
    if all.iter().any(has_key) {
        Event::AlreadyThere
    } else if has(CodeMeaning::SequentialRegistered) {
        Event::Refused(Refusal::SequentialTaken)
    } else if has(CodeMeaning::DailyLimit) {
        Event::Refused(Refusal::DailyLimit)
    } else if has(CodeMeaning::Refused) {
        Event::Refused(Refusal::Content)
    } else {
        Event::NoAnswer
    }
}

fn is_error(kind: &str) -> bool {
    !matches!(kind.to_uppercase().as_str(), "ADVERTENCIA" | "INFORMATIVO")
}

/// The refusal a stored reception result stands for.
pub(crate) fn stored_refusal(result: Option<&ReceptionResult>) -> Option<Refusal> {
    let result = result.filter(|result| result.state == "DEVUELTA")?;
    let messages = result.messages.iter();
    match returned_event(messages.map(|m| (m.kind.as_str(), m.identifier.as_str()))) {
        Event::Refused(refusal) => Some(refusal),
        _ => None,
    }
}

/// What an authorization answer means, and what of it is kept for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationVerdict {
    /// What happened.
    pub event: Event,
    /// Kept with the document; `None` when the answer decides nothing.
    pub result: Option<AuthorizationResult>,
}

/// Reads an authorization answer about `access_key`, whose signed file is
/// `signed`, the file of revision `revision`.
///
/// SRI may list the history of a key: any AUTORIZADO wins (over our bytes, then
/// over others, then over bytes not shown), then whatever is not decided yet,
/// then the newest refusal of our bytes. From revision 1 on a
/// refusal that does not show which bytes it is about may be an older one's:
/// it decides nothing.
pub fn authorization_verdict(
    answer: &AuthorizationReading,
    access_key: &str,
    signed: &[u8],
    revision: u32,
) -> AuthorizationVerdict {
    let of_state = |state: AuthorizationState| {
        answer
            .authorizations
            .iter()
            .filter(move |found| found.state == state)
    };
    let named = |found: &&Authorization| names_key(found, answer, access_key);
    if let Some(found) = of_state(AuthorizationState::Authorized)
        .filter(named)
        .max_by_key(|found| {
            let shown = match same_document(found, signed) {
                Some(true) => 2,
                Some(false) => 1,
                None => 0,
            };
            (shown, decided_at(found))
        })
    {
        let event = match same_document(found, signed) {
            Some(false) => Event::AuthorizedOtherBytes,
            _ => Event::Authorized,
        };
        return decided(event, found);
    }
    let is_ours = |found: &Authorization| {
        same_document(found, signed)
            .or((revision == 0 && names_key(found, answer, access_key)).then_some(true))
    };
    let undecided = answer.authorizations.iter().any(|found| {
        found.state != AuthorizationState::NotAuthorized
            || is_ours(found).is_none_or(|ours| ours && !judges(found))
    });
    let refused = of_state(AuthorizationState::NotAuthorized)
        .filter(|found| is_ours(found) == Some(true))
        .max_by_key(|found| decided_at(found));
    match refused {
        _ if undecided => undecided_as(Event::InProcess),
        Some(found) => decided(Event::NotAuthorized, found),
        None => undecided_as(Event::NotFound),
    }
}

/// When SRI says that it decided. What gives no date that can be read is the oldest.
fn decided_at(found: &Authorization) -> Option<jiff::Timestamp> {
    read_date(found.date.as_deref()?)
}

/// Whether a refusal is about the document. 80 and 99 are about the question;
/// 43 and 70 say that another submission of the key is to be judged. Any other
/// number, or none, leaves it to `estado`.
fn judges(found: &Authorization) -> bool {
    let mut errors = found.messages.iter().filter(|m| is_error(&m.kind));
    let elsewhere = |message: &Message| {
        matches!(
            meaning(&message.identifier),
            CodeMeaning::AlreadyRegistered | CodeMeaning::InProcessing | CodeMeaning::Question
        )
    };
    errors.clone().next().is_none() || !errors.all(elsewhere)
}

fn undecided_as(event: Event) -> AuthorizationVerdict {
    AuthorizationVerdict {
        event,
        result: None,
    }
}

fn decided(event: Event, found: &Authorization) -> AuthorizationVerdict {
    let result = AuthorizationResult {
        state: match found.state {
            AuthorizationState::Authorized => "AUTORIZADO".to_owned(),
            _ => "NO AUTORIZADO".to_owned(),
        },
        number: found.number.clone(),
        date: found.date.clone(),
        environment: found.environment.clone(),
        messages: found.messages.iter().map(kept).collect(),
    };
    AuthorizationVerdict {
        event,
        result: Some(result),
    }
}

/// An authorization counts only if the answer says whose it is.
fn names_key(found: &Authorization, answer: &AuthorizationReading, access_key: &str) -> bool {
    found.number.as_deref() == Some(access_key) || answer.access_key.as_deref() == Some(access_key)
}

/// Whether the decision is about our bytes; `None` where the answer does not
/// carry the document. SRI has been seen to change line ends and to drop the
/// declaration, so the signature value is compared: it binds every signed byte.
fn same_document(found: &Authorization, signed: &[u8]) -> Option<bool> {
    let document = found.document.as_deref()?;
    if document.as_bytes() == signed {
        return Some(true);
    }
    let ours = std::str::from_utf8(signed).ok().and_then(signature_value);
    Some(ours.is_some() && ours == signature_value(document))
}

/// The text of the one `SignatureValue` element, without blanks. `None` where
/// there is none, an empty one, or more than one to choose from.
fn signature_value(document: &str) -> Option<String> {
    let mut values = document.split('<').filter_map(|markup| {
        let (tag, text) = markup.split_once('>')?;
        let name = tag.split_whitespace().next()?;
        let local = name.rsplit(':').next()?;
        (local == "SignatureValue" && !name.starts_with('/')).then_some(text)
    });
    let value: String = values.next()?.split_whitespace().collect();
    (values.next().is_none() && !value.is_empty()).then_some(value)
}

fn kept(message: &Message) -> SriMessage {
    SriMessage {
        identifier: message.identifier.clone(),
        message: message.text.clone(),
        kind: message.kind.clone(),
        additional: message.additional.clone(),
    }
}
