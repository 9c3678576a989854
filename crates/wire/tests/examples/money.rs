//! The parts of the text that are about goods, taxes and payments.

use std::fmt::Display;

use rust_decimal::Decimal;
use tagua_fiscal::catalogue::{ice_code, payment_method, vat_rate};
use tagua_fiscal::common::{Line, ReimbursedDocument, TaxTotal};

use crate::text::{Page, coded, day, document_name};

impl Page {
    pub(crate) fn sold(&mut self, line: &Line) {
        let code = line.main_code.as_deref();
        self.row(&line.description, code, line.quantity, line.net);
        self.field("    Precio unitario", Some(line.unit_price));
        self.field("    Unidad", line.unit.as_ref());
        self.discount(Some(line.discount.value()));
        self.details(&line.details);
    }

    /// A line of goods: how many of what, and its net.
    pub(crate) fn row(
        &mut self,
        description: &str,
        code: Option<&str>,
        quantity: impl Display,
        net: impl Display,
    ) {
        let what = coded(description, code);
        self.amount(format_args!("{quantity} × {what}"), net);
    }

    pub(crate) fn discount(&mut self, discount: Option<Decimal>) {
        let discount = discount.filter(|discount| !discount.is_zero());
        self.field("    Descuento", discount);
    }

    /// The subtotals by rate of IVA.
    pub(crate) fn taxed(&mut self, totals: &[TaxTotal]) {
        for total in totals.iter().filter(|total| total.code == "2") {
            let name = tax(&total.code, &total.rate_code);
            self.amount(format_args!("Subtotal {name}"), total.base);
            if let Some(discount) = total.additional_discount {
                self.amount(format_args!("Descuento adicional {name}"), discount);
            }
        }
    }

    /// What there is to pay of each tax.
    pub(crate) fn taxes(&mut self, totals: &[TaxTotal]) {
        for total in totals
            .iter()
            .filter(|total| !total.amount.value().is_zero())
        {
            self.amount(tax(&total.code, &total.rate_code), total.amount);
        }
    }

    pub(crate) fn reimbursed(&mut self, documents: &[ReimbursedDocument]) {
        for document in documents {
            let name = document_name(&document.document_code);
            let (series, number) = (&document.establishment, &document.sequential);
            let sums = document
                .taxes
                .iter()
                .map(|tax| tax.base.value() + tax.amount.value());
            self.line(format_args!("\nREEMBOLSO DE GASTOS"));
            let point = &document.point;
            self.line(format_args!("  {name} {series}-{point}-{number}"));
            self.field("Proveedor", Some(&document.supplier_id));
            self.field("Fecha de emisión", Some(day(document.issue_date)));
            self.field("Autorización", Some(&document.authorization));
            self.amount("Total", sums.sum::<Decimal>());
        }
    }
}

pub(crate) fn tax(code: &str, rate_code: &str) -> String {
    let known = match code {
        "2" => vat_rate(rate_code).map(|rate| rate.name.to_owned()),
        "3" => ice_code(rate_code).map(|ice| format!("ICE {}", ice.name)),
        _ => None,
    };
    known.unwrap_or_else(|| match code {
        "5" => "IRBPNR".to_owned(),
        _ => format!("Impuesto {code}-{rate_code}"),
    })
}

pub(crate) fn payment(code: &str) -> &str {
    payment_method(code).map_or(code, |method| method.name)
}

pub(crate) fn identification(code: &str) -> &'static str {
    match code {
        "04" => "RUC",
        "05" => "Cédula",
        "06" => "Pasaporte",
        _ => "Identificación",
    }
}
