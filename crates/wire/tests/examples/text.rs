//! What a person would read of a document, in Spanish. Made from the model
//! alone, as a printed representation is.

use std::fmt::{Display, Write};

use jiff::civil::Date;
use tagua_fiscal::Document;
use tagua_fiscal::catalogue::{country_by_code, support_document};
use tagua_fiscal::common::{
    AdditionalField, FiscalMachine, LineDetail, ModifiedDocument, Payment, TaxInfo,
};
use tagua_fiscal::credit_note::CreditNote;
use tagua_fiscal::debit_note::DebitNote;
use tagua_fiscal::invoice::{Export, Invoice};
use tagua_fiscal::purchase_settlement::PurchaseSettlement;
use tagua_fiscal::waybill::{Recipient, Waybill};
use tagua_fiscal::withholding::{
    DocumentWithholding, SupportingDocument, WithheldTax, Withholding, WithholdingBody,
};

use crate::money;

/// The whole text.
pub(crate) fn of(document: &Document) -> String {
    let mut page = Page::default();
    page.head(document);
    match document {
        Document::Invoice(document) => page.invoice(document),
        Document::PurchaseSettlement(document) => page.settlement(document),
        Document::CreditNote(document) => page.credit_note(document),
        Document::DebitNote(document) => page.debit_note(document),
        Document::Waybill(document) => page.waybill(document),
        Document::Withholding(document) => page.withholding(document),
    }
    page.notes(document.additional_fields());
    page.0
}

/// Lines of text; amounts stand in a column of their own.
#[derive(Default)]
pub(crate) struct Page(String);

/// Characters before the column of amounts, and in it.
const LEFT: usize = 72;
const RIGHT: usize = 12;

impl Page {
    pub(crate) fn line(&mut self, text: impl Display) {
        writeln!(self.0, "{text}").unwrap();
    }

    fn title(&mut self, text: &str) {
        self.line(format_args!("\n{text}"));
    }

    pub(crate) fn field(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.line(format_args!("  {name}: {value}"));
        }
    }

    pub(crate) fn amount(&mut self, text: impl Display, amount: impl Display) {
        let text = format!("  {text}");
        self.line(format_args!("{text:<LEFT$}{amount:>RIGHT$}"));
    }

    fn head(&mut self, document: &Document) {
        let tax = document.tax_info();
        let title = match document {
            Document::Invoice(_) => "FACTURA",
            Document::PurchaseSettlement(_) => "LIQUIDACIÓN DE COMPRA",
            Document::CreditNote(_) => "NOTA DE CRÉDITO",
            Document::DebitNote(_) => "NOTA DE DÉBITO",
            Document::Waybill(_) => "GUÍA DE REMISIÓN",
            Document::Withholding(_) => "COMPROBANTE DE RETENCIÓN",
        };
        self.line(format_args!("{title} {}", number(tax)));
        self.line(format_args!("Clave de acceso {}", tax.access_key));
        self.line(format_args!("Ambiente: {}", environment(tax)));
        let emitted = match document {
            Document::Waybill(_) => None,
            _ => Some(day(document.issue_date())),
        };
        if let Some(emitted) = emitted {
            self.line(format_args!("Fecha de emisión: {emitted}"));
        }
        self.issuer(tax, about_issuer(document));
    }

    fn issuer(&mut self, tax: &TaxInfo, about: AboutIssuer<'_>) {
        self.title("EMISOR");
        self.line(format_args!("  {}", tax.legal_name));
        self.field("Nombre comercial", tax.trade_name.as_ref());
        self.field("RUC", Some(&tax.ruc));
        self.field("Matriz", Some(&tax.head_office_address));
        self.field("Establecimiento", about.address);
        self.field("Contribuyente especial", about.special_taxpayer);
        let accounts = about.keeps_accounts.map(yes_or_no);
        self.field("Obligado a llevar contabilidad", accounts);
        self.field("Agente de retención", tax.withholding_agent.as_ref());
        if let Some(legend) = &tax.rimpe_legend {
            self.line(format_args!("  {legend}"));
        }
    }

    /// Name, identification and address of whoever is on the other side.
    fn party(&mut self, title: &str, (name, kind, id): (&str, &str, &str), address: Option<&str>) {
        self.title(title);
        self.line(format_args!("  {name}"));
        self.field(money::identification(kind), Some(id));
        self.field("Dirección", address);
    }

    fn invoice(&mut self, invoice: &Invoice) {
        let info = &invoice.info;
        let buyer = (
            info.receiver_name.as_str(),
            info.receiver_id_type.as_str(),
            info.receiver_id.as_str(),
        );
        self.party("CLIENTE", buyer, info.receiver_address.as_deref());
        self.field("Guía de remisión", info.waybill_number.as_ref());
        self.export(&info.export);
        self.title("DETALLE");
        invoice.lines.iter().for_each(|line| self.sold(line));
        self.invoice_totals(invoice);
        self.payments(&info.payments);
        self.reimbursed(&invoice.reimbursed_documents);
        self.negotiable(invoice.negotiable_email.as_ref());
        self.machine(invoice.fiscal_machine.as_ref());
    }

    fn export(&mut self, export: &Export) {
        if export.foreign_trade.is_none() {
            return;
        }
        self.title("EXPORTACIÓN");
        let place = export.incoterm_place.as_deref().unwrap_or_default();
        let incoterm = export.incoterm.as_ref();
        self.field("Incoterm", incoterm.map(|term| format!("{term} {place}")));
        let from = (export.origin_port.as_ref(), export.origin_country.as_ref());
        let to = (
            export.destination_port.as_ref(),
            export.destination_country.as_ref(),
        );
        self.field("Embarque", from.0.zip(from.1).map(port));
        self.field("Destino", to.0.zip(to.1).map(port));
        let bought = export.acquisition_country.as_deref();
        self.field("País de adquisición", bought.map(country));
    }

    fn invoice_totals(&mut self, invoice: &Invoice) {
        let info = &invoice.info;
        self.title("TOTALES");
        self.taxed(&info.tax_totals);
        self.amount("Subtotal sin impuestos", info.net_total);
        self.amount("Total de descuentos", info.discount_total);
        self.taxes(&info.tax_totals);
        for (name, amount) in [
            ("Propina", info.tip.filter(|tip| !tip.value().is_zero())),
            ("Flete internacional", info.international_freight),
            ("Seguro internacional", info.international_insurance),
            ("Gastos aduaneros", info.customs_expenses),
            ("Otros gastos de transporte", info.other_transport_expenses),
            ("VALOR TOTAL", Some(info.total)),
        ] {
            if let Some(amount) = amount {
                self.amount(name, amount);
            }
        }
    }

    fn settlement(&mut self, settlement: &PurchaseSettlement) {
        let info = &settlement.info;
        let supplier = (
            info.supplier_name.as_str(),
            info.supplier_id_type.as_str(),
            info.supplier_id.as_str(),
        );
        self.party("PROVEEDOR", supplier, info.supplier_address.as_deref());
        self.title("DETALLE");
        settlement.lines.iter().for_each(|line| self.sold(line));
        self.title("TOTALES");
        self.taxed(&info.tax_totals);
        self.amount("Subtotal sin impuestos", info.net_total);
        self.amount("Total de descuentos", info.discount_total);
        self.taxes(&info.tax_totals);
        self.amount("VALOR TOTAL", info.total);
        self.payments(&info.payments);
        self.reimbursed(&settlement.reimbursed_documents);
        self.negotiable(settlement.negotiable_email.as_ref());
        self.machine(settlement.fiscal_machine.as_ref());
    }

    fn credit_note(&mut self, note: &CreditNote) {
        let info = &note.info;
        let buyer = (
            info.receiver_name.as_str(),
            info.receiver_id_type.as_str(),
            info.receiver_id.as_str(),
        );
        self.party("CLIENTE", buyer, None);
        self.modified(&info.modified_document);
        self.field("Motivo", Some(&info.reason));
        self.title("DETALLE");
        for line in &note.lines {
            self.row(
                &line.description,
                line.main_code.as_deref(),
                line.quantity,
                line.net,
            );
            self.field("    Precio unitario", Some(line.unit_price));
            self.discount(line.discount.map(|discount| discount.value()));
            self.details(&line.details);
        }
        self.title("TOTALES");
        self.taxed(&info.tax_totals);
        self.amount("Subtotal sin impuestos", info.net_total);
        self.taxes(&info.tax_totals);
        self.amount("VALOR TOTAL", info.total);
        self.machine(note.fiscal_machine.as_ref());
    }

    fn debit_note(&mut self, note: &DebitNote) {
        let info = &note.info;
        let buyer = (
            info.receiver_name.as_str(),
            info.receiver_id_type.as_str(),
            info.receiver_id.as_str(),
        );
        self.party("CLIENTE", buyer, None);
        self.modified(&info.modified_document);
        self.title("RAZÓN DE LA MODIFICACIÓN");
        for reason in &note.reasons {
            self.amount(&reason.reason, reason.amount);
        }
        self.title("TOTALES");
        self.taxed(&info.tax_totals);
        self.amount("Subtotal sin impuestos", info.net_total);
        self.taxes(&info.tax_totals);
        self.amount("VALOR TOTAL", info.total);
        let payments: Vec<_> = info.payments().cloned().collect();
        self.payments(&payments);
        self.machine(note.fiscal_machine.as_ref());
    }

    fn modified(&mut self, modified: &ModifiedDocument) {
        self.title("COMPROBANTE QUE SE MODIFICA");
        let name = document_name(&modified.document_code);
        self.line(format_args!("  {name} {}", modified.number));
        self.field("Fecha de emisión", Some(day(modified.issue_date)));
    }

    fn waybill(&mut self, waybill: &Waybill) {
        let info = &waybill.info;
        let carrier = (
            info.carrier_name.as_str(),
            info.carrier_id_type.as_str(),
            info.carrier_id.as_str(),
        );
        self.party("TRANSPORTISTA", carrier, None);
        self.field("Placa", Some(&info.plate));
        self.title("TRASLADO");
        self.field("Punto de partida", Some(&info.departure_address));
        self.field("Inicio", Some(day(info.start_date)));
        self.field("Fin", Some(day(info.end_date)));
        for recipient in &waybill.recipients {
            self.recipient(recipient);
        }
        self.machine(waybill.fiscal_machine.as_ref());
    }

    fn recipient(&mut self, recipient: &Recipient) {
        self.title("DESTINATARIO");
        self.line(format_args!("  {}", recipient.name));
        self.field("Identificación", Some(&recipient.id));
        self.field("Destino", Some(&recipient.address));
        self.field(
            "Establecimiento de destino",
            recipient.establishment.as_ref(),
        );
        self.field("Motivo del traslado", Some(&recipient.reason));
        self.field("Ruta", recipient.route.as_ref());
        self.field("Documento aduanero", recipient.customs_document.as_ref());
        let support = &recipient.supporting_document;
        if let (Some(code), Some(number)) = (&support.document_code, &support.number) {
            let name = document_name(code);
            self.field("Comprobante de venta", Some(format!("{name} {number}")));
        }
        self.field("Fecha de emisión", support.issue_date.map(day));
        self.field("Autorización", support.authorization.as_ref());
        for line in &recipient.lines {
            let code = line.main_code.as_deref();
            self.amount(coded(&line.description, code), line.quantity);
            self.details(&line.details);
        }
    }

    fn withholding(&mut self, withholding: &Withholding) {
        let info = &withholding.info;
        let subject = (
            info.subject_name.as_str(),
            info.subject_id_type.as_str(),
            info.subject_id.as_str(),
        );
        self.party("SUJETO RETENIDO", subject, None);
        self.field("Período fiscal", Some(&info.fiscal_period));
        self.field("Parte relacionada", info.related_party.map(yes_or_no));
        match &withholding.body {
            WithholdingBody::Taxes(rows) => rows.iter().for_each(|row| self.withheld_tax(row)),
            WithholdingBody::Documents(documents) => {
                documents
                    .iter()
                    .for_each(|document| self.supporting(document));
            }
        }
        self.machine(withholding.fiscal_machine.as_ref());
    }

    fn withheld_tax(&mut self, row: &WithheldTax) {
        self.title("RETENCIÓN");
        if let (Some(code), Some(number)) = (&row.document_code, &row.document_number) {
            let name = document_name(code);
            self.field("Comprobante", Some(format!("{name} {}", dashed(number))));
        }
        self.field("Fecha de emisión", row.document_date.map(day));
        self.amount(
            withheld(&row.code, &row.withholding_code, row.base, row.rate),
            row.amount,
        );
    }

    fn supporting(&mut self, document: &SupportingDocument) {
        self.title("COMPROBANTE QUE MOTIVA LA RETENCIÓN");
        let name = document_name(&document.document_code);
        self.line(format_args!("  {name} {}", dashed(&document.number)));
        self.field("Fecha de emisión", Some(day(document.issue_date)));
        self.field("Registro contable", document.accounting_date.map(day));
        self.field("Autorización", document.authorization.as_ref());
        let place = &document.payment_place;
        self.field("País del pago", place.country.as_deref().map(country));
        let treaty = place.double_taxation_treaty.map(yes_or_no);
        self.field("Aplica convenio de doble tributación", treaty);
        let withheld = place.subject_to_withholding.map(yes_or_no);
        self.field("Pago sujeto a retención", withheld);
        self.amount("Subtotal sin impuestos", document.net_total);
        for tax in &document.taxes {
            let name = money::tax(&tax.code, &tax.rate_code);
            self.amount(format_args!("{name} de {}", tax.base), tax.amount);
        }
        self.amount("Total del comprobante", document.total);
        for row in &document.withholdings {
            self.withheld_row(row);
        }
        for reimbursed in &document.reimbursed_documents {
            let sum = reimbursed
                .taxes
                .iter()
                .map(|tax| tax.base.value() + tax.amount.value());
            let (series, number) = (&reimbursed.establishment, &reimbursed.sequential);
            let text = format!(
                "Reembolso: {} {series}-{}-{number}, RUC {}",
                document_name(&reimbursed.document_code),
                reimbursed.point,
                reimbursed.supplier_id
            );
            self.amount(text, sum.sum::<rust_decimal::Decimal>());
        }
        for payment in &document.payments {
            self.amount(
                format_args!("Pago: {}", money::payment(&payment.method)),
                payment.total,
            );
        }
    }

    fn withheld_row(&mut self, row: &DocumentWithholding) {
        let text = withheld(&row.code, &row.withholding_code, row.base, row.rate);
        self.amount(text, row.amount);
        if let Some(dividends) = &row.dividends {
            let paid = day(dividends.payment_date);
            self.field("    Dividendos pagados el", Some(paid));
            self.field("    Utilidades del año", Some(&dividends.year));
            let tax = dividends.income_tax;
            self.field("    Impuesto a la renta de la sociedad", Some(tax));
        }
    }

    pub(crate) fn details(&mut self, details: &[LineDetail]) {
        for detail in details {
            self.line(format_args!("      {}: {}", detail.name, detail.value));
        }
    }

    fn payments(&mut self, payments: &[Payment]) {
        if payments.is_empty() {
            return;
        }
        self.title("FORMAS DE PAGO");
        for payment in payments {
            let unit = payment.term_unit.as_deref().unwrap_or_default();
            let term = payment
                .term
                .map(|term| format!(", {} {unit}", term.value().normalize()));
            let name = money::payment(&payment.method);
            self.amount(
                format_args!("{name}{}", term.unwrap_or_default()),
                payment.total,
            );
        }
    }

    fn negotiable(&mut self, email: Option<&String>) {
        if let Some(email) = email {
            self.title("FACTURA COMERCIAL NEGOCIABLE");
            self.field("Correo", Some(email));
        }
    }

    fn machine(&mut self, machine: Option<&FiscalMachine>) {
        if let Some(machine) = machine {
            self.title("MÁQUINA FISCAL");
            let FiscalMachine {
                brand,
                model,
                serial,
            } = machine;
            self.line(format_args!("  {brand} {model}, serie {serial}"));
        }
    }

    fn notes(&mut self, fields: &[AdditionalField]) {
        if fields.is_empty() {
            return;
        }
        self.title("INFORMACIÓN ADICIONAL");
        for field in fields {
            self.field(&field.name, Some(&field.value));
        }
    }
}

/// What every type says of its issuer in its own part.
struct AboutIssuer<'d> {
    address: Option<&'d String>,
    special_taxpayer: Option<&'d String>,
    keeps_accounts: Option<bool>,
}

fn about_issuer(document: &Document) -> AboutIssuer<'_> {
    macro_rules! of {
        ($info:expr) => {
            AboutIssuer {
                address: $info.establishment_address.as_ref(),
                special_taxpayer: $info.special_taxpayer.as_ref(),
                keeps_accounts: $info.keeps_accounts,
            }
        };
    }
    match document {
        Document::Invoice(document) => of!(document.info),
        Document::PurchaseSettlement(document) => of!(document.info),
        Document::CreditNote(document) => of!(document.info),
        Document::DebitNote(document) => of!(document.info),
        Document::Waybill(document) => of!(document.info),
        Document::Withholding(document) => of!(document.info),
    }
}

fn number(tax: &TaxInfo) -> String {
    format!("{}-{}", tax.series, tax.sequential)
}

fn environment(tax: &TaxInfo) -> &'static str {
    match tax.environment {
        tagua_fiscal::Environment::Test => "pruebas",
        tagua_fiscal::Environment::Production => "producción",
    }
}

fn withheld(tax: &str, code: &str, base: impl Display, rate: impl Display) -> String {
    let name = match tax {
        "1" => "Impuesto a la renta",
        "2" => "IVA",
        _ => "ISD",
    };
    format!("Retención {name}, código {code}: {rate} % de {base}")
}

pub(crate) fn coded(description: &str, code: Option<&str>) -> String {
    match code {
        Some(code) => format!("{code}  {description}"),
        None => description.to_owned(),
    }
}

pub(crate) fn document_name(code: &str) -> &str {
    support_document(code).map_or(code, |document| document.name)
}

/// The fifteen digits of withholdings as people write them.
fn dashed(number: &str) -> String {
    match (number.get(..3), number.get(3..6), number.get(6..)) {
        (Some(establishment), Some(point), Some(rest)) if number.len() == 15 => {
            format!("{establishment}-{point}-{rest}")
        }
        _ => number.to_owned(),
    }
}

fn port((port, code): (&String, &String)) -> String {
    format!("{port}, {}", country(code))
}

fn country(code: &str) -> &str {
    country_by_code(code).map_or(code, |country| country.name)
}

pub(crate) fn day(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
}

const fn yes_or_no(yes: bool) -> &'static str {
    if yes { "SÍ" } else { "NO" }
}
