//! Distinguished names in the text form of RFC 2253, as Java writes and reads it.
//!
//! SRI's validator parses `X509IssuerName` with Java and compares it with the
//! issuer of the certificate, so Java's list of keywords decides which spellings
//! can be read at all.

mod parse;

use parse::{Written, WrittenValue, parse};

/// One attribute of a name, as found in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// Dotted object identifier.
    pub(crate) oid: String,
    /// Number of the universal ASN.1 tag of the value.
    pub(crate) tag: u32,
    /// Contents of the value.
    pub(crate) data: Vec<u8>,
}

/// A name: relative distinguished names in the order of the DER.
pub(crate) type Name = Vec<Vec<Attribute>>;

/// How an issuer text relates to the issuer of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// The text that Java's `X500Principal.getName(RFC2253)` prints.
    Exact,
    /// The same attributes in another order, spelling or spacing.
    Equivalent,
    /// Another name, or a value that Java encodes in another way.
    Different,
    /// Java cannot read the text: an unknown keyword or a syntax error.
    Unreadable(String),
}

/// Keywords of RFC 2253 in Java; every other attribute is printed as dotted OID
/// with the DER in hexadecimal.
const PRINTED: [(&str, &str); 9] = [
    ("CN", "2.5.4.3"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("UID", "0.9.2342.19200300.100.1.1"),
];

/// Keywords that Java reads besides. `E` and `organizationIdentifier` are not there.
const READ: [(&str, &str); 12] = [
    ("S", "2.5.4.8"),
    ("T", "2.5.4.12"),
    ("SURNAME", "2.5.4.4"),
    ("GIVENNAME", "2.5.4.42"),
    ("INITIALS", "2.5.4.43"),
    ("GENERATION", "2.5.4.44"),
    ("DNQ", "2.5.4.46"),
    ("DNQUALIFIER", "2.5.4.46"),
    ("SERIALNUMBER", "2.5.4.5"),
    ("EMAIL", EMAIL_ADDRESS),
    ("EMAILADDRESS", EMAIL_ADDRESS),
    ("IP", "1.3.6.1.4.1.42.2.11.2.1"),
];

const EMAIL_ADDRESS: &str = "1.2.840.113549.1.9.1";
const UTF8_STRING: u32 = 12;
const PRINTABLE_STRING: u32 = 19;
const IA5_STRING: u32 = 22;

/// Compares an issuer text with a name in the form of RFC 2253 of the same.
pub(crate) fn compare(text: &str, name: &Name) -> NameMatch {
    if text == print(name, Escaping::Java) || text == print(name, Escaping::Minimal) {
        return NameMatch::Exact;
    }
    let found = match parse(text) {
        Ok(found) => found,
        Err(problem) => return NameMatch::Unreadable(problem),
    };
    let mut expected: Vec<_> = name
        .iter()
        .flatten()
        .map(Comparable::of_attribute)
        .collect();
    let mut found: Vec<_> = found.iter().map(Comparable::of_text).collect();
    expected.sort();
    found.sort();
    if expected == found {
        NameMatch::Equivalent
    } else {
        NameMatch::Different
    }
}

/// Compares the text of `X509IssuerName` with the issuer of a certificate.
pub fn compare_issuer_name(text: &str, certificate: &crate::Certificate) -> NameMatch {
    compare(text, certificate.issuer_name())
}

/// Which characters a printed value escapes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escaping {
    /// Java also escapes `=` and every `#`.
    Java,
    /// What RFC 2253 demands.
    Minimal,
}

/// The name in the form of RFC 2253, most specific part first.
pub(crate) fn print(name: &Name, escaping: Escaping) -> String {
    let parts: Vec<_> = name
        .iter()
        .rev()
        .map(|part| {
            let attributes: Vec<_> = part.iter().map(|a| print_attribute(a, escaping)).collect();
            attributes.join("+")
        })
        .collect();
    parts.join(",")
}

fn print_attribute(attribute: &Attribute, escaping: Escaping) -> String {
    let keyword = PRINTED.iter().find(|(_, oid)| *oid == attribute.oid);
    match (keyword, string_value(attribute)) {
        (Some((keyword, _)), Some(value)) => format!("{keyword}={}", escape(&value, escaping)),
        (Some((keyword, _)), None) => format!("{keyword}=#{}", hex(&der(attribute))),
        (None, _) => format!("{}=#{}", attribute.oid, hex(&der(attribute))),
    }
}

fn escape(value: &str, escaping: Escaping) -> String {
    let leading = value.len() - value.trim_start_matches(' ').len();
    let trailing = value.trim_end_matches(' ').len();
    let mut out = String::new();
    for (at, character) in value.char_indices() {
        let special = match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => true,
            '=' => escaping == Escaping::Java,
            '#' => at == 0 || escaping == Escaping::Java,
            ' ' => at < leading || at >= trailing,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// The text of a value of one of ASN.1's string types.
pub(crate) fn string_value(attribute: &Attribute) -> Option<String> {
    let data = &attribute.data;
    match attribute.tag {
        UTF8_STRING => String::from_utf8(data.clone()).ok(),
        // Numeric, Printable, T61, IA5, Visible, General: one octet a character.
        18 | PRINTABLE_STRING | 20 | IA5_STRING | 26 | 27 => {
            Some(data.iter().map(|octet| char::from(*octet)).collect())
        }
        30 => {
            let units = data.chunks(2).map(|pair| match pair {
                [high, low] => Some(u16::from_be_bytes([*high, *low])),
                _ => None,
            });
            String::from_utf16(&units.collect::<Option<Vec<_>>>()?).ok()
        }
        _ => None,
    }
}

fn der(attribute: &Attribute) -> Vec<u8> {
    let length = attribute.data.len();
    let tag = u8::try_from(attribute.tag).unwrap_or(0);
    let mut out = vec![tag];
    if length < 0x80 {
        out.extend(u8::try_from(length));
    } else {
        let octets = length.to_be_bytes();
        let octets: Vec<_> = octets.into_iter().skip_while(|octet| *octet == 0).collect();
        out.push(0x80 | u8::try_from(octets.len()).unwrap_or(0));
        out.extend(octets);
    }
    out.extend(&attribute.data);
    out
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Two attributes are the same when these are.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Comparable {
    oid: String,
    value: Vec<u8>,
}

impl Comparable {
    /// Attributes with a keyword compare as text without regard to case and
    /// blanks, all others by their DER: so does Java.
    fn of_attribute(attribute: &Attribute) -> Self {
        let text = string_value(attribute).filter(|_| has_keyword(&attribute.oid));
        Self {
            oid: attribute.oid.clone(),
            value: text.map_or_else(|| der(attribute), |text| fold(&text).into_bytes()),
        }
    }

    fn of_text(written: &Written) -> Self {
        let oid = written.oid.clone();
        match &written.value {
            WrittenValue::Der(der) => match decode(&oid, der) {
                Some(attribute) => Self::of_attribute(&attribute),
                None => Self {
                    oid,
                    value: der.clone(),
                },
            },
            WrittenValue::Text(text) => Self::of_attribute(&Attribute {
                tag: java_string_tag(&oid, text),
                data: text.clone().into_bytes(),
                oid,
            }),
        }
    }
}

fn has_keyword(oid: &str) -> bool {
    PRINTED.iter().any(|(_, printed)| *printed == oid)
}

fn fold(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The string type that Java gives to a value it reads from text.
fn java_string_tag(oid: &str, text: &str) -> u32 {
    let printable = |c: char| c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c);
    if oid == EMAIL_ADDRESS {
        IA5_STRING
    } else if text.chars().all(printable) {
        PRINTABLE_STRING
    } else {
        UTF8_STRING
    }
}

/// The attribute in the `#…` form; values above 127 octets are left encoded.
fn decode(oid: &str, der: &[u8]) -> Option<Attribute> {
    match der {
        [tag @ 0..=30, length @ 0..0x80, data @ ..] if usize::from(*length) == data.len() => {
            Some(Attribute {
                oid: oid.to_owned(),
                tag: u32::from(*tag),
                data: data.to_vec(),
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(oid: &str, tag: u32, value: &str) -> Vec<Attribute> {
        vec![Attribute {
            oid: oid.to_owned(),
            tag,
            data: value.as_bytes().to_vec(),
        }]
    }

    /// The issuer of Uanataca's certificates, whose text the authority accepts.
    fn uanataca() -> Name {
        let address = "Barcelona (see current address at www.uanataca.com/address)";
        vec![
            attribute("2.5.4.6", 19, "ES"),
            attribute("2.5.4.7", 12, address),
            attribute("2.5.4.10", 12, "UANATACA S.A."),
            attribute("2.5.4.11", 12, "TSP-UANATACA"),
            attribute("2.5.4.3", 12, "UANATACA CA2 2016"),
            attribute("2.5.4.97", 12, "VATES-A66721499"),
        ]
    }

    const UANATACA: &str = "2.5.4.97=#0c0f56415445532d413636373231343939,CN=UANATACA CA2 2016,OU=TSP-UANATACA,O=UANATACA S.A.,L=Barcelona (see current address at www.uanataca.com/address),C=ES";

    #[track_caller]
    fn check(text: &str, expected: NameMatch) {
        assert_eq!(compare(text, &uanataca()), expected, "{text}");
    }

    #[test]
    fn prints_what_java_prints() {
        assert_eq!(print(&uanataca(), Escaping::Java), UANATACA);
        let odd = vec![
            attribute("2.5.4.10", 12, " #a,b+c\"d\\e<f>g;h=i# "),
            attribute("2.5.4.3", 4, "octets"),
        ];
        assert_eq!(
            print(&odd, Escaping::Java),
            "CN=#04066f6374657473,O=\\ \\#a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\=i\\#\\ "
        );
        assert_eq!(
            print(&odd, Escaping::Minimal),
            "CN=#04066f6374657473,O=\\ #a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h=i#\\ "
        );
        for escaping in [Escaping::Java, Escaping::Minimal] {
            assert_eq!(compare(&print(&odd, escaping), &odd), NameMatch::Exact);
        }
    }

    #[test]
    fn blanks_order_and_spelling_are_tolerated() {
        check(UANATACA, NameMatch::Exact);
        check(&UANATACA.replace(',', ", "), NameMatch::Equivalent);
        check(&UANATACA.to_lowercase(), NameMatch::Equivalent);
        check(
            &UANATACA.replace("2.5.4.97", "OID.2.5.4.97"),
            NameMatch::Equivalent,
        );
        check(
            &UANATACA.replace("CN=UANATACA CA2 2016", "cn=\"UANATACA  CA2 2016\""),
            NameMatch::Equivalent,
        );
        check(
            &UANATACA.replace("OU=TSP-", "OU=TSP\\2d"),
            NameMatch::Equivalent,
        );
        let mut parts: Vec<_> = UANATACA.split(',').collect();
        parts.reverse();
        check(&parts.join(","), NameMatch::Equivalent);
    }

    #[test]
    fn other_names_are_different() {
        check(&UANATACA.replace("2016", "2021"), NameMatch::Different);
        check(&UANATACA.replace(",C=ES", ""), NameMatch::Different);
        check(&format!("{UANATACA},C=ES"), NameMatch::Different);
        // Java encodes this text as PrintableString, the certificate has UTF8String.
        let text = UANATACA.replace("#0c0f56415445532d413636373231343939", "VATES-A66721499");
        check(&text, NameMatch::Different);
    }

    #[test]
    fn what_java_cannot_read_is_said() {
        let text = UANATACA.replace("2.5.4.97=", "organizationIdentifier=");
        check(
            &text,
            NameMatch::Unreadable("Java does not know the keyword organizationIdentifier".into()),
        );
        check("", NameMatch::Unreadable("\"\" has no equals sign".into()));
        check(
            "CN=a\\",
            NameMatch::Unreadable("a backslash escapes nothing".into()),
        );
        check(
            "CN=#0g",
            NameMatch::Unreadable("\"#0g\" is not hexadecimal".into()),
        );
    }

    #[test]
    fn an_escaped_blank_at_the_end_is_kept() {
        let name = vec![attribute("2.5.4.3", 12, "a ")];
        assert_eq!(compare("CN=a\\ ", &name), NameMatch::Exact);
        assert_eq!(compare(" CN = a\\  ", &name), NameMatch::Equivalent);
    }
}
