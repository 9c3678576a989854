//! What SRI's message numbers mean for the next step (ficha técnica, section 11,
//! and the numbers seen live that it does not list).

/// The consequence of a message of the reception service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CodeMeaning {
    /// 43: SRI has this access key already.
    AlreadyRegistered,
    /// 70: SRI has it and is working on it.
    InProcessing,
    /// 45: the number is registered, perhaps under another key.
    SequentialRegistered,
    /// 90: too many refused tries of this key today.
    DailyLimit,
    /// 50 and numbers nobody documented: SRI's own trouble, says nothing about the document.
    ServerTrouble,
    /// The content, the issuer's status or the signature was refused.
    Refused,
}

/// Refusals of a document that are documented; any other number is SRI's
/// trouble until somebody knows better. 80 and 99 answer queries, not documents.
const REFUSALS: [u16; 29] = [
    2, 10, 26, 27, 28, 34, 35, 36, 37, 39, 40, 42, 46, 47, 48, 49, 52, 56, 57, 58, 63, 64, 65, 67,
    69, 82, 92, 94, 96,
];

/// The meaning of an `identificador`, which SRI writes as digits.
pub fn meaning(identifier: &str) -> CodeMeaning {
    match identifier.trim().parse::<u16>() {
        Ok(43) => CodeMeaning::AlreadyRegistered,
        Ok(70) => CodeMeaning::InProcessing,
        Ok(45) => CodeMeaning::SequentialRegistered,
        Ok(90) => CodeMeaning::DailyLimit,
        Ok(code) if REFUSALS.contains(&code) => CodeMeaning::Refused,
        _ => CodeMeaning::ServerTrouble,
    }
}
