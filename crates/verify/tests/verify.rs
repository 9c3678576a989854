//! Documents signed here: the good one, and each way of spoiling it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use support::{DOCUMENT, RUC, failed, identity, signed, signed_after, stranger, warned, wrapped};
use tagua_verify::{Report, Rule, Verdict, verify_document};

fn verify(text: &str) -> Report {
    verify_document(text.as_bytes())
}

/// Changes one place of a text and insists that there is one.
#[track_caller]
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not there");
    text.replacen(from, to, 1)
}

/// Changes the document after signing.
#[track_caller]
fn tampered(from: &str, to: &str, expected: &[&str]) {
    let report = verify(&changed(&signed(), from, to));
    assert_eq!(failed(&report), expected, "{report:#?}");
}

/// Changes the draft and signs it: digests and signature are right.
#[track_caller]
fn signed_wrong(from: &str, to: &str, expected: &[&str]) {
    let report = verify(&signed_after(|draft| changed(&draft, from, to)));
    assert_eq!(failed(&report), expected, "{report:#?}");
}

/// The same for what is only worth a warning.
#[track_caller]
fn signed_oddly(from: &str, to: &str, expected: &[&str]) {
    let report = verify(&signed_after(|draft| changed(&draft, from, to)));
    assert!(report.ok(), "{report:#?}");
    assert_eq!(warned(&report), expected, "{report:#?}");
}

#[test]
fn a_signed_document_passes_every_check() {
    let report = verify(&signed());
    assert!(report.ok(), "{report:#?}");
    let other = |check: &&tagua_verify::Check| check.verdict != Verdict::Pass;
    let others: Vec<_> = report.checks.iter().filter(other).collect();
    let names: Vec<_> = others.iter().map(|check| check.name).collect();
    let bare = [
        "envelope",
        "inner_well_formed",
        "authorization_number",
        "envelope_environment",
    ];
    assert_eq!(names, [bare.as_slice(), &["other_references"]].concat());
    assert!(
        others
            .iter()
            .all(|check| check.verdict == Verdict::NotApplicable)
    );
}

#[test]
fn a_report_has_every_rule_once_and_in_order() {
    let names: Vec<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    let unsigned = DOCUMENT.as_bytes();
    for bytes in [
        signed().as_bytes(),
        unsigned,
        b"",
        b"<a/>",
        b"\xff",
        b"<autorizacion/>",
    ] {
        let report = verify_document(bytes);
        let found: Vec<_> = report.checks.iter().map(|check| check.name).collect();
        assert_eq!(found, names);
        assert!(report.checks.iter().all(|check| !check.detail.is_empty()));
    }
}

#[test]
fn the_summary_says_what_was_found() {
    let summary = verify(&signed()).summary;
    assert_eq!(summary.root.as_deref(), Some("factura"));
    assert_eq!(summary.version.as_deref(), Some("1.1.0"));
    let key = "2110201101179214673900110020010000000011234567813";
    assert_eq!(summary.access_key.as_deref(), Some(key));
    assert_eq!(summary.ruc.as_deref(), Some(RUC));
    assert_eq!(
        summary.signer.as_deref(),
        Some("CN=Holder,O=Ñandú S.A.,C=EC")
    );
    let issuer = "CN=Tagua\\, Test CA,O=Ñandú S.A.,C=EC";
    assert_eq!(summary.signer_issuer.as_deref(), Some(issuer));
    assert_eq!(
        summary.signer_serial.as_deref(),
        Some("1053021561600956060929")
    );
    assert_eq!(summary.signer_ruc.as_deref(), Some(RUC));
    assert_eq!(summary.algorithm.as_deref(), Some("rsa-sha256"));
    assert_eq!(
        summary.signing_time.as_deref(),
        Some("2011-10-21T10:20:30-05:00")
    );
    assert_eq!(summary.envelope, None);
}

#[test]
fn a_report_is_json_for_programs() {
    let json = serde_json::to_value(verify(DOCUMENT)).unwrap();
    let signature = json["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["name"] == "signature_present")
        .unwrap();
    assert_eq!(signature["verdict"], "fail");
    assert_eq!(signature["detail"], "there is no signature");
    assert_eq!(json["summary"]["root"], "factura");
}

#[test]
fn the_certificate_comes_with_the_report() {
    let report = verify(&signed());
    let certificate = report.certificate.unwrap();
    assert_eq!(certificate.der(), identity().certificate.der());
}

#[test]
fn changes_after_signing_fail_where_they_are() {
    tampered(">34.01<", ">34.00<", &["document_digest"]);
    tampered("línea&#13;", "línea", &["document_digest"]);
    tampered(
        "<factura ",
        "<factura xmlns:a='b' ",
        &[
            "document_digest",
            "signed_properties_digest",
            "key_info_digest",
            "signature_value",
        ],
    );
    tampered(
        "contenido comprobante",
        "contenido",
        &["signed_properties_digest"],
    );
    tampered("10:20:30", "10:20:31", &["signed_properties_digest"]);
    tampered(
        "<ds:X509Certificate>",
        "<ds:X509Certificate>\n",
        &["key_info_digest"],
    );
    tampered(
        "<ds:Modulus>",
        "<ds:Modulus>AAAA",
        &["key_info_digest", "key_value"],
    );
    tampered(
        "Id=\"SignedInfo2\"",
        "Id=\"SignedInfo3\"",
        &["signature_value"],
    );
    tampered(
        "</ds:Transforms>",
        " </ds:Transforms>",
        &["signature_value"],
    );
    tampered(
        "</ds:SignatureValue>",
        "AAAA</ds:SignatureValue>",
        &["signature_value"],
    );
    tampered(
        "</ds:SignatureValue>",
        "?</ds:SignatureValue>",
        &["signature_value"],
    );
    tampered(
        "</factura>",
        "<otro/></factura>",
        &["signature_position", "document_digest"],
    );
    tampered(
        "</ds:SignedInfo>",
        "</ds:SignedInfo>text",
        &["signature_structure"],
    );
}

#[test]
fn a_flipped_character_of_the_signature_value_fails() {
    let text = signed();
    let at = text.find("Id=\"SignatureValue7\">").unwrap() + 60;
    for replacement in ["A", "B"] {
        let mut spoiled = text.clone();
        spoiled.replace_range(at..at + 1, replacement);
        let expected: &[&str] = if spoiled == text {
            &[]
        } else {
            &["signature_value"]
        };
        assert_eq!(failed(&verify(&spoiled)), expected);
    }
}

#[test]
fn what_is_not_signed_may_change_without_harm() {
    tampered("Id=\"SignatureValue7\"", "Id=\"other\"", &[]);
    tampered("</ds:SignatureValue>", "\n</ds:SignatureValue>", &[]);
    tampered("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "", &[]);
    let report = verify(&changed(&signed(), ">34.01<", ">34<!-- -->.01<"));
    assert!(report.ok());
    assert_eq!(warned(&report), ["comments"]);
    let report = verify(&format!("\u{feff}{}", signed()));
    assert_eq!(warned(&report), ["well_formed"]);
}

#[test]
fn another_certificate_fails_everywhere_it_shows() {
    let (own, other) = (&identity().certificate, &stranger().certificate);
    let key_checks = [
        "signature_value",
        "key_value",
        "signing_certificate_digest",
        "serial_number",
    ];
    tampered(
        &wrapped(own.der()),
        &wrapped(other.der()),
        &[["key_info_digest"].as_slice(), &key_checks].concat(),
    );
    signed_wrong(&wrapped(own.der()), &wrapped(other.der()), &key_checks);
    signed_wrong(
        &wrapped(own.der()),
        "AAAA",
        &["signature_value", "certificate"],
    );
}

#[test]
fn ids_that_occur_twice_fail() {
    signed_wrong(
        "<infoFactura>",
        "<infoFactura Id=\"x\" ID=\"x\" xml:id=\"x\">",
        &[],
    );
    for name in ["id", "Id", "ID", "xml:id"] {
        let element = format!("<infoFactura {name}=\"comprobante\">");
        signed_wrong(
            "<infoFactura>",
            &element,
            &["ids_unique", "reference_targets", "document_reference"],
        );
    }
    signed_wrong("Object8", "SignatureValue7", &["ids_unique"]);
}

#[test]
fn a_wrapped_document_fails() {
    let inner = signed().replace("<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "");
    let start = inner.find("<ds:Signature ").unwrap();
    let end = inner.find("</factura>").unwrap();
    let signature = &inner[start..end];
    let original = inner.replace(signature, "");
    // The signed document moves away and another one takes its place.
    let forged = DOCUMENT
        .replace("34.01", "1.00")
        .replace("comprobante", "otro");
    let hidden = signature.replace("</ds:Object>", &format!("{original}</ds:Object>"));
    let report = verify(&forged.replace("</factura>", &format!("{hidden}</factura>")));
    assert_eq!(
        report.check(Rule::DocumentReference).unwrap().verdict,
        Verdict::Fail
    );
    assert_eq!(report.check(Rule::RootId).unwrap().verdict, Verdict::Fail);
    assert_eq!(
        report.check(Rule::SignatureStructure).unwrap().verdict,
        Verdict::Fail
    );

    let report = verify(&format!("<factura id='otro' version='1'>{inner}</factura>"));
    assert_eq!(
        report.check(Rule::SignaturePresent).unwrap().verdict,
        Verdict::Fail
    );
    assert_eq!(
        report.check(Rule::DocumentReference).unwrap().verdict,
        Verdict::Fail
    );

    let report = verify(&inner.replace(signature, &format!("{signature}{signature}")));
    assert!(failed(&report).contains(&"signature_present"));
    assert!(failed(&report).contains(&"ids_unique"));
}

/// The reference whose element starts with this text.
fn reference(start: &str) -> String {
    let text = signed();
    let from = text.find(start).unwrap();
    let length = text[from..].find("</ds:Reference>").unwrap() + "</ds:Reference>".len();
    text[from..from + length].to_owned()
}

#[test]
fn references_that_are_missing_are_noticed() {
    let cut = |start: &str| {
        verify(&signed_after(|draft| {
            let from = draft.find(start).unwrap();
            let length = draft[from..].find("</ds:Reference>").unwrap();
            let mut draft = draft;
            draft.replace_range(from..from + length + "</ds:Reference>".len(), "");
            draft
        }))
    };
    assert_eq!(
        failed(&cut("<ds:Reference Id=\"Reference6\"")),
        ["document_reference"]
    );
    assert_eq!(
        failed(&cut("<ds:Reference Id=\"Reference3\"")),
        ["signed_properties_reference"]
    );
    let report = cut("<ds:Reference URI=\"#Certificate5\"");
    assert!(report.ok());
    assert_eq!(warned(&report), ["key_info_reference"]);
    // After signing, the signature itself breaks as well.
    let text = signed().replace(&reference("<ds:Reference Id=\"Reference6\""), "");
    assert_eq!(
        failed(&verify(&text)),
        ["document_reference", "signature_value"]
    );
}

#[test]
fn references_that_miss_their_target_are_noticed() {
    let lost = ["reference_targets", "document_reference"];
    signed_wrong("URI=\"#comprobante\"", "URI=\"#other\"", &lost);
    signed_wrong("URI=\"#comprobante\"", "URI=\"http://127.0.0.1/\"", &lost);
    signed_wrong("URI=\"#comprobante\"", "URI=\"#xpointer(/)\"", &lost);
    signed_wrong("URI=\"#comprobante\"", "", &lost);
    signed_wrong(
        "URI=\"#comprobante\"",
        "URI=\"#Object8\"",
        &["document_reference", "other_references"],
    );
    signed_oddly(
        "Type=\"http://uri.etsi.org/01903#SignedProperties\"",
        "",
        &["signed_properties_reference"],
    );
}

#[test]
fn unknown_algorithms_fail() {
    signed_wrong(
        "2001/REC-xml-c14n-20010315\"",
        "2006/12/xml-c14n11\"",
        &["canonicalization_method", "signature_value"],
    );
    signed_wrong(
        "#rsa-sha256",
        "#ecdsa-sha256",
        &["signature_method", "signature_value"],
    );
    signed_wrong(
        "#enveloped-signature",
        "#base64",
        &["transforms", "document_reference", "document_digest"],
    );
    signed_wrong(
        "xmlenc#sha256",
        "xmlenc#ripemd160",
        &["digest_methods", "signed_properties_digest"],
    );
    let twice = "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>".repeat(2);
    let end = "</ds:Transforms>";
    signed_wrong(
        end,
        &format!("{twice}{end}"),
        &["transforms", "document_reference", "document_digest"],
    );
}

#[test]
fn other_known_algorithms_pass() {
    let inclusive = "<ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments\"/>";
    let end = "</ds:Transforms>";
    signed_oddly(end, &format!("{inclusive}{end}"), &[]);
    let report = verify(&support::signed_with_sha512(|draft| {
        changed(&draft, "#rsa-sha256", "#rsa-sha512")
    }));
    assert!(report.ok(), "{report:#?}");
    assert_eq!(report.summary.algorithm.as_deref(), Some("rsa-sha512"));
}

#[test]
fn properties_of_another_certificate_fail() {
    signed_wrong("CN=Tagua\\, Test CA", "CN=Tagua", &["issuer_name"]);
    signed_wrong(
        "CN=Tagua\\, Test CA",
        "Common=Tagua\\, Test CA",
        &["issuer_name"],
    );
    signed_oddly(",O=Ñandú", ", O=Ñandú", &["issuer_name"]);
    signed_oddly(
        "CN=Tagua\\, Test CA,O=Ñandú S.A.,C=EC",
        "C=EC,O=ñandú  s.a.,cn=\"Tagua, Test CA\"",
        &["issuer_name"],
    );
    // Through floating point the last digits are lost.
    signed_wrong(
        ">1053021561600956060929<",
        ">1053021561600956000000<",
        &["serial_number"],
    );
    signed_wrong(
        ">1053021561600956060929<",
        ">39159C1B20F41A5501<",
        &["serial_number"],
    );
    signed_oddly(
        ">1053021561600956060929<",
        "> 01053021561600956060929\n<",
        &[],
    );
    signed_wrong(
        "<etsi:IssuerSerial>",
        "<etsi:Other>x</etsi:Other><etsi:IssuerSerial>",
        &[],
    );
    signed_wrong(
        "Target=\"#Signature1\"",
        "Target=\"#Signature2\"",
        &["qualifying_properties"],
    );
}

#[test]
fn signing_times_outside_the_validity_fail() {
    signed_wrong("2011-10-21T10", "2031-10-21T10", &["signing_time"]);
    signed_wrong("2011-10-21T10", "2010-10-21T10", &["signing_time"]);
    signed_wrong("2011-10-21T10", "2011-13-21T10", &["signing_time"]);
    signed_oddly("10:20:30-05:00<", "10:20:30<", &["signing_time"]);
    signed_oddly("10:20:30-05:00<", "10:20:30.123Z<", &[]);
}

#[test]
fn access_keys_that_disagree_fail() {
    signed_wrong("0000011234567813<", "0000011234567814<", &["access_key"]);
    signed_wrong(
        "<ruc>1792146739001<",
        "<ruc>1792146738001<",
        &["access_key_fields", "certificate_ruc"],
    );
    for (name, value) in [
        ("ambiente", "2"),
        ("tipoEmision", "2"),
        ("codDoc", "04"),
        ("estab", "001"),
        ("ptoEmi", "002"),
        ("secuencial", "000000002"),
        ("fechaEmision", "22/10/2011"),
    ] {
        let report = verify(&signed_after(|draft| {
            let from = draft.find(&format!("<{name}>")).unwrap() + name.len() + 2;
            let length = draft[from..].find('<').unwrap();
            let mut draft = draft;
            draft.replace_range(from..from + length, value);
            draft
        }));
        assert_eq!(failed(&report), ["access_key_fields"], "{name}");
        let check = report.check(Rule::AccessKeyFields).unwrap();
        assert!(check.detail.starts_with(name), "{}", check.detail);
    }
}

#[test]
fn a_guia_de_remision_has_no_date_to_compare() {
    let report = verify(&signed_after(|draft| {
        draft
            .replace("factura", "guiaRemision")
            .replace("<fechaEmision>21/10/2011</fechaEmision>", "")
            .replace("<codDoc>01", "<codDoc>06")
            .replace(
                "2110201101179214673900110020010000000011234567813",
                "2110201106179214673900110020010000000011234567815",
            )
    }));
    assert!(report.ok(), "{report:#?}");
}

#[test]
fn the_shape_of_the_document_is_checked() {
    signed_wrong(
        "<factura id=\"comprobante\" version=\"1.1.0\">",
        "<factura id=\"comprobante\">",
        &["document_version"],
    );
    signed_wrong(
        "  <infoTributaria>",
        "<primero/><infoTributaria>",
        &["info_tributaria"],
    );
    let report = verify(&signed_after(|draft| draft.replace("factura", "recibo")));
    assert_eq!(failed(&report), ["root_element"]);
    let report = verify(&signed_after(|draft| {
        draft.replace("comprobante\"", "Comprobante\"")
    }));
    assert_eq!(failed(&report), ["root_id"]);
    assert_eq!(warned(&report), ["document_reference"]);
    signed_wrong(
        "<ds:Object Id",
        "<ds:Object/><ds:Object Id",
        &["signature_structure"],
    );
}

#[test]
fn a_document_without_signature_says_so() {
    let report = verify(DOCUMENT);
    assert_eq!(failed(&report), ["signature_present"]);
    assert_eq!(
        report.check(Rule::SignatureValue).unwrap().verdict,
        Verdict::NotApplicable
    );
}

#[test]
fn too_many_references_are_not_followed() {
    let report = verify(&signed_after(|draft| {
        let reference = "<ds:Reference URI=\"#Object8\"></ds:Reference>";
        draft.replace(
            "</ds:SignedInfo>",
            &format!("{}</ds:SignedInfo>", reference.repeat(5_000)),
        )
    }));
    let check = report.check(Rule::ReferenceTargets).unwrap();
    assert_eq!(check.verdict, Verdict::Fail);
    assert_eq!(check.detail, "there are more than 8 references");
}

#[test]
fn too_many_prefixes_are_an_unknown_transform() {
    let prefixes = |count: usize| {
        let list = "ds ".repeat(count);
        format!(
            "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"><e:InclusiveNamespaces xmlns:e=\"http://www.w3.org/2001/10/xml-exc-c14n#\" PrefixList=\"{list}\"/></ds:Transform></ds:Transforms>"
        )
    };
    signed_oddly("</ds:Transforms>", &prefixes(32), &[]);
    let expected = ["transforms", "document_reference", "document_digest"];
    signed_wrong("</ds:Transforms>", &prefixes(33), &expected);
}

#[test]
fn details_are_short_and_printable() {
    let issuer = format!("CN=\u{7f}\u{9b}{}", "x".repeat(10_000));
    let report = verify(&signed_after(|draft| {
        draft.replace("CN=Tagua\\, Test CA", &issuer)
    }));
    let detail = &report.check(Rule::IssuerName).unwrap().detail;
    assert_eq!(detail.chars().count(), 2_000);
    assert!(!detail.contains(char::is_control));
}

#[test]
fn foreign_namespaces_are_not_taken_for_ours() {
    let report = verify(&signed().replace(
        "http://www.w3.org/2000/09/xmldsig#\" xmlns:etsi",
        "urn:other\" xmlns:etsi",
    ));
    assert_eq!(failed(&report), ["signature_present"]);
    let report = verify(&signed_after(|draft| {
        draft.replace("01903/v1.3.2#", "01903/v1.4.1#")
    }));
    assert!(failed(&report).contains(&"signature_structure"));
    assert!(failed(&report).contains(&"signed_properties_reference"));
    let report = verify(&signed_after(|draft| {
        draft.replace("<factura ", "<factura xmlns=\"urn:a\" ")
    }));
    assert!(failed(&report).contains(&"root_element"));
}

#[test]
fn a_comment_does_not_hide_part_of_a_value() {
    let report = verify(&signed_after(|draft| {
        draft.replace("<ruc>1792146739001", "<ruc>1792146739001<!-- -->9")
    }));
    assert_eq!(report.summary.ruc.as_deref(), Some("17921467390019"));
    assert_eq!(failed(&report), ["access_key_fields", "certificate_ruc"]);
}

#[test]
fn a_reference_that_covers_the_signature_itself_fails() {
    let inclusive = "TR/2001/REC-xml-c14n-20010315";
    let expected = ["document_reference", "document_digest"];
    signed_wrong("2000/09/xmldsig#enveloped-signature", inclusive, &expected);
}

#[test]
fn of_several_certificates_the_named_one_is_taken() {
    let authority = wrapped(identity().authority.der());
    let more = format!("<ds:X509Data><ds:X509Certificate>{authority}</ds:X509Certificate>");
    signed_oddly("<ds:X509Data>", &more, &["certificate"]);
}
