//! The reader: what it refuses, where, and what it makes of the rest.

use std::time::{Duration, Instant};

use tagua_sri_xml::read::limits;
use tagua_sri_xml::{ReadProblem as P, read, write};

#[track_caller]
fn refuses(source: &str, line: usize, column: usize, problem: P) {
    let error = read(source.as_bytes()).expect_err(source);
    assert_eq!(
        (error.line, error.column, error.problem),
        (line, column, problem),
        "{source}"
    );
}

#[track_caller]
fn reads_as(source: &str, canonical: &str) {
    let tree = read(source.as_bytes()).expect(source);
    assert_eq!(String::from_utf8(write(&tree)).expect("UTF-8"), canonical);
}

#[test]
fn documents_that_are_not_well_formed_are_refused_where_they_are_wrong() {
    let end_tag = P::EndTag {
        expected: "b".to_owned(),
        found: "a".to_owned(),
    };
    refuses("<a>\n <b></a>", 2, 5, end_tag);
    refuses("<a>\n é<b>", 2, 6, P::Unfinished);
    refuses("", 1, 1, P::Unfinished);
    refuses("<!-- nada -->", 1, 14, P::Unfinished);
    refuses("<a/>\n<b/>", 2, 1, P::SecondRoot);
    refuses("x<a/>", 1, 1, P::TextOutside);
    refuses("<a/> x", 1, 5, P::TextOutside);
    refuses("<a/>&#32;", 1, 5, P::TextOutside);
    refuses("<a/><![CDATA[ ]]>", 1, 5, P::TextOutside);
    refuses(
        "<a b='1' b='2'/>",
        1,
        1,
        P::RepeatedAttribute("b".to_owned()),
    );
    let twice = "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>";
    refuses(twice, 1, 1, P::RepeatedAttribute("q:b".to_owned()));
    refuses("<p:a/>", 1, 1, P::Prefix("p".to_owned()));
    refuses("<a xmlns:p=''/>", 1, 1, P::Prefix("p".to_owned()));
    refuses("<a xmlns:xmlns='u'/>", 1, 1, P::Prefix("xmlns".to_owned()));
    refuses("<a>&nbsp;</a>", 1, 4, P::UnknownEntity("nbsp".to_owned()));
    refuses("<a b='&nbsp;'/>", 1, 1, P::UnknownEntity("nbsp".to_owned()));
    refuses("<a>&#0;</a>", 1, 4, P::ForbiddenCharacter('\0'));
    refuses("<a>\u{1}</a>", 1, 4, P::ForbiddenCharacter('\u{1}'));
    refuses("<a b='&#xFFFF;'/>", 1, 1, P::ForbiddenCharacter('\u{FFFF}'));
    refuses("<!DOCTYPE a><a/>", 1, 1, P::DocumentType);
    refuses("<?xml version='1.1'?><a/>", 1, 1, P::NotXml10);
    refuses(
        "<?xml version='1.0' encoding='latin1'?><a/>",
        1,
        1,
        P::NotUtf8,
    );
}

#[test]
fn other_breaches_of_the_grammar_are_refused() {
    let sources = [
        "<a",
        "<a b/>",
        "<a b=c/>",
        "<a b='<'/>",
        "<a b='1'c='2'/>",
        "<a b='1/>",
        "<1a/>",
        "<a:b:c/>",
        "<a>]]></a>",
        "<a>&</a>",
        "<a>& b;</a>",
        "<a>&#x;</a>",
        "<a>&#+1;</a>",
        "<a>&#xD800;</a>",
        "<a>&#99999999999;</a>",
        "<a b='&'/>",
        "<a b='&lt'/>",
        "<a><!-- -- --></a>",
        "<a/ >",
        "< a/>",
        "<a><?xml version='1.0'?></a>",
        " <?xml version='1.0'?><a/>",
        "<a><?XML a?></a>",
        "</a>",
        "<a></a></a>",
        "<?xml encoding='UTF-8' version='1.0'?><a/>",
        "<?xml version='1.0' standalone='si'?><a/>",
        "<?xml version='1.0' x='y'?><a/>",
        "<a></a b='1'>",
        "<a =''/>",
        "<a><![CDATA[</a>",
        "<a><!ELEMENT a></a>",
        "\u{FEFF}\u{FEFF}<a/>",
        "<a><b></a></b>",
    ];
    for source in sources {
        assert!(read(source.as_bytes()).is_err(), "{source}");
    }
}

#[test]
fn other_encodings_are_refused() {
    assert_eq!(
        read(b"<a>\xE9</a>").expect_err("Latin-1").problem,
        P::NotUtf8
    );
    assert_eq!(read(b"<a>\xE9</a>").expect_err("Latin-1").column, 4);
    let utf_16: Vec<u8> = "\u{FEFF}<a/>"
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert_eq!(read(&utf_16).expect_err("UTF-16").problem, P::NotUtf8);
}

#[test]
fn texts_are_normalised_and_joined() {
    reads_as(
        "\u{FEFF}<?xml version='1.0' encoding='utf-8'?>\n<a/>\n",
        "<a></a>",
    );
    reads_as("<a>1\r\n2\r3&#13;4</a>", "<a>1\n2\n3&#xD;4</a>");
    reads_as(
        "<a>1<!-- x -->2<?pi?>3<![CDATA[<&>]]>&#x34;</a>",
        "<a>123&lt;&amp;&gt;4</a>",
    );
    reads_as(
        "<a b='1\r\n2\t3&#10;4&#9;&quot;&lt;' a=\"'\"/>",
        "<a a=\"'\" b=\"1 2 3&#xA;4&#x9;&quot;&lt;\"></a>",
    );
    reads_as("<a>\n <b> </b>\n <c/>\n</a>", "<a><b> </b><c></c></a>");
    reads_as(
        "<a>&amp;&lt;&gt;&apos;&quot;]]&gt;</a>",
        "<a>&amp;&lt;&gt;'\"]]&gt;</a>",
    );
    let sorted = "<a xmlns=\"u\" xmlns:p=\"v\" b=\"2\" p:a=\"1\"></a>";
    reads_as("<a p:a='1' b='2' xmlns:p='v' xmlns='u'></a>", sorted);
}

#[test]
fn namespaces_are_resolved() {
    let source = "<a xmlns='u' b='1'><c xmlns=''/><p:d xmlns:p='v' p:e='2'/><f/></a>";
    let tree = read(source.as_bytes()).expect("well-formed");
    let namespaces: Vec<_> = tree.children.iter().map(|c| c.namespace.as_ref()).collect();
    assert_eq!(tree.namespace, "u");
    assert_eq!(tree.attribute("b"), Some("1"));
    assert_eq!(namespaces, ["", "v", "u"]);
    assert_eq!(tree.children[1].local_name(), "d");
    assert_eq!(tree.children[1].attributes[1].namespace, "v");
}

#[test]
fn limits_hold() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(read(nested(limits::DEPTH_MAX).as_bytes()).is_ok());
    refuses(&nested(limits::DEPTH_MAX + 1), 1, 97, P::TooDeep);
    let attributes = |count: usize| {
        let all: String = (0..count).map(|at| format!(" a{at}=''")).collect();
        format!("<a{all}/>")
    };
    assert!(read(attributes(limits::ATTRIBUTES_MAX).as_bytes()).is_ok());
    refuses(
        &attributes(limits::ATTRIBUTES_MAX + 1),
        1,
        1,
        P::TooManyAttributes,
    );
    let namespaces = |count: usize| {
        attributes(count)
            .replace(" a", " xmlns:a")
            .replace("''", "'u'")
    };
    assert!(read(namespaces(limits::NAMESPACES_MAX).as_bytes()).is_ok());
    refuses(
        &namespaces(limits::NAMESPACES_MAX + 1),
        1,
        1,
        P::TooManyNamespaces,
    );
    refuses(
        &format!("<a xmlns='{}'/>", "u".repeat(257)),
        1,
        1,
        P::TooManyNamespaces,
    );
    refuses(&" ".repeat(limits::BYTES_MAX + 1), 1, 1, P::TooLarge);
    let wide = format!("<a>{}</a>", "<b/>".repeat(limits::ELEMENTS_MAX));
    let error = read(wide.as_bytes()).expect_err("too wide");
    assert_eq!(error.problem, P::TooManyElements);
}

#[test]
fn hostile_documents_are_refused_fast() {
    let entity = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>";
    let laughs = "<!DOCTYPE a [<!ENTITY a 'ja'><!ENTITY b '&a;&a;'>]><a>&b;</a>";
    let documents = [
        entity.to_owned(),
        laughs.to_owned(),
        "<a>".repeat(300_000),
        "<a ".repeat(300_000),
        format!("<a{}/>", " b='1'".repeat(150_000)),
        format!("<a b='{}", "x".repeat(1_000_000)),
        format!("<a>{}", "&#65;".repeat(200_000)),
        format!("<a>{}", "<!-- -->".repeat(100_000)),
        format!("<a>{}", "<![CDATA[]]>".repeat(80_000)),
        format!(
            "<a xmlns:p='{}&amp;'>{}",
            "u".repeat(200),
            "<p:b/>".repeat(150_000)
        ),
        format!("<a>{}<b>", "\r".repeat(1_000_000)),
        "&".repeat(1_000_000),
        "\u{FEFF}".repeat(300_000),
    ];
    for document in documents {
        let start = Instant::now();
        let shown: String = document.chars().take(40).collect();
        assert!(read(document.as_bytes()).is_err(), "{shown}");
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{shown}: {:?}",
            start.elapsed()
        );
    }
}
