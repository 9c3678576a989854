//! What SRI's message numbers mean for the next step (ficha técnica, section 11,
//! and the numbers seen live that it does not list).

/// The consequence of a message.
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
    /// 80 and 99: the question was not understood, which says nothing about the document.
    Question,
    /// 59, 60, 62 and 68: told beside a decision, and refuses nothing.
    Warning,
}

/// The documented numbers; any other is SRI's trouble until somebody knows better.
pub const CODES: [(u16, CodeMeaning); 40] = [
    (2, CodeMeaning::Refused),
    (10, CodeMeaning::Refused),
    (26, CodeMeaning::Refused),
    (27, CodeMeaning::Refused),
    (28, CodeMeaning::Refused),
    (34, CodeMeaning::Refused),
    (35, CodeMeaning::Refused),
    (36, CodeMeaning::Refused),
    (37, CodeMeaning::Refused),
    (39, CodeMeaning::Refused),
    (40, CodeMeaning::Refused),
    (42, CodeMeaning::Refused),
    (43, CodeMeaning::AlreadyRegistered),
    (45, CodeMeaning::SequentialRegistered),
    (46, CodeMeaning::Refused),
    (47, CodeMeaning::Refused),
    (48, CodeMeaning::Refused),
    (49, CodeMeaning::Refused),
    (50, CodeMeaning::ServerTrouble),
    (52, CodeMeaning::Refused),
    (56, CodeMeaning::Refused),
    (57, CodeMeaning::Refused),
    (58, CodeMeaning::Refused),
    (59, CodeMeaning::Warning),
    (60, CodeMeaning::Warning),
    (62, CodeMeaning::Warning),
    (63, CodeMeaning::Refused),
    (64, CodeMeaning::Refused),
    (65, CodeMeaning::Refused),
    (67, CodeMeaning::Refused),
    (68, CodeMeaning::Warning),
    (69, CodeMeaning::Refused),
    (70, CodeMeaning::InProcessing),
    (80, CodeMeaning::Question),
    (82, CodeMeaning::Refused),
    (90, CodeMeaning::DailyLimit),
    (92, CodeMeaning::Refused),
    (94, CodeMeaning::Refused),
    (96, CodeMeaning::Refused),
    (99, CodeMeaning::Question),
];

/// The meaning of an `identificador`, which SRI writes as digits.
pub fn meaning(identifier: &str) -> CodeMeaning {
    let number = identifier.trim().parse::<u16>();
    CODES
        .iter()
        .find(|(code, _)| number.as_ref() == Ok(code))
        .map_or(CodeMeaning::ServerTrouble, |(_, meaning)| *meaning)
}
