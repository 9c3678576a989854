//! Hostile files, each refused in no time, and the limits one by one.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tagua_verify::{Rule, ScanError, ScanFacts, ScanLimits, Verdict, scan, verify_document};

#[track_caller]
fn refused(text: &str, expected: &str) {
    let error = scan(text.as_bytes(), &ScanLimits::default()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[track_caller]
fn accepted(text: &str) -> ScanFacts {
    scan(text.as_bytes(), &ScanLimits::default()).unwrap()
}

/// Refused by the verifier, with its reason, in less than 200 ms.
#[track_caller]
fn hostile(text: &str, reason: &str) {
    let start = Instant::now();
    let report = verify_document(text.as_bytes());
    let elapsed = start.elapsed();
    let check = report.check(Rule::WellFormed).unwrap();
    assert_eq!(check.verdict, Verdict::Fail);
    assert!(check.detail.starts_with(reason), "{}", check.detail);
    assert!(elapsed < Duration::from_millis(200), "took {elapsed:?}");
}

/// Text made of one piece for each number.
fn repeated(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, number| {
        let _ = write!(text, "{}", piece(number));
        text
    })
}

const DOCTYPE: &str = "a DOCTYPE is not allowed";

#[test]
fn billion_laughs() {
    let entities = repeated(9, |n| {
        format!("<!ENTITY l{} \"{}\">", n + 1, format!("&l{n};").repeat(10))
    });
    let text = format!("<!DOCTYPE a [<!ENTITY l0 \"lol\">{entities}]><a>&l9;</a>");
    hostile(&text, DOCTYPE);
}

#[test]
fn quadratic_entities() {
    let value = "x".repeat(50_000);
    let references = "&x;".repeat(50_000);
    hostile(
        &format!("<!DOCTYPE a [<!ENTITY x \"{value}\">]><a>{references}</a>"),
        DOCTYPE,
    );
    hostile(
        &format!("<a>{references}</a>"),
        "the entity &x; is not allowed",
    );
}

#[test]
fn external_entities() {
    hostile(
        "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
        DOCTYPE,
    );
    hostile(
        "<!DOCTYPE a SYSTEM \"http://127.0.0.1/a.dtd\"><a/>",
        DOCTYPE,
    );
}

#[test]
fn many_attributes() {
    let text = format!("<a{}/>", repeated(200_000, |n| format!(" a{n}=''")));
    hostile(&text, "an element has more than 32 attributes");
}

#[test]
fn deep_nesting() {
    let open = "<a>".repeat(1_000_000);
    hostile(&open, "elements are nested more than 32 deep");
    let text = format!("{open}{}", "</a>".repeat(1_000_000));
    hostile(&text, "7000000 octets, at most 4194304 are read");
}

#[test]
fn nested_namespaces() {
    let text = repeated(3_000, |n| format!("<a xmlns:n{n}='urn:{n}'>"));
    hostile(&text, "elements are nested more than 32 deep");
    let text = repeated(3_000, |n| format!("<b xmlns:n{n}='urn:{n}'/>"));
    hostile(
        &format!("<a>{text}</a>"),
        "the document has more than 128 namespace declarations",
    );
    let text = repeated(3_000, |n| format!(" xmlns:n{n}='urn:{n}'"));
    hostile(
        &format!("<a{text}/>"),
        "an element has more than 16 namespace declarations",
    );
}

#[test]
fn huge_names_and_values() {
    let long = "x".repeat(4_000_000);
    hostile(&format!("<a {long}=''/>"), "a name has 4000000 octets");
    hostile(&format!("<{long}/>"), "a name has 4000000 octets");
    // A long value is no offence in itself.
    assert_eq!(accepted(&format!("<a b='{long}'/>")).elements, 1);
    hostile(&format!("<a b='{long}"), "not well-formed near octet");
}

#[test]
fn many_elements() {
    let text = format!("<a>{}</a>", "<b/>".repeat(200_000));
    hostile(&text, "the document has more than 200000 elements");
}

#[test]
fn the_largest_legal_tree_is_canonicalised_in_time() {
    // Eight open elements with sixteen namespaces each, then as many elements as
    // may be: the canonical form must not look at all namespaces of each.
    let open = repeated(8, |depth| {
        let declared = repeated(16, |n| format!(" xmlns:n{depth}_{n}='urn:{depth}:{n}'"));
        format!("<a{declared}>")
    });
    let text = format!("{open}{}{}", "<b/>".repeat(20_000), "</a>".repeat(8));
    let text = tagua_verify::XmlText::read(text.as_bytes(), &ScanLimits::default()).unwrap();
    let tree = text.tree().unwrap();
    let start = Instant::now();
    let how = tagua_verify::c14n::Canonicalization::INCLUSIVE;
    let octets = tagua_verify::c14n::canonicalize(tree.root(), None, &how);
    assert!(octets.len() > 20_000 * 7);
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn facts_are_counted() {
    let facts = accepted("\u{feff}<?xml version='1.0' encoding='utf-8'?><a xmlns:b='c'><d/></a>\n");
    let expected = ScanFacts {
        elements: 2,
        depth: 2,
        namespaces: 1,
        byte_order_mark: true,
    };
    assert_eq!(facts, expected);
}

#[test]
fn a_document_at_the_limits_is_accepted() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let attributes = |count| format!("<a{}/>", repeated(count, |n| format!(" a{n}=''")));
    let namespaces = |count| format!("<a{}/>", repeated(count, |n| format!(" xmlns:a{n}='u'")));
    assert_eq!(accepted(&nested(32)).depth, 32);
    refused(&nested(33), "elements are nested more than 32 deep");
    refused(
        &nested(32).replace("<a></a>", "<a><b/></a>"),
        "elements are nested more than 32 deep",
    );
    accepted(&attributes(32));
    refused(&attributes(33), "an element has more than 32 attributes");
    accepted(&namespaces(16));
    refused(
        &namespaces(17),
        "an element has more than 16 namespace declarations",
    );
    let limits = ScanLimits {
        bytes_max: 4,
        ..ScanLimits::default()
    };
    assert!(scan(b"<a/>", &limits).is_ok());
    let error = scan(b"<a />", &limits).unwrap_err();
    assert!(matches!(error, ScanError::TooLarge { found: 5, limit: 4 }));
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for text in [
        "<a>",
        "<a></b>",
        "</a>",
        "<a b='1' b='2'/>",
        "<a><b></a></b>",
        "<a b=1/>",
        "<a>&",
        "<a><!-- -- --></a>",
    ] {
        assert!(
            scan(text.as_bytes(), &ScanLimits::default()).is_err(),
            "{text}"
        );
    }
    refused("", "there is no element");
    refused("<!-- a -->", "there is no element");
    refused("<a/><b/>", "there is more than one root element");
    refused("<a/>b", "there is text outside the root element");
    refused("b<a/>", "there is text outside the root element");
    refused("<a/>&amp;", "there is text outside the root element");
    refused("<a/><![CDATA[]]>", "there is text outside the root element");
    assert!(matches!(
        scan(b"<a>\xff</a>", &ScanLimits::default()),
        Err(ScanError::NotUtf8 { valid_up_to: 3 })
    ));
}

#[test]
fn declarations_other_than_xml_1_0_in_utf_8_are_refused() {
    accepted("<?xml version=\"1.0\"?><a/>");
    refused(
        "<?xml version=\"1.1\"?><a/>",
        "XML declaration: the version is not 1.0",
    );
    refused(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>",
        "XML declaration: the encoding is not UTF-8",
    );
    refused(
        " <?xml version=\"1.0\"?><a/>",
        "XML declaration: it is not in the first place",
    );
}

#[test]
fn entities_other_than_the_five_are_refused() {
    accepted("<a b='&amp;&lt;&gt;&quot;&apos;&#10;&#xA;'>&amp;&lt;&gt;&quot;&apos;&#10;&#xA;</a>");
    refused("<a>&nbsp;</a>", "the entity &nbsp; is not allowed");
    refused("<a b='&nbsp;'/>", "the entity &nbsp; is not allowed");
}

#[test]
fn declarations_that_readers_understand_differently_are_refused() {
    refused(
        "<a b:xmlns='c'/>",
        "the namespace declaration b:xmlns=\"c\" is not allowed",
    );
    refused(
        "<a xmlns:xmlns='c'/>",
        "the namespace declaration xmlns:xmlns=\"c\" is not allowed",
    );
    refused(
        "<a xmlns:b=''/>",
        "the namespace declaration xmlns:b=\"\" is not allowed",
    );
    accepted("<a xmlns=''/>");
}
