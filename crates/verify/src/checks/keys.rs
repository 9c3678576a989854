//! The signature value and the key it is verified with.

use roxmltree::Node;

use crate::certificate::Certificate;
use crate::digest::{DigestMethod, RsaMethod, from_base64};
use crate::report::Recorder;
use crate::rules::Rule;
use crate::signature::Signature;
use crate::xml::{DS, chain, path_in, text_of};

/// Makes the checks and returns the certificate, when it can be read.
pub(super) fn check(signature: &Signature<'_, '_>, recorder: &mut Recorder) -> Option<Certificate> {
    let certificate = find_certificate(signature, recorder);
    match &certificate {
        Some(certificate) => {
            summarize(certificate, recorder);
            check_value(signature, certificate, recorder);
            check_usage(certificate, recorder);
            check_key_value(signature, certificate, recorder);
            check_ruc(certificate, recorder);
        }
        None => {
            recorder.fail(Rule::SignatureValue, "there is no key to verify it with");
            for rule in [Rule::KeyUsage, Rule::KeyValue, Rule::CertificateRuc] {
                recorder.skip(rule, "there is no readable certificate");
            }
        }
    }
    certificate
}

/// The certificate of `KeyInfo`. Of several the one that `SigningCertificate`
/// names is taken, else the first.
fn find_certificate(signature: &Signature<'_, '_>, recorder: &mut Recorder) -> Option<Certificate> {
    let rule = Rule::Certificate;
    let texts: Vec<_> = signature
        .key_info
        .into_iter()
        .flat_map(|node| node.descendants())
        .filter(|node| node.has_tag_name((DS, "X509Certificate")))
        .map(text_of)
        .collect();
    let decoded: Vec<_> = texts.iter().filter_map(|text| from_base64(text)).collect();
    let named = decoded.iter().find(|der| is_named(signature, der));
    let Some(der) = named.or_else(|| decoded.first()) else {
        let problem = if texts.is_empty() {
            "there is none"
        } else {
            "not base64"
        };
        recorder.fail(rule, problem);
        return None;
    };
    match Certificate::from_der(der) {
        Err(error) => {
            recorder.fail(rule, chain(&error));
            None
        }
        Ok(certificate) => {
            judge_certificate(&certificate, texts.len(), recorder);
            Some(certificate)
        }
    }
}

fn judge_certificate(certificate: &Certificate, count: usize, recorder: &mut Recorder) {
    let bits = certificate.key_bits();
    let detail = format!("{}, RSA {bits}", certificate.subject());
    if count > 1 {
        let detail = format!("{count} certificates, SRI's own tool writes one: {detail}");
        recorder.warn(Rule::Certificate, detail);
    } else if bits < 2048 {
        recorder.warn(Rule::Certificate, format!("short key: {detail}"));
    } else {
        recorder.pass(Rule::Certificate, detail);
    }
}

fn is_named(signature: &Signature<'_, '_>, der: &[u8]) -> bool {
    cert_digest(signature).is_some_and(|(method, digest)| method.digest(der) == digest)
}

/// The digest in `SigningCertificate`.
pub(super) fn cert_digest(signature: &Signature<'_, '_>) -> Option<(DigestMethod, Vec<u8>)> {
    let node = signature.signed_property(&["SigningCertificate", "Cert", "CertDigest"])?;
    let method = path_in(node, DS, &["DigestMethod"])?.attribute("Algorithm")?;
    let value = text_of(path_in(node, DS, &["DigestValue"])?);
    Some((DigestMethod::from_algorithm(method)?, from_base64(&value)?))
}

fn summarize(certificate: &Certificate, recorder: &mut Recorder) {
    let summary = &mut recorder.summary;
    summary.signer = Some(certificate.subject());
    summary.signer_issuer = Some(certificate.issuer());
    summary.signer_serial = Some(certificate.serial().to_owned());
    summary.signer_ruc = certificate.ruc().map(str::to_owned);
}

fn check_value(signature: &Signature<'_, '_>, certificate: &Certificate, recorder: &mut Recorder) {
    let rule = Rule::SignatureValue;
    let method = signature
        .signature_algorithm()
        .and_then(RsaMethod::from_algorithm);
    let message = signature.canonical_signed_info();
    let value = signature
        .signature_value
        .and_then(|node| from_base64(&text_of(node)));
    match (method, message, value) {
        (None, _, _) => recorder.fail(rule, "the signature method is unknown"),
        (_, None, _) => recorder.fail(rule, "SignedInfo cannot be canonicalised"),
        (_, _, None) => recorder.fail(rule, "SignatureValue is absent or not base64"),
        (Some(method), Some(message), Some(value)) => {
            let detail = format!("{} over {} canonical octets", method.name(), message.len());
            if method.verifies(certificate.public_key(), &message, &value) {
                recorder.pass(rule, detail);
            } else {
                recorder.fail(rule, format!("{detail} does not verify"));
            }
        }
    }
}

fn check_usage(certificate: &Certificate, recorder: &mut Recorder) {
    let rule = Rule::KeyUsage;
    match certificate.signing_usage() {
        Some(true) => recorder.pass(rule, "digitalSignature or nonRepudiation"),
        Some(false) => recorder.warn(rule, "neither digitalSignature nor nonRepudiation"),
        None => recorder.warn(rule, "the certificate has no keyUsage"),
    }
}

fn check_key_value(
    signature: &Signature<'_, '_>,
    certificate: &Certificate,
    recorder: &mut Recorder,
) {
    let rule = Rule::KeyValue;
    let path = ["KeyValue", "RSAKeyValue"];
    let Some(key) = signature.key_info.and_then(|node| path_in(node, DS, &path)) else {
        return recorder.skip(rule, "KeyInfo has no RSAKeyValue");
    };
    let mut complaints = Vec::new();
    for (name, expected) in [
        ("Modulus", certificate.modulus()),
        ("Exponent", certificate.exponent()),
    ] {
        complaints.extend(number_complaint(key, name, expected));
    }
    recorder.judge(rule, &complaints, "the key of the certificate");
}

fn number_complaint(key: Node<'_, '_>, name: &'static str, expected: &[u8]) -> Option<String> {
    let found = path_in(key, DS, &[name]).and_then(|node| from_base64(&text_of(node)));
    match found {
        Some(found) if found == expected => None,
        Some(found) if found.first() == Some(&0) => Some(format!("{name} has leading zeros")),
        Some(_) => Some(format!("{name} is not that of the certificate")),
        None => Some(format!("{name} is absent or not base64")),
    }
}

fn check_ruc(certificate: &Certificate, recorder: &mut Recorder) {
    let rule = Rule::CertificateRuc;
    let document = recorder.summary.ruc.clone().unwrap_or_default();
    match certificate.ruc() {
        None => recorder.warn(rule, "the certificate has no RUC that can be found"),
        Some(ruc) if ruc == document => recorder.pass(rule, ruc),
        Some(ruc) => recorder.fail(
            rule,
            format!("RucComprobante: {document} RucCertificado: {ruc}"),
        ),
    }
}
