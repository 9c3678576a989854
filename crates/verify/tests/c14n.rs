//! Canonical XML: cases by hand, and generated documents against xmllint.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use std::cell::Cell;
use std::io::Write;
use std::process::Stdio;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tagua_verify::c14n::{Canonicalization, Comments, Form, canonicalize};
use tagua_verify::{ScanLimits, XmlText};

fn exclusive(prefixes: &[&str]) -> Canonicalization {
    Canonicalization {
        form: Form::Exclusive {
            inclusive_prefixes: prefixes.iter().map(|p| (*p).to_owned()).collect(),
        },
        comments: Comments::Dropped,
    }
}

fn with_comments(form: Form) -> Canonicalization {
    Canonicalization {
        form,
        comments: Comments::Kept,
    }
}

/// Canonical form of the element `apex`, or of the whole document, without the
/// element `cut`.
fn canonical(text: &str, apex: Option<&str>, how: &Canonicalization) -> String {
    let text = XmlText::read(text.as_bytes(), &ScanLimits::default()).unwrap();
    let tree = text.tree().unwrap();
    let named = |name: &str| tree.descendants().find(|n| n.tag_name().name() == name);
    let node = apex.map_or(tree.root(), |name| named(name).unwrap());
    String::from_utf8(canonicalize(node, named("cut"), how)).unwrap()
}

#[track_caller]
fn whole(text: &str, expected: &str) {
    assert_eq!(
        canonical(text, None, &Canonicalization::INCLUSIVE),
        expected
    );
}

#[track_caller]
fn apex(text: &str, how: &Canonicalization, expected: &str) {
    assert_eq!(canonical(text, Some("x"), how), expected);
}

#[test]
fn tags_quotes_and_declarations_are_normalised() {
    whole(
        "<?xml version='1.0'?>\n<a  b = 'c\"d' />\n",
        "<a b=\"c&quot;d\"></a>",
    );
    whole("<a ><b\n/></a >", "<a><b></b></a>");
    whole("<a><![CDATA[<&>]]>b</a>", "<a>&lt;&amp;&gt;b</a>");
    whole(
        "<a>&#233;&#x1F600;&quot;&apos;&gt;</a>",
        "<a>é😀\"'&gt;</a>",
    );
}

#[test]
fn line_ends_and_carriage_returns_are_kept_apart() {
    whole("<a>1\r\n2\r3\n4&#13;5</a>", "<a>1\n2\n3\n4&#xD;5</a>");
    // A lone carriage return before a character reference.
    whole("<a>\r&#10;\r&amp;&#65;\r</a>", "<a>\n\n\n&amp;A\n</a>");
    whole("<a>&#13;\r\n&#13;&#10;</a>", "<a>&#xD;\n&#xD;\n</a>");
    whole("<a><![CDATA[1\r\n2\r]]></a>", "<a>1\n2\n</a>");
    whole("<?p 1\r\n2?><a/>", "<?p 1\n2?>\n<a></a>");
}

#[test]
fn attribute_values_are_normalised() {
    whole("<a b='1\t2\n3\r\n4'/>", "<a b=\"1 2 3 4\"></a>");
    whole(
        "<a b='&#9;&#10;&#13;&#32;'/>",
        "<a b=\"&#x9;&#xA;&#xD; \"></a>",
    );
    whole("<a b='&lt;>&amp;'/>", "<a b=\"&lt;>&amp;\"></a>");
}

#[test]
fn attributes_go_by_namespace_then_name() {
    whole(
        "<a xmlns:z='urn:1' xmlns:y='urn:2' y:a='1' z:b='2' z:a='3' b='4' a='5' xml:lang='es'/>",
        "<a xmlns:y=\"urn:2\" xmlns:z=\"urn:1\" a=\"5\" b=\"4\" xml:lang=\"es\" z:a=\"3\" z:b=\"2\" y:a=\"1\"></a>",
    );
}

#[test]
fn superfluous_declarations_are_dropped() {
    whole(
        "<a xmlns='urn:1' xmlns:p='urn:2'><b xmlns='urn:1' xmlns:p='urn:2'><c xmlns:p='urn:3'/></b></a>",
        "<a xmlns=\"urn:1\" xmlns:p=\"urn:2\"><b><c xmlns:p=\"urn:3\"></c></b></a>",
    );
    whole("<a xmlns=''><b xmlns=''/></a>", "<a><b></b></a>");
    whole(
        "<a xmlns='urn:1'><b xmlns=''><c xmlns=''/><d xmlns='urn:1'/></b></a>",
        "<a xmlns=\"urn:1\"><b xmlns=\"\"><c></c><d xmlns=\"urn:1\"></d></b></a>",
    );
    // Two prefixes of one namespace keep their names.
    whole(
        "<p:a xmlns:p='urn:1' xmlns:q='urn:1'><q:b/></p:a>",
        "<p:a xmlns:p=\"urn:1\" xmlns:q=\"urn:1\"><q:b></q:b></p:a>",
    );
}

#[test]
fn comments_and_instructions_around_the_root() {
    let text = "<!-- 1 --><?p?> <a><!-- 2 --><?q  r ?></a>\n<?s?><!-- 3 -->";
    whole(text, "<?p?>\n<a><?q r ?></a>\n<?s?>");
    assert_eq!(
        canonical(text, None, &with_comments(Form::Inclusive)),
        "<!-- 1 -->\n<?p?>\n<a><!-- 2 --><?q r ?></a>\n<?s?>\n<!-- 3 -->"
    );
}

#[test]
fn an_apex_takes_its_context_along() {
    let text = "<a xmlns='urn:d' xmlns:p='urn:p' xmlns:q='urn:q' xml:lang='es' xml:space='preserve' b='1'><c xml:lang='en'><p:x xml:id='i'><y/></p:x></c></a>";
    apex(
        text,
        &Canonicalization::INCLUSIVE,
        "<p:x xmlns=\"urn:d\" xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" xml:id=\"i\" xml:lang=\"en\" xml:space=\"preserve\"><y></y></p:x>",
    );
    apex(
        text,
        &exclusive(&[]),
        "<p:x xmlns:p=\"urn:p\" xml:id=\"i\"><y xmlns=\"urn:d\"></y></p:x>",
    );
    apex(
        text,
        &exclusive(&["#default", "q"]),
        "<p:x xmlns=\"urn:d\" xmlns:p=\"urn:p\" xmlns:q=\"urn:q\" xml:id=\"i\"><y></y></p:x>",
    );
    apex(
        "<a xmlns='urn:1'><x xmlns=''/></a>",
        &Canonicalization::INCLUSIVE,
        "<x></x>",
    );
}

#[test]
fn an_excluded_element_leaves_its_surroundings() {
    apex(
        "<x> 1 <cut>2</cut> 3 </x>",
        &Canonicalization::INCLUSIVE,
        "<x> 1  3 </x>",
    );
}

#[test]
fn depth_does_not_overflow_the_stack() {
    let text = format!("{}{}", "<a>".repeat(50_000), "</a>".repeat(50_000));
    let limits = ScanLimits {
        depth_max: usize::MAX,
        ..ScanLimits::default()
    };
    let read = XmlText::read(text.as_bytes(), &limits).unwrap();
    let tree = read.tree().unwrap();
    let octets = canonicalize(tree.root(), None, &Canonicalization::INCLUSIVE);
    assert_eq!(octets, text.as_bytes());
}

#[test]
fn algorithms_have_names() {
    let known = |name: &str| Canonicalization::from_algorithm(name);
    let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    let exclusive_name = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let comments = |name: &str| format!("{name}#WithComments").replace("##", "#");
    assert_eq!(known(inclusive), Some(Canonicalization::INCLUSIVE));
    assert_eq!(
        known(&comments(inclusive)),
        Some(with_comments(Form::Inclusive))
    );
    assert_eq!(known(exclusive_name), Some(exclusive(&[])));
    assert_eq!(
        known(&comments(exclusive_name)),
        Some(with_comments(exclusive(&[]).form))
    );
    assert_eq!(known("http://www.w3.org/2006/12/xml-c14n11"), None);
}

/// Content of an element, as source text.
fn content() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{0,6}",
        prop::sample::select(vec![
            "&amp;",
            "&lt;",
            "&gt;",
            "&quot;",
            "&#13;",
            "&#10;",
            "&#9;",
            "&#233;",
            "é",
            "\r",
            "\r\n",
            "\n",
            "\t",
            ">",
            "<![CDATA[<&\r\n>]]>",
            "<!-- c -->",
            "<!--\r-->",
            "<?p?>",
            "<?p  d\r\n ?>",
            "'",
            "\"",
        ])
        .prop_map(str::to_owned),
    ]
}

fn attribute() -> impl Strategy<Value = (String, String)> {
    let name = prop::sample::select(vec![
        "a",
        "b",
        "B",
        "p:a",
        "p:b",
        "q:a",
        "r:c",
        "xml:lang",
        "xml:space",
        "xmlns",
        "xmlns:p",
        "xmlns:q",
        "xmlns:r",
    ]);
    (name, any::<prop::sample::Index>(), value()).prop_map(|(name, uri, value)| {
        let uris = ["urn:1", "urn:2", "urn:3", ""];
        let value = match name {
            "xmlns" => (*uri.get(&uris)).to_owned(),
            "xml:space" => "preserve".to_owned(),
            _ if name.starts_with("xmlns") => (*uri.get(&uris[..3])).to_owned(),
            _ => value,
        };
        (name.to_owned(), value)
    })
}

fn value() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "x", " ", "\t", "\n", "\r", "\r\n", "&#9;", "&#10;", "&#13;", "&lt;", "&amp;", "&quot;",
        "'", ">", "é",
    ]);
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn element(name: &str, attributes: Vec<(String, String)>, children: &[String]) -> String {
    let mut seen = std::collections::HashSet::new();
    let attributes: String = attributes
        .iter()
        .filter(|(name, _)| seen.insert(name.clone()))
        .map(|(name, value)| format!(" {name}=\"{value}\""))
        .collect();
    format!("<{name}{attributes}>{}</{name}>", children.concat())
}

fn document() -> impl Strategy<Value = String> {
    let tree = content().prop_recursive(4, 24, 4, |inner| {
        let names = prop::sample::select(vec!["a", "b", "p:a", "q:a", "r:d"]);
        let attributes = prop::collection::vec(attribute(), 0..4);
        let children = prop::collection::vec(inner, 0..4);
        (names, attributes, children).prop_map(|(name, a, c)| element(name, a, &c))
    });
    let root = (
        prop::collection::vec(attribute(), 0..5),
        prop::collection::vec(tree, 0..5),
    );
    let around = || prop::sample::select(vec!["", "\n", "<!-- o -->", "<?o x?>\r\n"]);
    (around(), root, around()).prop_map(|(before, (attributes, children), after)| {
        let mut all = attributes;
        for (prefix, uri) in [("p", "urn:1"), ("q", "urn:2"), ("r", "urn:3")] {
            all.push((format!("xmlns:{prefix}"), uri.to_owned()));
        }
        format!("{before}{}{after}", element("root", all, &children))
    })
}

fn xmllint(text: &str, option: &str) -> Option<Vec<u8>> {
    let mut command = support::tool("xmllint")?;
    let mut child = command
        .args([option, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Some(if output.status.success() {
        output.stdout
    } else {
        Vec::new()
    })
}

#[track_caller]
fn generated_agree(option: &str, how: &Canonicalization) {
    if support::tool("xmllint").is_none() {
        return;
    }
    let config = Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    };
    let compared = Cell::new(0);
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&document(), |text| {
        let read = XmlText::read(text.as_bytes(), &ScanLimits::default()).unwrap();
        let theirs = xmllint(&text, option).unwrap();
        // Two prefixes of one namespace can make an attribute occur twice, which
        // xmllint only warns of.
        let Ok(tree) = read.tree() else {
            return Ok(());
        };
        compared.set(compared.get() + 1);
        let ours = canonicalize(tree.root(), None, how);
        prop_assert_eq!(String::from_utf8(ours), String::from_utf8(theirs));
        Ok(())
    });
    outcome.unwrap();
    assert!(compared.get() > 100, "{} compared", compared.get());
}

#[test]
fn generated_documents_agree_with_xmllint() {
    generated_agree("--c14n", &with_comments(Form::Inclusive));
}

#[test]
fn generated_documents_agree_with_xmllint_exclusively() {
    generated_agree("--exc-c14n", &with_comments(exclusive(&[]).form));
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_canonical_form_is_canonical(text in document()) {
        let how = with_comments(Form::Inclusive);
        let read = XmlText::read(text.as_bytes(), &ScanLimits::default()).unwrap();
        if read.tree().is_ok() {
            let once = canonical(&text, None, &how);
            prop_assert_eq!(canonical(&once, None, &how), once);
        }
    }
}
