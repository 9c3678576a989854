//! The file that people keep.

use tagua_server::authorized_xml;
use tagua_store::AuthorizationResult;

use crate::support::documents::message;

#[track_caller]
fn check(signed: &str) {
    let result = AuthorizationResult {
        state: "AUTORIZADO".to_owned(),
        number: Some("12".to_owned()),
        date: None,
        environment: Some("A&B".to_owned()),
        messages: vec![message("60", Some("<x> & ]]>"))],
    };
    let file = String::from_utf8(authorized_xml(&result, signed.as_bytes())).unwrap();
    let tree = roxmltree::Document::parse(&file).unwrap();
    let text = |name: &str| {
        let node = tree.descendants().find(|n| n.has_tag_name(name)).unwrap();
        node.descendants()
            .filter_map(|n| n.text().filter(|_| n.is_text()))
            .collect::<String>()
    };
    assert_eq!(text("comprobante"), signed);
    assert_eq!(text("numeroAutorizacion"), "12");
    assert_eq!(text("fechaAutorizacion"), "");
    assert_eq!(text("ambiente"), "A&B");
    assert_eq!(text("informacionAdicional"), "<x> & ]]>");
    assert_eq!(text("tipo"), "ERROR");
}

#[test]
fn the_signed_file_comes_through_byte_for_byte() {
    check("<factura><a>1</a></factura>");
    check("<?xml version=\"1.0\"?>\n<a>ñ &amp; ]]&gt;</a>");
    check("]]>");
    check("]]]]>>]]>x]]>");
    check("");
}
