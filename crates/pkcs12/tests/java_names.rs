//! The issuer's text against Java itself, which the tax authority runs.

#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

mod support;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use support::{Certificate, has_tool, name, tlv, utf8};
use tagua_pkcs12::CertificateFacts;

const TYPES: [&str; 14] = [
    "2.5.4.3",
    "2.5.4.6",
    "2.5.4.7",
    "2.5.4.8",
    "2.5.4.9",
    "2.5.4.10",
    "2.5.4.11",
    "0.9.2342.19200300.100.1.1",
    "0.9.2342.19200300.100.1.25",
    "1.2.840.113549.1.9.1",
    "2.5.4.5",
    "2.5.4.97",
    "2.5.4.12",
    "1.3.6.1.4.1.99999.1",
];

/// UTF8, Numeric, Printable, Teletex, IA5, Visible, General, Universal, BMP,
/// and a BOOLEAN, which is no string.
const TAGS: [u8; 10] = [0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a, 0x1b, 0x1c, 0x1e, 0x01];

const TEXTS: [&str; 24] = [
    "AUTORIDAD DE CERTIFICACION SUBCA-2 SECURITY DATA",
    "ENTIDAD DE CERTIFICACION, S.A.",
    "a+b",
    "a=b",
    "<a>",
    "a;b",
    "say \"x\"",
    "back\\slash",
    "#lead",
    "in#side",
    " lead",
    "trail ",
    "   ",
    " ",
    "",
    "\rcr\r",
    "\nlf\n",
    "\ttab\t",
    "nul\0nul",
    "Peñafiel Ñandú",
    "🔑 clave",
    "e\u{301}",
    "a/b:c'd(e)?.-",
    "\u{a0}nbsp\u{a0}",
];

#[test]
fn issuer_text_equals_javas() {
    if !has_tool("javac", "-version") || !has_tool("java", "-version") {
        return;
    }
    let names = names();
    let expected = ask_java(&names);
    assert_eq!(names.len(), expected.len());
    let mut compared = 0;
    for (der, expected) in names.iter().zip(&expected) {
        let Some(expected) = expected else { continue };
        let certificate = Certificate {
            issuer: der.clone(),
            ..Certificate::default()
        };
        let found = CertificateFacts::read(&certificate.der())
            .unwrap()
            .issuer_rfc2253;
        assert_eq!(&found, expected, "{}", hex(der));
        compared += 1;
    }
    assert!(
        compared >= 600,
        "Java refused too many names: {compared} compared"
    );
}

/// Every text with every type of string, then mixtures with several values.
fn names() -> Vec<Vec<u8>> {
    // A length in two bytes where one would do.
    let long_form = [&[0x0c, 0x81, 2][..], b"ab"].concat();
    let mut names = vec![name(&[]), name(&[vec![("2.5.4.97", long_form)]])];
    for tag in TAGS {
        for text in TEXTS {
            names.push(name(&[vec![("2.5.4.3", encode(tag, text))]]));
        }
    }
    let mut random = Random(20_261_120);
    for _ in 0..600 {
        let relative_names: Vec<_> = (0..random.below(6))
            .map(|_| {
                (0..=random.below(8).saturating_sub(5))
                    .map(|_| attribute(&mut random))
                    .collect()
            })
            .collect();
        names.push(name(&relative_names));
    }
    names
}

fn attribute(random: &mut Random) -> (&'static str, Vec<u8>) {
    let kind = TYPES[random.below(TYPES.len())];
    // Long values have a length of more than one byte.
    if random.below(20) == 0 {
        return (kind, utf8(&"ñ".repeat(70 + random.below(100))));
    }
    if random.below(8) == 0 {
        let bytes: Vec<u8> = (0..random.below(6))
            .map(|_| random.below(256) as u8)
            .collect();
        return (kind, tlv([0x0c, 0x14, 0x13][random.below(3)], &bytes));
    }
    let text = format!(
        "{}{}",
        TEXTS[random.below(TEXTS.len())],
        TEXTS[random.below(TEXTS.len())]
    );
    (kind, encode(TAGS[random.below(TAGS.len())], &text))
}

fn encode(tag: u8, text: &str) -> Vec<u8> {
    let content = match tag {
        0x01 => vec![0xff],
        0x1c => text
            .chars()
            .flat_map(|c| u32::from(c).to_be_bytes())
            .collect(),
        0x1e => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        0x14 => text.chars().map(|c| c as u8).collect(),
        _ => text.as_bytes().to_vec(),
    };
    tlv(tag, &content)
}

/// Java's text for each name, `None` where it refuses the name.
fn ask_java(names: &[Vec<u8>]) -> Vec<Option<String>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/PrintNames.java");
    let mut java = Command::new("java")
        .arg(source)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = names.iter().map(|der| hex(der) + "\n").collect();
    let mut input = java.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = java.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let decode = |line: &str| (line != "refused").then(|| String::from_utf8(unhex(line)).unwrap());
    text.lines().map(decode).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = text
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).unwrap());
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

/// SplitMix64: the same names in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) % limit as u64) as usize
    }
}
