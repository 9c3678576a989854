//! What the server learns from a tree.

use tagua_fiscal::{AccessKey, Environment};
use tagua_sri_xml::write;
use tagua_wire::{Collection, WireFinding, XmlRequest, read_xml};

use crate::shared::{KEY, invoice, with};

#[track_caller]
fn read(xml: &str) -> XmlRequest<'_> {
    read_xml(xml.as_bytes(), Collection::Invoices).unwrap()
}

#[track_caller]
fn findings(xml: &str) -> Vec<WireFinding> {
    let findings = read_xml(xml.as_bytes(), Collection::Invoices).unwrap_err();
    assert!(
        findings.iter().all(|f| f.parameter == "xml"),
        "{findings:?}"
    );
    findings
}

/// That the only finding has this code and names this.
#[track_caller]
fn refused(xml: &str, code: &str, named: &str) {
    let findings = findings(xml);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].code.as_str(), code);
    assert!(
        findings[0].details.contains(named),
        "{}",
        findings[0].details
    );
}

fn key() -> AccessKey {
    KEY.parse().unwrap()
}

#[test]
fn an_invoice_is_known_by_its_tree() {
    let xml = invoice();
    let request = read(&xml);
    assert_eq!(request.collection, Collection::Invoices);
    assert_eq!(request.version, "2.1.0");
    assert_eq!(request.environment, Environment::Test);
    assert_eq!(request.emission_type, 1);
    assert_eq!(request.ruc.as_str(), "1799999990001");
    assert_eq!(request.series.to_string(), "001-002");
    assert_eq!(request.sequential.get(), 1028);
    assert_eq!(request.issue_date, jiff::civil::date(2026, 11, 18));
    assert_eq!(request.access_key, Some(key()));
    assert_eq!(request.receiver.id, "2459999914");
    assert_eq!(request.receiver.name, "Rosaura Quimí");
    assert_eq!(
        request.receiver.emails,
        ["rosaura@correo.example", "otra@correo.example"]
    );
    assert_eq!(request.total.as_deref(), Some("115.00"));
}

#[test]
fn a_right_key_is_kept_and_nothing_else_is_touched() {
    let xml = invoice();
    let request = read(&xml);
    assert_eq!(request.key(1), key());
    let tree = request.with_key(key());
    assert_eq!(String::from_utf8(write(&tree)).unwrap(), xml);
}

#[test]
fn a_key_that_is_none_is_made() {
    let wrong = format!("{}7", &KEY[..48]);
    let element = format!("<claveAcceso>{KEY}</claveAcceso>");
    for given in [
        String::new(),
        "<claveAcceso/>".to_owned(),
        "<claveAcceso>None</claveAcceso>".to_owned(),
        "<claveAcceso> </claveAcceso>".to_owned(),
        format!("<claveAcceso>{wrong}</claveAcceso>"),
    ] {
        let xml = with(&element, &given);
        let request = read(&xml);
        assert_eq!(request.access_key, None, "{given}");
        let made = request.key(20_261_118);
        assert_eq!(made, key(), "{given}");
        let tree = request.with_key(made);
        // Inserted after ruc where it was missing: the invoice as it should be.
        assert_eq!(
            String::from_utf8(write(&tree)).unwrap(),
            invoice(),
            "{given}"
        );
    }
}

#[test]
fn a_key_among_blanks_is_kept_without_them() {
    let xml = with(KEY, &format!("\n  {KEY}\n "));
    let request = read(&xml);
    assert_eq!(request.access_key, Some(key()));
    assert_eq!(
        String::from_utf8(write(&request.with_key(key()))).unwrap(),
        invoice()
    );
}

#[test]
fn a_signature_is_removed() {
    let signature = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
                     <ds:SignedInfo/></ds:Signature></factura>";
    let xml = with("</factura>", signature);
    let tree = read(&xml).with_key(key());
    assert_eq!(String::from_utf8(write(&tree)).unwrap(), invoice());
}

#[test]
fn comments_and_blanks_between_elements_do_no_harm() {
    let xml = invoice().replace("><", ">\n  <!-- nota --> <");
    let tree = read(&xml).with_key(key());
    assert_eq!(String::from_utf8(write(&tree)).unwrap(), invoice());
}

#[test]
fn what_the_schema_refuses_is_taken_all_the_same() {
    for (old, new) in [
        ("<estab>001</estab>", "<estab>1</estab>"),
        (
            "<secuencial>000001028</secuencial>",
            "<secuencial> 1028 </secuencial>",
        ),
        ("18/11/2026", "2026-11-18"),
        ("18/11/2026", "2026-11-18T00:00:00-05:00"),
        ("1799999990001</ruc>", "1799999990002</ruc>"),
        ("<tipoEmision>1</tipoEmision>", ""),
        (
            "<dirMatriz>Quito</dirMatriz>",
            "<exportacion>EC</exportacion>",
        ),
        ("version=\"2.1.0\"", "version=\"9\""),
        ("<factura ", "<factura xmlns=\"urn:x\" "),
        ("<detalles>", "<detalles><detalle/>"),
    ] {
        let xml = with(old, new);
        let request = read(&xml);
        assert_eq!(request.sequential.get(), 1028, "{new}");
        assert_eq!(request.issue_date, jiff::civil::date(2026, 11, 18), "{new}");
        assert_eq!(request.series.to_string(), "001-002", "{new}");
    }
}

#[test]
fn what_cannot_be_done_without_is_named() {
    let missing = "MISSING_PARAMETER";
    refused(
        &with("<ruc>1799999990001</ruc>", ""),
        missing,
        "infoTributaria/ruc",
    );
    refused(
        &with("<ambiente>1</ambiente>", ""),
        missing,
        "infoTributaria/ambiente",
    );
    refused(
        &with("<estab>001</estab>", "<estab/>"),
        missing,
        "infoTributaria/estab",
    );
    refused(
        &with("<ptoEmi>002</ptoEmi>", ""),
        missing,
        "infoTributaria/ptoEmi",
    );
    let number = "<secuencial>000001028</secuencial>";
    refused(&with(number, ""), missing, "infoTributaria/secuencial");
    let value = "INVALID_VALUE";
    refused(
        &with("<ambiente>1<", "<ambiente>3<"),
        value,
        "1 (pruebas) o 2 (producción)",
    );
    refused(
        &with("1799999990001</ruc>", "17</ruc>"),
        value,
        "13 dígitos",
    );
    refused(
        &with("<secuencial>000001028", "<secuencial>000000000"),
        value,
        "de 1 a 999999999",
    );
    refused(
        &with("<secuencial>000001028", "<secuencial>+1028"),
        value,
        "de 1 a 999999999",
    );
    refused(
        &with("<estab>001", "<estab>A01"),
        value,
        "infoTributaria/estab",
    );
}

#[test]
fn everything_missing_is_told_at_once() {
    let xml = invoice().replace("infoTributaria", "infoTribuaria");
    let findings = findings(&xml);
    assert_eq!(findings.len(), 5, "{findings:?}");
    let xml = "<factura version=\"2.1.0\"/>";
    let named = [
        "ambiente",
        "ruc",
        "estab",
        "ptoEmi",
        "secuencial",
        "infoFactura/fechaEmision",
    ];
    for (finding, name) in self::findings(xml).iter().zip(named) {
        assert!(finding.details.contains(name), "{}", finding.details);
    }
}

#[test]
fn an_unreadable_date_matters_only_without_a_key() {
    let bad = with("18/11/2026", "31/02/2026");
    assert_eq!(read(&bad).issue_date, jiff::civil::date(2026, 11, 18));
    let bad = bad.replace(KEY, "");
    refused(&bad, "INVALID_FORMAT", "infoFactura/fechaEmision");
    assert_eq!(findings(&bad)[0].value.as_deref(), Some("\"31/02/2026\""));
    let none = with("<fechaEmision>18/11/2026</fechaEmision>", "").replace(KEY, "");
    refused(&none, "MISSING_PARAMETER", "infoFactura/fechaEmision");
}

#[test]
fn the_root_must_be_that_of_the_collection() {
    let note = invoice().replace("factura", "notaCredito");
    refused(&note, "INVALID_VALUE", "/credit-notes/issue/xml");
    assert_eq!(findings(&note)[0].value.as_deref(), Some("\"notaCredito\""));
    refused(
        "<Factura/>",
        "INVALID_VALUE",
        "no es un comprobante; se espera factura",
    );
    let findings = read_xml(invoice().as_bytes(), Collection::Waybills).unwrap_err();
    assert!(findings[0].details.contains("/invoices/issue/xml"));
}

fn withholding(version: &str) -> String {
    let xml = invoice()
        .replace("2.1.0", version)
        .replace("factura", "comprobanteRetencion");
    xml.replace("infoFactura", "infoCompRetencion")
        .replace("Comprador>", "SujetoRetenido>")
}

#[test]
fn withholdings_join_the_collection_of_their_version() {
    let versions = [
        ("1.0.0", Collection::Retentions),
        ("2.0.0", Collection::AtsRetentions),
        ("7", Collection::AtsRetentions),
    ];
    for expected in [Collection::Retentions, Collection::AtsRetentions] {
        for (version, joined) in versions {
            let xml = withholding(version);
            let request = read_xml(xml.as_bytes(), expected).unwrap();
            assert_eq!(request.collection, joined);
            assert_eq!(request.receiver.id, "2459999914");
            assert_eq!(request.total, None);
        }
    }
}

#[test]
fn waybills_take_the_day_the_transport_starts() {
    let xml = invoice()
        .replace("factura", "guiaRemision")
        .replace("infoFactura", "infoGuiaRemision")
        .replace("fechaEmision", "fechaIniTransporte")
        .replace(KEY, "")
        .replace(
            "<detalles>",
            "<destinatarios><destinatario>\
             <identificacionDestinatario>0998887712001</identificacionDestinatario>\
             <razonSocialDestinatario>TRES CEIBOS</razonSocialDestinatario></destinatario>\
             </destinatarios><detalles>",
        );
    let request = read_xml(xml.as_bytes(), Collection::Waybills).unwrap();
    assert_eq!(request.issue_date, jiff::civil::date(2026, 11, 18));
    assert_eq!(request.receiver.id, "0998887712001");
    assert_eq!(request.receiver.name, "TRES CEIBOS");
    assert_eq!(&request.key(7).as_str()[..10], "1811202606");
}

#[test]
fn addresses_come_from_the_fields_that_are_named_so() {
    let field = |name: &str, text: &str| {
        format!("<campoAdicional nombre=\"{name}\">{text}</campoAdicional>")
    };
    for name in ["email", "E-MAIL", "Correo", " correo electrónico: ", "mail"] {
        let xml = with("nombre=\"Email\"", &format!("nombre=\"{name}\""));
        assert_eq!(read(&xml).receiver.emails.len(), 2, "{name}");
    }
    let fields = [
        field("Vendedor", "v@x.example"),
        field("correo", "a@x.example,b@x.example  a@x.example"),
        field("email", "no tiene"),
    ]
    .concat();
    let xml = with("<infoAdicional>", &format!("<infoAdicional>{fields}"));
    let xml = xml.replace(
        "<infoAdicional>",
        "<tipoNegociable><correo>n@x.example</correo></tipoNegociable><infoAdicional>",
    );
    let emails = read(&xml).receiver.emails;
    let expected = [
        "a@x.example",
        "b@x.example",
        "rosaura@correo.example",
        "otra@correo.example",
        "n@x.example",
    ];
    assert_eq!(emails, expected);
}
