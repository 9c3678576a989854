use crate::support::World;
use crate::support::document::{invoice, other};

/// Each change breaks one thing; the detail names it.
#[tokio::test]
async fn an_invoice_that_breaks_the_structure_is_answered_35() {
    let world = World::new().await;
    for (from, to, detail) in [
        ("factura id", "recibo id", ""),
        ("id=\"comprobante\"", "id=\"Comprobante\"", "'id'"),
        ("version=\"1.1.0\"", "version=\"1.2.0\"", "'version'"),
        ("<cantidad>4.000000", "<cantidad>4.0000001", "'cantidad'"),
        ("<codDoc>01", "<codDoc>04", "codDoc 04"),
        (
            "<ambiente>1</ambiente>",
            "",
            "'tipoEmision'. One of '{ambiente}'",
        ),
        ("<ruc>1790011674001", "<ruc>1790011674002", "'ruc'"),
        ("<estab>001", "<estab>1", "'estab'"),
        ("<dirMatriz>Quito", "<dirMatriz>", "'dirMatriz'"),
        (
            "<dirMatriz>Quito</dirMatriz>",
            "",
            "'infoTributaria' is not complete",
        ),
        ("<moneda>DOLAR</moneda>", "<moneda/>", "'moneda'"),
        ("<propina>0.00", "<propina>0,00", "'propina'"),
        (
            "<importeTotal>103.50",
            "<importeTotal>-103.50",
            "'importeTotal'",
        ),
        (
            "<totalDescuento>10.00</totalDescuento>",
            "",
            "totalDescuento",
        ),
        ("<formaPago>01", "<formaPago>22", "'formaPago'"),
        ("nombre=\"Nota\"", "", "'nombre'"),
        ("nombre=\"Nota\"", "nombre=\"Nota\" otro=\"x\"", "'otro'"),
        (
            "<infoAdicional>",
            "<infoAdicional>suelto",
            "'infoAdicional'",
        ),
        ("<infoAdicional>", "<nuevo/><infoAdicional>", "'nuevo'"),
        (
            "<descripcion>Cacao",
            "<descripcion>Ca\ncao",
            "'descripcion'",
        ),
        ("<descripcion>Cacao", "<descripcion><b/>Cacao", "'b'"),
        ("<detalles>", "<detalles xmlns=\"urn:x\">", "'detalles'"),
    ] {
        let mut changed = invoice(1);
        if from == "factura id" {
            changed = changed.change("</factura>", "</recibo>");
        }
        let answer = world.send_invoice(&changed.change(from, to)).await;
        answer.expect("DEVUELTA", &["35"]);
        answer.expect_detail("Se encontró el siguiente error en la estructura");
        answer.expect_detail(detail);
    }
}

#[tokio::test]
async fn lists_have_ends() {
    let world = World::new().await;
    let field = "<campoAdicional nombre=\"Nota\">ñandú</campoAdicional>";
    let with = |count: usize| invoice(1).change(field, &field.repeat(count));
    world
        .send_invoice(&with(16))
        .await
        .expect("DEVUELTA", &["35"]);
    world.send_invoice(&with(15)).await.expect("RECIBIDA", &[]);
    let details = |count: usize| {
        let detail = "<detAdicional nombre=\"a\" valor=\"b\"></detAdicional>".repeat(count);
        let list = format!("<detallesAdicionales>{detail}</detallesAdicionales><impuestos>");
        invoice(2).change("<impuestos>", &list)
    };
    world
        .send_invoice(&details(4))
        .await
        .expect("DEVUELTA", &["35"]);
    world
        .send_invoice(&details(0))
        .await
        .expect("DEVUELTA", &["35"]);
    world
        .send_invoice(&details(3))
        .await
        .expect("RECIBIDA", &[]);
    world
        .ask(&details(3).key())
        .await
        .expect("AUTORIZADO", &["60"]);
}

#[tokio::test]
async fn a_key_that_can_be_read_is_quoted() {
    let world = World::new().await;
    let with_key = invoice(1).change("<estab>001", "<estab>1");
    assert_eq!(
        world.send_invoice(&with_key).await.one("claveAcceso"),
        with_key.key()
    );
    let key = with_key.key();
    let without_key = invoice(1).change(&key, &key[1..]);
    assert_eq!(
        world.send_invoice(&without_key).await.one("claveAcceso"),
        "N/A"
    );
}

#[tokio::test]
async fn what_is_not_well_formed_is_answered_35() {
    let world = World::new().await;
    for document in [
        "<factura",
        "<factura></facture>",
        "text",
        "<a/><b/>",
        "<a>&b;</a>",
        "\u{feff}",
    ] {
        world
            .send(document.as_bytes())
            .await
            .expect("DEVUELTA", &["35"]);
    }
    world
        .send(&[0xff, 0xfe, b'<', 0])
        .await
        .expect("DEVUELTA", &["35"]);
    let latin = invoice(1).xml().replace("ñandú", "nandu").into_bytes();
    let latin: Vec<u8> = latin
        .iter()
        .map(|byte| if *byte == b'Q' { 0xf1 } else { *byte })
        .collect();
    world.send(&latin).await.expect("DEVUELTA", &["35"]);
}

/// The other five types reach the signature check when their structure is right.
#[tokio::test]
async fn all_types_are_known() {
    let credit = "<infoNotaCredito><fechaEmision>20/11/2026</fechaEmision><tipoIdentificacionComprador>04</tipoIdentificacionComprador><razonSocialComprador>B</razonSocialComprador><identificacionComprador>1790011674001</identificacionComprador><codDocModificado>01</codDocModificado><numDocModificado>001-002-000000001</numDocModificado><fechaEmisionDocSustento>19/11/2026</fechaEmisionDocSustento><totalSinImpuestos>1.00</totalSinImpuestos><valorModificacion>1.00</valorModificacion><totalConImpuestos><totalImpuesto><codigo>2</codigo><codigoPorcentaje>0</codigoPorcentaje><baseImponible>1.00</baseImponible><valor>0.00</valor></totalImpuesto></totalConImpuestos><motivo>M</motivo></infoNotaCredito><detalles><detalle><descripcion>D</descripcion><cantidad>1</cantidad><precioUnitario>1</precioUnitario><precioTotalSinImpuesto>1.00</precioTotalSinImpuesto><impuestos><impuesto><codigo>2</codigo><codigoPorcentaje>0</codigoPorcentaje><baseImponible>1.00</baseImponible><valor>0.00</valor></impuesto></impuestos></detalle></detalles>";
    let debit = "<infoNotaDebito><fechaEmision>20/11/2026</fechaEmision><tipoIdentificacionComprador>04</tipoIdentificacionComprador><razonSocialComprador>B</razonSocialComprador><identificacionComprador>1790011674001</identificacionComprador><codDocModificado>01</codDocModificado><numDocModificado>001-002-000000001</numDocModificado><fechaEmisionDocSustento>19/11/2026</fechaEmisionDocSustento><totalSinImpuestos>1.00</totalSinImpuestos><impuestos><impuesto><codigo>2</codigo><codigoPorcentaje>0</codigoPorcentaje><tarifa>0</tarifa><baseImponible>1.00</baseImponible><valor>0.00</valor></impuesto></impuestos><valorTotal>1.00</valorTotal></infoNotaDebito><motivos><motivo><razon>R</razon><valor>1.00</valor></motivo></motivos>";
    let waybill = "<infoGuiaRemision><dirPartida>P</dirPartida><razonSocialTransportista>T</razonSocialTransportista><tipoIdentificacionTransportista>04</tipoIdentificacionTransportista><rucTransportista>1790011674001</rucTransportista><fechaIniTransporte>20/11/2026</fechaIniTransporte><fechaFinTransporte>21/11/2026</fechaFinTransporte><placa>ABC1234</placa></infoGuiaRemision><destinatarios><destinatario><identificacionDestinatario>1</identificacionDestinatario><razonSocialDestinatario>D</razonSocialDestinatario><dirDestinatario>D</dirDestinatario><motivoTraslado>M</motivoTraslado><detalles><detalle><descripcion>D</descripcion><cantidad>1</cantidad></detalle></detalles></destinatario></destinatarios>";
    let retention = "<infoCompRetencion><fechaEmision>20/11/2026</fechaEmision><tipoIdentificacionSujetoRetenido>04</tipoIdentificacionSujetoRetenido><razonSocialSujetoRetenido>S</razonSocialSujetoRetenido><identificacionSujetoRetenido>1790011674001</identificacionSujetoRetenido><periodoFiscal>11/2026</periodoFiscal></infoCompRetencion><impuestos><impuesto><codigo>1</codigo><codigoRetencion>312</codigoRetencion><baseImponible>100.00</baseImponible><porcentajeRetener>1.75</porcentajeRetener><valorRetenido>1.75</valorRetenido></impuesto></impuestos>";
    let settlement = "<infoLiquidacionCompra><fechaEmision>20/11/2026</fechaEmision><tipoIdentificacionProveedor>05</tipoIdentificacionProveedor><razonSocialProveedor>P</razonSocialProveedor><identificacionProveedor>1710034065</identificacionProveedor><totalSinImpuestos>1.00</totalSinImpuestos><totalDescuento>0.00</totalDescuento><totalConImpuestos><totalImpuesto><codigo>2</codigo><codigoPorcentaje>0</codigoPorcentaje><baseImponible>1.00</baseImponible><valor>0.00</valor></totalImpuesto></totalConImpuestos><importeTotal>1.00</importeTotal></infoLiquidacionCompra><detalles><detalle><descripcion>D</descripcion><cantidad>1</cantidad><precioUnitario>1</precioUnitario><descuento>0.00</descuento><precioTotalSinImpuesto>1.00</precioTotalSinImpuesto><impuestos><impuesto><codigo>2</codigo><codigoPorcentaje>0</codigoPorcentaje><tarifa>0</tarifa><baseImponible>1.00</baseImponible><valor>0.00</valor></impuesto></impuestos></detalle></detalles>";
    for (root, version, code, rest) in [
        ("notaCredito", "1.1.0", "04", credit),
        ("notaDebito", "1.0.0", "05", debit),
        ("guiaRemision", "1.1.0", "06", waybill),
        ("comprobanteRetencion", "1.0.0", "07", retention),
        ("liquidacionCompra", "1.0.0", "03", settlement),
    ] {
        let world = World::strict().await;
        let (_, broken) = other(
            root,
            version,
            code,
            &rest.replacen("razonSocial", "nombre", 1),
        );
        world
            .send(broken.as_bytes())
            .await
            .expect("DEVUELTA", &["35"]);
        let (key, xml) = other(root, version, code, rest);
        let document = crate::support::signer::Signer::sandbox("1790011674001");
        world
            .send(&document.sign(&xml, crate::support::NOON))
            .await
            .expect("RECIBIDA", &[]);
        world.ask(&key).await.expect("AUTORIZADO", &["60"]);
    }
    let world = World::new().await;
    let early = waybill.replace("<fechaIniTransporte>20", "<fechaIniTransporte>19");
    let (_, xml) = other("guiaRemision", "1.1.0", "06", &early);
    world.send(xml.as_bytes()).await.expect("DEVUELTA", &["82"]);
}
