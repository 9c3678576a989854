//! Documents with something to change in them.

/// An invoice of one line in canonical form. Its parts are public so that a test
/// can put one thing out of order.
#[derive(Clone)]
pub(crate) struct Invoice {
    pub(crate) ruc: String,
    pub(crate) sequential: u32,
    /// dd/mm/aaaa.
    pub(crate) date: String,
    pub(crate) environment: char,
    pub(crate) numeric_code: u32,
    pub(crate) buyer_kind: &'static str,
    pub(crate) buyer: &'static str,
    /// Texts to put in place of others, after the document is written.
    pub(crate) changes: Vec<(String, String)>,
}

pub(crate) fn invoice(sequential: u32) -> Invoice {
    Invoice {
        ruc: "1790011674001".to_owned(),
        sequential,
        date: "20/11/2026".to_owned(),
        environment: '1',
        numeric_code: 12_345_678,
        buyer_kind: "05",
        buyer: "1710034065",
        changes: Vec::new(),
    }
}

impl Invoice {
    pub(crate) fn change(mut self, from: &str, to: &str) -> Self {
        self.changes.push((from.to_owned(), to.to_owned()));
        self
    }

    pub(crate) fn key(&self) -> String {
        with_check_digit(&format!(
            "{}01{}{}001002{:09}{:08}1",
            self.date.replace('/', ""),
            self.ruc,
            self.environment,
            self.sequential,
            self.numeric_code
        ))
    }

    pub(crate) fn xml(&self) -> String {
        let header = header(
            &self.ruc,
            &self.key(),
            "01",
            self.environment,
            self.sequential,
        );
        let mut xml = format!(
            "<factura id=\"comprobante\" version=\"1.1.0\">{header}<infoFactura><fechaEmision>{}</fechaEmision><obligadoContabilidad>SI</obligadoContabilidad><tipoIdentificacionComprador>{}</tipoIdentificacionComprador><razonSocialComprador>Juana &amp; Hijos</razonSocialComprador><identificacionComprador>{}</identificacionComprador><totalSinImpuestos>90.00</totalSinImpuestos><totalDescuento>10.00</totalDescuento><totalConImpuestos><totalImpuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><baseImponible>90.00</baseImponible><tarifa>15.00</tarifa><valor>13.50</valor></totalImpuesto></totalConImpuestos><propina>0.00</propina><importeTotal>103.50</importeTotal><moneda>DOLAR</moneda><pagos><pago><formaPago>01</formaPago><total>103.50</total></pago></pagos></infoFactura><detalles><detalle><codigoPrincipal>A1</codigoPrincipal><descripcion>Cacao</descripcion><cantidad>4.000000</cantidad><precioUnitario>25.000000</precioUnitario><descuento>10.00</descuento><precioTotalSinImpuesto>90.00</precioTotalSinImpuesto><impuestos><impuesto><codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><tarifa>15.00</tarifa><baseImponible>90.00</baseImponible><valor>13.50</valor></impuesto></impuestos></detalle></detalles><infoAdicional><campoAdicional nombre=\"Nota\">ñandú</campoAdicional></infoAdicional></factura>",
            self.date, self.buyer_kind, self.buyer
        );
        for (from, to) in &self.changes {
            assert!(xml.contains(from.as_str()), "{from} is not in the invoice");
            xml = xml.replace(from.as_str(), to);
        }
        xml
    }
}

/// `infoTributaria`.
pub(crate) fn header(
    ruc: &str,
    key: &str,
    code: &str,
    environment: char,
    sequential: u32,
) -> String {
    format!(
        "<infoTributaria><ambiente>{environment}</ambiente><tipoEmision>1</tipoEmision><razonSocial>Empresa de prueba</razonSocial><ruc>{ruc}</ruc><claveAcceso>{key}</claveAcceso><codDoc>{code}</codDoc><estab>001</estab><ptoEmi>002</ptoEmi><secuencial>{sequential:09}</secuencial><dirMatriz>Quito</dirMatriz></infoTributaria>"
    )
}

/// 48 digits with the digit of modulo 11 at their end.
pub(crate) fn with_check_digit(body: &str) -> String {
    assert_eq!(body.len(), 48, "{body}");
    let weights = [2, 3, 4, 5, 6, 7].into_iter().cycle();
    let digits = body.bytes().rev().map(|digit| u32::from(digit - b'0'));
    let sum: u32 = digits
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = match 11 - sum % 11 {
        11 => 0,
        10 => 1,
        other => other,
    };
    format!("{body}{check}")
}

/// Another document type with the usual header: root, version, `codDoc`, the rest.
pub(crate) fn other(root: &str, version: &str, code: &str, rest: &str) -> (String, String) {
    let ruc = "1790011674001";
    let key = with_check_digit(&format!("20112026{code}{ruc}1001002000000001123456781"));
    let header = header(ruc, &key, code, '1', 1);
    let xml = format!("<{root} id=\"comprobante\" version=\"{version}\">{header}{rest}</{root}>");
    (key, xml)
}
