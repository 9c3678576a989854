//! The catalogues as the API lists them (CONTRACT 8.10).

use jiff::civil::{Date, date};
use tagua_fiscal::catalogue::*;

const TODAY: Date = date(2026, 11, 20);

fn lines(rows: Option<Vec<ListedRate>>) -> Vec<String> {
    let line = |row: ListedRate| {
        let rate = row.rate.map_or("-".to_owned(), |rate| rate.to_string());
        format!("{} {rate} {}", row.code, row.name)
    };
    rows.unwrap().into_iter().map(line).collect()
}

#[test]
fn names_are_those_that_are_printed() {
    let named = |rows: &[NamedCode]| {
        let rows = rows.iter().map(|row| format!("{} {}", row.code, row.name));
        rows.collect::<Vec<_>>()
    };
    assert_eq!(
        named(identification_types()),
        [
            "04 RUC",
            "05 CEDULA",
            "06 PASAPORTE",
            "07 CONSUMIDOR FINAL",
            "08 IDENTIFICACIONDELEXTERIOR",
            "09 PLACA",
        ]
    );
    assert_eq!(
        named(document_types()),
        [
            "01 FACTURA",
            "03 LIQ. COMPRAS",
            "04 NOTA DE CREDITO",
            "05 NOTA DEBITO",
            "06 GUIA DE REMISION",
            "07 COMPROBANTE DE RETENCION",
        ]
    );
}

#[test]
fn sales_taxes_are_three() {
    assert_eq!(
        lines(sales_tax_rates("2")),
        [
            "0 0.00 IVA 0%",
            "2 12.00 IVA 12%",
            "3 14.00 IVA 14%",
            "4 15.00 IVA 15%",
            "5 5.00 IVA 5%",
            "6 0.00 IVA NO OBJETO DE IMPUESTO",
            "7 0.00 Exento de IVA",
            "8 8.00 IVA diferenciado",
            "10 13.00 IVA 13%",
        ]
    );
    let ice = lines(sales_tax_rates("3"));
    assert_eq!(ice.len(), ICE_CODES.len());
    assert!(ice.contains(&"3092 0.00 Televisión prepagada".to_owned()));
    assert!(ice.iter().any(|row| row.starts_with("3680 0.08 ")));
    assert!(ice.iter().any(|row| row.starts_with("3532 - ")));
    assert_eq!(
        lines(sales_tax_rates("5")),
        ["5001 0.02 BOTELLAS PLASTICAS NO RETORNABLES"]
    );
    assert_eq!(sales_tax_rates("1"), None);
    assert_eq!(sales_tax_rates("9"), None);
}

#[test]
fn withheld_taxes_are_three() {
    assert_eq!(
        lines(withholding_rates("2", TODAY)),
        [
            "9 10.00 RETENCIÓN DE IVA 10%",
            "10 20.00 RETENCIÓN DE IVA 20%",
            "1 30.00 RETENCIÓN DE IVA 30%",
            "11 50.00 RETENCIÓN DE IVA 50%",
            "2 70.00 RETENCIÓN DE IVA 70%",
            "3 100.00 RETENCIÓN DE IVA 100%",
            "7 0.00 RETENCIÓN EN 0%",
            "8 0.00 NO PROCEDE RETENCIÓN",
        ]
    );
    let income = lines(withholding_rates("1", TODAY));
    assert!(income.iter().any(|row| row.starts_with("312 2.00 ")));
    assert!(income.iter().any(|row| row.starts_with("350 - ")));
    assert!(income.iter().any(|row| row.starts_with("525 - ")));
    let february = lines(withholding_rates("1", date(2026, 2, 28)));
    assert!(february.iter().any(|row| row.starts_with("312 1.75 ")));
    let isd = lines(withholding_rates("6", TODAY));
    assert_eq!(isd[0], "4580 5.00 Impuesto a la Salida de Divisas");
    assert_eq!(withholding_rates("3", TODAY), None);
    assert_eq!(withholding_rates("4", TODAY), None);
}
