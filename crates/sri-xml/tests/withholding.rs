//! `comprobanteRetencion`: expected documents, samples, anything a model holds, mutants.

mod support;

use support::withholding::{any_withholding, maximal};
use support::{door, judge, root_attributes, shared, xmllint};
use tagua_fiscal::withholding::{Withholding, WithholdingBody, WithholdingVersion};
use tagua_sri_xml::FindingKind as K;
use tagua_sri_xml::schema::Schema;
use tagua_sri_xml::{
    Findings, check, check_withholding, read, read_withholding, withholding, write_withholding,
};

const V1: WithholdingVersion = WithholdingVersion::V1_0_0;
const V2: WithholdingVersion = WithholdingVersion::V2_0_0;

#[test]
fn every_vector_survives_reading_and_writing() {
    if let Some(shared) = shared() {
        door::vectors_survive::<Withholding>(&shared, 18);
    }
}

#[test]
fn the_official_schemas_accept_what_is_written() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        door::written_is_valid::<Withholding>(&shared);
    }
}

#[test]
fn samples_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        let accepted = door::samples_agree::<Withholding>(&shared, 2);
        assert!(accepted >= 1, "no verdict is favourable");
    }
}

#[test]
fn root_attributes_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if xmllint::is_available() {
        root_attributes::agree::<Withholding>(&shared);
    }
}

#[test]
fn mended_samples_survive_reading_and_writing() {
    let Some(shared) = shared() else { return };
    let survived = door::mended_samples_survive::<Withholding>(&shared);
    assert!(survived >= 2, "only {survived}");
}

#[test]
fn a_withholding_is_complained_about_or_comes_back_the_same() {
    door::complained_about_or_the_same(&any_withholding());
}

#[test]
fn written_bytes_are_canonical() {
    if xmllint::is_available() {
        door::written_is_canonical(&any_withholding());
    }
}

#[test]
fn mutants_are_judged_as_the_official_schemas_judge_them() {
    let Some(shared) = shared() else { return };
    if !xmllint::is_available() {
        return;
    }
    let tally = judge::mutants_agree::<Withholding>(&shared, 40);
    assert!(tally.accepted >= 200 && tally.refused >= 600);
}

fn spoiled(version: WithholdingVersion, from: &str, to: &str) -> String {
    let source = String::from_utf8(write_withholding(&maximal(version))).expect("UTF-8");
    assert!(source.contains(from), "{from}");
    source.replacen(from, to, 1)
}

#[track_caller]
fn told(version: WithholdingVersion, from: &str, to: &str, kind: K, path: &str) {
    let source = spoiled(version, from, to);
    let tree = read(source.as_bytes()).expect("well-formed");
    let found = check(&tree, Schema::withholding(version));
    let found: Vec<_> = found.iter().map(|f| (f.kind, f.path.as_str())).collect();
    assert_eq!(found, [(kind, path)]);
}

#[test]
fn breaches_of_1_0_0_are_told_with_their_place() {
    let tax = "/comprobanteRetencion/impuestos/impuesto[1]";
    let info = "/comprobanteRetencion/infoCompRetencion";
    let told = |from, to, kind, path: &str| told(V1, from, to, kind, path);
    let rate = format!("{tax}/porcentajeRetener");
    told(
        "<porcentajeRetener>1.75",
        "<porcentajeRetener>10.25",
        K::Digits,
        &rate,
    );
    told(
        "<codDocSustento>01",
        "<codDocSustento>372",
        K::Length,
        &format!("{tax}/codDocSustento"),
    );
    told(
        "<periodoFiscal>11/",
        "<periodoFiscal>1/",
        K::Pattern,
        &format!("{info}/periodoFiscal"),
    );
    told(
        " version=\"1.0.0\"",
        "",
        K::Missing,
        "/comprobanteRetencion/@version",
    );
}

#[test]
fn breaches_of_2_0_0_are_told_with_their_place() {
    let document = "/comprobanteRetencion/docsSustento/docSustento[1]";
    let info = "/comprobanteRetencion/infoCompRetencion";
    let told = |from, to, kind, path: &str| told(V2, from, to, kind, path);
    let retention = format!("{document}/retenciones/retencion[1]");
    let year = format!("{retention}/dividendos/ejerFisUtDiv");
    told(
        "<ejerFisUtDiv>2025",
        "<ejerFisUtDiv>2100",
        K::Pattern,
        &year,
    );
    told(
        "<codigo>1<",
        "<codigo>4<",
        K::Enumeration,
        &format!("{retention}/codigo"),
    );
    told(
        "<periodoFiscal>11/",
        "<periodoFiscal>13/",
        K::Pattern,
        &format!("{info}/periodoFiscal"),
    );
    told(
        "<parteRel>NO</parteRel>",
        "",
        K::Missing,
        &format!("{info}/parteRel"),
    );
    let field = "/comprobanteRetencion/infoAdicional/campoAdicional[1]";
    told(">una línea<", ">dos\nlíneas<", K::Pattern, field);
}

#[test]
fn months_are_told_with_what_is_allowed() {
    let mut withholding = maximal(V2);
    withholding.info.fiscal_period = "11/1999".to_owned();
    let found = check_withholding(&withholding);
    let message = "cvc-pattern-valid: El valor '11/1999' del elemento 'periodoFiscal' no es \
                   válido; debe ser un mes mm/aaaa de los años 2000 a 2099.";
    assert_eq!(found[0].message_es, message);
}

/// The body decides the version; what only the other knows is unexpected.
#[test]
fn elements_of_the_other_version_are_unexpected() {
    let mut withholding = maximal(V2);
    let WithholdingBody::Taxes(taxes) = maximal(V1).body else {
        panic!("taxes");
    };
    withholding.body = WithholdingBody::Taxes(taxes);
    let found = check_withholding(&withholding);
    let found: Vec<_> = found.iter().map(|f| (f.kind, f.path.as_str())).collect();
    let info = "/comprobanteRetencion/infoCompRetencion";
    let expected = ["tipoSujetoRetenido", "parteRel"].map(|name| format!("{info}/{name}"));
    let expected: Vec<_> = expected
        .iter()
        .map(|path| (K::Unexpected, path.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn what_the_model_cannot_hold_is_refused() {
    let cases = [
        ("19/11/2026", "31/02/2026", K::Date),
        ("<codDoc>07", "<codDoc>01", K::Value),
        ("version=\"2.0.0\"", "version=\"1.1.0\"", K::Version),
    ];
    for (from, to, kind) in cases {
        let source = spoiled(V2, from, to);
        let found = read_withholding(source.as_bytes()).expect_err(to);
        let kinds: Vec<_> = found.iter().map(|finding| finding.kind).collect();
        assert_eq!(kinds, [kind], "{found:#?}");
    }
    let found = read_withholding(b"<factura/>").expect_err("another document");
    assert_eq!(
        (found[0].kind, found[0].path.as_str()),
        (K::Unexpected, "/factura")
    );
}

/// The mapping alone, without the schema before it, drops nothing silently.
#[test]
fn mapping_tells_about_everything_it_does_not_take() {
    let root = "/comprobanteRetencion";
    let document = "docsSustento/docSustento[1]";
    let cases = [
        (
            "<tipoRegi>",
            "<tipoRegi otro=\"1\">",
            format!("{document}/tipoRegi/@otro"),
        ),
        (
            "<importeTotal>115.00</importeTotal>",
            "",
            format!("{document}/importeTotal"),
        ),
        (
            "<numCajBan>",
            "<otro/><numCajBan>",
            format!("{document}/retenciones/retencion[1]/compraCajBanano/otro"),
        ),
        ("<pagos>", "<pagos>hola", format!("{document}/pagos")),
        (
            "<parteRel>NO",
            "<parteRel>no",
            "infoCompRetencion/parteRel".to_owned(),
        ),
        (
            "<docsSustento>",
            "<impuestos/><docsSustento>",
            "impuestos".to_owned(),
        ),
        (" id=\"comprobante\"", " id=\"x\"", "@id".to_owned()),
        (
            " version=\"2.0.0\"",
            " version=\"x\"",
            "@version".to_owned(),
        ),
    ];
    for (from, to, path) in cases {
        let source = spoiled(V2, from, to);
        let tree = read(source.as_bytes()).expect("well-formed");
        let mut findings = Findings::new();
        assert_eq!(withholding::from_tree(&tree, &mut findings), None, "{to}");
        let found = findings.into_vec();
        let path = format!("{root}/{path}");
        assert!(found.iter().any(|f| f.path == path), "{to}: {found:#?}");
    }
}
