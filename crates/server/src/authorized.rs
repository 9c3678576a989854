//! The file people keep: SRI's decision around the signed document
//! (REFERENCE 2.4, "downloaded files").

use tagua_store::AuthorizationResult;

/// `<autorizacion>` with the signed file, byte for byte, in CDATA.
pub fn authorized_xml(result: &AuthorizationResult, signed: &[u8]) -> Vec<u8> {
    let mut out = String::with_capacity(signed.len() + 1024);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<autorizacion>");
    element(&mut out, "estado", &result.state);
    element(
        &mut out,
        "numeroAutorizacion",
        result.number.as_deref().unwrap_or_default(),
    );
    element(
        &mut out,
        "fechaAutorizacion",
        result.date.as_deref().unwrap_or_default(),
    );
    element(
        &mut out,
        "ambiente",
        result.environment.as_deref().unwrap_or_default(),
    );
    out.push_str("<comprobante><![CDATA[");
    // The end of a CDATA section inside it is written as two sections.
    out.push_str(&String::from_utf8_lossy(signed).replace("]]>", "]]]]><![CDATA[>"));
    out.push_str("]]></comprobante><mensajes>");
    for message in &result.messages {
        out.push_str("<mensaje>");
        element(&mut out, "identificador", &message.identifier);
        element(&mut out, "mensaje", &message.message);
        if let Some(additional) = &message.additional {
            element(&mut out, "informacionAdicional", additional);
        }
        element(&mut out, "tipo", &message.kind);
        out.push_str("</mensaje>");
    }
    out.push_str("</mensajes></autorizacion>\n");
    out.into_bytes()
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push('<');
    out.push_str(name);
    out.push('>');
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            other => out.push(other),
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}
