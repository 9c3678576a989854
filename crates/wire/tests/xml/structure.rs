//! What ends as code 35.

use tagua_sri_xml::read;
use tagua_wire::structural_findings;

use crate::shared::{invoice, with};

fn findings(xml: &str) -> Vec<(String, String)> {
    let tree = read(xml.as_bytes()).unwrap();
    let findings = structural_findings(&tree);
    assert!(
        findings.iter().all(|f| f.kind.is_structural()),
        "{findings:?}"
    );
    findings
        .into_iter()
        .map(|f| (f.path, f.message_es))
        .collect()
}

#[test]
fn a_document_of_its_schema_has_none() {
    assert_eq!(findings(&invoice()), []);
    let paths: Vec<_> = findings(&with("<codDoc>01</codDoc>", ""))
        .into_iter()
        .map(|f| f.0)
        .collect();
    assert_eq!(paths, ["/factura/infoTributaria/codDoc"]);
}

#[test]
fn a_version_nobody_knows_is_one() {
    let unknown = findings(&with("version=\"2.1.0\"", "version=\"9.9\""));
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0].0, "/factura/@version");
    assert!(
        unknown[0].1.contains("'9.9'") && unknown[0].1.contains("2.1.0"),
        "{unknown:?}"
    );
    let missing = findings(&with(" version=\"2.1.0\"", ""));
    assert!(
        missing[0].1.contains("Falta el atributo 'version'"),
        "{missing:?}"
    );
    for root in [
        "liquidacionCompra",
        "notaCredito",
        "notaDebito",
        "guiaRemision",
        "comprobanteRetencion",
    ] {
        let found = findings(&format!("<{root} version=\"0\"/>"));
        assert_eq!(found[0].0, format!("/{root}/@version"));
    }
}

#[test]
fn a_foreign_root_or_namespace_is_one() {
    assert!(
        findings("<otro version=\"2.1.0\"/>")[0]
            .1
            .contains("'otro'")
    );
    let foreign = findings(&with("<factura ", "<factura xmlns=\"urn:x\" "));
    assert!(
        foreign[0].1.contains("sin espacio de nombres"),
        "{foreign:?}"
    );
}
