use crate::support::NOON;
use crate::support::World;
use crate::support::document::{Invoice, invoice, other};
use crate::support::signer::Signer;

/// The strict profile refuses with 52, the kind one authorizes and warns.
async fn check(invoice: Invoice, detail: &str) {
    let strict = World::strict().await;
    strict.send_invoice(&invoice).await.expect("RECIBIDA", &[]);
    let answer = strict.ask(&invoice.key()).await;
    assert_eq!(answer.outcome().0, "NO AUTORIZADO", "{detail}");
    assert!(answer.all("identificador").iter().all(|code| code == "52"));
    answer.expect_detail(detail);

    let kind = World::new().await;
    kind.send_invoice(&invoice).await.expect("RECIBIDA", &[]);
    let answer = kind.ask(&invoice.key()).await;
    assert_eq!(answer.outcome().0, "AUTORIZADO", "{detail}");
    assert!(answer.all("tipo").iter().all(|kind| kind == "ADVERTENCIA"));
    answer.expect_detail("lo rechazaría con el código 52");
    answer.expect_detail(detail);
}

#[tokio::test]
async fn every_sum_of_an_invoice_is_looked_at() {
    for (from, to, detail) in [
        (
            "<precioUnitario>25.000000",
            "<precioUnitario>25.010000",
            "detalle 1, precioTotalSinImpuesto",
        ),
        (
            "<cantidad>4.000000",
            "<cantidad>5",
            "el valor calculado es 115.00",
        ),
        (
            "<importeTotal>103.50",
            "<importeTotal>103.52",
            "importeTotal: el valor es 103.52",
        ),
        (
            "<formaPago>01</formaPago><total>103.50",
            "<formaPago>01</formaPago><total>100.00",
            "pagos: el valor es 100.00",
        ),
        (
            "<propina>0.00",
            "<propina>9.02",
            "propina: 9.02 supera el 10 %",
        ),
        (
            "<totalDescuento>10.00",
            "<totalDescuento>0.00",
            "totalDescuento",
        ),
        (
            "<totalSinImpuestos>90.00",
            "<totalSinImpuestos>90.02",
            "totalSinImpuestos: el valor es 90.02",
        ),
        (
            "<baseImponible>90.00</baseImponible><tarifa>15.00</tarifa><valor>13.50",
            "<baseImponible>90.00</baseImponible><tarifa>15.00</tarifa><valor>13.48",
            "totalImpuesto 2/4, valor",
        ),
        (
            "<tarifa>15.00</tarifa><baseImponible>90.00</baseImponible><valor>13.50",
            "<tarifa>15.00</tarifa><baseImponible>90.00</baseImponible><valor>13.55",
            "detalle 1, valor del impuesto",
        ),
        (
            "<tarifa>15.00</tarifa><baseImponible>90.00",
            "<tarifa>15.00</tarifa><baseImponible>89.00",
            "baseImponible del IVA",
        ),
        (
            "<codigoPorcentaje>4</codigoPorcentaje><tarifa>",
            "<codigoPorcentaje>2</codigoPorcentaje><tarifa>",
            "falta el impuesto 2 con codigoPorcentaje 2",
        ),
    ] {
        check(invoice(1).change(from, to), detail).await;
    }
}

#[tokio::test]
async fn a_cent_of_difference_passes() {
    let world = World::strict().await;
    for (sequential, from, to) in [
        (1, "<importeTotal>103.50", "<importeTotal>103.51"),
        (2, "<totalDescuento>10.00", "<totalDescuento>10.01"),
        (3, "<propina>0.00", "<propina>0.01"),
    ] {
        let invoice = invoice(sequential).change(from, to);
        world.send_invoice(&invoice).await.expect("RECIBIDA", &[]);
        world
            .ask(&invoice.key())
            .await
            .expect("AUTORIZADO", &["60"]);
    }
}

/// The figures of the ficha's sample (table 21): ICE in the base of IVA, bottles,
/// additional discount, withheld amounts outside of the total.
#[tokio::test]
async fn the_fichas_sample_holds() {
    let rows = "<totalImpuesto><codigo>3</codigo><codigoPorcentaje>3072</codigoPorcentaje><baseImponible>295000.00</baseImponible><tarifa>5.00</tarifa><valor>14750.00</valor></totalImpuesto><totalImpuesto><codigo>2</codigo><codigoPorcentaje>2</codigoPorcentaje><descuentoAdicional>5.00</descuentoAdicional><baseImponible>309750.00</baseImponible><tarifa>12.00</tarifa><valor>37169.40</valor></totalImpuesto><totalImpuesto><codigo>5</codigo><codigoPorcentaje>5001</codigoPorcentaje><baseImponible>12000.00</baseImponible><tarifa>0.02</tarifa><valor>240.00</valor></totalImpuesto>";
    let taxes = "<impuesto><codigo>3</codigo><codigoPorcentaje>3072</codigoPorcentaje><tarifa>5.00</tarifa><baseImponible>295000.00</baseImponible><valor>14750.00</valor></impuesto><impuesto><codigo>2</codigo><codigoPorcentaje>2</codigoPorcentaje><tarifa>12.00</tarifa><baseImponible>309750.00</baseImponible><valor>37170.00</valor></impuesto><impuesto><codigo>5</codigo><codigoPorcentaje>5001</codigoPorcentaje><tarifa>0.02</tarifa><baseImponible>12000.00</baseImponible><valor>240.00</valor></impuesto>";
    let sample = invoice(1)
        .change("<totalImpuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><baseImponible>90.00</baseImponible><tarifa>15.00</tarifa><valor>13.50</valor></totalImpuesto>", rows)
        .change("<impuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><tarifa>15.00</tarifa><baseImponible>90.00</baseImponible><valor>13.50</valor></impuesto>", taxes)
        .change("<totalSinImpuestos>90.00", "<totalSinImpuestos>295000.00")
        .change("<totalDescuento>10.00", "<totalDescuento>5005.00")
        .change("<importeTotal>103.50", "<importeTotal>347159.40")
        .change("<pago><formaPago>01</formaPago><total>103.50", "<pago><formaPago>01</formaPago><total>347159.40")
        .change("</pagos>", "</pagos><valorRetIva>10620.00</valorRetIva><valorRetRenta>2950.00</valorRetRenta>")
        .change("<cantidad>4.000000</cantidad><precioUnitario>25.000000</precioUnitario><descuento>10.00", "<cantidad>6000</cantidad><precioUnitario>50</precioUnitario><descuento>5000.00")
        .change("<precioTotalSinImpuesto>90.00", "<precioTotalSinImpuesto>295000.00");
    let world = World::strict().await;
    world.send_invoice(&sample).await.expect("RECIBIDA", &[]);
    world.ask(&sample.key()).await.expect("AUTORIZADO", &["60"]);
    let wrong = sample.change(
        "<valor>240.00</valor></impuesto>",
        "<valor>200.00</valor></impuesto>",
    );
    check(wrong, "detalle 1, valor del impuesto: el valor es 200.00").await;
}

async fn check_other(root: &str, version: &str, code: &str, rest: &str, detail: &str) {
    let world = World::strict().await;
    let (key, xml) = other(root, version, code, rest);
    let document = Signer::sandbox("1790011674001").sign(&xml, NOON);
    world.send(&document).await.expect("RECIBIDA", &[]);
    let answer = world.ask(&key).await;
    if detail.is_empty() {
        answer.expect("AUTORIZADO", &["60"]);
    } else {
        answer.expect("NO AUTORIZADO", &["52"]);
        answer.expect_detail(detail);
    }
}

#[tokio::test]
async fn notes_and_withholdings_are_added_up_too() {
    let debit = "<infoNotaDebito><fechaEmision>20/11/2026</fechaEmision><tipoIdentificacionComprador>04</tipoIdentificacionComprador><razonSocialComprador>B</razonSocialComprador><identificacionComprador>1790011674001</identificacionComprador><codDocModificado>01</codDocModificado><numDocModificado>001-002-000000001</numDocModificado><fechaEmisionDocSustento>19/11/2026</fechaEmisionDocSustento><totalSinImpuestos>100.00</totalSinImpuestos><impuestos><impuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><tarifa>15</tarifa><baseImponible>100.00</baseImponible><valor>15.00</valor></impuesto></impuestos><valorTotal>115.00</valorTotal></infoNotaDebito><motivos><motivo><razon>R</razon><valor>60.00</valor></motivo><motivo><razon>R</razon><valor>40.00</valor></motivo></motivos>";
    let check_debit = |rest: String, detail| async move {
        check_other("notaDebito", "1.0.0", "05", &rest, detail).await;
    };
    check_debit(debit.to_owned(), "").await;
    check_debit(
        debit.replace("<valor>40.00", "<valor>39.00"),
        "totalSinImpuestos",
    )
    .await;
    check_debit(
        debit.replace("<valorTotal>115", "<valorTotal>116"),
        "valorTotal",
    )
    .await;

    let credit = "<infoNotaCredito><fechaEmision>20/11/2026</fechaEmision><tipoIdentificacionComprador>04</tipoIdentificacionComprador><razonSocialComprador>B</razonSocialComprador><identificacionComprador>1790011674001</identificacionComprador><codDocModificado>01</codDocModificado><numDocModificado>001-002-000000001</numDocModificado><fechaEmisionDocSustento>19/11/2026</fechaEmisionDocSustento><totalSinImpuestos>10.00</totalSinImpuestos><valorModificacion>11.50</valorModificacion><totalConImpuestos><totalImpuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><baseImponible>10.00</baseImponible><valor>1.50</valor></totalImpuesto></totalConImpuestos><motivo>M</motivo></infoNotaCredito><detalles><detalle><descripcion>D</descripcion><cantidad>1</cantidad><precioUnitario>10</precioUnitario><precioTotalSinImpuesto>10.00</precioTotalSinImpuesto><impuestos><impuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><tarifa>15.00</tarifa><baseImponible>10.00</baseImponible><valor>1.50</valor></impuesto></impuestos></detalle></detalles>";
    let wrong = credit.replace("<valorModificacion>11.50", "<valorModificacion>10.00");
    check_other("notaCredito", "1.1.0", "04", credit, "").await;
    check_other("notaCredito", "1.1.0", "04", &wrong, "valorModificacion").await;
    // The total row has no rate: the one of the lines is taken.
    let wrong = credit.replace(
        "<baseImponible>10.00</baseImponible><valor>1.50</valor></totalImpuesto>",
        "<baseImponible>10.00</baseImponible><valor>1.20</valor></totalImpuesto>",
    );
    let wrong = wrong.replace("<valorModificacion>11.50", "<valorModificacion>11.20");
    check_other(
        "notaCredito",
        "1.1.0",
        "04",
        &wrong,
        "totalImpuesto 2/4, valor",
    )
    .await;

    let retention = "<infoCompRetencion><fechaEmision>20/11/2026</fechaEmision><tipoIdentificacionSujetoRetenido>08</tipoIdentificacionSujetoRetenido><tipoSujetoRetenido>01</tipoSujetoRetenido><parteRel>NO</parteRel><razonSocialSujetoRetenido>S</razonSocialSujetoRetenido><identificacionSujetoRetenido>X1</identificacionSujetoRetenido><periodoFiscal>11/2026</periodoFiscal></infoCompRetencion><docsSustento><docSustento><codSustento>01</codSustento><codDocSustento>01</codDocSustento><numDocSustento>001002000000001</numDocSustento><fechaEmisionDocSustento>19/11/2026</fechaEmisionDocSustento><pagoLocExt>01</pagoLocExt><totalSinImpuestos>100.00</totalSinImpuestos><importeTotal>115.00</importeTotal><impuestosDocSustento><impuestoDocSustento><codImpuestoDocSustento>2</codImpuestoDocSustento><codigoPorcentaje>4</codigoPorcentaje><baseImponible>100.00</baseImponible><tarifa>15</tarifa><valorImpuesto>15.00</valorImpuesto></impuestoDocSustento></impuestosDocSustento><retenciones><retencion><codigo>1</codigo><codigoRetencion>312</codigoRetencion><baseImponible>100.00</baseImponible><porcentajeRetener>1.75</porcentajeRetener><valorRetenido>1.75</valorRetenido></retencion></retenciones><pagos><pago><formaPago>01</formaPago><total>115.00</total></pago></pagos></docSustento></docsSustento>";
    check_other("comprobanteRetencion", "2.0.0", "07", retention, "").await;
    let wrong = retention.replace("<valorRetenido>1.75", "<valorRetenido>2.00");
    check_other("comprobanteRetencion", "2.0.0", "07", &wrong, "código 312").await;
    let wrong = retention.replace("<tipoSujetoRetenido>01</tipoSujetoRetenido>", "");
    check_other(
        "comprobanteRetencion",
        "2.0.0",
        "07",
        &wrong,
        "tipoSujetoRetenido",
    )
    .await;
}
