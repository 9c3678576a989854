//! Character classes of XML 1.0 (fifth edition) and Namespaces in XML.

/// White space (production 3).
pub(crate) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Only white space, or nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

/// A character a document may contain (production 2). Surrogates cannot occur in a `char`.
pub(crate) const fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => c >= ' ',
    }
}

/// The first character of `text` that no document may contain.
pub(crate) fn first_forbidden(text: &str) -> Option<char> {
    // U+FFFE and U+FFFF are the only forbidden ones above the controls; both start with EF.
    // Folding without an early end lets the compiler look at many bytes at once.
    let suspicious = |found, b: u8| found | (b < 0x20) | (b == 0xEF);
    if !text.bytes().fold(false, suspicious) {
        return None;
    }
    text.chars().find(|c| !is_allowed(*c))
}

/// A name without colon (NCName).
pub(crate) fn is_local_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(starts_name) && chars.all(continues_name)
}

const fn starts_name(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}'
        | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}'
        | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// A character of a name, except the colon.
pub(crate) const fn continues_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
