//! DER, certificates and files made by hand.

#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::unwrap_used, reason = "a test may stop at a surprise")]

use std::path::PathBuf;

use tagua_testing::skip_without;

/// 2026-11-20, when the material of the tests is judged.
pub(crate) const NOW: i64 = 1_795_187_045;
/// The taxpayer of the material.
pub(crate) const RUC: &str = "1790012345001";
/// Password of the committed files.
pub(crate) const PASSWORD: &str = "Clave123";

const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// A file of `tests/files`.
pub(crate) fn file(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/files")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One tag-length-value.
pub(crate) fn tlv(identifier: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![identifier];
    match content.len() {
        short @ 0..=127 => out.push(short as u8),
        medium @ 128..=255 => out.extend([0x81, medium as u8]),
        long => out.extend([0x82, (long >> 8) as u8, long as u8]),
    }
    out.extend_from_slice(content);
    out
}

/// A SEQUENCE of parts.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// An OBJECT IDENTIFIER from its dotted form.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let mut numbers = dotted
        .split('.')
        .map(|number| number.parse::<u64>().unwrap());
    let first = numbers.next().unwrap() * 40 + numbers.next().unwrap();
    let mut content = vec![];
    for number in std::iter::once(first).chain(numbers) {
        let mut digits = vec![number as u8 & 127];
        let mut rest = number >> 7;
        while rest > 0 {
            digits.insert(0, rest as u8 & 127 | 128);
            rest >>= 7;
        }
        content.extend(digits);
    }
    tlv(0x06, &content)
}

/// A UTF8String.
pub(crate) fn utf8(text: &str) -> Vec<u8> {
    tlv(0x0c, text.as_bytes())
}

/// A Name: relative names of attributes, each a type and an encoded value.
pub(crate) fn name(relative_names: &[Vec<(&str, Vec<u8>)>]) -> Vec<u8> {
    let set = |attributes: &Vec<(&str, Vec<u8>)>| {
        let pairs = attributes
            .iter()
            .map(|(kind, value)| sequence(&[oid(kind), value.clone()]));
        tlv(0x31, &pairs.collect::<Vec<_>>().concat())
    };
    sequence(&relative_names.iter().map(set).collect::<Vec<_>>())
}

/// An Extension.
pub(crate) fn extension(kind: &str, value: &[u8]) -> Vec<u8> {
    sequence(&[oid(kind), tlv(0x04, value)])
}

/// keyUsage with that first byte of bits.
pub(crate) fn key_usage(bits: u8) -> Vec<u8> {
    extension("2.5.29.15", &[3, 2, 0, bits])
}

/// The extension of Security Data that holds the RUC.
pub(crate) fn ruc_extension(ruc: &str) -> Vec<u8> {
    extension("1.3.6.1.4.1.37746.3.11", &utf8(ruc))
}

/// A certificate; its signature is rubbish, as nobody checks it.
#[derive(Clone)]
pub(crate) struct Certificate {
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: &'static str,
    pub(crate) not_after: &'static str,
    pub(crate) modulus: Vec<u8>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Default for Certificate {
    fn default() -> Self {
        Self {
            serial: vec![1],
            issuer: name(&[vec![("2.5.4.3", utf8("CA"))]]),
            subject: name(&[vec![("2.5.4.3", utf8("Firma"))]]),
            not_before: "250101000000Z",
            not_after: "300101000000Z",
            modulus: modulus(1),
            extensions: vec![key_usage(0xc0), ruc_extension(RUC)],
        }
    }
}

impl Certificate {
    pub(crate) fn named(common_name: &str) -> Self {
        let subject = name(&[vec![("2.5.4.3", utf8(common_name))]]);
        Self {
            subject,
            ..Self::default()
        }
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        let algorithm = sequence(&[oid("1.2.840.113549.1.1.11"), tlv(0x05, &[])]);
        let key = sequence(&[tlv(0x02, &self.modulus), tlv(0x02, &[1, 0, 1])]);
        let key_algorithm = sequence(&[tlv(0x06, RSA_ENCRYPTION), tlv(0x05, &[])]);
        let times = [
            tlv(0x17, self.not_before.as_bytes()),
            tlv(0x17, self.not_after.as_bytes()),
        ];
        let body = sequence(&[
            tlv(0xa0, &[2, 1, 2]),
            tlv(0x02, &self.serial),
            algorithm.clone(),
            self.issuer.clone(),
            sequence(&times),
            self.subject.clone(),
            sequence(&[key_algorithm, tlv(0x03, &[vec![0], key].concat())]),
            tlv(0xa3, &sequence(&self.extensions)),
        ]);
        sequence(&[body, algorithm, tlv(0x03, &[0, 1, 2, 3])])
    }
}

/// A modulus of 2048 bits as an INTEGER's content, told apart by `seed`.
pub(crate) fn modulus(seed: u8) -> Vec<u8> {
    let mut content = vec![0, 0x80 | seed];
    content.resize(257, seed);
    content
}

/// A PrivateKeyInfo whose public half is `modulus`; it could sign nothing.
pub(crate) fn private_key(modulus: &[u8]) -> Vec<u8> {
    let version = tlv(0x02, &[0]);
    let key = sequence(&[version.clone(), tlv(0x02, modulus), tlv(0x02, &[1, 0, 1])]);
    let algorithm = sequence(&[tlv(0x06, RSA_ENCRYPTION), tlv(0x05, &[])]);
    sequence(&[version, algorithm, tlv(0x04, &key)])
}

/// An entry of a file: kind of bag, value, friendly name, localKeyId.
pub(crate) fn bag(kind: u8, value: &[u8], friendly_name: &str, local_key_id: &[u8]) -> Vec<u8> {
    let units = friendly_name.encode_utf16().flat_map(u16::to_be_bytes);
    let friendly_name = tlv(0x1e, &units.collect::<Vec<_>>());
    let attribute = |kind, value: Vec<u8>| sequence(&[oid(kind), tlv(0x31, &value)]);
    let mut attributes = attribute("1.2.840.113549.1.9.20", friendly_name);
    if !local_key_id.is_empty() {
        attributes.extend(attribute("1.2.840.113549.1.9.21", tlv(0x04, local_key_id)));
    }
    let kind = oid(&format!("1.2.840.113549.1.12.10.1.{kind}"));
    sequence(&[kind, tlv(0xa0, value), tlv(0x31, &attributes)])
}

/// The bag of a certificate.
pub(crate) fn certificate_bag(der: &[u8], friendly_name: &str, local_key_id: &[u8]) -> Vec<u8> {
    let value = tlv(0xa0, &tlv(0x04, der));
    bag(
        3,
        &sequence(&[oid("1.2.840.113549.1.9.22.1"), value]),
        friendly_name,
        local_key_id,
    )
}

/// A file without MAC and encryption.
pub(crate) fn pfx(bags: &[Vec<u8>]) -> Vec<u8> {
    let data =
        |octets: &[u8]| sequence(&[oid("1.2.840.113549.1.7.1"), tlv(0xa0, &tlv(0x04, octets))]);
    let safe = sequence(&[data(&sequence(bags))]);
    sequence(&[tlv(0x02, &[3]), data(&safe)])
}

/// Whether a program can be started. Without it a test is skipped, unless
/// `TAGUA_REQUIRE_TOOLS=1` makes that a failure.
pub(crate) fn has_tool(program: &str, version_option: &str) -> bool {
    let found = std::process::Command::new(program)
        .arg(version_option)
        .output()
        .is_ok_and(|output| output.status.success());
    if !found {
        skip_without(program);
    }
    found
}
