//! `guiaRemision`: expected documents, samples, anything a model holds, mutants.

mod support;

use support::waybill::{any_waybill, maximal};
use support::{door, judge, root_attributes, shared, xmllint};
use tagua_fiscal::waybill::{Waybill, WaybillVersion};
use tagua_sri_xml::FindingKind as K;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{Findings, check, check_waybill, read, read_waybill, waybill, write_waybill};

const V: WaybillVersion = WaybillVersion::V1_1_0;

#[test]
fn every_vector_survives_reading_and_writing() {
    if let Some(shared) = shared() {
        door::vectors_survive::<Waybill>(&shared, 4);
    }
}

#[test]
fn the_official_schemas_accept_what_is_written() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        door::written_is_valid::<Waybill>(&shared);
    }
}

#[test]
fn samples_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        let accepted = door::samples_agree::<Waybill>(&shared, 2);
        assert!(accepted >= 2, "only {accepted} verdicts are favourable");
    }
}

#[test]
fn root_attributes_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        root_attributes::agree::<Waybill>(&shared);
    }
}

#[test]
fn mended_samples_survive_reading_and_writing() {
    let Some(shared) = shared() else { return };
    let survived = door::mended_samples_survive::<Waybill>(&shared);
    assert!(survived >= 4, "only {survived}");
}

#[test]
fn a_waybill_is_complained_about_or_comes_back_the_same() {
    door::complained_about_or_the_same(&any_waybill());
}

#[test]
fn written_bytes_are_canonical() {
    if xmllint::is_available() {
        door::written_is_canonical(&any_waybill());
    }
}

#[test]
fn mutants_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if !xmllint::is_available() {
        return;
    }
    let tally = judge::mutants_agree::<Waybill>(&shared, 30);
    assert!(tally.accepted >= 200 && tally.refused >= 600);
}

fn spoiled(from: &str, to: &str) -> String {
    let source = String::from_utf8(write_waybill(&maximal(V))).expect("UTF-8");
    assert!(source.contains(from), "{from}");
    source.replacen(from, to, 1)
}

#[track_caller]
fn told(from: &str, to: &str, expected: &[(K, &str)]) {
    let source = spoiled(from, to);
    let tree = read(source.as_bytes()).expect("well-formed");
    let found = check(&tree, Schema::waybill(V));
    let found: Vec<_> = found.iter().map(|f| (f.kind, f.path.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn breaches_are_told_with_their_place() {
    let recipient = "/guiaRemision/destinatarios/destinatario[1]";
    told(
        "<numDocSustento>002-001-000000001",
        "<numDocSustento>002001000000001",
        &[(K::Pattern, &format!("{recipient}/numDocSustento"))],
    );
    told(
        "<cantidad>2.123456",
        "<cantidad>2.1234567",
        &[(
            K::Digits,
            &format!("{recipient}/detalles/detalle[1]/cantidad"),
        )],
    );
    told(
        "<tipoIdentificacionTransportista>04",
        "<tipoIdentificacionTransportista>09",
        &[(
            K::Pattern,
            "/guiaRemision/infoGuiaRemision/tipoIdentificacionTransportista",
        )],
    );
    told(
        " id=\"comprobante\"",
        "",
        &[(K::Missing, "/guiaRemision/@id")],
    );
    told(
        "version=\"1.1.0\"",
        "version=\"uno dos\"",
        &[(K::Pattern, "/guiaRemision/@version")],
    );
}

#[test]
fn quantities_of_the_old_version_have_two_decimals() {
    let waybill = Waybill {
        version: WaybillVersion::V1_0_0,
        ..maximal(V)
    };
    let found = check_waybill(&waybill);
    assert_eq!(found.len(), 4);
    let is_quantity = |path: &str| path.ends_with("/cantidad");
    assert!(
        found
            .iter()
            .all(|f| f.kind == K::Digits && is_quantity(&f.path))
    );
}

#[test]
fn what_the_model_cannot_hold_is_refused() {
    let cases = [
        ("20/11/2026", "31/02/2026", K::Date),
        ("<codDoc>06", "<codDoc>01", K::Value),
        ("version=\"1.1.0\"", "version=\"2.0.0\"", K::Version),
    ];
    for (from, to, kind) in cases {
        let source = spoiled(from, to);
        let found = read_waybill(source.as_bytes()).expect_err(to);
        let kinds: Vec<_> = found.iter().map(|finding| finding.kind).collect();
        assert_eq!(kinds, [kind], "{found:#?}");
    }
    let found = read_waybill(b"<factura/>").expect_err("another document");
    assert_eq!(
        (found[0].kind, found[0].path.as_str()),
        (K::Unexpected, "/factura")
    );
}

/// The one list that the schema lets be there with nothing in it.
#[test]
fn an_empty_list_of_details_is_noted() {
    let details = "<detallesAdicionales><detAdicional nombre=\"Marca\" valor=\"A&#xA;B\"></detAdicional>\
                   <detAdicional nombre=\"Lote\" valor=\"&#x9;7 \"></detAdicional></detallesAdicionales>";
    let source = spoiled(details, "<detallesAdicionales/>");
    let document = read_waybill(source.as_bytes()).expect("a valid waybill");
    let [note] = document.notes.as_slice() else {
        panic!("{:#?}", document.notes);
    };
    let line = "/guiaRemision/destinatarios/destinatario[1]/detalles/detalle[1]";
    assert_eq!(note.kind, K::NotKept);
    assert_eq!(note.path, format!("{line}/detallesAdicionales"));
    let mut without = maximal(V);
    without.recipients[0].lines[0].details.clear();
    assert_eq!(document.waybill, without);
}

/// The mapping alone, without the schema before it, drops nothing silently.
#[test]
fn mapping_tells_about_everything_it_does_not_take() {
    let info = "/guiaRemision/infoGuiaRemision";
    let line = "/guiaRemision/destinatarios/destinatario[1]/detalles/detalle[1]";
    let cases = [
        ("<rise>", "<rise otro=\"1\">", format!("{info}/rise/@otro")),
        ("<placa>PBA1234</placa>", "", format!("{info}/placa")),
        (
            "<codigoInterno>A-1",
            "<codigoInterno>A-1<b/>",
            format!("{line}/codigoInterno/b"),
        ),
        (
            "<detallesAdicionales>",
            "<detallesAdicionales>hola",
            format!("{line}/detallesAdicionales"),
        ),
        (
            " id=\"comprobante\"",
            " id=\"x\"",
            "/guiaRemision/@id".to_owned(),
        ),
        (
            " version=\"1.1.0\"",
            " version=\"x\"",
            "/guiaRemision/@version".to_owned(),
        ),
        (
            "</guiaRemision>",
            "<otro/></guiaRemision>",
            "/guiaRemision/otro".to_owned(),
        ),
    ];
    for (from, to, path) in cases {
        let source = spoiled(from, to);
        let tree = read(source.as_bytes()).expect("well-formed");
        let mut findings = Findings::new();
        assert_eq!(waybill::from_tree(&tree, &mut findings), None, "{to}");
        let found = findings.into_vec();
        assert!(found.iter().any(|f| f.path == path), "{to}: {found:#?}");
    }
}
