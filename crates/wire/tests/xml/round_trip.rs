//! XML read as JSON, the JSON read as a request, the request written as XML:
//! the same document, the differences listed here apart.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value as Json;
use tagua_sri_xml::Element;
use tagua_sri_xml::any::to_tree;
use tagua_wire::{
    Collection, MissingPayment, WireContext, json_reading, parse_body, read_document, read_xml,
    structural_findings, xml_of_body,
};

use crate::full::{Full, schemas};
use crate::shared::{Vectors, collection_of};

/// Payments are as given: an XML without any stays without.
fn context() -> WireContext {
    WireContext {
        missing_payment: MissingPayment::LeftOut,
        ..WireContext::at("2026-11-20T15:00:00Z".parse::<Timestamp>().unwrap())
    }
}

/// What the way through JSON changes in valid documents of the material.
///
/// A reimbursement whose header has no totals is printed with totals of zero, a
/// total without rate takes that of its lines, and a waybill's empty list of
/// details says nothing in JSON.
fn may_differ(vector: &Json, difference: &str) -> bool {
    const REIMBURSEMENT: [&str; 4] = [
        "codDocReembolso",
        "totalComprobantesReembolso",
        "totalBaseImponibleReembolso",
        "totalImpuestoReembolso",
    ];
    let id = vector["id"].as_str().unwrap();
    let info = "with /liquidacionCompra/infoLiquidacionCompra/";
    let added = difference.strip_prefix(info).unwrap_or_default();
    id.starts_with("doc-settlement-xml-reimbursement") && REIMBURSEMENT.contains(&added)
        || id.starts_with("doc-settlement-xml") && added == "totalConImpuestos/totalImpuesto/tarifa"
        || id.starts_with("doc-waybill-xml")
            && difference.starts_with("without ")
            && difference.ends_with("/detalle/detallesAdicionales")
}

#[test]
fn every_valid_document_comes_back_through_its_json() {
    let Some(vectors) = Vectors::open() else {
        return;
    };
    let expected = vectors.list.iter().filter_map(|v| {
        let file = v["expected_xml"].as_str()?;
        Some((v, vectors.file(file)))
    });
    let bodies = vectors.xml_bodies().map(|v| (v, vectors.file_of(v)));
    let (mut done, mut problems) = ([0; 2], Vec::new());
    for (vector, body) in expected.chain(bodies) {
        let Ok(xml) = xml_of_body(&body) else {
            continue;
        };
        let Ok(request) = read_xml(&xml, collection_of(vector)) else {
            continue;
        };
        if !structural_findings(request.tree()).is_empty() {
            continue;
        }
        let mut found = there_and_back(&request);
        found.retain(|difference| !may_differ(vector, difference));
        done[usize::from(!found.is_empty())] += 1;
        problems.extend(found.iter().map(|p| format!("{}: {p}", vector["id"])));
    }
    println!("{done:?} documents without and with problems");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(done[0] >= 120, "only {done:?}");
}

fn there_and_back(sent: &tagua_wire::XmlRequest<'_>) -> Vec<String> {
    let key = sent.key(12_345_678);
    let first = sent.clone().with_key(key);
    let json = json_reading(&first);
    let value = parse_body(json.as_bytes()).unwrap();
    let request = match read_document(sent.collection, &value, &context()) {
        Ok(request) => request,
        Err(findings) => return vec![format!("refused: {findings:?}")],
    };
    let sequential = request.number().unwrap();
    let document = request.into_document(sequential, key);
    let back = to_tree(&document);
    let mut differences = Vec::new();
    compare(&first, &back, String::new(), &mut differences);
    differences
}

fn compare(first: &Element<'_>, back: &Element<'_>, parent: String, out: &mut Vec<String>) {
    let path = format!("{parent}/{}", first.name);
    if !same(&first.text, &back.text) {
        out.push(format!("{path} is {:?}, was {:?}", back.text, first.text));
    }
    for attribute in &first.attributes {
        let path = format!("{path}/@{}", attribute.name);
        let found = back.attribute(&attribute.name);
        if found != Some(attribute.value.trim()) {
            out.push(format!("{path} is {found:?}, was {:?}", attribute.value));
        }
    }
    for child in &first.children {
        match nth_of_name(first, child).and_then(|nth| named(back, &child.name).nth(nth)) {
            Some(found) => compare(child, found, path.clone(), out),
            None => out.push(format!("without {path}/{}", child.name)),
        }
    }
    for child in &back.children {
        if named(first, &child.name).count() < named(back, &child.name).count() {
            out.push(format!("with {path}/{}", child.name));
        }
    }
}

fn named<'t, 'a>(
    parent: &'t Element<'a>,
    name: &'t str,
) -> impl Iterator<Item = &'t Element<'a>> + use<'t, 'a> {
    parent
        .children
        .iter()
        .filter(move |child| child.name == name)
}

/// How many of its name stand before a child.
fn nth_of_name(parent: &Element<'_>, child: &Element<'_>) -> Option<usize> {
    named(parent, &child.name).position(|other| std::ptr::eq(other, child))
}

/// Equal after trimming, numbers as numbers.
fn same(first: &str, back: &str) -> bool {
    let number = |text: &str| {
        let decimal = tagua_fiscal::number::parse_decimal(text.trim()).ok();
        decimal.filter(|_| text.contains('.'))
    };
    let whole = |text: &str| tagua_fiscal::number::parse_decimal(text.trim()).ok();
    first.trim() == back.trim()
        || (number(first).or(number(back)).is_some() && whole(first) == whole(back))
}

/// What no request has a place for, as paths below the root. The document
/// itself keeps it: only its JSON, sent again, would not give it.
const ONLY_IN_XML: [&str; 9] = [
    "/infoFactura/totalConImpuestos/totalImpuesto/valorDevolucionIva",
    "/infoFactura/placa",
    "/reembolsos/reembolsoDetalle/compensacionesReembolso",
    "/infoSustitutivaGuiaRemision",
    "/otrosRubrosTerceros",
    "/infoNotaCredito/rise",
    "/infoNotaDebito/rise",
    "/infoNotaCredito/totalConImpuestos/totalImpuesto/valorDevolucionIva",
    "/infoNotaDebito/impuestos/impuesto/valorDevolucionIva",
];

/// The same for the parts that one type reads and others do not.
const NOT_OF_THIS_TYPE: [&str; 5] = [
    "/factura/maquinaFiscal",
    "/guiaRemision/maquinaFiscal",
    "/guiaRemision/infoGuiaRemision/rise",
    "/comprobanteRetencion/maquinaFiscal",
    "/liquidacionCompra/tipoNegociable",
];

#[test]
fn whole_documents_lose_only_what_is_listed() {
    let mut seen = BTreeSet::new();
    for schema in schemas() {
        let full = Full::valid(schema);
        let collection = Collection::of(schema.document, schema.version);
        let request = read_xml(full.xml.as_bytes(), collection).unwrap();
        let (root, version) = (schema.root.name, schema.version);
        assert_eq!(structural_findings(request.tree()), [], "{root} {version}");
        for difference in there_and_back(&request) {
            // `version` in a request is a hint (CONTRACT 7.2).
            if difference.starts_with(&format!("/{root}/@version")) {
                continue;
            }
            let lost = difference.strip_prefix("without ").unwrap_or_default();
            let below = lost.strip_prefix(&format!("/{root}")).unwrap_or_default();
            let listed = ONLY_IN_XML.contains(&below) || NOT_OF_THIS_TYPE.contains(&lost);
            assert!(listed, "{root} {version}: {difference}");
            seen.insert(lost.to_owned());
        }
    }
    assert_eq!(seen.len(), 14, "a list that is too long: {seen:#?}");
}
