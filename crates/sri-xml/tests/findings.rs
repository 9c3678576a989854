//! What findings say, and where.

mod support;

use support::sample;
use tagua_fiscal::invoice::{Invoice, InvoiceVersion};
use tagua_sri_xml::FindingKind as K;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{
    Findings, StructuralFinding, check, check_invoice, invoice, read, read_invoice, write_invoice,
};

const V: InvoiceVersion = InvoiceVersion::V2_1_0;

/// The findings of an invoice with everything after `from` was replaced by `to` once.
fn findings(from: &str, to: &str) -> Vec<StructuralFinding> {
    let source = spoiled(from, to);
    let tree = read(source.as_bytes()).expect("well-formed");
    check(&tree, Schema::invoice(V))
}

fn spoiled(from: &str, to: &str) -> String {
    let source = String::from_utf8(write_invoice(&sample::maximal(V))).expect("UTF-8");
    assert!(source.contains(from), "{from}");
    source.replacen(from, to, 1)
}

#[track_caller]
fn tells(from: &str, to: &str, kind: K, path: &str, message: &str) {
    let all = findings(from, to);
    let [finding] = all.as_slice() else {
        panic!("{all:#?}");
    };
    assert_eq!((finding.kind, finding.path.as_str()), (kind, path));
    assert_eq!(finding.message_es, message);
    assert!(kind.is_structural() && !kind.is_note());
}

#[test]
fn values_are_told_with_what_is_allowed() {
    tells(
        "<estab>001</estab>",
        "<estab>1</estab>",
        K::Length,
        "/factura/infoTributaria/estab",
        "cvc-pattern-valid: El valor '1' (1 carácter) del elemento 'estab' no es válido; \
         debe ser un texto de 3 dígitos.",
    );
    tells(
        "<total>28.75</total><plazo>30</plazo><unidadTiempo>dias</unidadTiempo></pago></pagos>",
        "<total>-28.75</total></pago></pagos>",
        K::Range,
        "/factura/infoFactura/pagos/pago[2]/total",
        "cvc-minInclusive-valid: El valor '-28.75' del elemento 'total' no es válido; debe ser \
         un número decimal mayor o igual a 0 con 14 dígitos como máximo, de ellos 2 decimales, \
         y punto como separador.",
    );
    tells(
        "nombre=\"Nota\"",
        "nombre=\"\"",
        K::Empty,
        "/factura/infoAdicional/campoAdicional[1]/@nombre",
        "cvc-minLength-valid: El valor del atributo 'nombre' del elemento 'campoAdicional' está \
         vacío; debe ser un texto de 1 a 300 caracteres.",
    );
    tells(
        "<moneda>DOLAR",
        "<moneda>DO\nLAR",
        K::Pattern,
        "/factura/infoFactura/moneda",
        "cvc-pattern-valid: El valor 'DO\u{FFFD}LAR' (con salto de línea) del elemento 'moneda' no \
         es válido; debe ser un texto de 1 a 15 caracteres, sin saltos de línea.",
    );
    tells(
        ">SI<",
        ">si<",
        K::Enumeration,
        "/factura/infoFactura/obligadoContabilidad",
        "cvc-enumeration-valid: El valor 'si' del elemento 'obligadoContabilidad' no es válido; \
         debe ser 'SI' o 'NO'.",
    );
}

#[test]
fn places_are_told_with_what_is_expected() {
    tells(
        "<razonSocialComprador>Juan Pérez</razonSocialComprador>",
        "",
        K::Missing,
        "/factura/infoFactura/razonSocialComprador",
        "cvc-complex-type.2.4.b: El contenido de 'infoFactura' no está completo: falta el \
         elemento 'razonSocialComprador'.",
    );
    tells(
        "<propina>0.00</propina>",
        "<propinas>0.00</propinas>",
        K::Unexpected,
        "/factura/infoFactura/propinas",
        "cvc-complex-type.2.4.a: El elemento 'propinas' no se permite en 'infoFactura'. Se espera \
         'propina', 'fleteInternacional', 'seguroInternacional', 'gastosAduaneros', \
         'gastosTransporteOtros' o 'importeTotal'.",
    );
    tells(
        "<estab>001</estab><ptoEmi>002</ptoEmi>",
        "<ptoEmi>002</ptoEmi><estab>001</estab>",
        K::OutOfOrder,
        "/factura/infoTributaria/ptoEmi",
        "cvc-complex-type.2.4.a: El elemento 'ptoEmi' está fuera de orden en 'infoTributaria'. Se \
         espera 'estab'.",
    );
    tells(
        "<ambiente>1</ambiente>",
        "<ambiente>1</ambiente><ambiente>1</ambiente>",
        K::Repeated,
        "/factura/infoTributaria/ambiente[2]",
        "cvc-complex-type.2.4.d: El elemento 'ambiente' se repite en 'infoTributaria'; se permite \
         1 como máximo.",
    );
    tells(
        "<pagos>",
        "<pagos>hola",
        K::Unexpected,
        "/factura/infoFactura/pagos",
        "cvc-complex-type.2.3: El elemento 'pagos' no puede contener texto; se encontró 'hola'.",
    );
    tells(
        " valor=\"A&#xA;B\"",
        "",
        K::Missing,
        "/factura/detalles/detalle[1]/detallesAdicionales/detAdicional[1]/@valor",
        "cvc-complex-type.4: Falta el atributo 'valor' del elemento 'detAdicional'.",
    );
}

/// Every kind a structure can break by, with the path only.
#[test]
fn kinds_tell_breaches_apart() {
    let cases = [
        ("<total>28.75</total>", "<total>28.755</total>", K::Digits),
        (
            "<total>28.75</total>",
            "<total>1234567890123.12</total>",
            K::Digits,
        ),
        ("<total>28.75</total>", "<total>28,75</total>", K::Malformed),
        ("<total>28.75</total>", "<total> </total>", K::Empty),
        (
            "<total>28.75</total>",
            "<total><a></a></total>",
            K::Unexpected,
        ),
        (
            "<total>28.75</total>",
            "<total>1</total><total>2</total>",
            K::Repeated,
        ),
        (
            "<total>28.75</total>",
            "<total a=\"\">1</total>",
            K::Unexpected,
        ),
        ("001-001-000000007", "001-001-7", K::Pattern),
        ("20/11/2026", "20/11/1999", K::Pattern),
        (">5368<", ">53<", K::Length),
        (" id=\"comprobante\"", " id=\"Comprobante\"", K::Enumeration),
        ("<factura ", "<factura xmlns=\"urn:x\" ", K::Unexpected),
    ];
    for (from, to, kind) in cases {
        let found = findings(from, to);
        assert_eq!(
            found.iter().map(|f| f.kind).collect::<Vec<_>>(),
            [kind],
            "{to}: {found:#?}"
        );
    }
}

#[test]
fn all_breaches_are_told_in_one_go() {
    let mut invoice = sample::maximal(V);
    invoice.info.receiver_name.clear();
    invoice.info.net_total = sample::n("-1.234");
    invoice.lines.clear();
    invoice.tax_info.trade_name = Some("a\u{0}b".to_owned());
    let found = check_invoice(&invoice);
    let paths: Vec<_> = found.iter().map(|f| (f.path.as_str(), f.kind)).collect();
    let expected = [
        ("/factura/infoTributaria/nombreComercial", K::Characters),
        ("/factura/infoFactura/razonSocialComprador", K::Empty),
        ("/factura/infoFactura/totalSinImpuestos", K::Digits),
        ("/factura/detalles/detalle", K::Missing),
    ];
    assert_eq!(paths, expected);
    let written = String::from_utf8(write_invoice(&invoice)).expect("UTF-8");
    assert!(written.contains("<nombreComercial>a\u{FFFD}b</nombreComercial>"));
}

#[test]
fn blocks_of_other_versions_are_unexpected() {
    let invoice = Invoice {
        version: InvoiceVersion::V1_0_0,
        ..sample::maximal(V)
    };
    let found = check_invoice(&invoice);
    let is_at = |path: &str, kind| found.iter().any(|f| f.path == path && f.kind == kind);
    assert!(is_at("/factura/retenciones", K::Unexpected));
    assert!(is_at("/factura/infoSustitutivaGuiaRemision", K::Unexpected));
    assert!(is_at("/factura/otrosRubrosTerceros", K::Unexpected));
    assert!(is_at(
        "/factura/detalles/detalle[2]/precioUnitario",
        K::Digits
    ));
}

#[test]
fn findings_stay_few_however_many_breaches() {
    let wide = format!("<factura>{}</factura>", "<otro/>".repeat(100_000));
    let tree = read(wide.as_bytes()).expect("well-formed");
    let found = check(&tree, Schema::invoice(V));
    assert_eq!(found.len(), Findings::KEPT_MAX);
    let long = format!("<{}/>", "a".repeat(100_000));
    let tree = read(long.as_bytes()).expect("well-formed");
    let found = check(&tree, Schema::invoice(V));
    assert!(found[0].path.len() < 400 && found[0].message_es.len() < 800);
}

#[track_caller]
fn refused(from: &str, to: &str, kind: K, path: &str) {
    let source = spoiled(from, to);
    let found = read_invoice(source.as_bytes()).expect_err(to);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((found[0].kind, found[0].path.as_str()), (kind, path));
    assert!(!kind.is_structural() && !kind.is_note());
    assert_eq!(findings(from, to), [], "the schema accepts it");
}

#[test]
fn what_the_model_cannot_hold_is_refused() {
    let date = "/factura/infoFactura/fechaEmision";
    refused("20/11/2026", "31/02/2026", K::Date, date);
    let key = String::from_utf8(write_invoice(&sample::maximal(V))).expect("UTF-8");
    let key = key
        .split("<claveAcceso>")
        .nth(1)
        .and_then(|rest| rest.get(..49))
        .expect("a key");
    let other = format!("{}{}", &key[..48], (key.as_bytes()[48] - b'0' + 1) % 10);
    refused(key, &other, K::Value, "/factura/infoTributaria/claveAcceso");
    refused(
        "<codDoc>01",
        "<codDoc>04",
        K::Value,
        "/factura/infoTributaria/codDoc",
    );
    let sequential = "/factura/infoTributaria/secuencial";
    refused(
        "<secuencial>000000123",
        "<secuencial>000000000",
        K::Value,
        sequential,
    );
    let long = format!("<importeTotal>57.50{}</importeTotal>", "0".repeat(30));
    let total = "/factura/infoFactura/importeTotal";
    refused("<importeTotal>57.50</importeTotal>", &long, K::Value, total);
    refused(
        "version=\"2.1.0\"",
        "version=\"3.0.0\"",
        K::Version,
        "/factura/@version",
    );
    refused(" version=\"2.1.0\"", "", K::Version, "/factura/@version");
}

#[track_caller]
fn noted(from: &str, to: &str, kind: K, path: &str) {
    let source = spoiled(from, to);
    let document = read_invoice(source.as_bytes()).expect(to);
    let [note] = document.notes.as_slice() else {
        panic!("{:#?}", document.notes);
    };
    assert_eq!((note.kind, note.path.as_str()), (kind, path));
    assert!(!kind.is_structural() && kind.is_note());
    assert_eq!(document.invoice, sample::maximal(V));
}

#[test]
fn what_will_be_written_otherwise_is_noted() {
    let total = "/factura/infoFactura/importeTotal";
    for text in ["+57.50", "0057.50", " 57.50\n", "57.5 "] {
        let to = format!("<importeTotal>{text}<");
        noted("<importeTotal>57.50<", &to, K::Lexical, total);
    }
    noted(
        "<compensacion><codigo>1</codigo><tarifa>2.00",
        "<compensacion><codigo>1</codigo><tarifa>2.",
        K::Lexical,
        "/factura/infoFactura/compensaciones/compensacion[1]/tarifa",
    );
    noted(" id=\"comprobante\"", "", K::NotKept, "/factura");
    noted(
        "<pagos>",
        "<pagos xmlns:q=\"urn:q\">",
        K::NotKept,
        "/factura/infoFactura/pagos/@xmlns:q",
    );
}

#[test]
fn schema_hints_are_noted_and_do_no_harm() {
    let hint = "<factura xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                xsi:noNamespaceSchemaLocation=\"factura.xsd\" ";
    let source = spoiled("<factura ", hint);
    let document = read_invoice(source.as_bytes()).expect("a valid invoice");
    let kinds: Vec<_> = document.notes.iter().map(|note| note.kind).collect();
    assert_eq!(kinds, [K::NotKept, K::NotKept]);
}

#[test]
fn what_is_no_invoice_is_refused() {
    let found =
        read_invoice(b"<notaCredito id='comprobante' version='1.1.0'/>").expect_err("other");
    assert_eq!(
        (found[0].kind, found[0].path.as_str()),
        (K::Unexpected, "/notaCredito")
    );
    let found = read_invoice(b"<factura>\n<a>").expect_err("unfinished");
    assert_eq!((found[0].kind, found[0].path.as_str()), (K::Malformed, ""));
    let message = "El documento no es XML válido (línea 2, columna 4): \
                   termina antes de cerrar su elemento raíz.";
    assert_eq!(found[0].message_es, message);
}

/// The mapping alone, without the schema before it, drops nothing silently.
#[test]
fn mapping_tells_about_everything_it_does_not_take() {
    let cases = [
        (
            "<propina>0.00</propina>",
            "<propinas>1</propinas>",
            "/factura/infoFactura/propinas",
        ),
        (
            "<marca>SISPAU",
            "<marca otro=\"1\">SISPAU",
            "/factura/maquinaFiscal/marca/@otro",
        ),
        (
            "<marca>SISPAU",
            "<marca>SISPAU<b></b>",
            "/factura/maquinaFiscal/marca/b",
        ),
        ("<pagos>", "<pagos>hola", "/factura/infoFactura/pagos"),
        ("<marca>SISPAU</marca>", "", "/factura/maquinaFiscal/marca"),
        (
            " nombre=\"Nota\"",
            "",
            "/factura/infoAdicional/campoAdicional[1]/@nombre",
        ),
        (" id=\"comprobante\"", " id=\"x\"", "/factura/@id"),
        (" version=\"2.1.0\"", " version=\"x\"", "/factura/@version"),
        ("</factura>", "<otro></otro></factura>", "/factura/otro"),
    ];
    for (from, to, path) in cases {
        let source = spoiled(from, to);
        let tree = read(source.as_bytes()).expect("well-formed");
        let mut findings = Findings::new();
        assert_eq!(invoice::from_tree(&tree, &mut findings), None, "{to}");
        let found = findings.into_vec();
        assert!(found.iter().any(|f| f.path == path), "{to}: {found:#?}");
    }
}
