//! From what SRI said to what it means for one document.

use tagua_sri::{
    Authorization, AuthorizationReading, AuthorizationState, CodeMeaning, Message, Reception,
    ReceptionState, meaning,
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
        ReceptionState::Returned => returned_event(answer.messages()),
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

fn returned_event<'a>(messages: impl Iterator<Item = &'a Message>) -> Event {
    // Warnings come beside the errors that decide.
    let meanings: Vec<_> = messages
        .filter(|message| {
            !matches!(
                message.kind.to_uppercase().as_str(),
                "ADVERTENCIA" | "INFORMATIVO"
            )
        })
        .map(|message| meaning(&message.identifier))
        .collect();
    let has = |wanted| meanings.contains(&wanted);
    if has(CodeMeaning::AlreadyRegistered) || has(CodeMeaning::InProcessing) {
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

/// The refusal a stored reception result stands for.
pub(crate) fn stored_refusal(result: Option<&ReceptionResult>) -> Option<Refusal> {
    let result = result.filter(|result| result.state == "DEVUELTA")?;
    let meanings = || {
        result
            .messages
            .iter()
            .map(|message| meaning(&message.identifier))
    };
    Some(
        if meanings().any(|m| m == CodeMeaning::SequentialRegistered) {
            Refusal::SequentialTaken
        } else if meanings().any(|m| m == CodeMeaning::DailyLimit) {
            Refusal::DailyLimit
        } else {
            Refusal::Content
        },
    )
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
/// `signed`. SRI may list the history of a key: any AUTORIZADO wins, else the
/// newest decision over our bytes counts.
pub fn authorization_verdict(
    answer: &AuthorizationReading,
    access_key: &str,
    signed: &[u8],
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
        .max_by_key(|found| same_document(found, signed))
    {
        let event = match same_document(found, signed) {
            true => Event::Authorized,
            false => Event::AuthorizedOtherBytes,
        };
        return decided(event, found);
    }
    let refused = of_state(AuthorizationState::NotAuthorized)
        .filter(|found| same_document(found, signed))
        .max_by(|a, b| a.date.cmp(&b.date));
    if let Some(found) = refused {
        return decided(Event::NotAuthorized, found);
    }
    let undecided = answer
        .authorizations
        .iter()
        .any(|found| !matches!(found.state, AuthorizationState::NotAuthorized));
    let event = if undecided {
        Event::InProcess
    } else {
        Event::NotFound
    };
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

/// Whether the decision is about our bytes. SRI has been seen to change line
/// ends and to drop the declaration, so the signature value is compared: it
/// binds every signed byte. An answer without the document is taken as ours.
fn same_document(found: &Authorization, signed: &[u8]) -> bool {
    let Some(document) = found.document.as_deref() else {
        return true;
    };
    if document.as_bytes() == signed {
        return true;
    }
    let ours = std::str::from_utf8(signed).ok().and_then(signature_value);
    ours.is_some() && ours == signature_value(document)
}

/// The text of the one `SignatureValue`, without blanks.
fn signature_value(document: &str) -> Option<String> {
    let (_, after) = document.split_once("SignatureValue")?;
    let (_, after) = after.split_once('>')?;
    let (value, _) = after.split_once('<')?;
    Some(value.split_whitespace().collect())
}

fn kept(message: &Message) -> SriMessage {
    SriMessage {
        identifier: message.identifier.clone(),
        message: message.text.clone(),
        kind: message.kind.clone(),
        additional: message.additional.clone(),
    }
}
