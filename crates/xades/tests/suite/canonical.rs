//! What `Unsigned` takes and what it refuses.

use proptest::prelude::*;
use roxmltree::Document;
use tagua_xades::{Unsigned, UnsignedError};

use crate::support::{documents::documents, verifier::canonical_form};

#[track_caller]
fn check(document: &str, expected: Result<(), UnsignedError>) {
    let found = Unsigned::new(document.as_bytes()).map(|_| ());
    assert_eq!(found, expected, "{document}");
}

/// Checks content between the tags of a document element of 24 bytes, `<f id="comprobante">`.
#[track_caller]
fn check_content(content: &str, expected: Result<(), UnsignedError>) {
    check(&format!("<f id=\"comprobante\">{content}</f>"), expected);
}

const START: usize = "<f id=\"comprobante\">".len();

fn not_canonical(offset: usize) -> Result<(), UnsignedError> {
    Err(UnsignedError::NotCanonical { at: START + offset })
}

proptest! {
    /// The promise of the module: what is taken is its own canonical form.
    #[test]
    fn what_it_takes_is_canonical(document in documents(), at: usize, byte: u8) {
        prop_assert!(Unsigned::new(document.as_bytes()).is_ok());
        let mut changed = document.into_bytes();
        let at = at % changed.len();
        changed[at] = byte;
        if Unsigned::new(&changed).is_ok() {
            let text = String::from_utf8(changed).unwrap();
            let tree = Document::parse(&text).unwrap();
            prop_assert_eq!(canonical_form(tree.root_element(), None), text);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        let _ = Unsigned::new(&bytes);
        let _ = Unsigned::new(&[b"<f id=\"comprobante\">", bytes.as_slice()].concat());
    }

    #[test]
    fn no_markup_makes_it_panic(text in "[<>/&;\"= a:!?#x9lt]{0,40}") {
        let _ = Unsigned::new(text.as_bytes());
        let _ = Unsigned::new(format!("<f {text}").as_bytes());
        let _ = Unsigned::new(format!("<f id=\"comprobante\">{text}</f>").as_bytes());
    }
}

#[test]
fn takes_canonical_documents() {
    check(
        "<factura id=\"comprobante\" version=\"2.1.0\"></factura>",
        Ok(()),
    );
    check_content("", Ok(()));
    check_content("\n\t<a>x</a>\n<b n=\"\">&amp;&lt;&gt;&#xD;\"'</b>", Ok(()));
    check_content("<a n=\"'>&amp;&lt;&quot;&#x9;&#xA;&#xD;\"></a>", Ok(()));
    check_content(
        "<a a=\"xmlns:x\" b=\"1\">xmlns=\"x\" \u{feff}\u{fffd}ﬀ😀</a>",
        Ok(()),
    );
}

#[test]
fn wants_the_id_on_the_document_element() {
    check("<f></f>", Err(UnsignedError::NoId));
    check("<f id=\"Comprobante\"></f>", Err(UnsignedError::NoId));
    check("<f Id=\"comprobante\"></f>", Err(UnsignedError::NoId));
    check(
        "<f><a id=\"comprobante\"></a></f>",
        Err(UnsignedError::NoId),
    );
}

#[test]
fn refuses_markup_other_than_elements() {
    let declared = "<?xml version=\"1.0\"?><f id=\"comprobante\"></f>";
    check(declared, Err(UnsignedError::Markup { at: 0 }));
    check("<!DOCTYPE f><f></f>", Err(UnsignedError::Markup { at: 0 }));
    for content in ["<!-- x -->", "<![CDATA[x]]>", "<?x y?>"] {
        check_content(content, Err(UnsignedError::Markup { at: START }));
    }
}

#[test]
fn refuses_namespaces() {
    check(
        "<f xmlns=\"x\"></f>",
        Err(UnsignedError::Namespace { at: 3 }),
    );
    check(
        "<f xmlns:x=\"y\"></f>",
        Err(UnsignedError::Namespace { at: 3 }),
    );
    check("<x:f></x:f>", Err(UnsignedError::Namespace { at: 1 }));
    check_content(
        "<a xml:lang=\"es\"></a>",
        Err(UnsignedError::Namespace { at: START + 3 }),
    );
}

#[test]
fn refuses_other_spellings() {
    check_content("a\rb", not_canonical(1));
    check_content("a\u{1}", not_canonical(1));
    check_content("a>b", not_canonical(1));
    check_content("\u{fffe}", not_canonical(0));
    for reference in [
        "&quot;", "&apos;", "&#13;", "&#xd;", "&#x9;", "&#65;", "& ", "&amp",
    ] {
        check_content(&format!("a{reference}"), not_canonical(1));
    }
    check_content("<a/>", not_canonical(2));
    check_content("<a ></a>", not_canonical(3));
    check_content("<a></a >", not_canonical(6));
    check_content("<a b='1'></a>", not_canonical(4));
    check_content("<a b = \"1\"></a>", not_canonical(4));
    check_content("<a b=\"1\"  c=\"2\"></a>", not_canonical(9));
    check_content("<a\nb=\"1\"></a>", not_canonical(2));
    for value in ["\t", "\n", "\r", "<", "&gt;", "&apos;", "\u{ffff}"] {
        check_content(&format!("<a b=\"{value}\"></a>"), not_canonical(6));
    }
    check_content("<1></1>", not_canonical(2));
    check_content("< a></a>", not_canonical(1));
}

#[test]
fn refuses_attributes_out_of_order_or_twice() {
    check_content("<a c=\"1\" b=\"2\"></a>", not_canonical(9));
    check_content("<a b=\"1\" b=\"2\"></a>", not_canonical(9));
    let unsorted = "<f version=\"1\" id=\"comprobante\"></f>";
    check(unsorted, Err(UnsignedError::NotCanonical { at: 15 }));
}

#[test]
fn refuses_tags_that_do_not_match() {
    check("", Err(UnsignedError::Unbalanced { at: 0 }));
    check(" <f></f>", Err(UnsignedError::Unbalanced { at: 0 }));
    check("f", Err(UnsignedError::Unbalanced { at: 0 }));
    check("</f>", Err(UnsignedError::Unbalanced { at: 0 }));
    check("<f>", Err(UnsignedError::Unbalanced { at: 3 }));
    check("<f></g>", Err(UnsignedError::Unbalanced { at: 3 }));
    check("<f><a></f></a>", Err(UnsignedError::Unbalanced { at: 6 }));
    check("<f></f>\n", Err(UnsignedError::Unbalanced { at: 7 }));
    check("<f></f><g></g>", Err(UnsignedError::Unbalanced { at: 7 }));
}

#[test]
fn refuses_what_is_not_utf8() {
    let latin1 = b"<f id=\"comprobante\">\xf1</f>";
    assert_eq!(Unsigned::new(latin1).unwrap_err(), UnsignedError::NotUtf8);
}
