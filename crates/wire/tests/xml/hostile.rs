//! XML that means harm: findings, never panics, never a long wait.

use tagua_wire::{
    Collection, Sent, json_reading, parameter_of_xml_path, read_xml, structural_findings,
    xml_of_body,
};

use crate::shared::{invoice, with};

/// Through every door there is; the code of the first finding.
fn through(body: &[u8]) -> Option<&'static str> {
    let _ = Sent::read(body);
    let xml = match xml_of_body(body) {
        Ok(xml) => xml,
        Err(finding) => return Some(finding.code.as_str()),
    };
    if let Ok(tree) = tagua_sri_xml::read(&xml) {
        let json = json_reading(&tree);
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        for finding in structural_findings(&tree) {
            for collection in Collection::ALL {
                parameter_of_xml_path(collection, &finding.path);
            }
        }
    }
    match read_xml(&xml, Collection::Invoices) {
        Ok(_) => None,
        Err(findings) => Some(findings[0].code.as_str()),
    }
}

#[test]
fn what_is_not_plain_xml_is_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>";
    let outside = "<!DOCTYPE a [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    for xml in [
        format!("{bomb}{}", invoice()),
        format!("{outside}{}", invoice()),
        format!("{}{}", invoice(), invoice()),
        format!("{}texto", invoice()),
        with("QUINDE AZUL", "&nbsp;"),
        with("QUINDE AZUL", "&#0;"),
        with("</factura>", ""),
        with("</infoFactura>", ""),
        with("<factura ", "<factura id=\"x\" "),
        with("<factura ", "<x:factura "),
        "<".to_owned(),
        "<factura".to_owned(),
        "<![CDATA[x]]>".to_owned(),
        format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000)),
    ] {
        let start: String = xml.chars().take(80).collect();
        assert_eq!(through(xml.as_bytes()), Some("INVALID_FORMAT"), "{start}");
    }
}

#[test]
fn other_encodings_are_refused() {
    let latin: Vec<u8> = invoice()
        .chars()
        .map(|c| u8::try_from(c).unwrap())
        .collect();
    assert_eq!(through(&latin), Some("INVALID_FORMAT"));
    let wide: Vec<u8> = invoice()
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(through(&wide), Some("INVALID_FORMAT"));
    let declared = format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{}",
        invoice()
    );
    assert_eq!(through(declared.as_bytes()), None, "the bytes are UTF-8");
}

#[test]
fn a_mebibyte_of_anything_is_read_or_refused() {
    const ROOM: usize = 1_000_000;
    let fill = |piece: &str| {
        with(
            "</factura>",
            &format!("{}</factura>", piece.repeat(ROOM / piece.len())),
        )
    };
    for (old, piece) in [
        ("<detalles>", "<detalle/>"),
        ("<infoAdicional>", "<campoAdicional/>"),
        ("<infoFactura>", "<importeTotal>1</importeTotal>"),
        ("<infoTributaria>", "<x y=\"z\"/>"),
    ] {
        let room = format!("{old}{}", piece.repeat(ROOM / piece.len()));
        assert_eq!(through(with(old, &room).as_bytes()), None, "{old}");
    }
    through(fill("<detalles><detalle><impuestos/></detalle></detalles>").as_bytes());
    let name = "n".repeat(ROOM / 4);
    let named = format!("<{name}>{}</{name}></factura>", "<a/>".repeat(ROOM / 8));
    assert_eq!(through(with("</factura>", &named).as_bytes()), None);
    let too_large = with("QUINDE AZUL", &"x".repeat(1 << 20));
    assert_eq!(through(too_large.as_bytes()), Some("INVALID_FORMAT"));
}

/// Every prefix and every invoice without one of its bytes.
#[test]
fn damaged_documents_never_panic() {
    let xml = invoice();
    for end in (0..xml.len()).filter(|end| xml.is_char_boundary(*end)) {
        assert!(through(&xml.as_bytes()[..end]).is_some(), "{end}");
    }
    for place in 0..xml.len() {
        let mut bytes = xml.clone().into_bytes();
        bytes.remove(place);
        through(&bytes);
    }
}

#[test]
fn any_path_is_answered() {
    for path in [
        "",
        "/",
        "//",
        "factura",
        "/factura/[",
        "/factura/]",
        "/factura/detalles/detalle[x]/cantidad",
        "/factura/detalles/detalle[0]",
        "/factura/detalles/detalle[99999999999999999999]/x",
        "/@",
        "/factura/@version/a/b",
    ] {
        for collection in Collection::ALL {
            let parameter = parameter_of_xml_path(collection, path);
            assert!(!parameter.contains('/'), "{parameter}");
        }
    }
}
